"""sendmail -bs: a session of SMTP on the standard input, or on a socket, whose messages end in the queue."""

import email
import itertools
import os
import pty
import re
import smtplib
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
from home import at
from mail import bare, sized, whole, wire

GREETING = b"220 host.example.org ESMTP pillarbox\r\n"
BEGIN = b"EHLO client.example\r\n"
ENVELOPE = b"MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\n"
TRACE = re.compile(rb"\AReceived: by \S+ \(pillarbox\);\r\n [^\r\n]+\r\n")
QUEUED = re.compile(rb"250 2\.0\.0 ([0-9A-F]{19}) queued\r\n")


@pytest.fixture
def work(home, relay):
    """A relay that the home is configured for."""
    server = relay()
    home.configure(work=at(server), hostname="host.example.org")
    return server


def stuffed(message):
    return re.sub(rb"(?m)^\.", b"..", wire(message)) + b".\r\n"


def letter(message=None):
    """A transaction with DATA."""
    return ENVELOPE + b"DATA\r\n" + stuffed(whole() if message is None else message)


def queued(replies):
    """The ids that were given."""
    return [name.decode() for name in QUEUED.findall(replies)]


def dialogue(home, said, *options, timeout=15):
    """The replies to a whole session; its status is 0 and its stderr empty, whatever was said."""
    result = home.run("-bs", "-odq", *options, input=said, timeout=timeout, name="sendmail")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(GREETING)
    assert all(len(line) <= 512 and line.isascii() for line in result.out.splitlines(keepends=True))
    return result.out


def content(home):
    """What is in the queue: the messages, without the heads of their entries."""
    return [path.read_bytes().split(b"\n\n", 1)[1] for path in home.entries]


def head(home):
    (entry,) = home.entries
    return entry.read_bytes().split(b"\n\n", 1)[0].decode().splitlines()


def no_memory_of(home):
    """The queue is empty again, for the next of many sessions."""
    for path in home.entries:
        path.unlink()


# Messages

def test_a_message_is_delivered(home, work):
    result = home.run("-bs", "-odi", input=BEGIN + letter() + b"QUIT\r\n", name="sendmail")
    assert (result.code, result.err) == (0, "")
    assert len(queued(result.out)) == 1 and result.out.endswith(b"221 2.0.0 host.example.org closes\r\n")
    (message,) = work.messages
    assert (message.mail_from, message.rcpt_tos) == ("alice@example.com", ["bob@example.net"])
    assert message.data == wire(whole())
    assert home.entries == []


def test_in_the_background_too(home, work):
    result = home.run("-bs", "-odb", "-oem", input=BEGIN + letter() * 3 + b"QUIT\r\n", name="sendmail")
    assert result.code == 0 and len(queued(result.out)) == 3
    assert [message.data for message in work.wait_messages(3)] == [wire(whole())] * 3
    assert home.wait_empty()


def test_it_is_durable_when_it_is_said_so(home, work):
    process = home.start("-bs", "-odq", name="sendmail")
    process.stdin.write(BEGIN + letter())
    process.stdin.flush()
    seen = b""
    while not queued(seen):
        seen += os.read(process.stdout.fileno(), 4096)
    assert [entry.name for entry in home.entries] == queued(seen)
    process.kill()
    home.finish(process)
    assert len(home.entries) == 1


@pytest.mark.parametrize("session", [b"", BEGIN, BEGIN + ENVELOPE, BEGIN + ENVELOPE + b"DATA\r\n" + wire(whole()),
                                     BEGIN + ENVELOPE + b"BDAT 5\r\nSubje"])
def test_what_is_not_whole_is_thrown_away(home, work, session):
    dialogue(home, session)
    assert home.entries == []


