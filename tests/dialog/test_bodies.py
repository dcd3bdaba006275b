"""The body arrives as it is, whatever stands in it and however long it is: one message for one, no byte more or less.

Strings go in by the front's door, and what arrives is what its dry run says. Sizes are put into the queue as they are.
"""

import itertools
import re
import shutil
import time

import pytest
from cases import OFFERS
from fixtures import LONG
from mail import WHOLE, wire
from peer import USUAL, Peer
from stage import BOB, Stage

STRINGS = [b"".join(four) for four in itertools.product((b"\r", b"\n", b".", b"x", b"\0"), repeat=4)]
PLACES = {"head": b"%s\nline\n", "middle": b"line\nli%sne\nline\n", "end": b"line\nline%s"}
LINES = b"".join(b"." * (n % 3) + b"%d" % n + b"-" * (n % 61) + b"\r\n" for n in range(3000))
LARGEST = 70_000
# round these sizes something may be at its edge: buffers, blocks, TLS records
EDGES = {2**n for n in range(6, 17)} | {*range(4096, LARGEST, 4096)} | {1460, 1500, 16_384 - 29, 65_483, 69_990}
NEAR = sorted({size for edge in EDGES for size in range(edge - 10, edge + 11)} | set(range(2, 200)))
BATCH = 2000


def server(certs, offer):
    script = {**USUAL, "EHLO": f"250-peer.example.com\n{OFFERS[offer]}250 8BITMIME"}
    return Peer(certs, script, "none", sane=True)


# Strings

def submit(home, body):
    """Queues it; the message as it must arrive, which where it cannot stay as it is the dry run says."""
    message = WHOLE + b"\n" + body
    queued = home.run("-odq", "-f", "alice@example.com", BOB, input=message)
    assert queued.code == 0, f"{body!r}: {queued}"
    if not unfit(wire(message)):
        return wire(message)
    return home.run("--dry-run", "-f", "alice@example.com", BOB, input=message).out.partition(b"\n\n")[2]


@pytest.fixture(scope="module")
def submitted(certs, build, scratch, pool):
    """{place: [(spool, messages as they must arrive)]}"""
    made = {}

    def work(place, numbers):
        with server(certs, "plain") as peer:
            stage = Stage(scratch(), build, peer)
            expected = []
            for number in numbers:
                expected.append(submit(stage.home, PLACES[place] % STRINGS[number]))
            return stage.home.spool, expected
    parts = [(place, range(n, len(STRINGS), 2)) for place in PLACES for n in range(2)]
    for (place, _), done in zip(parts, [pool.submit(work, *part) for part in parts]):
        made.setdefault(place, []).append(done.result())
    return made


def unfit(data):
    """What is no wire form."""
    return re.search(rb"\0|(?<!\r)\n|\r(?!\n)", data) or not data.endswith(b"\r\n")


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("place", PLACES)
def test_every_string_of_four(place, offer, submitted, certs, build, scratch, tell):
    with server(certs, offer) as peer:
        stage = Stage(scratch(), build, peer, timeout="10s")
        expected = []
        for spool, messages in submitted[place]:
            shutil.copytree(spool, stage.home.spool, dirs_exist_ok=True)
            expected += messages
        assert len(stage.home.entries) == len(STRINGS)
        run = stage.flush(limit=60)
        assert (run.code, run.err) == (0, "")
        assert stage.home.entries == []
        arrived = [one.data for one in peer.received]
        assert not any(map(unfit, arrived))
        assert sorted(arrived) == sorted(expected)
        tell(f"strings at the {place}, {offer}: {len(arrived)} messages in {run.seconds:.1f} s")


# Sizes

def message(size):
    """So many bytes of lines."""
    data = LINES[:size - 2]
    return (data[:-1] + b"x" if data.endswith(b"\r") else data) + b"\r\n"


@pytest.mark.parametrize("offer", OFFERS)
def test_every_size(offer, certs, build, scratch, tell):
    sizes = range(2, LARGEST + 1) if LONG else NEAR
    began = time.monotonic()
    for first in range(0, len(sizes), BATCH):
        with server(certs, offer) as peer:
            stage = Stage(scratch(), build, peer, timeout="10s")
            for size in sizes[first:first + BATCH]:
                stage.put_raw(message(size), f"s{size}@example.net")
            run = stage.flush(limit=120)
            assert (run.code, run.err) == (0, "")
            assert stage.home.entries == []
            got = {int(one.recipients[0][1:].split("@")[0]): one.data for one in peer.received}
            assert len(got) == len(peer.received) == len(sizes[first:first + BATCH])
            changed = [size for size, data in got.items() if data != message(size)]
            assert not changed, f"arrived changed: those of {changed[:20]} bytes"
        shutil.rmtree(stage.home.folder)
    tell(f"sizes, {offer}: {len(sizes)} of 2 to {LARGEST}, {time.monotonic() - began:.0f} s")


def test_nothing_is_a_message_too(certs, build, scratch):
    """Empty input, and one line end."""
    with server(certs, "plain") as peer:
        stage = Stage(scratch(), build, peer)
        for nothing in (b"", b"\n", b"\r\n", b"\n\n"):
            message = b"Date: Fri, 01 May 2026 10:00:00 +0200\nMessage-ID: <1@h.example>" + nothing
            for input in (nothing, message):
                queued = stage.home.run("-odq", "-f", "alice@example.com", BOB, input=input)
                assert queued.code == 0, queued
        assert stage.flush().code == 0 and len(peer.received) == 8
        assert not any(unfit(one.data) for one in peer.received)
