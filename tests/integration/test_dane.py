"""TLSA records: which certificates they prove, which they do not, and when they count at all."""

import json
import os
import re
import time

import pytest
from dns import SRV, TLSA, NameServer
from home import at, can_mount
from mail import whole
from mounts import cover

TO = "bob@example.net"
EE, TA, PKIX_EE, PKIX_TA = 3, 2, 1, 0
KINDS = [(selector, matching) for selector in (0, 1) for matching in (0, 1, 2)]


@pytest.fixture
def names():
    if not can_mount():
        pytest.skip("a name server of our own needs port 53 and a mount namespace: run these tests as root")
    with NameServer(trusting=True) as server:
        server.proved = True
        yield server


@pytest.fixture
def tried(home, peer, certs, names):
    """tried(certificate, records, ...): send one message; what was said, and whether it arrived. A server that was not
    trusted has heard no word of a login or of a message."""
    def run(certificate, records, tls="implicit", flag="-i", name_servers=names, authority="other", **settings):
        server = peer(tls=tls, certificate=certificate)
        name_servers.tlsa[f"_{server.port}._tcp.localhost"] = records
        home.configure(work=at(server, **{"host": "localhost", "tls_dane": "prefer",
                                          "tls_ca_file": certs.certificate(authority), **settings}))
        result = home.run("-odi", flag, TO, input=whole(), preexec_fn=name_servers.enter)
        said = b"\n".join(line for lines in server.sessions for line in lines)
        if server.received:
            assert result.code == 0 and home.entries == [], result
            assert flag == "-v" or result.err == "", result.err
        else:
            assert b"AUTH" not in said and b"MAIL" not in said, said
            assert len(home.entries) == 1 and result.code == 0
            assert flag == "-v" or re.fullmatch(r"pillarbox: [^\n]+\n", result.err), result.err
        return result.err, bool(server.received)
    return run


def hexed(record):
    return "{} {} {} {}".format(*record[:3], record[3].hex())


# DANE-EE

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_the_servers_own(tried, certs, kind, tls):
    said, arrived = tried("good", [certs.tlsa(EE, *kind, "good")], tls)
    assert arrived, said


@pytest.mark.parametrize("kind", KINDS)
def test_another_ones(tried, certs, kind):
    said, arrived = tried("good", [certs.tlsa(EE, *kind, "named")])
    assert not arrived and "publish " + hexed(certs.tlsa(EE, 1, 1, "good")) in said, said
    assert "the certificate of localhost is not what its TLSA records say (_" in said


@pytest.mark.parametrize("certificate", ["expired", "self-signed", "wrong-name", "cn-only", "wrong-purpose", "stranger",
                                         "not-yet", "chained"])
def test_nothing_else_is_looked_at(tried, certs, certificate):
    said, arrived = tried(certificate, [certs.tlsa(EE, 1, 1, certificate)])
    assert arrived, said


def test_another_one_of_the_chain_is_not_the_servers(tried, certs):
    said, arrived = tried("chained", [certs.tlsa(EE, 1, 1, "middle")])
    assert not arrived


# DANE-TA

@pytest.mark.parametrize("kind", KINDS)
def test_an_authority_that_is_shown(tried, certs, kind):
    said, arrived = tried(certs.shown_with("good", "ca"), [certs.tlsa(TA, *kind, "ca")])
    assert arrived, said


@pytest.mark.parametrize("kind", KINDS)
def test_an_authority_between(tried, certs, kind):
    said, arrived = tried("chained", [certs.tlsa(TA, *kind, "middle")])
    assert arrived, said


def test_an_authority_above_another(tried, certs):
    said, arrived = tried(certs.shown_with("chained", "ca"), [certs.tlsa(TA, 0, 1, "ca")])
    assert arrived, said


@pytest.mark.parametrize("kind", KINDS)
def test_an_authority_that_is_not_shown(tried, certs, kind):
    said, arrived = tried("good", [certs.tlsa(TA, *kind, "ca")])
    assert arrived == (kind == (0, 0)), said


@pytest.mark.parametrize("certificate, word", [
    ("expired", "expired"), ("wrong-name", "name"), ("not-yet", "not yet"), ("wrong-purpose", "for servers"),
    ("rsa-1024", "weak"), ("cn-only", "subjectAltName"), ("stranger", "issuer is unknown"),
    ("self-signed", "issuer is unknown"), ("ca-leaf", "authority's")])
@pytest.mark.parametrize("kind", [(0, 0), (0, 1), (1, 1)])
def test_an_authority_does_not_vouch_for_all(tried, certs, certificate, word, kind):
    """Also when its certificate stands behind one that it has not signed."""
    said, arrived = tried(certs.shown_with(certificate, "ca"), [certs.tlsa(TA, *kind, "ca")])
    assert not arrived and word in said and f"TLSA 2 {kind[0]} {kind[1]} " in said, said