def test_the_envelope_rules_and_bcc_goes(home, work):
    message = whole(extra=b"Bcc: dave@example.net\nResent-Bcc: erin@example.net\n")
    dialogue(home, BEGIN + letter(message), "-f", "mallory@example.com", "-t", "carol@example.net")
    assert "from <alice@example.com>" in head(home)
    assert [line for line in head(home) if line.startswith("to ")] == ["to <bob@example.net>"]
    assert b"Bcc" not in content(home)[0]


def test_it_is_completed_and_mended(home, work):
    dialogue(home, BEGIN + letter(b"Subject: gr\xc3\xbc\xc3\x9fe\n\n" + b"x" * 5000 + b"\n"))
    (message,) = content(home)
    assert b"From: " in message and b"<alice@example.com>\r\n" in message
    assert b"Message-ID: <" in message and b"Date: " in message and b"Subject: =?" in message
    assert max(map(len, message.splitlines())) <= 998


def test_the_null_sender(home, work):
    dialogue(home, BEGIN + letter().replace(b"<alice@example.com>", b"<>"))
    assert "from <>" in head(home)


def test_parameters_of_dsn_get_into_the_queue(home, work):
    dialogue(home, BEGIN + letter()
             .replace(b"example.com>", b"example.com> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=QQ+2B7", 1)
             .replace(b"example.net>", b"example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+40example.net", 1))
    lines = head(home)
    assert "ret HDRS" in lines and "envid QQ+2B7" in lines
    assert "to <bob@example.net>\tNOTIFY=SUCCESS,DELAY\tORCPT=rfc822;Bob+40example.net" in lines


def test_an_address_beyond_ascii(home, work):
    session = BEGIN + letter().replace(b"bob@", "b\u00f6b@".encode())
    replies = dialogue(home, session)
    assert b"\r\n553 5.6.7 " in replies and home.entries == []
    dialogue(home, session.replace(b"example.com>", b"example.com> SMTPUTF8", 1))
    assert "smtputf8 yes" in head(home)


def test_8_bit_text(home, work):
    dialogue(home, BEGIN + letter(whole("Gr\u00fc\u00dfe\n".encode())))
    assert "body 8BITMIME" in head(home) and content(home) == [wire(whole("Gr\u00fc\u00dfe\n".encode()))]


def test_options_that_count(home, relay):
    home.configure(one=at(relay()), two=at(relay()), default_relay="one", hostname="host.example.org")
    dialogue(home, BEGIN + letter(), "--relay", "two", "--require-tls")
    assert "relay two" in head(home) and "requiretls yes" in head(home)


def test_dots_and_a_large_one(home, work):
    messages = [whole(b".\n..\n.x\n\n.\n"), sized(3_000_000)]
    dialogue(home, BEGIN + b"".join(map(letter, messages)))
    assert content(home) == list(map(wire, messages))


@pytest.mark.parametrize("sizes", [[10 ** 7], [1], [5, 0, 70000], [1000, 100000]])
def test_chunks(home, work, sizes):
    message = wire(sized(200_000))
    session, rest = BEGIN + ENVELOPE, message
    for size in itertools.cycle(sizes) if sizes != [1] else [1] * 50 + [10 ** 7]:
        chunk, rest = rest[:size], rest[size:]
        session += b"BDAT %d%s\r\n%s" % (len(chunk), b"" if rest else b" LAST", chunk)
        if not rest:
            break
    assert len(queued(dialogue(home, session + b"QUIT\r\n"))) == 1
    assert content(home) == [message]


# Refusals

def test_larger_than_max_size(home, relay):
    home.configure(work=at(relay()), hostname="host.example.org", max_size="100k")
    replies = dialogue(home, BEGIN + b"MAIL FROM:<a@example.com> SIZE=102401\r\n" + letter(sized(200_000)) + letter())
    assert b"\r\n250-SIZE 102400\r\n" in replies
    assert replies.count(b"\r\n552 5.3.4 ") == 2
    assert len(queued(replies)) == 1 and content(home) == [wire(whole())]


