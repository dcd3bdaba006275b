"""Plants each fault of this folder into a copy of the source, builds that, and runs the tests that must go red.

usage: /usr/bin/python3 tests/crash/faults/run.py [--jobs N] [FAULT...]

A fault is a file of lines "what: ", "red: " (tests; one going red is enough, and all must be green without the fault)
and, for each change, "file: " and the text before and after between "--- from", "--- to" and "--- end" or "file: ".
The text must be there exactly once: if it is not, the source has changed, and the fault is to be written anew.
A fault that does not turn a test red is a hole in the tests. Ends with "N caught, N not".
"""

import argparse
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
PROGRAMS = ("pillarbox", "pillarbox-queue", "pillarbox-deliver")
CHANGE = re.compile(r"^file: (\S+)\n--- from\n(.*?)\n--- to\n(.*?)\n(?=--- end$|file: )", re.M | re.S)
EXCLUDED = shutil.ignore_patterns(".git", "build", "build[0-9]*", "build-[b-z]*", "build-check", "autom4te.cache",
                                  "__pycache__")


class Bad(Exception):
    """Why a fault counts as not caught."""


@dataclass
class Fault:
    name: str
    what: str
    red: list
    changes: list       # (file, from, to)


def load(path):
    text = path.read_text()
    fault = Fault(path.stem, re.search(r"^what: (.*)", text, re.M)[1], re.findall(r"^red: (.*)", text, re.M),
                  CHANGE.findall(text))
    if not fault.red or not fault.changes:
        sys.exit(f"{path}: needs a test and a change")
    return fault


class Tree:
    """A copy of the source, built."""

    def __init__(self, folder):
        self.source, self.build, self.folder = folder / "source", folder / "build", folder
        self.changed = {}
        shutil.copytree(TOP, self.source, symlinks=True, ignore=EXCLUDED)
        self.build.mkdir()
        self.run([self.source / "configure", "-q", "CFLAGS=-O0 -g"], "configure")
        self.make()

    def run(self, command, what):
        done = subprocess.run(command, cwd=self.build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise Bad(f"{what} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")

    def make(self):
        self.run(["make", "-s", "-j2", *PROGRAMS], "make")

    def plant(self, fault):
        for name, old, new in fault.changes:
            path = self.source / name
            text = path.read_text() if path.exists() else ""
            if text.count(old) != 1:
                raise Bad(f"no longer applies: {name} has {text.count(old)} times\n{old}")
            self.changed.setdefault(path, text)
            path.write_text(text.replace(old, new))

    def pull_out(self):
        for path, text in self.changed.items():
            path.write_text(text)       # with a new time, so that make sees it
        self.changed = {}

    def is_green(self, test):
        """None when it could not run here; what it printed goes to log."""
        if test.startswith("tests/unit/"):
            command = ["make", "-s", "check", f"TESTS={test}", f"check_PROGRAMS={test}"]
        else:
            command = ["/usr/bin/python3", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                       f"--basetemp={self.folder / 'pytest'}", str(self.source / test)]
        environment = {**os.environ, "PILLARBOX_BUILD": str(self.build)}
        with (self.folder / "log").open("wb") as log:
            code = subprocess.run(command, cwd=self.build, env=environment, stdout=log,
                                  stderr=subprocess.STDOUT).returncode
        if "tests/unit/" not in test and code not in (0, 1):
            raise Bad(f"{test} is no test that can be run:\n{self.said()}")
        skipped = "skipped" in self.said() and "passed" not in self.said()
        return None if code == 0 and skipped else code == 0

    def said(self):
        return (self.folder / "log").read_text(errors="replace")[-1500:]


class Trees:
    """Some trees, so that the work is done by as many at once."""

    def __init__(self, folder, count):
        self.count, self.free = count, queue.Queue()
        with ThreadPoolExecutor(count) as pool:
            for tree in pool.map(lambda number: Tree(folder / str(number)), range(count)):
                self.free.put(tree)

    def map(self, work, things):
        def one(thing):
            tree = self.free.get()
            try:
                return work(tree, thing)
            finally:
                self.free.put(tree)
        with ThreadPoolExecutor(self.count) as pool:
            return list(pool.map(one, things))


def without_fault(tree, test):
    """(test, whether it runs here); it must be green."""
    green = tree.is_green(test)
    if green is None:
        print(f"NOT RUN: {test}", flush=True)
    if green is False:
        raise Bad(f"{test} is not green without any fault:\n{tree.said()}")
    return test, green is not None


def judge(tree, fault, runs):
    """Which test caught it."""
    try:
        tree.plant(fault)
        tree.make()
        for test in fault.red:
            if runs[test] and not tree.is_green(test):
                return test
        raise Bad("no test went red: " + ", ".join(fault.red))
    finally:
        tree.pull_out()


def with_fault(tree, fault, runs):
    """Whether it was not caught."""
    try:
        print(f"caught: {fault.name} ({fault.what}) by {judge(tree, fault, runs)}", flush=True)
    except Bad as why:
        print(f"NOT CAUGHT: {fault.name} ({fault.what}): {why}", flush=True)
        return True
    return False


def main():
    given = argparse.ArgumentParser()
    given.add_argument("--jobs", type=int, default=2)
    given.add_argument("fault", nargs="*")
    given = given.parse_args()
    faults = [load(path) for path in sorted(HERE.glob("*.fault")) if not given.fault or path.stem in given.fault]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        os.chmod(folder, 0o755)
        trees = Trees(Path(folder), given.jobs)
        green = dict(trees.map(without_fault, sorted({test for fault in faults for test in fault.red})))
        bad = sum(trees.map(lambda tree, fault: with_fault(tree, fault, green), faults))
    print(f"{len(faults) - bad} caught, {bad} not, {time.monotonic() - began:.0f} s")
    sys.exit(bad > 0)


if __name__ == "__main__":
    try:
        main()
    except Bad as why:
        sys.exit(f"FAILED: {why}")
