"""What a caller hands down to setuid helpers: environment, descriptors, limits, timers, signals, places.

The rule for all of it: exit status 0 means one more entry in the queue, whole; anything else means none.
"""

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import time
from itertools import product

import pytest
from system import ALICE, MALLORY, OWNER

LETTER = b"Subject: a letter\nFrom: alice@example.com\n\nfor bob only\n"
SEND = ("sendmail", "-odq", "-f", "alice@example.com", "bob@example.net")
TRAP = "/pillarbox-trap/"
PATHS = """LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG_OUTPUT LD_ORIGIN_PATH LD_PROFILE_OUTPUT MALLOC_TRACE GCONV_PATH
    GETCONF_DIR LOCPATH NLSPATH TZ TZDIR HOSTALIASES RESOLV_ADD_TRIM_DOMAINS TMPDIR TMP TEMP HOME XDG_CONFIG_HOME
    XDG_STATE_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR NETRC SSLKEYLOGFILE SSL_CERT_FILE SSL_CERT_DIR
    CURL_HOME CURL_CA_BUNDLE GNUTLS_SYSTEM_PRIORITY_FILE GNUTLS_DEBUG_FILE KRB5_CONFIG KRB5_KTNAME KRB5CCNAME
    KRB5_TRACE KRB5_CLIENT_KTNAME KRB5RCACHENAME GSS_MECH_CONFIG P11_KIT_SYSTEM_CONFIG P11_KIT_CONFIG SASL_PATH
    SASL_CONF_PATH OPENSSL_CONF OPENSSL_ENGINES OPENSSL_MODULES NSS_DB_PATH IDN_PATH CREDENTIALS_DIRECTORY PWD OLDPWD
    MAIL ENV BASH_ENV CDPATH SHELL GMON_OUT_PREFIX COREFILE LTDL_LIBRARY_PATH LDAPCONF LDAPRC UNBOUND_CONFIG
    NOTIFY_SOCKET DBUS_SYSTEM_BUS_ADDRESS""".split()
PROXIES = "http_proxy HTTPS_PROXY https_proxy ALL_PROXY all_proxy FTP_PROXY smtp_proxy SMTP_PROXY socks_proxy".split()
VALUES = {"GLIBC_TUNABLES": "glibc.malloc.check=3", "MALLOC_CHECK_": "3", "MALLOC_PERTURB_": "85", "LD_BIND_NOW": "1",
          "LD_DEBUG": "all", "LD_SHOW_AUXV": "1", "LANG": "tr_TR.UTF-8", "LC_ALL": "../../etc", "LANGUAGE": "../../etc",
          "RES_OPTIONS": "debug ndots:15", "LOCALDOMAIN": "trap.invalid", "GNUTLS_DEBUG_LEVEL": "9",
          "GNUTLS_CPUID_OVERRIDE": "0x1", "GNUTLS_FORCE_FIPS_MODE": "1", "GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS": "1",
          "GNUTLS_NO_EXPLICIT_INIT": "1", "P11_KIT_DEBUG": "all", "P11_KIT_STRICT": "1", "NO_PROXY": "", "no_proxy": "",
          "CURL_SSL_BACKEND": "trap", "IFS": "/", "PATH": TRAP, "POSIXLY_CORRECT": "1", "SHLVL": "-1",
          "PS4": "$(touch /pillarbox-trap-shell)", "G_MESSAGES_DEBUG": "all", "TERM": "../../etc", "LOGNAME": "root",
          "USER": "root", "MAILRC": "/dev/zero", "BASH_FUNC_sh%%": "() { exit 9; }", "A" * 60000: "B" * 60000}
HOSTILE = {**{name: TRAP + name for name in PATHS}, **{name: "http://127.0.0.1:9/" for name in PROXIES}, **VALUES}
# Without what makes libraries talk as they are loaded, before any program of ours begins.
TALK = ("LD_", "MALLOC_", "GNUTLS_DEBUG", "P11_KIT_DEBUG")
HOSTILE_TO_HELPERS = {name: value for name, value in HOSTILE.items() if not name.startswith(TALK)}


