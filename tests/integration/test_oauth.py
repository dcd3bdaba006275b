"""OAuth2: a token is had, kept, renewed in time and when it is refused, and never lost or shown."""

import base64
import json
import os
import re
import signal
import threading
import time

import pytest
from home import at, multiply
from issuer import Canned
from peer import CLOSE
from oauth_place import MAIL, issuer, place, token_relay     # noqa: F401

AUTHORIZE = "run: pillarbox --authorize work"


MECHANISMS = [({"XOAUTH2"}, "XOAUTH2"), ({"OAUTHBEARER"}, "OAUTHBEARER"),
              ({"XOAUTH2", "OAUTHBEARER"}, "OAUTHBEARER"), ({"XOAUTH2", "PLAIN", "LOGIN"}, "XOAUTH2")]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("offered, taken", MECHANISMS)
def test_refreshed_and_sent(place, offered, taken, tls):
    here = place(relay_options={"mechanisms": offered, "tls": tls})
    refresh = here.keep()
    result = here.send(3)
    assert (result.code, result.err) == (0, "")
    assert here.relay.logins == [(taken, "alice@example.com", True)] and len(here.relay.messages) == 3
    assert here.issuer.counts() == {"refresh_token": 1}
    kept = here.kept
    assert kept["refresh_token"] != refresh and kept["refresh_token_before"] == refresh
    assert kept["access_token"] == here.relay.tokens[-1] and 3500 < kept["expires"] - time.time() <= 3600
    assert here.file.stat().st_mode & 0o777 == 0o600 and here.file.parent.stat().st_mode & 0o777 == 0o700


def test_kept_for_the_next_flush(place):
    here = place()
    here.keep()
    for _ in range(3):
        assert here.send().code == 0
    assert here.issuer.counts() == {"refresh_token": 1} and len(here.relay.logins) == 3


def test_a_provider_knows_its_mechanism(place):
    here = place(provider="microsoft", relay_options={"mechanisms": {"XOAUTH2", "OAUTHBEARER"}})
    here.keep()
    assert here.send().code == 0
    assert here.relay.logins == [("XOAUTH2", "alice@example.com", True)]


def test_no_rotation(place):
    here = place(issuer_options={"rotation": "none"})
    refresh = here.keep(refresh_token_before=None)
    assert here.send().code == 0
    assert here.kept["refresh_token"] == refresh and "refresh_token_before" not in here.kept


def test_nobody_has_authorized(place):
    here = place()
    result = here.send()
    assert result.code == 75 and "there is no token yet; " + AUTHORIZE in result.err
    assert result.err.count("\n") == 1 and len(here.home.entries) == 1 and here.issuer.requests == []


@pytest.mark.parametrize("kept", ["{", "[]", "", '{"of": 7}', '{"refresh_token": "a\\u0001b"}', "x" * 70000])
def test_a_file_that_is_none(place, kept):
    here = place()
    here.keep()
    here.file.write_text(kept)
    result = here.send()
    assert result.code == 75 and len(here.home.entries) == 1
    assert AUTHORIZE in result.err, result.err


def test_a_file_that_others_can_read(place):
    here = place()
    here.keep()
    here.file.chmod(0o644)
    result = here.send()
    assert result.code == 75 and "nobody else may read it" in result.err and here.issuer.requests == []


def test_another_client_is_configured(place):
    here = place()
    here.keep()
    here.configure(scope="another")
    result = here.send()
    assert result.code == 75 and "another client, scope or login" in result.err and AUTHORIZE in result.err


CLOCKS = [
    ("good for a minute", dict(expires=60, obtained=-3540), True),
    ("good for ten", dict(expires=600, obtained=-3000), False),
    ("over", dict(expires=-10, obtained=-3610), True),
    ("a short one", dict(expires=30, obtained=-10), False),
    ("a short one at its end", dict(expires=5, obtained=-35), True),
    ("the clock was put back a day", dict(expires=86400 + 3600, obtained=86400), True),
    ("the clock was put forward a day", dict(expires=-86400 + 3600, obtained=-86400), True),
]


