"""Random command lines: no crash, no file but in the queue, and 0 without a message kept only where none was asked for.

PILLARBOX_FUZZ is how many (3,000 unless told), PILLARBOX_SEED where they begin; a failure names its own seed.
"""

import os
import random
import subprocess
from pathlib import Path

import pytest
from mail import whole
from sendmail_options import ROWS, WORDS, Reading, Wrong

PARTS = 12
EACH = int(os.environ.get("PILLARBOX_FUZZ", "3000")) // PARTS
SEED = int(os.environ.get("PILLARBOX_SEED", "1"))
ADDRESSES = ["bob@example.net", "a@b.example, c@d.example", "root", "Bob <bob@example.net>", "g: a@b.example;", "<>", "@", "a@b c@d",
             "-x@example.net"]
VALUES = ["", "x", "-", "--", "-t", "never", "hdrs", "full", "success,delay", "5", "30m", "1h30m", "all", "f", "ff", "/etc/passwd", "made",
          "../made", "/dev/null", "8BITMIME", "Timeout.queuereturn=1d", "x=y", "*", "*@example.net", "work", "nowhere", "\n", "\t",
          "\x1b]0;x\x07", "\udcff\udcfe", "\u202e", "%n%s", "a" * 300, "b" * 5000, "0660CEF6A6BE9932C11", "660CEF6A6BE9932C113",
          *ADDRESSES]
SPELLED = list(ROWS)
NAMED = ["sendmail"] * 6 + ["pillarbox", "send-mail", "mailq", "newaliases", "/usr/lib/sendmail", "./mailq", "", "x" * 200]


def option(chance):
    """Some option, joined to something or not; or what only looks like one."""
    kind = chance.random()
    if kind < 0.55:
        name = chance.choice(SPELLED)
        return "-" + name + (chance.choice(VALUES) if ROWS[name].value != "NO_VALUE" and chance.random() < 0.5 else "")
    if kind < 0.75:
        return "-" + "".join(chance.choice(SPELLED) for _ in range(chance.randrange(1, 5)))
    if kind < 0.88:
        word = chance.choice(list(WORDS))
        word = word[:chance.randrange(1, len(word))] if chance.random() < 0.1 else word
        return "--" + word + ("=" + chance.choice(VALUES) if chance.random() < 0.4 else "")
    return "-" + "".join(chr(chance.randrange(1, 128)) for _ in range(chance.randrange(0, 6)))


def command_line(chance):
    words = []
    for _ in range(chance.randrange(0, 9)):
        words.append(option(chance) if chance.random() < 0.65 else chance.choice(VALUES))
    if chance.random() < 0.8:
        words += chance.choices(["--"], k=chance.random() < 0.2) + chance.choices(ADDRESSES[:2], k=1)
    # one that stays for ever is none for this test
    return [word for word in words if not word.startswith("--ev")]


@pytest.fixture
def scratch(home):
    home.configure(work={"host": "127.0.0.1", "port": 1, "tls": "none"}, domain="example.org", delivery="queue",
                   queue={"retry": ["1d"]})
    (home.folder / "empty").mkdir()
    (home.folder / "tmp").mkdir()
    return home


def tree(home):
    """All there is, the queue left aside."""
    found = {}
    for folder, folders, files in os.walk(home.folder):
        if folder == str(home.folder):
            folders.remove(home.spool.name)
        found |= {path: path.lstat().st_mtime_ns for path in map(Path(folder).joinpath, [*folders, *files])}
    return found


def run(home, name, words):
    process = subprocess.Popen([name, *words], executable=home.build / "pillarbox", cwd=home.folder / "empty",
                               env={**home.environment, "TMPDIR": str(home.folder / "tmp")}, start_new_session=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return home.finish(process, whole())


def judge(home, name, words, result, new):
    assert result.code in (0, 64, 65, 67, 69, 70, 74, 75, 77, 78), "no exit code of ours, or a signal"
    try:
        reading = Reading(name, words)
    except Wrong:
        assert (result.code, new) == (64, 0), "a mistake was not seen"
        return
    sends = reading.verb == "submit" and "dry_run" not in reading.said
    if sends:
        assert (result.code == 0) == (new == 1) and new < 2, "0 without a message that is kept, or the other way around"
    elif reading.verb != "bounce":
        assert new == 0, "a message was taken that nobody wanted taken"
    problem = reading.verb == "probe" and b"problem" in result.out.lower() or result.out.startswith(b"421 ")
    assert result.code == 0 or "pillarbox: " in result.err or problem, "no word of what is wrong"
    assert sends is False or result.err.count("\n") <= 1 or "verbose" in reading.said


@pytest.mark.parametrize("part", range(PARTS))
def test_random_command_lines(scratch, part):
    home = scratch
    assert home.run("bob@example.net", input=whole()).code == 0
    before = tree(home)
    for number in range(SEED * 1_000_000 + part * EACH, SEED * 1_000_000 + (part + 1) * EACH):
        chance = random.Random(number)
        name, words = chance.choice(NAMED), [word.replace("\0", "") for word in command_line(chance)]
        entries = {path.name for path in home.entries}
        result = run(home, name, words)
        try:
            judge(home, name, words, result, len({path.name for path in home.entries} - entries))
            assert tree(home) == before, "a file was made or changed"
        except AssertionError as wrong:
            raise AssertionError(f"{wrong}\nPILLARBOX_SEED={SEED}, number {number}: {[name, *words]}: {result}") from None
        if len(entries) > 20:
            for path in home.entries[1:]:
                path.unlink()