@pytest.fixture
def ready(system, relay):
    running = relay()
    system.configure(running, host="localhost")
    return running


def judge(system, result, before=0):
    """The rule; True: it was taken."""
    entries = system.entries
    assert len(entries) == before + (result.code == 0), result
    for entry in entries:
        assert entry.read_bytes().endswith(b"for bob only\r\n") and entry.stat().st_uid == OWNER
        assert entry.stat().st_mode & 0o7777 == 0o600
    # 127: the loader of libraries had no room.
    assert result.code in (0, 64, 65, 71, 73, 74, 75, 77, 78, 127) or result.code < 0, result
    return result.code == 0


# The environment

def calls_of_helpers(log):
    """Of an strace with a file for each process: what each did after it had become a helper."""
    for path in log.parent.glob(log.name + ".*"):
        text = path.read_text(errors="replace")
        start = re.search(r"^execve\(\"[^\"]*/pillarbox-(queue|deliver)\".* = 0$", text, re.M)
        if start:
            yield start[1], text[start.end():]


@pytest.mark.parametrize("user", [ALICE, 0])
def test_no_trap_of_the_environment_is_sprung(system, ready, tmp_path, user):
    assert len(HOSTILE) >= 60
    # The front is the caller's own, and may believe its environment; loaders that say so are not the subject.
    log = tmp_path / "strace"
    drop = [] if user == 0 else ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    done = subprocess.run(
        ["strace", "-ff", "-s", "4096", "-o", log, "-e", "trace=execve,%file,%network", *drop, "/usr/bin/env", "-i",
         *(f"{name}={value}" for name, value in HOSTILE.items() if not name.startswith("LD_")),
         *(f"{name}={value}" for name, value in HOSTILE.items() if name.startswith("LD_") and name != "LD_DEBUG"),
         system.program("sendmail"), "-odi", "-f", "alice@example.com", "bob@example.net"],
        input=LETTER, capture_output=True, timeout=60, cwd="/")
    assert done.returncode == 0 and len(ready.messages) == 1, done.stderr[-2000:]
    ran = dict(calls_of_helpers(log))
    assert set(ran) == {"queue", "deliver"}
    for name, calls in ran.items():
        assert calls.count("\n") > 20
        sprung = [line for line in calls.splitlines()
                  if TRAP in line or "htons(9)" in line or "trap.invalid" in line or "../" in line]
        assert sprung == [], name
    assert not os.path.exists("/pillarbox-trap-shell")


def test_the_environment_of_helpers_is_a_path(system, relay):
    """What a command was started with is the password."""
    running = relay(password="PATH=/usr/bin:/bin|")
    system.configure(running, password_command=("sh", "-c", r"tr '\0' '|' < /proc/$$/environ"), password_file=None)
    result = system.run(ALICE, "sendmail", "-odi", *SEND[2:], input=LETTER, environment=HOSTILE_TO_HELPERS)
    assert (result.code, result.err, len(running.messages)) == (0, "", 1)


# Descriptors

@pytest.mark.parametrize("closed", list(product((False, True), repeat=3)))
@pytest.mark.parametrize("name", ["sendmail", "pillarbox-queue", "pillarbox-deliver"])
def test_closed_descriptors(system, ready, closed, name):
    assert system.run(ALICE, *SEND, input=LETTER).code == 0
    (entry,) = system.entries
    old = entry.read_bytes()

    def close():
        for fd, is_closed in enumerate(closed):
            if is_closed:
                os.close(fd)

    arguments = {"sendmail": SEND[1:], "pillarbox-queue": (), "pillarbox-deliver": ("--background", "00")}[name]
    result = system.run(ALICE, name, *arguments, input=LETTER, before=close)
    assert entry.read_bytes() == old
    if name == "sendmail":
        assert len(system.entries) == 1 + (result.code == 0)    # without a stdin it is an empty message
    else:
        assert system.entries == [entry]
    assert list((system.spool / "tmp").iterdir()) == []


# Limits

def limit(kind, soft, hard=None):
    return lambda: resource.setrlimit(kind, (soft, soft if hard is None else hard))


