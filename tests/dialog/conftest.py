"""Fixtures of the dialogue tests.

PILLARBOX_BUILD names the folder with the built programs. PILLARBOX_LONG=1 runs what takes minutes too.
"""

import os
import shutil
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools"), str(HERE.parent / "crash")]

from certs import Certs         # noqa: E402  (found by the line above)
from home import PROGRAMS       # noqa: E402

LONG = bool(os.environ.get("PILLARBOX_LONG"))
MEMORY = "/dev/shm"
figures = []


@pytest.fixture(scope="session")
def build():
    """The folder with the built programs."""
    folder = Path(os.environ.get("PILLARBOX_BUILD") or os.environ.get("top_builddir") or HERE.parent.parent).resolve()
    for place in (folder, folder / "src"):
        if all((place / program).is_file() for program in PROGRAMS):
            return place
    pytest.exit(f"no {', '.join(PROGRAMS)} in {folder}: run make first, or set PILLARBOX_BUILD", returncode=2)


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return Certs(tmp_path_factory.mktemp("certs"))


@pytest.fixture(scope="session")
def scratch():
    """scratch() is a new folder in memory: what the disk does is not asked here."""
    top = Path(tempfile.mkdtemp(prefix="dialog-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    lock, count = threading.Lock(), [0]

    def make():
        with lock:
            count[0] += 1
            return top / str(count[0])
    yield make
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture(scope="session")
def pool():
    """Most cases wait for somebody: several run at once."""
    running = ThreadPoolExecutor(16)
    yield running
    running.shutdown(cancel_futures=True)


@pytest.fixture
def tell():
    """tell(text): a figure for the end of the run."""
    return figures.append


def pytest_terminal_summary(terminalreporter):
    for line in figures:
        terminalreporter.write_line(line)
