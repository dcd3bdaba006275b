"""OAuth2 with the system's relay: root authorizes it, everybody sends by it, and nobody sees a token."""

import json
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from issuer import Canned
from oauth_place import MAIL, issuer, token_relay     # noqa: F401
from system import ALICE, MALLORY, OWNER


@pytest.fixture
def here(system, issuer, token_relay):      # noqa: F811
    giver = issuer(client_secret="S3cret-of-the-client")
    relay = token_relay(giver)
    secret = system.etc / "client-secret"
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o640)
    os.chown(secret, 0, OWNER)
    secret.chmod(0o640)
    secret.write_text(giver.client_secret + "\n")
    system.configure(relay, password_file=None, oauth=giver.settings(
        ca_file=system.etc / "ca.pem", client_secret_file=secret, device_endpoint=giver.url("/device")))
    system.issuer, system.relay, system.token = giver, relay, system.spool / "tokens" / "work"
    return system


def authorize(system, user=0):
    return system.run(user, "pillarbox", "--authorize", "work")


def end_token(system):
    """Its access token has ended."""
    kept = json.loads(system.token.read_text())
    kept["obtained"], kept["expires"] = kept["obtained"] - 7200, kept["expires"] - 7200
    system.token.write_text(json.dumps(kept))


def test_root_authorizes_and_everybody_sends(here):
    result = authorize(here)
    assert (result.code, result.err) == (0, "") and b"WDJB-MJHT" in result.out
    for path, mode in ((here.token.parent, 0o700), (here.token, 0o600)):
        assert path.stat().st_uid == OWNER and stat.S_IMODE(path.stat().st_mode) == mode
    for user in (ALICE, 0):
        assert here.run(user, "sendmail", "-odi", "-i", "bob@example.net", input=MAIL).code == 0
    assert len(here.relay.messages) == 2 and "refresh_token" not in here.issuer.counts()
    end_token(here)
    assert here.run(ALICE, "sendmail", "-odi", "-i", "bob@example.net", input=MAIL).code == 0
    assert len(here.relay.messages) == 3 and here.issuer.counts()["refresh_token"] == 1
    assert here.token.stat().st_uid == OWNER


@pytest.mark.parametrize("user", [ALICE, MALLORY])
def test_nobody_else_authorizes(here, user):
    result = authorize(here, user)
    assert result.code == 77 and "--authorize is for root" in result.err
    assert here.issuer.requests == [] and not here.token.exists()


def test_check_says_what_is_missing(here):
    assert "run: pillarbox --authorize work" in here.run(0, "pillarbox", "--check").err
    authorize(here)
    assert "authorize" not in here.run(0, "pillarbox", "--check").err


def test_no_secret_in_any_process(here):
    """Neither a command line nor an environment has one while the endpoint lets us wait, nor what is said."""
    authorize(here)
    end_token(here)
    seen, over = set(), threading.Event()

    def look():
        while not over.is_set():
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    if "pillarbox" in os.readlink(folder / "exe"):
                        seen.add((folder / "cmdline").read_bytes() + (folder / "environ").read_bytes())
                except OSError:
                    pass
            time.sleep(0.02)

    here.issuer.canned.append(Canned(503, b"", delay=1))
    watcher = threading.Thread(target=look)
    watcher.start()
    said = here.run(ALICE, "sendmail", "-v", "-i", "bob@example.net", input=MAIL)
    said_then = here.run(0, "pillarbox", "-v", "--flush", "--force")
    over.set()
    watcher.join()
    assert said_then.code == 0 and any(b"pillarbox-deliver" in text for text in seen), said_then
    texts = [*seen, said.err.encode(), said.out, said_then.err.encode(), said_then.out]
    texts += [path.read_bytes() for path in here.spool.rglob("*") if path.is_file() and path.parent.name != "tokens"]
    for secret in here.issuer.secrets:
        assert not any(secret.encode() in text for text in texts)


def test_ended_by_the_terminals_keys(here):
    """SIGINT ends it, though it works where a terminal does not reach."""
    import signal
    process = here.start(0, "pillarbox", "--authorize", "work")
    assert process.stdout.readline().startswith(b"To authorize")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert here.wait_quiet() and not here.token.exists()


def test_a_slow_provider(here):
    """Nobody who calls waits for it, nor ends what goes on behind them."""
    authorize(here)
    config = here.etc / "pillarbox.conf"
    config.write_text('foreground-timeout = "2s"\n' + config.read_text())
    end_token(here)
    here.issuer.rotation = "strict"
    here.issuer.canned.append(Canned(after=True, real=True, delay=4))
    began = time.monotonic()
    result = here.run(ALICE, "sendmail", "-odi", "-i", "bob@example.net", input=MAIL)
    assert time.monotonic() - began < 3 and result.code == 0 and result.err.count("\n") == 1, result
    assert "its renewal goes on by itself" in result.err and here.relay.logins == []
    assert here.run(0, "pillarbox", "--flush", "--force").code == 0 and len(here.relay.messages) == 1
    assert here.issuer.counts()["refresh_token"] == 1 and here.token.stat().st_uid == OWNER