LIMITS = [(name, value) for name, values in {
    "NOFILE": (3, 4, 6, 8, 16), "FSIZE": (0, 100, 512), "CPU": (0, 1), "NPROC": (0, 1), "CORE": (0,), "STACK": (65536,),
    "AS": (1_000_000, 4_000_000, 8_000_000, 16_000_000), "DATA": (0, 100_000, 1_000_000), "MEMLOCK": (0,),
}.items() for value in values]


@pytest.mark.parametrize("name, value", LIMITS)
@pytest.mark.parametrize("program", ["sendmail", "pillarbox-queue"])
def test_limits_of_the_caller(system, ready, name, value, program):
    arguments = SEND[1:] if program == "sendmail" else ()
    entry = LETTER
    if program == "pillarbox-queue":
        message = LETTER.replace(b"\n", b"\r\n")
        entry = b"pillarbox 1\nfrom <alice@example.com>\nto <bob@example.net>\nsize %d\n\n" % len(message) + message
    taken = judge(system, system.run(ALICE, program, *arguments, input=entry,
                                     before=limit(getattr(resource, "RLIMIT_" + name), value)))
    # What a killed writer left behind goes with the next flush, and that one is fine.
    result = system.run(ALICE, "pillarbox", "--flush")
    assert (result.code, result.err) == (0, "")
    assert len(ready.messages) == taken
    assert list((system.spool / "tmp").iterdir()) == []


@pytest.mark.parametrize("name", ["FSIZE", "CPU", "NOFILE", "STACK"])
def test_a_soft_limit_is_raised(system, ready, name):
    kind = getattr(resource, "RLIMIT_" + name)
    hard = resource.getrlimit(kind)[1]
    small = {"FSIZE": 100, "CPU": 1, "NOFILE": 8, "STACK": 200_000}[name]
    result = system.run(ALICE, *SEND, input=LETTER, before=limit(kind, small, hard))
    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize("name, value", [("CPU", 1), ("FSIZE", 100_000), ("NOFILE", 20), ("AS", 100_000_000),
                                         ("DATA", 10_000_000), ("NPROC", 1), ("STACK", 200_000)])
def test_with_low_limits_nothing_is_tried(system, ready, name, value):
    """Or a caller could have it die between the relay's answer and the record of it, again and again."""
    assert system.run(MALLORY, *SEND, input=LETTER).code == 0
    (entry,) = system.entries
    old, time_of_next = entry.read_bytes(), entry.stat().st_mtime_ns
    result = system.run(MALLORY, "pillarbox-deliver", "--flush",
                        before=limit(getattr(resource, "RLIMIT_" + name), value))
    assert result.code != 0
    assert (entry.read_bytes(), entry.stat().st_mtime_ns) == (old, time_of_next)
    assert ready.connections == 0


# A standard error that nobody reads

@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_a_caller_that_does_not_listen_holds_up_nothing(system, ready, kind):
    assert system.run(MALLORY, *SEND, input=LETTER).code == 0
    reader, writer = os.pipe() if kind == "pipe" else (end.detach() for end in socket.socketpair())
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    os.set_blocking(writer, True)
    flush = system.start(MALLORY, "pillarbox", "--flush", "-v", stderr=writer)
    give_up = time.monotonic() + 10
    while system.entries and time.monotonic() < give_up:
        time.sleep(0.02)
    assert len(ready.messages) == 1 and system.entries == []
    os.close(writer)
    os.close(reader)
    flush.communicate(timeout=5)


def test_what_delivery_says_is_heard(system, ready):
    ready.replies["MAIL"] = "451 4.3.0 not now"
    result = system.run(ALICE, "sendmail", "-odi", "-v", *SEND[2:], input=LETTER)
    assert result.code == 0 and "S: 451 4.3.0 not now" in result.err and result.err.count("queued") == 1
    assert "sesame" not in result.err


# Timers, signals, masks, places

