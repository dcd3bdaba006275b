"""Every shape in which a login fails has a line of its own, a status of --probe, and stops one relay and nothing else."""

import base64

import pytest
from home import at
from issuer import Canned
from oauth_place import MAIL, issuer, place, token_relay     # noqa: F401
from peer import CLOSE

USER = "alice@example.com"
REFUSAL = "334 " + base64.b64encode(b'{"status":"invalid_token","scope":"mail"}').decode()
NOT_NOW = "454 4.7.0 Temporary authentication failure"
SWITCHED_OFF = ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit "
                "https://aka.ms/smtp_auth_disabled for more information.")
BASIC = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
GMAIL = ("535-5.7.8 Username and Password not accepted. For more information, go to\n"
         "535 5.7.8  https://support.google.com/mail/?p=BadCredentials x-20a.1 - gsmtp")


def offers(mechanisms):
    return {"EHLO": f"250-peer\n250 AUTH {mechanisms}" if mechanisms else "250 peer"}


PLAIN, BEARER, XOAUTH2 = offers("PLAIN LOGIN"), offers("OAUTHBEARER XOAUTH2"), offers("XOAUTH2")

# What the relay does, the status of --probe, words of the line, words that are of other lines.
BY_PASSWORD = {
    "refused": ({**PLAIN, "AUTH": "535 5.7.8 no"}, 77, "login refused: 535 5.7.8 no; check user and password;", "oauth"),
    "refused by Gmail": ({**PLAIN, "AUTH": GMAIL}, 77, "only app passwords are taken, or oauth", "--authorize"),
    "no passwords any more": ({**PLAIN, "AUTH": BASIC}, 77, "passwords are not taken any more: set oauth", "check user"),
    "switched off": ({**PLAIN, "AUTH": SWITCHED_OFF}, 77, '"Authenticated SMTP"', "check user"),
    "not now": ({**PLAIN, "AUTH": NOT_NOW}, 75, f"login not possible now: {NOT_NOW};", "check"),
    "no common mechanism": (offers("GSSAPI NTLM"), 77, "offers only AUTH GSSAPI NTLM, and auth of this relay is", "check"),
    "nothing offered": (offers(""), 77, "offers no AUTH; nothing was sent; is port", "check user"),
    "hangs up": ({**PLAIN, "AUTH": CLOSE}, 75, "neither took nor refused user and password", "check user"),
    "no answer to it": ({**PLAIN, "AUTH": "250 ok"}, 75, "what is no answer to it: 250 ok", "check user"),
    "asks for ever": ({**PLAIN, "AUTH": "334 ", "ANSWER": "334 "}, 75, "asks for more", "check user"),
}
BY_TOKEN = {
    "refused": ({**XOAUTH2, "AUTH": "535 5.7.3 no"}, 77, "login refused: 535 5.7.3 no; check user and scope", "of the"),
    "refused, and why": ({**BEARER, "AUTH": REFUSAL, "ANSWER": "535 5.7.8 no"}, 77,
                         '535 5.7.8 no; of the token it says {"status":"invalid_token","scope":"mail"}; check', "5.7.3"),
    "switched off": ({**XOAUTH2, "AUTH": SWITCHED_OFF}, 77, '"Authenticated SMTP"', "--authorize"),
    "not now": ({**XOAUTH2, "AUTH": NOT_NOW}, 75, f"login not possible now: {NOT_NOW};", "--authorize"),
    "not now, and why": ({**XOAUTH2, "AUTH": REFUSAL, "ANSWER": NOT_NOW}, 75, f"now: {NOT_NOW}; of the token", "refused"),
    "none that takes one": (PLAIN, 77, "offers only AUTH PLAIN LOGIN, none of which takes a token; nothing", "check"),
    "nothing offered": (offers(""), 77, "offers no AUTH; nothing was sent; is port", "check user"),
    "hangs up": ({**XOAUTH2, "AUTH": CLOSE}, 75, "neither took nor refused the token", "check user"),
    "no answer to it": ({**XOAUTH2, "AUTH": "250 ok"}, 75, "what is no answer to it: 250 ok", "check user"),
}
# What the provider answers before the relay is asked.
OF_PROVIDER = {
    "ended": (Canned(400, {"error": "invalid_grant"}), 77, "invalid_grant; run: pillarbox --authorize work"),
    "another client": (Canned(401, {"error": "invalid_client"}), 78, "invalid_client; check client-id"),
    "down": (Canned(503), 75, ": it answers 503"),
    "away": (Canned(hang_up=True), 75, "no token from localhost:"),
}