@pytest.mark.parametrize("kept, renewed", [case[1:] for case in CLOCKS], ids=[case[0] for case in CLOCKS])
def test_expiry_and_clock(place, kept, renewed):
    here = place()
    access = here.issuer.secret(kept=True)
    here.issuer.good.add(access)
    here.keep(access_token=access, **kept)
    assert here.send().code == 0
    assert here.issuer.counts() == ({"refresh_token": 1} if renewed else {})
    assert (here.relay.tokens[-1] == access) is not renewed


@pytest.mark.parametrize("manner", ["google", "microsoft"])
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_refused_token_is_renewed_once(place, mechanism, manner):
    here = place(relay_options={"mechanisms": {mechanism}, "manner": manner})
    here.keep(access_token=here.issuer.secret(kept=True))
    result = here.send()
    assert (result.code, result.err) == (0, "")
    assert [good for *_, good in here.relay.logins] == [False, True]
    assert here.issuer.counts() == {"refresh_token": 1}
    if manner == "google":
        assert here.relay.answered == [b"\1" if mechanism == "OAUTHBEARER" else b""]


@pytest.mark.parametrize("manner", ["google", "microsoft"])
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_refused_for_good(place, mechanism, manner):
    here = place(relay_options={"mechanisms": {mechanism}, "manner": manner})
    refresh = here.keep(access_token=here.issuer.secret(kept=True))
    here.relay.user = "somebody@example.com"
    result = here.send()
    assert result.code == 75 and AUTHORIZE in result.err and result.err.count("\n") == 1
    assert len(here.relay.logins) == 2 and here.issuer.counts() == {"refresh_token": 1}
    assert here.kept["refresh_token_before"] == refresh and here.issuer.works(here.kept["refresh_token"])
    assert "login refused: 535 5.7." in result.err
    assert ('of the token it says {"status": "400"' in result.err) is (manner == "google")
    assert here.home.run("--list").out.count(b"paused") >= 1


def test_smtp_is_switched_off(place):
    """No other token helps there, and none is asked for."""
    here = place(relay_options={"manner": "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant"})
    here.keep(access_token=here.issuer.secret(kept=True))
    result = here.send()
    assert result.code == 75 and "5.7.139" in result.err and "Authenticated SMTP" in result.err
    assert "--authorize" not in result.err and len(here.relay.logins) == 1 and here.issuer.requests == []


