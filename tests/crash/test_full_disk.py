"""A disk that is really full, and one without inodes: free space grows from nothing until a message fits.

The store keeps a floor of free space, which the shim lifts by a lie about what is free, so that the real edge is met.
"""

import os
import subprocess

import entries
import pytest
from acts import BOB, CAROL, DAN, Place, message
from disk import Disk, Unusable
from mail import wire
from oracle import Sent

BLOCK = 1024
SIZE = 30_000       # a message of some 30 blocks
ROOMY = 40          # MiB; more than the floor


@pytest.fixture
def on(tmp_path, build):
    """on(MiB, options of mkfs) is a place whose queue is on a small ext4."""
    made = []

    def make(megabytes, options=""):
        try:
            disk = Disk(tmp_path, "ext4", options + " -m 0", megabytes)
        except Unusable as why:
            pytest.skip(f"no disk to fill: {why}")
        place = Place(tmp_path / "home", build, disk.mount_point / "spool")
        place.disk = disk
        made.append(place)
        return place
    yield make
    for place in made:
        place.close()
        place.disk.unmount()


def fill(place, free=0):
    """Leaves just so many bytes."""
    path = place.disk.mount_point / "fill"
    path.unlink(missing_ok=True)
    place.disk.sync()
    with path.open("wb") as file:
        size, step = 0, 1 << 20
        while step >= BLOCK:
            try:
                os.posix_fallocate(file.fileno(), size, step)
                size += step
            except OSError:
                step //= 2
        os.ftruncate(file.fileno(), size - free)
    place.disk.sync()


def use_inodes(place, free=0):
    """Leaves just so many inodes."""
    folder = place.disk.mount_point / "many"
    folder.mkdir(exist_ok=True)
    taken = sorted(folder.iterdir())
    try:
        while True:
            taken.append(folder / f"{len(taken):06}")
            taken[-1].touch()
    except OSError:
        taken.pop()
    for path in taken[len(taken) - free:] if free else []:
        path.unlink()
    place.disk.sync()


def submit(place, shim, token="one"):
    """What became of a message of SIZE bytes."""
    environment = {**place.home.environment, **shim(SHIM_ROOMY=1)}
    result = place.home.run("-odq", "-f", "alice@example.com", BOB, input=message(token, SIZE), env=environment)
    assert result.code in (0, 75), f"{result.code}: {result.err}"
    assert result.code == 0 or result.err.startswith("pillarbox: ")
    return Sent(token, wire(message(token, SIZE)), [BOB], accepted=result.code == 0)


def grow(place, shim, limit, most):
    """From nothing, unit by unit, until a message fits; the queue is empty each time. How many units it took."""
    for units in range(most):
        place.clean()
        limit(place, units)
        sent = submit(place, shim)
        place.oracle.judge(sent)
        if place.home.spool.exists() and (place.home.spool / "corrupt").exists():
            if not sent.accepted:
                place.oracle.nothing_left()
            place.oracle.settle(sent)
        if sent.accepted:
            assert len(place.sink.taken) == 1
            return units
    raise AssertionError(f"not accepted with {most} units free")


def test_block_by_block(on, shim, tell):
    took = grow(on(4), shim, lambda place, units: fill(place, units * BLOCK), 80)
    assert took > SIZE // BLOCK
    tell(f"full disk: {took + 1} steps of a block until {SIZE} bytes were accepted")


def test_block_by_block_in_a_queue_that_is_there(on, shim):
    place = on(4)

    def limit(place, units):
        (place.disk.mount_point / "fill").unlink(missing_ok=True)
        place.disk.sync()
        for name in ("queue", "tmp", "corrupt"):
            (place.home.spool / name).mkdir(mode=0o700, parents=True)
        place.home.spool.chmod(0o700)
        fill(place, units * BLOCK)
    assert grow(place, shim, limit, 80) >= SIZE // BLOCK


def test_inode_by_inode(on, shim, tell):
    took = grow(on(4, "-N 64"), shim, use_inodes, 20)
    assert took >= 5        # the queue, its three folders, and the entry
    tell(f"no inodes: {took + 1} steps of an inode until a message was accepted")


def test_the_store_leaves_room(on):
    place = on(ROOMY)
    fill(place, 18 << 20)
    for size, code in ((1000, 0), (5_000_000, 75)):
        place.clean()
        result = place.home.run("-odq", "-f", "alice@example.com", BOB, input=message("one", size))
        assert result.code == code, result.err
        assert len(place.home.entries) == (code == 0)
        place.oracle.nothing_left()
    assert "disk full" in result.err


def test_a_flush_with_nothing_free(on):
    """Messages whose files end with their last block, so that each record needs a new one."""
    place = on(4)
    place.clean()
    sent = []
    for number, recipients in enumerate(([BOB], [CAROL], [BOB, CAROL, DAN])):
        data = wire(message(f"m{number}", 3000))
        path = entries.write(place.home.spool, data, recipients, number=number)
        missing = -path.stat().st_size % BLOCK
        path.unlink()
        data = data[:-2] + b"x" * (missing or BLOCK) + b"\r\n"
        entries.write(place.home.spool, data, recipients, number=number)
        sent.append(Sent(f"m{number}", data, recipients, accepted=True, may_repeat=len(recipients) > 1))
    place.sink.refuse[CAROL] = "451 4.2.1 mailbox busy"
    fill(place)
    for _ in range(3):
        assert place.home.run("--flush", "--force").code == 75
        place.oracle.judge(*sent)
    place.sink.refuse.clear()
    place.oracle.settle(*sent)


def test_a_disk_that_may_only_be_read(on):
    place = on(ROOMY)
    place.clean()
    entries.write(place.home.spool, wire(message("one")), [BOB])
    one = Sent("one", wire(message("one")), [BOB], accepted=True)
    subprocess.run(["mount", "-o", "remount,ro", place.disk.mount_point], check=True)
    two = place.home.run("-odq", "-f", "alice@example.com", BOB, input=message("two"))
    assert two.code == 75 and two.err.startswith("pillarbox: ")
    assert place.home.run("--flush", "--force").code != 0 and place.sink.taken == []
    place.oracle.judge(one)
    subprocess.run(["mount", "-o", "remount,rw", place.disk.mount_point], check=True)
    place.oracle.settle(one)
