"""Relays that are found by SRV records: which is tried, what is not believed, and how long it may take."""

import re
import time

import pytest
from dns import SRV, NameServer
from home import at, can_mount
from mail import whole, wire

TO = "bob@example.net"
SUBMISSIONS, SUBMISSION = "_submissions._tcp.relay.test", "_submission._tcp.relay.test"


@pytest.fixture
def names():
    if not can_mount():
        pytest.skip("a name server of our own needs port 53 and a mount namespace: run these tests as root")
    with NameServer() as server:
        server.a["mx.relay.test"] = server.a["relay.test"] = "127.0.0.1"
        server.a["away.relay.test"] = "127.0.0.9"
        server.a["mx.evil.test"] = server.a["notrelay.test"] = "127.0.0.1"
        yield server


@pytest.fixture
def configured(home):
    def configure(server, **changes):
        home.configure(work=at(server, host=None, port=None, tls=None, srv="relay.test", **changes))
    return configure


@pytest.fixture
def send(home, names):
    def run(*words):
        result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
        assert (result.code, result.out) == (0, b"")
        assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err) if words else result.err == "", result.err
        for word in words:
            assert word in result.err, f"{word!r} not in {result.err!r}"
        assert len(home.entries) == (1 if words else 0)
    return run


def asked(names):
    return [name for name, kind in names.asked if kind == SRV]


@pytest.mark.parametrize("tls, service, questions", [
    ("implicit", SUBMISSIONS, [SUBMISSIONS]), ("starttls", SUBMISSION, [SUBMISSIONS, SUBMISSION])])
def test_a_relay_is_found(relay, names, configured, send, tls, service, questions):
    server = relay(tls=tls, certificate="named")
    names.srv[service] = [(0, 1, server.port, "mx.relay.test")]
    configured(server)
    send()
    assert [message.data for message in server.messages] == [wire(whole())]
    assert asked(names) == questions


@pytest.mark.parametrize("target", ["mx.relay.test", "MX.Relay.TEST", "relay.test"])
def test_a_target_within_the_domain(relay, names, configured, send, target):
    server = relay(certificate="named")
    names.srv[SUBMISSIONS] = [(0, 0, server.port, target)]
    configured(server)
    send()
    assert len(server.messages) == 1


def test_they_are_tried_by_priority(relay, names, configured, send):
    server, spare = relay(certificate="named"), relay(certificate="named")
    names.srv[SUBMISSIONS] = [(30, 9, spare.port, "mx.relay.test"), (20, 9, server.port, "mx.relay.test"),
                              (10, 0, server.port, "away.relay.test")]
    configured(server)
    send()
    assert (len(server.messages), spare.connections) == (1, 0)


def test_none_is_there(relay, names, configured, send):
    server = relay(certificate="named")
    names.srv[SUBMISSIONS] = [(1, 0, server.port, "away.relay.test"), (2, 0, 1, "mx.relay.test")]
    configured(server)
    send("cannot connect to mx.relay.test port 1", "(2 hosts were tried)")


@pytest.mark.parametrize("target", ["mx.evil.test", "notrelay.test", "relay.test.evil.test"])
@pytest.mark.parametrize("tls, service", [("implicit", SUBMISSIONS), ("starttls", SUBMISSION)])
def test_no_password_goes_elsewhere(relay, names, configured, send, target, tls, service):
    names.a["relay.test.evil.test"] = "127.0.0.1"
    server = relay(tls=tls)
    names.srv[service] = [(0, 0, server.port, target)]
    configured(server)
    send(f'relay.test submits by {target}', f'write host = "{target}" instead of srv')
    assert server.connections == 0


def test_a_stranger_among_them_is_left_out(relay, names, configured, send):
    server, stranger = relay(certificate="named"), relay()
    names.srv[SUBMISSIONS] = [(0, 0, stranger.port, "mx.evil.test"), (1, 0, server.port, "mx.relay.test")]
    configured(server)
    send()
    assert (len(server.messages), stranger.connections) == (1, 0)


def test_the_certificate_is_that_of_the_target(relay, names, configured, send):
    server = relay(certificate="good")
    names.srv[SUBMISSIONS] = [(0, 0, server.port, "mx.relay.test")]
    configured(server)
    send("certificate of mx.relay.test")
    assert server.logins == []


@pytest.mark.parametrize("records", [{}, {SUBMISSIONS: [(0, 0, 0, ".")], SUBMISSION: [(0, 0, 0, ".")]}, {SUBMISSIONS: []}])
def test_there_is_no_service(relay, names, configured, send, records):
    names.srv.update(records)
    configured(relay())
    send("relay.test has no SRV record for submission", 'write host = "..."')
    assert asked(names) == [SUBMISSIONS, SUBMISSION]


def test_no_service_by_tls_from_the_first_byte(relay, names, configured, send):
    server = relay(tls="starttls", certificate="named")
    names.srv.update({SUBMISSIONS: [(0, 0, 0, ".")], SUBMISSION: [(0, 0, server.port, "mx.relay.test")]})
    configured(server)
    send()
    assert len(server.messages) == 1


def test_a_name_server_that_fails(relay, names, configured, send):
    names.status = 2
    configured(relay())
    send("no answer from a name server about " + SUBMISSIONS)


FOREIGN = b"\xc0\x0c\0\x21\0\1\0\0\0\0"


@pytest.mark.parametrize("answer, words", [
    (b"\0\5", "makes no sense"),
    (b"\0\1" + FOREIGN + b"\xff\xff\0", "makes no sense"),
    (b"\0\1" + FOREIGN + b"\0\x08\0\0\0\0\0\1\xc0\xff", "no SRV record"),
    (b"\0\1" + FOREIGN + b"\0\x0f\0\0\0\0\0\1\7a/b@c:d\0", "no SRV record"),
    (b"\0\1" + FOREIGN + b"\0\x13\0\0\0\0\0\1\5a\r\nbc\5relay\0", "no SRV record"),
])
def test_a_name_server_that_talks_nonsense(relay, names, configured, send, answer, words):
    names.odd = lambda question: question[:2] + b"\x85\x80\0\1" + answer[:2] + b"\0\0\0\0" + question[12:] + answer[2:]
    configured(relay())
    send(words)


@pytest.mark.parametrize("where", ["srv", "address"])
def test_a_name_server_that_is_silent(home, relay, names, send, configured, where):
    names.silent = True
    server = relay()
    home.configure(foreground_timeout="3s", work=at(server, host="mx.relay.test") if where == "address" else
                   at(server, host=None, port=None, tls=None, srv="relay.test"))
    begin = time.monotonic()
    send("no answer from a name server about " + SUBMISSIONS if where == "srv" else
         "the time for a try in the foreground (3s) is over")
    assert time.monotonic() - begin < 5
