"""The same as test_leaks.py for each way to log in; and in what our programs write, call by call, to whomever."""

import shutil

import pytest
from leak import Watch
from login_kinds import KINDS, LETTER, PASSWORD, make_login     # noqa: F401
from oauth_place import issuer, token_relay     # noqa: F401

BOB = "bob@example.net"


@pytest.fixture
def watched(home, make_login):     # noqa: F811
    """watched(kind): a login, and run(*arguments) that looks on."""
    if shutil.which("strace") is None:
        pytest.skip("strace is missing: apt-get install strace")
    watch = Watch(home, "alice@example.com", PASSWORD)

    def make(kind):
        login = make_login(kind)
        watch.allowed |= set(login.files)
        # A token goes to its file, and the proxy hears its password in the clear.
        watch.by_right = [b"/tokens/", *(b"->127.0.0.1:%d]" % proxy.port for proxy in login.proxies)]
        environment = {**home.traced, **login.environment, "ASAN_OPTIONS": home.traced["ASAN_OPTIONS"]}
        login.watched = lambda *arguments, **options: watch.run(*arguments, env=environment, writes=True, **options)
        return login, watch
    return make


def found(login, watch):
    for secret in login.known().values():
        watch.look_for(secret)
    for secret in (getattr(login.place, "issuer", None) and login.place.issuer.secrets) or ():
        watch.look_for(secret)
    assert watch.writes > 0
    return watch.found()


@pytest.mark.parametrize("kind", KINDS)
def test_what_works(watched, kind):
    login, watch = watched(kind)
    assert login.watched("-odi", "-v", BOB, input=LETTER).code == 0 and not login.home.entries
    assert login.watched("-odq", BOB, input=LETTER).code == 0
    flush = login.watched("--flush", "-v", "--json")
    assert flush.code == 0 and not login.home.entries, flush
    for verb in (["--probe", "-v"], ["--probe", "--json"], ["--check"], ["--list", "--json"]):
        assert login.watched(*verb).code == 0, verb
    assert found(login, watch) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_refused(watched, kind):
    """By a server that quotes what it was told."""
    login, watch = watched(kind)
    server = login.server
    if hasattr(server, "issuer"):
        server.issuer.good = type("None", (set,), {"add": lambda *_: None})()
        server.manner = "535 5.7.8 SENT is no TOKEN"
    elif hasattr(server, "replies"):
        server.replies["AUTH"] = f"535 5.7.8 {PASSWORD} is not it"
    else:
        server.script["AUTH"] = server.script["ANSWER"] = lambda _, line: b"535 5.7.8 no: " + line[-200:] + b"\r\n"
    assert login.watched("-odq", BOB, input=LETTER).code == 0
    assert login.watched("--flush", "-v", "--json").code == 75
    login.watched("--probe", "-v"), login.watched("--list"), login.watched("--show", login.home.entries[0].name)
    assert found(login, watch) == []


def test_authorize(watched):
    login, watch = watched("device")
    result = login.watched("--authorize", "work")
    assert result.code == 0 and login.place.issuer.works(login.place.kept["refresh_token"]), result
    assert login.watched("-odi", "-v", BOB, input=LETTER).code == 0 and not login.home.entries
    assert found(login, watch) == []


@pytest.mark.parametrize("way", ["file", "output", "by right"])
def test_a_write_is_found(home, watched, way):
    login, watch = watched("password_file")
    program = home.folder / "bin/pillarbox-queue"
    program.symlink_to("/bin/dash")
    path = home.folder / ("tokens/x" if way == "by right" else "x")
    path.parent.mkdir(exist_ok=True)
    home.build = program.parent
    watch.run("-c", f"read x; echo $x > {'/dev/null' if way == 'output' else path}; rm -f {path}", name="pillarbox-queue",
              input=PASSWORD.encode() + b"\n", writes=True)
    assert bool(found(login, watch)) == (way != "by right")
