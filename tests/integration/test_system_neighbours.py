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


def test_the_store_gives_nobody_a_process_for_ever(system, relay, tmp_path):
    """An hour is too long for a test, so the alarm is looked at."""
    system.configure(relay())
    log = tmp_path / "strace"
    drop = ["setpriv", f"--reuid={MALLORY}", f"--regid={MALLORY}", "--clear-groups"]
    subprocess.run(["strace", "-f", "-o", log, "-e", "trace=alarm,setitimer,geteuid", *drop,
                    system.program("pillarbox-queue"), "--list"], check=True, capture_output=True, timeout=20, cwd="/")
    assert re.search(r"alarm\(3600\)|ITIMER_REAL, .*tv_sec=3600", log.read_text())


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