def test_an_inherited_alarm_ends_nothing(system, ready):
    def set_timers():
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0.4)

    store = system.start(ALICE, "pillarbox-queue", before=set_timers)
    message = LETTER.replace(b"\n", b"\r\n")
    store.stdin.write(b"pillarbox 1\nfrom <alice@example.com>\nto <bob@example.net>\nsize %d\n\n" % len(message))
    store.stdin.flush()
    time.sleep(0.8)
    store.communicate(message, timeout=5)
    assert store.returncode == 0 and len(system.entries) == 1


@pytest.mark.parametrize("how", ["ignored", "blocked"])
def test_signals_ignored_or_blocked(system, ready, how):
    every = set(range(1, signal.NSIG)) - {signal.SIGKILL, signal.SIGSTOP, 32, 33}

    def prepare():
        if how == "blocked":
            signal.pthread_sigmask(signal.SIG_BLOCK, every)
        else:
            for number in every:
                signal.signal(number, signal.SIG_IGN)

    assert judge(system, system.run(ALICE, *SEND, input=LETTER, before=prepare))
    result = system.run(ALICE, "pillarbox", "--flush", before=prepare)
    assert (result.code, result.err, len(ready.messages)) == (0, "", 1)


@pytest.mark.parametrize("mask", [0, 0o777])
def test_umask(system, ready, mask):
    assert judge(system, system.run(ALICE, *SEND, input=LETTER, before=lambda: os.umask(mask)))


def test_a_working_folder_that_is_gone(system, ready):
    def vanish():
        os.mkdir("/tmp/pillarbox-gone")
        os.chdir("/tmp/pillarbox-gone")
        os.rmdir("/tmp/pillarbox-gone")

    shutil.rmtree("/tmp/pillarbox-gone", ignore_errors=True)
    assert judge(system, system.run(ALICE, *SEND, input=LETTER, before=vanish))
    result = system.run(ALICE, "pillarbox", "--flush", before=vanish)
    assert (result.code, result.err, len(ready.messages)) == (0, "", 1)


# What somebody with the owner's rights may have left in the queue

@pytest.mark.parametrize("kind", ["symlink", "hardlink", "fifo", "folder", "socket", "empty"])
@pytest.mark.parametrize("where", ["queue", "tmp"])
def test_strange_things_in_the_queue(system, ready, kind, where):
    name = system.spool / where / "660CEF6A6BE9932C113"
    victim = system.folder / "victim"
    victim.write_bytes(b"nobody's business\n")
    victim.chmod(0o600)
    os.chown(victim, OWNER, OWNER)
    if kind == "symlink":
        name.symlink_to(victim)
    elif kind == "hardlink":
        os.link(victim, name)
    elif kind == "fifo":
        os.mkfifo(name, 0o600)
    elif kind == "folder":
        name.mkdir(mode=0o700)
        (name / "inside").write_bytes(b"inside\n")
    elif kind == "socket":
        socket.socket(socket.AF_UNIX).bind(str(name))
    else:
        name.touch(mode=0o600)
    if kind != "hardlink":
        os.chown(name, OWNER, OWNER, follow_symlinks=False)
    assert system.run(ALICE, *SEND, input=LETTER).code == 0
    assert system.run(ALICE, "mailq").code == 0
    result = system.run(ALICE, "pillarbox", "--flush")
    assert len(ready.messages) == 1, result
    assert victim.read_bytes() == b"nobody's business\n" and "business" not in result.err
    if kind == "folder":
        assert [path.read_bytes() for path in system.spool.rglob("inside")] == [b"inside\n"]


@pytest.mark.parametrize("folder", [".", "queue", "tmp", "corrupt"])
def test_folders_that_lead_elsewhere_or_are_open_to_all(system, ready, folder):
    place = system.spool / folder
    away = system.folder / "away"
    shutil.rmtree(away, ignore_errors=True)
    if folder == ".":
        place.chmod(0o777)
    else:
        place.rename(away)
        place.symlink_to(away)
    for arguments in (SEND, ("mailq",), ("pillarbox", "--flush")):
        result = system.run(ALICE, *arguments, input=LETTER)
        assert result.code == 75 and str(system.spool) in result.err, result
    assert not away.exists() or list(away.iterdir()) == []
