"""Where the corpora and the built programs are.

PILLARBOX_BUILD names the folder with the built programs; without it top_builddir, without that the top of the tree.
PILLARBOX_LONG=1 runs many more mutants.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

import fixtures     # noqa: E402  (found by the line above)

BUILD = Path(os.environ.get("PILLARBOX_BUILD") or os.environ.get("top_builddir") or HERE.parent.parent).resolve()
NEEDED = ("pillarbox", "tests/corpus/mend", "tests/corpus/judge_addresses")


def pytest_configure():
    missing = [program for program in NEEDED if not (BUILD / program).is_file()]
    if missing:
        pytest.exit(f"no {', '.join(missing)} in {BUILD}: run make check TESTS= first, or set PILLARBOX_BUILD",
                    returncode=2)


@pytest.fixture(scope="session")
def build():
    return BUILD


def pytest_terminal_summary(terminalreporter):
    """Tests that did not run are said loudly; so is what was compared leniently."""
    fixtures.pytest_terminal_summary(terminalreporter)
    notes = Counter(value for reports in terminalreporter.stats.values() for report in reports
                    if getattr(report, "when", "") == "call" for name, value in report.user_properties if name == "lenient")
    for note, count in sorted(notes.items()):
        terminalreporter.write_line(f"compared leniently, {count} times: {note}")
