"""Files in the queue that are not what the store wrote, and inputs of the store that are no entries."""

import os
import time

import entries
import pytest
from acts import BOB, CAROL, entry_without_stamps
from home import entry_in
from oracle import Sent


@pytest.fixture
def ready(place):
    """An empty queue with its folders."""
    place.clean()
    entries.write(place.home.spool, place.wire, [BOB]).unlink()
    return place


def test_a_flush_leaves_what_is_being_accepted(ready):
    """It is in tmp, and locked."""
    ready.sent = Sent("one", ready.wire, [BOB, CAROL], accepted=True)
    whole = entry_without_stamps(ready)
    store = ready.home.start("--queue", str(ready.home.spool), name="pillarbox-queue")
    store.stdin.write(whole[:-100])
    store.stdin.flush()
    until = time.monotonic() + 5
    while not list((ready.home.spool / "tmp").iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.05)
    ready.home.run("--flush", "--force")
    assert ready.home.finish(store, whole[-100:]).code == 0
    ready.oracle.judge(ready.sent)
    ready.oracle.settle(ready.sent)


@pytest.mark.parametrize("name", ["660CEF6A6BE9932C113", "of a stranger"])
def test_a_flush_of_nothing_sweeps_too(ready, name):
    (ready.home.spool / "tmp" / name).write_bytes(b"half")
    assert ready.home.run("--flush").code == 0
    ready.oracle.nothing_left()


def test_a_flush_leaves_what_another_delivers(ready):
    path = entries.write(ready.home.spool, ready.wire, [BOB])
    stalled = []
    ready.sink.mood = lambda stage, talk: "(stall)" if stage == "DATA" and not stalled.append(1) else None
    first = ready.home.start("--flush")
    until = time.monotonic() + 5
    while not stalled and time.monotonic() < until:
        time.sleep(0.01)
    ready.home.run("--flush", "--force")
    assert len(stalled) == 1 and path.exists(), "two at once delivered one message"
    first.kill()
    ready.home.end_processes()
    ready.home.finish(first)
    ready.sink.mood = None
    ready.oracle.settle(Sent("one", ready.wire, [BOB], accepted=True))


def linked(ready, make):
    """A whole entry outside of the queue, and what `make` puts for it into the queue; it must not be sent."""
    path = entries.write(ready.home.spool, ready.wire, [BOB])
    outside = ready.home.folder / "outside"
    path.rename(outside)
    make(outside, path)
    result = ready.home.run("--flush", "--force")
    ready.sink.quiet()
    assert ready.sink.taken == [], "what is no plain file of the queue was sent"
    assert path.name in result.err, "nobody was told of it"
    assert outside.read_bytes().endswith(ready.wire), "a file outside was changed"


def test_a_symbolic_link_is_not_followed(ready):
    linked(ready, lambda outside, path: path.symlink_to(outside))


def test_a_hard_link_is_not_sent(ready):
    linked(ready, lambda outside, path: os.link(outside, path))


@pytest.mark.parametrize("identity", ["../queue/../outside", "../outside", "..", ".", "../queue"])
def test_an_id_is_no_path(ready, identity):
    path = entries.write(ready.home.spool, ready.wire, [BOB])
    outside = ready.home.spool / "outside"
    path.rename(outside)
    result = ready.home.run("--flush", "--force", identity)
    assert result.code != 0 and "not in the queue" in result.err
    assert ready.sink.taken == [] and outside.exists() and (ready.home.spool / "queue").is_dir()


def test_what_is_held_is_not_sent(ready):
    path = entries.write(ready.home.spool, ready.wire, [BOB], due=False)
    entries.record(path, "held", "-", "for a person")
    os.utime(path, (time.time() - 10,) * 2)
    ready.home.run("--flush", "--force")
    assert ready.sink.taken == [] and path.exists()


def test_torn_and_rotten_records_count_for_nothing(ready):
    path = entries.write(ready.home.spool, ready.wire, [BOB, CAROL], due=False)
    entries.record(path, "delivered", "1", "250 ok")
    entries.record(path, "delivered", "2", "250 ok", rotten=True)
    with path.open("ab") as file:
        file.write(b"2026-11-21T20:11:17Z delivered 2 work " + b"x" * 2000)
    ready.sink.refuse[CAROL] = "451 4.2.1 mailbox busy"
    os.utime(path, (time.time() - 10,) * 2)
    ready.home.run("--flush", "--force")
    path = entry_in(ready.home.spool, path.name)
    content = path.read_bytes()
    assert ready.sink.taken == [] and b"xxx" not in content, "a torn record was not cut off"
    assert content.endswith(b"\n") and entries.read(path).waiting == [CAROL]
    ready.sink.refuse.clear()
    ready.oracle.settle(Sent("one", ready.wire, [CAROL], accepted=True))


INPUTS = {
    "an id": lambda entry: entry.replace(b"from", b"id 660CEF6A6BE9932C113\nfrom", 1),
    "a uid": lambda entry: entry.replace(b"from", b"uid 0\nfrom", 1),
    "a time": lambda entry: entry.replace(b"from", b"time 2026-11-21T20:11:17Z\nfrom", 1),
    "one byte less": lambda entry: entry[:-1],
    "one line less": lambda entry: entry[:entry[:-2].rindex(b"\r\n") + 2],
    "one byte more": lambda entry: entry + b"x",
    "one line more": lambda entry: entry + b"more\r\n",
    "a bare LF": lambda entry: entry.replace(b"\r\n.one", b".\n.one", 1),
    "a bare CR": lambda entry: entry.replace(b"\r\n.one", b"x\r.one", 1),
    "a NUL": lambda entry: entry.replace(b"quick", b"qui\0k", 1),
    "no line end at the end": lambda entry: entry[:-2] + b"xx",
    "a command in a recipient": lambda entry: entry.replace(b"bob@", b"bo>\rRCPT TO:<b@", 1),
    "no recipient": lambda entry: entry.replace(f"to <{BOB}>\nto <{CAROL}>\n".encode(), b""),
    "no size": lambda entry: entry.replace(b"\nsize ", b"\nsise ", 1),
    "records": lambda entry: entry + b"2026-11-21T20:11:17Z delivered 1 - x\tB3E1E7D5\n",
}


@pytest.mark.parametrize("case", INPUTS)
def test_the_store_refuses(ready, case):
    bad = INPUTS[case](entry_without_stamps(ready))
    assert bad != entry_without_stamps(ready)
    result = ready.home.run("--queue", str(ready.home.spool), name="pillarbox-queue", input=bad)
    assert result.code not in (0, 75) and result.code < 126 and result.err.startswith("pillarbox")
    assert ready.home.entries == []
    ready.oracle.nothing_left()


def test_an_entry_with_a_bare_lf_is_not_sent(ready):
    """It was whole when it was accepted; a disk or a person changed it."""
    path = entries.write(ready.home.spool, ready.wire.replace(b"\r\n.one", b"x\n.one", 1), [BOB])
    ready.home.run("--flush", "--force")
    assert ready.sink.taken == [] and not path.exists() and len(ready.home.corrupt) == 1
