"""What stays of a secret in the memory of a process, for each way to log in."""

import os
import threading
import time

import pytest
from login_kinds import KINDS, LETTER, Login, make_login     # noqa: F401
from memory import search
from oauth_place import issuer, token_relay     # noqa: F401
from spill import PIN, forms
from test_trust import asking, token     # noqa: F401

BOB = "bob@example.net"

# What is kept, as pillarbox.conf(5) says: what stands in the configuration, and what a command said.
KEPT = {"password": {"password": ["[heap]"]}, "password_command": {"password": ["/dev/zero (deleted)"]},
        "key, command": {"tls-key-password": ["/dev/zero (deleted)"]}}


@pytest.fixture(autouse=True)
def root():
    if os.geteuid() != 0:
        pytest.skip("the memory of another process is root's to read: run these tests as root")
    if "ASAN_OPTIONS" in os.environ:
        pytest.skip("AddressSanitizer keeps what was freed: run these tests with another build")


def look(pid, secrets):
    """{what: where}, in whatever form."""
    wanted = {form: what for what, secret in secrets.items() for form in forms(secret)}
    found = {}
    for form, places in search(pid, *wanted).items():
        found.setdefault(wanted[form], []).extend(places)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_when_it_has_logged_in(make_login, kind):     # noqa: F811
    """Not even with libcurl, GnuTLS and libgsasl."""
    login = make_login(kind)
    login.hold()
    assert login.run(BOB, input=LETTER).code == 0 and login.held()
    pid = login.home.wait_process("pillarbox-deliver")
    found = look(pid, {**login.known(), "recipient": BOB})
    assert found.pop("recipient"), "the search finds nothing"
    assert found == KEPT.get(kind, {})
    login.go()
    assert login.home.wait_empty()


@pytest.mark.parametrize("kind", KINDS)
def test_between_flushes(make_login, kind):     # noqa: F811
    """Of one that stays for the next flush; and nothing of the token in use, either."""
    login = make_login(kind)
    assert login.run("-odq", BOB, input=LETTER).code == 0
    process = login.home.start("--flush", "--every", "1h", env=login.environment)
    try:
        assert login.home.wait_empty()
        tokens = {f"token {n}": token for n, token in enumerate(getattr(login.server, "tokens", []))}
        kept = KEPT["password"] if kind == "password" else {}
        give_up = time.monotonic() + 5
        while (found := look(process.pid, {**login.known(), **tokens})) != kept and time.monotonic() < give_up:
            time.sleep(0.05)    # until the session has ended
        assert found == kept and look(process.pid, {"configuration": str(login.home.config)})
    finally:
        process.terminate()
        login.home.finish(process)


@pytest.mark.parametrize("kind", ["password", "password_file", "http proxy", "key, file", "refresh, XOAUTH2"])
def test_front_and_store_never_have_one(make_login, kind):     # noqa: F811
    """Looked into again and again, while a message is taken and its sender waits; but for a configuration with a password,
    while the front reads that."""
    login = make_login(kind)
    login.hold()
    process = login.home.start("-odi", BOB, env=login.environment)
    seen, found = set(), []

    def look_at_all():
        for pid, name in login.home.processes().items():
            try:
                if name != "pillarbox-deliver":
                    found.extend((name, what) for what in look(pid, login.known()))
                    seen.add(name)
            except OSError:
                pass        # gone meanwhile

    def watch():
        while not done.is_set():
            if kind != "password":
                look_at_all()
            time.sleep(0.001)

    done, watcher = threading.Event(), threading.Thread(target=watch)
    watcher.start()
    try:
        process.stdin.write(LETTER + b"x" * 3_000_000)
        time.sleep(0.1)
        process.stdin.close()
        process.stdin = None
        assert login.held()
        look_at_all()
    finally:
        login.go()
        login.home.finish(process)
        done.set()
        watcher.join()
    assert found == [] and "pillarbox" in seen


@pytest.mark.parametrize("kind", ["password_file", "socks5h proxy", "key, file", "SCRAM-SHA-256", "refresh, XOAUTH2"])
def test_when_it_was_refused(make_login, kind):     # noqa: F811
    """Nothing stays, either, of one that did not work."""
    login = make_login(kind)
    if kind == "refresh, XOAUTH2":
        login.place.issuer.revoke()
    elif kind == "SCRAM-SHA-256":
        login.server.script["ANSWER"] = "535 5.7.8 no"
    else:
        login.server.replies["AUTH"] = "535 5.7.8 no"
    assert login.run("-odq", BOB, input=LETTER).code == 0
    process = login.home.start("--flush", "--every", "1h", env=login.environment)
    try:
        give_up = time.monotonic() + 10
        while "paused" not in login.run("--list").out.decode() and time.monotonic() < give_up:
            time.sleep(0.1)
        give_up = time.monotonic() + 2
        while (found := look(process.pid, login.known())) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert found == {} and login.home.entries
    finally:
        process.terminate()
        login.home.finish(process)


def test_a_pin(home, token):     # noqa: F811
    """Of a token, with what p11-kit and its module have of it."""
    server, file = token(PIN)
    login = Login(home, server, {"pin": PIN}, [file])
    login.hold()
    assert login.run(BOB, input=LETTER).code == 0 and login.held()
    assert look(home.wait_process("pillarbox-deliver"), login.secrets) == {}
    login.go()
    assert home.wait_empty()
