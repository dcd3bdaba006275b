"""Fixtures of the tests with servers that nobody here wrote.

PILLARBOX_BUILD names the folder with the built programs.
"""

import sys
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools"), str(HERE.parent / "crash")]

from certs import Certs         # noqa: E402  (found by the line above)
from dovecot import Dovecot     # noqa: E402
from exim import Exim           # noqa: E402
from fixtures import build, home, pytest_terminal_summary, serve, tell     # noqa: E402, F401
from opensmtpd import OpenSMTPD     # noqa: E402
from postfix import Postfix     # noqa: E402


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return Certs(tmp_path_factory.mktemp("certs"))


@pytest.fixture(scope="module", params=[Postfix, Exim, OpenSMTPD, Dovecot], ids=lambda server: server.NAME)
def server(request, certs):
    """Each server in turn; of one that cannot run here, the end of the run says why."""
    yield from serve(request.param, certs)
