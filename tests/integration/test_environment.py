"""What a caller may leave behind for a program: with a queue of one's own, each ends in one message that is queued and
arrives once, and 0; or in one line that says what is wrong, a code that says it too, and nothing kept.
What setuid programs do then is in test_system_hostile.py."""

import contextlib
import ctypes
import itertools
import os
import pty
import resource
import shutil
import signal
import socket
import subprocess
import time

import pytest
from home import at
from mail import whole

TO = "bob@example.net"
SIGNALS = set(range(1, signal.NSIG)) - {signal.SIGKILL, signal.SIGSTOP, 32, 33}


@pytest.fixture
def work(home, relay):
    server = relay()
    home.configure(work=at(server), hostname="host.example.org")
    return server


@pytest.fixture(params=["-odq", "-odi", "-odb"])
def submit(request, work, home):
    """Hands in one message as `options` of Popen say, and judges; True: it is taken."""
    def submit(*, arguments=(TO,), input=whole(), codes=(), lines=1, **options):
        started = home.start(request.param, *arguments, **{"stdin": subprocess.PIPE, **options})
        result = home.finish(started, input if started.stdin else None)
        assert result.code in (0, *codes), result
        if result.code == 0:
            assert result.err == "" or lines > 1, result
        else:
            assert result.err.startswith("pillarbox: ") and result.err.count("\n") <= lines, result
        assert home.wait_quiet()
        flushed = home.run("--flush", "--force")
        assert (flushed.code, home.entries, len(work.messages)) == (0, [], result.code == 0), (result, flushed)
        assert list((home.spool / "tmp").glob("*")) == []
        return result.code == 0
    return submit


# The environment

