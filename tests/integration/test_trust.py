"""Whom a relay's certificate proves it to be, by which settings; and that nobody else hears a password."""

import re

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
