r"""What servers do, a line each, and what must become of the message.

A script is one of tools/peer.py, with one more event: END, the end of the message, be it a dot or the last BDAT. What
is said of DATA is said of BDAT, too, where bodies come that way.

What is expected stands for each recipient, in order, or once for all; messages are parted by ";". Words are those of
stage.py; "/" is between what is equally right. What has a "~" may also be "waiting" or "doubt" where the client may
send the body before it has an answer (CHUNKING). The exit status is 75 if anything still waits, else 0.

Every case also says: the right bytes, nobody twice, nobody lost; lines on standard error that a person can read, with
these words in them; done in time, in little memory; no command ahead where PIPELINING does not allow it; and then a
server in order gets what is left, once.
"""

from dataclasses import dataclass, field, replace
from itertools import product

from fixtures import LONG
from peer import BYE, CLOSE, FORGET, RESET, STARTTLS, USUAL, Endless, Ever
from stage import ALICE, BOB, CAROL, DAN, TIMEOUT

PLAIN, PIPELINING, CHUNKING = "plain", "PIPELINING", "CHUNKING"
OFFERS = {PLAIN: "", PIPELINING: "250-PIPELINING\n", CHUNKING: "250-PIPELINING\n250-CHUNKING\n"}
ALL, LOCKSTEP, BY_DATA, AHEAD = tuple(OFFERS), (PLAIN,), (PLAIN, PIPELINING), (PIPELINING, CHUNKING)
ENDS = (PLAIN, CHUNKING)
ALL3 = (BOB, CAROL, DAN)
LARGE = b"0123456789" * 7 + b"\r\n"
LARGE *= 5_000_000 // len(LARGE)


@dataclass(frozen=True)
class Case:
    name: str
    script: dict
    expect: str
    words: tuple = ()           # on standard error
    offers: tuple = ALL         # what the server can do besides
    to: tuple = (BOB,)
    within: float = TIMEOUT + 4     # seconds; a busy machine is one, two or three late
    messages: int = 1
    tls: str = "none"
    certificate: str = "good"
    body: bytes = b"hello\r\n"
    settings: dict = field(default_factory=dict)
    peer: dict = field(default_factory=dict)        # options of Peer
    confused: bool = False      # the server takes what its client can't believe
    liar: bool = False          # the server says yes to what it did not take
    large: bool = False         # memory is of interest
    private: bool = False       # the client must not say who it is

    def __str__(self):
        return self.name.replace(" ", "_")


def slowly(text, seconds):
    """A byte, a pause, a byte."""
    return tuple(step for byte in text.encode() for step in (bytes([byte]), seconds))


def lines(code, count, text="x"):
    return (f"{code}-{text}\n" * (count - 1) + f"{code} {text}")


def caps(*words):
    return "\n".join(f"250{' ' if word is words[-1] else '-'}{word}" for word in words)


def each(name, events, entry, expect, words=(), **more):
    """The same at each of these events; "{}" is the event. An entry that is a function makes it of the usual reply."""
    return [Case(name.format(event), {event: entry(usual(event)) if callable(entry) else entry}, expect, words, **more)
            for event in events]


def usual(event):
    reply = USUAL["DOT" if event == "END" else event]
    return reply if isinstance(reply, tuple) else (reply,)


LOGIN = dict(offers=LOCKSTEP, tls="starttls")
IMPLICIT = dict(offers=LOCKSTEP, tls="implicit")
BOTH = [dict(offers=LOCKSTEP, tls=tls) for tls in ("implicit", "starttls")]
BEFORE_MAIL = ("GREETING", "EHLO", "STARTTLS", "AUTH")
COMMANDS = ("MAIL", "RCPT", "DATA")
TO_MAIL = {f"<{ALICE}>": "554 5.6.0 not this one"}

CASES = []

# Refusals: none of the login is about the message
CASES += each("refused for good: {}", BEFORE_MAIL, "554 5.7.1 go away", "waiting", ("554 5.7.1 go away",), **LOGIN)
CASES += each("refused for now: {}", BEFORE_MAIL, "450 4.3.0 not now", "waiting", ("450 4.3.0 not now",), **LOGIN)
CASES += each("unknown: {}", ("EHLO", "STARTTLS", "AUTH"), "502 5.5.1 what?", "waiting", ("502 5.5.1 what",), **LOGIN)
CASES += [
    Case("EHLO refused, HELO taken, TLS wanted", {"EHLO": "500 what?", "HELO": "250 peer"}, "waiting", **LOGIN),
    Case("EHLO refused, HELO taken, login wanted", {"EHLO": "500 what?", "HELO": "250 peer"}, "waiting", **IMPLICIT),
    Case("EHLO refused, HELO taken, nothing wanted", {"EHLO": "500 what?", "HELO": "250 peer"}, "delivered",
         offers=LOCKSTEP),
    Case("password wrong, says SendGrid", {"AUTH": "451 Authentication failed: Could not authenticate"}, "waiting",
         ("451 Authentication failed", "login"), **IMPLICIT),
    Case("password wrong, says Gmail", {"AUTH": "535-5.7.8 Username and Password not accepted. For more, go to\n"
         "535 5.7.8  https://support.google.com/mail/?p=BadCredentials x - gsmtp"}, "waiting",
         ("535 5.7.8 Username", "BadCredentials", "check user"), **IMPLICIT),
    Case("refused for good: MAIL", {"MAIL": TO_MAIL}, "refused", ("554 5.6.0 not this one",)),
    Case("refused for now: MAIL", {"MAIL": "451 4.3.0 later"}, "deferred", ("451 4.3.0 later",)),
    Case("refused for good: DATA", {"DATA": TO_MAIL}, "refused", ("554 5.6.0 not this one",)),
    Case("refused for now: DATA", {"DATA": "451 4.3.0 later"}, "deferred", ("451 4.3.0 later",)),
    Case("refused for good: END", {"END": TO_MAIL}, "refused", ("554 5.6.0 not this one",)),
    Case("refused for now: END", {"END": "451 4.3.0 later"}, "deferred", ("451 4.3.0 later",)),
    Case("refused in many lines", {"END": {ALICE: "550-Your message has been rejected\n550-but is kept\n550 for you"}},
         "refused", ("550 Your message has been rejected but is kept for you",)),
    Case("END refused of three, one refused before",
         {"RCPT": {CAROL: "550 5.1.1 who?"}, "END": {ALICE: "554 5.6.0 no"}}, "refused",
         ("550 5.1.1 who?", "554 5.6.0 no"), to=ALL3),
    Case("END deferred of three, one refused before", {"RCPT": {CAROL: "550 5.1.1 who?"}, "END": "451 4.3.0 later"},
         "deferred refused deferred", ("550 5.1.1 who?", "451 4.3.0 later"), to=ALL3),
    Case("a daily limit that says 550", {"RCPT": "550 5.4.5 Daily user sending limit exceeded"}, "waiting",
         ("limit", "550 5.4.5")),
    Case("too many connections, at the end", {"END": "432 4.3.2 Concurrent connections limit exceeded"}, "waiting",
         ("432 4.3.2",)),
    Case("transport asleep", {"MAIL": "412 4.3.2 Service not active"}, "waiting/deferred", ("412 4.3.2",)),
    Case("login needed, says MAIL", {"MAIL": "530 5.7.0 Authentication required"}, "waiting", ("530 5.7.0",)),
    Case("throttled, says SES", {"DATA": "454 Throttling failure: Maximum sending rate exceeded."}, "waiting",
         ("454 Throttling failure",)),
    Case("throttled at the end, says SES", {"END": "454 Throttling failure: Daily message quota exceeded."}, "waiting",
         ("454 Throttling failure",)),
]

