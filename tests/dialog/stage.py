"""One queue and one scripted server, and what became of each recipient between them.

    with Peer(certs, script, tls="none", sane=True) as peer:
        stage = Stage(folder, build, peer)
        letter = stage.put(BOB, CAROL)
        run = stage.flush()
        stage.fates(letter)         ["delivered", "doubt"]
        stage.judge()               nothing lost, nothing twice, nothing changed

The words for a recipient: delivered, refused, deferred (by an answer of its own), doubt, and waiting (nothing is known
of it but trouble with the relay).
"""

import os
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import entries
from home import Home, at
from oracle import REPORTED

ALICE = "alice@example.com"
BOB, CAROL, DAN = "bob@example.net", "carol@example.net", "dan@example.net"
TOKEN = re.compile(rb"\ASubject: (\S+)\r\n")
LINES = re.compile(r"(?:pillarbox: [^\x00-\x1f\x7f-\x9f]+\n)*")
TIMEOUT = 2     # seconds, for each step of a dialogue
MEMORY_KIB = 32 * 1024


@dataclass
class Letter:
    token: str
    to: tuple
    data: bytes
    id: str


@dataclass
class Run:
    code: int
    err: str
    seconds: float
    kib: int        # of memory, at most


class Stage:
    def __init__(self, folder, build, peer, **settings):
        self.home, self.peer, self.letters, self.count = Home(folder, build), peer, [], 0
        self.memory_counts = not any(name in os.environ for name in ("ASAN_OPTIONS", "VALGRIND"))
        wanted = {"timeout": f"{TIMEOUT}s", **settings}
        if peer.tls == "none":
            wanted["tls_ca_file"] = None
        self.home.configure(work=at(peer, **wanted), hostname="h.example")

    def put(self, *to, sender=ALICE, body=b"hello\r\n", token=None):
        """Puts a message of wire form into the queue, due."""
        token = token or f"t{len(self.letters)}"
        data = b"Subject: " + token.encode() + b"\r\n\r\n" + body
        path = entries.write(self.home.spool, data, to, sender=sender, number=len(self.letters))
        letter = Letter(token, to, data, path.name)
        self.letters.append(letter)
        return letter

    def put_raw(self, data, recipient):
        """A message of which nothing is asked but its bytes."""
        self.count += 1
        entries.write(self.home.spool, data, [recipient], number=self.count)

    def flush(self, *arguments, limit=30, watched=False):
        """Flushes; without arguments all, else these options and ids. Of a watched one the memory is measured."""
        began = time.monotonic()
        log = self.home.folder / "stderr"
        with log.open("wb") as err:
            process = self.home.start("--flush", *(arguments or ["--force"]), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=err)
        end = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        end.start()
        kib = 0
        while watched and process.poll() is None:
            kib = max(kib, memory_of(process.pid))
            time.sleep(0.005)
        process.wait()
        end.cancel()
        self.peer.quiet()
        said = log.read_bytes()
        self.home.outputs.append(said)
        run = Run(process.returncode, said.decode("utf-8", "backslashreplace"), time.monotonic() - began, kib)
        assert run.code in (0, 75), f"ended with {run.code} after {run.seconds:.1f} s: {run.err}"
        assert LINES.fullmatch(run.err), f"not lines for a person: {run.err!r}"
        assert max(map(len, run.err.splitlines()), default=0) < 5000, "a line without end"
        assert not self.memory_counts or kib < MEMORY_KIB, f"took {kib} KiB"
        return run

    def received(self, letter):
        return [one for one in self.peer.received if one.sender and token_of(one.data) == letter.token]

    def reported(self):
        """Whom reports are about, be they queued or sent."""
        texts = [one.data for one in self.peer.received if one.sender == ""]
        texts += [entry.message for entry in map(entries.read, self.home.entries) if entry.sender == ""]
        return {address.decode() for address in REPORTED.findall(b"\n".join(texts))}

    def entry(self, letter):
        """What the queue still has of it, or None."""
        found = [path for path in self.home.entries if path.name == letter.id]
        return entries.read(found[0]) if found else None

    def fates(self, letter):
        if entry := self.entry(letter):
            return [fate_of(entry, recipient) for recipient in letter.to]
        got = {recipient for one in self.received(letter) if one.taken for recipient in one.recipients}
        reported = set() if got.issuperset(letter.to) else self.reported()
        return ["refused" if recipient in reported else "delivered" for recipient in letter.to]

    def judge(self, confused=False, liar=False):
        """The oracle, at any time. A confused server may have said yes to something else than its client thought; a
        liar said yes to what it did not take, too late for its client to notice."""
        assert self.home.corrupt == [], "an entry of ours was called corrupt"
        known = {letter.token: letter for letter in self.letters}
        for one in self.peer.received:
            if one.sender and not (confused and not one.taken):
                assert token_of(one.data) in known, f"arrived, and nobody sent it: {one.data[:200]!r}"
                assert one.data == known[token_of(one.data)].data, f"arrived changed: {one.data[:200]!r}"
        for letter in self.letters:
            copies = [one for one in self.received(letter) if one.taken]
            for recipient, fate in zip(letter.to, self.fates(letter)):
                taken = [one for one in copies if recipient in one.recipients]
                heard = [one for one in taken if not one.reset]
                where = f"{letter.token} to {recipient} is {fate}, and the server has taken it {len(taken)} times"
                assert liar or fate != "delivered" or taken, f"LOST: {where}"
                assert fate != "refused" or not heard, f"REPORTED WRONGLY: {where}"
                if not confused:
                    assert len(heard) + (fate not in ("delivered", "refused")) <= 1, f"TWICE: {where}"

    def mend(self, script, **excuses):
        """The server is in order from now on: everybody who waits gets it, and nothing is left but what is held."""
        if not self.home.entries:
            return
        waited = [(letter, recipient) for letter in self.letters
                  for recipient, fate in zip(letter.to, self.fates(letter)) if fate not in ("delivered", "refused")]
        before = len(self.peer.received)
        self.peer.cut = self.peer.split = None
        self.peer.widen()
        self.peer.script = script
        run = self.flush(limit=120)
        assert run.code == 0, f"the next flush, by a server in order: {run.code} {run.err}"
        self.judge(**excuses)
        got = sorted((token_of(one.data), recipient) for one in self.peer.received[before:] if one.sender
                     for recipient in one.recipients)
        assert got == sorted((letter.token, recipient) for letter, recipient in waited), f"the next flush sent {got}"
        left = [entry for entry in map(entries.read, self.home.entries) if not entry.held]
        assert not left, f"left after the next flush: {left}"
        strangers = [path for path in (self.home.spool / "tmp").glob("*")]
        assert strangers == [], "left over after a flush"


def memory_of(pid):
    """What it and its children have taken so far, the most of one, in KiB."""
    most = 0
    try:
        for one in (str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            most = max(most, *map(int, re.findall(r"VmHWM:\s*(\d+)", Path(f"/proc/{one}/status").read_text())), 0)
    except OSError:
        pass    # gone meanwhile
    return most


def token_of(data):
    found = TOKEN.search(data)
    return found and found[1].decode()


def fate_of(entry, recipient):
    def got(event):
        return any(one in (recipient, None) for one in entry.got(event))
    if recipient not in entry.waiting:
        return next(event for event in entries.SETTLING if got(event))
    if got("in-doubt"):
        return "doubt"
    return "deferred" if got("deferred") else "waiting"
