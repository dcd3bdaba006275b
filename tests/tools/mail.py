"""Messages for the tests, and how they must look when they arrive."""

import re
from email import message_from_bytes, policy

WHOLE = (b"From: Alice <alice@example.com>\n"
         b"To: bob@example.net\n"
         b"Date: Fri, 01 May 2026 10:00:00 +0200\n"
         b"Message-ID: <1@host.example.org>\n"
         b"Subject: hello\n")
EIGHT_BIT = b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"


def whole(body=b"hello\n", extra=b""):
    """A message that lacks nothing, so that it must arrive as it is."""
    if not body.isascii() and not extra:
        extra = EIGHT_BIT
    return WHOLE + extra + b"\n" + body


def sized(size, number=0):
    """A whole message of about `size` bytes; the number makes it unlike any other."""
    line = b"%08d the quick brown fox jumps over the lazy dog\n" % number
    return whole(line * (size // len(line)))


def wire(message):
    """A message as it must be in transfer: every line ended by CRLF, the last one too."""
    lines = re.sub(rb"\r?\n", b"\r\n", message)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def bare(data):
    """Line ends that are not CRLF."""
    return re.findall(rb".{0,20}(?:(?<!\r)\n|\r(?!\n))", data)


def split(data):
    """Header block and body."""
    header, _, body = data.partition(b"\r\n\r\n")
    return header + b"\r\n", body


def fields(data):
    """The header fields by the standard library's reading."""
    return message_from_bytes(data, policy=policy.default)


def without(header, *names):
    """A header block less these fields, their folded lines included."""
    for name in names:
        header = re.sub(rb"(?mi)^" + name.encode() + rb"[ \t]*:.*\r\n(?:[ \t].*\r\n)*", b"", header)
    return header