# Every pattern of three recipients
ANSWERS = {"delivered": "250 2.1.5 ok", "deferred": "452 4.2.2 full", "refused": "550 5.1.1 who?"}
CASES += [
    Case(f"three recipients: {' '.join(answers)}", {"RCPT": dict(zip(ALL3, map(ANSWERS.get, answers)))},
         " ".join(answers), tuple(ANSWERS[answer] for answer in {*answers} - {"delivered"}), to=ALL3)
    for answers in product(ANSWERS, repeat=3)]
CASES += [
    Case("too many recipients, says an old server", {"RCPT": {DAN: "552 too many recipients"}},
         "delivered delivered deferred/delivered", to=ALL3),
    Case("one recipient, and only then its limit", {"RCPT": {CAROL: "450 4.2.1 receives mail at a rate that"}},
         "delivered deferred delivered", to=ALL3),
    Case("too many recipients", {"RCPT": ["250 ok", "250 ok", "452 4.5.3 too many"]},
         "delivered delivered deferred/delivered", to=ALL3),
    Case("all refused, and 354 to DATA, and 250 at the end",
         {"RCPT": dict.fromkeys(ALL3, ANSWERS["refused"]), "DATA": "354 go", "END": "250 taken"}, "refused",
         ("550 5.1.1 who?",), to=ALL3, peer={"sane": False}),
    Case("all deferred, and 354 to DATA, and 250 at the end",
         {"RCPT": dict.fromkeys(ALL3, ANSWERS["deferred"]), "DATA": "354 go", "END": "250 taken"}, "deferred",
         ("452 4.2.2 full",), to=ALL3, peer={"sane": False}),
    Case("all refused, and 354 to DATA, and 554 at the end",
         {"RCPT": dict.fromkeys(ALL3, ANSWERS["deferred"]), "DATA": "354 go", "END": "554 no valid recipients"},
         "deferred", ("452 4.2.2 full",), to=ALL3, peer={"sane": False}),
    Case("some refused, and 503 to DATA", {"RCPT": {CAROL: ANSWERS["refused"]}, "DATA": {ALICE: "503 5.5.1 no rcpt"}},
         "refused/deferred/waiting refused refused/deferred/waiting", to=ALL3),
    Case("recipients will be forwarded", {"RCPT": "251 2.1.5 will forward", "END": "250 ok"}, "delivered", to=ALL3),
    Case("recipients cannot be verified", {"RCPT": "252 2.1.5 will try"}, "delivered", to=ALL3),
]

# Connections that end
for how, entry in (("closed", CLOSE), ("reset", RESET)):
    CASES += each(f"{how} instead of an answer: {{}}", BEFORE_MAIL, entry, "waiting", **LOGIN)
    CASES += each(f"{how} instead of an answer: {{}}", COMMANDS, entry, "waiting~")
    CASES += each(f"{how} behind the answer: {{}}", ("GREETING", "EHLO", "AUTH"),
                  lambda reply, entry=entry: (*reply, entry), "waiting", **IMPLICIT)
    CASES += each(f"{how} behind the answer: {{}}", ("MAIL", "RCPT"), lambda reply, entry=entry: (*reply, entry),
                  "waiting~")
    CASES.append(Case(f"{how} behind the answer: DATA", {"DATA": ("354 go ahead", entry)}, "waiting/doubt",
                      offers=BY_DATA))     # of BDAT it is the last answer
    CASES += [
        Case(f"{how} behind 220 to STARTTLS", {"STARTTLS": ("220 go ahead", entry)}, "waiting", **LOGIN),
        Case(f"{how} in the message", {"BODY": entry}, "waiting/doubt"),
        Case(f"{how} in a large message", {"BODY": (0.1, entry)}, "waiting", body=LARGE, peer={"narrow": True}),
        Case(f"{how} at the end, unanswered", {"END": entry}, "doubt", ("may have arrived",)),
        Case(f"{how} in half an answer at the end", {"END": (b"250 2.0", entry)}, "doubt", ("may have arrived",)),
        Case(f"{how} between two lines of the last answer", {"END": (b"250-2.0.0 ta\r\n", entry)}, "doubt",
             ("may have arrived",)),
        Case(f"{how} at the second of three recipients", {"RCPT": ["250 ok", entry]}, "waiting~", to=ALL3),
    ]
CASES += [
    Case("closed behind the last answer", {"END": ("250 taken", CLOSE)}, "delivered"),
    Case("reset behind the last answer", {"END": ("250 taken", 0.05, RESET)}, "delivered/doubt"),
    Case("closed behind a refusal", {"END": {ALICE: ("554 5.6.0 no", CLOSE)}}, "refused", ("554 5.6.0 no",)),
    Case("QUIT unanswered", {"QUIT": 20}, "delivered", within=TIMEOUT + 1),
    Case("QUIT refused", {"QUIT": "500 stay"}, "delivered"),
    Case("QUIT reset", {"QUIT": RESET}, "delivered"),
]

# 421
CASES += each("421: {}", BEFORE_MAIL, "421 4.3.2 going down", "waiting", ("421 4.3.2 going down",), **LOGIN)
CASES += each("421: {}", (*COMMANDS, "END"), "421 4.3.2 going down", "waiting/deferred", ("421 4.3.2 going down",))
CASES += each("421 and closed: {}", (*COMMANDS, "END"), ("421 4.3.2 going down", CLOSE), "waiting/deferred",
              ("421 4.3.2 going down",))