ENVIRONMENTS = {
    "no HOME": {"HOME": None}, "empty HOME": {"HOME": ""}, "HOME is nowhere": {"HOME": "/nonexistent"},
    "HOME is a file": {"HOME": "/etc/passwd"}, "HOME is relative": {"HOME": "."}, "no PATH": {"PATH": None},
    "empty PATH": {"PATH": ""}, "C": {"LC_ALL": "C"}, "POSIX": {"LC_ALL": "POSIX"}, "no such locale": {"LC_ALL": "xx_YY.nix"},
    "a path for a locale": {"LC_ALL": "../../../tmp"}, "Turkish": {"LC_ALL": "tr_TR.UTF-8"}, "no locale": {"LC_ALL": None},
    "TZ": {"TZ": ":/etc/passwd"}, "TMPDIR": {"TMPDIR": "/nonexistent"}, "POSIX options": {"POSIXLY_CORRECT": "1"},
    "XDG": {"XDG_CONFIG_HOME": "/nonexistent", "XDG_STATE_HOME": "relative"}, "USER": {"USER": "\n", "LOGNAME": "a b"},
    "GCONV and NLS": {"GCONV_PATH": "/tmp", "NLSPATH": "/tmp/%N", "LANGUAGE": "../.."},
    "1.9 MB": {f"X{number}": "x" * 120_000 for number in range(16)}, "10,000 variables": {f"X{n}": "x" for n in range(10_000)},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment(submit, home, name):
    changed = {**home.environment, **ENVIRONMENTS[name]}
    assert submit(env={key: value for key, value in changed.items() if value is not None})


def test_no_environment_but_where_the_build_is(submit, home):
    kept = {key: value for key, value in home.environment.items() if key in ("PILLARBOX_LIBEXEC", "ASAN_OPTIONS")}
    assert submit(arguments=("-C", home.config, TO), env=kept)


def test_a_uid_that_passwd_does_not_know(work, home):
    without = ["unshare", "-U", "--map-user=54321", "--map-group=54321"]
    if subprocess.run([*without, "true"], capture_output=True).returncode:
        pytest.skip("this kernel lets nobody here have a user namespace")
    for options, code in ((["-odi"], 0), (["-f", "alice@example.com", "-odi"], 0)):
        done = subprocess.run([*without, home.build / "pillarbox", *options, TO], input=b"Subject: x\n\nhello\n",
                              capture_output=True, env=home.environment, cwd=home.folder, timeout=15)
        assert (done.returncode, done.stderr) == (code, b"")
    assert [message.mail_from for message in work.messages] == ["uid54321@host.example.org", "alice@example.com"]
    env = {key: value for key, value in home.environment.items() if key != "PILLARBOX_CONFIG"}
    done = subprocess.run([*without, home.build / "pillarbox", TO], input=whole(), capture_output=True, env=env, timeout=15)
    assert done.returncode == 78 and done.stderr.count(b"\n") == 1, done


# Descriptors

@pytest.mark.parametrize("closed", list(itertools.product((False, True), repeat=3))[1:])
def test_closed_descriptors(submit, closed):
    """Without a stdin it is an empty message."""
    assert submit(preexec_fn=lambda: [os.close(fd) for fd in range(3) if closed[fd]], codes=(74,) if closed[0] else ())


@contextlib.contextmanager
def folder():
    fd = os.open("/", os.O_RDONLY)
    yield fd
    os.close(fd)


@contextlib.contextmanager
def only_written():
    fd = os.open("/dev/null", os.O_WRONLY)
    yield fd
    os.close(fd)


@contextlib.contextmanager
def socket_with(message):
    ours, theirs = socket.socketpair()
    ours.sendall(message)
    ours.close()
    yield theirs
    theirs.close()


@contextlib.contextmanager
def terminal_with(message):
    ours, theirs = pty.openpty()
    os.write(ours, message + b"\x04")
    yield theirs
    os.close(ours), os.close(theirs)


@pytest.mark.parametrize("what, taken", [
    (folder, False), (only_written, False), (lambda: open("/dev/null", "rb"), True), (lambda: socket_with(whole()), True),
    (lambda: terminal_with(whole()), True),
], ids=["folder", "write only", "null", "socket", "terminal"])
def test_stdin_is(submit, what, taken):
    with what() as stdin:
        assert submit(stdin=stdin, codes=() if taken else (74,)) == taken


@pytest.mark.parametrize("arguments", [["--list"], ["--list", "--json"], ["--version"], ["--help"], ["--dry-run", TO], ["-bpc"],
                                       ["--show", "ID"]])
def test_a_full_stdout_is_said(work, home, arguments):
    assert home.run("-odq", TO, input=whole()).code == 0
    (entry,) = home.entries
    with open("/dev/full", "wb") as full:
        result = home.run(*(entry.name if word == "ID" else word for word in arguments), input=whole(), stdout=full)
    assert result.code == 74 and result.err.startswith("pillarbox: ") and result.err.count("\n") == 1
    assert home.entries == [entry] and work.messages == []


def test_a_full_stderr_changes_nothing(submit, work):
    with open("/dev/full", "wb") as full:
        assert submit(stderr=full, stdout=full, lines=2)


def test_no_process_keeps_what_it_inherits(home, relay):
    server = relay(stall="MAIL")
    home.configure(work=at(server, timeout="60s"))
    reader, writer = os.pipe()
    high = 800
    os.dup2(writer, high)
    result = home.run("-odb", TO, input=whole(), pass_fds=[high])
    os.close(writer), os.close(high)
    assert result.code == 0 and server.wait_stage("MAIL")
    os.set_blocking(reader, False)
    assert os.read(reader, 1) == b"", "somebody could still write there"    # or BlockingIOError
    os.close(reader)
    server.stall = None
    assert home.wait_empty()


# Signals, masks, places, limits

def block_all():
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def ignore_all():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@pytest.mark.parametrize("prepare", [
    block_all, ignore_all, lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
    lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN), lambda: os.umask(0o777), lambda: os.umask(0), lambda: os.nice(19),
    lambda: signal.setitimer(signal.ITIMER_VIRTUAL, 3600),
], ids=["blocked", "ignored", "SIGPIPE", "SIGCHLD", "umask 777", "umask 0", "nice", "timer"])
def test_what_a_parent_left(submit, prepare):
    assert submit(preexec_fn=prepare)


