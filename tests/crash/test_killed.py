"""Killed before each system call in turn: what was accepted arrives, what was not does not, and nothing is left."""

import os

import pytest
from acts import ACTS, LARGE
from tracer import points, run

LONG = bool(os.environ.get("PILLARBOX_LONG"))


def judge_killed(act, place, point):
    name, n = point
    act.prepare(place)
    code, _ = run(act, place, f"{name}:signal=KILL:when={n}")
    if act.submits:
        assert place.home.wait_quiet()      # a store may go on without its front
    act.told_when_killed(place, code)
    place.oracle.judge(place.sent)
    act.conclude(place)


def whole_run(act, place, every=LONG):
    """A run with nothing wrong; its points."""
    act.prepare(place)
    code, said = run(act, place)
    assert act.is_done(place, code), said
    act.told(place, code)
    place.oracle.judge(place.sent)
    if act.after:
        act.after(place)
    return points(place, every)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_killed(act, sweep):
    killing = sweep()
    found = whole_run(act, killing.places[0])
    assert len(found) > 20, found
    killing.go(found, lambda place, point: judge_killed(act, place, point))


@pytest.mark.long
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_killed_with_a_large_message(act, sweep):
    killing = sweep()
    for place in killing.places:
        place.size = LARGE
    found = whole_run(act, killing.places[0], every=False)     # the others know no size
    killing.go(found, lambda place, point: judge_killed(act, place, point))
