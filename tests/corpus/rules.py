"""What is asked of every message that leaves. Each rule yields what is wrong."""

import email
import email.header
import email.policy
import re
from collections import Counter

from reference import FIELD, IDENTITY, field, fields, is_all_clear, is_broken, leaves, split

# Of bytes that cannot stand in these nothing can be made that is right; in a message inside of another they stay there.
STRUCTURED = {"from", "sender", "reply-to", "to", "cc", "resent-from", "resent-to", "resent-cc", "resent-sender"}
# No encoded word may stand in these (RFC 2047 5).
TOKENS = re.compile(rb"(?im)^(Date|Resent-Date|Message-ID|Resent-Message-ID|In-Reply-To|References|Received|Content-ID|"
                    rb"MIME-Version|Content-Transfer-Encoding)[ \t]*:.*(?:\n[ \t].*)*=\?")
ONCE = ("Date", "From", "Message-ID")
NEVER = ("Bcc", "Resent-Bcc", "Return-Path")
# Those that may be merged, renamed, completed or dropped by what they say.
RULED = {"from", "sender", "reply-to", "to", "cc", "bcc", "date", "message-id", "in-reply-to", "references", "subject",
         "mime-version", "content-type", "content-transfer-encoding", "content-id", "content-description",
         "content-disposition", "return-path", "resent-bcc"}


def strict(mended):
    """The wire and the header."""
    out = mended.out
    if re.search(rb"\r(?!\n)|(?<!\r)\n", out) or not out.endswith(b"\r\n"):
        yield "a line end that is not CRLF"
    if b"\0" in out:
        yield "a NUL"
    if any(len(line) > 998 for line in out.split(b"\r\n")):
        yield "a line over 998 bytes"
    head, _, _ = out.partition(b"\r\n\r\n")
    head += b"\r\n"
    for line in re.split(rb"\r\n(?![ \t])", head)[:-1]:
        if not FIELD.match(line):
            yield f"a line of the header that is no field: {line[:60]!r}"
        if not line.isascii() and not (mended.utf8 and b"@" in line):
            yield f"a header that is not ASCII: {line[:60]!r}"
        if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", line):
            yield f"a control character in the header: {line[:60]!r}"
    names = Counter(re.match(rb"[!-9;-~]*", line)[0].lower().decode() for line in re.split(rb"\r\n(?![ \t])", head)[:-1])
    for name in ONCE:
        if names[name.lower()] != 1:
            yield f"{names[name.lower()]} of {name}"
    for name in NEVER:
        if names[name.lower()]:
            yield f"a {name}"
    if mended.eight_bit == out.isascii():
        yield "BODY=8BITMIME does not say what is so"


def kept_fields(head):
    return [(name, body.replace(b"\r\n", b"\n")) for name, body in fields(head)
            if name.lower() not in RULED and not name.lower().startswith("resent-")
            and re.fullmatch(rb"[\t\n -~]*", body) and all(len(name) + 2 + len(line) <= 998 for line in body.split(b"\n"))]


def header_kept(given, out):
    """What needs no mending is there as it was, in its order."""
    want, got = kept_fields(given), kept_fields(out)
    names = {name for name, _ in want}
    got = iter([one for one in got if one[0] in names])
    for one in want:
        if one not in got:
            yield f"the field {one[0]} is not as it was, or not where it was"
            return


def decoded_subject(value):
    return "".join(text if isinstance(text, str) else text.decode(charset or "ascii", "replace")
                   for text, charset in email.header.decode_header(value.decode("ascii", "replace")))


def subject_kept(given, out):
    was, now = field(given, "Subject"), field(out.replace(b"\r\n", b"\n"), "Subject")
    if was.isascii() or b"=?" in was or len([1 for name, _ in fields(given) if name.lower() == "subject"]) != 1:
        return
    try:
        want = was.decode()
    except UnicodeDecodeError:
        want = was.decode("latin-1")
    if decoded_subject(now).split() != want.split():
        yield f"Subject says {decoded_subject(now)!r}, not {want!r}"


