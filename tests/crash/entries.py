"""Entries of the queue, written and read by the manual page alone (pillarbox-queue(5)), not by our own code."""

import os
import re
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path

HEAD = re.compile(rb"\Apillarbox 1\n(?:[a-z0-9]+ [^\n]*\n)+\n")
RECORD = re.compile(rb"(\S+) (\S+) (\S+) (\S+) (.*)", re.S)
SETTLING = ("delivered", "refused", "expired", "expanded", "dropped")


@dataclass
class Entry:
    path: Path
    sender: str
    recipients: list
    message: bytes
    held: bool = False
    events: list = field(default_factory=list)      # (event, recipient or None, text)

    @property
    def waiting(self):
        """The recipients that nothing final became of."""
        done = set()
        for event, recipient, _ in self.events:
            if event in SETTLING:
                done |= set(self.recipients) if recipient is None else {recipient}
        return [recipient for recipient in self.recipients if recipient not in done]

    def got(self, event):
        return [recipient for what, recipient, _ in self.events if what == event]


class Broken(Exception):
    pass


def read(path):
    """The entry in this file; Broken, saying why, when it is not whole."""
    content = path.read_bytes()
    head = HEAD.match(content)
    if not head:
        raise Broken(f"{path.name}: the head is not whole: {content[:80]!r}")
    lines = [line.split(b" ", 1) for line in head[0].splitlines()[1:-1]]
    words = {word: value.decode() for word, value in lines}
    size = int(words[b"size"])
    message = content[head.end():head.end() + size]
    if words[b"id"] != path.name or len(message) != size:
        raise Broken(f"{path.name}: id {words[b'id']}, {len(message)} of {size} bytes")
    recipients = [value.decode()[1:].split(">")[0] for word, value in lines if word == b"to"]
    entry = Entry(path, words[b"from"][1:-1], recipients, message)
    for line in content[head.end() + size:].split(b"\n"):
        _take_record(entry, line)
    return entry


def _take_record(entry, line):
    text, _, crc = line.rpartition(b"\t")
    if crc != b"%08X" % zlib.crc32(text):
        return      # torn: it counts for nothing
    _, event, recipient, _, said = RECORD.match(text).groups()
    if event == b"aliased":
        number, address = int(recipient), said.decode().partition(" <")[2].rstrip(">")
        assert number == len(entry.recipients) + 1, "a number is missing"
        entry.recipients.append(address)
    whom = None if recipient == b"-" else entry.recipients[int(recipient) - 1]
    entry.events.append((event.decode(), whom, said.decode("utf-8", "replace")))
    if event in (b"held", b"released"):
        entry.held = event == b"held"


def write(spool, message, recipients, sender="alice@example.com", number=0, due=True, uid=None, notify=None):
    """Puts a new entry into the queue as a crash would find it: whole and durable. Its path."""
    for name in ("queue", "tmp", "corrupt"):
        (spool / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = "%013X%06X" % (time.time_ns() // 1000, number)
    head = (f"pillarbox 1\nid {identity}\ntime {time.strftime('%FT%TZ', time.gmtime())}\n"
            f"uid {os.getuid() if uid is None else uid}\nfrom <{sender}>\n")
    head += "" if message.isascii() else "body 8BITMIME\n"
    head += "".join(f"to <{recipient}>{notify and chr(9) + 'NOTIFY=' + notify or ''}\n" for recipient in recipients) + f"size {len(message)}\n\n"
    path = spool / "queue" / identity
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(head.encode() + message)
    if due:
        os.utime(path, (time.time() - 10,) * 2)
    return path


def record(path, event, recipient, text, relay="work", rotten=False):
    """Appends a record; a rotten one has another checksum than it should."""
    line = f"{time.strftime('%FT%TZ', time.gmtime())} {event} {recipient} {relay} {text}".encode()
    with path.open("ab") as file:
        file.write(line + b"\t%08X\n" % (zlib.crc32(line) ^ rotten))