def test_a_server_is_no_authority(tried, certs):
    said, arrived = tried("good", [certs.tlsa(TA, 1, 1, "good")])
    assert not arrived


def test_an_authority_that_is_trusted_elsewhere_counts_for_nothing(tried, certs):
    said, arrived = tried("good", [certs.tlsa(TA, 1, 1, "other")], authority="ca")
    assert not arrived


@pytest.mark.parametrize("certificate, crl, words", [
    ("good", "crl", None), ("revoked", "crl", "revoked"), ("good", "stale", "fetch tls-crl-file anew")])
@pytest.mark.parametrize("usage", [TA, PKIX_TA, EE])
def test_revocation(tried, certs, certificate, crl, words, usage):
    said, arrived = tried(certs.shown_with(certificate, "ca"),
                          [certs.tlsa(usage, 1, 1, certificate if usage == EE else "ca")],
                          authority="ca", tls_crl_file=certs.certificate(crl))
    assert arrived == (words is None or usage == EE) and (arrived or words in said), said


# PKIX-TA and PKIX-EE

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("usage, about", [(PKIX_EE, "good"), (PKIX_TA, "ca")])
@pytest.mark.parametrize("authority", ["ca", "other"])
def test_besides_an_authority(tried, certs, kind, usage, about, authority):
    """Its own certificate need not be shown."""
    said, arrived = tried("good", [certs.tlsa(usage, *kind, about)], authority=authority)
    assert arrived == (authority == "ca"), said


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("usage, about", [(PKIX_EE, "good"), (PKIX_TA, "ca")])
def test_the_systems_authorities(home, peer, certs, names, usage, about, known):
    """Those that libcurl is told of elsewhere; here they are asked by us."""
    server, bundle = peer(), "/etc/ssl/certs/ca-certificates.crt"
    if not os.path.exists(bundle):
        pytest.skip("no ca-certificates")
    names.tlsa[f"_{server.port}._tcp.localhost"] = [certs.tlsa(usage, 1, 1, about)]
    home.configure(work=at(server, host="localhost", tls_dane="prefer", tls_ca_file=None))

    def enter():
        names.enter()
        if known:
            cover(bundle, certs.ca)
    result = home.run("-odi", TO, input=whole(), preexec_fn=enter)
    assert bool(server.received) == known, result.err
    assert known or ("issuer is unknown" if usage == PKIX_EE else "is not what its TLSA records say") in result.err


@pytest.mark.parametrize("record", [(PKIX_EE, 1, 1, "named"), (PKIX_TA, 1, 1, "other"), (PKIX_TA, 1, 1, "good")])
def test_an_authority_is_not_enough(tried, certs, record):
    said, arrived = tried("good", [certs.tlsa(*record)], authority="ca")
    assert not arrived


@pytest.mark.parametrize("record", [(PKIX_TA, 0, 1, "other"), (PKIX_TA, 0, 0, "other"), (PKIX_TA, 1, 2, "other")])
def test_an_authority_that_is_shown_for_show(tried, certs, record):
    """Trusted is the one, recorded the other, and signed has the first alone."""
    said, arrived = tried(certs.shown_with("good", "other"), [certs.tlsa(*record)], authority="ca")
    assert not arrived and "issuer is unknown" in said, said


def test_an_authority_between_of_pkix(tried, certs):
    said, arrived = tried("chained", [certs.tlsa(PKIX_TA, 1, 1, "middle")], authority="ca")
    assert arrived, said


@pytest.mark.parametrize("certificate", ["expired", "wrong-name", "wrong-purpose", "cn-only", "rsa-1024"])
def test_pkix_is_as_strict_as_ever(tried, certs, certificate):
    said, arrived = tried(certificate, [certs.tlsa(PKIX_EE, 1, 1, certificate)], authority="ca")
    assert not arrived and "TLSA 1 1 1 " in said and "but: " in said, said


# Several records

def test_one_of_many_is_enough(tried, certs):
    said, arrived = tried("good", [certs.tlsa(EE, 1, 1, "named"), certs.tlsa(TA, 0, 1, "ca"), (9, 9, 9, b"?"),
                                   (EE, 1, 1, b"short"), certs.tlsa(EE, 0, 2, "good")])
    assert arrived, said


def test_a_stronger_digest_outdoes_another(tried, certs):
    said, arrived = tried("good", [certs.tlsa(EE, 1, 1, "good"), certs.tlsa(EE, 1, 2, "named")])
    assert not arrived and "3 1 2" in said and "(3 1 1" not in said


UNUSABLE = [(4, 1, 1, b"x" * 32), (3, 2, 1, b"x" * 32), (3, 1, 3, b"x" * 32), (3, 1, 1, b"x" * 31), (3, 1, 2, b"x" * 32),
            (3, 1, 1, b""), (255, 255, 255, b"x")]


