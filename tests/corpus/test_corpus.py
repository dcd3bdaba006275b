"""Real messages, and what can happen to them, come out as valid mail that says what it said."""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import BUILD, HERE
from mender import Mender, dry_run, without_chance
from mutants import mutants
from rules import examine

SHARED = HERE.parent.parent.parent / "shared/corpus/messages"
OWN = HERE / "messages"
LONG = os.environ.get("PILLARBOX_LONG", "") not in ("", "0", "no")
# Made here, since they are large.
MADE = {
    "a line of 10 MB": lambda: b"From: a@b\nSubject: one line\n\n" + b"0123456789" * 1_000_000,
    "300 fields": lambda: b"".join(b"X-Field-%d: value %d\n" % (n, n) for n in range(300)) + b"\nbody\n",
    "a field of 100 kB": lambda: b"From: a@b\nX-Long: " + b"word " * 20_000 + b"\n\nbody\n",
    "a raw subject of 100 kB": lambda: b"From: a@b\nSubject: " + "wört ".encode() * 20_000 + b"\n\nbody\n",
    "1 MB of base64 in a line": lambda: b"From: a@b\nMIME-Version: 1.0\nContent-Type: application/x\n"
                                        b"Content-Transfer-Encoding: base64\n\n" + b"QUJD" * 250_000 + b"\n",
    "all bytes, many times": lambda: b"From: a@b\nMIME-Version: 1.0\nContent-Type: application/x\n\n"
                                     + bytes(range(256)) * 4_000,
    "2000 parts": lambda: b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
                          + b"--b\nContent-Type: text/plain\n\np\xc3\xa4rt\n\n" * 2_000 + b"--b--\n",
}
WITHOUT_MUTANTS = {"a line of 10 MB", "a raw subject of 100 kB", "1 MB of base64 in a line", "all bytes, many times",
                   "2000 parts"}


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")


def read(name):
    if name in MADE:
        return MADE[name]()
    return (OWN / name[4:] if name.startswith("own/") else SHARED / name).read_bytes()


NAMES = [f"own/{name}" for name in files(OWN)] + list(MADE) + (files(SHARED) if SHARED.is_dir() else [])


@lru_cache(maxsize=None)
def mender():
    return Mender(BUILD)


def of_all(name):
    """(what is wrong, notes, how many were examined) of a message and its mutants."""
    message, wrong, lenient = read(name), [], []
    variants = [("as it is", message)]
    if name not in WITHOUT_MUTANTS:
        variants += mutants(message, name, LONG)
    for variant, given in variants:
        notes = []
        wrong += [f"{variant}: {what}" for what in examine(given, mender()(given), notes)]
        lenient += [f"{note} ({name if variant == 'as it is' else 'mutants'})" for note in notes]
    return wrong, lenient, len(variants)


@pytest.fixture(scope="session")
def examined():
    """name -> what of_all() found; worked out on all processors."""
    with ProcessPoolExecutor() as pool:
        yield {name: pool.submit(of_all, name) for name in NAMES}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there: only the messages in tests/corpus were tested")
def test_the_shared_messages_are_there():
    assert len(files(SHARED)) > 200


@pytest.mark.parametrize("name", NAMES)
def test_what_leaves_is_valid_and_says_the_same(examined, name, record_property):
    wrong, lenient, _ = examined[name].result()
    for note in lenient:
        record_property("lenient", note)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_the_program_does_the_same(build, tmp_path, name):
    """pillarbox --dry-run: what is tested above is what it does."""
    given = read(name)
    real, mended = dry_run(build, tmp_path, given), mender()(given)
    assert (real.code, real.err) == (mended.code, mended.err)
    assert (real.eight_bit, real.utf8) == (mended.eight_bit, mended.utf8)
    assert without_chance(real.out) == without_chance(mended.out)