@pytest.mark.parametrize("mode", [0o000, None])
def test_working_folder(submit, tmp_path, mode):
    """Not to be read, or gone."""
    place = tmp_path / "place"
    place.mkdir()

    def enter():
        os.chdir(place)
        os.rmdir(place) if mode is None else os.chmod(place, mode)

    assert submit(preexec_fn=enter, cwd=None)
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize("name, values", [("NOFILE", (0, 3, 4, 5, 6, 7, 8, 10, 20)), ("FSIZE", (0, 100)), ("NPROC", (0,)), ("CORE", (0,)),
                                          ("AS", (10_000_000, 30_000_000, 100_000_000)), ("STACK", (262_144,))])
def test_limits(work, home, name, values):
    """The loader of libraries says for itself that it has no room: 127. Without a delivery the queue has it."""
    if "ASAN_OPTIONS" in os.environ:
        pytest.skip("sanitizers need more than that")
    for value in values:
        result = home.run("-odi", TO, input=whole(), preexec_fn=lambda value=value: resource.setrlimit(
            getattr(resource, "RLIMIT_" + name), (value, value)))
        assert result.code in (0, 71, 75, 127) and (result.code == 0 or result.err.count("\n") >= 1), (value, result)
        assert home.wait_quiet() and home.run("--flush", "--force").code == 0
        assert (home.entries, len(work.messages)) == ([], result.code == 0), (value, result)
        work.messages.clear()


# The command line

@pytest.mark.parametrize("argv", [[], [b""]])
def test_without_a_name(home, argv):
    """execve(2) with nothing for argv; Linux makes it one empty word since 5.18."""
    home.configure(work={"host": "127.0.0.1"})

    def execute():
        text = (ctypes.c_char_p * (len(argv) + 1))(*argv, None)
        environment = [f"{key}={value}".encode() for key, value in home.environment.items()]
        ctypes.CDLL(None).execve(str(home.build / "pillarbox").encode(), text,
                                 (ctypes.c_char_p * (len(environment) + 1))(*environment, None))

    result = home.finish(home.start(preexec_fn=execute), whole())
    assert (result.code, home.entries) == (64, []) and result.err == (
        "pillarbox: no recipient: give addresses, or -t to take them from the header\n")


def measured(home, *arguments, input):
    """Result, seconds, and the MB of memory that it or its largest helper had."""
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result = home.run(*arguments, input=input, timeout=60)
    return result, time.monotonic() - began, max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


@pytest.mark.parametrize("way", ["arguments", "lists", "-t"])
def test_very_many_recipients(home, way):
    """What a message may have is kept, and more is refused, as is a header that is too large; neither takes long."""
    home.configure(work={"host": "127.0.0.1", "port": 1}, delivery="queue")
    # a sanitizer copies a list each time it grows
    for count, code in ((20_000 if "ASAN_OPTIONS" in os.environ or way == "-t" else 100_000, 0), (102_000, 65)):
        names = [f"r{number}@b.cc" for number in range(count)]
        given = {"arguments": names, "lists": [",".join(names[at:at + 8000]) for at in range(0, count, 8000)], "-t": ["-t"]}[way]
        message = b"From: a@example.com\n" + b"".join(
            b"Bcc: " + ",\n ".join(names[at:at + 80]).encode() + b"\n" for at in range(0, count, 80) if way == "-t") + b"\nx\n"
        result, seconds, megabytes = measured(home, *given, input=message)
        assert result.code == code and result.err.count("\n") == (code != 0), result.err[:500]
        assert len(home.entries) == 1
        assert "ASAN_OPTIONS" in os.environ or (seconds < 10 and megabytes < 600)
    assert ("header" if way == "-t" else "100000 recipients") in result.err
    ((one,),) = [home.list()]
    assert len(one["recipients"]) in (20_000, 100_000)