def test_nothing_is_stored_of_what_is_too_large(home, relay):
    home.configure(work=at(relay()), hostname="host.example.org", max_size="1M")
    process = home.start("-bs", "-odq", name="sendmail")
    process.stdin.write(BEGIN + ENVELOPE + b"DATA\r\n" + wire(sized(20_000_000)))
    process.stdin.flush()
    files = [os.readlink(path) for path in
             (f"/proc/{process.pid}/fd/{fd}" for fd in os.listdir(f"/proc/{process.pid}/fd"))]
    assert not any("deleted" in name and "memfd" not in name for name in files), files
    replies = home.finish(process, b".\r\nQUIT\r\n").out
    assert b"\r\n552 5.3.4 " in replies and replies.endswith(b"closes\r\n")


def test_a_store_that_cannot_take_it(home, work):
    home.spool.mkdir()
    (home.spool / "queue").write_bytes(b"")
    replies = dialogue(home, BEGIN + letter() + b"NOOP\r\nQUIT\r\n")
    (line,) = re.findall(rb"\r\n(451 4\.3\.0 [^\r]+)\r\n", replies)
    assert b"queue" in line and b"pillarbox:" not in line
    assert replies.endswith(b"250 2.0.0 nothing done\r\n221 2.0.0 host.example.org closes\r\n")


def test_with_v_all_is_said_on_the_standard_error(home, relay):
    home.configure(hostname="host.example.org", work=at(relay(refuse={"bob@example.net": "550 5.1.1 no such person"})))
    result = home.run("-bs", "-v", input=BEGIN + letter(), name="sendmail")
    assert b"\r\n554 5.0.0 " in result.out and b"RCPT" not in result.out.split(b"354")[1]
    assert "RCPT TO:<bob@example.net>" in result.err and "no such person" in result.err and home.entries == []


def test_a_message_that_cannot_be_mended(home, work):
    replies = dialogue(home, BEGIN + letter(b"From: a@b.example\nFrom: c@d.example\n\n") + letter())
    assert b"\r\n554 5.6.0 " in replies and len(queued(replies)) == 1


def test_a_sender_that_no_relay_takes(home, relay):
    home.configure(hostname="host.example.org", one=at(relay(), senders=["carol@example.com"]),
                   two=at(relay(), senders=["dave@example.com"]))
    assert b"\r\n451 4.3.5 " in dialogue(home, BEGIN + letter()) and home.entries == []


def test_a_configuration_that_is_wrong(home):
    home.write_config("nonsense = 1\n")
    result = home.run("-bs", input=BEGIN, name="sendmail")
    assert result.code == 78 and result.err == ""
    assert result.out.startswith(b"421 4.3.5 ") and b"nonsense" in result.out and result.out.count(b"\n") == 1


def test_refused_by_the_relay_while_the_client_waits(home, relay):
    home.configure(hostname="host.example.org", work=at(relay(refuse={"bob@example.net": "550 5.1.1 no such person"})))
    result = home.run("-bs", "-odi", input=BEGIN + letter(), name="sendmail")
    assert b"\r\n554 5.0.0 " in result.out and b"no such person" in result.out and home.entries == []


def test_without_a_queue(home, relay):
    server = relay(refuse={"carol@example.net": "550 5.1.1 no such person"})
    home.configure(hostname="host.example.org", queue={"enabled": False}, work=at(server))
    replies = dialogue(home, BEGIN + letter() + letter().replace(b"bob", b"carol"))
    assert b"\r\n250 2.0.0 sent\r\n" in replies and len(server.messages) == 1
    assert b"\r\n554 5.0.0 " in replies and b"no such person" in replies


def test_bare_names(home, relay):
    session = BEGIN + letter().replace(b"bob@example.net", b"root")
    home.configure(hostname="host.example.org", work=at(relay()))
    assert b"\r\n550 5.1.3 root: has no domain" in dialogue(home, session)
    home.configure(hostname="host.example.org", work=at(relay()), domain="example.org")
    dialogue(home, session)
    assert "to <root>" in head(home)


# What is no line end

