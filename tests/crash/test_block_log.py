"""Every state in which a power cut can leave the disk: each prefix of what was written to it, and, since a disk may
keep writes back or do them in any order until it is told to flush, any of the writes behind the last flush.

A loop device lies upon a file system of one file (blocklog.c), which writes down what comes.
"""

import os
import random
import shlex
import shutil
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from acts import BOB, CAROL, DAN, REFUSALS, Place, message
from disk import Disk, Unusable, run
from mail import wire
from oracle import Sent

HERE = Path(__file__).resolve().parent
REORDERINGS = int(os.environ.get("PILLARBOX_REORDERINGS", 10))      # of each prefix
FLUSH = (1 << 64) - 1
pytestmark = pytest.mark.long


class Recorder(Disk):
    """An ext4 whose writes are written down."""

    def __init__(self, folder):
        super().__init__(folder, "ext4", "-E lazy_itable_init=0,lazy_journal_init=0")
        self.unmount()
        self.base, self.log, self.below = folder / "base.img", folder / "log", folder / "below"
        shutil.copyfile(self.image, self.base)
        self.below.mkdir()
        program = folder / "blocklog"
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "fuse3"], capture_output=True, text=True)
        if flags.returncode != 0:
            raise Unusable("libfuse3-dev is not installed")
        run("cc", "-D_GNU_SOURCE", "-o", program, HERE / "blocklog.c", *shlex.split(flags.stdout))
        self.server = subprocess.Popen([program, self.image, self.log, self.below])
        until = time.monotonic() + 5
        while not (self.below / "disk").exists():
            if time.monotonic() > until or self.server.poll() is not None:
                raise Unusable("FUSE does not work here")
            time.sleep(0.01)
        self.plain, self.image = self.image, self.below / "disk"
        self.mount()

    def position(self):
        return self.log.stat().st_size

    def stop(self):
        """From here on the disk is what show() makes it."""
        self.unmount()
        subprocess.run(["umount", self.below], capture_output=True)
        self.server.wait(10)
        self.image = self.plain

    def events(self):
        """(position of its end, offset or FLUSH, data) of each."""
        log, at, found = self.log.read_bytes(), 0, []
        while at < len(log):
            offset, size = struct.unpack_from("QQ", log, at)
            at += 16 + size
            found.append((at, offset, log[at - size:at]))
        return found

    def show(self, events):
        # A file of its own: another mount namespace, begun meanwhile, may have the state before still mounted.
        self.image.unlink()
        shutil.copyfile(self.base, self.image)
        with self.image.open("r+b") as image:
            for _, offset, data in events:
                if offset != FLUSH:
                    image.seek(offset)
                    image.write(data)
        self.mount()


@dataclass
class Fact:
    """What must be so once the disk has what it was told to flush before `position`."""
    position: int
    sent: Sent
    check: object = None


@pytest.fixture
def recorded(tmp_path, build):
    """A place on a disk that is recorded."""
    try:
        disk = Recorder(tmp_path)
    except Unusable as why:
        pytest.skip(f"no block log: {why}")
    place = Place(tmp_path / "home", build, disk.mount_point / "spool")
    place.disk = disk
    yield place
    place.close()
    disk.unmount()
    subprocess.run(["umount", disk.below], capture_output=True)
    disk.server.terminate()


def record(place):
    """Three messages, a delivery with three outcomes, and one with one. The facts, and where it began."""
    facts, disk = [], place.disk
    disk.sync()
    began = disk.position()
    for token, recipients in (("m0", [BOB]), ("m1", [BOB, CAROL, DAN]), ("m2", [BOB])):
        result = place.home.run("-odq", "-f", "alice@example.com", *recipients, input=message(token, 3000))
        assert result.code == 0, result.err
        # What was delivered and removed may come back as long as the removal is not on the disk.
        sent = Sent(token, wire(message(token, 3000)), recipients, accepted=True, may_repeat=True)
        facts.append(Fact(disk.position(), sent))
    place.sink.refuse.update(REFUSALS)
    place.home.run("--flush")

    def partly(queued):
        """Only the second is there still, with its records."""
        (entry,) = queued
        assert entry.got("delivered") == [BOB] and entry.waiting == [DAN], "records are lost"
    facts.append(Fact(disk.position(), None, partly))
    disk.sync()
    place.sink.quiet()
    disk.stop()
    return facts, began


def judge(place, facts, events, flushed):
    """The disk as these events leave it; all before `flushed` are on it."""
    place.disk.show(events)
    try:
        for fact in facts:
            if fact.sent:
                fact.sent.accepted = True if fact.position <= flushed else None
        place.oracle.judge(*(fact.sent for fact in facts if fact.sent))
        for fact in facts:
            if fact.check and fact.position <= flushed:
                fact.check(place.oracle.queued())
    finally:
        place.disk.unmount()


def test_block_log(recorded, tell):
    facts, began = record(recorded)
    events = recorded.disk.events()
    first = sum(event[0] <= began for event in events)
    # Who was told so believes what was flushed by then: anything later was not waited for.
    for fact in facts:
        fact.position = max(end for end, offset, _ in events if offset == FLUSH and end <= fact.position)
    chance, wrong, count, start = random.Random(1), [], 0, time.monotonic()
    for upto in range(first, len(events) + 1):
        before = events[:upto]
        last = max(number for number, event in enumerate(before) if event[1] == FLUSH) + 1
        states = [(before, before[-1][0])]
        for _ in range(REORDERINGS if upto > last else 0):
            behind = chance.sample(before[last:], chance.randint(0, upto - last))
            states.append((before[:last] + behind, before[last - 1][0]))
        for state, flushed in states:
            count += 1
            try:
                judge(recorded, facts, state, flushed)
            except AssertionError as bad:
                wrong.append(f"{upto} of {len(events)}: {str(bad).splitlines()[0]}")
    flushes = sum(event[1] == FLUSH for event in events[first:])
    tell(f"block log: {len(events) - first - flushes} writes, {flushes} flushes, {count} states, {len(wrong)} wrong, "
         f"{time.monotonic() - start:.0f} s")
    assert not wrong, "\n".join(wrong[:30])
