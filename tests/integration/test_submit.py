"""What a caller hands in arrives: at the right recipients, in the right bytes, completed where something lacked."""

import email.utils
import os
import pty
import re
import subprocess
import sys
import time

import pytest
from home import at
from mail import EIGHT_BIT, bare, fields, sized, split, whole, wire, without

BODIES = {
    "plain": b"hello\n",
    "dots": b".\n..\n.dot\n...three\nin.side\n\n.\n",
    "dot first and last": b".first\nlast\n.",
    "8-bit": "Gr\u00fc\u00dfe, \u65e5\u672c\u8a9e\n.\u00e9\n".encode(),
    "spaces": b"trailing \t \n \n\t\n>From here\nFrom there\n",
    "no last line end": b"one\ntwo",
    "no body": b"",
    "only an empty line": b"\n",
    "long lines": b"x" * 998 + b"\n" + b"." * 997 + b"\n" + b"z" * 998,
    "much": b"line of text, .dot\n.dot\n" * 20000,
}


def sent(result):
    """All is well and nothing was said."""
    assert (result.code, result.out, result.err) == (0, b"", "")


def one(relay):
    assert len(relay.wait_messages(1)) == 1
    return relay.messages[0]


@pytest.fixture
def work(home, relay):
    """A relay that the home is configured for."""
    relay = relay()
    home.configure(work=at(relay), hostname="host.example.org")
    return relay


# Bytes

@pytest.mark.parametrize("newline", ["LF", "CRLF", "mixed"])
@pytest.mark.parametrize("body", BODIES)
def test_a_whole_message_arrives_as_it_is(work, pillarbox, body, newline):
    message = whole(BODIES[body], EIGHT_BIT if "8-bit" in body else b"")
    given = message
    if newline == "CRLF":
        given = message.replace(b"\n", b"\r\n")
    elif newline == "mixed":
        given = re.sub(rb"\n(.*)\n", rb"\r\n\1\n", message)
    sent(pillarbox("-odi", "-f", "alice@example.com", "bob@example.net", input=given))
    arrived = one(work)
    assert arrived.data == wire(message)
    assert bare(arrived.raw) == []
    assert (arrived.mail_from, arrived.rcpt_tos) == ("alice@example.com", ["bob@example.net"])
    assert (arrived.user, arrived.encrypted) == ("alice@example.com", True)
    assert ("BODY=8BITMIME" in arrived.mail_options) == ("8-bit" in body)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_both_kinds_of_tls_by_number_and_by_name(home, relay, pillarbox, tls, host):
    server = relay(tls=tls)
    home.configure(work=at(server, host=host))
    sent(pillarbox("-odi", "bob@example.net", input=whole()))
    assert one(server).data == wire(whole())
    assert one(server).encrypted and [login[1:] for login in server.logins] == [("alice@example.com", True)]


def test_a_lone_cr_is_never_passed_on(work, pillarbox):
    result = pillarbox("-odi", "bob@example.net", input=whole(b"one\rtwo\r\r\nthree\n"))
    assert result.code in (0, 65)
    assert len(work.messages) == (result.code == 0)
    for message in work.messages:
        assert bare(message.raw) == []
        assert fields(message.data).get_payload(decode=True) == b"one\rtwo\r\r\nthree\r\n"


@pytest.mark.parametrize("options", [(), ("-i",), ("-oi",)])
def test_a_lone_dot_is_not_the_end(work, pillarbox, options):
    sent(pillarbox("-odi", *options, "bob@example.net", input=whole(b"before\n.\nafter\n")))
    assert one(work).data == wire(whole(b"before\n.\nafter\n"))


def test_8bit_to_a_server_that_does_not_offer_it_is_not_called_8bit(home, relay, pillarbox):
    server = relay(eightbit=False)
    home.configure(work=at(server))
    result = pillarbox("-odi", "bob@example.net", input=whole("\u00e9\n".encode(), EIGHT_BIT))
    assert result.code in (0, 69)
    assert [message.mail_options for message in server.messages if "BODY=8BITMIME" in message.mail_options] == []
    assert len(server.messages) + len(home.entries) == 1 or result.code == 69


