"""Whom a relay's certificate proves it to be, by which settings; and that nobody else hears a password."""

import re
import ssl

import pytest
from home import at
from mail import whole
from proxy import Proxy

TO = "bob@example.net"
TLS = ("implicit", "starttls")


@pytest.fixture
def tried(home, peer, pillarbox):
    """tried(certificate, **settings): send one message; what was said, and whether it arrived. A server that was not
    trusted has heard no word of a login or of a message."""
    def run(certificate, tls="implicit", **settings):
        server = peer(tls=tls, certificate=certificate)
        home.configure(work=at(server, **settings))
        result = pillarbox("-odi", TO, input=whole())
        said = b"\n".join(line for lines in server.sessions for line in lines)
        if not server.received:
            assert b"AUTH" not in said and b"MAIL" not in said, said
            assert len(home.entries) == 1 and result.code == 0
            assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err), result.err
        else:
            assert (result.code, result.err, home.entries) == (0, "", [])
        return result.err, bool(server.received)
    return run


@pytest.mark.parametrize("certificate, host, good", [
    ("named", "relay.test", True),
    ("named", "mx.relay.test", True),
    ("named", "MX.Relay.Test", True),
    ("named", "a.mx.relay.test", False),
    ("named", "relay.test.", None),
    ("star-test", "relay.test", False),
    ("star-part", "relay.test", False),
    ("star-deep", "mx.relay.test", False),
    ("star-all", "localhost", False),
    ("star-all", "relay.test", False),
])
def test_names_and_stars(tried, certificate, host, good):
    with Proxy("socks5h") as proxy:
        said, arrived = tried(certificate, host=host, proxy=proxy.url)
    assert arrived == good or good is None, said
    assert arrived or "certificate of" in said and "check host" in said


# Pins

@pytest.mark.parametrize("tls", TLS)
def test_a_pin(tried, certs, tls):
    said, arrived = tried("good", tls, tls_pin=[certs.pin("named"), certs.pin("good")])
    assert arrived, said


@pytest.mark.parametrize("settings", [{}, {"tls_trust": "pin", "tls_ca_file": None}])
@pytest.mark.parametrize("tls", TLS)
def test_another_key(tried, certs, tls, settings):
    old, other = certs.pin("named"), certs.pin("stranger")
    said, arrived = tried("good", tls, tls_pin=[old, other], **settings)
    assert not arrived
    assert f'write tls-pin = {{"{certs.pin("good")}"}} instead of {{"{old}", "{other}"}}' in said, said


@pytest.mark.parametrize("certificate", ["expired", "self-signed", "wrong-name", "cn-only", "rsa-1024"])
def test_a_pin_is_asked_for_besides_an_authority(tried, certs, certificate):
    said, arrived = tried(certificate, host="localhost", tls_pin=[certs.pin(certificate)])
    assert not arrived and "the certificate of" in said


@pytest.mark.parametrize("certificate", ["self-signed", "expired", "wrong-name", "wrong-purpose"])
@pytest.mark.parametrize("tls", TLS)
def test_a_pin_alone(tried, certs, tls, certificate):
    said, arrived = tried(certificate, tls, tls_pin=[certs.pin(certificate)], tls_trust="pin", tls_ca_file=None)
    assert arrived, said


def test_sixteen_pins_are_told_in_one_line(tried, certs):
    pins = [f"sha256//{n:043d}=".replace("0=", "A=") for n in range(0, 160, 10)]
    said, arrived = tried("good", tls_pin=pins)
    assert not arrived and certs.pin("good") in said


# Lists of revocations, and versions

@pytest.mark.parametrize("certificate, crl, words", [
    ("good", "crl", None),
    ("revoked", "crl", "revoked"),
    ("good", "stale", "fetch tls-crl-file anew"),
])
@pytest.mark.parametrize("tls", TLS)
def test_revocation(tried, certs, tls, certificate, crl, words):
    said, arrived = tried(certificate, tls, tls_crl_file=certs.certificate(crl))
    assert arrived == (words is None) and (words or "") in said, said


@pytest.mark.parametrize("content", [None, b"", b"no list at all\n"])
def test_a_list_that_is_none(tried, home, content):
    path = home.folder / "crl.pem"
    if content is not None:
        path.write_bytes(content)
    said, arrived = tried("good", tls_crl_file=path)
    assert not arrived and f"tls-crl-file {path}" in said


@pytest.mark.parametrize("tls", TLS)
@pytest.mark.parametrize("minimum, most, arrives", [
    ("1.2", "TLSv1_2", True), ("1.3", "TLSv1_3", True), ("1.3", "TLSv1_2", False), ("1.2", "TLSv1_1", False)])
def test_minimum(home, peer, pillarbox, tls, minimum, most, arrives):
    server = peer(tls=tls)
    server.context.minimum_version = ssl.TLSVersion.TLSv1
    server.context.maximum_version = ssl.TLSVersion[most]
    home.configure(work=at(server, tls_minimum=minimum))
    result = pillarbox("-odi", TO, input=whole())
    assert bool(server.received) == arrives
    assert arrives or "TLS" in result.err and ("1.3" in result.err) == (minimum == "1.3"), result.err
