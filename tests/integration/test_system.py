"""A system-wide install, with setuid helpers: what its users can do, and what they cannot.

As root only, since it makes files that belong to others. Nothing of the host is changed: see tools/system.py.
"""

import ctypes
import os
import pty
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from home import multiply
from system import ALICE, LIBC, MALLORY, OWNER, SOURCE, command, status

LETTER = b"Subject: a letter\nFrom: alice@example.com\n\nfor bob only\n"
PTRACE_ATTACH = 16


def as_user(user, task):
    """Whether task() raises PermissionError in a process of `user`; True is safe, and anything else is said."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        try:
            answer = f"did it: {task()!r}"
        except PermissionError:
            answer = "refused"
        except BaseException as error:
            answer = repr(error)
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(child, 0)
    return answer


@pytest.fixture
def stuck(system, relay):
    """The pid of a delivery that mallory has started, and that the relay lets wait."""
    running = relay(stall="MAIL")
    system.configure(running, timeout="60s")
    assert system.run(MALLORY, "sendmail", "-odq", "bob@example.net", input=LETTER).code == 0
    flush = system.start(MALLORY, "pillarbox", "--flush")
    wait_for(lambda: "MAIL" in running.stages)
    yield system.wait_process("pillarbox-deliver")
    running.stall = None
    flush.communicate(timeout=20)
    assert system.wait_quiet() and system.entries == []


def wait_for(condition, timeout=10):
    give_up = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def deliverer(system):
    """The one that works; a leader of a group waits for it."""
    pids = [pid for pid, name in system.processes().items() if name == "pillarbox-deliver"]
    return max(pids, key=lambda pid: int(status(pid)["PPid"][0]) in pids)


# What works

def test_everybody_may_submit_and_sees_their_own(system, relay):
    system.configure(relay())
    for user in (ALICE, MALLORY, 0):
        result = system.run(user, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER)
        assert (result.code, result.out, result.err) == (0, b"", "")
    for user in (ALICE, MALLORY):
        assert [entry["uid"] for entry in system.list(user)] == [user]
    assert sorted(entry["uid"] for entry in system.list(0)) == [0, ALICE, MALLORY]
    for entry in system.entries:
        assert (entry.stat().st_uid, entry.stat().st_mode & 0o777) == (OWNER, 0o600)


def test_aliases_of_the_system(system, relay):
    """The owner of the queue looks them up; a list may be no secret that only the owner can read."""
    running = relay()
    system.configure(running)
    path, team = system.etc / "aliases", system.etc / "team"
    path.write_text(f"root: carol@example.net\nteam: :include:{team}\n")
    team.write_text("dan@example.net\n")
    for file, mode in ((path, 0o644), (team, 0o640)):
        os.chown(file, 0, OWNER)
        file.chmod(mode)
    conf = system.etc / "pillarbox.conf"
    conf.write_text(f'aliases = "{path}"\n' + conf.read_text())
    result = system.run(ALICE, "sendmail", "-odi", "-f", "alice@example.com", "root", input=LETTER)
    assert (result.code, result.err) == (0, "")
    result = system.run(ALICE, "sendmail", "-odi", "-f", "alice@example.com", "team", input=LETTER)
    assert result.code == 0 and f"{team}: not everybody may read it" in result.err
    team.chmod(0o644)
    assert system.run(0, "pillarbox", "--flush", "--force").code == 0
    assert [message.rcpt_tos for message in running.messages] == [["carol@example.net"], ["dan@example.net"]]


@pytest.mark.parametrize("user", [ALICE, 0])
def test_the_first_attempt_logs_in(system, relay, user):
    running = relay()
    system.configure(running)
    result = system.run(user, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER)
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert [message.user for message in running.messages] == ["alice@example.com"]
    assert system.entries == []


def test_in_the_background_too(system, relay):
    running = relay()
    system.configure(running)
    assert system.run(ALICE, "sendmail", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    wait_for(lambda: running.messages)
    assert system.wait_quiet() and system.entries == []


def test_a_flush_of_a_user_sends_what_is_that_users(system, relay):
    """Who starts a process can freeze or kill it, by a control group, whoever it runs as."""
    running = relay()
    system.configure(running)
    for user in (ALICE, 0, MALLORY):
        assert system.run(user, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    for user, sent in ((MALLORY, 1), (MALLORY, 1), (OWNER, 3)):
        result = system.run(user, "pillarbox", "--flush")
        assert (result.code, result.err, len(running.messages)) == (0, "", sent)
    assert system.entries == []


def test_what_a_user_picks_is_that_users(system, relay):
    running = relay()
    system.configure(running)
    for user in (ALICE, 0, MALLORY):
        assert system.run(user, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    others = [entry.name for entry in system.entries]
    for options, sent in ((["-qRbob"], 1), (["-q!Rnobody"], 1), ([f"-qI{others[0]}"], 1)):
        result = system.run(MALLORY, "sendmail", *options)
        assert (result.code, result.err, len(running.messages)) == (0, "", sent)
    result = system.run(MALLORY, "pillarbox-deliver", "--ids", "--flush", input="".join(f"{name}\n" for name in others).encode())
    assert (result.code, result.err, len(running.messages)) == (0, "", 1)
    assert system.run(0, "sendmail", "-qSalice").code == 0
    assert len(running.messages) == 3 and system.entries == []


def test_a_flush_by_several_processes(system, relay):
    """Of a user, with that user's alone; of root, where a backlog of one keeps nobody else's back."""
    running = relay(pipelining=True, chunking=True)
    system.configure(running, connections=2)
    queued = {}
    for user, count in ((ALICE, 900), (MALLORY, 100)):
        result = system.run(user, "sendmail", "-odq", "-i", "-f", "alice@example.com", "bob@example.net",
                            input=b"Subject: from %d\n\nhello\n" % user)
        assert result.code == 0
        (entry,) = (entry for entry in system.entries if entry.name not in queued.get(ALICE, ()))
        queued[user] = multiply(entry, count)
    result = system.run(MALLORY, "pillarbox", "--flush", timeout=60)
    assert (result.code, result.err, running.most) == (0, "", 2)
    assert [entry.name for entry in system.entries] == queued[ALICE]
    assert len(running.messages) == 100 and all(b"from %d" % MALLORY in message.data for message in running.messages)

    running.messages.clear()
    assert system.run(MALLORY, "sendmail", "-odq", "-i", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    result = system.run(0, "pillarbox", "--flush", timeout=60)
    assert (result.code, result.err, running.most, system.entries) == (0, "", 2, [])
    (place,) = (place for place, message in enumerate(running.messages) if b"for bob only" in message.data)
    assert len(running.messages) == 901 and place < 500


def test_nobody_hears_of_what_others_sent(system, relay):
    """Whoever flushes: no address of others, no reply, no dialogue; and no force."""
    running = relay(refuse={"bob@example.net": "451 4.2.1 busy"})
    system.configure(running)
    assert system.run(ALICE, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    (entry,) = system.entries
    for arguments in (["--flush", "--force"], ["--flush", "--force", "-v"]):
        assert system.run(MALLORY, "pillarbox", *arguments).code == 77
    named = system.run(MALLORY, "pillarbox", "--flush", entry.name)
    assert (named.code, named.err) == (64, f"pillarbox: {entry.name}: not in the queue\n")
    direct = system.run(MALLORY, "pillarbox-deliver", "--verbose", "--foreground", entry.name)
    assert (direct.code, direct.out, direct.err) == (0, b"", "")
    flush = system.run(MALLORY, "pillarbox", "--flush", "-v")
    assert (flush.code, flush.out, flush.err) == (0, b"", "pillarbox: nothing is due; mailq shows what waits\n")
    assert running.stages == []
    heard = system.run(ALICE, "pillarbox", "--flush", entry.name)
    assert heard.code == 75 and "busy" in heard.err
    assert "busy" in system.run(0, "pillarbox", "--flush", "--force").err


def test_root_without_new_privileges_needs_no_socket(system, relay):
    from system import no_new_privileges

    running = relay()
    system.configure(running)
    result = system.run(0, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER,
                        before=no_new_privileges)
    assert (result.code, result.err, len(running.messages)) == (0, "", 1)


def test_root_alone_without_setuid_bits(system, relay):
    """As in a container: the queue is root's, and made when it is missing."""
    running = relay()
    system.configure(running)
    helpers = [system.program(name) for name in ("pillarbox-queue", "pillarbox-deliver")]
    modes = [helper.stat().st_mode & 0o7777 for helper in helpers]
    shutil.rmtree(system.spool)
    for helper in helpers:
        os.chown(helper, 0, 0)
    try:
        result = system.run(0, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER)
        assert (result.code, result.err, system.spool.stat().st_uid) == (0, "", 0)
        os.chown(system.password, 0, 0)
        assert system.run(0, "pillarbox", "--flush").code == 0
    finally:
        for helper, mode in zip(helpers, modes):
            os.chown(helper, OWNER, OWNER)
            helper.chmod(mode)
    assert len(running.messages) == 1 and system.entries == []


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_the_advice_about_a_password_file_mends_it(system, relay, mode):
    """As root's editor has made it."""
    running = relay()
    system.configure(running)
    os.chown(system.password, 0, 0)
    system.password.chmod(mode)
    result = system.run(0, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER)
    assert result.code == 0 and "password-file" in result.err and running.logins == []
    check = system.run(0, "pillarbox", "--check")
    assert check.code == 78
    advice = check.err.splitlines()[0].partition("; run: ")[2]
    assert advice == f"chown 0:{OWNER} {system.password}; chmod 640 {system.password}"
    assert advice in result.err or "pillarbox --check" in result.err
    command("sh", "-c", advice)
    assert system.run(0, "pillarbox", "--flush", "--force").code == 0
    assert len(running.messages) == 1 and system.run(0, "pillarbox", "--check").code == 0


