"""What the conftest.py of each folder of tests shares; each imports what it uses, and pytest finds it there."""

import os
from collections import Counter
from pathlib import Path

import pytest
from home import PROGRAMS

TOP = Path(__file__).resolve().parents[2]
LONG = bool(os.environ.get("PILLARBOX_LONG"))
figures = []        # lines for the end of the run


@pytest.fixture(scope="session")
def build():
    """The folder with the built programs."""
    folder = Path(os.environ.get("PILLARBOX_BUILD") or os.environ.get("top_builddir") or TOP).resolve()
    for place in (folder, folder / "src"):
        if all((place / program).is_file() for program in PROGRAMS):
            return place
    pytest.exit(f"no {', '.join(PROGRAMS)} in {folder}: run make first, or set PILLARBOX_BUILD", returncode=2)


@pytest.fixture
def tell():
    """tell(text): a figure for the end of the run."""
    return figures.append


def pytest_terminal_summary(terminalreporter):
    """The figures; and tests that did not run are said loudly."""
    for line in figures:
        terminalreporter.write_line(line)
    reasons = Counter((report.nodeid.split("::")[0], report.longrepr[2])
                      for report in terminalreporter.stats.get("skipped", []))
    for (where, reason), count in reasons.items():
        terminalreporter.write_line(f"NOT RUN: {count} of {where}: {reason}", red=True, bold=True)