def test_a_person_is_told_what_is_waited_for(home, pillarbox):
    home.configure(work={"host": "127.0.0.1"})
    ours, theirs = pty.openpty()
    process = home.start("--dry-run", "bob@example.net", stdin=theirs, stderr=theirs)
    assert b"Ctrl-D" in os.read(ours, 4096)
    os.write(ours, b"Subject: hello\n\nhello\n\x04")
    assert process.wait(15) == 0 and process.stdout.read().endswith(b"\r\n\r\nhello\r\n")
    process.stdout.close(), os.close(theirs), os.close(ours)


def test_dry_run_shows_what_arrives_and_sends_nothing(work, home, pillarbox):
    message = whole("\u00e9\n.dot\n".encode(), EIGHT_BIT + b"Cc: carol@example.net\nBcc: secret@example.net\n")
    arguments = ("-t", "-f", "alice@example.com", "dave@example.net")
    shown = pillarbox("--dry-run", *arguments, input=message)
    assert (shown.code, shown.err) == (0, "")
    assert work.connections == 0 and home.entries == []
    sent(pillarbox("-odi", *arguments, input=message))
    arrived = one(work)
    envelope, data = re.split(rb"\r?\n\r?\n", shown.out, 1)
    lines = envelope.decode().splitlines()
    assert data == arrived.data
    assert lines[0].split(" BODY=")[0] == f"MAIL FROM:<{arrived.mail_from}>"
    assert "BODY=8BITMIME" in lines[0]
    assert sorted(lines[1:]) == sorted(f"RCPT TO:<{address}>" for address in arrived.rcpt_tos)


# Headers

@pytest.mark.parametrize("bcc", [
    b"Bcc: secret@example.net\n",
    b"bcc: secret@example.net\n",
    b"BCC: Somebody\n <secret@example.net>,\n\tother@example.net\n",
    b"Bcc:\n secret@example.net\n",
    b"Bcc : secret@example.net\n",
    b"Bcc: secret@example.net\nX-Between: yes\nBcc: other@example.net\n",
    b"Bcc:\n",
])
@pytest.mark.parametrize("position", ["first", "last"])
def test_bcc_is_obeyed_and_never_sent(work, pillarbox, bcc, position):
    message = whole(extra=bcc) if position == "last" else bcc + whole()
    sent(pillarbox("-odi", "-t", input=message))
    arrived = one(work)
    header, body = split(wire(message))
    assert arrived.data == without(header, "Bcc") + b"\r\n" + body
    assert b"secret" not in arrived.data and b"other@" not in arrived.data
    hidden = [address.decode() for address in re.findall(rb"(?:secret|other)@example.net", bcc)]
    assert sorted(arrived.rcpt_tos) == sorted(["bob@example.net", *hidden])


def test_bcc_is_removed_without_t_too(work, pillarbox):
    sent(pillarbox("-odi", "bob@example.net", input=whole(extra=b"Bcc: secret@example.net\n")))
    assert one(work).data == wire(whole())
    assert one(work).rcpt_tos == ["bob@example.net"]


@pytest.mark.parametrize("missing", [("Date",), ("Message-ID",), ("From",), ("Date", "Message-ID", "From")])
def test_what_is_missing_is_added_once_and_the_rest_left_alone(work, pillarbox, missing):
    header, body = split(wire(whole()))
    kept = without(header, *missing)
    sent(pillarbox("-odi", "-f", "alice@example.com", "bob@example.net", input=kept + b"\r\n" + body))
    arrived = one(work).data
    header, arrived_body = split(arrived)
    assert without(header, *missing) == kept and arrived_body == body
    seen = fields(arrived)
    assert [len(seen.get_all(name, [])) for name in ("Date", "Message-ID", "From")] == [1, 1, 1]
    assert re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", seen["Message-ID"])
    assert seen["From"].addresses[0].addr_spec == "alice@example.com"
    if "Date" in missing:
        assert abs(email.utils.parsedate_to_datetime(seen["Date"]).timestamp() - time.time()) < 60
    if "Message-ID" in missing:
        assert seen["Message-ID"].endswith("@host.example.org>")