def test_root_and_the_owner_probe_the_relay(system, relay):
    running = relay()
    system.configure(running)
    for user in (0, OWNER):
        result = system.run(user, "pillarbox", "--probe", "--json")
        assert (result.code, result.err) == (0, "") and b'"login":"PLAIN"' in result.out
    assert len(running.logins) == 2 and running.messages == []


def test_a_credential_is_for_units_and_not_for_callers(system, relay):
    """The variable is a caller's to set; the flush of a unit is its owner's."""
    running = relay()
    folder = system.folder / "credentials"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    (folder / "smtp").write_text(running.password)
    os.chown(folder / "smtp", OWNER, OWNER)
    (folder / "smtp").chmod(0o400)
    system.configure(running, password_file=None, password_credential="smtp")
    said = {"CREDENTIALS_DIRECTORY": str(folder)}
    result = system.run(ALICE, "sendmail", "-odi", "bob@example.net", input=LETTER, environment=said)
    assert "systemd has given none" in result.err and "write delivery = queue" in result.err and running.connections == 0
    result = system.run(OWNER, "pillarbox", "--flush", "--force", environment=said)
    assert (result.code, result.err, len(running.messages)) == (0, "", 1)


# What does not

def test_a_user_probes_nothing(system, relay):
    running = relay()
    system.configure(running)
    for program in (("pillarbox", "--probe"), ("pillarbox-deliver", "--probe")):
        result = system.run(MALLORY, *program)
        assert result.code == 77 and result.out == b"" and "for root, or the owner" in result.err
    assert running.connections == 0