CASES += each("421 once: {}", (*COMMANDS, "END"), lambda reply: Ever([("421 4.3.2 going down", CLOSE), reply]),
              "waiting/deferred/delivered")
CASES += [
    Case("421 in the message", {"BODY": ("421 4.3.2 going down", 0.2, CLOSE)}, "waiting/deferred/doubt"),
    Case("421 in a large message", {"BODY": ("421 4.3.2 going down", 0.2, CLOSE)}, "waiting/deferred", body=LARGE,
         peer={"narrow": True}),
    Case("421 to the third recipient", {"RCPT": {DAN: ("421 4.3.2 enough", CLOSE)}},
         "waiting/delivered waiting/delivered waiting", ("421 4.3.2 enough",), to=ALL3),
]

# What answers something else
CASES += [
    Case("354 to MAIL", {"MAIL": "354 go ahead"}, "waiting~", ("354",)),
    Case("354 to RCPT", {"RCPT": "354 go ahead"}, "waiting~", ("354",)),
    Case("354 before DATA", {"RCPT": ("250 ok", "354 go ahead")}, "waiting/doubt", confused=True),     # a race
    Case("354 before DATA, in one", {"RCPT": "250 ok\n354 go ahead"}, "waiting", offers=LOCKSTEP),
    # It is taken for the answer to DATA, which has left; and the true one is no answer to the dot
    Case("354 before that to DATA, in one", {"RCPT": "250 ok\n354 go ahead"}, "waiting/doubt", offers=AHEAD),
    Case("354 at the end", {"END": "354 go on"}, "doubt", confused=True),
    Case("354 for a greeting", {"GREETING": "354 go ahead"}, "waiting", offers=LOCKSTEP),
    Case("250 for a greeting", {"GREETING": "250 hello"}, "waiting/delivered", offers=LOCKSTEP),
    Case("250 to DATA", {"DATA": "250 ok"}, "waiting/deferred", ("250 ok",), offers=BY_DATA),
    Case("220 to MAIL", {"MAIL": "220 hello"}, "delivered/waiting"),
    Case("334 to MAIL", {"MAIL": "334 "}, "waiting~"),
    Case("334 at the end", {"END": "334 "}, "doubt", confused=True),
    Case("a no too many", {"RCPT": "250 ok\n250 ok\n554 no"}, "doubt", ("554 no",), offers=(CHUNKING,), confused=True),
    Case("a yes too many", {"RCPT": "250 ok\n250 ok\n250 ok"}, "doubt", ("before it was asked",), offers=(CHUNKING,),
         confused=True),
    # Behind 354 a yes is to the message; with all sent ahead it may have been to what stood before
    Case("two yeses at the end", {"END": "250 ok\n250 ok"}, "delivered", offers=BY_DATA),
    Case("two yeses at the end, all sent", {"END": "250 ok\n250 ok"}, "doubt", offers=(CHUNKING,), confused=True),
    Case("a yes at the end, and 421", {"END": "250 ok\n421 4.4.2 idle"}, "delivered"),
    Case("yes before the message", {"DATA": "354 go ahead\n250 taken", "END": CLOSE}, "waiting~", confused=True),
    Case("yes before the message, later", {"DATA": ("354 go ahead", 0.05, "250 taken"), "END": CLOSE},
         "waiting/doubt/delivered", confused=True, liar=True),      # a small one is out before it can be seen
    Case("yes before the message, and again behind it", {"DATA": "354 go ahead\n250 taken"}, "waiting~/delivered",
         confused=True),
    Case("yes in the message", {"BODY": ("250 taken", 0.2, CLOSE)}, "waiting/doubt/delivered", confused=True,
         liar=True),
    Case("yes in a large message", {"BODY": ("250 taken", 0.2, CLOSE)}, "waiting", body=LARGE, confused=True,
         peer={"narrow": True}),
    Case("all said at once, nothing read", {"GREETING": (
        "220 hi\n250-peer\n250 8BITMIME\n250 ok\n250 ok\n354 go\n250 taken\n221 bye", 0.3, CLOSE)}, "waiting/doubt"),
    Case("all said behind EHLO", {"EHLO": ("250-peer\n250 8BITMIME\n250 ok\n250 ok\n354 go\n250 taken", 0.3, CLOSE)},
         "waiting/doubt"),
    Case("all said behind MAIL", {"MAIL": ("250 ok\n250 ok\n354 go\n250 taken", 0.3, CLOSE)}, "waiting~"),
    Case("all said behind RCPT", {"RCPT": ("250 ok\n354 go\n250 taken", 0.3, CLOSE)}, "waiting~"),
    Case("no before MAIL", {"EHLO": "250-peer\n250 8BITMIME\n550 5.7.1 no"}, "waiting/delivered/refused",
         confused=True),
    Case("refused in a large message", {"BODY": {ALICE: ("552 5.3.4 too large", 0.2, CLOSE)}}, "refused/waiting",
         body=LARGE, peer={"narrow": True}),
    Case("deferred in a large message", {"BODY": ("452 4.3.1 no room", 0.2, CLOSE)}, "deferred/waiting", body=LARGE,
         peer={"narrow": True}),
]
for name, script, to in (
        ("MAIL", {"MAIL": "250 ok\n250 ok"}, (BOB,)),
        ("MAIL, the second late", {"MAIL": ("250 ok", 0.05, "250 ok")}, (BOB,)),
        ("RCPT", {"RCPT": "250 ok\n250 ok"}, ALL3),
        ("the last RCPT", {"RCPT": {DAN: "250 ok\n250 ok"}}, ALL3)):
    # With all sent ahead, a yes too many is seen only when nothing is left to be answered: that may be too late
    CASES += [Case(f"two yeses to {name}", script, "waiting", confused=True, to=to, offers=BY_DATA),
              Case(f"two yeses to {name}, all sent", script, "delivered/doubt", confused=True, liar=True, to=to,
                   offers=(CHUNKING,))]
CASES += [Case(f"code {code} at the end", {"END": f"{code} 2.0.0 ok"}, "delivered") for code in (200, 251, 259, 299)]

