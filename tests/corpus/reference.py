"""A reader of MIME (RFC 2045, 2046) that shares nothing with the one in C: a message as the list of its leaves."""

import binascii
import re
from dataclasses import dataclass

FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
CLEAR = re.compile(rb'[\w.+-]+/[\w.+-]+(\s*;\s*([\w*.-]+\s*=\s*("[^"\\\0-\x1f\x7f]*"|[^\s";()\0-\x1f\x7f-\xff]+))?)*\s*')
IDENTITY = {"", "7bit", "8bit", "binary"}
NESTING_MAX = 32


@dataclass
class Leaf:
    type: str
    charset: str
    encoding: str
    content: bytes
    last: bool      # nothing follows: the last line end may have been added

    @property
    def text(self):
        return self.type.startswith("text/")

    @property
    def decoded(self):
        if self.encoding == "base64":
            return unbase64(self.content)
        if self.encoding == "quoted-printable":
            return unquote(self.content)
        return self.content

    @property
    def lines(self):
        """Decoded, with LF for the line ends that are line ends: not those that quoted-printable has as =0D=0A."""
        if self.encoding == "quoted-printable":
            return self.decoded
        return self.decoded.replace(b"\r\n", b"\n")


def unbase64(code):
    """Lenient: what is no code is nothing, what is behind the padding as well."""
    code = re.sub(rb"[^A-Za-z0-9+/=]", b"", code)
    out = b""
    for piece in re.findall(rb"[^=]+=*", code):
        digits = piece.rstrip(b"=")
        if len(digits) % 4 == 1:
            digits = digits[:-1]
        out += binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
    return out


def unquote(code):
    lines = code.replace(b"\r\n", b"\n").split(b"\n")
    out = []
    for number, line in enumerate(lines):
        line = line.rstrip(b" \t")
        soft = line.endswith(b"=")
        line = re.sub(rb"=([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), line[:-1] if soft else line)
        out.append(line + (b"" if soft or number == len(lines) - 1 else b"\n"))
    return b"".join(out)


def is_broken(leaf):
    """Does its encoding say what it is only with a lenient reading?"""
    if leaf.encoding == "base64":
        code = re.sub(rb"[\r\n \t]", b"", leaf.content)
        return not re.fullmatch(rb"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", code)
    if leaf.encoding == "quoted-printable":
        return bool(re.search(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*$)|[^\t\r\n -~]|\r(?!\n)|[ \t]\r?\n", leaf.content))
    return leaf.encoding not in IDENTITY


def split(message, top=True):
    """Head and body; the head with LF, and a blank for CR alone and NUL."""
    at, lines = 0, []
    while at < len(message):
        end = message.find(b"\n", at)
        end = len(message) if end < 0 else end
        line = message[at:end].rstrip(b"\r")
        if not line:
            return b"".join(lines), message[end + 1:]
        if top and not lines and re.match(rb">?From [^\r]{,993}\Z", line) and not FIELD.match(line):
            at = end + 1
            continue
        blanks = b" \t\r" if top else b" \t"
        if not FIELD.match(line) and (line[:1] not in blanks or not lines):
            break
        lines.append(re.sub(rb"[\r\0]", b" ", line) + b"\n")
        at = end + 1
    return b"".join(lines), message[at:]


def fields(head):
    """[(name, body)], both as they are, without the last line end."""
    found = re.findall(rb"([!-9;-~]+)[ \t]*:((?:.*\n(?=[ \t]))*.*)\n", head)
    return [(name.decode(), body) for name, body in found]


def field(head, name):
    for found, body in fields(head):
        if found.lower() == name.lower():
            return re.sub(rb"[ \t\r]*\n", b"", body).strip(b" \t\r")
    return b""


def plain(value):
    """The first word of a field, without comments and parameters."""
    return re.sub(r"\(.*?\)", "", value.decode("latin-1").split(";")[0]).strip().lower()


def parameter(value, name):
    quoted = re.search(rb';\s*' + name + rb'\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;()]+))', value, re.I)
    if not quoted:
        return b""
    return quoted[2] if quoted[1] is None else re.sub(rb"\\(.)", rb"\1", quoted[1])


def sections(body, boundary):
    """The parts of a multipart; the line end before a boundary is the boundary's. (content, whether it is closed)"""
    parts, begin, at = [], None, 0
    while at < len(body):
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end + 1
        line = body[at:end].rstrip(b" \t\r\n")
        if line in (b"--" + boundary, b"--" + boundary + b"--"):
            if begin is not None:
                parts.append((re.sub(rb"\r?\n\Z", b"", body[begin:at]), True))
            begin = None if line.endswith(boundary + b"--") and line != b"--" + boundary else end
            if begin is None:
                return parts
        at = end
    if begin is not None:
        parts.append((body[begin:], False))
    return parts


def is_clear(value):
    """Is this Content-Type one that every reader reads the same?"""
    return not value or bool(CLEAR.fullmatch(value))


def is_all_clear(head, body, depth=0, default="text/plain"):
    """Are all of a message, so that there can be but one opinion on its parts?"""
    value = field(head, "Content-Type")
    kind, boundary = plain(value) or default, parameter(value, b"boundary")
    if not is_clear(value) or [name.lower() for name, _ in fields(head)].count("content-type") > 1:
        return False
    if kind.startswith(("multipart/", "message/")) and plain(field(head, "Content-Transfer-Encoding")) not in IDENTITY:
        return False
    if depth < NESTING_MAX and kind.startswith("multipart/") and boundary:
        return all(is_all_clear(*split(content, False), depth + 1, within(kind))
                   for content, _ in sections(body, boundary))
    if depth < NESTING_MAX and kind.startswith("message/"):
        return is_all_clear(*split(body, False), depth + 1)
    return not kind.startswith("multipart/")


def within(kind):
    """What a part is that does not say so (RFC 2046 5.1.5)."""
    return "message/rfc822" if kind == "multipart/digest" else "text/plain"


def leaves(head, body, last=True, depth=0, default="text/plain"):
    value = field(head, "Content-Type")
    kind, encoding = plain(value) or default, plain(field(head, "Content-Transfer-Encoding"))
    boundary = parameter(value, b"boundary")
    if depth < NESTING_MAX and encoding in IDENTITY:
        if kind.startswith("multipart/") and boundary:
            return [leaf for content, closed in sections(body, boundary)
                    for leaf in leaves(*split(content, False), last and not closed, depth + 1, within(kind))]
        if kind in ("message/rfc822", "message/global"):
            return leaves(*split(body, False), last, depth + 1)
    charset = (parameter(value, b"charset") or parameter(value, rb"charset\*")).decode("latin-1").lower()
    return [Leaf(kind, charset, encoding, body, last)]
