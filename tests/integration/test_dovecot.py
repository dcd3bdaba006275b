"""LMTP to a server nobody here wrote: a real Dovecot, over its socket and over TCP, to the byte."""

import os

import pytest
from dovecot_lmtp import Dovecot
from home import can_mount
from mail import EIGHT_BIT, sized, whole, wire

MESSAGES = {"small": whole(), "dots": whole(b".\n..\n.dot\n.\n"), "5 MB": sized(5_000_000),
            "8-bit": whole("Gr\u00fc\u00dfe\n".encode() * 1000, EIGHT_BIT), "no body": whole(b"")}


@pytest.fixture(scope="module")
def dovecot():
    """Whoever asks for it without being root is told so at the end of the run."""
    if os.geteuid() != 0 or not can_mount():
        pytest.skip("Dovecot runs in a mount namespace of its own: run these tests as root")
    with Dovecot() as running:
        yield running


@pytest.fixture(params=["socket", "TCP"])
def way(request, dovecot):
    place = {"host": str(dovecot.path)}
    if request.param == "TCP":
        place = {"host": "127.0.0.1", "port": dovecot.port, "tls": "none"}
    return {"protocol": "lmtp", **place, "timeout": "10s"}


@pytest.mark.parametrize("case", MESSAGES)
def test_every_byte_arrives(home, pillarbox, dovecot, way, case):
    home.configure(work=way)
    before = len(dovecot.mail("bob"))
    result = pillarbox("-odi", "-f", "alice@example.com", "bob@example.net", input=MESSAGES[case])
    assert (result.code, result.out, result.err) == (0, b"", "")
    (got,) = dovecot.mail("bob")[before:]
    assert got.replace(b"\n", b"\r\n") == wire(MESSAGES[case])
    assert home.entries == []


def test_each_recipient_has_an_answer_of_its_own(home, pillarbox, dovecot, way):
    home.configure(work=way)
    before = len(dovecot.mail("bob")), len(dovecot.mail("dan"))
    to = [f"{name}@example.net" for name in ("bob", "nobody", "carol", "dan")]
    assert pillarbox("-odq", "-f", "alice@example.com", *to, input=whole()).code == 0
    result = pillarbox("--flush")
    assert result.code == 75, result
    assert "<nobody@example.net> refused: 550 5.1.1" in result.err
    assert "<carol@example.net> deferred: 451 4.2.0" in result.err
    assert (len(dovecot.mail("bob")), len(dovecot.mail("dan"))) == (before[0] + 1, before[1] + 1)
    assert [entry["queue_name"] for entry in home.list()] == ["deferred"]
    home.run("--flush", "--force")
    assert (len(dovecot.mail("bob")), len(dovecot.mail("dan"))) == (before[0] + 1, before[1] + 1), "twice"


def test_many_queued_then_flushed(home, pillarbox, dovecot, way):
    home.configure(work=way)
    before = len(dovecot.mail("dan"))
    for number in range(10):
        assert pillarbox("-odq", "dan@example.net", input=sized(2000, number)).code == 0
    result = pillarbox("--flush")
    assert (result.code, result.err) == (0, "")
    assert len(dovecot.mail("dan")) == before + 10