# Replies of odd forms, to MAIL and at the end. What can be understood is taken.
FINE = {
    "10 kB in a line": lambda code: f"{code} " + "x" * 10_000,
    "1,000 lines": lambda code: lines(code, 1000),
    "no text": lambda code: f"{code}",
    "no text, a blank": lambda code: f"{code} ",
    "two blanks": lambda code: f"{code}  ok",
    "bare LF": lambda code: f"{code} ok\n".encode(),
    "lines with bare LF": lambda code: f"{code}-ok\n{code} ok\n".encode(),
    "8-bit text": lambda code: f"{code} ".encode() + b"gr\xfc\xdfe \xc3\xa9 \xff\xfe\r\n",
    "control characters": lambda code: f"{code} ".encode() + b"\x1b[2J\x07\x08\x7f\x9b\r\n",
    "lines without text": lambda code: f"{code}-\n{code}-\n{code} ",
    "a status of two parts": lambda code: f"{code} 2.1 ok",
    "a status without an end": lambda code: f"{code} 2.1.",
    "a byte at a time": lambda code: slowly(f"{code} ok\r\n", 0.01),
}
BROKEN = {
    "64 kB in a line": lambda code: f"{code} " + "x" * 70_000,
    "100,000 lines": lambda code: lines(code, 100_000),
    "NUL": lambda code: f"{code} o\0k\r\n".encode(),
    "NUL in the code": lambda code: f"{code[:2]}\0 ok\r\n".encode(),
    "a code of 4 digits": lambda code: f"{code}0 ok",
    "a code of 2 digits": lambda code: f"{code[:2]} ok",
    "no code": lambda code: "ok",
    "an empty line": lambda code: "",
    "a blank before the code": lambda code: f" {code} ok",
    "another code in the second line": lambda code: f"{code}-ok\n550 no",
    "code 000": lambda code: "000 ok",
    "code 099": lambda code: "099 ok",
    "code 199": lambda code: "199 ok",
    "code 600": lambda code: "600 ok",
    "code 999": lambda code: "999 ok",
    "code -25": lambda code: "-25 ok",
    "a line of HTTP": lambda code: "HTTP/1.1 400 Bad Request",
    "a line that never ends": lambda code: Endless(f"{code} ".encode(), b"x"),
    "lines that never end": lambda code: Endless(b"", f"{code}-more\r\n".encode()),
    "empty lines that never end": lambda code: Endless(b"", b"\r\n"),
    "a byte a second": lambda code: slowly(f"{code} 2.0.0 everything is fine\r\n", 1),
    "a line a second": lambda code: tuple(step for _ in range(9) for step in (f"{code}-wait", 1)),
    "silence": lambda code: 20,
    "half a line, then silence": lambda code: (f"{code} o".encode(), 20),
    "half a reply, then silence": lambda code: (f"{code}-ok", 20),
}
PATIENT = {"a byte a second", "a line a second", "silence", "half a line, then silence", "half a reply, then silence"}
for what, reply in FINE.items():
    CASES += each(f"{what}: {{}}", ("MAIL", "RCPT", "END"), reply("250"), "delivered", offers=ENDS)
    CASES.append(Case(f"{what}: greeting", {"GREETING": reply("220")}, "delivered", offers=LOCKSTEP))
    CASES.append(Case(f"{what}: DATA", {"DATA": reply("354")}, "delivered", offers=BY_DATA))
    CASES.append(Case(f"{what}: refusal", {"RCPT": {BOB: reply("550")}}, "refused", ("550",), offers=LOCKSTEP))
for what, reply in BROKEN.items():
    # libcurl may cut a line that is too long, rather than the session
    fate = "waiting/delivered" if what == "64 kB in a line" else "waiting"
    CASES.append(Case(f"{what}: GREETING", {"GREETING": reply("220")}, fate, offers=LOCKSTEP))
    CASES.append(Case(f"{what}: EHLO", {"EHLO": reply("250")}, fate, offers=LOCKSTEP))
    CASES += each(f"{what}: {{}}", ("MAIL", "RCPT"), reply("250"), "waiting~", offers=ENDS, large="never" in what)
    CASES.append(Case(f"{what}: DATA", {"DATA": reply("354")}, "waiting", offers=BY_DATA))
    if what not in PATIENT:     # the end is awaited for ten minutes
        CASES.append(Case(f"{what}: END", {"END": reply("250")}, "doubt", ("may have arrived",), offers=ENDS,
                          large="never" in what, confused=True))
CASES += [
    Case("silence: STARTTLS", {"STARTTLS": 20}, "waiting", **LOGIN),
    Case("silence: handshake", {"STARTTLS": ("220 go ahead", 20)}, "waiting", **LOGIN),
    Case("silence: AUTH", {"AUTH": 20}, "waiting", **LOGIN),
    Case("a byte a second: AUTH", {"AUTH": slowly("235 2.7.0 welcome\r\n", 1)}, "waiting", **IMPLICIT),
    Case("the end is awaited longer than anything else", {"END": (TIMEOUT + 1.5, "250 taken")}, "delivered", within=9),
    Case("never reads", {"BODY": 30}, "waiting", body=LARGE, peer={"narrow": True}),
    Case("does not read for a while", {"BODY": 0.6}, "delivered", body=LARGE, within=12),
    Case("never reads a command", {"GREETING": ("220 hello", 20)}, "waiting", offers=LOCKSTEP),
    Case("wraps its greeting in 50 lines", {"GREETING": lines(220, 50, "we do not authorize")}, "delivered"),
    Case("a greeting without ESMTP", {"GREETING": "220 Mailgun Influx ready"}, "delivered", **IMPLICIT),
    Case("a greeting after a while", {"GREETING": (0.6, "220 hello")}, "delivered"),
    Case("an EHLO line without a code", {"EHLO": b"250 nice to meet you\r\nSIZE\r\n"}, "waiting/delivered",
         offers=LOCKSTEP),
]

# PIPELINING and CHUNKING that are offered and do not work: kept, or sent in another way; never refused. Who does not
# know BDAT gets it by DATA, at once.
NO_BDAT = ("500 5.5.1 what?", "502 5.5.1 not implemented", "503 5.5.1 out of order")
KEPT = "waiting~/deferred/delivered"
CASES += [
    Case(f"BDAT answered by {reply}", {"BDAT": reply, "LAST": reply}, "delivered", offers=(CHUNKING,),
         peer={"sane": False}) for reply in NO_BDAT]
CASES += [
    Case(f"BDAT of three to three answered by {reply[:3]}", {"LAST": reply, "RCPT": {"<two-to": "550 5.1.1 who?"}},
         "delivered; refused; delivered", offers=(CHUNKING,), messages=3) for reply in NO_BDAT]
CASES += [
    Case(f"BDAT answered by {reply[:3]}, and closed", {"LAST": (reply, CLOSE)}, "delivered; delivered; delivered",
         offers=(CHUNKING,), messages=3) for reply in NO_BDAT]
