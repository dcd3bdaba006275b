"""A sender that the relay would refuse becomes one that it takes: in the envelope and in the header, on the wire only.
What needs no change arrives byte for byte."""

import hashlib
import json
import re

import pytest
from home import at, make_due
from mail import bare, fields, sized, split, whole, wire

US = "alerts@example.com"
CRON = (b"From: root (Cron Daemon)\nTo: bob@example.net\nSubject: Cron <root@web1>\nDate: Fri, 01 May 2026 10:00:00 +0200\n"
        b"Message-ID: <cron@web1>\n\nbackup failed\n")


@pytest.fixture
def configure(home):
    """configure(relay, **settings of the relay) for a host called web1."""
    def configure(server, queue=None, **settings):
        home.configure(work=at(server, **settings), hostname="web1", queue=queue)
    return configure


def force(**more):
    return {"identity": "force", "from": US, **more}


def test_cron_at_a_provider(configure, relay, pillarbox, home):
    server = relay(refuse_from={"root@web1": "550 5.7.60 not yours"})
    configure(server, identity="qualify", **{"from": US})
    result = pillarbox("-odi", "-i", "-f", "root", "bob@example.net", input=CRON)
    assert (result.code, result.err, home.entries) == (0, "", [])
    (message,) = server.messages
    assert message.mail_from == US and not bare(message.raw)
    author = fields(message.data)["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in author] == [("root (Cron Daemon)", US)]
    assert split(message.data)[0].endswith(b"X-Original-From: root@web1 (Cron Daemon)\r\n")
    assert split(message.data)[1] == b"backup failed\r\n"


@pytest.mark.parametrize("identity", ["keep", "qualify", "force"])
@pytest.mark.parametrize("size", [0, 100, 200_000])
@pytest.mark.parametrize("offers", [{}, {"pipelining": True}, {"pipelining": True, "chunking": True}])
def test_what_needs_no_change_stays_byte_for_byte(configure, relay, pillarbox, identity, size, offers):
    server = relay(**offers)
    configure(server, identity=identity, senders=["alice@example.com"], **{"from": US})
    body = sized(size) if size else whole(b"")
    assert pillarbox("-odi", "-f", "alice@example.com", "bob@example.net", input=body).code == 0
    (message,) = server.messages
    assert message.mail_from == "alice@example.com" and message.data == wire(body)


@pytest.mark.parametrize("offers", [{}, {"pipelining": True}, {"pipelining": True, "chunking": True}])
@pytest.mark.parametrize("size", [0, 200_000])
def test_size_is_that_of_what_is_sent(configure, relay, pillarbox, offers, size):
    server = relay(**offers)
    configure(server, **force())
    body = sized(size) if size else whole(b"")
    assert pillarbox("-odi", "-f", "bob@other.example", "bob@example.net", input=body).code == 0
    (message,) = server.messages
    assert message.mail_from == US and f"SIZE={len(message.data)}" in message.mail_options
    assert message.data == wire(body).replace(
        b"<alice@example.com>", b"<alerts@example.com>").replace(
        b"hello\r\n\r\n", b"hello\r\nReply-To: Alice <alice@example.com>\r\n\r\n", 1) or size
    assert split(message.data)[1] == split(wire(body))[1]


def test_a_large_message_is_not_copied(configure, relay, pillarbox, home, tmp_path):
    server = relay(pipelining=True, chunking=True, size=1 << 26)
    configure(server, **force())
    body = sized(20 << 20)
    assert pillarbox("-odq", "-f", "bob@other.example", "bob@example.net", input=body, timeout=60).code == 0
    trace = tmp_path / "trace"
    deliver = home.build / "pillarbox-deliver"
    result = home.run("-f", "-o", str(trace), "-e", "trace=open,openat,write", deliver, "--config", home.config,
                      "--flush", name="/usr/bin/strace", env=home.traced, timeout=120)
    assert result.code == 0, result.err
    assert "openat" in trace.read_text() and "O_TMPFILE" not in trace.read_text()
    (message,) = server.messages
    assert f"SIZE={len(message.data)}" in message.mail_options
    assert hashlib.sha256(split(message.data)[1]).digest() == hashlib.sha256(split(wire(body))[1]).digest()


@pytest.mark.parametrize("size", [0, 300_000])
def test_without_a_queue(configure, relay, pillarbox, size):
    server = relay()
    configure(server, queue={"enabled": False}, **force())
    body = sized(size) if size else CRON
    assert pillarbox("-f", "root", "bob@example.net", input=body).code == 0
    (message,) = server.messages
    assert message.mail_from == US and f"SIZE={len(message.data)}" in message.mail_options
    assert [one.addr_spec for one in fields(message.data)["From"].addresses] == [US]
    assert split(message.data)[1] == split(wire(body))[1]


def test_without_a_queue_and_without_need(configure, relay, pillarbox):
    server = relay()
    configure(server, queue={"enabled": False}, **force(senders=["alice@example.com"]))
    assert pillarbox("-f", "alice@example.com", "bob@example.net", input=sized(300_000)).code == 0
    assert server.messages[0].data == wire(sized(300_000))


def test_smtp_on_the_standard_input(configure, relay, pillarbox, home):
    server = relay()
    configure(server, **force())
    session = (b"EHLO web1\r\nMAIL FROM:<www-data@web1>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n" + wire(CRON) +
               b".\r\nQUIT\r\n")
    assert pillarbox("-bs", "-odi", input=session).code == 0
    (message,) = server.wait_messages(1)
    assert message.mail_from == US
    assert fields(message.data)["From"].addresses[0].addr_spec == US


@pytest.mark.parametrize("identity, sender", [("keep", ""), ("qualify", ""), ("force", US)])
def test_the_null_sender(configure, relay, pillarbox, identity, sender):
    server = relay()
    configure(server, identity=identity, **{"from": US})
    assert pillarbox("-odi", "-f", "<>", "bob@example.net", input=whole()).code == 0
    assert server.messages[0].mail_from == sender


@pytest.mark.parametrize("identity, sender, author", [("qualify", "", US), ("force", US, US)])
def test_a_report_goes_to_the_sender_that_was(configure, relay, pillarbox, home, identity, sender, author):
    server = relay(refuse={"eve@example.net": "550 5.1.1 no such user"})
    configure(server, identity=identity, **{"from": US})
    assert pillarbox("-odq", "-f", "bob@other.example", "eve@example.net", input=whole()).code == 0
    home.run("--flush")
    assert home.wait_empty()
    (report,) = server.messages
    assert (report.mail_from, report.rcpt_tos) == (sender, ["bob@other.example"])
    assert [(one.display_name, one.addr_spec) for one in fields(report.data)["From"].addresses] == [
        ("Mail Delivery System", author)]
    assert fields(report.data)["Auto-Submitted"] == "auto-replied"


def test_a_relay_that_refuses_the_null_sender(configure, relay, pillarbox, home):
    server = relay(refuse_from={"": "550 5.7.1 no null senders"})
    configure(server, identity="qualify", **{"from": US})
    assert pillarbox("-odq", "-f", "<>", "bob@example.net", input=CRON).code == 0
    result = home.run("--flush")
    assert server.messages[0].mail_from == US, result.err
    assert fields(server.messages[0].data)["From"].addresses[0].addr_spec == US


def test_a_relay_without_8bitmime(configure, relay, pillarbox):
    server = relay(eightbit=False)
    configure(server, **force())
    body = "Grüße\n".encode()
    assert pillarbox("-odi", "-f", "root", "bob@example.net", input=CRON.split(b"\n\n")[0] + b"\n\n" + body).code == 0
    (message,) = server.messages
    assert message.data.isascii() and message.mail_from == US
    assert f"SIZE={len(message.data)}" in message.mail_options
    assert fields(message.data)["From"].addresses[0].display_name == "root (Cron Daemon)"
    assert fields(message.data).get_content() == "Grüße\r\n"


def test_the_backlog_is_mended(configure, relay, pillarbox, home):
    server = relay(refuse_from={"root@web1": "450 4.7.1 not yours"})
    configure(server)
    assert pillarbox("-odq", "-f", "root", "bob@example.net", input=CRON).code == 0
    before = home.entries[0].read_bytes()
    home.run("--flush")
    assert server.messages == [] and home.entries[0].read_bytes().startswith(before)
    configure(server, **force())
    make_due(home.entries[0])
    home.run("--flush")
    (message,) = server.messages
    assert message.mail_from == US and home.entries == []
    assert fields(message.data)["From"].addresses[0].addr_spec == US


def test_masquerade(configure, relay, pillarbox):
    server = relay()
    configure(server, masquerade=["*.internal.example=example.com"])
    body = whole().replace(b"alice@example.com", b"alice@db.internal.example")
    assert pillarbox("-odi", "-f", "alice@db.internal.example", "bob@example.net", input=body).code == 0
    (message,) = server.messages
    assert message.mail_from == "alice@example.com" and message.data == wire(whole())


def test_the_relay_is_chosen_by_the_sender_that_was(home, relay, pillarbox):
    first, second = relay(), relay()
    home.configure(first=at(first, senders=["*@a.example"], **force()),
                   second=at(second, senders=["alerts@example.com"]), hostname="web1")
    assert pillarbox("-odi", "-f", "x@b.a.example", "--relay", "second", "bob@example.net", input=whole()).code == 0
    assert pillarbox("-odi", "-f", "x@a.example", "bob@example.net", input=whole()).code == 0
    assert [message.mail_from for message in first.messages] == ["x@a.example"]
    assert [message.mail_from for message in second.messages] == ["x@b.a.example"]


def test_the_log_says_so(home, relay, pillarbox):
    server = relay()
    home.configure(work=at(server, **force()), hostname="web1", log="stderr")
    signed = b"DKIM-Signature: v=1; d=a.example; h=From:To; b=x\n" + CRON.replace(b"root (", b"root@web1 (")
    assert pillarbox("-odq", "-f", "root", "bob@example.net", input=signed).code == 0
    line = home.run("--flush").err
    assert f"from=<{US}>, orig-from=<root@web1>, rewritten=From, broken=DKIM-Signature, message-id=<" in line
    assert pillarbox("-odq", "-f", US, "bob@example.net", input=CRON).code == 0
    found = json.loads(home.run("--flush", "--json").err)
    assert (found["from"], found["rewritten"]) == (US, "From") and "orig-from" not in found and "broken" not in found
    assert b"\r\nDKIM-Signature: v=1; d=a.example; h=From:To; b=x\r\n" in b"\r\n" + server.messages[0].data


def test_the_log_says_nothing_without_need(home, relay, pillarbox):
    home.configure(work=at(relay(), **force(senders=["alice@example.com"])), log="stderr")
    assert pillarbox("-odq", "-f", "alice@example.com", "bob@example.net", input=whole()).code == 0
    assert "from=<alice@example.com>, message-id=" in home.run("--flush").err


def test_verbose_says_so(configure, relay, pillarbox):
    configure(relay(), **force())
    result = pillarbox("-v", "-odi", "-f", "root", "bob@example.net", input=CRON)
    assert result.code == 0
    assert f"envelope: <root@web1> becomes <{US}>: it is an address of this host" in result.err
    assert f"From: <root@web1> becomes <{US}>: it is an address of this host" in result.err


@pytest.mark.parametrize("body", [b"plain\n", b"x" * 2000 + b"\n", "Grüße\n".encode()])
def test_a_dry_run_shows_what_is_sent(configure, relay, pillarbox, body):
    server = relay()
    configure(server, **force())
    message = CRON.split(b"\n\n")[0] + b"\n\n" + body
    result = pillarbox("--dry-run", "--explain", "-f", "root", "bob@example.net", input=message)
    assert result.code == 0 and result.out.startswith(b"MAIL FROM:<alerts@example.com>")
    assert f"From: <root@web1> becomes <{US}>" in result.err and f"envelope: <root@web1> becomes <{US}>" in result.err
    assert pillarbox("-odi", "-f", "root", "bob@example.net", input=message).code == 0
    assert server.messages[0].data == result.out.split(b"\n\n", 1)[1]


def test_user_is_the_address_when_from_is_missing(configure, relay, pillarbox):
    server = relay()
    configure(server, identity="force")
    assert pillarbox("-odi", "-f", "root", "bob@example.net", input=CRON).code == 0
    assert server.messages[0].mail_from == "alice@example.com"


def test_no_address_is_an_error_with_its_line(home, pillarbox):
    home.configure(work={"host": "h", "user": "alice", "password": "sesame", "identity": "force"})
    result = pillarbox("bob@example.net", input=CRON)
    assert result.code == 78 and re.search(r"\.conf:\d+: relay \"work\": identity needs an address", result.err)
    assert result.err.count("\n") == 1


def test_check_of_an_address_that_is_known_to_no_relay(configure, relay, pillarbox):
    configure(relay(), identity="qualify", **{"from": "alerts@web1"})
    result = pillarbox("--check")
    assert result.code == 78 and 'relay "work": senders become <alerts@web1>' in result.err
    configure(relay(), identity="qualify", **{"from": US})
    assert "senders become" not in pillarbox("--check").err


def test_a_header_from_elsewhere_that_never_ends(configure, relay, home):
    """Delivery believes no entry: this one has a header of 6 MiB."""
    server = relay()
    configure(server, **force())
    message = b"From: root\r\n" + (b"X: " + b"x" * 900 + b"\r\n") * 7000
    entry = f"pillarbox 1\nfrom <root@web1>\nto <bob@example.net>\nsize {len(message)}\n\n".encode() + message
    home.spool.mkdir(exist_ok=True)
    assert home.run("--queue", str(home.spool), name="pillarbox-queue", input=entry).code == 0
    home.run("--flush")
    assert [one.mail_from for one in server.messages] == [US]   # the report
    assert b"header too large" in server.messages[0].data
