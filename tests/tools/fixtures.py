"""What the conftest.py of each folder of tests shares; each imports what it uses, and pytest finds it there."""

import os
from collections import Counter
from pathlib import Path

import pytest
from debian import CannotRun
from home import PROGRAMS, Home
from spill import spill

TOP = Path(__file__).resolve().parents[2]
LONG = bool(os.environ.get("PILLARBOX_LONG"))


@pytest.fixture(scope="session")
def build():
    """The folder with the built programs."""
    folder = Path(os.environ.get("PILLARBOX_BUILD") or os.environ.get("top_builddir") or TOP).resolve()
    for place in (folder, folder / "src"):
        if all((place / program).is_file() for program in PROGRAMS):
            return place
    pytest.exit(f"no {', '.join(PROGRAMS)} in {folder}: run make first, or set PILLARBOX_BUILD", returncode=2)


@pytest.fixture(autouse=True)
def nothing_spilt(tmp_path, monkeypatch):
    """After each test: nothing that it made shows a secret (spill.py)."""
    spill.begin()
    spill.hook(monkeypatch)
    yield spill
    found = spill.found(tmp_path)
    assert not found, f"a secret is to be read: {found}"


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


def serve(kind, certs, **options):
    """For a fixture to yield from: one of the servers that nobody here wrote, while it is needed."""
    if os.geteuid() != 0:
        pytest.skip(f"{kind.NAME} needs root, to run with accounts of its own")
    try:
        running = kind(certs, **options).__enter__()
    except CannotRun as reason:
        pytest.skip(f"{kind.NAME} {reason}")
    yield running
    running.__exit__()


@pytest.fixture
def tell(request):
    """tell(text): a figure for the end of the run. It goes with the test's result, also from a worker."""
    return lambda text: request.node.user_properties.append(("told", text))


def pytest_terminal_summary(terminalreporter):
    """The figures; and tests that did not run are said loudly."""
    for report in (each for reports in terminalreporter.stats.values() for each in reports
                   if getattr(each, "when", None) == "teardown"):
        for key, text in report.user_properties:
            if key == "told":
                terminalreporter.write_line(text)
    reasons = Counter((report.nodeid.split("::")[0], report.longrepr[2])
                      for report in terminalreporter.stats.get("skipped", []))
    for (where, reason), count in reasons.items():
        terminalreporter.write_line(f"NOT RUN: {count} of {where}: {reason}", red=True, bold=True)
