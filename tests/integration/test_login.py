"""Logins: which mechanism is used, what is refused, and what is said of it."""

import base64
import hashlib
import hmac
import re
import ssl

import pytest
from home import at
from mail import whole
from peer import CLOSE
from scram import Scram, is_proof, keys

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


@pytest.mark.parametrize("offered, auth", [("PLAIN", "login"), ("LOGIN XOAUTH2", "plain"), ("CRAM-MD5", None),
                                           ("SCRAM-SHA-512 LOGIN", "scram-sha-1")])
def test_nothing_that_both_can(home, peer, pillarbox, build, offered, auth):
    if auth and auth.startswith("scram") and b"libgsasl.so" not in (build / "pillarbox-deliver").read_bytes():
        pytest.skip("built without libgsasl")
    server = peer({"EHLO": f"250-peer\n250 AUTH {offered}"})
    home.configure(work=at(server, auth=auth))
    result = pillarbox("-odi", TO, input=whole())
    assert result.code == 0 and f"AUTH {offered}" in result.err and len(home.entries) == 1
    assert said(server) == [] and not server.messages


# SCRAM

PLUS = "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN"


def test_the_vectors_of_the_rfcs():
    """The server that all of these tests believe: RFC 5802 5, RFC 7677 3."""
    nonce, own = "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j"
    stored, server = keys("sha1", "pencil", base64.b64decode("QSXCR+Q6sek8bf92"), 4096)
    said = f"n=user,r={nonce},r={nonce}{own},s=QSXCR+Q6sek8bf92,i=4096,c=biws,r={nonce}{own}".encode()
    assert is_proof("sha1", stored, base64.b64decode("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="), said)
    assert hmac.digest(server, said, "sha1") == base64.b64decode("rmF9pqV8S7suAoZWja4dJRkFsKQ=")
    nonce, own = "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    stored, server = keys("sha256", "pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)
    said = f"n=user,r={nonce},r={nonce}{own},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}{own}".encode()
    assert is_proof("sha256", stored, base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="), said)
    assert hmac.digest(server, said, "sha256") == base64.b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


@pytest.fixture
def scram(peer, certs, build):
    """scram(offered, **options): a Scram, and the Peer that plays it."""
    if b"libgsasl.so" not in (build / "pillarbox-deliver").read_bytes():
        pytest.skip("built without libgsasl")

    def start(offered=PLUS, tls="implicit", version=None, **options):
        one = Scram(offered, **options)
        server = peer(one.script(tls), tls=tls)
        if version:
            server.context.maximum_version = version
        server.user, server.password = one.user, one.password
        return one, server
    return start


@pytest.mark.parametrize("version, flag", [(None, "p=tls-exporter"), (ssl.TLSVersion.TLSv1_2, "p=tls-unique")])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("offered, used", [(PLUS, "SCRAM-SHA-256-PLUS"),
                                           ("PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS")])
def test_scram_bound_to_tls(home, scram, pillarbox, tls, version, flag, offered, used):
    one, server = scram(offered, tls, version)
    home.configure(work=at(server))
    result = pillarbox("-v", "-odi", TO, input=whole())
    assert result.code == 0 and (one.used, one.let_in) == ([f"{used} {flag}"], 1), result.err
    assert len(server.messages) == 1 and not home.entries
    assert f"C: AUTH {used} ****\n" in result.err and result.err.count("S: 334 ****\n") == 2
    assert result.err.count("C: ****\n") == 2


@pytest.mark.parametrize("offered, auth, used", [
    ("PLAIN SCRAM-SHA-256", None, "SCRAM-SHA-256 n"),
    ("SCRAM-SHA-1 LOGIN PLAIN", None, "SCRAM-SHA-1 n"),
    (PLUS, ["scram-sha-256"], "SCRAM-SHA-256 n"),
    (PLUS, ["plain", "scram-sha-1"], "SCRAM-SHA-1 n"),
    (PLUS, ["plain"], "PLAIN"),
    ("X-" * 200 + " PLAIN SCRAM-SHA-256", None, "SCRAM-SHA-256 n"),
])
def test_scram_without_tls_in_it(home, scram, pillarbox, offered, auth, used):
    one, server = scram(offered)
    home.configure(work=at(server, auth=auth))
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "") and one.used == [used] and len(server.messages) == 1


