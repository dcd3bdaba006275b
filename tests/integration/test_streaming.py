"""Many messages under way in one session: whose answer is whose, and what is left when it ends."""

import time

import pytest

from delay import Delay
from home import at
from peer import CLOSE, Peer
from relay import Relay

MODES = {"lockstep": {}, "ahead": {"pipelining": True}, "stream": {"pipelining": True, "chunking": True}}
BOB = "bob@example.net"


@pytest.fixture(params=MODES)
def relay(certs, request):
    with Relay(certs, **MODES[request.param]) as relay:
        yield relay


def queue(home, count, body=b"hello\n", recipients=(BOB,)):
    for number in range(count):
        text = b"Subject: number %d\n\n.%s" % (number, body)
        result = home.run("-odq", "-i", "-f", f"alice{number}@example.com", *recipients, input=text)
        assert (result.code, result.err) == (0, "")


def numbers(messages):
    return sorted(int(message.mail_from[5:].split("@")[0]) for message in messages)


def right(messages):
    """Whether each has its own sender and its own body."""
    for message in messages:
        number = message.mail_from[5:].split("@")[0].encode()
        assert b"Subject: number %s\r\n" % number in message.data
        assert b"\r\n\r\n.hello\r\n" in message.data
    return True


def test_each_once(home, relay):
    home.configure(work=at(relay))
    queue(home, 40)
    result = home.run("--flush")
    assert (result.code, result.err, home.entries) == (0, "", [])
    assert numbers(relay.messages) == list(range(40)) and right(relay.messages)
    assert relay.connections == 1


def test_sizes(home, relay):
    home.configure(work=at(relay))
    bodies = [b"." + b"x\n" * size for size in (1, 500, 32700, 32768, 40000, 100000, 400000)]
    for number, body in enumerate(bodies * 2):
        text = b"Subject: number %d\n\n%s" % (number, body)
        assert home.run("-odq", "-i", BOB, input=text).code == 0
    assert home.run("--flush").code == 0
    assert home.entries == []
    got = sorted(message.data.split(b"\r\n\r\n", 1)[1] for message in relay.messages)
    assert got == sorted(body.replace(b"\n", b"\r\n") for body in bodies * 2)


def test_one_refused_among_many(home, relay):
    home.configure(work=at(relay))
    relay.refuse["no@example.net"] = "550 5.1.1 no such mailbox"
    relay.refuse["later@example.net"] = "450 4.2.1 busy"
    queue(home, 4)
    home.run("-odq", "-i", "-f", "alice90@example.com", "no@example.net", input=b"Subject: number 90\n\n.hello\n")
    home.run("-odq", "-i", "-f", "alice91@example.com", "later@example.net", BOB,
             input=b"Subject: number 91\n\n.hello\n")
    for number in (4, 5):
        home.run("-odq", "-i", "-f", f"alice{number}@example.com", BOB,
                 input=b"Subject: number %d\n\n.hello\n" % number)
    result = home.run("--flush")
    assert result.code == 75
    own = [message for message in relay.messages if message.mail_from]
    assert numbers(own) == [0, 1, 2, 3, 4, 5, 91] and right(own)
    report, = [message for message in relay.messages if not message.mail_from]
    assert report.rcpt_tos == ["alice90@example.com"] and b"no such mailbox" in report.data
    left, = home.list()
    assert [r["address"] for r in left["recipients"] if r["state"] == "waiting"] == ["later@example.net"]


@pytest.mark.parametrize("limit", [1, 3])
def test_more_recipients_than_it_takes(home, relay, limit):
    home.configure(work=at(relay))
    relay.rcpt_max = limit
    recipients = [f"r{number}@example.net" for number in range(7)]
    queue(home, 2, recipients=recipients)
    assert home.run("--flush").code == 0
    assert home.entries == []
    for sender in ("alice0@example.com", "alice1@example.com"):
        taken = [m.rcpt_tos for m in relay.messages if m.mail_from == sender]
        assert sorted(sum(taken, [])) == recipients and all(len(part) <= limit for part in taken)
    assert right(relay.messages)


EHLO = "250-peer.example.com\n250-PIPELINING\n250-CHUNKING\n250 AUTH PLAIN"


def test_421_goes_on_in_a_new_session(home, certs):
    """A relay that takes two messages in each session."""
    script = {"EHLO": EHLO, "MAIL": ["250 ok", "250 ok", ("421 4.7.0 enough for now", CLOSE)]}
    with Peer(certs, script) as peer:
        home.configure(work=at(peer))
        queue(home, 6)
        result = home.run("--flush")
        assert (result.code, result.err, home.entries) == (0, "", [])
        assert len(peer.sessions) == 3
        assert sorted(message.count(b"Subject: number") for message in peer.messages) == [1] * 6


def test_closed_in_the_middle_leaves_doubt(home, certs):
    """What was sent whole and not answered may have arrived, and is not sent again at once."""
    script = {"EHLO": EHLO, "BDAT": ["250 ok", CLOSE]}
    with Peer(certs, script) as peer:
        home.configure(work=at(peer))
        queue(home, 4)
        assert home.run("--flush").code == 75
        assert len(home.entries) == 3
        for entry in home.list():
            assert "may have arrived" in str(entry)