def test_no_four_octets_make_two_messages_of_one(home, work):
    """Each string of CR, LF, dot and x in a message, followed by what would be another one if that had ended."""
    tries = [b"".join(four) for four in itertools.product((b"\r", b"\n", b".", b"x"), repeat=4)]
    replies = dialogue(home, BEGIN + b"".join(
        ENVELOPE + b"DATA\r\nSubject: try %d.\r\n\r\n%s" % (number, some) +
        b"MAIL FROM:<mallory%d@example.com>\r\nRCPT TO:<mallory@example.com>\r\n" % number +
        b"DATA\r\nSubject: smuggled\r\n\r\n\r\n.\r\nRSET\r\n" for number, some in enumerate(tries)), timeout=100)
    entries = [path.read_bytes() for path in home.entries]
    assert len(entries) == len(queued(replies))
    for number, some in enumerate(tries):
        assert sum(b"Subject: try %d." % number in entry for entry in entries) == 1, some
    smuggled = {int(number) for entry in entries for number in re.findall(rb"^from <mallory(\d+)@", entry, re.M)}
    # a dot at the begin of the line and CR LF is the end for everybody
    assert smuggled == {number for number, some in enumerate(tries) if (b"\r\n" + some).endswith(b"\r\n.\r\n")}
    assert len(entries) == len(tries) + len(smuggled)


def test_what_ends_no_line_arrives_in_one_message(home, work):
    text = b"a\n.\nb\r.\rc\n.\rd\r.\ne\n.\r\nf\r\n.\ng\r\n.\rh\r\n"
    result = home.run("-bs", "-odi", input=BEGIN + ENVELOPE + b"DATA\r\n\r\n" + text + b".\r\n", name="sendmail")
    assert len(queued(result.out)) == 1 and home.entries == []
    (message,) = work.messages
    assert bare(message.data) == []
    body = email.message_from_bytes(message.data).get_payload(decode=True)
    assert body.replace(b"\r\n", b"\n") == text.replace(b"\r\n", b"\n")


def test_lf_is_the_line_end_of_who_begins_so(home, work):
    replies = dialogue(home, (BEGIN + letter(whole(b"one\n.\n..two\n")) + b"QUIT\r\n").replace(b"\r\n", b"\n"))
    assert len(queued(replies)) == 1 and content(home) == [wire(whole(b"one\n.\n..two\n"))]


def test_on_a_terminal(home, work):
    master, slave = pty.openpty()
    process = home.start("-bs", "-odq", name="sendmail", stdin=slave)
    os.close(slave)
    os.write(master, (BEGIN + letter() + b"QUIT\r\n").replace(b"\r\n", b"\n"))
    assert len(queued(process.stdout.read())) == 1
    assert home.finish(process).code == 0
    os.close(master)


# Who talks to it

@contextmanager
def listener(home, *options):
    """What inetd does, and systemd with Accept=yes: the connection is 0, 1 and 2."""
    server = socket.create_server(("127.0.0.1", 0))
    running = []

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                running.append(home.start("-bs", "-odq", *options, name="sendmail", stdin=connection, stdout=connection,
                                          stderr=connection))

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()
    for process in running:
        assert process.wait(10) == 0


def test_smtplib_over_a_socket(home, work):
    with listener(home) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.ehlo()
        for feature in ("pipelining", "size", "8bitmime", "smtputf8", "dsn", "chunking", "enhancedstatuscodes"):
            assert client.has_extn(feature)
        assert client.sendmail("alice@example.com", ["bob@example.net"], whole(b"one\n.\n")) == {}
        refused = client.sendmail("alice@example.com", ["bob@example.net", "root"], wire(whole(b"two\n")),
                                  mail_options=["BODY=8BITMIME"], rcpt_options=["NOTIFY=NEVER"])
        assert list(refused) == ["root"] and refused["root"][0] == 550
        assert client.verify("bob")[0] == 252 and client.noop()[0] == 250 and client.help()
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            client.sendmail("alice@@example.com", ["bob@example.net"], whole())
        assert caught.value.smtp_code == 550
    # it does not see that LF ends the last line, too
    came = content(home)
    assert all(message.startswith(b"Received: by host.example.org (pillarbox);\r\n ") for message in came)
    assert [TRACE.sub(b"", message) for message in came] == [wire(whole(b"one\n.\n")) + b"\r\n", wire(whole(b"two\n"))]


