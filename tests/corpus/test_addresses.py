"""Addresses of other people's test suites: where we judge otherwise, address-exceptions.tsv says why, by RFC.

`envelope`: may it be given as it is, to stand in MAIL or RCPT (RFC 5321). `header`: can it be read as header fields
write it (RFC 5322); asked of isemail's vectors only, which follow the grammar and nothing else.
"""

import re
import subprocess
from pathlib import Path

import pytest
from conftest import HERE

SHARED = HERE.parent.parent.parent / "shared/corpus/addresses"
GRAMMAR = ("isemail", "isemail-original")
ESCAPES = {"\\": b"\\"}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there: no addresses were tested")


def unescaped(text):
    """C escapes, and \\uNNNN, which may be half of a pair that no UTF-8 has."""
    def one(found):
        if found[1]:
            return chr(int(found[1], 16)).encode("utf-8", "surrogatepass")
        return bytes([int(found[2], 16)]) if found[2] else ESCAPES[found[3]]
    out, at = b"", 0
    for found in re.finditer(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", text):
        out += text[at:found.start()].encode() + one(found)
        at = found.end()
    return out + text[at:].encode()


def rows(path):
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def is_valid(verdict):
    """How the suites say it, in our two words. What SMTP cannot carry (valid-not-5321) is of no use to anybody here."""
    return "valid" if verdict in ("valid", "valid-obsolete", "valid-smtputf8") else "invalid"


@pytest.fixture(scope="module")
def vectors():
    return rows(SHARED / "vectors.tsv")


@pytest.fixture(scope="module")
def exceptions():
    """(which, address) -> (our verdict, the RFC's section, why)"""
    return {(which, address): (ours, section, why)
            for which, address, ours, section, why in rows(HERE / "address-exceptions.tsv")}


@pytest.fixture(scope="module")
def verdict(build, vectors):
    """verdict(which, address) is ours."""
    addresses = sorted({row[4] for row in vectors} | {row[0] for row in rows(SHARED / "CONFLICTS.tsv")})
    asked = [unescaped(address) for address in addresses]
    done = subprocess.run([build / "tests/corpus/judge_addresses"], capture_output=True, check=True,
                          input=b"".join(b"%d\n" % len(one) + one for one in asked))
    answers = [line.split(b"\t") for line in done.stdout.split(b"\n")[:-1]]
    assert len(answers) == len(addresses)
    table = {}
    for address, (fits, reads, *_) in zip(addresses, answers):
        table["header", address] = reads.decode()
        table["envelope", address] = "valid" if fits == reads == b"valid" else "invalid"
    return lambda which, address: table[which, address]


def differences(vectors, verdict):
    """{(which, address): our verdict} of all that a suite sees otherwise."""
    found = {}
    for source, envelope, header, _, address in vectors:
        wants = [("envelope", envelope)] + ([("header", header)] if source in GRAMMAR else [])
        for which, want in wants:
            if want != "?" and is_valid(want) != verdict(which, address):
                found[which, address] = verdict(which, address)
    return found


def test_every_difference_is_settled(vectors, verdict, exceptions):
    unsettled = [f"{which}: {address} is {ours} here"
                 for (which, address), ours in differences(vectors, verdict).items()
                 if exceptions.get((which, address), ("",))[0] != ours]
    assert not unsettled, "\n".join(unsettled)


def test_no_exception_is_idle(vectors, verdict, exceptions):
    """What the table says is so, and is needed."""
    found = differences(vectors, verdict)
    conflicts = {row[0] for row in rows(SHARED / "CONFLICTS.tsv")}
    idle = [key for key, (ours, section, why) in exceptions.items()
            if verdict(*key) != ours or not (key in found or key[1] in conflicts)
            or not re.match(r"RFC \d+ [\d.]+", section) or not why]
    assert not idle, "\n".join(map(str, idle))


def test_conflicts_are_settled_by_grammar(vectors, verdict, exceptions):
    """Where suites disagree: as isemail's grammar has it, or as the table says."""
    grammar = {row[4]: is_valid(row[2]) for row in vectors if row[0] in GRAMMAR and row[2] != "?"}
    unsettled = []
    for address, *_ in rows(SHARED / "CONFLICTS.tsv"):
        ours = verdict("header", address)
        if grammar.get(address) != ours and exceptions.get(("header", address), ("",))[0] != ours:
            unsettled.append(f"{address} is {ours} here")
    assert not unsettled, "\n".join(unsettled)
