"""Whom a relay's certificate proves it to be, by which settings; and that nobody else hears a password."""

import os
import re
import ssl
import subprocess

import pytest
from home import at
from mail import whole
from proxy import Proxy
from spill import PIN

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


# Who we are

@pytest.fixture
def own(home, certs):
    """own(name): a file with certificate and key, and two files, as settings."""
    def make(joint, mode=0o600, certificate="client"):
        key = home.folder / "key.pem"
        key.write_bytes(certs.key(certificate).read_bytes() + (certs.certificate(certificate).read_bytes() * joint))
        key.chmod(mode)
        if joint:
            return {"tls_certificate": key}
        return {"tls_certificate": certs.certificate(certificate), "tls_key": key}
    return make


@pytest.fixture
def asking(peer, certs):
    """asking(**options): a peer that is content with our certificate alone."""
    def make(script=None, **options):
        server = peer(script, **options)
        server.context.verify_mode = ssl.CERT_REQUIRED
        server.context.load_verify_locations(certs.ca)
        return server
    return make


BY_CERTIFICATE = {"EHLO": "250-peer.example.com\n250 AUTH EXTERNAL PLAIN LOGIN"}
LATER = {"EHLO": ["250-peer.example.com\n250 STARTTLS", BY_CERTIFICATE["EHLO"]]}


def lines_of(server):
    return [line for lines in server.sessions for line in lines]


@pytest.mark.parametrize("joint", [True, False])
@pytest.mark.parametrize("tls", TLS)
def test_a_certificate_of_our_own(home, asking, pillarbox, own, tls, joint):
    server = asking(tls=tls)
    home.configure(work=at(server, user=None, password=None, **own(joint)))
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "") and server.received
    assert not any(line.startswith(b"AUTH") for line in lines_of(server))


@pytest.mark.parametrize("tls", TLS)
@pytest.mark.parametrize("user, said", [(None, b"AUTH EXTERNAL ="), ("alice", b"AUTH EXTERNAL YWxpY2U=")])
def test_external(home, asking, pillarbox, own, tls, user, said):
    server = asking(LATER if tls == "starttls" else BY_CERTIFICATE, tls=tls)
    home.configure(work=at(server, user=user, password=None, auth=["external"], **own(False)))
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "") and server.received
    assert said in lines_of(server), lines_of(server)


@pytest.mark.parametrize("user", [None, "alice"])
def test_check_with_external(home, own, user):
    """No password belongs to that, and none is missed."""
    home.configure(hostname="host.example.org", work={
        "host": "127.0.0.1", "user": user, "auth": ["external"], **own(False)})
    result = home.run("--check")
    assert (result.code, result.err) == (0, "")


NO_CERTIFICATE = {
    "CA": ("tls_ca_file", "tls-ca-file {}: nothing in PEM that can be used"),
    "list": ("tls_crl_file", "tls-crl-file {}: nothing in PEM that can be used"),
    "certificate": ("tls_certificate", "cannot use tls-certificate {} with the key in "),
    "key": ("tls_key", "with the key in {}: "),
}


@pytest.mark.parametrize("setting, said", NO_CERTIFICATE.values(), ids=NO_CERTIFICATE)
def test_check_of_what_is_no_certificate(home, own, setting, said):
    file = home.folder / "garbage.pem"
    file.write_text("-----BEGIN garbage-----\n")
    file.chmod(0o600)
    home.configure(hostname="host.example.org", work={"host": "127.0.0.1", **own(False), setting: file})
    result = home.run("--check")
    assert result.code == 78 and said.format(file) in result.err and result.err.count("\n") == 1


def test_check_of_a_key_of_another_certificate(home, own):
    home.configure(hostname="host.example.org", work={
        "host": "127.0.0.1", **own(False), "tls_key": own(False, certificate="stranger")["tls_key"]})
    result = home.run("--check")
    assert result.code == 78 and "are certificate, key and password right?" in result.err


