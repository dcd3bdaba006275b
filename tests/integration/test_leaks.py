"""No password in an argument, an environment, an output, a log, the queue, a state, a temporary file or a core."""

import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from home import at, can_mount
from leak import Watch, forms
from test_log import Syslog

USER, PASSWORD = "alice@example.com", "Xq7%open?sesame>Zw9~"
LETTER = b"Subject: hello\nFrom: alice@example.com\n\nhello\n"
BOB = "bob@example.net"
SESSION = b"EHLO me\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n" + \
    LETTER.replace(b"\n", b"\r\n") + b".\r\nQUIT\r\n"


@pytest.fixture
def watch(home):
    if shutil.which("strace") is None:
        pytest.skip("strace is missing: apt-get install strace")
    (home.folder / "tmp").mkdir()
    yield Watch(home, USER, PASSWORD)


@pytest.fixture
def run(home, watch):
    """run(*arguments, **options): as Watch.run(), with temporary files in the home, cores allowed, and a /dev/log of
    its own where root can have one."""
    syslog = Syslog() if can_mount() else None
    if syslog:
        syslog.listen()

    def prepare():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if syslog:
            syslog.enter()

    def run(*arguments, **options):
        result = watch.run(*arguments, env={**home.traced, "TMPDIR": str(home.folder / "tmp")}, preexec_fn=prepare,
                           **options)
        if syslog:
            watch.said += [("syslog", text.encode()) for text in syslog.texts()]
        return result
    yield run
    if syslog:
        syslog.close()


@pytest.fixture
def configure(home, watch):
    """configure(server, source, password, **settings): with the password from `source`."""
    def configure(server, source, password=PASSWORD, queue=None, settings=None, **changes):
        path = home.folder / "secret"
        path.write_text(f'machine 127.0.0.1 password "{password}"' if source == "netrc_file" else password + "\n")
        path.chmod(0o600)
        given = {"password": password, "password_file": path, "password_command": ["cat", path], "netrc_file": path,
                 "password_credential": path.name}[source]
        home.configure(queue=queue, work=at(server, **{"password": None, source: given, "from": USER, **changes}),
                       hostname="host.example.org", **(settings or {}))
        watch.allowed |= {path, home.config}
    return configure


# What is done with a relay that takes all; what is expected is that it works.

def queue_and_flush(run):
    yield run("-odq", BOB, input=LETTER)
    yield run("--list")
    yield run("--list", "--json")
    yield run("--flush", "-v")


FLOWS = {
    "queue": queue_and_flush,
    "foreground": lambda run: [run("-odi", BOB, input=LETTER)],
    "foreground, verbose": lambda run: [run("-odi", "-v", BOB, input=LETTER)],
    "background": lambda run: [run("-odb", BOB, input=LETTER)],
    "session": lambda run: [run("-bs", input=SESSION)],
    "dry run": lambda run: [run("--dry-run", "--explain", "-v", BOB, input=LETTER)],
    "check": lambda run: [run("--check")],
}
SOURCES = pytest.mark.parametrize("source", ["password", "password_file", "password_command", "netrc_file"])


@SOURCES
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("settings", [{}, {"log": "stderr", "log_json": True}], ids=["syslog", "json"])
def test_what_works(home, relay, watch, run, configure, source, tls, settings):
    server = relay(password=PASSWORD, tls=tls)
    configure(server, source, settings=settings)
    for name, flow in FLOWS.items():
        for result in flow(run):
            assert result.code == 0, (name, result)
    assert home.wait_empty() and len(server.messages) == 5
    assert watch.found() == []


@SOURCES
def test_without_a_queue(relay, watch, run, configure, source):
    server = relay(password=PASSWORD)
    configure(server, source, queue={"enabled": False})
    assert run("-v", BOB, input=LETTER).code == 0 and len(server.messages) == 1
    assert watch.found() == []


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_each_mechanism(home, relay, watch, run, configure, mechanism, right):
    server = relay(password=PASSWORD if right else "another", mechanisms=[mechanism])
    configure(server, "password_file")
    run("-odq", BOB, input=LETTER)
    assert run("--flush", "-v").code == (0 if right else 75)
    assert [(used, good) for used, _, good in server.logins] == [(mechanism, right)]
    for arguments in ("-odi", BOB), ("--list",), ("--check",), ("--show", *[path.name for path in home.entries]):
        run(*arguments, input=LETTER)
    assert watch.found() == []


@SOURCES
def test_what_is_refused(home, relay, watch, run, configure, source):
    """A report comes back, and the second try finds nobody."""
    server = relay(password=PASSWORD, refuse={BOB: "550 5.1.1 nobody of that name"})
    configure(server, source)
    run("-odi", "-v", "-f", "alice@example.com", BOB, input=LETTER)
    run("-odq", "-f", "alice@example.com", BOB, input=LETTER)
    run("--flush", "-v")
    configure(server, source, port=1)
    run("-odi", "-v", BOB, input=LETTER)
    run("--flush", "--force", "-v")
    assert server.connections > 0 and home.entries
    assert watch.found() == []


