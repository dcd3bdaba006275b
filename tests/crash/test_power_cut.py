"""The power goes before each system call in turn, on real file systems: what was accepted is there afterwards.

The program is killed at the call, the file system shut down without another write, and mounted again, so that its
journal tells what it knows; once with what the journal had in memory, as its timer may have written it, and once
without.
"""

import os

import pytest
from acts import BY_NAME, Place
from disk import KINDS, LOG_LOST, LOG_WRITTEN, Disk, Unusable
from test_killed import whole_run
from tracer import points, run

LONG = bool(os.environ.get("PILLARBOX_LONG"))
CHANGING = {"mkdir", "mkdirat", "openat", "write", "fdatasync", "renameat2", "fsync", "close", "unlinkat", "pwrite64",
            "ftruncate", "utimensat", "renameat", "exit_group"}
SHORT = [("store", "ext4"), ("delivery to one", "ext4"), ("delivery to three", "ext4"), ("store", "xfs")]


@pytest.fixture
def on(tmp_path, build):
    """on(kind) is a place whose queue is on a disk of that kind."""
    made = []

    def make(kind, number=0):
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            disk = Disk(folder, kind)
        except Unusable as why:
            pytest.skip(f"no power to cut: {why}")
        place = Place(folder / "home", build, disk.mount_point / "spool")
        place.disk = disk
        made.append(place)
        return place
    yield make
    for place in made:
        place.close()
        place.disk.unmount()


def judge_cut(act, place, point):
    (name, n), log = point
    act.prepare(place)
    place.disk.sync()
    code, _ = run(act, place, name and f"{name}:signal=KILL:when={n}")
    act.told_when_killed(place, code)
    if act.submits and len(place.said) == 20:
        place.sent.accepted = True      # its caller may believe the id, which comes before the exit status
    done = act.is_done(place, code)
    place.sent.may_repeat = not done    # what was not synced yet may be undone
    place.sink.quiet()
    place.disk.cut(log)
    place.oracle.judge(place.sent)
    if act.after and done:
        act.after(place)
    act.conclude(place)


@pytest.mark.parametrize("name,kind", [
    pytest.param(name, kind, marks=[] if (name, kind) in SHORT else pytest.mark.long)
    for name in BY_NAME for kind in KINDS], ids=lambda value: value)
def test_cut(name, kind, on, sweep):
    act = BY_NAME[name]
    cutting = sweep([on(kind, number) for number in range(2)])
    whole_run(act, cutting.places[0])
    found = points(cutting.places[0], every=LONG)
    if not LONG:
        found = [(call, n) for call, n in found if call in CHANGING]
    found.append((None, 0))     # the whole run, and the power goes at once
    cutting.go([(point, log) for point in found for log in (LOG_LOST, LOG_WRITTEN)],
               lambda place, point: judge_cut(act, place, point))
