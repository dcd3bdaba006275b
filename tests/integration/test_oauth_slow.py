"""A provider that answers later than the caller can wait: the caller goes in time, and no refresh token is lost."""

import os
import signal
import subprocess
import time

import pytest
from home import at
from issuer import Canned
from oauth_place import MAIL, issuer, place, token_relay     # noqa: F401

GOES_ON = " in time; its renewal goes on by itself"
ANSWERS_AFTER = 4
CAN_WAIT = 2


def slow(place, **canned):      # noqa: F811
    """A token is to be renewed, which the provider takes at once, and answers late."""
    here = place(issuer_options={"rotation": "strict"})
    here.keep()
    here.home.write_config(f'foreground-timeout = "{CAN_WAIT}s"\n' + here.home.config.read_text())
    here.issuer.canned.append(Canned(after=True, real=True, **(canned or {"delay": ANSWERS_AFTER})))
    return here


def called(here):
    """The caller is told within its time; nobody keeps its pipes open behind it."""
    began = time.monotonic()
    result = here.home.run("-odi", "-i", "bob@example.net", input=MAIL)
    assert time.monotonic() - began < CAN_WAIT + 1
    assert result.code == 0 and GOES_ON in result.err and result.err.count("\n") == 1, result.err
    assert len(here.home.entries) == 1 and here.relay.logins == []


def sent_by_the_next_flush(here, count=1):
    result = here.home.run("--flush", "--force", timeout=30)
    assert (result.code, result.err) == (0, "") and len(here.relay.messages) == count
    assert here.issuer.counts() == {"refresh_token": 1} and here.issuer.reused == 0
    assert here.issuer.works(here.kept["refresh_token"])


def test_while_it_is_renewed(place):      # noqa: F811
    """The entry is free, and who has the time waits for the token."""
    here = slow(place)
    called(here)
    sent_by_the_next_flush(here)


def test_when_it_has_been_renewed(place):      # noqa: F811
    here = slow(place)
    refresh = here.kept["refresh_token"]
    called(here)
    assert here.home.wait_quiet() and here.kept["refresh_token"] != refresh
    sent_by_the_next_flush(here)


def test_octet_by_octet(place):      # noqa: F811
    here = slow(place, drip=0.001)
    here.issuer.token_length = 4000
    called(here)
    sent_by_the_next_flush(here)


def test_callers_at_once(place):      # noqa: F811
    """One renews, and the others wait no longer either."""
    here = slow(place)
    running = [here.home.start("-odi", "-i", "bob@example.net") for _ in range(4)]
    began = time.monotonic()
    said = [here.home.finish(process, MAIL) for process in running]
    assert time.monotonic() - began < CAN_WAIT + 3
    assert all(result.code == 0 and result.err.count("\n") == 1 for result in said)
    assert all(GOES_ON in result.err or "another process is renewing the token" in result.err for result in said), said
    sent_by_the_next_flush(here, 4)


def parents(here):
    """Who waits for the renewal, and who for that."""
    running = here.home.processes()
    return [pid for pid, program in running.items()
            if running.get(int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])) != "pillarbox-deliver"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_who_waits_is_ended(place, number):      # noqa: F811
    """By SIGKILL at once, else within the caller's time."""
    here = slow(place)
    process = here.home.start("-odi", "-i", "bob@example.net")
    process.stdin.write(MAIL)
    process.stdin.close()
    process.stdin = None
    while not here.issuer.requests:
        time.sleep(0.02)
    for pid in parents(here):
        os.kill(pid, number)
    here.home.finish(process)
    assert len(here.home.entries) == 1
    if number != signal.SIGKILL:
        assert here.home.wait_quiet()
    sent_by_the_next_flush(here)


def test_in_time(place):      # noqa: F811
    here = slow(place, delay=0.5)
    result = here.home.run("-odi", "-i", "bob@example.net", input=MAIL)
    assert (result.code, result.err) == (0, "") and len(here.relay.messages) == 1
    assert here.issuer.counts() == {"refresh_token": 1} and here.issuer.works(here.kept["refresh_token"])


@pytest.mark.parametrize("canned, said", [
    (Canned(503, b"", {"Retry-After": 1200}), "answers 503"), (Canned(hang_up=True), "no token from localhost"),
    (Canned(400, {"error": "invalid_grant"}), "invalid_grant; run: pillarbox --authorize work"),
])
def test_what_it_says_in_time_is_heard(place, canned, said):      # noqa: F811
    """As if it had been asked by the caller itself."""
    here = place()
    here.keep()
    here.issuer.canned.append(canned)
    result = here.home.run("-odi", "-i", "bob@example.net", input=MAIL)
    assert result.code == 0 and said in result.err and result.err.count("\n") == 1, result.err
    (waiting,) = here.home.list()
    assert waiting["relay_paused_until"] >= time.time() + (1100 if canned.status == 503 else 10)
    assert ("given_up" in here.kept) is (canned.status == 400)


def test_without_a_queue(place):      # noqa: F811
    """There is nothing to fall back on: it is waited for."""
    here = place(issuer_options={"rotation": "strict"})
    here.keep()
    here.home.configure(work=at(here.relay, password=None, oauth=here.issuer.settings()), foreground_timeout="2s",
                        queue={"enabled": False})
    here.issuer.canned.append(Canned(after=True, real=True, delay=ANSWERS_AFTER))
    result = here.home.run("-i", "bob@example.net", input=MAIL)
    assert (result.code, result.err) == (0, "") and len(here.relay.messages) == 1
    assert here.issuer.works(here.kept["refresh_token"])


def test_no_process_can_be_had(place):      # noqa: F811
    """Then who waits renews it."""
    here = slow(place, delay=0.5)
    here.queue()
    traced = ["strace", "-o", here.home.folder / "strace.log", "-e", "inject=clone:error=EAGAIN:when=1",
              here.home.build / "pillarbox-deliver", "--config", here.home.config, "--foreground",
              here.home.entries[0].name]
    result = subprocess.run(traced, env=here.home.traced, capture_output=True, timeout=30)
    assert (result.returncode, result.stderr) == (0, b"") and len(here.relay.messages) == 1
    assert "EAGAIN" in (here.home.folder / "strace.log").read_text()
    assert here.issuer.works(here.kept["refresh_token"])
