"""What one user can do to the mail of another: delay it, hear of it, or stand in its way at the relay."""

import contextlib
import fcntl
import os
import re
import signal
import struct
import subprocess
import time

import pytest
from system import ALICE, MALLORY, OWNER, command

LETTER = b"Subject: a letter\nFrom: alice@example.com\n\nfor bob only\n"
DENIED = {"bad@example.net": "554 5.7.1 <bad@example.net>: Relay access denied"}


def queue(system, user, to):
    assert system.run(user, "sendmail", "-odq", "-f", "alice@example.com", to, input=LETTER).code == 0


def write_pause(system, until, uid=None):
    path = system.spool / "relays/work"
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(until))
    path.write_text(f"pillarbox-relay 1\nfailures 3\nsince {stamp}\nuntil {stamp}\n"
                    + (f"uid {uid}\n" if uid is not None else "") + "why no\n")
    path.chmod(0o600)
    os.chown(path, OWNER, OWNER)
    return path


# Delay

def test_an_answer_to_one_user_pauses_nothing_of_others(system, relay):
    """A relay is believed to be out of order when a second user hears the same."""
    running = relay(refuse=DENIED)
    system.configure(running)
    for _ in range(3):
        queue(system, MALLORY, "bad@example.net")
    queue(system, ALICE, "bob@example.net")
    assert system.run(0, "pillarbox", "--flush").code == 75
    assert [message.rcpt_tos for message in running.messages] == [["bob@example.net"]]
    tried = running.stages.count("MAIL")
    assert system.run(ALICE, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    assert len(running.messages) == 2 and len(system.entries) == 3
    assert running.stages.count("MAIL") == tried + 1


def test_what_two_users_hear_is_true_of_all(system, relay):
    running = relay(replies={"MAIL": "550 5.4.5 daily sending limit reached"})
    system.configure(running)
    for user in (MALLORY, MALLORY, ALICE, ALICE, 0):
        queue(system, user, "bob@example.net")
    assert system.run(0, "pillarbox", "--flush").code == 75
    assert running.stages.count("MAIL") == 2
    assert "uid" not in (system.spool / "relays/work").read_text()
    assert system.run(0, "pillarbox", "--flush").code == 75
    assert running.stages.count("MAIL") == 2


def test_whoever_probes_and_never_ends_is_not_waited_for(system, relay):
    """Its caller can freeze it, by a control group of its own."""
    running = relay()
    system.configure(running)
    queue(system, ALICE, "bob@example.net")
    for ago, sent in ((60, 0), (3600, 1)):
        path = write_pause(system, time.time() - ago)
        with open(path, "r+b") as frozen:
            fcntl.fcntl(frozen, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
            system.run(0, "pillarbox", "--flush")
            assert len(running.messages) == sent


def test_who_reaches_no_relay_pauses_it_for_nobody_else(system, relay):
    """A user can see to it, by few processes (the name is looked up by a thread) or by a control group."""
    running = relay()
    system.configure(running)
    running.__exit__()
    queue(system, MALLORY, "bob@example.net")
    assert system.run(MALLORY, "pillarbox", "--flush").code == 75
    assert f"uid {MALLORY}\n" in (system.spool / "relays/work").read_text()
    running.__enter__()
    assert system.run(ALICE, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER).code == 0
    assert len(running.messages) == 1 and len(system.entries) == 1


@pytest.mark.parametrize("second", [ALICE, 0])
def test_what_a_second_one_does_not_reach_is_paused_for_all(system, relay, second):
    running = relay()
    system.configure(running)
    running.__exit__()
    for user, has_uid in ((MALLORY, True), (MALLORY, True), (second, False)):
        queue(system, user, "bob@example.net")
        system.run(user, "pillarbox", "--flush")
        assert ("uid" in (system.spool / "relays/work").read_text()) == has_uid
    running.__enter__()


def test_root_alone_probes_for_all(system, relay):
    """Who started a process can freeze it, and all others would wait for it."""
    running = relay()
    system.configure(running)
    for user in (MALLORY, ALICE):
        queue(system, user, "bob@example.net")
    write_pause(system, time.time() - 60)
    assert system.run(MALLORY, "pillarbox", "--flush").code == 75 and running.connections == 0
    assert system.run(0, "pillarbox", "--flush").code == 0 and len(running.messages) == 2
    queue(system, MALLORY, "bob@example.net")
    # No flush of root's comes for too long.
    write_pause(system, time.time() - 3600)
    assert system.run(MALLORY, "pillarbox", "--flush").code == 0 and len(running.messages) == 3
    # A pause of one's own is one's own to probe, and that of another no business of one's.
    for whose in (MALLORY, ALICE):
        queue(system, MALLORY, "bob@example.net")
        path = write_pause(system, time.time() - 60, whose)
        with open(path, "r+b") as frozen:
            fcntl.fcntl(frozen, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
            assert system.run(MALLORY, "pillarbox", "--flush").code == (75 if whose == MALLORY else 0)
        assert system.run(MALLORY, "pillarbox", "--flush").code == 0
    assert len(running.messages) == 5 and system.entries == []


def test_a_backlog_of_one_user_delays_others_by_a_round(system, relay):
    running = relay()
    system.configure(running)
    for part in range(6):
        to = [f"r{part}.{number}@example.net" for number in range(100)]
        assert system.run(MALLORY, "sendmail", "-odq", "-f", "alice@example.com", *to, input=LETTER).code == 0
    queue(system, ALICE, "bob@example.net")
    queue(system, 0, "bob@example.net")
    assert system.run(0, "pillarbox", "--flush").code == 0
    order = [len(message.rcpt_tos) for message in running.messages]
    assert order == [100, 100, 1, 1, 100, 100, 100, 100]
    firsts = [message.rcpt_tos[0] for message in running.messages if len(message.rcpt_tos) > 1]
    assert firsts == [f"r{part}.0@example.net" for part in range(6)]


def test_nobody_hears_whether_others_have_something_due(system, relay):
    system.configure(relay())
    (system.spool / "tmp/64C8F1A2B3C4D111111").touch(mode=0o600)
    os.chown(system.spool / "tmp/64C8F1A2B3C4D111111", OWNER, OWNER)
    assert system.run(MALLORY, "pillarbox-queue", "--due").code == 1
    queue(system, ALICE, "bob@example.net")
    codes = {user: system.run(user, "pillarbox-queue", "--due").code for user in (0, OWNER, ALICE, MALLORY)}
    assert codes == {0: 0, OWNER: 0, ALICE: 0, MALLORY: 1}


def test_a_user_has_no_flush_that_stays(system, relay):
    running = relay()
    system.configure(running)
    queue(system, MALLORY, "bob@example.net")
    result = system.run(MALLORY, "pillarbox", "--flush", "--every", "60s")
    assert result.code == 77 and result.err.count("\n") == 1 and "--every" in result.err
    assert running.connections == 0 and len(system.entries) == 1


def test_who_uses_up_a_limit_pauses_it_for_nobody_else(system, relay):
    """A message of many recipients has no room where one of few has."""
    running = relay()
    system.configure(running, rate=["10/1h"])

    def send(user):
        result = system.run(user, "sendmail", "-odi", "-f", "alice@example.com", "bob@example.net", input=LETTER)
        assert (result.code, result.err) == (0, "")
    send(ALICE)
    many = [f"r{number}@example.net" for number in range(10)]
    assert system.run(MALLORY, "sendmail", "-odq", "-f", "alice@example.com", *many, input=LETTER).code == 0
    assert system.run(MALLORY, "pillarbox", "--flush").code == 75
    assert f"uid {MALLORY}\n" in (system.spool / "relays/work").read_text()
    send(ALICE)
    queue(system, ALICE, "bob@example.net")
    assert system.run(0, "pillarbox", "--flush").code == 75
    assert len(running.messages) == 3 and len(system.entries) == 1
    assert not (system.spool / "relays/work").exists() or "uid" in (system.spool / "relays/work").read_text()


def wait_for(condition, timeout=10):
    give_up = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_a_frozen_worker_holds_its_own_users_slots_only(system, relay):
    running = relay()
    system.configure(running, connections=1)
    running.stall = "MAIL"

    def send(user):
        result = system.run(user, "sendmail", "-odb", "-f", "alice@example.com", "bob@example.net", input=LETTER)
        assert (result.code, result.err) == (0, "")
    send(MALLORY)
    assert running.wait_stage("MAIL")
    frozen = system.processes()
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    running.stall = None
    send(MALLORY)
    send(ALICE)
    assert len(running.wait_messages(1)) == 1
    wait_for(lambda: len(system.entries) == 2)
    assert system.run(ALICE, "pillarbox", "--flush").code == 0
    assert len(system.entries) == 2
    # What is in hand stays so; all else goes.
    assert system.run(0, "pillarbox", "--flush").code == 0
    assert len(running.messages) == 2 and len(system.entries) == 1
    assert set(frozen) <= set(system.processes())
    for pid in frozen:
        os.kill(pid, signal.SIGCONT)
    assert len(running.wait_messages(3)) == 3
    wait_for(lambda: not system.entries)


def test_nobody_holds_the_relay_without_the_queue(system, relay):
    running = relay()
    system.configure(running)
    result = system.run(MALLORY, "pillarbox-deliver", "--direct", input=b"pillarbox 1\n")
    assert result.code == 77 and running.connections == 0


@pytest.mark.parametrize("verb, alarms", [("--list", [3600, 300]), ("--hold", [3600, 60, 300]), ("accept", [3600, 300])])
def test_the_store_gives_nobody_a_process_for_ever(system, relay, tmp_path, verb, alarms):
    """A minute is too long for a test, so the alarms are looked at, and what it waits for."""
    system.configure(relay())
    log = tmp_path / "strace"
    drop = ["setpriv", f"--reuid={MALLORY}", f"--regid={MALLORY}", "--clear-groups"]
    arguments = [] if verb == "accept" else [verb]
    entry = b"pillarbox 1\nfrom <m@example.com>\nto <bob@example.net>\nsize 2\n\n\r\n" if verb == "accept" else b""
    subprocess.run(["strace", "-f", "-o", log, "-e", "trace=alarm,setitimer,poll,ppoll", *drop,
                    system.program("pillarbox-queue"), *arguments], check=True, capture_output=True, timeout=20, cwd="/",
                   input=entry)
    text = log.read_text()
    found = [int(one or other) for one, other in re.findall(r"alarm\((\d+)\)|ITIMER_REAL, .*?tv_sec=(\d+)", text)]
    found = [seconds for at, seconds in enumerate(found) if seconds and seconds != (found[at - 1] if at else 0)]
    assert found == alarms
    assert (", 60000) = 1" in text or "tv_sec=60" in text) == (verb == "accept")


def test_a_silent_caller_leaves_no_file(system, relay):
    """The time is cut short by a debugger's means: what poll(2) says is put in its mouth."""
    system.configure(relay())
    drop = ["setpriv", f"--reuid={MALLORY}", f"--regid={MALLORY}", "--clear-groups"]
    done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "trace=poll", "-e", "inject=poll:retval=0:when=2", *drop,
                           system.program("pillarbox-queue")], capture_output=True, timeout=20, cwd="/",
                          input=b"pillarbox 1\nfrom <m@example.com>\nto <bob@example.net>\nsize 2\n\n\r\n")
    assert done.returncode == 74 and b"timed out" in done.stderr
    assert list((system.spool / "tmp").iterdir()) == [] and system.entries == []


def test_many_at_once_leave_room_on_the_disk(system, relay):
    """Each has seen that there is room for itself, and none says its last byte."""
    system.configure(relay())
    size = 20 << 20
    try:
        command("mount", "-t", "tmpfs", "-o", "size=48m,mode=700", "tmpfs", system.spool)
    except RuntimeError as error:
        pytest.skip(f"no disk to fill: {error}")
    stores = []
    try:
        for folder in ("queue", "tmp", "corrupt", "relays"):
            (system.spool / folder).mkdir(mode=0o700)
        command("chown", "-R", f"{OWNER}:{OWNER}", system.spool)
        for _ in range(3):
            stores.append(system.start(MALLORY, "pillarbox-queue"))
            stores[-1].stdin.write(b"pillarbox 1\nfrom <m@example.com>\nto <bob@example.net>\nsize %d\n\n" % size)
            stores[-1].stdin.flush()
        time.sleep(0.5)
        for store in stores:
            with contextlib.suppress(BrokenPipeError):
                store.stdin.write(b"x" * 998 + b"\r\n")
                for _ in range(size // 1000 - 2):
                    store.stdin.write(b"x" * 998 + b"\r\n")
                store.stdin.flush()
        time.sleep(0.5)
        free = os.statvfs(system.spool)
        assert free.f_bavail * free.f_frsize >= 15 << 20
        assert any(store.poll() == 75 for store in stores)
    finally:
        for store in stores:
            with contextlib.suppress(BrokenPipeError):
                store.stdin.close()
            store.wait(10)
            store.stdout.close()
            store.stderr.close()
        command("umount", "-l", system.spool)


@pytest.mark.parametrize("scarce", ["size=48m", "nr_inodes=400"])
def test_what_is_left_is_for_root(system, relay, scarce):
    """One user queues until nothing more is taken; then what cron has to say to root still is."""
    system.configure(relay())
    try:
        command("mount", "-t", "tmpfs", "-o", f"{scarce},mode=700", "tmpfs", system.spool)
    except RuntimeError as error:
        pytest.skip(f"no disk to fill: {error}")
    try:
        for folder in ("queue", "tmp", "corrupt", "relays"):
            (system.spool / folder).mkdir(mode=0o700)
        command("chown", "-R", f"{OWNER}:{OWNER}", system.spool)
        large = LETTER + (b"x" * 70 + b"\n") * (60_000 if "size" in scarce else 1)
        for _ in range(300):
            result = system.run(MALLORY, "sendmail", "-odq", "bob@example.net", input=large)
            if result.code != 0:
                break
        assert result.code == 75 and result.err.count("\n") == 1 and "disk full" in result.err
        assert 2 < len(system.entries) < 150
        for user, code in ((0, 0), (OWNER, 0), (ALICE, 75)):
            small = large if "size" in scarce else LETTER
            assert system.run(user, "sendmail", "-odq", "bob@example.net", input=small).code == code
    finally:
        command("umount", "-l", system.spool)


# Hearing

def test_nobody_hears_whose_message_the_relay_did_not_like(system, relay):
    running = relay(refuse=DENIED)
    system.configure(running)
    queue(system, ALICE, "bad@example.net")
    assert system.run(0, "pillarbox", "--flush").code == 75
    queue(system, MALLORY, "bob@example.net")
    heard = system.run(MALLORY, "mailq").out.decode() + system.run(MALLORY, "mailq", "--json").out.decode()
    assert "bad@" not in heard and "denied" not in heard
    assert "denied" in system.run(0, "mailq").out.decode()
    assert "denied" in system.run(ALICE, "mailq").out.decode()
