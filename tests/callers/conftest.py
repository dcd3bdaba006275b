"""Fixtures of the tests with real callers.

Their Debian is in the folder that PILLARBOX_CALLERS_ROOT names, build-check/callers-root by default; it may be removed
at any time, and is made again then, which takes minutes and the network.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "tools"), str(Path(__file__).resolve().parent)]

from caller_host import CallerHost, NoHost, alone_with_loopback, install      # noqa: E402  (found by the line above)
from certs import Certs         # noqa: E402
from debian_root import NotMade, debian_root, why_not   # noqa: E402
from fixtures import pytest_terminal_summary as say_all     # noqa: E402
from relay import Relay         # noqa: E402
from table import CALLERS, PACKAGES     # noqa: E402

FOLDER = Path(os.environ.get("PILLARBOX_CALLERS_ROOT") or TESTS.parent / "build-check/callers-root")
results = {caller.name: {} for caller in CALLERS}    # name -> what was seen


def pytest_terminal_summary(terminalreporter):
    for name, seen in results.items():
        if seen:
            calls = "; ".join(seen.pop("calls", []))
            terminalreporter.write_line(f"caller {name}: {seen.pop('arrived', 'NOT arrived')}: {calls}")
            for code, what in seen.items():
                terminalreporter.write_line(f"    {code}: {what}")
    say_all(terminalreporter)


@pytest.fixture(scope="session")
def host(tmp_path_factory):
    reason = why_not()
    if reason:
        pytest.skip(reason)
    try:
        root = debian_root(FOLDER.resolve(), PACKAGES)
    except NotMade as error:
        pytest.fail(str(error), pytrace=False)
    installed = install(tmp_path_factory.mktemp("installed"))
    alone_with_loopback()
    with ExitStack() as stack:
        try:
            host = stack.enter_context(CallerHost(root, installed))
        except NoHost as error:
            pytest.skip(str(error))
        yield host


@pytest.fixture(scope="session")
def speaks_smtp(host):
    """Whether there is a sendmail -bs."""
    return host.run("printf 'QUIT\\r\\n' | sendmail -bs").said.startswith("220 ")


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return Certs(tmp_path_factory.mktemp("certs"))


@pytest.fixture
def relay(certs, host):
    with Relay(certs, tls="starttls") as relay:
        host.configure(relay)
        yield relay
    host.end_processes()


@pytest.fixture
def seen():
    """seen(caller): what is known of it, for the end of the run."""
    return lambda caller: results[caller.name]