@pytest.mark.parametrize("script, words", [
    ({**BY_CERTIFICATE, "AUTH": "535 5.7.8 who?"}, "login refused: 535 5.7.8 who?; check tls-certificate"),
    ({"EHLO": "250-peer\n250 AUTH PLAIN LOGIN"}, "offers only AUTH PLAIN LOGIN, and auth of this relay is EXTERNAL; nothing was"),
    ({"EHLO": "250 HELP"}, "offers no AUTH; nothing was sent"),
])
def test_external_refused(home, asking, pillarbox, own, script, words):
    server = asking(script)
    home.configure(work=at(server, user=None, password=None, auth=["EXTERNAL"], **own(False)))
    result = pillarbox("-odi", TO, input=whole())
    assert words in result.err and len(home.entries) == 1
    assert not any(line.startswith((b"AUTH PLAIN", b"AUTH LOGIN", b"MAIL")) for line in lines_of(server))


# What is left of the alert when the connection is gone is a matter of time; that it was asked for is known in any case.
@pytest.mark.parametrize("tls", TLS)
@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
@pytest.mark.parametrize("certificate, alert, remedy", [
    (None, "certificate_required|handshake_failure", ", which has none: set tls-certificate and tls-key"),
    ("stranger", "unknown_ca|handshake_failure", r"; is tls-certificate \S+/stranger.pem in time, and issued by .*")])
def test_a_certificate_that_is_not_there_or_not_known(home, asking, pillarbox, own, tls, version, certificate, alert, remedy):
    server = asking(tls=tls)
    server.context.maximum_version = ssl.TLSVersion[version]
    home.configure(work=at(server, **(own(False, certificate=certificate) if certificate else {})))
    result = pillarbox("-odi", TO, input=whole())
    assert re.search(rf"127\.0\.0\.1 port \d+ ended TLS(: ({alert})| without a word); "
                     rf"it asks for a certificate of this host{remedy}", result.err), result.err
    assert "tls = " not in result.err and len(home.entries) == 1 and not server.received


def test_no_certificate_is_asked_for(home, peer, pillarbox):
    """Then it is not blamed."""
    server = peer(tls="implicit")
    server.context.minimum_version = server.context.maximum_version = ssl.TLSVersion.TLSv1_2
    home.configure(work=at(server, tls_minimum="1.3"))
    result = pillarbox("-odi", TO, input=whole())
    assert "is tls = implicit right" in result.err and "certificate" not in result.err


@pytest.mark.parametrize("mode, content, words", [
    (0o644, None, "run: chmod 600"), (0o600, b"nothing\n", "cannot use tls-certificate and tls-key"), (0o000, b"", None)])
def test_a_key_of_no_use(home, asking, pillarbox, own, mode, content, words):
    server = asking()
    settings = own(False, mode)
    if content is not None:
        settings["tls_key"].write_bytes(content)
    home.configure(work=at(server, host=["127.0.0.1", "127.0.0.1"], **settings))
    result = pillarbox("-odi", TO, input=whole())
    assert (words or "tls-key") in result.err and "hosts were tried" not in result.err, result.err
    assert not server.received and len(home.entries) == 1
    if words == "run: chmod 600":
        assert f"tls-key {settings['tls_key']}: others can read it" in pillarbox("--check").err


@pytest.fixture
def locked(home, certs, own):
    """locked(password): the settings of a key that "a pass phrase" opens, and a file with `password`."""
    def make(password="a pass phrase"):
        settings, file = own(False), home.folder / "credentials/key"
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", certs.key("client"), "-out", settings["tls_key"],
                        "-passout", "pass:a pass phrase"], check=True)
        file.parent.mkdir(0o700)
        file.write_text(password + "\n")
        file.chmod(0o600)
        home.keep_secret(password, "")
        return settings, file
    return make


def counting(home, file):
    """A command that prints the file, and how often it has run."""
    runs = home.folder / "runs"
    runs.touch()
    return (["sh", "-c", 'echo >> "$1"; cat "$2"', "sh", runs, file], lambda: runs.read_bytes().count(b"\n"))


@pytest.mark.parametrize("password, good", [("a pass phrase", True), ("another", False)])
@pytest.mark.parametrize("source", ["file", "command", "credential"])
def test_a_key_with_a_password(home, asking, locked, source, password, good):
    server, (settings, file) = asking(), locked(password)
    command, runs = counting(home, file)
    value = {"file": file, "command": command, "credential": file.name}[source]
    home.configure(work=at(server, **{f"tls_key_password_{source}": value}, **settings))
    assert home.run("-odq", TO, input=whole()).code == 0
    result = home.run("--flush", env={**home.environment, "CREDENTIALS_DIRECTORY": str(file.parent)})
    assert bool(server.received) == good == (not home.entries), result.err
    assert good or "cannot use tls-certificate and tls-key" in result.err
    assert runs() == (source == "command") and home.leaks() == []