def test_message_ids_differ(work, pillarbox):
    for _ in range(3):
        sent(pillarbox("-odi", "bob@example.net", input=b"Subject: x\n\nx\n"))
    assert len({fields(message.data)["Message-ID"] for message in work.messages}) == 3


@pytest.mark.parametrize("text", [b"Hello, this is cron.\n\nSecond: part\n", b"no line end", b"\nfirst line empty\n",
                                  b"tail: cannot open 'x' for reading: No such file\n", b".\n", b""])
def test_text_without_a_header_block_gets_one(work, pillarbox, text):
    sent(pillarbox("-odi", "-f", "alice@example.com", "bob@example.net", input=text))
    header, body = split(one(work).data)
    seen = fields(one(work).data)
    assert [len(seen.get_all(name, [])) for name in ("Date", "Message-ID", "From")] == [1, 1, 1]
    if text.startswith(b"tail:"):
        return      # this one reads as a header field, and may be taken for one
    expected = wire(text).removeprefix(b"\r\n") if text else b""
    assert body.removeprefix(b"\r\n") == expected


@pytest.mark.parametrize("name", ["Alice Example", "Example, Alice (home)", 'Alice "Al" Example'])
def test_full_name(work, pillarbox, name):
    sent(pillarbox("-odi", "-F", name, "-f", "alice@example.com", "bob@example.net", input=b"Subject: x\n\nx\n"))
    header, _ = split(one(work).data)
    assert header.isascii()
    address = fields(one(work).data)["From"].addresses[0]
    assert (address.display_name, address.addr_spec) == (name, "alice@example.com")


# Envelope

def test_t_takes_every_recipient_header_and_the_arguments(work, pillarbox):
    message = (b'To: "Doe, Jane" <jane@example.net>, bob@example.net (Bob, the builder),\n'
               b"  =?utf-8?q?J=C3=B6rg?= <joerg@example.net>\n"
               b"Cc: friends: fay@example.net, <fred@example.net>;\n"
               b"CC: BOB2@example.net, jane@example.net\n"
               b"Bcc: secret@example.net\n"
               b"Reply-To: nobody@example.net\n\nhello\n")
    sent(pillarbox("-odi", "-t", "dave@example.net", "fay@example.net", input=message))
    names = ("jane", "bob", "joerg", "fay", "fred", "BOB2", "secret", "dave")
    assert sorted(one(work).rcpt_tos) == sorted(f"{name}@example.net" for name in names)


def test_t_less_the_arguments(home, relay, pillarbox):
    """What Exim makes of arguments besides -t."""
    server = relay()
    home.configure(work=at(server), extract_addresses="remove", domain="example.net")
    message = b"To: bob@example.net, Carol <carol@example.net>\nCc: friends: dave, fay@example.net;\n\nhello\n"
    sent(pillarbox("-odi", "-t", "carol@EXAMPLE.net, erin@example.net", "dave@example.net", input=message))
    assert one(server).rcpt_tos == ["bob@example.net", "fay@example.net"]
    assert b"Carol <carol@example.net>" in server.messages[0].data
    result = pillarbox("-odi", "-t", "bob", "carol", "dave", "fay", input=message)
    assert result.code == 65 and "extract-addresses" in result.err
    sent(pillarbox("-odi", "carol@example.net", input=message))
    assert [message.rcpt_tos for message in server.messages[1:]] == [["carol@example.net"]] and home.entries == []


def test_without_t_the_headers_do_not_count(work, pillarbox):
    sent(pillarbox("-odi", "carol@example.net", "dave@example.net", input=whole()))
    assert one(work).rcpt_tos == ["carol@example.net", "dave@example.net"]


@pytest.mark.parametrize("arguments", [(), ("-t",)])
def test_no_recipient(work, home, pillarbox, arguments):
    result = pillarbox("-odi", *arguments, input=b"Subject: to nobody\n\nhello\n")
    assert result.code in (64, 65, 67) and result.err.startswith("pillarbox: ")
    assert home.entries == [] and work.connections == 0