def same(was, now):
    """Are the contents of two leaves the same?"""
    exactly = now.encoding == "base64" and not was.text
    a, b = (was.decoded, now.decoded) if exactly else (was.lines, now.lines)
    if was.last and (now.encoding != "base64" or now.encoding == was.encoding):
        a, b = a.removesuffix(b"\n"), b.removesuffix(b"\n")
    return a == b


def tokens_are_tokens(given, out):
    """In no header, of parts and nested messages neither; what looks like one in a text is there before."""
    before = {found[0].split(b":")[0].lower() for found in TOKENS.finditer(given)}
    for found in TOKENS.finditer(out.replace(b"\r\n", b"\n")):
        if found[0].split(b":")[0].lower() not in before:
            yield f"an encoded word in {found[0][:60]!r}"


def parts_kept(given, out, lenient):
    """Every decoded part is what it was."""
    was, now = leaves(*given), leaves(*out)
    if not is_all_clear(*given):
        lenient.append("a Content-Type that readers may take for this or that")
        return
    if [leaf.type for leaf in was] != [leaf.type for leaf in now]:
        yield f"parts {[leaf.type for leaf in now]}, not {[leaf.type for leaf in was]}"
        return
    for number, (a, b) in enumerate(zip(was, now)):
        if same(a, b):
            continue
        if is_broken(a):
            lenient.append(f"{a.encoding}, broken")
        else:
            yield f"part {number} ({a.type}, {a.encoding or 'no encoding'} -> {b.encoding}) is another"


def truthful(out):
    """What is 8-bit says so, and in which charset. What is signed stays as it is, and what is no MIME is none."""
    if field(out[0], "DKIM-Signature") or not is_all_clear(*out):
        return
    for number, leaf in enumerate(leaves(*out)):
        if leaf.content.isascii() or leaf.encoding not in IDENTITY:
            continue
        if leaf.encoding not in ("8bit", "binary"):
            yield f"part {number} is 8-bit and does not say so"
        if leaf.text and leaf.charset in ("", "us-ascii"):
            yield f"part {number} is 8-bit text without a charset"
        if not field(out[0], "MIME-Version"):
            yield "8-bit content without MIME-Version"


def kinds(part):
    """Base64 that has a letter less is broken in another way, and no more than before."""
    return {re.sub("InvalidBase64.*", "InvalidBase64Defect", type(defect).__name__) for defect in part.defects}


def defects(message):
    """All that email.policy.default finds; None where it fails itself."""
    found = set()
    try:
        parsed = email.message_from_bytes(message, policy=email.policy.default)
        for part in parsed.walk():
            found |= kinds(part)
            for name, value in part.items():
                found |= {f"{type(defect).__name__} in {name.lower()}" for defect in value.defects}
            if not part.is_multipart():
                part.get_payload(decode=True)
                found |= kinds(part)
    except Exception:           # of the email package itself
        return None
    return found


def no_new_defects(given, out):
    """The email package takes CR for a line end, so that it has nothing to say of an original that has some."""
    after = defects(out)
    if not after or re.search(rb"\r(?!\n)|\0", given):
        return
    before = defects(given)
    if before is None:
        return
    for defect in sorted(after - before):
        name = defect.partition(" in ")[2]
        if name in STRUCTURED and re.search(rb"(?im)^%s[ \t]*:(?:.*\n(?=[ \t]))*.*[^\t\r\n -~]" % name.encode(), given):
            continue
        yield f"a defect that was not there: {defect}"


def examine(given, mended, lenient):
    """All that is wrong with what became of `given`."""
    if mended.code == 65:
        if mended.out or not re.fullmatch(r"pillarbox: [^\n]+\n", mended.err):
            yield f"refused with {mended.out[:60]!r} and {mended.err!r}"
        return
    if mended.code != 0 or mended.err:
        yield f"exit code {mended.code}, {mended.err!r}"
        return
    yield from strict(mended)
    head, body = split(given)
    out = split(mended.out, False)
    yield from header_kept(head, mended.out.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n") + b"\n")
    yield from tokens_are_tokens(given, mended.out)
    yield from subject_kept(head, mended.out.partition(b"\r\n\r\n")[0] + b"\r\n")
    yield from parts_kept((head, body), out, lenient)
    yield from truthful(out)
    yield from no_new_defects(head + b"\n" + body, mended.out)
