"""Fixtures of the integration tests.

PILLARBOX_BUILD names the folder with the built programs; without it top_builddir, without that the top of the tree.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "tools"))

from certs import Certs         # noqa: E402  (found by the line above)
from fixtures import build, home, nothing_spilt, pytest_terminal_summary     # noqa: E402, F401
from peer import Peer           # noqa: E402
from postfix import Postfix     # noqa: E402
from proxy import Proxy         # noqa: E402
from relay import Relay         # noqa: E402
from spill import spill         # noqa: E402
from system import System       # noqa: E402


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return Certs(tmp_path_factory.mktemp("certs"))


@pytest.fixture
def relay(certs):
    """relay(**options) starts a Relay, which is stopped after the test."""
    with ExitStack() as running:
        yield lambda **options: running.enter_context(Relay(certs, **options))


@pytest.fixture
def peer(certs):
    """peer(script, **options) starts a scripted Peer, which is stopped after the test."""
    with ExitStack() as running:
        yield lambda script=None, **options: running.enter_context(Peer(certs, script, **options))


@pytest.fixture
def proxy():
    """proxy(kind, **options) starts a Proxy, which is stopped after the test."""
    with ExitStack() as running:
        yield lambda kind, **options: running.enter_context(Proxy(kind, **options))


@pytest.fixture(scope="module")
def postfix(certs):
    """A real Postfix; whoever asks for it without being root is told so at the end of the run."""
    if os.geteuid() != 0:
        pytest.skip("Postfix's master runs as root only: run these tests as root")
    with Postfix(certs) as running:
        yield running


@pytest.fixture(scope="session")
def installed():
    """A system-wide install; whoever asks for it without being root is told so at the end of the run."""
    if os.geteuid() != 0:
        pytest.skip("a system-wide install belongs to several users: run these tests as root")
    if "ASAN_OPTIONS" in os.environ:
        pytest.skip("setuid programs are not built with sanitizers: run these tests with another build")
    with System() as running:
        yield running


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A system-wide install is built by whoever needs one: one of the processes, and not each."""
    for item in items:
        if "installed" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("installed"))


@pytest.fixture
def system(installed):
    """The same with an empty queue. After each test nothing still runs."""
    installed.reset()
    spill.queues.add(str(installed.spool))
    yield installed
    quiet = installed.wait_quiet()
    installed.end_processes()
    assert quiet, "still running after the test"


@pytest.fixture
def pillarbox(home):
    """pillarbox(*arguments, input=b"", name="pillarbox") runs a program of `home`."""
    return home.run
