"""What the order of the calls is, and what short writes, failing closes and equal ids do to it."""

import time

import entries
import pytest
from acts import BY_NAME, message
from mail import wire
from oracle import Sent
from test_killed import whole_run
from tracer import calls, run


def order(place, *wanted):
    """The places in the trace of the last call of each (name, descriptor or None), which must be in this order."""
    trace = [(name, first) for name, _, first, _, begun in calls(place) if begun]
    at = [max((i for i, (name, fd) in enumerate(trace) if name == what and descriptor in (None, fd)), default=None)
          for what, descriptor in wanted]
    assert None not in at and at == sorted(at), f"not in this order: {list(zip(wanted, at))}"


def opened(place, word):
    """The descriptor on which the last run opened what has this word in its name or flags."""
    return [rest.rsplit("= ", 1)[1].split()[0] for name, _, _, rest, _ in calls(place)
            if name == "openat" and word in rest and "= -1" not in rest][-1]


def test_acceptance_syncs_in_this_order(place):
    whole_run(BY_NAME["store"], place)
    file, folder = opened(place, "O_CREAT"), opened(place, '"queue"')
    order(place, ("write", file), ("fdatasync", file), ("renameat2", None), ("fsync", folder), ("write", "1"))


def test_records_are_synced_behind_their_time(place):
    whole_run(BY_NAME["delivery to three"], place)
    file = opened(place, "O_RDWR|O_NOCTTY")
    order(place, ("pwrite64", file), ("utimensat", file), ("fsync", file))


def test_removals_are_synced(place):
    whole_run(BY_NAME["delivery to one"], place)
    order(place, ("unlinkat", None), ("fsync", opened(place, '"queue"')))


@pytest.mark.parametrize("call,error", [("fdatasync", "EIO"), ("fsync", "EIO"), ("renameat2", "ENOSPC")])
def test_what_is_not_durable_is_not_accepted(call, error, place):
    act = BY_NAME["store"]
    act.prepare(place)
    code, said = run(act, place, f"{call}:error={error}")
    assert code == 75 and said.startswith("pillarbox: "), f"{code}: {said}"
    assert place.home.entries == []
    place.oracle.nothing_left()


@pytest.mark.parametrize("most", [1, 7, 4096])
@pytest.mark.parametrize("name", ["submission", "store", "delivery to three"])
def test_short_writes(name, most, place, shim):
    act = BY_NAME[name]
    act.prepare(place)
    code, said = run(act, place, environment=shim(SHIM_SHORT=most))
    assert act.is_done(place, code), said
    act.told(place, code)
    place.oracle.judge(place.sent)
    if act.after:
        act.after(place)


@pytest.mark.parametrize("name", ["submission", "store", "delivery to one", "delivery to three"])
def test_failing_closes(name, place, shim):
    act = BY_NAME[name]
    act.prepare(place)
    code, said = run(act, place, environment=shim(SHIM_CLOSE=1))
    act.told(place, code)
    place.oracle.judge(place.sent)
    act.conclude(place)


@pytest.fixture
def same(place, shim):
    """same(token) submits a message whose id is always the same one; its status."""
    place.clean()
    now = int(time.time())

    def submit(token):
        return place.home.run("-odq", "-f", "alice@example.com", "bob@example.net", input=message(token), env={
            **place.home.environment, **shim(SHIM_SAME=now)}).code
    return submit


def test_an_id_that_is_taken_already(place, same):
    codes = [same("one"), same("two")]
    sent = [Sent(token, wire(message(token)), ["bob@example.net"], accepted=code == 0)
            for token, code in zip(("one", "two"), codes)]
    assert codes[0] == 0
    place.oracle.judge(*sent)
    place.oracle.settle(*sent)


def test_an_id_that_was_left_behind_in_tmp(place, same):
    assert same("one") == 0
    (entry,) = place.home.entries
    entry.rename(place.home.spool / "tmp" / entry.name)
    # As long as the next one, so that this would be its record.
    entries.record(place.home.spool / "tmp" / entry.name, "delivered", "1", "250 ok")
    sent = Sent("two", wire(message("two")), ["bob@example.net"], accepted=same("two") == 0)
    place.oracle.judge(sent)
    place.oracle.settle(sent)


def test_a_file_that_cannot_be_removed_is_not_sent_again(place):
    act = BY_NAME["delivery to one"]
    act.prepare(place)
    for _ in range(2):
        run(act, place, "unlinkat:error=EIO")
    place.sink.quiet()
    assert len(place.sink.taken) == 1