def test_a_server_that_never_reads(home, certs):
    """Neither side can make the other wait for ever, however much is under way."""
    with Peer(certs, {"EHLO": EHLO, "MAIL": 60}) as peer:
        home.configure(work=at(peer, timeout="2s"))
        queue(home, 40, body=b"x" * 70 + b"\n" + b"y\n" * 15000)
        begin = time.monotonic()
        assert home.run("--flush").code == 75
        assert time.monotonic() - begin < 6 and len(home.entries) == 40


def test_a_byte_now_and_then_buys_no_time(home, certs):
    drip = tuple(step for byte in b"250 2.1.0 never done" for step in (bytes([byte]), 0.4))
    with Peer(certs, {"EHLO": EHLO, "MAIL": drip}) as peer:
        home.configure(work=at(peer, timeout="2s"))
        queue(home, 3)
        begin = time.monotonic()
        assert home.run("--flush").code == 75
        assert time.monotonic() - begin < 5 and len(home.entries) == 3


def test_killed_with_many_under_way(home, certs):
    """None is lost; twice comes at most what was under way."""
    with Relay(certs, **MODES["stream"]) as relay, Delay(relay.port, 0.1) as way:
        home.configure(work=at(relay, port=way.port))
        queue(home, 60)
        process = home.start("--flush")
        relay.wait_messages(20)
        home.end_processes()
        home.finish(process)
        assert home.run("--flush", timeout=30).code == 0
        assert home.entries == [] and set(numbers(relay.messages)) == set(range(60))
        assert len(relay.messages) <= 60 + 32 and right(relay.messages)


def test_transcript(home, certs):
    with Relay(certs, **MODES["stream"]) as relay:
        home.configure(work=at(relay))
        queue(home, 2)
        result = home.run("--flush", "-v")
        said = [line for line in result.err.splitlines() if line.startswith(("C: BDAT", "C: MAIL", "C: (the"))]
        assert len(said) == 6 and result.err.count("S: 250 2.0.0 taken as number") == 2


WITH_REQUIRETLS = "250-peer.example.com\n250-REQUIRETLS\n250-8BITMIME\n250 AUTH PLAIN"


def test_require_tls(home, certs):
    """It is asked for where it is offered, message by message."""
    with Peer(certs, {"EHLO": WITH_REQUIRETLS}) as peer:
        home.configure(work=at(peer))
        assert home.run("--require-tls", "-odq", "bob@example.net", input=b"Subject: strict\n\n").code == 0
        assert home.run("-odq", "bob@example.net", input=b"Subject: lax\n\n").code == 0
        assert home.run("--flush").code == 0
        (session,) = peer.sessions
        assert [b"REQUIRETLS" in line for line in session if line.startswith(b"MAIL")] == [True, False]
        assert [b"strict" in message.data for message in peer.received] == [True, False]


@pytest.mark.parametrize("tls, ehlo", [("implicit", EHLO), ("none", WITH_REQUIRETLS)], ids=["not offered", "no TLS"])
def test_require_tls_or_not_at_all(home, certs, tls, ehlo):
    """Refused to the caller; of one in the queue not even the report goes out, and both say why."""
    with Peer(certs, {"EHLO": ehlo}, tls=tls) as peer:
        home.configure(work=at(peer))
        result = home.run("--require-tls", "-odi", "bob@example.net", input=b"Subject: strict\n\nsecret\n")
        assert result.code == 69 and result.err.count("\n") == 1 and "5.7.30" in result.err
        assert home.entries == []
        home.run("--require-tls", "-odq", "-f", "alice@example.com", "bob@example.net", input=b"Subject: strict\n\nsecret\n")
        home.run("--flush")
        (entry,) = home.list()
        assert entry["queue_name"] == "hold" and "5.7.30" in str(entry) and entry["sender"] in ("", "MAILER-DAEMON")
        shown = home.run("--show", entry["queue_id"]).out
        assert b"secret" not in shown and b"Subject: strict" in shown
        assert not any(line.startswith(b"MAIL") for session in peer.sessions for line in session)


def test_what_the_sender_asks_to_be_told(home, certs):
    """-N, -R and -V reach a relay with DSN, and no other."""
    for dsn in (True, False):
        with Peer(certs, {"EHLO": "250-peer.example.com\n%s250 AUTH PLAIN" % ("250-DSN\n" if dsn else "")}) as peer:
            home.configure(work=at(peer))
            assert home.run("-odi", "-f", "alice@example.com", "-N", "delay,failure", "-R", "hdrs", "-V", "QQ+3D3",
                            "bob@example.net", input=b"Subject: x\n\n").code == 0
            (session,) = peer.sessions
            said = [line.strip() for line in session if line.startswith((b"MAIL", b"RCPT"))]
            assert said == [b"MAIL FROM:<alice@example.com>" + dsn * b" RET=HDRS ENVID=QQ+3D3",
                            b"RCPT TO:<bob@example.net>" + dsn * b" NOTIFY=FAILURE,DELAY"]


@pytest.mark.parametrize("window, size, most", [(1, "1M", 1), (4, "1M", 4), (32, "2K", 2), (32, "1M", 9)])
def test_the_window_is_kept(home, certs, window, size, most):
    """As many messages are under way as the settings allow, or the relay is trusted to bear."""
    with Peer(certs, {"EHLO": EHLO, "LAST": [(2, "250 taken"), "250 taken"]}) as peer:
        home.configure(work=at(peer, window=window, window_size=size))
        queue(home, 12, body=b"x" * 700 + b"\n")
        result = home.run("--flush", "-v")
        assert result.code == 0 and len(peer.messages) == 12
        assert result.err.partition("S: 250 taken")[0].count("C: MAIL") == most