@pytest.mark.parametrize("user, password", [("a=b,c", "p=a,s s"), ("gr\u00fc\u00df", "stra\u00dfe"),
                                            ("x" * 64 + "@example.com", "y" * 900), ("u", "z" * 500)])
@pytest.mark.parametrize("offered", ["SCRAM-SHA-256", "PLAIN"])
def test_odd_users_and_passwords(home, scram, pillarbox, user, password, offered):
    one, server = scram(offered, user=user, password=password)
    if len(password) > 300 and offered == "PLAIN":      # does not fit into the command
        plain = base64.b64encode(f"\0{user}\0{password}".encode())
        server.script["AUTH"] = lambda _, line: "334 " if line == b"AUTH PLAIN" else "500 too long"
        server.script["ANSWER"] = lambda _, line: "235 ok" if line == plain else "535 no"
    home.configure(work=at(server))
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "") and len(server.messages) == 1


def flipped(text):
    return text[:-3] + ("A" if text[-3] != "A" else "B") + text[-2:]


ATTACKS = {
    # somebody in between has a session of its own with the server
    "altered binding": ({"binding": lambda b: b[:-1] + bytes([b[-1] ^ 1])}, "535", 1),
    "wrong password": ({"password": "another"}, "535", 1),
    "wrong signature": ({"final": flipped}, "does not prove", 1),
    "no signature": ({"final": lambda v: "v="}, "does not prove", 1),
    "cut signature": ({"final": lambda v: v[:20]}, "does not prove", 1),
    "empty end": ({"final": lambda v: ""}, "does not prove", 1),
    "error at the end": ({"final": lambda v: "e=invalid-proof"}, "invalid-proof", 1),
    "NUL at the end": ({"final": lambda v: v.encode() + b"\0"}, "does not prove", 1),
    "235 to AUTH": ({"at_auth": "235 ok"}, "before SCRAM-SHA-256", 0),
    "235 to the proof": ({"at_proof": "235 ok"}, "before SCRAM-SHA-256", 1),
    "250 to AUTH": ({"at_auth": "250 ok"}, "no answer to it", 0),
    "200 to the proof": ({"at_proof": "200 ok"}, "no answer to it", 1),
    "454 to AUTH": ({"at_auth": "454 4.7.0 later"}, "not possible now: 454", 0),
    "535 at the end": ({"at_end": "535 5.7.8 no"}, "login refused: 535", 1),
    "334 for ever": ({"at_end": "334 "}, "asks for more", 1),
    "hangs up": ({"at_proof": CLOSE}, "broke it off", 1),
    "too many iterations": ({"first": lambda m: m.replace("4096", "1000001")}, "too many iterations", 0),
    "endless iterations": ({"first": lambda m: m.replace("4096", "9" * 19)}, "no number of iterations", 0),
    "one iteration": ({"first": lambda m: m.replace("4096", "1")}, "too few iterations", 0),
    "no iterations": ({"first": lambda m: m.rsplit(",", 1)[0]}, "no number of iterations", 0),
    "negative iterations": ({"first": lambda m: m.replace("4096", "-1")}, "no number of iterations", 0),
    "no salt": ({"first": lambda m: re.sub("s=.*,", "", m)}, "no salt", 0),
    "empty salt": ({"first": lambda m: re.sub("s=.*,", "s=,", m)}, "no salt", 0),
    "salt that is none": ({"first": lambda m: re.sub("s=.*,", "s=!!,", m)}, "Base 64", 0),
    "no nonce": ({"first": lambda m: m.split(",", 1)[1]}, "no nonce", 0),
    "another nonce": ({"first": lambda m: "r=x" + m[2:]}, "nonce", 0),
    "only our nonce": ({"nonce": ""}, "nonce", 0),
    "extension": ({"first": lambda m: "m=new," + m}, "extension", 0),
    "extension behind": ({"first": lambda m: m + ",m=new"}, "must not be there", 0),
    "iterations twice": ({"first": lambda m: m + ",i=1"}, "must not be there", 0),
    "nothing": ({"first": lambda m: ""}, "no nonce", 0),
    "NUL": ({"first": lambda m: m.encode() + b"\0"}, "no text", 0),
    "no base64": ({"at_auth": "334 $%&!"}, "Base 64", 0),
    "endless lines": ({"at_auth": "334-\n" * 100 + "334 x"}, "Base 64", 0),
    "10 kB": ({"first": lambda m: m + ",x=" + "x" * 10000}, "longer than any", 0),
    "1 MB": ({"first": lambda m: m + ",x=" + "x" * 1000000}, "broke it off", 0),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("offered", ["SCRAM-SHA-256-PLUS SCRAM-SHA-256", "PLAIN SCRAM-SHA-256"])
def test_attacks(home, scram, pillarbox, attack, offered):
    options, words, proofs = ATTACKS[attack]
    if "binding" in options and "PLUS" not in offered:
        return
    one, server = scram(offered, **options)
    home.configure(work=at(server, password="open sesame"))
    result = pillarbox("-v", "-odi", TO, input=whole(), timeout=8)
    said = [line for line in result.err.splitlines() if line.startswith("pillarbox: ")]
    assert result.code == 0 and len(said) == 1 and words in said[0], result.err
    assert len(home.entries) == 1 and 'relay "work"' in pillarbox("--list").out.decode()
    assert not server.messages and one.proofs == proofs and len(one.used) == 1
    assert not any(line.startswith(b"MAIL") for line in server.sessions[0])


def test_a_million_iterations_are_in_time(home, scram, pillarbox):
    one, server = scram("SCRAM-SHA-256", iterations=1000000)
    home.configure(work=at(server, timeout="60s", connect_timeout="60s"), foreground_timeout="60s")
    assert pillarbox("-odi", TO, input=whole(), timeout=60).err == ""
    assert one.let_in == 1 and len(server.messages) == 1


@pytest.mark.parametrize("user, password", [("user", "pen\tcil"), ("us\u0007er", "pencil"), ("user", "\u06271")])
def test_what_scram_cannot_say(home, scram, pillarbox, user, password):
    """RFC 4013: who reads it is to mend the password, and not to blame the relay."""
    one, server = scram("SCRAM-SHA-256 PLAIN", user=user, password=password)
    home.configure(work=at(server))
    result = pillarbox("-odi", TO, input=whole())
    assert 'user or password has what SCRAM-SHA-256 cannot say' in result.err and 'auth = {"PLAIN", ' in result.err
    assert password not in result.err and len(home.entries) == 1


# A downgrade

@pytest.fixture
def remembered(home, scram, pillarbox):
    """A relay where a login was bound to TLS, and which from then on offers what it is told to."""
    one, server = scram(PLUS)
    home.configure(work=at(server))
    assert pillarbox("-odi", TO, input=whole()).err == ""
    file = home.spool / "relays" / "work:bound"
    assert file.read_text() == f"pillarbox-bound 1\n127.0.0.1:{server.port}\n"

    def offers(what):
        one.offered = what
        return one, server
    return offers


@pytest.mark.parametrize("offered", ["SCRAM-SHA-256 PLAIN", "PLAIN", "LOGIN", "XOAUTH2"])
def test_what_was_bound_before_is_bound_or_stops(home, remembered, pillarbox, offered):
    one, server = remembered(offered)
    result = pillarbox("-odi", TO, input=whole())
    assert result.code == 0 and "login stopped: logins at 127.0.0.1" in result.err and "write auth = {" in result.err
    assert f"AUTH {offered}" in result.err and len(home.entries) == 1 and len(one.used) == 1
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in server.sessions[1])
    # It comes back.
    one.offered = "SCRAM-SHA-1-PLUS PLAIN"
    result = pillarbox("--flush", "--force")
    assert (result.code, result.err) == (0, "") and len(server.messages) == 2


