"""Logins: which mechanism is used, what is refused, and what is said of it."""

import pytest
from home import at
from mail import whole

TO = "bob@example.net"


def said(server):
    """What the client said of each login, without its secrets."""
    return [line.split()[1].decode() for lines in server.sessions for line in lines if line.startswith(b"AUTH ")]


@pytest.mark.parametrize("offered, auth, used", [
    ("PLAIN LOGIN", None, "PLAIN"),
    ("LOGIN PLAIN", None, "PLAIN"),
    ("LOGIN CRAM-MD5 DIGEST-MD5", None, "LOGIN"),
    ("PLAIN LOGIN", ["login"], "LOGIN"),
    ("PLAIN LOGIN", ["Login", "Plain"], "PLAIN"),
])
def test_the_strongest_that_both_can(home, peer, pillarbox, offered, auth, used):
    server = peer({"EHLO": f"250-peer\n250 AUTH {offered}",
                   "AUTH": "334 UGFzc3dvcmQ6" if used == "LOGIN" else "235 welcome"})
    home.configure(work=at(server, auth=auth))
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "")
    assert said(server) == [used] and len(server.messages) == 1


@pytest.mark.parametrize("offered, auth", [("PLAIN", "login"), ("LOGIN XOAUTH2", "plain"), ("CRAM-MD5", None)])
def test_nothing_that_both_can(home, peer, pillarbox, offered, auth):
    server = peer({"EHLO": f"250-peer\n250 AUTH {offered}"})
    home.configure(work=at(server, auth=auth))
    result = pillarbox("-odi", TO, input=whole())
    assert result.code == 0 and f"AUTH {offered}" in result.err and len(home.entries) == 1
    assert said(server) == [] and not server.messages