# A password that cannot be used, or read: what is wrong is said without it.
SPOILT = {
    "file of all": ("password_file", lambda path, config: path.chmod(0o644)),
    "two lines": ("password_file", lambda path, config: path.write_text(f"{PASSWORD}\n{PASSWORD}\n")),
    "netrc of all": ("netrc_file", lambda path, config: path.chmod(0o644)),
    "netrc with blanks": ("netrc_file", lambda path, config: path.write_text(f"machine 127.0.0.1 password x {PASSWORD}")),
    "netrc unclosed": ("netrc_file", lambda path, config: path.write_text(f'machine 127.0.0.1 password "{PASSWORD}')),
    "netrc of another": ("netrc_file", lambda path, config: path.write_text(f"machine other password {PASSWORD}")),
    "configuration of all": ("password", lambda path, config: config.chmod(0o644)),
    "no quotes": ("password", lambda path, config: config.write_text(
        config.read_text().replace(f'"{PASSWORD}"', f"open {PASSWORD}"))),
    "quote unclosed": ("password", lambda path, config: config.write_text(
        config.read_text().replace(f'"{PASSWORD}"', f'"{PASSWORD}'))),
    "no equals sign": ("password", lambda path, config: config.write_text(
        config.read_text().replace(f'password = "{PASSWORD}"', f'password "{PASSWORD}"'))),
    "no user": ("password", lambda path, config: config.write_text(config.read_text().replace("user = ", "from = "))),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_cannot_be_used(home, relay, watch, run, configure, case):
    source, spoil = SPOILT[case]
    server = relay(password=PASSWORD)
    configure(server, source)
    run("-odq", BOB, input=LETTER)
    spoil(home.folder / "secret", home.config)
    results = [run("-odi", "-v", BOB, input=LETTER), run("--flush", "--force", "-v"), run("--check"), run("--list")]
    assert any(result.err for result in results) and server.messages == []
    assert watch.found() == []


@pytest.mark.parametrize("line", ["cat secret >&2; exit 1", "set -x; echo $(cat secret); exit 1", "cat secret secret secret; "
                                  "cat secret >&2", "cat secret; kill -SEGV $$"])
def test_a_command_that_says_too_much(home, relay, watch, run, configure, line):
    """To who calls, if that is neither root nor the owner: nothing. Here it is the owner, and stderr is no terminal."""
    configure(relay(password=PASSWORD), "password_command",
              password_command=["sh", "-c", f"cd {home.folder}; echo {PASSWORD[:0]}; {line}"])
    for arguments in ("-odi", "-v", BOB), ("--flush", "--force", "-v"), ("--check",), ("--list",):
        run(*arguments, input=LETTER)
    said = [place for place in watch.found() if place[0] == "output"]
    assert watch.found() == (said if "cat secret >&2; exit" in line else [])


# A crash in the middle

@pytest.fixture
def dumps(tmp_path):
    """Whether whoever crashes leaves a core where it is."""
    subprocess.run(["sh", "-c", "ulimit -c unlimited; exec sh -c 'kill -SEGV $$'"], cwd=tmp_path, check=False)
    if not list(tmp_path.glob("*core*")):
        pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
        pytest.skip(f"no core is written to the working folder here (kernel.core_pattern is {pattern!r})")


@SOURCES
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_leaves_no_core(home, relay, watch, configure, dumps, source, number):
    server = relay(password=PASSWORD, stall="MAIL")
    configure(server, source, timeout="60s")

    def allow():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    process = home.start("-odi", BOB, preexec_fn=allow)
    process.stdin.write(LETTER)
    process.stdin.close()
    process.stdin = None
    assert server.wait_stage("MAIL")
    os.kill(home.wait_process("pillarbox-deliver"), number)
    home.finish(process)
    assert len(home.entries) == 1 and not list(home.folder.rglob("*core*"))
    assert watch.found() == []
    server.stall = None


# Would it be found?

@pytest.mark.parametrize("form", forms(USER, PASSWORD))
@pytest.mark.parametrize("place", ["queue file", "folded", "name", "output", "argument", "environment"])
def test_what_is_planted_is_found(home, watch, form, place):
    leak = forms(USER, PASSWORD)[form]
    text = leak.decode()
    if place == "queue file":
        (home.folder / "spool/queue").mkdir(parents=True)
        (home.folder / "spool/queue/1").write_bytes(b"x" * 5000 + leak + b"y")
    elif place == "folded":
        (home.folder / "tmp/1").write_bytes(leak[:9] + b"\r\n" + leak[9:])
    elif place == "name":
        (home.folder / "tmp" / text).parent.mkdir(parents=True, exist_ok=True)
        (home.folder / "tmp" / text).touch()
    elif place == "output":
        home.outputs.append(b"C: AUTH " + leak)
    elif place == "argument":
        watch.run("-c", "exec true x", text, name="/bin/sh")
    else:
        watch.run("-c", "true & /bin/true; wait", name="/bin/sh", env={**home.traced, "LEAK": text})
    assert form in [name for _, name in watch.found()]
    home.outputs.clear()


def test_what_is_not_there_is_not_found(home, watch, run):
    assert run("--version").code == 0 and watch.found() == []
    assert list(watch.traces.iterdir()), "nothing was traced"