@pytest.mark.parametrize("offered", ["SCRAM-SHA-256 PLAIN", "PLAIN"])
def test_a_probe_stops_as_well(home, remembered, pillarbox, offered):
    """Or it would tell the password to whoever has hidden the offer."""
    one, server = remembered(offered)
    result = pillarbox("--probe")
    assert result.code == 77 and b"PROBLEM      login stopped: logins at 127.0.0.1" in result.out
    assert not any(line.startswith(b"AUTH") for line in server.sessions[1])
    one.offered = PLUS
    assert pillarbox("--probe").code == 0


def test_no_auth_at_all_is_a_downgrade_too(home, remembered, pillarbox):
    one, server = remembered("PLAIN")
    server.script["EHLO"] = "250 peer"
    result = pillarbox("-odi", TO, input=whole())
    assert "login stopped" in result.err and "not at all" in result.err and len(home.entries) == 1


def test_what_auth_names_is_no_downgrade(home, remembered, pillarbox):
    one, server = remembered("SCRAM-SHA-256 PLAIN")
    home.configure(work=at(server, auth="SCRAM-SHA-256"))
    assert pillarbox("-odi", TO, input=whole()).err == ""
    assert one.used[1:] == ["SCRAM-SHA-256 n"]


def test_another_host_has_no_past(home, remembered, pillarbox):
    one, server = remembered("PLAIN")
    home.configure(work=at(server, host="localhost"))
    assert pillarbox("-odi", TO, input=whole()).err == ""
    assert one.used[1:] == ["PLAIN"]


