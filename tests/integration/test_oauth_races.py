"""Tokens when the clock is wrong, flushes run at once, and the network goes at the worst moment."""

import time

import pytest
from issuer import Canned
from oauth_place import MAIL, issuer, place, token_relay     # noqa: F401
from shifted import shifted     # noqa: F401

AUTHORIZE = "run: pillarbox --authorize work"
YEAR = 365 * 24 * 3600
TO_1970 = 86400 - int(time.time())

EACH_ALONE = {"relay_settings": {"messages_per_connection": 1}}


def refreshes(here):
    return here.issuer.counts()["refresh_token"]


# The clock.


def send(here, clock, count=1):
    here.queue(count)
    environment = {**here.home.environment, **clock}
    return here.home.run("--flush", "--force", env=environment)


@pytest.mark.parametrize("shift", [10 * YEAR, -10 * YEAR, TO_1970], ids=["years on", "years back", "1970"])
def test_a_clock_that_moved_costs_one_token(place, shifted, shift):
    """And one more when it is set right again; none for each flush, none for each message."""
    here = place(**EACH_ALONE)
    here.keep()
    assert here.send(2).err == "" and refreshes(here) == 1
    for _ in range(3):
        assert send(here, shifted(shift), 3).err == ""
    assert refreshes(here) == 2
    for _ in range(3):
        assert here.send(3).err == ""
    assert refreshes(here) <= 3 and len(here.relay.messages) == 20
    assert all(good for *_, good in here.relay.logins)


def test_a_clock_that_is_wrong_from_the_beginning(place, shifted):
    """Without a battery it is 1970 at each boot."""
    here = place()
    here.keep()
    for _ in range(4):
        assert send(here, shifted(TO_1970)).err == ""
    assert refreshes(here) == 1


@pytest.mark.parametrize("kept", [dict(obtained=-3600, expires=24 * YEAR), dict(obtained=0, expires=24 * YEAR),
                                  dict(obtained=24 * YEAR, expires=25 * YEAR)], ids=["before", "now", "later"])
def test_valid_till_2050_and_refused(place, kept):
    """Whatever the clock was when it was had: what the relay refuses is renewed once, and then used."""
    here = place(**EACH_ALONE)
    here.keep(access_token=here.issuer.secret(), **kept)
    assert here.send(3).err == "" and refreshes(here) == 1
    assert [good for *_, good in here.relay.logins].count(False) <= 1
    assert here.kept["expires"] <= time.time() + 3600
    assert here.send().err == "" and refreshes(here) == 1


def test_a_lifetime_that_nobody_has(place):
    here = place(issuer_options={"life": 2 ** 62})
    here.keep()
    assert here.send().err == "" and here.kept["expires"] <= time.time() + 366 * 24 * 3600


# Flushes at once.


@pytest.mark.parametrize("refused", [False, True], ids=["ended", "refused"])
def test_two_flushes_and_a_token_that_is_good_once(place, refused):
    """Who asks with one that was used ends all of them; so exactly one asks."""
    here = place(issuer_options={"rotation": "strict"}, relay_settings={"connections": 8})
    here.keep(**({"access_token": here.issuer.secret()} if refused else {}))
    here.queue(20)
    here.issuer.canned.append(Canned(after=True, delay=0.5, real=True))
    running = [here.home.start("--flush", "--force") for _ in range(4)]
    running += [here.home.start("-odi", "-i", "bob@example.net") for _ in range(4)]
    for process in running:
        here.home.finish(process, MAIL)
    assert here.home.run("--flush", "--force").code == 0 and here.home.wait_empty()
    assert len(here.relay.messages) == 24 and refreshes(here) == 1 and here.issuer.reused == 0
    assert here.issuer.works(here.kept["refresh_token"])


# The network.


@pytest.mark.parametrize("rotation, works", [("none", True), ("grace", True), ("strict", False)])
@pytest.mark.parametrize("cut", [{"hang_up": True}, {"status": 502}, {"real": True, "cut": True}],
                         ids=["no answer", "502", "half of it"])