CASES += [
    # Only what may be taken is waited for so long (RFC 5321 4.5.3.2.6)
    Case("BDAT unanswered, nobody was taken", {"MAIL": TO_MAIL, "LAST": Ever([20, "250 ok"])}, "refused",
         ("554 5.6.0 not this one",), offers=(CHUNKING,), peer={"sane": False}),
    Case("BDAT answered by 421", {"LAST": "421 4.7.0 no BDAT"}, "waiting", ("421 4.7.0 no BDAT",), offers=(CHUNKING,)),
    Case("BDAT answered by 500, one recipient refused", {"LAST": NO_BDAT[0], "RCPT": {CAROL: ANSWERS["refused"]}},
         "delivered refused delivered", ("550 5.1.1 who?",), to=ALL3, offers=(CHUNKING,)),
    Case("BDAT answered by 500, and DATA by 554", {"LAST": NO_BDAT[0], "DATA": TO_MAIL}, "refused",
         ("554 5.6.0 not this one",), offers=(CHUNKING,)),
    Case("BDAT answered by 500, and the dot by 451", {"LAST": NO_BDAT[0], "DOT": "451 4.3.0 later"}, "deferred",
         ("451 4.3.0 later",), offers=(CHUNKING,)),
    Case("BDAT answered by 500 in a large message", {"BODY": Ever([(NO_BDAT[0], 0.2, CLOSE), ()])}, "delivered",
         offers=(CHUNKING,), body=LARGE, peer={"narrow": True}, within=12),
]
CASES += [
    Case("BDAT unknown, its bytes taken for commands", {"BDAT": NO_BDAT[0]}, "delivered", offers=(CHUNKING,),
         peer={"bdat_known": False}, body=b"RSET\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<x@example.com>\r\nDATA\r\n"
         b"Subject: evil\r\n\r\nevil\r\n.\r\n"),
    # Replies to its lines are none to what follows
    Case("BDAT unknown, and three messages", {"BDAT": NO_BDAT[0], "HELP": "250 a"},
         "delivered~; delivered~; delivered~", offers=(CHUNKING,), peer={"bdat_known": False}, body=b"HELP\r\n" * 9,
         messages=3),
    Case("BDAT closes", {"BDAT": CLOSE, "LAST": CLOSE}, "waiting/doubt/delivered", offers=(CHUNKING,)),
    Case("BDAT takes no second chunk", {"BDAT": ["250 ok", "503 5.5.1 what?"]}, KEPT, offers=(CHUNKING,), body=LARGE),
    Case("only the first of a batch is answered: MAIL", {"MAIL": ("250 ok", FORGET)}, KEPT, to=ALL3, offers=AHEAD),
    Case("only the first of a batch is answered: RCPT", {"RCPT": [("250 ok", FORGET), "250 ok"]}, KEPT, to=ALL3,
         offers=AHEAD),
    Case("the rest of a batch is refused: MAIL", {"MAIL": ("250 ok", FORGET, b"")}, KEPT, to=ALL3, offers=AHEAD),
    Case("a batch is too much: 500 and closed", {"MAIL": ("250 ok", 0.02, "500 5.5.0 pipelining not supported", CLOSE)},
         "waiting~/deferred/refused waiting~/deferred waiting~/deferred", to=ALL3, offers=AHEAD, confused=True),
    Case("replies to a batch late", {"MAIL": (0.3, "250 ok"), "RCPT": (0.2, "250 ok")}, "delivered", to=ALL3),
    Case("one reply too few", {"RCPT": ["250 ok", (), "250 ok"]}, "waiting", to=ALL3, offers=BY_DATA),
    Case("QUIT only is answered", {"MAIL": (), "RCPT": (), "DATA": (), "END": ()}, "waiting~", offers=LOCKSTEP),
]

