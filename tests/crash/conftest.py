"""Fixtures of the crash tests.

PILLARBOX_BUILD names the folder with the built programs. PILLARBOX_LONG=1 runs what takes minutes too.
"""

import os
import queue
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

from acts import Place      # noqa: E402  (found by the line above)
from fixtures import LONG, build, pytest_terminal_summary, tell     # noqa: E402, F401
from mounts import private_mounts   # noqa: E402

# A disk whose power was cut comes back only when nobody has it mounted any more.
if os.geteuid() == 0:
    private_mounts()


def pytest_collection_modifyitems(config, items):
    later = [] if LONG else [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=later)
    items[:] = [item for item in items if item not in later]


@pytest.fixture
def places(tmp_path, build):
    """places(count) makes that many queues, each with its relay."""
    made = []
    with ExitStack() as stack:
        def make(count):
            for _ in range(count):
                made.append(Place(tmp_path / f"place{len(made)}", build))
                stack.callback(made[-1].close)
            return made[-count:]
        yield make
        for place in made:
            place.home.end_processes()


@pytest.fixture
def place(places):
    return places(1)[0]


class Sweep:
    """Goes through points, some at a time, and says all that is wrong rather than the first."""

    def __init__(self, places, name):
        self.places, self.name, self.wrong, self.count, self.began = places, name, [], 0, time.monotonic()

    def go(self, points, judge):
        """judge(place, point) for each."""
        free = queue.Queue()
        for place in self.places:
            free.put(place)

        def one(point):
            place = free.get()
            try:
                judge(place, point)
            except AssertionError as wrong:
                self.wrong.append(f"{point}: {str(wrong).splitlines()[0]}")
            finally:
                free.put(place)

        with ThreadPoolExecutor(len(self.places)) as pool:
            list(pool.map(one, points))
        self.count += len(points)


@pytest.fixture
def sweep(places, request, tell):
    """sweep(): a Sweep over two places, or those given; what it found is judged, and its figures are told."""
    made = []

    def make(given=None):
        made.append(Sweep(given or places(2), request.node.name))
        return made[-1]
    yield make
    for each in made:
        tell(f"{each.name}: {each.count} points, {time.monotonic() - each.began:.0f} s, {len(each.wrong)} wrong")
        assert not each.wrong, f"{len(each.wrong)} of {each.count} points:\n" + "\n".join(each.wrong[:30])


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    """shim(NAME=value) is an environment in which shim.c is preloaded."""
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", library, HERE / "shim.c"],
                   check=True)
    return lambda **wanted: {"LD_PRELOAD": str(library), **{name: str(value) for name, value in wanted.items()}}
