"""Every option of sendmail in every form that callers write. The rows are those of the table in the source, which a
lint compares with the manual's; what an option that acts does is here, and a row without it fails."""

import json
import os
import re
import subprocess

import pytest
from home import at
from mail import fields, whole, wire
from sendmail_options import ROWS

TO = "bob@example.net"
VALUES = {"C": "pillarbox.conf", "N": "never", "R": "hdrs", "f": "carol@example.com", "r": "carol@example.com"}


def forms(row, value="x"):
    """All of them; with a sanitizer, which makes each call slow, two."""
    found = all_forms(row, value)
    return found if "ASAN_OPTIONS" not in os.environ else [found[0], found[-1]]


def all_forms(row, value):
    """An option joined to its value and apart from it, behind another letter, twice, and in two pieces."""
    whole_name, letter = "-" + row.name, row.name[0]
    if row.value == "NO_VALUE":
        found = [[whole_name], ["-i" + row.name], [whole_name, whole_name], ["-i", whole_name, "-oi"]]
        if len(row.name) > 1 and ROWS[letter].value == "VALUE":
            found.append(["-" + letter, row.name[1:]])
        return found
    found = [[whole_name + value], ["-i" + row.name + value], [whole_name + value] * 2]
    if row.value == "ATTACHED":
        return [*found, [whole_name], ["-i" + row.name]]
    return [*found, [whole_name, value], ["-i" + row.name, value], [whole_name, value, whole_name + value]]


def one_line(result, most=1):
    """One line, or a few; each is ours, and without what moves a cursor."""
    lines = result.err.removesuffix("\n").split("\n")
    assert result.err.endswith("\n") and len(lines) <= most
    assert all(line.startswith("pillarbox: ") and not re.search("[\0-\x1f\x7f-\x9f]", line) for line in lines)


@pytest.fixture
def work(home, relay):
    server = relay()
    home.configure(work=at(server), hostname="host.example.org", delivery="queue")
    return server


@pytest.mark.parametrize("name", [row.name for row in ROWS.values() if row.state == "accepted"])
def test_accepted(work, home, name):
    before = set(os.listdir(home.folder)) | {"spool"}
    tried = forms(ROWS[name])
    for options in tried:
        result = home.run(*options, TO, input=whole(), name="sendmail")
        assert (result.code, result.out, result.err) == (0, b"", ""), options
    assert home.run("--flush").code == 0
    assert [message.rcpt_tos for message in work.messages] == [[TO]] * len(tried)
    assert {message.data for message in work.messages} == {wire(whole())}
    assert set(os.listdir(home.folder)) <= before


@pytest.mark.parametrize("name", [row.name for row in ROWS.values() if row.state == "refused"])
def test_refused(home, name):
    home.configure(work={"host": "127.0.0.1"})
    for options in forms(ROWS[name]):
        result = home.run(*options, TO, input=whole(), name="sendmail")
        assert result.code == 64 and result.out == b"", options
        one_line(result)
        assert f"-{name}" in result.err and "; see pillarbox(1)" in result.err, options
    assert home.entries == []


def dry(words, arguments=(TO,)):
    """It changes what would be sent: these words stand there."""
    def check(home, work, options):
        result = home.run(*options, "--dry-run", *arguments, input=whole(), name="sendmail")
        assert (result.code, result.err) == (0, "") and words in result.out
    return check


def said(words, arguments=(), code=0, input=b""):
    """It says something else, and no message is taken."""
    def check(home, work, options):
        before = home.entries
        result = home.run(*options, *arguments, input=input or whole(), name="sendmail")
        assert result.code == code and words in result.out + result.err.encode()
        assert home.entries == before and work.messages == []
    return check


def full_name(home, work, options):
    result = home.run(*options, "--dry-run", TO, input=b"Subject: x\n\nhello\n", name="sendmail")
    assert result.code == 0 and fields(result.out.partition(b"\n\n")[2])["From"].addresses[0].display_name == "x"


def sent_at_once(home, work, options):
    result = home.run(*options, TO, input=whole(), name="sendmail")
    assert result.code == 0 and len(work.wait_messages(1)) == 1 and home.wait_empty()


def shown(home, work, options):
    result = home.run(*options, TO, input=whole(), name="sendmail")
    assert result.code == 0 and "RCPT TO" in result.err and len(work.messages) == 1


def kept(home, work, options):
    home.configure(work=at(work))
    assert home.run(*options, TO, input=whole(), name="sendmail").code == 0
    assert home.wait_quiet() and len(home.entries) == 1 and work.connections == 0


