"""Fixtures of the tests with servers that nobody here wrote.

PILLARBOX_BUILD names the folder with the built programs.
"""

import os
import sys
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools"), str(HERE.parent / "crash")]

from certs import Certs         # noqa: E402  (found by the line above)
from debian import CannotRun    # noqa: E402
from dovecot import Dovecot     # noqa: E402
from exim import Exim           # noqa: E402
from fixtures import build, pytest_terminal_summary, tell     # noqa: E402, F401
from home import Home           # noqa: E402
from opensmtpd import OpenSMTPD     # noqa: E402
from postfix import Postfix     # noqa: E402


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return Certs(tmp_path_factory.mktemp("certs"))


@pytest.fixture(scope="module", params=[Postfix, Exim, OpenSMTPD, Dovecot], ids=lambda server: server.NAME)
def server(request, certs):
    """Each server in turn; of one that cannot run here, the end of the run says why."""
    if os.geteuid() != 0:
        pytest.skip(f"{request.param.NAME} needs root, to run with accounts of its own")
    try:
        running = request.param(certs).__enter__()
    except CannotRun as reason:
        pytest.skip(f"{request.param.NAME} {reason}")
    yield running
    running.__exit__()


@pytest.fixture
def home(tmp_path, build):
    """A throw-away user. After each test: nothing still runs, and no password was said or queued."""
    home = Home(tmp_path / "home", build)
    yield home
    quiet = home.wait_quiet()
    still = home.processes()
    home.end_processes()
    assert quiet, f"still running after the test: {still}"
    assert home.leaks() == [], "a password was given away"