SAYS = base64.b64encode(b'{"status":"401","scope":"smtp"}').decode()
TAKEN = "of the token it says "
SHAPES = {      # what it says to AUTH, and then to each answer; what is said of that; logins
    "challenge, then 535": (SAYS, ["535 5.7.8 no"], "refused: 535 5.7.8 no; " + TAKEN + '{"status":"401",', 2),
    "challenge, then 454": (SAYS, ["454 4.7.0 later"], "not possible now: 454 4.7.0 later; " + TAKEN, 1),
    "challenge, and hangs up": (SAYS, [CLOSE], "refused: the token is not taken; " + TAKEN, 2),
    "challenge, then silence": (SAYS, [30], "refused: the token is not taken; " + TAKEN, 2),
    "challenge for ever": (SAYS, [f"334 {SAYS}"], "refused: the token is not taken; " + TAKEN, 2),
    "challenge, then 235": (SAYS, ["235 welcome"], "says that it is done before", 1),
    "challenge, then 250": (SAYS, ["250 ok"], "refused: the token is not taken; " + TAKEN, 2),
    "challenge, then no reply": (SAYS, ["hello"], "refused: the token is not taken; " + TAKEN, 2),
    "an empty one": ("", ["535 no"], "refused: 535 no; " + TAKEN + "(without a reason)", 2),
    "no base64": ("{&%", ["535 no"], "refused: 535 no; " + TAKEN + "(without a reason)", 2),
    "no JSON": (base64.b64encode(b"\x1b[2J\0\r\nno").decode(), ["535 no"], TAKEN + "?[2J???no; check", 2),
    "50 kB": (base64.b64encode(b"x" * 37500).decode(), ["535 no"], "refused: 535 no; " + TAKEN + "xxx", 2),
    "100 kB": (base64.b64encode(b"x" * 75000).decode(), ["535 no"], "broke it off", 1),
    "535 with many words": (SAYS, ["535 5.7.8 " + "no " * 700], "refused: 535 5.7.8 no no", 2),
    "534": (None, ["534 5.7.14 see https://example.com/"], "log in there with a browser", 1),
    "454": (None, ["454 4.7.0 Temporary authentication failure"], "not possible now: 454 4.7.0 Temp", 1),
    "535": (None, ["535 5.7.3 no"], "login refused: 535 5.7.3 no; check user and scope", 2),
    "250": (None, ["250 ok"], "what is no answer to it: 250 ok", 1),
    "hangs up": (None, [CLOSE], "neither took nor refused the token", 1),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mechanism, length", [("XOAUTH2", 40), ("OAUTHBEARER", 3000)])
def test_shapes_of_a_refusal(place, peer, mechanism, shape, length):
    """Each has a line of its own, and only what speaks of the token costs another one."""
    challenge, then, words, logins = SHAPES[shape]
    answers = then if challenge is None else [f"334 {challenge}", *then]
    short = length < 300
    here = place()
    relay = peer({"EHLO": f"250-peer\n250 AUTH {mechanism}", "AUTH": answers[0] if short else "334 ",
                  "ANSWER": answers[1 if short else 0:] or ["235"]})
    here.home.configure(work=at(relay, user="alice@example.com", password=None, timeout="2s",
                                oauth=here.issuer.settings()))
    here.relay.user = "alice@example.com"
    here.issuer.token_length = length
    here.keep()
    result = here.send()
    assert result.code == 75 and result.err.count("\n") == 1 and words in result.err, result.err
    assert len(relay.sessions) == logins and not relay.messages and len(here.home.entries) == 1
    assert here.issuer.counts() == {"refresh_token": logins}
    last = relay.sessions[-1][1 + [line.startswith(b"AUTH") for line in relay.sessions[-1]].index(True):]
    if challenge is not None and shape != "100 kB":
        assert (b"" if mechanism == "XOAUTH2" else b"AQ==") in last


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("length, how", [(40, "AUTH"), (300, "AUTH"), (400, "334"), (2000, "334"), (4096, "334"),
                                         (16000, "334"), (16384, "334")])
def test_long_tokens(place, mechanism, length, how):
    """RFC 5321 4.5.3.1.4: a command has 512 octets; what is longer goes behind a challenge, and is one line."""
    here = place(relay_options={"mechanisms": {mechanism}})
    here.issuer.token_length = length
    here.keep()
    result = here.send()
    assert (result.code, result.err) == (0, "") and here.relay.hears == [how]
    assert len(here.relay.tokens[0]) == length and here.relay.logins[0][2]


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_odd_users(place, mechanism):
    here = place(relay_options={"mechanisms": {mechanism}})
    here.relay.user = "o=ps,alice@example.com"
    here.configure()
    here.keep()
    assert here.send().err == "" and here.relay.logins == [(mechanism, "o=ps,alice@example.com", True)]


def test_the_challenge_quotes_the_token(place, peer):
    here = place()
    quoted = base64.b64encode(b"abc").decode()
    relay = peer({"EHLO": "250-peer\n250 AUTH XOAUTH2", "ANSWER": "535 no",
                  "AUTH": lambda _, line: "334 " + base64.b64encode(base64.b64decode(line.split()[2])).decode()})
    here.home.configure(work=at(relay, user="alice@example.com", password=None, oauth=here.issuer.settings()))
    here.relay.user, here.issuer.token_length = "alice@example.com", 200
    here.keep()
    result = here.home.run("-v", "-i", "bob@example.net", input=MAIL)
    assert "of the token it says user=alice@example.com?auth=Bearer ****??" in result.err and quoted not in result.err


@pytest.mark.parametrize("provider, offered, words", [
    (None, "LOGIN PLAIN", "offers only AUTH LOGIN PLAIN, none of which takes a token; nothing was sent"),
    ("microsoft", "OAUTHBEARER", "offers only AUTH OAUTHBEARER, and how this relay takes a token is XOAUTH2; nothing"),
    (None, "", "offers no AUTH; nothing was sent"),
])
def test_no_common_mechanism(place, peer, provider, offered, words):
    here = place()
    relay = peer({"EHLO": f"250-peer\n250 AUTH {offered}" if offered else "250 peer"})
    here.home.configure(work=at(relay, user="alice@example.com", password=None,
                                oauth=here.issuer.settings(provider=provider)))
    here.relay.user = "alice@example.com"
    here.keep()
    result = here.send()
    assert result.code == 75 and words in result.err and result.err.count("\n") == 1, result.err
    assert not any(line.startswith(b"AUTH") for line in relay.sessions[0]) and len(relay.sessions) == 1


def test_a_login_that_is_not_possible_now(place):
    here = place(relay_options={"replies": {"AUTH": "454 4.7.0 Temporary authentication failure"},
                                "mechanisms": {"OAUTHBEARER"}, "manner": "microsoft"})
    here.keep()
    result = here.send()
    assert result.code == 75 and "not possible now" in result.err and len(here.relay.logins) == 1


def test_given_up(place):
    """invalid_grant is said once by the server, and from then on by us."""
    here = place()
    here.keep()
    here.issuer.revoke()
    for _ in range(2):
        result = here.home.run("--flush", "--force") if here.home.entries else here.send()
        assert result.code == 75 and "invalid_grant" in result.err and AUTHORIZE in result.err
        assert len(here.home.entries) == 1
    assert here.issuer.counts() == {"refresh_token": 1}


def test_the_one_before_still_works(place):
    """A refresh token that came and does not work leaves the one that it came for."""
    here = place()
    before = here.issuer.first_refresh_token()
    here.keep(refresh_token=here.issuer.secret(), refresh_token_before=before)
    assert here.send().code == 0
    assert here.issuer.counts() == {"refresh_token": 2} and here.kept["refresh_token_before"] == before
    assert here.issuer.works(here.kept["refresh_token"])


BIG = {"access_token": "a" * 8000, "refresh_token": "r" * 2000, "token_type": "bearer", "expires_in": "3600"}
FAILURES = {
    "500": (Canned(500, b"<html>oops</html>"), "500"),
    "500 that says invalid_grant": (Canned(500, {"error": "invalid_grant"}), "500"),
    "503 with Retry-After": (Canned(503, b"", {"Retry-After": 1200}), "503"),
    "429": (Canned(429, {"error": "invalid_grant"}, {"Retry-After": 1200}), "429"),
    "temporarily_unavailable": (Canned(400, {"error": "temporarily_unavailable"}), "temporarily_unavailable"),
    "an error that nobody knows": (Canned(400, {"error": "strange", "error_description": "x\0\x1b[2J\ny"}), "strange"),
    "a redirect": (Canned(302, b"", {"Location": "https://127.0.0.1/"}), "302"),
    "no JSON": (Canned(200, b"access_token=abc"), "no JSON"),
    "400 without JSON": (Canned(400, b"bad"), "400"),
    "an array": (Canned(200, b"[1]"), "no JSON object"),
    "a member twice": (Canned(200, b'{"access_token": "a", "access_token": "b"}'), "no JSON"),
    "a token with a control": (Canned(200, {"access_token": "a\1b"}), "access_token"),
    "a token with a NUL": (Canned(200, {"access_token": "a\0b"}), "access_token"),
    "a token that is a number": (Canned(200, {"access_token": 7}), "access_token"),
    "no token": (Canned(200, {"expires_in": 3600}), "access_token"),
    "another type": (Canned(200, {"access_token": "a", "token_type": "mac"}), "mac"),
    "too long a token": (Canned(200, {"access_token": "a" * 17000}), "access_token"),
    "huge": (Canned(200, b"{" + b" " * 5_000_000), "too long"),
    "huge, and does not say so": (Canned(200, b"{" + b" " * 100_000, {"Content-Length": 100_001}), "too long"),
    "deep": (Canned(200, b'{"a":' + b"[" * 30000), "no JSON"),
    "empty": (Canned(200, b""), "no JSON"),
    "hangs up": (Canned(hang_up=True), "no token from"),
}


@pytest.mark.parametrize("canned, said", FAILURES.values(), ids=FAILURES)
def test_the_endpoint_is_in_trouble(place, canned, said):
    """Nothing is given up, the message waits, and the next flush goes on."""
    here = place()
    refresh = here.keep()
    here.issuer.canned.append(canned)
    result = here.send()
    assert result.code == 75 and said in result.err and result.err.count("\n") == 1, result.err
    assert AUTHORIZE not in result.err and here.kept["refresh_token"] == refresh and "given_up" not in here.kept
    (waiting,) = here.home.list()
    if "Retry-After" in canned.headers:
        assert waiting["relay_paused_until"] >= time.time() + 1100
    assert here.home.run("--flush", "--force").code == 0 and len(here.relay.messages) == 1


@pytest.mark.parametrize("life", [-1, 0, 3599.5, "soon", 1e308, 1 << 70, None])
def test_a_life_that_says_nothing(place, life):
    """The refresh token that came with it is the only one that is left."""
    here = place(issuer_options={"rotation": "strict"})
    here.keep()
    answer = here.issuer.answer
    here.issuer.answer = lambda *request: (200, answer(*request)[1] | {"expires_in": life})
    assert here.send().code == 0 and here.issuer.works(here.kept["refresh_token"])
    assert 3500 < here.kept["expires"] - time.time() <= 3600


def test_a_large_answer(place):
    here = place()
    here.keep()
    here.issuer.good.add(BIG["access_token"])
    here.issuer.canned.append(Canned(200, {**BIG, "id_token": "i" * 10000}))
    assert here.send().code == 0
    assert here.relay.tokens == [BIG["access_token"]] and here.kept["refresh_token"] == BIG["refresh_token"]


UNUSABLE = [{"access_token": "a\1b"}, {"access_token": "a b"}, {"access_token": 7}, {"access_token": None},
            {"access_token": ""}, {"token_type": "mac"}, {"token_type": ["Bearer"]}, {"access_token": "a" * 17000}]


@pytest.mark.parametrize("unusable", UNUSABLE, ids=range(len(UNUSABLE)))
@pytest.mark.parametrize("mode", ["flush", "foreground"])
def test_an_access_token_that_cannot_be_used(place, unusable, mode):
    """The refresh token that came with it is the only one that is left."""
    here = place(issuer_options={"rotation": "strict"})
    used = here.keep()
    answer = here.issuer.answer
    here.issuer.answer = lambda *request: (200, answer(*request)[1] | unusable)
    result = here.send() if mode == "flush" else here.home.run("-odi", "-i", "bob@example.net", input=MAIL)
    assert (result.code, result.err.count("\n")) == (75 if mode == "flush" else 0, 1) and AUTHORIZE not in result.err
    assert here.issuer.works(here.kept["refresh_token"]) and here.kept["refresh_token_before"] == used
    assert here.relay.logins == [] and "access_token" not in here.kept
    here.issuer.answer = answer
    result = here.home.run("--flush", "--force")
    assert (result.code, result.err) == (0, "") and len(here.relay.messages) == 1 and here.issuer.reused == 0


WHY_NOT_TRUSTED = {
    "wrong-name": "does not match target host name 'localhost'",
    "expired": "its certificate is not trusted: The certificate chain uses expired certificate; are the clock, ",
    "self-signed": "its certificate is not trusted: The certificate issuer is unknown; are the clock, ",
    "stranger": "its certificate is not trusted: The certificate issuer is unknown; are the clock, ",
}


@pytest.mark.parametrize("certificate", WHY_NOT_TRUSTED)
def test_an_endpoint_that_is_not_trusted(place, certificate):
    here = place(issuer_options={"certificate": certificate})
    here.keep()
    result = here.send()
    assert result.code == 75 and "no token from localhost" in result.err and WHY_NOT_TRUSTED[certificate] in result.err
    assert result.err.count("\n") == 1 and here.issuer.requests == []


def test_the_answer_is_lost(place):
    """The server has given a new one, which nobody has: the one before goes on to work."""
    here = place()
    here.keep()
    here.issuer.canned.append(Canned(after=True, hang_up=True))
    assert here.send().code == 75
    assert here.home.run("--flush", "--force").code == 0


def test_no_room_on_the_disk_is_seen_before(place):
    """What cannot be written is not asked for."""
    here = place()
    here.keep()
    (here.file.parent / "work:new").mkdir()
    result = here.send()
    (here.file.parent / "work:new").rmdir()
    assert result.code == 75 and "cannot write" in result.err and here.issuer.requests == []


def test_on_disk_before_it_is_used(place):
    """The relay is gone when the token is there: the new refresh token is on disk."""
    here = place(relay_options={"drop": "GREETING"})
    refresh = here.keep()
    assert here.send().code == 75
    assert here.kept["refresh_token"] != refresh and here.issuer.works(here.kept["refresh_token"])


def test_two_flushes_at_once(place):
    here = place()
    here.keep()
    here.queue(20)
    running = [here.home.start("--flush") for _ in range(4)]
    for process in running:
        here.home.finish(process)
    assert here.home.run("--flush", "--force").code == 0
    assert len(here.relay.messages) == 20 and here.issuer.counts() == {"refresh_token": 1}


def test_many_callers_at_once(place):
    here = place()
    here.keep()
    running = [here.home.start("-odi", "-i", "bob@example.net") for _ in range(8)]
    for process in running:
        assert here.home.finish(process, MAIL).code == 0
    assert here.home.wait_empty() and here.issuer.counts() == {"refresh_token": 1}


def test_who_renews_is_stopped(place):
    """Who waits in the foreground does so no longer than the caller wants."""
    here = place()
    here.keep()
    here.home.write_config('foreground-timeout = "2s"\n' + here.home.config.read_text())
    here.issuer.canned.append(Canned(after=True, hang_up=True, delay=3))
    here.queue()
    frozen = here.home.start("--flush", "--force")
    pid = here.home.wait_process("pillarbox-deliver")
    while not here.issuer.requests:
        time.sleep(0.02)
    os.kill(pid, signal.SIGSTOP)
    try:
        result = here.home.run("-odi", "-i", "bob@example.net", input=MAIL, timeout=30)
        assert "another process is renewing the token" in result.err
    finally:
        os.kill(pid, signal.SIGCONT)
    here.home.finish(frozen, timeout=30)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_who_renews_is_ended(place, number):
    """^C, or the end of a session or a unit: what the server has taken is replaced first."""
    here = place(issuer_options={"rotation": "strict"})
    here.keep()
    answer, taken = here.issuer.answer, threading.Event()

    def late(*request):
        result = answer(*request)
        taken.set()
        time.sleep(1)
        return result

    here.issuer.answer = late
    here.queue()
    ended = here.home.start("--flush", "--force")
    pid = here.home.wait_process("pillarbox-deliver")
    assert taken.wait(20)
    os.kill(pid, number)
    here.home.finish(ended, timeout=30)
    assert here.issuer.works(here.kept["refresh_token"]) and here.relay.logins == []
    result = here.home.run("--flush", "--force")
    assert (result.code, result.err) == (0, "") and here.issuer.counts() == {"refresh_token": 1}


def test_not_shown_with_v(place):
    here = place()
    here.keep(access_token=here.issuer.secret(kept=True))
    result = here.home.run("-v", "-i", "bob@example.net", input=MAIL)
    assert result.code == 0 and "AUTH OAUTHBEARER ****" in result.err
    assert len(here.relay.messages) == 1


@pytest.mark.parametrize("user", ["alice@example.com", "al@example.com", "a@example.com"])
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_not_shown_when_it_is_quoted(place, mechanism, user):
    here = place(relay_options={"mechanisms": {mechanism}, "manner": "535 5.7.8 SENT is no TOKEN"})
    here.relay.user = user
    command_of(here, f"echo {here.issuer.secret(120)}")
    result = here.home.run("-v", "-i", "bob@example.net", input=MAIL)
    assert len(here.relay.tokens) == 1 and re.search(r"refused: 535 5\.7\.8 \S+\*\*\*\*\S* is no \*\*\*\*;", result.err)


@pytest.mark.parametrize("offered, taken", MECHANISMS)
def test_probe(place, offered, taken):
    here = place(relay_options={"mechanisms": offered})
    here.keep(access_token=(token := here.issuer.secret()))
    here.issuer.good.add(token)
    result = here.home.run("--probe")
    assert (result.code, result.err) == (0, "") and f"  login by     {taken}\n" in result.out.decode()
    assert here.relay.logins == [(taken, "alice@example.com", True)] and here.relay.messages == []
    here.issuer.good.clear()
    here.file.unlink()
    result = here.home.run("--probe", "--json")
    assert result.code == 77 and "there is no token yet; " + AUTHORIZE in result.out.decode()


def checked(here, secret, **oauth):
    """--check, where the client's secret is that."""
    path = here.home.folder / "client-secret"
    path.write_text(secret)
    path.chmod(0o600)
    settings = here.issuer.settings(client_secret_file=path, **oauth)
    here.home.configure(work=at(here.relay, password=None, oauth=settings), hostname="host.example.org")
    return here.home.run("--check")


def test_check(place):
    here = place()
    result = checked(here, "S3cret\n")
    assert result.code == 78 and result.err.count("\n") == 1 and "nobody has authorized it; " + AUTHORIZE in result.err
    here.keep()
    assert checked(here, "S3cret\n").code == 0
    result = checked(here, "S3cret\nand more\n")
    assert result.code == 78 and result.err.count("\n") == 1 and "S3cret" not in result.err
    assert "client-secret-file" in result.err and "more than one line" in result.err
    assert here.relay.logins == [] and here.issuer.requests == []


def spoil(**members):
    def now(here):
        here.file.write_text(json.dumps(here.kept | members))
    return now


SPOILT = {
    "empty": (lambda here: here.file.write_text(""), "cannot be read as a token; " + AUTHORIZE),
    "too large": (lambda here: here.file.write_text("x" * 70000), "cannot be read as a token; " + AUTHORIZE),
    "for others": (lambda here: here.file.chmod(0o644), "nobody else may read it; mend that, or " + AUTHORIZE),
    "another client": (spoil(of="client=another"), "another client, scope or login than is configured now; " + AUTHORIZE),
    "given up": (spoil(given_up="no token from x: invalid_grant; " + AUTHORIZE), "invalid_grant; " + AUTHORIZE),
    "no refresh token": (spoil(refresh_token=None), "there is no token yet; " + AUTHORIZE),
}


@pytest.mark.parametrize("how, said", SPOILT.values(), ids=SPOILT)
def test_check_of_a_token(place, how, said):
    """As a delivery will find it."""
    here = place()
    here.keep()
    how(here)
    result = checked(here, "S3cret\n")
    assert result.code == 78 and result.err.count("\n") == 1 and said in result.err
    assert here.relay.logins == [] and here.issuer.requests == []


@pytest.mark.parametrize("program, code", [("true", 0), ("/no/such/program", 78)])
def test_check_of_a_command(place, program, code):
    here = place()
    here.home.configure(work=at(here.relay, password=None, oauth={"token_command": [program]}),
                        hostname="host.example.org")
    result = here.home.run("--check")
    assert result.code == code and ("token-command" in result.err) is (code != 0)


def test_client_credentials(place):
    here = place(issuer_options={"client_secret": "S3cret/client+secret=&%"}, grant="client-credentials")
    for _ in range(2):
        assert here.send().code == 0
    assert here.issuer.counts() == {"client_credentials": 1} and "refresh_token" not in here.kept


def test_client_credentials_refused(place):
    here = place(issuer_options={"client_secret": "S3cret-right"}, grant="client-credentials")
    (here.home.folder / "client-secret").write_text("S3cret-wrong")
    here.issuer.secrets.add("S3cret-wrong")
    result = here.send()
    assert result.code == 75 and "invalid_client" in result.err and "client-secret-file" in result.err
    assert "--authorize" not in result.err


def test_client_secret_that_others_can_read(place):
    here = place(issuer_options={"client_secret": "S3cret-right"}, grant="client-credentials")
    (here.home.folder / "client-secret").chmod(0o644)
    result = here.send()
    assert result.code == 75 and "others can read it" in result.err and here.issuer.requests == []


def command_of(here, text, **settings):
    script = here.home.folder / "token"
    script.write_text(f"#!/bin/sh\necho x >> {here.home.folder}/called\n{text}\n")
    script.chmod(0o700)
    here.home.configure(work=at(here.relay, password=None, oauth={"token_command": [script]}, **settings))
    return here.home.folder / "called"


def test_token_command(place):
    here = place()
    token = here.issuer.secret(2000)
    here.issuer.good.add(token)
    called = command_of(here, f"echo {token}; echo and more")
    assert here.send(3).code == 0
    assert called.read_text() == "x\n" and len(here.relay.messages) == 3 and not here.file.exists()


@pytest.mark.parametrize("text, said", [("exit 3", "status 3"), ("kill -9 $$", "signal 9 (Killed) ended it"),
                                        ("echo a b", "no token"), ("printf '\\na\\n'", "empty"), ("true", "empty")])
def test_token_command_fails(place, text, said):
    here = place()
    command_of(here, text)
    result = here.send()
    assert result.code == 75 and "token-command" in result.err and said in result.err, result.err


def test_token_command_is_asked_again(place):
    """What it prints once more is not tried once more."""
    here = place()
    called = command_of(here, f"echo {here.issuer.secret()}")
    assert here.send(3).code == 75
    assert called.read_text() == "x\nx\n" and len(here.relay.logins) == 1


def test_token_command_is_asked_once_for_a_flush(place):
    here = place()
    here.issuer.good.add(token := here.issuer.secret(2000))
    called = command_of(here, f"echo {token}", messages_per_connection=1)
    assert here.send(5).err == ""
    assert called.read_text() == "x\n" and len(here.relay.logins) == 5
    assert here.send(1).err == "" and called.read_text() == "x\nx\n"


def test_token_command_is_asked_once_for_all_sessions_of_a_flush(place):
    here = place()
    here.issuer.good.add(token := here.issuer.secret(2000))
    called = command_of(here, f"echo {token}", connections=4, messages_per_connection=10)
    here.queue()
    multiply(here.home.entries[0], 200)
    assert here.home.run("--flush", "--force", timeout=60).code == 0
    assert len(here.relay.messages) == 200 and here.relay.most > 1 and called.read_text() == "x\n"


def test_token_command_is_asked_again_when_its_token_has_ended(place):
    """A token that is kept, and refused in the middle of a flush."""
    here = place()
    tokens = [here.issuer.secret() for _ in range(2)]
    called = command_of(here, f"[ -e {here.home.folder}/second ] && echo {tokens[1]} || echo {tokens[0]}",
                        messages_per_connection=1)
    here.issuer.good.add(tokens[0])
    taken = here.relay.arrived

    def arrived(message):
        if len(here.relay.messages) == 1:
            here.issuer.good = {tokens[1]}
            (here.home.folder / "second").touch()
        return taken(message)

    here.relay.arrived = arrived
    result = here.send(4)
    assert (result.code, result.err) == (0, "") and len(here.relay.messages) == 4
    assert called.read_text() == "x\nx\n" and [good for *_, good in here.relay.logins].count(False) == 1
