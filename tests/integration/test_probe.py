"""--probe: what is said of a relay, and that nothing is sent to it."""

import json
import re
import time

import pytest
from home import at
from mail import whole
from peer import CLOSE, USUAL

TO = "bob@example.net"
STREAMING = "250-peer.example.com\n250-SIZE 1000000\n250-PIPELINING\n250-CHUNKING\n250 AUTH LOGIN PLAIN"
BEFORE = "250-peer.example.com\n250-XCLEAR yes\n250 STARTTLS"


@pytest.fixture
def probed(home):
    """probed(*arguments): the exit code, and the objects of --json; the text says the same."""
    def run(*arguments, text=()):
        result = home.run("--probe", *arguments)
        assert result.err == "" and result.out.decode("ascii", "replace").isprintable() is False
        for word in text:
            assert word in result.out.decode(), result.out.decode()
        found = home.run("--probe", "--json", *arguments)
        assert found.err == "" and found.code == result.code, (result, found)
        assert home.leaks() == [] and home.entries == []
        return found.code, [json.loads(line) for line in found.out.splitlines()]
    return run


def said(server):
    server.quiet()
    return [line.split(b" ")[0] for line in server.sessions[-1]]


def test_all_that_is_there_to_know(home, peer, certs, probed):
    server = peer({"EHLO": [BEFORE, STREAMING]}, tls="starttls", certificate="chained")
    home.configure(work=at(server), max_size="900K")
    code, (found,) = probed(text=[
        'relay "work"\n', "  host         127.0.0.1\n", f"  port         {server.port}\n", "TLS1.3 AES-256-GCM",
        "CN=chained", "CN=middle", " days left", f'    tls-pin = {{"{certs.pin("chained")}"}}\n',
        "  before TLS   XCLEAR yes\n", "  offers       CHUNKING\n", "  at most      1000000\n",
        "  sends by     BDAT, without waiting for answers\n", "  login by     PLAIN\n"])
    assert code == 0 and server.received == []
    assert said(server) == [b"EHLO", b"STARTTLS", b"EHLO", b"AUTH", b"QUIT"]
    own, middle = found.pop("certificates")
    assert own["pin"] == certs.pin("chained") and middle["pin"] == certs.pin("middle")
    assert (own["subject"], own["issuer"], middle["subject"]) == ("CN=chained", "CN=middle", "CN=middle")
    assert own["from"] <= time.time() and 29 < (own["until"] - time.time()) / 86400 < 30
    assert 0 < found.pop("round_trip_us") < 1_000_000
    assert found == {
        "relay": "work", "host": "127.0.0.1", "port": server.port, "tls": "starttls", "address": "127.0.0.1",
        "session": "TLS1.3 AES-256-GCM", "before_tls": ["XCLEAR yes", "STARTTLS"],
        "offers": ["SIZE 1000000", "PIPELINING", "CHUNKING", "AUTH LOGIN PLAIN"], "size": 1000000,
        "sends": "BDAT, without waiting for answers", "login": "PLAIN", "code": 0}


@pytest.mark.parametrize("ehlo, sends", [
    ("250 AUTH PLAIN", "command by command"), ("250-PIPELINING\n250 AUTH PLAIN", "DATA, the next"),
    ("250-CHUNKING\n250 AUTH PLAIN", "command by command")])
def test_how_it_would_send(home, peer, probed, ehlo, sends):
    home.configure(work=at(peer({"EHLO": "250-peer\n" + ehlo})))
    code, (found,) = probed()
    assert code == 0 and found["sends"].startswith(sends)