def test_a_password_of_a_key_is_asked_for_once_in_a_flush(home, asking, locked):
    server, (settings, file) = asking(), locked()
    command, runs = counting(home, file)
    home.configure(work=at(server, tls_key_password_command=command, messages_per_connection=1, **settings))
    for _ in range(3):
        assert home.run("-odq", TO, input=whole()).code == 0
    result = home.run("--flush")
    assert (result.code, result.err, len(server.received), len(server.sessions)) == (0, "", 3, 3)
    assert runs() == 1


@pytest.mark.parametrize("source, value, says", [
    ("command", ["false"], "tls-key-password-command false"),
    ("command", ["true"], "tls-key-password-command true: the secret is empty"),
    ("credential", "key", 'tls-key-password-credential "key": systemd has given none')])
def test_a_password_of_a_key_that_is_not_to_be_had(home, asking, pillarbox, locked, source, value, says):
    server, (settings, _) = asking(), locked()
    home.configure(work=at(server, **{f"tls_key_password_{source}": value}, **settings))
    result = pillarbox("-odi", TO, input=whole())
    assert result.code == 0 and says in result.err and len(home.entries) == 1, result.err
    assert not server.sessions


def test_a_key_that_others_can_read_is_not_unlocked(home, asking, pillarbox, locked):
    server, (settings, file) = asking(), locked()
    command, runs = counting(home, file)
    settings["tls_key"].chmod(0o644)
    home.configure(work=at(server, tls_key_password_command=command, **settings))
    assert "others can read it" in pillarbox("-odi", TO, input=whole()).err and runs() == 0


def test_check_of_the_password_of_a_key(home, asking, locked):
    """Read, but no command is run."""
    server, (settings, file) = asking(), locked()
    command, runs = counting(home, file)
    folder = {**home.environment, "CREDENTIALS_DIRECTORY": str(file.parent)}
    for source, value, says in (("command", command, ""), ("command", ["no-such-program"], "no such program"),
                                ("file", file, ""), ("credential", "key", ""),
                                ("credential", "other", "tls-key-password-credential")):
        home.configure(work=at(server, **{f"tls_key_password_{source}": value}, **settings),
                       hostname="host.example.org")
        result = home.run("--check", env=folder)
        assert says in result.err and result.err.count("\n") == bool(says), result.err
        assert result.code == (78 if says else 0)
    file.write_text("one\ntwo\n")
    home.configure(work=at(server, tls_key_password_file=file, **settings), hostname="host.example.org")
    assert f"tls-key-password-file {file}: the secret has more than one line" in home.run("--check").err
    assert runs() == 0 and not server.sessions


@pytest.fixture
def token(home, asking, certs):
    """token(pin): a relay whose key is in a token with PIN, and a file with `pin`."""
    module = "/usr/lib/softhsm/libsofthsm2.so"
    if not os.path.exists(module):
        pytest.skip("no softhsm2; on Debian: apt-get install softhsm2 gnutls-bin")
    config, tokens = home.folder / ".config/softhsm2/softhsm2.conf", home.folder / "tokens"
    config.parent.mkdir(parents=True)
    tokens.mkdir()
    config.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")

    def run(*command):
        subprocess.run(command, check=True, capture_output=True, env={**home.environment, "GNUTLS_PIN": PIN})
    run("softhsm2-util", "--init-token", "--free", "--label", "work", "--pin", PIN, "--so-pin", "123456")
    for kind, path in (("privkey", certs.key("client")), ("certificate", certs.certificate("client"))):
        run("p11tool", "--batch", "--login", "--write", f"--load-{kind}={path}", "--label=mail", "--id=01",
            "pkcs11:token=work")

    def make(pin, **settings):
        file = home.folder / "pin"
        file.write_text(pin)
        file.chmod(0o600)
        server = asking(BY_CERTIFICATE)
        home.configure(work=at(server, **{"user": None, "password": None, "auth": ["EXTERNAL"], "tls_key_password_file": file,
                                          "tls_certificate": "pkcs11:token=work;object=mail;type=cert",
                                          "tls_key": "pkcs11:token=work;object=mail;type=private", **settings}))
        return server, file
    make.run = run
    return make