# What is offered
CASES += [
    Case("PIPELINING in clear, not in private", {"EHLO": [caps("peer", "PIPELINING", "CHUNKING", "STARTTLS"),
         caps("peer", "AUTH PLAIN")]}, "delivered", to=ALL3, **LOGIN),
    Case("CHUNKING in clear, not in private", {"EHLO": [caps("peer", "CHUNKING", "STARTTLS"), caps(
        "peer", "PIPELINING", "AUTH PLAIN")], "BDAT": "500 what?"}, "delivered", **LOGIN),
    Case("SIZE 10 in clear, none in private", {"EHLO": [caps("peer", "SIZE 10", "STARTTLS"), caps(
        "peer", "AUTH PLAIN")]}, "delivered", **LOGIN),
    Case("SIZE 10 in private, none in clear", {"EHLO": [caps("peer", "STARTTLS"), caps(
        "peer", "SIZE 10", "AUTH PLAIN")]}, "refused", ("552",), **LOGIN),
    Case("AUTH in clear, none in private", {"EHLO": [
        caps("peer", "AUTH PLAIN LOGIN", "STARTTLS"), caps("peer", "HELP")]}, "waiting", ("AUTH",), private=True,
         **LOGIN),
    Case("AUTH in clear, and another in private", {"EHLO": [caps("peer", "AUTH PLAIN", "STARTTLS"), caps(
        "peer", "AUTH LOGIN")], "AUTH": "334 UGFzc3dvcmQ6", "ANSWER": "235 ok"}, "delivered",
         **LOGIN),
    Case("AUTH in clear only, STARTTLS never", {"EHLO": caps("peer", "AUTH PLAIN LOGIN")}, "waiting", ("TLS",),
         private=True, **LOGIN),
    Case("STARTTLS again in private", {"EHLO": caps("peer", "STARTTLS", "AUTH PLAIN")}, "delivered", **LOGIN),
    Case("AUTH of the old form", {"EHLO": caps("peer", "AUTH=PLAIN LOGIN")}, "waiting/delivered", **IMPLICIT),
    Case("AUTH of both forms", {"EHLO": caps("peer", "AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN")}, "delivered", **IMPLICIT),
    Case("AUTH of no use", {"EHLO": caps("peer", "AUTH GSSAPI NTLM XOAUTH2")}, "waiting", ("GSSAPI",), private=True,
         **IMPLICIT),
    Case("no AUTH", {"EHLO": caps("peer", "HELP")}, "waiting", ("AUTH",), private=True, **IMPLICIT),
    Case("login by 250", {"AUTH": "250 ok"}, "waiting", ("no answer to it: 250 ok",), **IMPLICIT),
    Case("login by 250, and capabilities", {"AUTH": "250-peer\n250 CHUNKING"}, "waiting", ("no answer to it: 250",),
         **LOGIN),
    Case("login asks for ever", {"AUTH": "334 ", "ANSWER": "334 "}, "waiting", ("asks for more", "neither took"),
         **IMPLICIT),
    Case("LOGIN asks for more than it has", {"EHLO": caps("peer", "AUTH LOGIN"), "AUTH": "334 UGFzc3dvcmQ6",
         "ANSWER": "334 VG9rZW46"}, "waiting", ("asks for more (334 VG9rZW46)",), **IMPLICIT),
    Case("LOGIN answered by nonsense", {"EHLO": caps("peer", "AUTH LOGIN"), "AUTH": "334 UGFzc3dvcmQ6",
         "ANSWER": "what do you mean?"}, "waiting", ("login failed", "no reply of SMTP", "neither took"), **IMPLICIT),
    Case("LOGIN answered by 250", {"EHLO": caps("peer", "AUTH LOGIN"), "AUTH": "334 UGFzc3dvcmQ6",
         "ANSWER": "250 ok"}, "waiting", ("no answer to it: 250 ok",), **IMPLICIT),
    Case("LOGIN refused behind 334", {"EHLO": caps("peer", "AUTH LOGIN"), "AUTH": "334 UGFzc3dvcmQ6",
         "ANSWER": "535 5.7.8 no"}, "waiting", ("login refused: 535 5.7.8 no", "check user"), **IMPLICIT),
    Case("LOGIN not possible behind 334", {"EHLO": caps("peer", "AUTH LOGIN"), "AUTH": "334 UGFzc3dvcmQ6",
         "ANSWER": "454 4.7.0 later"}, "waiting", ("login not possible now: 454 4.7.0 later",), **IMPLICIT),
    Case("cut at the login", {"AUTH": CLOSE}, "waiting", ("login failed", "broke it off"), **IMPLICIT),
    Case("cut behind 334", {"EHLO": caps("peer", "AUTH LOGIN"), "AUTH": "334 UGFzc3dvcmQ6", "ANSWER": CLOSE},
         "waiting", ("login failed", "broke it off"), **IMPLICIT),
    Case("login refused by 530", {"AUTH": "530 5.7.0 TLS first"}, "waiting", ("login refused: 530 5.7.0",),
         **IMPLICIT),
    Case("login asks in no base64", {"AUTH": "334 !!!\x07", "ANSWER": "235 ok"}, "waiting/delivered", **IMPLICIT),
    Case("keywords in small letters", {"EHLO": caps("peer", "size 1000000", "pipelining", "8bitmime")}, "delivered"),
    Case("SIZE without a number", {"EHLO": caps("peer", "SIZE")}, "delivered"),
    Case("SIZE of letters", {"EHLO": caps("peer", "SIZE much")}, "delivered"),
    Case("SIZE beyond numbers", {"EHLO": caps("peer", "SIZE 99999999999999999999999999")}, "delivered"),
    Case("SIZE below nothing", {"EHLO": caps("peer", "SIZE -1")}, "delivered"),
    Case("SIZE too small", {"EHLO": caps("peer", "SIZE 10")}, "refused", ("552",)),
    Case("8 BITMIME, says Yahoo", {"EHLO": caps("peer", "PIPELINING", "8 BITMIME")}, "delivered"),
    Case("TLS as a text", {"EHLO": "250-peer\n250 AUTH=LOGIN\n250 TLS"}, "waiting/delivered"),
    Case("nothing at all", {"EHLO": "250 peer"}, "delivered", offers=LOCKSTEP),
    Case("60 extensions", {"EHLO": caps("peer", *(f"XTENSION-{n} with some words" for n in range(60)), "HELP")},
         "delivered"),
    Case("1,000 extensions", {"EHLO": caps("peer", *(f"X{n}" for n in range(1000)), "HELP")}, "delivered/waiting"),
    Case("the widest list seen", {"EHLO": caps(
        "peer", "8BITMIME", "ATRN", "BINARYMIME", "BURL imap", "CHECKPOINT", "CHUNKING", "CONNEG", "CONPERM",
        "DELIVERBY 3600", "DSN", "ENHANCEDSTATUSCODES", "ETRN", "EXPN", "FUTURERELEASE 1 2", "HELP", "LIMITS RCPTMAX=9",
        "MT-PRIORITY MIXER", "MTRK", "NO-SOLICITING a", "PIPELINING", "PIPECONNECT", "PRDR", "REQUIRETLS", "RRVS",
        "SIZE 9999999", "SMTPUTF8 ignore", "VRFY", "X-EXPS GSSAPI", "XCLIENT NAME")}, "delivered", to=ALL3),
]

# TLS
CERTIFICATES = {     # and what is said of them
    "wrong-name": "check host", "name-nul": "check host", "common-name": "check host",
    "cn-only": "subjectAltName", "self-signed": "tls-ca-file", "stranger": "tls-ca-file", "incomplete": "tls-ca-file",
    "expired": "must renew it", "not-yet": "clock", "wrong-purpose": "one for servers", "ca-leaf": "one for servers",
    "rsa-1024": "stronger key", "md5": "stronger key", "sha1": "stronger key",
}
INJECTED = b"250-peer\r\n250 AUTH PLAIN\r\n"
for tls in BOTH:
    CASES += [
        Case(f"certificate {name}, {tls['tls']}", {}, "waiting", ("certificate of", word, "valid until"), certificate=name, private=True,
             settings={"host": "localhost"} if name in ("name-nul", "cn-only") else {}, **tls)
        for name, word in CERTIFICATES.items()]
    # a key so short that no handshake of TLS 1.3 is possible by it
    CASES.append(Case(f"key rsa-512, {tls['tls']}", {}, "waiting", ("TLS",), certificate="rsa-512", private=True,
                      **tls))
    CASES.append(Case(f"a chain of three, {tls['tls']}", {}, "delivered", certificate="chained", **tls))