def test_the_answer_is_lost(place, rotation, works, cut):
    """The provider has used up what we had, and we have not heard of it. Where that is the end of it, the line has the
    command to run, and the provider is not asked again."""
    here = place(issuer_options={"rotation": rotation})
    here.keep()
    assert here.send().code == 0
    here.keep(refresh_token=here.kept["refresh_token"], refresh_token_before=here.kept.get("refresh_token_before"))
    here.issuer.canned.append(Canned(after=True, **cut))
    result = here.send(2)
    assert result.code == 75 and "no token from localhost" in result.err and result.err.count("\n") == 1
    assert AUTHORIZE not in result.err and "given_up" not in here.kept and refreshes(here) == 2
    result = here.home.run("--flush", "--force")
    assert (result.code == 0) is works and (AUTHORIZE in result.err) is not works, result.err
    asked = refreshes(here)
    if not works:
        assert result.err.count("\n") == 1 and "invalid_grant" in result.err and len(here.home.entries) == 2
        result = here.home.run("--flush", "--force")
        assert AUTHORIZE in result.err and refreshes(here) == asked
        (line,) = [line for line in here.home.run("--list").out.decode().splitlines() if "paused" in line]
        assert AUTHORIZE in line


def test_cut_between_refresh_and_use(place):
    """It is on disk, and the next flush uses it."""
    here = place(issuer_options={"rotation": "strict"}, relay_options={"drop": "GREETING"})
    here.keep()
    assert here.send(2).code == 75 and refreshes(here) == 1
    here.relay.drop = None
    result = here.home.run("--flush", "--force")
    assert (result.code, result.err) == (0, "") and refreshes(here) == 1 and len(here.relay.messages) == 2


@pytest.mark.parametrize("trouble", [Canned(503), Canned(429, headers={"Retry-After": 1200}), Canned(hang_up=True),
                                     Canned(400, {"error": "temporarily_unavailable"})],
                         ids=["503", "429", "no answer", "temporarily_unavailable"])
@pytest.mark.parametrize("flush", [("--flush",), ("--flush", "--force")], ids=["flush", "force"])
def test_a_provider_that_is_down(place, trouble, flush):
    """Not once for each message, nor for each session: one question, one line, and all stays."""
    here = place(relay_settings={"connections": 4, "messages_per_connection": 2})
    refresh = here.keep()
    here.queue(30)
    here.issuer.canned += [trouble] * 40
    result = here.home.run(*flush)
    assert result.code == 75 and result.err.count("\n") == 1 and "30 messages stay queued" in result.err
    assert len(here.issuer.requests) == 1 and len(here.home.entries) == 30 and here.relay.logins == []
    assert here.kept["refresh_token"] == refresh


@pytest.mark.parametrize("given, least", [("1200", 1200), ("DATE", 1200), ("0", 60), ("999999999", 3600), ("soon", 60)])
def test_retry_after_is_kept_by_all(place, given, least):
    """Whoever comes before that is not told by the provider once more."""
    here = place()
    here.keep()
    if given == "DATE":
        given = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 1200))
    here.issuer.canned += [Canned(429, b"", {"Retry-After": given})] * 9
    assert here.home.run("-odi", "-i", "bob@example.net", input=MAIL).code == 0
    assert len(here.issuer.requests) == 1
    (waiting,) = here.home.list()
    assert least - 10 <= waiting["relay_paused_until"] - time.time() <= least * 1.4
    for arguments in (["--flush"], ["-q"], ["-odi", "-i", "bob@example.net"], ["-odb", "-i", "bob@example.net"]):
        here.home.run(*arguments, input=MAIL)
    here.home.wait_quiet()
    assert len(here.issuer.requests) == 1 and here.relay.logins == []
    here.issuer.canned.clear()
    assert here.home.run("--flush", "--force").code == 0 and len(here.relay.messages) == 3