def test_trouble_is_told_within_the_dialogue(home, work):
    """Under inetd the standard error is the connection."""
    home.spool.mkdir()
    (home.spool / "queue").write_bytes(b"")
    with listener(home) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail("alice@example.com", ["bob@example.net"], whole())
        assert caught.value.smtp_code == 451
        assert client.noop() == (250, b"2.0.0 nothing done")


@pytest.mark.parametrize("signature", [b"", b"DKIM-Signature: v=1; h=From:Subject; b=x\n"])
def test_a_loop_ends(home, relay, signature):
    """A relay that is this host's own port: each round leaves a trace, and with enough of them it is refused, and so
    is its report; nothing is lost of it."""
    home.configure(hostname="host.example.org")
    rounds = 0
    with listener(home) as port:
        home.configure(hostname="host.example.org", loop={"host": "127.0.0.1", "port": port, "tls": "none"})
        home.run("-odq", "-f", "alice@example.com", "bob@example.net", input=signature + whole())
        while any(entry["queue_name"] != "hold" for entry in home.list()) and rounds < 130:
            result = home.run("--flush", "--force")
            rounds += 1
            if rounds == 50:
                assert content(home)[0].count(b"Received: by host.example.org") == 50
            if rounds == 52:
                assert "554 5.4.6 the message goes round: it has 51 Received fields (50 at most)" in result.err
        (report,) = home.list()
    assert rounds < 110 and report["sender"] == "" and b"Action: failed" in content(home)[0]


def test_a_signature_that_covers_received_stays(home, work):
    message = b"DKIM-Signature: v=1; h=From:Received; b=x\n" + whole()
    with listener(home) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("alice@example.com", ["bob@example.net"], message)
    assert b"Received" not in content(home)[0].replace(b"From:Received", b"")


@pytest.mark.parametrize("hops", [50, 51])
def test_hops(home, work, hops):
    """However it comes; sendmail's status for it is 69."""
    message = b"Received: by somebody\n" * hops + whole()
    result = home.run("-odq", "bob@example.net", input=message)
    assert (result.code, result.err.count("goes round")) == ((69, 1) if hops > 50 else (0, 0))
    assert (b"554 5.4.6 the message goes round" in dialogue(home, BEGIN + letter(message))) == (hops > 50)


def test_a_client_on_a_socket_that_knows_no_crlf(home, work):
    with listener(home) as port, socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"HELO x\nMAIL FROM:<a@example.com>\n")
        seen = b""
        while more := client.recv(4096):
            seen += more
        assert seen == GREETING + b"421 4.5.2 lines end in CR LF; host.example.org closes\r\n"


def test_a_socket_pair_is_as_good_as_a_pipe(home, work):
    """Node's child processes have one."""
    ours, theirs = socket.socketpair()
    process = home.start("-bs", "-odq", name="sendmail", stdin=theirs, stdout=theirs)
    theirs.close()
    ours.sendall((BEGIN + letter() + b"QUIT\r\n").replace(b"\r\n", b"\n"))
    seen = b""
    while more := ours.recv(4096):
        seen += more
    ours.close()
    assert len(queued(seen)) == 1 and home.finish(process).code == 0