CASES += [
    Case("injected behind 220, in one", {"STARTTLS": (b"220 go ahead\r\n" + INJECTED, STARTTLS)}, "waiting",
         private=True, **LOGIN),
    Case("injected behind 220, in two", {"STARTTLS": (b"220 go ahead\r\n", 0.05, INJECTED, STARTTLS)}, "waiting",
         private=True, **LOGIN),
    Case("injected behind 220, half a line", {"STARTTLS": (b"220 go ahead\r\n250-pe", STARTTLS)}, "waiting",
         private=True, **LOGIN),
    Case("injected behind 220, an LF", {"STARTTLS": (b"220 go ahead\r\n\n", STARTTLS)}, "waiting", private=True,
         **LOGIN),
    Case("220 in two lines", {"STARTTLS": ("220-go\n220 ahead", STARTTLS)}, "delivered/waiting", **LOGIN),
    Case("220 before it was asked", {"EHLO": [caps("peer", "STARTTLS") + "\n220 go ahead", caps("peer", "AUTH PLAIN")]},
         "waiting/delivered", confused=True, **LOGIN),
    Case("220 and a login before they were asked", {"EHLO": [
        caps("peer", "STARTTLS") + "\n220 go\n250-peer\n250 AUTH PLAIN\n235 welcome", CLOSE]}, "waiting", private=True,
         **LOGIN),
    Case("250 to STARTTLS", {"STARTTLS": ("250 ok", CLOSE)}, "waiting", private=True, **LOGIN),
    Case("220 and no TLS", {"STARTTLS": ("220 go ahead", b"250 this is no TLS at all, is it?\r\n", 0.2, CLOSE)},
         "waiting", private=True, **LOGIN),
    Case("STARTTLS not offered", {"EHLO": caps("peer", "HELP")}, "waiting", ("TLS",), private=True, **LOGIN),
    Case("STARTTLS offered, and not there", {"STARTTLS": "454 4.7.0 TLS not available"}, "waiting",
         ("454 4.7.0 TLS not available",), private=True, **LOGIN),
    Case("a greeting that is TLS", {"GREETING": b"\x16\x03\x01\x00\x05hello\r\n"}, "waiting", private=True, **LOGIN),
]
for how, entry in (("cut", CLOSE), ("closed in order", BYE)):
    CASES += each(f"TLS {how}: {{}}", ("GREETING", "EHLO", "AUTH", *COMMANDS), entry, "waiting", **IMPLICIT)
    CASES += [
        Case(f"TLS {how} in the message", {"BODY": entry}, "waiting/doubt", **IMPLICIT),
        Case(f"TLS {how} in a large message", {"BODY": entry}, "waiting", body=LARGE, peer={"narrow": True},
             **IMPLICIT),
        Case(f"TLS {how} at the end", {"END": entry}, "doubt", ("may have arrived",), **IMPLICIT),
        Case(f"TLS {how} in the last answer", {"END": (b"250 ta", entry)}, "doubt", ("may have arrived",), **IMPLICIT),
        Case(f"TLS {how} before the last LF", {"END": (b"250 taken\r", entry)}, "doubt/delivered", **IMPLICIT),
        Case(f"TLS {how} behind the last answer", {"END": ("250 taken", entry)}, "delivered", **IMPLICIT),
    ]
CASES += [
    Case(f"all is well, {tls}", {}, "delivered", to=ALL3, tls=tls) for tls in ("implicit", "starttls")]

# Three messages in one flush: what befalls the second
TWO = "<two@example.com>"


def three(name, script, expect, words=(), **more):
    return Case(f"second of three: {name}", script, expect, words, messages=3, **more)


CASES += [
    three("all is well", {}, "delivered; delivered; delivered"),
    three("MAIL refused", {"MAIL": {TWO: "550 5.7.1 no"}}, "delivered; refused; delivered", ("550 5.7.1 no",)),
    three("MAIL deferred", {"MAIL": {TWO: "451 4.7.1 no"}}, "delivered; deferred; delivered", ("451 4.7.1 no",)),
    three("DATA refused", {"DATA": {TWO: "554 5.7.1 no"}}, "delivered; refused; delivered", ("554 5.7.1 no",)),
    three("END refused", {"END": {TWO: "554 5.7.1 no"}}, "delivered; refused; delivered", ("554 5.7.1 no",)),
    three("END deferred", {"END": {TWO: "451 4.7.1 no"}}, "delivered; deferred; delivered", ("451 4.7.1 no",)),
    three("END unanswered", {"END": {TWO: CLOSE}}, "delivered; doubt; waiting~/delivered", ("may have arrived",)),
    three("closed at MAIL", {"MAIL": {TWO: CLOSE}}, "delivered; waiting~; waiting~/delivered"),
    three("closed at DATA", {"DATA": {TWO: CLOSE}}, "delivered; waiting~; waiting~/delivered"),
    three("closed in the message", {"BODY": {TWO: CLOSE}}, "delivered; waiting/doubt; waiting~/delivered"),
    three("421 at MAIL", {"MAIL": {TWO: ("421 4.7.0 no", CLOSE)}}, "delivered; waiting; waiting/delivered"),
    three("421 at the end", {"END": {TWO: ("421 4.7.0 no", CLOSE)}},
          "delivered; waiting/deferred; waiting~/delivered"),
    three("garbage at MAIL", {"MAIL": {TWO: "hm"}}, "delivered; waiting~; waiting~/delivered"),
    three("yes twice", {"MAIL": {TWO: "250 ok\n250 ok"}}, "delivered; waiting; waiting/delivered", confused=True,
          offers=BY_DATA),
    three("yes twice, all sent", {"MAIL": {TWO: "250 ok\n250 ok"}}, "delivered/doubt; delivered/doubt; delivered/doubt",
          confused=True, liar=True, offers=(CHUNKING,)),
    three("garbage at the end", {"END": {TWO: "hm"}}, "delivered; doubt; waiting~/delivered"),
    three("silence at MAIL", {"MAIL": {TWO: 20}}, "delivered; waiting~; waiting~/delivered", within=3 * TIMEOUT + 4),
    three("one message a session", {"END": ("250 taken", CLOSE)}, "delivered; delivered~; delivered~"),
    three("one message a session, then 421", {"MAIL": ["250 ok", ("421 4.7.0 enough", CLOSE)]},
          "delivered; delivered~; delivered~"),
    three("421 behind the first, and closed", {"END": {"<one@": ("250 taken", 0.02, "421 4.4.2 idle", CLOSE)}},
          "delivered; delivered~; delivered~"),
    three("421 in one with the first yes", {"END": {"<one@": ("250 taken\n421 4.4.2 idle", CLOSE)}},
          "delivered; delivered~; delivered~"),
    three("closed while idle", {"END": {"<one@": ("250 taken", RESET)}},
          "delivered/doubt; delivered~/waiting; delivered~/waiting"),
    three("one message a session, then 450", {"MAIL": ["250 ok", "450 4.7.0 one is enough"]},
          "delivered; deferred/delivered; deferred/delivered"),
    three("RSET refused", {"MAIL": {TWO: "550 5.7.1 no"}, "RSET": "502 5.5.1 what?"},
          "delivered; refused; waiting/delivered"),
    three("RSET refused, and closed", {"MAIL": {TWO: "550 5.7.1 no"}, "RSET": ("554 5.5.0 enough", CLOSE)},
          "delivered; refused; delivered"),
    three("RSET closes", {"RCPT": {"two-to": "550 5.1.1 who?"}, "RSET": CLOSE},
          "delivered; refused~; waiting~/delivered"),
]


