"""Runs an act under strace, with one system call tampered with.

strace counts the calls of each name by itself, so that a point is a name and a number; all points of a whole run are
gone through. A KILL arrives before the call acts.
"""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter

CALL = re.compile(r"^(\w+)\((?:(\d+)[,)])?(.*)", re.M)
HANGS = 20      # seconds
BEGIN = "close_range"       # the first thing that our programs do, behind what the loader and the libraries did
DULL = {"rt_sigaction", "mmap", "mprotect", "munmap", "brk", "futex"}      # they change nothing outside of the process


def run(act, place, tamper=None, environment=None):
    """(exit status, stderr) of the act; tamper as for strace's inject."""
    inject = ["-e", f"inject={tamper}"] if tamper else []
    trace = ["strace", "-o", str(place.log), *inject]
    home = place.home
    env = {**home.environment, "ASAN_OPTIONS": "detect_leaks=0", **(environment or {})}
    if act.wrapped:
        env["PILLARBOX_LIBEXEC"] = str(wrap(place, trace, act.wrapped))
        trace = []
    place.log.unlink(missing_ok=True)
    process = subprocess.Popen([*trace, *act.command(place)], env=env, cwd=home.folder, start_new_session=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, said = process.communicate(act.input and act.input(place) or b"", HANGS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise AssertionError(f"not done in {HANGS} s") from None
    place.said = out
    return process.returncode, said.decode("utf-8", "replace")


def wrap(place, trace, helper):
    """A folder of helpers in which this one is traced, and nobody else."""
    folder = place.home.folder / "helpers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("pillarbox-queue", "pillarbox-deliver"):
        (folder / name).symlink_to(place.home.build / name)
    words = " ".join(f"'{word}'" for word in [*trace, str(place.home.build / helper)])
    (folder / helper).unlink()
    (folder / helper).write_text(f"#!/bin/sh\nexec {words} \"$@\"\n")
    (folder / helper).chmod(0o700)
    return folder


def calls(place):
    """(name, number, first argument if a number, the others, whether our program had begun) of each call of the last
    run."""
    counts, begun, found = Counter(), False, []
    for name, first, rest in CALL.findall(place.log.read_text(errors="replace")):
        counts[name] += 1
        begun = begun or name == BEGIN
        found.append((name, counts[name], first, rest, begun))
    return found


def points(place, every):
    """The points of the last run; without `every`, less those before the queue is touched (by who touches it at all),
    and those that cannot leave anything behind."""
    made = [call for call in calls(place) if call[0] != "execve"]
    if not every:
        touched = [at for at, call in enumerate(made) if str(place.home.spool) in call[3]]
        made = [call for call in made[touched[0] if touched else 0:] if call[4] and call[0] not in DULL]
    return [(name, n) for name, n, *_ in made]