@pytest.mark.parametrize("text", ["", "pillarbox-bound 2\n127.0.0.1:{}\n", "pillarbox-bound 1\n127.0.0.1:{}", "x" * 9999])
def test_a_file_that_says_nothing(home, remembered, pillarbox, text):
    one, server = remembered("PLAIN")
    file = home.spool / "relays" / "work:bound"
    file.write_text(text.replace("{}", str(server.port)))
    assert pillarbox("-odi", TO, input=whole()).err == ""
    one.offered = PLUS
    assert pillarbox("-odi", TO, input=whole()).err == ""
    one.offered = "PLAIN"
    assert "login stopped" in pillarbox("-odi", TO, input=whole()).err
    assert file.stat().st_size < 8192


def test_a_login_that_failed_is_not_remembered(home, scram, pillarbox):
    one, server = scram(PLUS, final=flipped)
    home.configure(work=at(server))
    assert "does not prove" in pillarbox("-odi", TO, input=whole()).err
    assert not list(home.spool.rglob("*:bound"))


# What is named together with SCRAM. The server is CRAM-MD5's and DIGEST-MD5's, too.

class Md5:
    """RFC 2195, and RFC 2831 with qop=auth; `rspauth` is the proof that it knows the password."""

    def __init__(self, offered, password="open sesame", rspauth=None):
        self.password, self.rspauth, self.good = password.encode(), rspauth, []
        self.script = {"EHLO": f"250-peer.example.com\n250 AUTH {offered}", "AUTH": self.auth, "ANSWER": self.answer}

    def auth(self, conversation, line):
        conversation.mechanism = line.split()[1]
        if conversation.mechanism == b"CRAM-MD5":
            return self.challenge(b"<1.2@peer>")
        return self.challenge(b'realm="peer",nonce="n0nce",qop="auth",algorithm=md5-sess,charset=utf-8')

    @staticmethod
    def challenge(text):
        return "334 " + base64.b64encode(text).decode()

    def answer(self, conversation, line):
        said = base64.b64decode(line)
        if conversation.mechanism == b"CRAM-MD5":
            self.good.append(said == b"alice@example.com " + hmac.new(self.password, b"<1.2@peer>", "md5").hexdigest().encode())
            return "235 welcome" if self.good[-1] else "535 no"
        if not said:
            return "235 welcome"
        given = dict(re.findall(rb'([a-z-]+)="?([^",]*)"?', said))
        assert given[b"digest-uri"] == b"smtp/127.0.0.1" and given[b"qop"] == b"auth"
        self.good.append(given[b"response"] == self.digest(given, b"AUTHENTICATE:"))
        return self.challenge(b"rspauth=" + (self.rspauth or self.digest(given, b":"))) if self.good[-1] else "535 no"

    def digest(self, given, method):
        def md5(*parts):
            return hashlib.md5(b":".join(parts))
        secret = hashlib.md5(b":".join((given[b"username"], given.get(b"realm", b"peer"), self.password))).digest()
        first = md5(secret, b"n0nce", given[b"cnonce"]).hexdigest().encode()
        second = hashlib.md5(method + given[b"digest-uri"]).hexdigest().encode()
        return md5(first, b"n0nce", given[b"nc"], given[b"cnonce"], b"auth", second).hexdigest().encode()