@pytest.mark.parametrize("certificate", ["good", "self-signed"])
def test_records_of_no_known_kind_are_none(tried, certificate):
    said, arrived = tried(certificate, UNUSABLE, authority="ca")
    assert arrived == (certificate == "good"), said


def test_a_pin_is_asked_for_besides(tried, certs):
    records = [certs.tlsa(EE, 1, 1, "good")]
    assert tried("good", records, tls_pin=[certs.pin("good")])[1]
    said, arrived = tried("good", records, tls_pin=[certs.pin("named")])
    assert not arrived and "is none of tls-pin" in said


# Whether they count

@pytest.mark.parametrize("mode", ["prefer", "require"])
@pytest.mark.parametrize("what, words", [
    ("none", "there is no TLSA record at _"), ("unproved", "DNSSEC does not prove them"),
    ("untrusted", 'no "options trust-ad"'), ("unusable", "is of a kind that can be used")])
@pytest.mark.parametrize("certificate, flag", [("good", "-i"), ("good", "-v"), ("self-signed", "-i")])
def test_without_records_that_count(tried, mode, what, words, certificate, flag):
    """By prefer the authority decides, whatever they say; by require nothing is sent."""
    records = {"none": [], "unusable": UNUSABLE}.get(what, [(3, 1, 1, b"x" * 32)])
    with NameServer(trusting=what != "untrusted") as server:
        server.proved = what != "unproved"
        said, arrived = tried(certificate, records, flag=flag, name_servers=server, authority="ca", tls_dane=mode)
    assert arrived == (mode == "prefer" and certificate == "good"), said
    assert mode == "prefer" or words in said and "write tls-dane = prefer" in said, said
    assert flag == "-i" or "\n*: " in "\n" + said and words in said


@pytest.mark.parametrize("flag", ["-i", "-v"])
def test_require_with_records(tried, certs, flag):
    record = certs.tlsa(EE, 1, 1, "self-signed")
    said, arrived = tried("self-signed", [record], tls_dane="require", flag=flag)
    assert arrived and said.count(f"{hexed(record)} proves it\n") == (flag == "-v"), said


def test_off_asks_nothing(tried, names):
    said, arrived = tried("good", [(3, 1, 1, b"x" * 32)], authority="ca", tls_dane="off")
    assert arrived and not any(kind == TLSA for _, kind in names.asked)


@pytest.mark.parametrize("mode", ["prefer", "require"])
@pytest.mark.parametrize("status", [2, 5])
def test_a_name_server_that_fails(tried, names, mode, status):
    names.status = status
    said, arrived = tried("good", [], authority="ca", tls_dane=mode)
    assert not arrived and "no answer from a name server about _" in said, said


def test_a_name_server_that_is_silent(tried, names):
    names.silent = True
    begin = time.monotonic()
    said, arrived = tried("good", [], authority="ca", connect_timeout="3s")
    assert not arrived and "no answer from a name server about _" in said and time.monotonic() - begin < 8


FOREIGN = b"\xc0\x0c\0\x34\0\1\0\0\0\0"


@pytest.mark.parametrize("flags, answer, words", [
    (0x85a0, b"\0\5", "makes no sense"),
    (0x85a0, b"\0\1" + FOREIGN + b"\xff\xff\3", "makes no sense"),
    (0x87a0, b"\0\0", "is too long for UDP"),
    (0x87a0, b"\0\1" + FOREIGN + b"\0\x23\3\1\1" + b"x" * 32, "is too long for UDP"),
])
def test_a_name_server_that_talks_nonsense_or_too_much(tried, names, flags, answer, words):
    names.odd = lambda question: question[:2] + flags.to_bytes(2, "big") + b"\0\1" + answer[:2] + bytes(4) + question[12:] + answer[2:]
    said, arrived = tried("good", [], authority="ca")
    assert not arrived and words in said and "nothing was sent" in said, said


def test_more_records_than_are_looked_at(tried, certs, names):
    """Whatever is said behind them, nothing is sent to somebody else."""
    said, arrived = tried("good", [(3, 1, 1, bytes([n]) * 32) for n in range(20)] * 2)
    assert not arrived


# Where they are looked for