# LMTP (RFC 2033): the end of a message has a reply for each recipient that was taken
def by_lmtp(case, number):
    """The same of a server that speaks LMTP; each time with another offer of those that the case has."""
    offers = case.offers if LONG else (case.offers[number % len(case.offers)],)
    settings = {"protocol": "lmtp", **dict.fromkeys(("user", "password")), **case.settings}
    return replace(case, name=f"LMTP: {case.name}", expect=OTHERWISE.get(case.name, case.expect), offers=offers,
                   peer={**case.peer, "lmtp": True}, settings=settings)


OTHERWISE = {
    "EHLO refused, HELO taken, nothing wanted": "waiting",      # there is no HELO
    # At the end what is said is said of one
    "too many connections, at the end": "deferred",
    "throttled, says SES": "waiting/deferred",
    "throttled at the end, says SES": "deferred",
    "BDAT answered by 421": "deferred",
    # No body goes before its envelope is answered: mostly it does not go at all then
    "a yes too many": "waiting/delivered/doubt",
    "two yeses at the end, all sent": "delivered",
    "two yeses to MAIL, all sent": "waiting/delivered/doubt",
    "two yeses to MAIL, the second late, all sent": "waiting/delivered/doubt",
    "two yeses to RCPT, all sent": "waiting/delivered/doubt",
    "two yeses to the last RCPT, all sent": "waiting/delivered/doubt",
    "second of three: yes twice, all sent": "delivered; waiting/delivered/doubt; waiting/delivered",
}
NOT_BY_LMTP = ("BDAT unanswered, nobody was taken", "a no too many")    # what follows is not even sent


def lmtp(name, script, expect, words=(), **more):
    return Case(f"LMTP, {name}", script, expect, words,
                **{"to": ALL3, "peer": {"lmtp": True}, "settings": {"protocol": "lmtp"}, **more})


def has_login(case):
    return case.tls != "none" and any("AUTH" in part for part in (case.name, *case.script)) or "login" in case.name


LMTP = [by_lmtp(case, number) for number, case in enumerate(CASES)
        if case.tls != "starttls" and not has_login(case) and case.name not in NOT_BY_LMTP]
LMTP += [
    lmtp(f"at the end: {' '.join(answers)}", {"END": dict(zip(ALL3, map(ANSWERS.get, answers)))}, " ".join(answers),
         tuple(ANSWERS[answer] for answer in {*answers} - {"delivered"})) for answers in product(ANSWERS, repeat=3)]
for how, entry in (("closed", CLOSE), ("reset", RESET)):
    known = "delivered" if entry == CLOSE else "delivered/doubt"
    LMTP += [
        lmtp(f"{how} before the first reply", {"END": entry}, "doubt", ("may have arrived",)),
        lmtp(f"{how} behind the first reply", {"END": {BOB: ("250 ok", entry)}}, f"{known} doubt doubt",
             ("may have arrived",)),
        lmtp(f"{how} behind the second reply", {"END": {CAROL: ("250 ok", entry)}}, f"{known} {known} doubt",
             ("may have arrived",)),
        lmtp(f"{how} behind the last reply", {"END": {DAN: ("250 ok", 0.05, entry)}}, known),
        lmtp(f"{how} in the second reply", {"END": {CAROL: (b"250 2.0", entry)}}, f"{known} doubt doubt",
             ("may have arrived",)),
        lmtp(f"{how} behind a no", {"END": {BOB: (0.05, "550 5.1.1 who?", 0.05, entry)}}, "refused/doubt doubt doubt"),
        lmtp(f"{how} behind a later", {"END": {BOB: (0.05, "452 4.2.2 full", 0.05, entry)}},
             "deferred/doubt doubt doubt"),
    ]
LMTP += [
    lmtp("one refused before, one at the end", {"RCPT": {CAROL: ANSWERS["refused"]}, "END": {DAN: ANSWERS["deferred"]}},
         "delivered refused deferred", ("550 5.1.1 who?", "452 4.2.2 full")),
    lmtp("a reply too few", {"END": {DAN: (1, CLOSE)}}, "delivered delivered doubt", ("may have arrived",)),
    lmtp("a reply for all", {"END": {BOB: "250 ok", CAROL: (), DAN: (1, CLOSE)}}, "delivered doubt doubt",
         ("may have arrived",)),
    lmtp("a reply too many", {"END": {BOB: (), CAROL: (), DAN: "250 ok\n250 ok\n250 ok\n250 ok"}}, "doubt",
         ("before it was asked",), confused=True),
    lmtp("a reply too many to one", {"END": "250 ok\n250 ok"}, "delivered", to=(BOB,)),
    lmtp("421 among the replies", {"END": {CAROL: ("421 4.3.2 going down", CLOSE)}}, "delivered deferred waiting",
         ("421 4.3.2 going down",)),
    lmtp("421 among the replies, and it stays", {"END": {CAROL: "421 4.3.2 not now"}}, "delivered deferred delivered",
         ("421 4.3.2 not now",)),
    lmtp("530 among the replies", {"END": {BOB: "530 5.7.0 log in"}}, "deferred delivered delivered",
         ("530 5.7.0 log in",)),
    lmtp("a full mailbox that says 552", {"END": {BOB: "552 quota exceeded, try again"}}, "refused delivered delivered",
         ("552 quota exceeded",)),
    lmtp("a full mailbox that says 452", {"END": {BOB: "452 quota exceeded"}}, "deferred delivered delivered",
         ("452 quota exceeded",)),
    lmtp("354 among the replies", {"END": {CAROL: "354 go on"}}, "delivered doubt doubt", confused=True),
    lmtp("garbage among the replies", {"END": {CAROL: "hm"}}, "delivered doubt doubt", confused=True),
    lmtp("refused in a large message", {"BODY": {ALICE: ("552 5.2.2 full", 0.2, CLOSE)}},
         "refused/waiting deferred/waiting deferred/waiting", body=LARGE, peer={"lmtp": True, "narrow": True}),
    lmtp("503 to LHLO", {"EHLO": "503 5.5.1 no"}, "waiting", ("503 5.5.1 no", "does it speak LMTP"), offers=LOCKSTEP),
    lmtp("a server of SMTP", {}, "waiting", ("500 5.5.1 unknown", "does it speak LMTP"), offers=LOCKSTEP,
         peer={"lmtp": False}),
    lmtp("spoke LMTP, and the client does not", {}, "waiting", ("500 5.5.1 unknown",), offers=LOCKSTEP, settings={}),
]
CASES += LMTP