# What is wrong with a relay, the status, and words of the line that says so.
BROKEN = {
    "password": ({"AUTH": "535 5.7.8 wrong"}, {}, 77, ["login refused: 535 5.7.8 wrong", "check user and password"]),
    "not now": ({"AUTH": "454 4.7.0 later"}, {}, 75, ["login not possible now: 454"]),
    "mechanism": ({"EHLO": "250-peer\n250 AUTH GSSAPI"}, {}, 77, ["offers only AUTH GSSAPI", "PLAIN, LOGIN"]),
    "no AUTH": ({"EHLO": "250 peer"}, {}, 77, ["offers no AUTH", "submission port"]),
    "greeting": ({"GREETING": "554 5.7.1 not you"}, {}, 69, ["554 5.7.1 not you"]),
    "greeting later": ({"GREETING": "421 4.3.2 busy"}, {}, 75, ["421 4.3.2 busy"]),
    "mute": ({"GREETING": CLOSE}, {}, 75, ["127.0.0.1"]),
    "silent": ({"GREETING": 5.0}, {"timeout": "1s"}, 75, ["no answer within 1 s"]),
    "away": ({}, {"host": "127.0.0.9"}, 75, ["cannot connect to 127.0.0.9", "Connection refused"]),
    "unknown": ({}, {"host": "x" * 64 + ".invalid"}, 75, ["cannot resolve"]),
    "password file": ({}, {"password": None, "password_file": "/nonexistent"}, 78, ["password-file /nonexistent"]),
    "CA": ({}, {"tls_ca_file": "/nonexistent"}, 78, ["/nonexistent"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken(home, peer, probed, case):
    script, settings, status, words = BROKEN[case]
    server = peer(script)
    home.configure(work=at(server, **settings))
    code, (found,) = probed()
    assert (code, found["code"]) == (status, status), found
    assert all(word in found["problem"] for word in words), found
    assert server.received == []


@pytest.mark.parametrize("certificate, word", [
    ("expired", "must renew it"), ("self-signed", "tls-ca-file"), ("wrong-name", "check host"),
    ("rsa-1024", "stronger key")])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_certificate_that_is_not_trusted_is_shown(home, peer, certs, probed, tls, certificate, word):
    server = peer(tls=tls, certificate=certificate)
    home.configure(work=at(server))
    code, (found,) = probed(text=["PROBLEM", f'tls-pin = {{"{certs.pin(certificate)}"}}'])
    assert code == 69 and word in found["problem"]
    assert found["certificates"][0]["pin"] == certs.pin(certificate)
    assert b"AUTH" not in said(server)
    # and by the line that it prints, the relay is trusted
    home.configure(work=at(server, tls_trust="pin", tls_pin=[found["certificates"][0]["pin"]], tls_ca_file=None))
    if tls == "implicit":
        assert probed()[0] == 0


def test_another_pin(home, peer, certs, probed):
    home.configure(work=at(peer(), tls_pin=[certs.pin("named")]))
    code, (found,) = probed()
    assert code == 69 and certs.pin("good") in found["problem"] and certs.pin("named") in found["problem"]


def test_no_starttls(home, peer, probed):
    home.configure(work=at(peer({"EHLO": "250 peer"}, tls="starttls")))
    code, (found,) = probed()
    assert code == 69 and "does not start TLS" in found["problem"] and found["tls"] == "starttls"


def test_every_relay_in_turn_and_one(home, peer, probed):
    good, bad = peer(), peer({"AUTH": "535 5.7.8 wrong"})
    home.configure(first=at(good), second=at(bad), third=at(good))
    code, found = probed()
    assert code == 77 and [one["relay"] for one in found] == ["first", "second", "third"]
    assert [one["code"] for one in found] == [0, 77, 0]
    code, found = probed("third")
    assert code == 0 and [one["relay"] for one in found] == ["third"]


def test_hosts_that_are_away(home, peer, probed):
    server = peer()
    home.configure(work=at(server, host=["127.0.0.9", "127.0.0.1"]))
    code, (found,) = probed(text=["  not there    cannot connect to 127.0.0.9"])
    assert code == 0 and found["host"] == "127.0.0.1" and len(found["away"]) == 1


def test_remarks(home, peer, probed):
    home.configure(work=at(peer({"EHLO": "250-peer\n250 SIZE 1000"}, tls="none")))
    code, (found,) = probed()
    assert code == 0
    assert any("max-size = \"1000\"" in one for one in found["remarks"])
    assert any("there is no TLS" in one for one in found["remarks"])


def test_what_a_server_says_moves_no_cursor(home, peer):
    server = peer({"EHLO": b"250-peer\r\n250-X\x1b[2J\xc2\x9b\xff\r\n250 AUTH PLAIN\r\n"})
    home.configure(work=at(server))
    result = home.run("--probe")
    assert result.code == 0 and not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2\x9b", result.out), result.out
    found = home.run("--probe", "--json")
    assert json.loads(found.out)["offers"][0] == "(not UTF-8)"


def test_a_long_list(home, peer, probed):
    ehlo = "\n".join(["250-peer", *(f"250-X{n} {'y' * 500}" for n in range(20)), "250 AUTH PLAIN"])
    home.configure(work=at(peer({"EHLO": ehlo})))
    code, (found,) = probed()
    assert code == 0 and found["login"] == "PLAIN" and len(found["offers"]) == 21


def test_a_pause_is_not_looked_at(home, peer, pillarbox):
    server = peer({"AUTH": "535 5.7.8 wrong"})
    home.configure(work=at(server))
    assert "535" in pillarbox("-odi", TO, input=whole()).err
    server.script = dict(USUAL)
    assert home.run("--probe").code == 0
    assert len(home.entries) == 1 and server.received == []


@pytest.mark.parametrize("arguments, code, words", [
    (["nobody"], 78, "nobody"), (["one", "two"], 64, "--probe takes one relay"), (["--force"], 64, "--force")])
def test_how_it_is_called(home, peer, arguments, code, words):
    home.configure(work=at(peer()))
    result = home.run("--probe", *arguments)
    assert result.code == code and words in result.err and result.out == b""


def test_the_dialogue(home, peer):
    home.configure(work=at(peer()))
    result = home.run("--probe", "-v")
    assert result.code == 0 and "S: 250 AUTH PLAIN LOGIN" in result.err and "EHLO" in result.err
    assert home.leaks() == []