def test_nobody_reads_the_queue_or_the_password(system, relay):
    system.configure(relay())
    assert system.run(ALICE, "sendmail", "-odq", "bob@example.net", input=LETTER).code == 0
    (entry,) = system.entries
    for task in (lambda: os.listdir(system.spool), lambda: os.listdir(system.spool / "queue"),
                 lambda: entry.read_bytes(), lambda: system.password.read_bytes(),
                 lambda: (system.spool / "queue" / "new").touch(), lambda: entry.unlink()):
        assert as_user(MALLORY, task) == "refused"
        assert as_user(ALICE, task) == "refused"


def test_a_path_of_the_caller_is_opened_with_the_callers_rights(system, relay, tmp_path):
    running = relay()
    system.configure(running)
    assert system.run(ALICE, "sendmail", "-odq", "bob@example.net", input=LETTER).code == 0
    (entry,) = system.entries
    mine = system.folder / "mallory"
    mine.mkdir(exist_ok=True)
    os.chown(mine, MALLORY, MALLORY)
    config = mine / "pillarbox.conf"
    text = (system.etc / "pillarbox.conf").read_text()
    for queue in (system.spool, mine / "queue"):
        config.write_text(f'queue {{ path = "{queue}" }}\n{text}')
        for arguments in (("--list",), ("--flush",), ("--flush", entry.name)):
            result = system.run(MALLORY, "pillarbox", "--config", str(config), *arguments)
            assert b"bob@example.net" not in result.out and "open sesame" not in result.err
    result = system.run(MALLORY, "sendmail", "-C", str(config), "-odi", "bob@example.net", input=LETTER)
    assert "password-file" in result.err and "ermission denied" in result.err
    for arguments in (("--list", "--queue", str(system.spool)), ("--queue", str(system.spool))):
        result = system.run(MALLORY, "pillarbox-queue", *arguments, input=LETTER)
        assert result.code == 75 and result.out == b""
    for path in (entry, system.password):
        result = system.run(MALLORY, "pillarbox-deliver", "--config", str(path), "--flush")
        assert result.code != 0 and "sesame" not in result.err and "letter" not in result.err
    assert running.messages == [] and system.entries == [entry]