def done(state):
    """Something becomes of one message that is named, and is not due."""
    def check(home, work, options):
        assert home.run(TO, input=whole()).code == 0
        (entry,) = home.entries
        if state != "hold":
            assert home.run("--hold", entry.name).code == 0
        if state == "sent":
            assert home.run("--release", entry.name).code == 0
        result = home.run(*options, entry.name, input=whole(), name="sendmail")
        assert (result.code, result.err) == (0, "")
        listed = home.list()
        if state in ("hold", "show", "waiting"):
            assert [one["queue_name"] == "hold" for one in listed] == [state != "waiting"]
            assert (b"Subject: hello" in result.out) == (state == "show")
        elif state == "bounce":
            assert [one["sender"] for one in listed] == [""]
        else:
            assert listed == [] and len(work.messages) == (state == "sent")
    return check


def picked(home, work, options):
    """What a part says is in test_queue_runs.py."""
    for to in ("x@example.net", TO):
        assert home.run("-fx@example.com", to, input=whole()).code == 0
    assert home.run(*options, name="sendmail", input=whole()).code == 0
    assert len(home.entries) + len(work.messages) == 2


ACTS = {
    "C": dry(b"MAIL FROM:<alice@example.com>"), "F": full_name, "f": dry(b"MAIL FROM:<carol@example.com>"),
    "r": dry(b"MAIL FROM:<carol@example.com>"), "N": dry(b"NOTIFY=NEVER"), "R": dry(b"RET=HDRS"), "V": dry(b"ENVID=x"),
    "t": dry(b"RCPT TO:<bob@example.net>", ()), "v": shown, "ov": shown,
    "I": said(b""), "bi": said(b""), "bC": said(b""), "bV": said(b"pillarbox "), "bpc": said(b"0\n"),
    **dict.fromkeys(["bp", "bpa", "bpr", "bpra", "bpru", "bpu"], said(b"Mail queue is empty\n")),
    "bv": said(b'bob@example.net: relay "work" ', (TO,)),
    "bs": said(b"220 host.example.org", input=b"QUIT\r\n"),
    "odb": sent_at_once, "odf": sent_at_once, "odi": sent_at_once,
    "odd": kept, "odq": kept, "odqs": kept,
    "M": None, "Mc": done("sent"), "Mf": done("hold"), "Mg": done("bounce"), "Mrm": done("removed"), "Mt": done("waiting"),
    **dict.fromkeys(["Mvb", "Mvc", "Mvh", "Mvl"], done("show")),
    "q": None, **dict.fromkeys(["S", "qI", "qR", "qS", "q!I", "q!R", "q!S"], picked),
}


def test_what_each_of_them_does_is_known():
    assert set(ACTS) == {row.name for row in ROWS.values() if row.state == "acts"}


@pytest.mark.parametrize("name", [name for name, check in ACTS.items() if check])
def test_acts(work, home, name):
    for options in forms(ROWS[name], VALUES.get(name, "x")):
        for entry in home.entries:
            entry.unlink()
        work.messages.clear()
        ACTS[name](home, work, options)


@pytest.mark.parametrize("options", [["-M"], ["-q"], ["-q30m"], ["-qp5m"], ["-qf"], ["-vq"], ["-q", "-q"], ["-qq", "-M"]])
def test_queue_runs(work, home, options):
    assert home.run(TO, input=whole()).code == 0
    assert home.run(*options, name="sendmail", input=whole()).code == 0
    assert len(work.messages) == 1 and home.entries == []


# The last one counts.

@pytest.mark.parametrize("options, words", [
    (["-fa@example.com", "-r", "b@example.com", "-fc@example.com"], b"MAIL FROM:<c@example.com>"),
    (["-tf", "c@example.com"], b"MAIL FROM:<c@example.com>"),
    (["-itfc@example.com"], b"MAIL FROM:<c@example.com>"),
    (["-Nnever", "-N", "success"], b"NOTIFY=SUCCESS"),
    (["-tiv", "-odq", "-oi", "-oem", "-odb", "-f", "c@example.com", "-f", "<>"], b"MAIL FROM:<>"),
])
def test_several(work, home, options, words):
    dry(words)(home, work, options)


# Names

