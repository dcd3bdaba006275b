"""The main path to a server nobody here wrote: a real Postfix, by STARTTLS and by implicit TLS, to the byte."""

import json

import pytest
from home import at
from mail import EIGHT_BIT, fields, sized, whole, wire
from postfix import LATER, REFUSED, without_trace

MESSAGES = {
    "small": whole(),
    "2 KB": sized(2000),
    "100 KB": sized(100_000),
    "5 MB": sized(5_000_000),
    "dots": whole(b".\n..\n.dot\n...three\n\n.\n"),
    "many dots": whole(b".\n" * 200_000),
    "8-bit": whole("Gr\u00fc\u00dfe, \u65e5\u672c\u8a9e\n.\u00e9\n".encode() * 1000, EIGHT_BIT),
    "longest lines": whole((b"x" * 998 + b"\n") * 100),
    "no body": whole(b""),
}


@pytest.fixture(params=["starttls", "implicit"])
def way(request, postfix):
    """The settings of a relay that is the Postfix."""
    port = postfix.submission_port if request.param == "starttls" else postfix.submissions_port
    return at(postfix, port=port, tls=request.param, timeout="10s")


@pytest.fixture
def arrived(postfix):
    """arrived(n): what Postfix has passed on since the test began, as soon as that is n messages."""
    postfix.wait_idle()     # with what another test left
    before = len(postfix.messages)
    return lambda count: postfix.wait_messages(before + count)[before:]


@pytest.mark.parametrize("case", MESSAGES)
def test_every_byte_arrives(home, way, arrived, pillarbox, case):
    home.configure(work=way)
    result = pillarbox("-odi", "-t", "-f", "alice@example.com", input=MESSAGES[case])
    assert (result.code, result.out, result.err) == (0, b"", "")
    (message,) = arrived(1)
    assert without_trace(message.data) == wire(MESSAGES[case])
    assert (message.mail_from, message.rcpt_tos) == ("alice@example.com", ["bob@example.net"])
    assert home.entries == []


def test_background_with_all_that_can_be_missing(home, way, arrived, pillarbox):
    home.configure(work=way, hostname="host.example.org")
    message = ("To: bob@example.net\nBcc: secret@example.net,\n\tother@example.net\n"
               "Subject: hello\n\nGr\u00fc\u00dfe\n.dot\n").encode()
    result = pillarbox("-t", "-f", "alice@example.com", input=message)
    assert (result.code, result.out, result.err) == (0, b"", "")
    (got,) = arrived(1)
    assert sorted(got.rcpt_tos) == ["bob@example.net", "other@example.net", "secret@example.net"]
    seen = fields(without_trace(got.data))
    assert seen["From"].addresses[0].addr_spec == "alice@example.com"
    assert seen["Date"] and seen["Message-ID"] and "Bcc" not in seen and b"secret" not in got.data
    assert got.data.endswith("\r\n\r\nGr\u00fc\u00dfe\r\n.dot\r\n".encode())
    assert home.wait_empty()


def test_many_queued_then_flushed(home, way, arrived, pillarbox):
    home.configure(work=way)
    messages = [sized(2000, number) for number in range(10)]
    for message in messages:
        assert pillarbox("-odq", "bob@example.net", input=message).code == 0
    result = pillarbox("--flush")
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert sorted(without_trace(message.data) for message in arrived(10)) == sorted(map(wire, messages))
    assert home.entries == []


def test_each_recipient_has_an_answer_of_its_own(home, way, arrived, pillarbox):
    home.configure(work=way)
    assert pillarbox("-odq", "bob@example.net", REFUSED, LATER, input=whole()).code == 0
    result = pillarbox("--flush")
    assert result.code == 75 and "550 5.1.1" in result.err and "450 4.2.1" in result.err
    assert [message.rcpt_tos for message in arrived(1)] == [["bob@example.net"]]
    assert [entry["queue_name"] for entry in home.list()] == ["deferred"]


def test_wrong_password(home, way, arrived, pillarbox):
    home.configure(work={**way, "password": "sesame, close"})
    assert pillarbox("-odq", "bob@example.net", input=whole()).code == 0
    result = pillarbox("--flush")
    assert result.code == 75 and result.err.count("\n") == 1
    assert "login" in result.err and "535 5.7.8" in result.err
    home.configure(work=way)
    result = pillarbox("--flush", "--force")
    assert (result.code, result.err) == (0, "")
    assert len(arrived(1)) == 1


def test_probe(home, way, pillarbox):
    home.configure(work=way)
    result = pillarbox("--probe", "--json")
    assert (result.code, result.err) == (0, "")
    found = json.loads(result.out)
    assert found["sends"] == "BDAT, without waiting for answers" and found["login"] == "PLAIN"
    assert found["session"].startswith("TLS1.3") and "CHUNKING" in found["offers"] and found["certificates"]
    assert ("before_tls" in found) == (found["tls"] == "starttls")