def judge(home, server, status, words, others, tokens=lambda: None):
    """The line is one, and its own; the other relay's messages go; --probe tells by its status."""
    for sender in (USER, "other@example.com", USER):
        assert home.run("-odq", "-i", "-f", sender, "bob@example.net", input=MAIL).code == 0
    result = home.run("--flush", "--force")
    assert result.code == 75 and result.err.count("\n") == 1 and words in result.err, result.err
    assert not any(other in result.err for other in others), result.err
    assert "2 messages stay queued" in result.err and len(home.entries) == 2
    assert len(server.messages) == 1
    assert {entry["relay"]: entry["relay_paused_until"] > 0 for entry in home.list()} == {"work": True}
    assert home.run("--probe", "work").code == status
    assert home.run("--probe", "other").code == 0
    return result.err


@pytest.fixture
def other(peer):
    return peer()


def relays(server, other, **settings):
    return {"other": at(other, senders=["other@example.com"]), "work": at(server, senders=[USER], **settings)}


@pytest.mark.parametrize("shape", BY_PASSWORD)
def test_by_password(home, peer, other, shape):
    script, status, words, wrong = BY_PASSWORD[shape]
    server = peer(script)
    home.configure(**relays(server, other))
    judge(home, other, status, words, [wrong])
    assert server.messages == []


@pytest.mark.parametrize("shape", BY_TOKEN)
def test_by_token(place, peer, other, shape):
    script, status, words, wrong = BY_TOKEN[shape]
    here = place()
    here.relay.user, here.issuer.token_length = USER, 40
    here.keep()
    server = peer(script)
    here.home.configure(**relays(server, other, user=USER, password=None, oauth=here.issuer.settings()))
    judge(here.home, other, status, words, [wrong])
    assert server.messages == [] and "given_up" not in here.kept


@pytest.mark.parametrize("shape", OF_PROVIDER)
def test_of_the_provider(place, peer, other, shape):
    canned, status, words = OF_PROVIDER[shape]
    here = place()
    here.relay.user, here.issuer.token_length = USER, 40
    here.keep()
    here.issuer.canned += [canned] * 9
    server = peer(XOAUTH2)
    here.home.configure(**relays(server, other, user=USER, password=None, oauth=here.issuer.settings()))
    judge(here.home, other, status, words, ["login"])
    assert server.sessions == []


def test_no_line_is_another_ones():
    """Of what fails by password, and of what fails by token, each is told from all others by its words."""
    for shapes in (BY_PASSWORD, BY_TOKEN):
        words = [shape[2] for shape in shapes.values()]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("offered, hint", [("SCRAM-SHA-256 PLAIN", "PLAIN"), ("LOGIN SCRAM-SHA-1", "LOGIN"),
                                           ("SCRAM-SHA-256", None), ("SCRAM-SHA-256-PLUS PLAIN", None),
                                           ("PLAIN", None)])
def test_a_password_that_scram_cannot_use(home, peer, pillarbox, build, offered, hint):
    """Of a server that keeps another hash of it: with PLAIN it may know it. Not so where the login was bound to TLS:
    there it may be somebody in between who is to be told the password."""
    if b"libgsasl.so" not in (build / "pillarbox-deliver").read_bytes():
        pytest.skip("built without libgsasl")
    home.configure(work=at(peer({**offers(offered), "AUTH": "535 5.7.8 Authentication failed"})))
    result = pillarbox("-odi", "bob@example.net", input=MAIL)
    assert "login refused: 535 5.7.8 Authentication failed; check user and password" in result.err
    assert ("then write auth = {" in result.err) is (hint is not None)
    assert hint is None or f'write auth = {{"{hint}"}}' in result.err
