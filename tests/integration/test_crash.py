"""Killed before each system call in turn, and with each one failing: the promise holds at every instant.

strace ends the traced program before it makes the n-th call of a name, or makes that call fail. All calls that a whole
run makes of the names below are gone through.
"""

import os
import re
import shutil
import subprocess
import time
from collections import Counter

import pytest
from home import at

STORE_CALLS = ("read", "openat", "fcntl", "newfstatat", "fstatfs", "write", "fdatasync", "renameat2", "fsync", "close",
               "unlinkat", "mkdirat", "exit_group")
DELIVERY_CALLS = ("connect", "sendto", "sendmsg", "writev", "recvfrom", "lseek", "fcntl", "pwrite64", "ftruncate",
                  "fsync", "utimensat", "unlinkat", "renameat", "exit_group")
FAILURES = {"write": "ENOSPC", "fdatasync": "EIO", "renameat2": "ENOSPC", "fsync": "EIO", "openat": "EMFILE",
            "mkdirat": "EROFS", "fcntl": "ENOLCK"}

MESSAGE = b"Subject: hello\r\n\r\n.hello\r\n"
ENTRY = (b"pillarbox 1\nfrom <alice@example.com>\nto <bob@example.net>\nto <carol@example.net>\n"
         b"size %d\n\n" % len(MESSAGE)) + MESSAGE


class Tracer:
    """Runs a program under strace with one call tampered with."""

    def __init__(self, home, *command):
        self.home, self.command, self.log = home, command, home.folder / "strace.log"

    def run(self, tamper=None, input=None):
        inject = ["-e", f"inject={tamper}"] if tamper else []
        environment = {**self.home.environment, "ASAN_OPTIONS": "detect_leaks=0"}     # it cannot be traced otherwise
        return subprocess.run(["strace", "-o", self.log, *inject, *self.command], input=input, env=environment,
                              capture_output=True, timeout=20)

    def counts(self, names):
        """How often the last run made each of these calls."""
        calls = Counter(re.findall(r"^(\w+)\(", self.log.read_text(errors="replace"), re.MULTILINE))
        return {name: calls[name] for name in names if calls[name]}

    def points(self, names):
        return [(name, n) for name, count in self.counts(names).items() for n in range(1, count + 1)]

    def points_of_stdin(self):
        """The reads of standard input: the others are the loader's, or a sanitizer's."""
        reads = re.findall(r"^read\((\d+),", self.log.read_text(errors="replace"), re.MULTILINE)
        return [("read", n) for n, descriptor in enumerate(reads, 1) if descriptor == "0"]


@pytest.fixture
def store(home, relay):
    home.configure(work=at(relay()))
    return Tracer(home, home.program("pillarbox-queue"), "--queue", str(home.spool))


def left_in_tmp(home):
    return list((home.spool / "tmp").glob("*"))


def judge_acceptance(home, result, point):
    """Accepted: one whole entry. Not accepted: at most one whole entry, and only if its writer could not say so."""
    whole = [entry for entry in home.entries if entry.read_bytes().endswith(MESSAGE)]
    assert home.entries == whole, f"{point}: half an entry in the queue"
    if result.returncode == 0:
        assert len(whole) == 1, f"{point}: accepted and not there"
        assert result.stdout.decode().strip() in ("", whole[0].name)
    assert len(whole) <= 1


def test_the_store_killed_before_each_call(home, store):
    assert store.run(input=ENTRY).returncode == 0
    points = store.points(STORE_CALLS)
    assert len(points) > 20
    for name, n in points:
        shutil.rmtree(home.spool, ignore_errors=True)
        result = store.run(f"{name}:signal=KILL:when={n}", ENTRY)
        if home.spool.exists():
            judge_acceptance(home, result, (name, n))
        assert home.run("--flush", timeout=20).code == 0
        assert not left_in_tmp(home), f"{name} {n}: the flush left something in tmp"


def test_the_store_with_each_call_failing(home, store):
    assert store.run(input=ENTRY).returncode == 0
    for name, n in store.points(FAILURES) + store.points_of_stdin():
        shutil.rmtree(home.spool, ignore_errors=True)
        result = store.run(f"{name}:error={FAILURES.get(name, 'EIO')}:when={n}", ENTRY)
        if not home.spool.exists():
            assert result.returncode != 0
            continue
        judge_acceptance(home, result, (name, n))
        if result.returncode != 0 and (home.spool / "queue").exists():
            assert home.entries == [], f"{name} {n}: refused, and in the queue"
            assert not left_in_tmp(home), f"{name} {n}: refused, and left in tmp"


def test_interrupted_calls_of_the_store_are_made_again(home, store):
    assert store.run(input=ENTRY).returncode == 0
    for name, n in store.points(("write",)) + store.points_of_stdin():
        shutil.rmtree(home.spool, ignore_errors=True)
        result = store.run(f"{name}:error=EINTR:when={n}", ENTRY)
        assert result.returncode == 0, f"{name} {n}: {result.stderr.decode()}"
        judge_acceptance(home, result, (name, n))


def test_delivery_killed_before_each_call(home, relay):
    server = relay()
    home.configure(work=at(server))
    home.spool.mkdir()
    subprocess.run([home.program("pillarbox-queue"), "--queue", str(home.spool)], input=ENTRY, check=True,
                   env=home.environment, stdout=subprocess.DEVNULL)
    (entry,) = home.entries
    kept = entry.read_bytes()
    delivery = Tracer(home, home.program("pillarbox-deliver"), "--config", str(home.config), "--flush")
    assert delivery.run().returncode == 0
    assert len(server.messages) == 1 and home.entries == []
    points = delivery.points(DELIVERY_CALLS)
    assert len(points) > 20
    for name, n in points:
        server.messages.clear()
        entry.write_bytes(kept)
        os.utime(entry, (time.time() - 1,) * 2)
        delivery.run(f"{name}:signal=KILL:when={n}")
        taken = len(server.messages)
        assert taken <= 1
        assert entry.exists() or taken == 1, f"{name} {n}: gone, and never arrived"
        assert home.run("--flush", "--force", timeout=20).code == 0
        assert home.entries == [], f"{name} {n}: not delivered by the next flush"
        # Twice only if it was killed between the relay's yes and the removal.
        assert len(server.messages) in (1, 1 + taken), f"{name} {n}"
        assert all(message.data == MESSAGE for message in server.messages)