def test_each_reply_comes_without_more_being_said(home, work):
    process = home.start("-bs", "-odq", name="sendmail")
    for said, code in ((b"", b"220"), (b"HELO [127.0.0.1]\r\n", b"250"), (b"MAIL FROM:<a@example.com>\r\n", b"250"),
                       (b"RCPT TO:<b@example.net>\r\n", b"250"), (b"BDAT 2\r\n\r\n", b"250"), (b"RSET\r\n", b"250"),
                       (b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\n", b"250"), (b"DATA\r\n", b"354"),
                       (b"\r\n.\r\n", b"250"), (b"QUIT\r\n", b"221")):
        process.stdin.write(said)
        process.stdin.flush()
        for _ in range(max(1, said.count(b"\r\n") if said.startswith((b"MAIL", b"RCPT")) else 1)):
            assert process.stdout.readline().startswith(code), said
    assert home.finish(process).code == 0


def test_a_pipelined_batch(home, work):
    recipients = b"".join(b"RCPT TO:<user%d@example.net>\r\n" % number for number in range(2000))
    replies = dialogue(home, BEGIN + (b"MAIL FROM:<a@example.com>\r\n" + recipients + b"DATA\r\n" + stuffed(whole())) * 5)
    assert replies.count(b"\r\n250 2.1.5 ") == 10_000 and len(queued(replies)) == 5
    assert all(entry.read_bytes().count(b"\nto <") == 2000 for entry in home.entries)


def test_a_client_that_goes_away(home, work):
    """Its end of the pipe is closed before the replies are read."""
    process = home.start("-bs", "-odq", name="sendmail")
    process.stdout.close()
    process.stdin.write(BEGIN + letter())
    process.stdin.close()
    assert process.wait(10) == 0 and home.entries == []
    process.stderr.close()


def test_the_end_at_every_octet(home, work):
    """What 250 was said of is queued, and nothing else."""
    session = BEGIN + letter() + ENVELOPE + b"BDAT 10\r\nSubject: xBDAT 5 LAST\r\n\r\n\r\n\r" + b"QUIT\r\n"
    running = []
    for end in range(len(session) + 1):
        running.append(home.start("-bs", "-odq", name="sendmail"))
        running[-1].stdin.write(session[:end])
        running[-1].stdin.close()
        if len(running) == 8 or end == len(session):
            ids = [name for process in running for name in queued(process.stdout.read())]
            for process in running:
                process.stdout.close()
                assert process.stderr.read() == b"" and process.wait(10) == 0
                process.stderr.close()
            assert sorted(ids) == [entry.name for entry in home.entries]
            no_memory_of(home)
            running = []


def test_garbage(home, work):
    noise = b"\xff\xfe\0\r\n" + bytes(range(256)) * 100 + b"\r\n" + b"x" * 1_000_000 + b"\r\n"
    replies = dialogue(home, BEGIN + noise + letter() + noise + b"QUIT\r\n")
    assert len(queued(replies)) == 1 and replies.count(b"\r\n500 5.5.2 ") == 6
    replies = dialogue(home, b"x" * 3_000_000)
    assert replies == GREETING
    assert len(home.entries) == 1


def test_memory_does_not_grow_with_what_is_said(home, work):
    process = home.start("-bs", "-odq", name="sendmail")
    for _ in range(3):
        process.stdin.write(BEGIN + b"NOOP " + b"x" * 20_000_000 + b"\r\n")
    process.stdin.write((b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nRSET\r\n") * 300)
    process.stdin.flush()
    time.sleep(0.2)
    peak = int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{process.pid}/status").read()).group(1))
    assert home.finish(process).code == 0
    assert peak < (20_000 if "ASAN_OPTIONS" not in home.environment else 200_000)


def test_children_are_not_left_behind(home, work):
    process = home.start("-bs", "-odb", name="sendmail")
    for number in range(12):
        process.stdin.write((BEGIN if number == 0 else b"") + letter())
        process.stdin.flush()
        work.wait_messages(number + 1)
    left = subprocess.run(["ps", "--ppid", str(process.pid), "-o", "stat="], capture_output=True, text=True).stdout
    assert left.count("Z") < 4
    assert home.finish(process).code == 0 and home.wait_empty()
