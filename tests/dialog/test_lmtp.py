"""The ways to a server of LMTP: a Unix socket, where the mailboxes of a host have it, TLS, proxies, several hosts. What it
says is in the table and the cuts."""

import socket
import threading

import pytest
from cases import OFFERS
from peer import Peer
from proxy import Proxy
from stage import BOB, CAROL, DAN, Stage

END = {BOB: "250 2.0.0 bob has it", CAROL: "452 4.2.2 full", DAN: "550 5.2.1 closed"}


def ehlo(offer):
    return f"250-peer.example.com\n{OFFERS[offer]}250 8BITMIME"


@pytest.mark.parametrize("offer", OFFERS)
def test_a_socket(offer, certs, build, scratch):
    folder = scratch()
    folder.mkdir()
    path = folder / "lmtp.sock"
    with Peer(certs, {"EHLO": ehlo(offer), "DOT": END, "LAST": END}, "none", sane=True, lmtp=True, path=path) as peer:
        stage = Stage(folder / "home", build, peer, protocol="lmtp", host=path, port=None, tls=None)
        first, second = stage.put(BOB, CAROL, DAN, body=b".x\r\n"), stage.put(BOB)
        run = stage.flush()
        assert (run.code, stage.fates(first), stage.fates(second)) == (
            75, ["delivered", "deferred", "refused"], ["delivered"]), run
        assert "452 4.2.2 full" in run.err and "550 5.2.1 closed" in run.err
        assert len(peer.sessions) == 1 and peer.sessions[0][0] == b"LHLO h.example"
        stage.judge()


def test_tls(certs, build, scratch):
    with Peer(certs, {"DOT": END}, "implicit", sane=True, lmtp=True) as peer:
        stage = Stage(scratch(), build, peer, protocol="lmtp", tls=None, user=None, password=None)
        letter = stage.put(BOB, DAN)
        assert stage.flush().code == 0 and stage.fates(letter) == ["delivered", "refused"]
        stage.judge()


@pytest.mark.parametrize("certificate", ["wrong-name", "expired", "stranger", "wrong-purpose"])
def test_nothing_is_said_to_a_stranger(certificate, certs, build, scratch):
    with Peer(certs, {}, "implicit", certificate, lmtp=True) as peer:
        stage = Stage(scratch(), build, peer, protocol="lmtp", user=None, password=None)
        letter = stage.put(BOB)
        run = stage.flush()
        assert run.code == 75 and "certificate" in run.err, run
        assert stage.fates(letter) == ["waiting"] and not any(peer.sessions), peer.sessions


@pytest.mark.parametrize("kind", ["socks5h", "http"])
def test_a_proxy(kind, certs, build, scratch):
    with Peer(certs, {}, "none", lmtp=True) as peer, Proxy(kind) as way:
        stage = Stage(scratch(), build, peer, protocol="lmtp", proxy=way.url)
        letter = stage.put(BOB)
        assert stage.flush().code == 0 and stage.fates(letter) == ["delivered"]
        assert len(way.asked) == 1


@pytest.mark.parametrize("silent", [False, True])
def test_the_next_host_is_tried_when_one_says_nothing(silent, certs, build, scratch):
    """Connected, and closed or not: nobody of LMTP is there."""
    with Peer(certs, {}, "none", lmtp=True) as peer, socket.create_server(("127.0.0.9", peer.port)) as away:
        accepted = []
        threading.Thread(target=lambda: accept(away, accepted, silent), daemon=True).start()
        stage = Stage(scratch(), build, peer, protocol="lmtp", host=["127.0.0.9", "127.0.0.1"], timeout="1s")
        letter = stage.put(BOB)
        run = stage.flush()
        assert (run.code, stage.fates(letter), len(accepted)) == (0, ["delivered"], 1), run


def test_one_that_answers_has_decided_for_all(certs, build, scratch):
    with Peer(certs, {"EHLO": "450 4.3.2 not now"}, "none", lmtp=True) as peer:
        stage = Stage(scratch(), build, peer, protocol="lmtp", host=["127.0.0.1", "localhost"])
        letter = stage.put(BOB)
        run = stage.flush()
        assert "says: 450 4.3.2 not now;" in run.err and "hosts were tried" not in run.err
        assert stage.fates(letter) == ["waiting"] and len(peer.sessions) == 1


def accept(listener, accepted, silent):
    connection = listener.accept()[0]
    accepted.append(connection)
    if not silent:
        connection.close()
