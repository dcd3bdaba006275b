"""Whatever goes wrong between us and the relay: the message is still there, one line says why, no secret is out."""

import base64
import re

import pytest
from home import at
from mail import sized, whole, wire
from peer import CLOSE, RESET, STARTTLS

MESSAGE = whole("Gr\u00fc\u00dfe\n.dot\n".encode())
TO = ("bob@example.net", "carol@example.net", "dave@example.net")


@pytest.fixture
def flush_fails(home, pillarbox):
    """Queue one message for the relay of these settings and flush it: kept, and said in one line with these words."""
    def check(settings, *words):
        home.configure(work=settings)
        queued = pillarbox("-odq", *TO, input=MESSAGE)
        assert (queued.code, queued.out, queued.err) == (0, b"", "")
        result = pillarbox("--flush")
        assert (result.code, result.out) == (75, b"")
        assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err), result.err
        for word in words:
            assert re.search(word, result.err, re.IGNORECASE), f"{word!r} not in {result.err!r}"
        assert [entry["queue_name"] for entry in home.list()] == ["deferred"]
        return result
    return check


@pytest.fixture
def arrives_when_mended(home, relay, pillarbox):
    """The queued message arrives in full, once the configuration names a relay that is in order."""
    def check():
        good = relay()
        home.configure(work=at(good))
        result = pillarbox("--flush", "--force")
        assert (result.code, result.out, result.err) == (0, b"", "")
        assert [(message.data, sorted(message.rcpt_tos)) for message in good.messages] == [(wire(MESSAGE), sorted(TO))]
        assert home.entries == []
    return check


# The relay

RELAYS = {
    "no AUTH offered": ({"auth": False}, ["AUTH"]),
    "no AUTH offered over STARTTLS": ({"auth": False, "tls": "starttls"}, ["AUTH"]),
    "login refused": ({"replies": {"AUTH": "535 5.7.8 Bad credentials"}},
                      ["login", "535 5.7.8 Bad credentials", 'relay "work"', "password"]),
    "login refused in two lines": ({"replies": {"AUTH": "535-5.7.8 Not accepted. Go to\n535 5.7.8 https://x.test"}},
                                   ["login", "535"]),
    "login refused for now": ({"replies": {"AUTH": "454 4.7.0 Temporary failure"}}, ["454 4.7.0 Temporary failure"]),
    "login refused with 451": ({"replies": {"AUTH": "451 Authentication failed"}}, ["451 Authentication failed"]),
    "certificate for another host": ({"certificate": "wrong-name"}, ["certificate"]),
    "certificate of nobody": ({"certificate": "self-signed"}, ["certificate"]),
    "certificate over": ({"certificate": "expired"}, ["certificate"]),
    "certificate over, STARTTLS": ({"certificate": "expired", "tls": "starttls"}, ["certificate"]),
    "421 for a greeting": ({"replies": {"GREETING": "421 4.3.2 too many"}}, ["421"]),
    "554 for a greeting": ({"replies": {"GREETING": "554 5.7.1 not you"}}, ["554"]),
    "421 to MAIL": ({"replies": {"MAIL": "421 4.7.0 try later"}}, ["421 4.7.0 try later"]),
    "421 to RCPT": ({"replies": {"RCPT": "421 4.7.0 try later"}}, ["421 4.7.0 try later"]),
    "421 to DATA": ({"replies": {"DATA": "421 4.7.0 try later"}}, ["421 4.7.0 try later"]),
    "421 to the final dot": ({"replies": {"DOT": "421 4.7.0 try later"}}, ["421 4.7.0 try later"]),
    "hangs up instead of a greeting": ({"drop": "GREETING"}, []),
    "hangs up at MAIL": ({"drop": "MAIL"}, []),
    "hangs up in the message": ({"drop": "BODY"}, []),
    "hangs up after the final dot": ({"drop": "DOT"}, []),
}


@pytest.mark.parametrize("case", RELAYS)
def test_trouble_with_the_relay(relay, flush_fails, arrives_when_mended, case):
    options, words = RELAYS[case]
    server = relay(**options)
    flush_fails(at(server), *words)
    assert server.messages == []
    if "AUTH" in case:
        assert "MAIL" not in server.stages, "went on without a login"
    if "certificate" in case:
        assert server.logins == [] and "AUTH" not in server.stages, "gave the password to a stranger"
    arrives_when_mended()


def test_wrong_password(relay, flush_fails, arrives_when_mended):
    server = relay()
    flush_fails(at(server, password="sesame, close"), "login", "535", 'relay "work"', "1 message")
    assert server.messages == [] and "MAIL" not in server.stages
    arrives_when_mended()


def test_closed_port(relay, flush_fails, arrives_when_mended):
    flush_fails(at(relay(), port=1), "127.0.0.1|connect|refused")
    arrives_when_mended()


def test_unknown_host(relay, flush_fails, arrives_when_mended):
    host = "x" * 64 + ".invalid"  # a label too long to be asked of a name server: nothing leaves this machine
    flush_fails(at(relay(), host=host), host)
    arrives_when_mended()


def test_silence_has_an_end(relay, flush_fails, arrives_when_mended):
    server = relay(stall="GREETING")
    flush_fails(at(server, timeout="1s"), "time|answer")
    server.stall = None
    arrives_when_mended()