ALL = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS",
       "EXTERNAL"]


@pytest.mark.parametrize("auth, offered, used", [
    (ALL, "LOGIN PLAIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 EXTERNAL", "EXTERNAL"),
    (ALL[:-1], "LOGIN PLAIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 EXTERNAL", "SCRAM-SHA-256"),
    (ALL[:-1], "LOGIN PLAIN CRAM-MD5 DIGEST-MD5", "DIGEST-MD5"),
    (ALL[:-1], "LOGIN PLAIN CRAM-MD5", "CRAM-MD5"),
    (["SCRAM-SHA-256", "CRAM-MD5"], "PLAIN CRAM-MD5 DIGEST-MD5", "CRAM-MD5"),
    (["SCRAM-SHA-256", "DIGEST-MD5"], "PLAIN CRAM-MD5 DIGEST-MD5", "DIGEST-MD5"),
    (["SCRAM-SHA-256", "EXTERNAL"], "PLAIN SCRAM-SHA-256", "SCRAM-SHA-256"),
    (["SCRAM-SHA-256", "EXTERNAL"], "PLAIN CRAM-MD5", None),
    (["CRAM-MD5", "DIGEST-MD5"], "PLAIN CRAM-MD5 DIGEST-MD5", "DIGEST-MD5"),
    (None, "CRAM-MD5 DIGEST-MD5 EXTERNAL", None),
    (None, "CRAM-MD5 DIGEST-MD5 EXTERNAL PLAIN", "PLAIN"),
])
def test_named_together(home, peer, certs, pillarbox, auth, offered, used):
    md5, scram = Md5(offered), Scram(offered)
    script = scram.script() if used and "SCRAM" in used else md5.script
    if used in ("EXTERNAL", "PLAIN"):
        script = {**script, "AUTH": "235 welcome"}
    server = peer(script)
    server.context.load_verify_locations(certs.ca)
    key = home.folder / "key.pem"
    key.write_bytes(certs.key("client").read_bytes())
    key.chmod(0o600)
    own = {"tls_certificate": certs.certificate("client"), "tls_key": key} if auth and "EXTERNAL" in auth else {}
    home.configure(work=at(server, auth=auth, **own))
    result = pillarbox("-odi", TO, input=whole())
    assert said(server) == ([used] if used else []), result.err
    assert bool(server.received) == bool(used) and all(md5.good), result.err
    assert used or "offers only AUTH" in result.err and "nothing was sent" in result.err


@pytest.mark.parametrize("auth", [["DIGEST-MD5"], ["SCRAM-SHA-256", "DIGEST-MD5"]])
@pytest.mark.parametrize("mechanism", ["CRAM-MD5", "DIGEST-MD5"])
def test_a_wrong_password_by_md5(home, peer, pillarbox, auth, mechanism):
    server = peer(Md5(mechanism, password="another").script)
    home.configure(work=at(server, auth=[*auth, mechanism]))
    result = pillarbox("-odi", TO, input=whole())
    assert "login refused: 535 no; check user and password" in result.err and not server.received


def test_a_server_that_does_not_know_the_password(home, peer, pillarbox):
    """It has to prove that in DIGEST-MD5, too; libgsasl asks for it."""
    server = peer(Md5("DIGEST-MD5", rspauth=b"0" * 32).script)
    home.configure(work=at(server, auth=["SCRAM-SHA-256", "DIGEST-MD5"]))
    result = pillarbox("-odi", TO, input=whole())
    assert not server.received and "the relay does not keep to DIGEST-MD5" in result.err