@pytest.mark.parametrize("name, code, words", [
    *[(name, 0, b"") for name in ("sendmail", "send-mail", "/usr/lib/sendmail", "./sendmail", "/x/mailq/sendmail", "", "/",
                                  "mailq2", "Mailq")],
    ("mailq", 64, b"--list and --check take no arguments"), ("/usr/bin/mailq", 64, b"--list"), ("./mailq", 64, b"--list"),
    ("newaliases", 0, None), ("/usr/bin/newaliases", 0, None),
])
def test_the_name_says_what_it_does(work, home, name, code, words):
    """argv[0], whatever the file is called; a recipient is no argument of mailq."""
    process = subprocess.Popen([name, TO], executable=home.build / "pillarbox", env=home.environment, cwd=home.folder,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    result = home.finish(process, whole())
    assert result.code == code and (words or b"") in result.err.encode()
    assert len(home.entries) == (words == b"")


# Hostile values

HOSTILE = ["", "-t", "--", "-", "--flush", "-bd", "x\ny", "\n", "\r\n.\r\n", "\x1b[2J", os.fsdecode(b"\xff\xfe"), "\u202e", "%s%n",
           "$(id)", "../../etc/passwd", "x" * 130_000, " ", "a@b\nRCPT TO:<c@d>", "\t"]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_value_does_harm(home, value):
    """Of any option: the message is queued once and nothing is said, or nothing is queued and one line is said."""
    home.configure(work={"host": "127.0.0.1", "port": 1}, delivery="queue")
    tree = sorted(home.folder.iterdir())
    for row in ROWS.values():
        if row.value == "NO_VALUE" or row.effect.verb or "picks." in " ".join(row.effect.what):
            continue
        for words in ([f"-{row.name}{value}"], [f"-{row.name}", value]):
            result = home.run(*words, TO, input=whole(), name="sendmail")
            if result.code == 0:
                assert result.err == "" and [path.unlink() for path in home.entries] == [None], (row.name, words)
            else:
                one_line(result, 1 + (row.name[0] == "M"))     # ids: a line for each
                assert result.code in (64, 67, 78) and home.entries == [], (row.name, result)
            assert len(result.err) < 1200
    assert [path for path in sorted(home.folder.iterdir()) if path.name != "spool"] == tree


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_address_becomes_an_option(work, home, value):
    for arguments in (["--", value], [TO, value], ["-i", "--", TO, value]):
        result = home.run(*arguments, input=whole(), name="sendmail")
        if result.code:
            one_line(result)
        assert result.code in (0, 64, 67) and result.out == b""
    for entry in home.list():
        assert {one["address"] for one in entry["recipients"]} == {TO}, entry


@pytest.mark.parametrize("field", [b"To", b"Cc", b"Bcc"])
def test_nor_does_one_of_the_header(work, home, field):
    message = b"From: a@example.com\n" + field + b": -bp@example.net, --flush@example.net, \"-C/etc/passwd\"@example.net\n\nx\n"
    assert home.run("-t", input=message).code == 0
    ((one,),) = [home.list()]
    assert [to["address"] for to in one["recipients"]] == ["-bp@example.net", "--flush@example.net",
                                                           "-C/etc/passwd@example.net"]
    assert home.run("--flush").code == 0 and work.messages[0].rcpt_tos[1] == "--flush@example.net"


@pytest.mark.parametrize("place", range(5))
def test_dashes_end_the_options(work, home, place):
    words = ["-i", "-oem", "-fcarol@example.com", "-F", "x"]
    words.insert(place if place < 4 else 5, "--")
    words += [TO, "-x@example.net"]
    result = home.run(*words, input=whole())
    # before that place all are options, behind it all are addresses
    assert result.code == (0 if place == 4 else 67)
    assert [[to["address"] for to in one["recipients"]] for one in home.list()] == ([[TO, "-x@example.net"]] if place == 4 else [])


def test_ten_thousand_options(work, home):
    result = home.run(*["-oi", "-f", "a@example.com", "-t", "-O", "x=y"] * 2000, "-fcarol@example.com", TO, input=whole())
    assert (result.code, result.err) == (0, "")
    assert json.dumps(home.list()).count("carol@example.com") == 1


@pytest.mark.parametrize("arguments, recipients", [
    (["a@example.net, b@example.net"], ["a@example.net", "b@example.net"]),
    (["a@example.net,b@example.net", "c@example.net"], ["a@example.net", "b@example.net", "c@example.net"]),
    (["friends: a@example.net, b@example.net;"], ["a@example.net", "b@example.net"]),
    (['"Doe, Jane" <jane@example.net>'], ["jane@example.net"]),
    (["root", "a@example.net"], ["root", "a@example.net"]),
])
def test_what_an_argument_may_be(home, arguments, recipients):
    home.configure(work={"host": "127.0.0.1"}, domain="example.org", delivery="queue")
    assert home.run(*arguments, input=whole()).code == 0
    assert [[to["address"] for to in one["recipients"]] for one in home.list()] == [recipients]


@pytest.mark.parametrize("header", [b"", b"To: undisclosed-recipients:;\n", b"Subject: x\n", b"Bcc:\n"])
def test_t_without_any_recipient(work, home, header):
    result = home.run("-t", input=header + b"\nhello\n")
    assert (result.code, result.err) == (65, "pillarbox: no recipient: To, Cc and Bcc name none\n") and home.entries == []
