"""What is sent to each server: many messages, of all sizes and kinds, some to several, some to who is not there."""

import re
from dataclasses import dataclass

import entries
from postfix import LATER, REFUSED

SENDER = "alice@example.com"
BODIES = (
    b"",
    b"one line\r\n",
    b"the quick brown fox jumps over the lazy dog\r\n" * 45,
    "Gr\u00fc\u00dfe, \u65e5\u672c\u8a9e\r\n.\u00e9\r\n".encode() * 40,
    b".\r\n..\r\n.dot\r\n...three\r\n\r\n.\r\n.\r\n",
    b"x" * 998 + b"\r\n" + b"." * 998 + b"\r\n." + b"y" * 996 + b"\r\n",
    b"no end of a paragraph\r\n\r\n\r\n\r\n",
    b"\xe9" * 998 + b"\r\n.\r\n" + bytes(range(128, 256)) + b"\r\n",
    b"From the start\r\n>From\r\n\t \r\n trailing blanks  \t\r\n",
)
LINE = b"%08d a line of a message that is long, with a dot behind it\r\n.\r\n"


@dataclass
class Sent:
    number: int
    recipients: list
    message: bytes      # as it must arrive, and as it is in the queue

    @property
    def good(self):
        return [recipient for recipient in self.recipients if recipient not in (REFUSED, LATER)]


def number_of(data):
    """Which message this is, by its Message-ID; None for one of pillarbox's own."""
    found = re.search(rb"^Message-ID: <load-(\d+)@host\.example\.org>\r$", data.partition(b"\r\n\r\n")[0], re.M)
    return found and int(found[1])


def body(number):
    if number == 33:
        return LINE * (2_000_000 // len(LINE % 0)) % ((number,) * (2_000_000 // len(LINE % 0)))
    if number % 50 == 7:
        return LINE * (100_000 // len(LINE % 0)) % ((number,) * (100_000 // len(LINE % 0)))
    return BODIES[number % len(BODIES)]


def recipients(number):
    """One in five has several; one in 25 of them one who is refused, which is now the first, now the last."""
    if number % 100 == 51:
        return [REFUSED]
    if number % 5:
        return [f"bob{number}@example.net"]
    several = [f"{name}{number}@example.net" for name in ("bob", "carol", "dan", "eve")]
    several = several[:2 + number // 5 % 3]
    if number % 25 == 5:
        several.insert(number // 25 % (len(several) + 1), REFUSED)
    if number % 50 == 30:
        several.insert(1, LATER)
    if number == 40:
        several += [REFUSED, LATER]
    return several


def message(number):
    content = body(number)
    head = (b"From: Alice <alice@example.com>\r\nTo: undisclosed-recipients:;\r\n"
            b"Date: Fri, 01 May 2026 10:00:00 +0200\r\nMessage-ID: <load-%d@host.example.org>\r\n"
            b"Subject: number %d,\r\n\tfolded   with blanks\r\nx-odd-CASE:no blank\r\n" % (number, number))
    if not content.isascii():
        head += (b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                 b"Content-Transfer-Encoding: 8bit\r\n")
    return head + b"\r\n" + content


def queue(home, count):
    """Puts them into the queue, one in 20 by our own program and the others as if by it; what was sent."""
    sent = []
    for number in range(count):
        new = Sent(number, recipients(number), message(number))
        if number % 20 == 3:
            given = new.message.replace(b"\r\n", b"\n")
            result = home.run("-odq", "-i", "-f", SENDER, *new.recipients, input=given)
            assert (result.code, result.err) == (0, "")
        else:
            entries.write(home.spool, new.message, new.recipients, SENDER, number)
        sent.append(new)
    return sent