@pytest.mark.parametrize("pin, good", [(PIN, True), (PIN[::-1], False)], ids=["right", "wrong"])
def test_a_key_in_a_token(token, pillarbox, pin, good):
    server, _ = token(pin)
    result = pillarbox("-odi", TO, input=whole())
    assert bool(server.received) == good, result.err
    assert good or "cannot use tls-certificate" in result.err


def test_a_token_is_not_locked_by_a_wrong_pin(home, token, pillarbox):
    """It remembers that it was given one, and gets none until somebody has given it the right one."""
    server, file = token(PIN[::-1])
    assert "cannot use tls-certificate and tls-key" in pillarbox("-odi", TO, input=whole()).err
    said = [pillarbox("--flush", "--force").err for _ in range(5)] + [pillarbox("--probe").out.decode()]
    for line in said:
        assert "the token was given a wrong PIN, and locks itself after a few" in line, said
        assert "p11tool --login --list-privkeys 'pkcs11:token=work;object=mail;type=private'" in line
    file.write_text(PIN)
    assert "was given a wrong PIN" in pillarbox("--flush", "--force").err and len(server.sessions) == 1
    token.run("p11tool", "--batch", "--login", "--list-privkeys", "pkcs11:token=work;object=mail;type=private")
    assert (pillarbox("--flush", "--force").code, home.entries) == (0, []) and server.received


def test_two_do_not_try_a_pin_at_once(home, token, pillarbox):
    """Nor do the processes of a flush, and a command is not run for a PIN that is not to be given."""
    file = home.folder / "pin"
    command, runs = counting(home, file)
    token(PIN[::-1], tls_key_password_file=None, tls_key_password_command=command, connections=4)
    for _ in range(12):
        assert home.run("-odq", TO, input=whole()).code == 0
    flushes = [home.start("--flush", "--force") for _ in range(3)]
    said = [home.finish(flush).err for flush in flushes]
    assert runs() == 1 and sum("cannot use tls-certificate and" in line for line in said) == 1, said
    assert len(home.entries) == 12


@pytest.mark.parametrize("setting", ["tls_certificate", "tls_key"])
def test_a_pin_in_an_address(home, peer, pillarbox, setting):
    own = {"tls_certificate": "pkcs11:token=work", setting: f"pkcs11:token=work?pin-value={PIN}"}
    home.configure(work=at(peer(), **own))
    result = pillarbox("-odq", TO, input=whole())
    assert result.code == 78 and f"{setting.replace('_', '-')} has a PIN in it; give it by tls-key-password-file" in result.err


# Mechanisms

@pytest.mark.parametrize("offered, allowed, first", [
    ("CRAM-MD5 LOGIN PLAIN", None, b"AUTH PLAIN"),
    ("CRAM-MD5 LOGIN PLAIN", ["LOGIN"], b"AUTH LOGIN"),
    ("CRAM-MD5 LOGIN PLAIN", ["login", "PLAIN"], b"AUTH PLAIN"),
    ("LOGIN CRAM-MD5", ["CRAM-MD5", "LOGIN"], b"AUTH CRAM-MD5"),
    ("CRAM-MD5", None, None),
    ("PLAIN", ["LOGIN"], None),
    ("EXTERNAL XOAUTH2", None, None),
])
def test_mechanisms(home, peer, pillarbox, offered, allowed, first):
    challenge = {b"AUTH LOGIN": "334 UGFzc3dvcmQ6", b"AUTH CRAM-MD5": "334 PDEuMkBwZWVyPg=="}.get(first)
    server = peer({"EHLO": f"250-peer\n250 AUTH {offered}", **({"AUTH": challenge} if challenge else {})})
    home.configure(work=at(server, **({"auth": allowed} if allowed else {})))
    result = pillarbox("-odi", TO, input=whole())
    auth = [line for line in lines_of(server) if line.startswith(b"AUTH")]
    assert bool(server.received) == bool(first), result.err
    assert auth[0].startswith(first) if first else not auth and "nothing was sent" in result.err
