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
from fixtures import build, pytest_terminal_summary, tell     # noqa: E402, F401

MEMORY = "/dev/shm"


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
