"""A queue so long that a second process reads half of it for the listing."""

import os
import subprocess

import pytest
from mail import sized

COUNT = 700                             # two from 512 on
TURNS = range(64, COUNT, 128)           # where those of the second begin
TRACE = ["strace", "-f", "-o", "/dev/null"]


@pytest.fixture
def ids(home, pillarbox):
    """Of a long queue, oldest first: one entry, written again under other ids."""
    home.configure(work={"host": "localhost", "tls": "none"}, hostname="host.example.org")
    result = pillarbox("-odq", "-f", "alice@example.com", "bob@example.net", input=sized(100))
    assert result.code == 0, result.err
    return home.multiply(COUNT)


def listing(home, *before):
    return subprocess.run([*before, str(home.build / "pillarbox-queue"), "--queue", str(home.spool), "--list"],
                          capture_output=True, timeout=60, env=home.traced)


def listed(result):
    return [line[3:].decode() for line in result.stdout.split(b"\n") if line.startswith(b"id ")]


def test_two_list_what_one_does(home, ids):
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is one processor only")
    two = listing(home)
    one = listing(home, "taskset", "-c", str(min(os.sched_getaffinity(0))))
    refused = listing(home, *TRACE, "-e", "trace=clone,clone3", "-e", "inject=clone,clone3:error=EAGAIN")
    for result in (two, one, refused):
        assert (result.returncode, result.stderr, listed(result)) == (0, b"", ids)
        assert result.stdout == two.stdout


@pytest.mark.parametrize("bad", [[5], [70], [5, 70, 699], [TURNS[-1]]], ids=str)
def test_what_either_cannot_read_is_said(home, ids, bad):
    paths = [word for n in bad for word in ("-P", str(home.spool / "queue" / ids[n]))]
    result = listing(home, *TRACE, *paths, "-e", "trace=pread64", "-e", "inject=pread64:error=EIO")
    assert listed(result) == [identity for n, identity in enumerate(ids) if n not in bad]
    assert result.returncode == 75 and result.stderr.count(b"\n") == 1
    assert result.stderr.startswith(b"pillarbox: %d entr%s cannot be read: " % (len(bad), b"y" if bad[1:] == [] else b"ies"))


@pytest.mark.parametrize("at", [TURNS[0], TURNS[1] + 5, TURNS[-1]], ids=str)
def test_who_is_killed_is_missed(home, ids, at):
    """What is not whole says so; the front too."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is one processor only")
    result = listing(home, *TRACE, "-P", str(home.spool / "queue" / ids[at]), "-e", "trace=pread64",
                     "-e", "inject=pread64:signal=KILL")
    assert result.returncode == 75 and b"has ended" in result.stderr
    seen = listed(result)
    assert seen == ids[:len(seen)] and len(seen) >= at - at % 64
    assert home.wait_quiet()


def test_nobody_reads_on(home, ids):
    """A reader that leaves ends both."""
    process = subprocess.Popen([str(home.build / "pillarbox-queue"), "--queue", str(home.spool), "--list"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=home.environment)
    process.stdout.read(100)
    process.stdout.close()
    assert process.wait(10) != 0
    assert home.wait_quiet()