@pytest.mark.parametrize("proved", [True, False])
def test_hosts_by_srv(home, relay, certs, names, proved):
    """The address in SRV records that are not proved may be anybody's, and so may the records there."""
    names.proved = proved
    server = relay(certificate="self-signed")
    names.a["mx.relay.test"] = "127.0.0.1"
    names.srv["_submissions._tcp.relay.test"] = [(0, 1, server.port, "mx.relay.test")]
    names.tlsa[f"_{server.port}._tcp.mx.relay.test"] = [certs.tlsa(EE, 1, 1, "self-signed")]
    home.configure(work=at(server, host=None, port=None, tls=None, srv="relay.test", tls_dane="require"))
    result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
    assert len(server.messages) == proved, result.err
    assert [name for name, kind in names.asked if kind == TLSA] == [f"_{server.port}._tcp.mx.relay.test"] * proved
    assert proved or "the SRV records that lead there are not proved by DNSSEC" in result.err
    assert (SRV in dict((kind, name) for name, kind in names.asked)) and len(home.entries) == (not proved)


def test_a_host_that_is_away(home, peer, certs, names):
    server = peer(certificate="self-signed")
    names.a["away.relay.test"], names.a["mx.relay.test"] = "127.0.0.9", "127.0.0.1"
    names.tlsa[f"_{server.port}._tcp.mx.relay.test"] = [certs.tlsa(EE, 1, 1, "self-signed")]
    home.configure(work=at(server, host=["away.relay.test", "mx.relay.test"], tls_dane="prefer"))
    result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
    assert (result.code, result.err, len(server.received)) == (0, "", 1)


def test_the_server_hears_the_name(home, peer, certs, names):
    """By which it chooses the certificate (RFC 7671 5.2, RFC 7672 8.1)."""
    server, heard = peer(certificate="named"), []
    server.context.sni_callback = lambda _, name, __: heard.append(name)
    names.a["mx.relay.test"] = "127.0.0.1"
    names.tlsa[f"_{server.port}._tcp.mx.relay.test"] = [certs.tlsa(EE, 1, 1, "named")]
    home.configure(work=at(server, host="mx.relay.test.", tls_dane="require"))
    result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
    assert (result.err, len(server.received), heard) == ("", 1, ["mx.relay.test"])


@pytest.mark.parametrize("about", ["self-signed", "good"])
def test_lmtp(home, peer, certs, names, about):
    server = peer(certificate="self-signed", lmtp=True)
    names.tlsa[f"_{server.port}._tcp.localhost"] = [certs.tlsa(EE, 1, 1, about)]
    home.configure(work=at(server, host="localhost", protocol="lmtp", user=None, password=None, tls_dane="prefer"))
    result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
    assert len(server.received) == (about == "self-signed") == (not home.entries), result.err
    assert about == "self-signed" or "is not what its TLSA records say" in result.err
    assert about == "self-signed" or b"MAIL" not in b"".join(line for lines in server.sessions for line in lines)


# What is said of it

def test_probe(home, peer, certs, names):
    server = peer(certificate="self-signed")
    name = f"_{server.port}._tcp.localhost"

    def probed(*records, **settings):
        names.tlsa[name] = list(records)
        home.configure(work=at(server, host="localhost", **{"tls_dane": "prefer", **settings}))
        text = home.run("--probe", preexec_fn=names.enter)
        found = home.run("--probe", "--json", preexec_fn=names.enter)
        assert text.err == found.err == "" and text.code == found.code
        (one,) = [json.loads(line) for line in found.out.splitlines()]
        assert f"  DANE         {one['dane']}\n" in text.out.decode()
        return found.code, one
    good, bad = certs.tlsa(EE, 1, 1, "self-signed"), certs.tlsa(EE, 1, 1, "good")
    code, found = probed(bad, good)
    assert code == 0 and found["dane"] == f"{name} IN TLSA {hexed(good)} proves it"
    code, found = probed(bad)
    assert code == 69 and found["dane"] == f"{name} IN TLSA {hexed(bad)}"
    assert f"publish {hexed(good)}" in found["problem"] and len(found["certificates"]) == 1
    code, found = probed()
    assert code == 69 and found["dane"] == f"there is no TLSA record at {name}"
    code, found = probed(tls_dane="require")
    assert code == 69 and "is to be proved by DANE" in found["problem"]
    names.status = 2
    names.tlsa[name] = [good]
    found = home.run("--probe", "--json", preexec_fn=names.enter)
    assert found.code == 75 and b"no answer from a name server" in found.out


@pytest.mark.parametrize("mode, trusting, wrong", [("off", False, False), ("prefer", True, False),
                                                   ("prefer", False, True), ("require", False, True)])
def test_check(home, peer, mode, trusting, wrong):
    if not can_mount():
        pytest.skip("another resolv.conf needs a mount namespace: run these tests as root")
    home.configure(work=at(peer(), host="localhost", tls_dane=mode), hostname="host.example.org")
    with NameServer(trusting=trusting) as server:
        result = home.run("--check", preexec_fn=server.enter)
    assert result.code == (78 if wrong else 0) and result.err.count("\n") == wrong, result.err
    assert not wrong or 'relay "work": tls-dane: no TLSA record counts' in result.err
    assert server.asked == []