@pytest.mark.parametrize("arguments, sender", [
    (("-f", "carol@example.com"), "carol@example.com"),
    (("-fcarol@example.com",), "carol@example.com"),
    (("-r", "carol@example.com"), "carol@example.com"),
    (("-f", "<>"), ""),
    (("-f", ""), ""),
])
def test_envelope_sender(work, pillarbox, arguments, sender):
    sent(pillarbox("-odi", *arguments, "bob@example.net", input=whole()))
    assert one(work).mail_from == sender
    assert one(work).data == wire(whole())


@pytest.mark.parametrize("header, sender", [
    (b"From: Carol <carol@example.com>\n", "carol@example.com"),
    (b"From: carol@example.com\nSender: dave@example.com\n", "dave@example.com"),
    (b"", "alerts@example.com"),
])
def test_sender_when_none_is_given(home, relay, pillarbox, header, sender):
    server = relay()
    home.configure(work={**at(server), "from": "alerts@example.com"}, hostname="host.example.org")
    sent(pillarbox("-odi", "bob@example.net", input=header + b"Subject: x\n\nx\n"))
    assert one(server).mail_from == sender


def test_sender_when_nothing_is_known(work, pillarbox):
    sent(pillarbox("-odi", "bob@example.net", input=b"Subject: x\n\nx\n"))
    arrived = one(work)
    assert re.fullmatch(r"[^@]+@host\.example\.org", arrived.mail_from)
    assert fields(arrived.data)["From"].addresses[0].addr_spec == arrived.mail_from


CONTROLS = ["a\rb@example.net", "a@example.net\nRCPT TO:<evil@example.net>", "a\x01b@example.net",
            "a@exam\x7fple.net", "a@example.net>\r\nDATA", "a\tb@example.net"]


@pytest.mark.parametrize("address", CONTROLS)
@pytest.mark.parametrize("place", ["argument", "-f", "-r", "-t"])
def test_no_control_character_in_an_address(work, home, pillarbox, address, place):
    if place == "-t" and re.search("[\t\r\n]", address):
        address = "a\x00b@example.net"      # tab and line ends are the field's own
    if place == "argument":
        result = pillarbox("-odi", "--", address, input=whole())
    elif place == "-t":
        result = pillarbox("-odi", "-t", input=whole(extra=b'Cc: "' + address.encode().replace(b"@", b'"@') + b"\n"))
    else:
        result = pillarbox("-odi", place, address, "bob@example.net", input=whole())
    assert result.code in (64, 65, 67), result
    assert result.err.startswith("pillarbox: ") and result.err.count("\n") == 1
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", result.err), "a message repeats control characters"
    assert home.entries == [] and work.connections == 0


# Options

def test_other_letters_of_sendmail_are_taken(work, pillarbox):
    sent(pillarbox("-odi", "-oi", "-oem", "-em", "-m", "-n", "-B", "8BITMIME", "-N", "failure,delay", "-R", "hdrs",
                   "-h", "0", "-O", "Timeout.queuereturn=1d", "-V", "envid", "-L", "tag", "--", "bob@example.net",
                   input=whole()))
    assert one(work).rcpt_tos == ["bob@example.net"]


def test_an_unknown_letter_is_a_mistake(work, home, pillarbox):
    result = pillarbox("-odi", "-Z", "bob@example.net", input=whole())
    assert result.code == 64 and "-Z" in result.err
    assert home.entries == [] and work.connections == 0


def test_no_option_writes_a_file(work, home, pillarbox):
    before = set(os.listdir(home.folder))
    pillarbox("-odi", "-X", "trace.log", "bob@example.net", input=whole())
    pillarbox("-odi", "-Xtrace.log", "-D", "debug.log", "-d0.1", "bob@example.net", input=whole())
    assert set(os.listdir(home.folder)) - before <= {"spool"}