def test_no_starttls_offered(relay, flush_fails, arrives_when_mended):
    server = relay(tls="none")
    flush_fails(at(server, tls="starttls"), "TLS")
    assert server.messages == [] and server.logins == [] and "AUTH" not in server.stages
    arrives_when_mended()


PEERS = {
    "STARTTLS refused": {"STARTTLS": "454 4.7.0 TLS not available"},
    "more than asked for, in clear": {"STARTTLS": (b"220 go ahead\r\n250-peer\r\n250 AUTH PLAIN\r\n", STARTTLS)},
    "greeting is no SMTP": {"GREETING": b"HTTP/1.1 400 Bad Request\r\n\r\n"},
    "reply without a code": {"MAIL": b"fine, go on\r\n"},
    "reply that answers another command": {"MAIL": "354 go ahead"},
    "replies to what was not asked": {"MAIL": b"250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n"},
    "taken before it was sent": {"DATA": b"354 go ahead\r\n250 2.0.0 taken\r\n", "DOT": CLOSE},
    "half a reply, then gone": {"DOT": (b"250", CLOSE)},
    "half a reply of several lines": {"DOT": (b"250-taken\r\n", CLOSE)},
    "reset in the message": {"BODY": RESET},
}


@pytest.mark.parametrize("case", PEERS)
def test_a_confused_server_has_taken_nothing(peer, flush_fails, arrives_when_mended, case):
    server = peer(PEERS[case], tls="starttls" if "STARTTLS" in PEERS[case] else "implicit")
    flush_fails(at(server))
    arrives_when_mended()


# A recipient, a message

def test_each_recipient_has_an_answer_of_its_own(home, relay, pillarbox):
    server = relay(refuse={TO[1]: "550 5.1.1 no such person", TO[2]: "452 4.2.2 mailbox full"})
    home.configure(work=at(server))
    assert pillarbox("-odq", *TO, input=MESSAGE).code == 0
    result = pillarbox("--flush")
    assert result.code == 75
    for words in (TO[1], "550 5.1.1 no such person", TO[2], "452 4.2.2 mailbox full"):
        assert words in result.err
    assert TO[0] not in result.err
    assert [message.rcpt_tos for message in server.messages] == [[TO[0]]]
    assert [entry["queue_name"] for entry in home.list()] == ["deferred"]

    del server.refuse[TO[2]]
    pillarbox("--flush", "--force")
    assert [(message.rcpt_tos, message.data) for message in server.messages if message.mail_from] == [
        ([TO[0]], wire(MESSAGE)), ([TO[2]], wire(MESSAGE))]


@pytest.mark.parametrize("stage", ["MAIL", "DATA", "DOT"])
def test_a_message_put_off_stays(home, relay, pillarbox, flush_fails, stage):
    server = relay(replies={stage: "451 4.3.0 try later"})
    flush_fails(at(server), "451 4.3.0 try later")
    server.replies.clear()
    result = pillarbox("--flush", "--force")
    assert (result.code, result.err) == (0, "")
    assert [message.data for message in server.messages] == [wire(MESSAGE)] and home.entries == []


def test_one_refused_message_does_not_stop_the_others(home, relay, pillarbox):
    server = relay(refuse={"refused@example.net": "550 5.1.1 no such person"})
    home.configure(work=at(server))
    for address in ("bob@example.net", "refused@example.net", "carol@example.net"):
        assert pillarbox("-odq", address, input=MESSAGE).code == 0
    pillarbox("--flush")
    assert sorted(message.rcpt_tos for message in server.messages if message.mail_from) == [
        ["bob@example.net"], ["carol@example.net"]]


def test_many_messages_one_relay_trouble_one_line(home, relay, pillarbox):
    server = relay(replies={"AUTH": "535 5.7.8 Bad credentials"})
    home.configure(work=at(server))
    for _ in range(3):
        assert pillarbox("-odq", *TO, input=MESSAGE).code == 0
    result = pillarbox("--flush")
    assert result.code == 75
    assert re.fullmatch(r'pillarbox: relay "work": [^\n]*535 5\.7\.8 Bad credentials[^\n]*\n', result.err)
    assert "3 messages" in result.err
    assert len(home.entries) == 3 and len(server.logins) == 1, "a wrong password is not tried again and again"


def test_too_big_for_the_relay_fails_before_its_body_is_sent(home, relay, pillarbox):
    server = relay(size=50_000)
    home.configure(work=at(server))
    result = pillarbox("-odi", *TO, input=sized(200_000))
    assert result.code == 69 and "DATA" not in server.stages
    assert home.entries == []


@pytest.mark.parametrize("verbose", [[], ["-v"]])
def test_a_server_that_says_the_password(home, relay, verbose):
    """Some quote the command that they refuse; it must not get into the log, the queue and mailq by that."""
    server = relay()
    plain = base64.b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    server.replies["AUTH"] = f'501 5.5.4 what is "AUTH PLAIN {plain}" or {server.password}?'
    home.configure(work=at(server))
    home.run("-odq", "bob@example.net", input=b"Subject: hello\n\nhello\n")
    result = home.run("--flush", *verbose)
    assert result.code == 75 and 'what is "AUTH PLAIN ****" or ****?' in result.err
    listed = home.run("--list").out
    assert server.password.encode() not in listed and plain.encode() not in listed