def test_a_connection_does_not_say_who_calls_to_a_setuid_store(system, relay):
    """Anybody can get a socket whose other end is root's, and have root echo a verb."""
    import socket

    system.configure(relay())
    ours, theirs = socket.socketpair()  # made by root, so that SO_PEERCRED says root
    with ours, theirs:
        ours.sendall(b"list\n")
        result = system.run(MALLORY, "pillarbox-queue", "--socket", stdin=theirs, input=None)
        assert result.code == 77 and "service" in result.err


def test_the_helper_is_nobody_elses_to_touch(system, stuck):
    pid = deliverer(system)
    state = status(pid)
    assert state["Uid"] == [str(OWNER)] * 4 and state["Gid"] == [str(OWNER)] * 4
    assert state["CapPrm"] == ["0" * 16] and state["CapEff"] == ["0" * 16]
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert limits.split("Max core file size")[1].split()[:2] == ["0", "0"]
    assert os.getsid(pid) == pid and os.readlink(f"/proc/{pid}/cwd") == "/"

    def trace():
        if LIBC.ptrace(PTRACE_ATTACH, pid, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")

    for task in (lambda: os.kill(pid, signal.SIGTERM), lambda: os.kill(pid, signal.SIGSTOP),
                 lambda: os.kill(pid, signal.SIGCONT), trace,
                 lambda: Path(f"/proc/{pid}/mem").open("rb"), lambda: Path(f"/proc/{pid}/environ").read_bytes(),
                 lambda: os.listdir(f"/proc/{pid}/fd"), lambda: os.readlink(f"/proc/{pid}/exe")):
        assert as_user(MALLORY, task) == "refused"
    assert status(pid)["State"][0] in "SRD"


def test_delivery_is_confined_where_the_kernel_can(system, stuck):
    if not Path("/proc/self/status").exists() or LIBC.syscall(444, None, 0, 1) < 2:
        pytest.skip("this kernel has no Landlock")
    assert status(deliverer(system))["NoNewPrivs"] == ["1"]


def test_the_store_is_nobody_elses_to_touch(system, relay):
    system.configure(relay())
    store = system.start(MALLORY, "pillarbox-queue")
    time.sleep(0.2)
    pids = [pid for pid, name in system.processes().items() if name == "pillarbox-queue"]
    assert len(pids) == 2   # a leader of its group leaves the work to a child
    for pid in pids:
        assert status(pid)["Uid"] == [str(OWNER)] * 4
        assert as_user(MALLORY, lambda: os.kill(pid, signal.SIGKILL)) == "refused"
    store.communicate(timeout=5)
    assert store.returncode == 65 and list((system.spool / "tmp").iterdir()) == []


def test_a_terminals_keys_do_not_reach_delivery(system, relay):
    """^C gives the terminal back; ^Z cannot keep the lock on somebody's message."""
    running = relay(stall="MAIL")
    system.configure(running, timeout="60s")
    assert system.run(MALLORY, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    child, terminal = pty.fork()
    if child == 0:
        os.setgroups([])
        os.setresgid(MALLORY, MALLORY, MALLORY)
        os.setresuid(MALLORY, MALLORY, MALLORY)
        os.chdir("/")
        os.execve(system.program("pillarbox"), ["pillarbox", "--flush"], {"PATH": "/bin"})
    wait_for(lambda: "MAIL" in running.stages)
    pid = deliverer(system)
    os.write(terminal, b"\x1a")
    os.write(terminal, b"\x03")
    time.sleep(0.3)
    assert status(pid)["State"][0] in "SRD" and os.getsid(pid) == pid
    running.stall = None
    os.waitpid(child, 0)
    assert system.wait_quiet()
    os.close(terminal)
    assert len(running.messages) == 1 and system.entries == []


@pytest.mark.parametrize("user", [OWNER, 0])
@pytest.mark.parametrize("silent", [False, True])
def test_a_terminals_keys_end_a_resident_flush(system, relay, user, silent):
    """^C, between two messages: it would go on for good otherwise, away from the terminal."""
    running = relay(stall="DOT")
    system.configure(running, timeout="60s")
    for _ in range(2):
        assert system.run(MALLORY, "sendmail", "-odq", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    child, terminal = pty.fork()
    if child == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        os.chdir("/")
        if silent:
            os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
        os.execve(system.program("pillarbox"), ["pillarbox", "--flush", "--every", "60s"], {"PATH": "/bin"})
    wait_for(lambda: "DOT" in running.stages)
    os.write(terminal, b"\x03")
    time.sleep(0.3)
    assert running.messages == [] and os.waitpid(child, os.WNOHANG) == (0, 0)
    running.stall = None
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert system.wait_quiet()
    os.close(terminal)
    assert len(running.messages) == 1 and len(system.entries) == 1


# The installation

def test_units_hold_up(system):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    units = system.prefix / "lib/systemd/system"
    names = sorted(path.name for path in units.iterdir())
    assert names == ["pillarbox-flush.path", "pillarbox-flush.service", "pillarbox-flush.timer", "pillarbox-smtp.socket",
                     "pillarbox-smtp@.service", "pillarbox.socket", "pillarbox@.service"]
    copies = system.folder / "units"
    shutil.rmtree(copies, ignore_errors=True)
    shutil.copytree(units, copies)
    for name in ("pillarbox", "pillarbox-smtp"):
        shutil.copy(copies / f"{name}@.service", copies / f"{name}@1.service")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *sorted(map(str, copies.glob("*")))],
                          capture_output=True, text=True, timeout=60)
    assert [line for line in done.stderr.splitlines() if "pillarbox" in line] == []


def test_make_install_as_root_and_uninstall(system):
    """The real thing, with an /etc of its own, so that no account of the host is touched."""
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        pytest.skip("no mount namespace here, so the host's own accounts would be changed")
    place = system.folder / "installed"
    said = command("unshare", "-m", "sh", "-euc", f"""
        mount --make-rprivate /
        mkdir -p '{place}' && mount -t tmpfs tmpfs /mnt
        cp -a /etc /mnt/etc && mount --bind /mnt/etc /etc
        sed -i /^pillarbox:/d /etc/passwd /etc/group /etc/shadow /etc/gshadow
        make install prefix='{place}'
        getent passwd pillarbox && getent group pillarbox
        cd '{place}'
        stat -c '%n %a %U:%G' libexec/pillarbox/* var/spool/pillarbox var/spool/pillarbox/*
        echo mine >> etc/pillarbox/pillarbox.conf
        cd '{system.built}'
        make install prefix='{place}'
        tail -n 1 '{place}/etc/pillarbox/pillarbox.conf'
        make uninstall prefix='{place}'
        find '{place}' ! -type d
        getent passwd pillarbox | sed s/^/still:/
        """, cwd=system.built)
    for line in ("libexec/pillarbox/pillarbox-deliver 6755 pillarbox:pillarbox",
                 "libexec/pillarbox/pillarbox-queue 4755 pillarbox:pillarbox",
                 "var/spool/pillarbox 700 pillarbox:pillarbox", "var/spool/pillarbox/queue 700 pillarbox:pillarbox",
                 "var/spool/pillarbox/relays 700 pillarbox:pillarbox"):
        assert said.count(line) == 1, said
    assert "\nmine\n" in said and "still:pillarbox:" in said
    left = [line for line in said.splitlines() if line.startswith(str(place))]
    assert left == [f"{place}/etc/pillarbox/pillarbox.conf"]
    assert (SOURCE / "src/install/pillarbox.conf").exists()


@pytest.mark.parametrize("user", [ALICE, 0])
def test_a_caller_goes_when_the_reply_is_late_and_the_delivery_waits_on(system, peer, user):
    late = peer({"DOT": (4.0, "250 2.0.0 taken")})
    system.configure(late)
    with (system.etc / "pillarbox.conf").open("a") as config:
        config.write('foreground-timeout = "1s"\n')
    begin = time.monotonic()
    result = system.run(user, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER)
    assert (result.code, result.out) == (0, b"") and "goes on in the background" in result.err
    assert time.monotonic() - begin < 3.5
    wait_for(lambda: system.entries == [])
    assert len(late.messages) == 1