def test_the_other_names(work, home, pillarbox):
    sent(pillarbox("-odi", "-t", input=whole(), name="sendmail"))
    assert one(work).data == wire(whole())
    sent(pillarbox(name="newaliases"))
    empty = pillarbox(name="mailq")
    assert (empty.code, empty.out, empty.err) == (0, b"Mail queue is empty\n", "")


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help(home, pillarbox, option):
    result = pillarbox(option)
    assert (result.code, result.err) == (0, "") and b"pillarbox" in result.out


# Size

def test_max_size_is_the_limit(home, relay, pillarbox):
    server = relay()
    home.configure(work=at(server), max_size="100K")
    sent(pillarbox("-odi", "bob@example.net", input=sized(90_000)))
    result = pillarbox("-odi", "bob@example.net", input=sized(110_000))
    assert result.code == 65 and result.err.startswith("pillarbox: ")
    assert len(server.messages) == 1 and home.entries == []


# Runs a program and says its exit code and its largest size in KiB. A process of its own, because a child's size
# counts from before its exec, when it still was a copy of its parent; and this parent is large.
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_max_size_is_enforced_while_reading(home, relay):
    server = relay()
    home.configure(work=at(server), max_size="1M")
    endless = home.folder / "endless"
    endless.touch()
    os.truncate(endless, 2**30)
    with endless.open("rb") as stdin:
        measured = subprocess.run(
            [sys.executable, "-c", MEASURE, home.program("pillarbox"), "-odi", "bob@example.net"],
            stdin=stdin, env=home.environment, capture_output=True, text=True, timeout=20)
    code, size = map(int, measured.stdout.split())
    assert code == 65
    assert size < 256 * 1024, "it kept in memory what is over the limit"
    assert home.entries == [] and server.connections == 0


# What is refused is its caller's again

def broken(home):
    home.write_config("nonsense = true\n")


def too_small(home):
    home.configure(work={"host": "127.0.0.1", "port": 9, "tls": "none"}, max_size="10")


@pytest.mark.parametrize("way, code", [(broken, 78), (too_small, 65)])
def test_a_file_is_left_as_it_was_taken(home, way, code):
    """bsd-mailx writes its dead.letter from where sendmail leaves off."""
    way(home)
    file = home.folder / "letter"
    file.write_bytes(b"not for sendmail\nSubject: hello\n\nhello\n")
    with file.open("rb", buffering=0) as stdin:
        stdin.seek(17)
        assert home.run("bob@example.net", stdin=stdin, input=None).code == code
        assert stdin.tell() == 17


@pytest.mark.parametrize("way, code", [(broken, 78), (too_small, 65)])
def test_who_still_writes_is_heard(home, way, code):
    """Nodemailer says no more than EPIPE otherwise, and a Perl script dies."""
    way(home)
    process = home.start("bob@example.net")
    for _ in range(64):
        process.stdin.write(b"x" * 16384)
    process.stdin.flush()
    time.sleep(0.2)
    assert home.finish(process, b"the end\n").code == code


def test_but_not_for_ever(home):
    broken(home)
    with open("/dev/zero", "rb") as zeros:
        endless = subprocess.Popen(["cat"], stdin=zeros, stdout=subprocess.PIPE)
        assert home.run("bob@example.net", stdin=endless.stdout, input=None).code == 78
        endless.stdout.close()
        assert endless.wait(5) != 0


def test_what_the_sender_asks_to_be_told(work, pillarbox):
    """-N, -R and -V stand in the envelope, or are refused."""
    asked = ("-N", "delay,failure", "-R", "hdrs", "-V", "QQ+3D314159")
    shown = pillarbox("--dry-run", "-f", "alice@example.com", *asked, "bob@example.net", input=b"Subject: x\n\n").out
    assert shown.startswith(b"MAIL FROM:<alice@example.com> RET=HDRS ENVID=QQ+3D314159\n"
                            b"RCPT TO:<bob@example.net> NOTIFY=FAILURE,DELAY\n\n")
    for bad in (("-N", "sometimes"), ("-R", "half"), ("-V", "a b")):
        result = pillarbox(*bad, "bob@example.net", input=b"Subject: x\n\n")
        assert result.code == 64 and result.err.count("\n") == 1 and " ".join(bad) in result.err
    assert not work.messages
