"""What is swept: each verb as one line of the table ACTS. A verb of a later version is added by one more line."""

import os
import re
import shutil
import time
from dataclasses import dataclass
from typing import Callable

import entries
from home import Home
from mail import wire, whole
from oracle import ALIASES, Oracle, Sent, code_says
from sink import Sink

BOB, CAROL, DAN = "bob@example.net", "carol@example.net", "dan@example.net"
REFUSALS = {CAROL: "550 5.1.1 no such user", DAN: "451 4.2.1 mailbox busy"}
LARGE = 1_200_000       # more than a session's window, in many pieces
NEVER = 4102444800      # the time of what is held
QUARTER = 15 * 60       # of an hour, between two folders of later/


def message(token, size=1000):
    """A message that needs no mending, so that it must arrive as it is; its token stands in its Subject."""
    line = b".%s the quick brown fox jumps over the lazy dog\n" % token.encode()
    return whole(line * max(1, size // len(line))).replace(b"Subject: hello", b"Subject: " + token.encode())


class Place:
    """A queue and a relay that one run after the other may use."""

    def __init__(self, folder, build, spool=None):
        self.home, self.sink = Home(folder, build), Sink().__enter__()
        if spool:
            self.home.spool = spool
        # Whoever lingers has nothing in hand, and would be killed at each of fifty looks.
        self.home.configure(work={**self.sink.settings(), "linger": "0s"}, hostname="host.example.org")
        self.oracle = Oracle(self.home, self.sink)
        self.log, self.size, self.sent, self.entry = self.home.folder / "strace.log", 1000, None, None

    def close(self):
        self.sink.__exit__()

    def clean(self):
        shutil.rmtree(self.home.spool, ignore_errors=True)
        self.sink.refuse.clear()
        self.sink.taken.clear()

    @property
    def wire(self):
        return wire(message("one", self.size))


def promised(replies):
    """What these replies say of the message; None if none of them does."""
    if re.search(rb"^250 2\.0\.0 (\S+ queued|sent)\r\n", replies, re.M):
        return True
    return False if re.search(rb"^[45]\d\d ", replies, re.M) else None


@dataclass
class Act:
    name: str
    program: str
    arguments: list
    prepare: Callable
    input: Callable = None      # what its standard input holds
    submits: bool = False       # its exit status 0 is the promise
    replies: bool = False       # rather what it replies is, as SMTP
    refused: tuple = ()         # whom the relay refuses for good
    removes: bool = False       # afterwards it may be gone, and nobody has it
    undo: tuple = ()            # the call of pillarbox that makes it deliverable again
    wrapped: str = ""           # traced is this helper of the front, whose exit status is judged
    after: Callable = None      # judges a run that ended with 0

    def command(self, place):
        words = {"CONFIG": place.home.config, "SPOOL": place.home.spool, "ID": place.entry and place.entry.name}
        return [place.home.build / self.program, *(words.get(word, word) for word in self.arguments)]


    def is_done(self, place, code):
        """Did the last run say that it did what it was asked for? A steered store says so on standard output."""
        if self.input == the_id:
            return code == 0 and place.said == b"done\n"
        if self.replies:
            return code == 0 and promised(place.said)
        return code == (69 if self.name == REFUSED else 75 if place.sink.refuse.keys() & {DAN} else 0)

    def told(self, place, code):
        """What the exit status says of the message itself."""
        if self.submits:
            place.sent.accepted = promised(place.said) if self.replies else code_says(code)
        if self.removes:
            place.sent.accepted = False if self.is_done(place, code) else None

    def told_when_killed(self, place, code):
        """The same; the store may have died under its front, perhaps behind the rename, and the front tells its caller
        to send the message again."""
        self.told(place, code)
        if self.wrapped and (code == 75 or self.replies and not promised(place.said)):
            place.sent.accepted = None

    def conclude(self, place):
        """The next flush, and its judgement; the relay refuses for good only now."""
        if self.undo:
            undone = place.home.run(*self.undo)
            assert undone.code == 0, undone.err
        place.sink.refuse = {who: reply for who, reply in place.sink.refuse.items() if who in self.refused}
        place.oracle.settle(place.sent, refused=self.refused)


def fresh(place):
    """No queue at all: the first message makes it."""
    place.clean()
    place.sent = Sent("one", place.wire, [BOB, CAROL])


def queued(*recipients, refuse=()):
    def prepare(place):
        place.clean()
        place.sink.refuse.update({recipient: REFUSALS[recipient] for recipient in refuse})
        place.entry = entries.write(place.home.spool, place.wire, recipients)
        place.sent = Sent("one", place.wire, list(recipients), accepted=True)
    return prepare


def success_to_tell(place):
    place.clean()
    place.entry = entries.write(place.home.spool, place.wire, [BOB], notify="SUCCESS")
    place.sent = Sent("one", place.wire, [BOB], accepted=True)


def given(place):
    return message("one", place.size)


def session(place):
    """The same, as SMTP."""
    return (b"EHLO x\r\nMAIL FROM:<alice@example.com>\r\n" +
            b"".join(f"RCPT TO:<{whom}>\r\n".encode() for whom in (BOB, CAROL)) +
            b"DATA\r\n" + re.sub(rb"(?m)^\.", b"..", place.wire) + b".\r\nQUIT\r\n")


def entry_without_stamps(place):
    return (f"pillarbox 1\nfrom <alice@example.com>\nto <{BOB}>\nto <{CAROL}>\nsize {len(place.wire)}\n\n".encode()
            + place.wire)


def is_gone(place):
    assert place.oracle.queued() == [], "done, and still in the queue"


def is_partly_done(place):
    (entry,) = place.oracle.queued()
    assert entry.got("delivered") == [BOB] and entry.got("refused") == [CAROL] and entry.waiting == [DAN]


def held(place):
    queued(BOB)(place)
    entries.record(place.entry, "held", "-", "for a person", relay="-")
    os.utime(place.entry, (NEVER,) * 2)


def held_for_long(place):
    held(place)
    later(place, NEVER)


def later(place, not_before):
    folder = place.home.spool / "later" / str(not_before)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.entry = place.entry.rename(folder / place.entry.name)


def put_off(place):
    """The fourth attempt: what fails now waits for more than an hour."""
    queued(BOB, DAN, refuse=(DAN,))(place)
    for _ in range(3):
        entries.record(place.entry, "attempt", "-", "")
    os.utime(place.entry, (time.time() - 10,) * 2)
    later(place, int(time.time()) // QUARTER * QUARTER)


def aliased(place):
    """Nothing is written down so far of whom the alias stands for; one of them is put off."""
    queued("ops", refuse=(DAN,))(place)
    place.sent.recipients = ALIASES["ops"]
    path = place.home.folder / "aliases"
    path.write_text("".join(f"{name}: {', '.join(whom)}\n" for name, whom in ALIASES.items()))
    place.home.configure(work={**place.sink.settings(), "linger": "0s"}, hostname="host.example.org", aliases=path)


def is_put_off(place):
    (entry,) = place.oracle.queued()
    assert entry.got("delivered") == [BOB] and entry.waiting == [DAN]
    assert entry.path.stat().st_mtime > time.time() + 2000


def is_put_off_for_one(place):
    (entry,) = place.oracle.queued()
    assert entry.recipients == ["ops", *ALIASES["ops"]] and entry.got("expanded") == ["ops"]
    assert entry.got("delivered") == [BOB] and entry.waiting == [DAN]


def is_held(place):
    (entry,) = place.oracle.queued()
    assert entry.held and entry.waiting == [BOB]


def is_released(place):
    (entry,) = place.oracle.queued()
    assert not entry.held and entry.path.stat().st_mtime <= time.time() + 1


def is_returned(place):
    (entry,) = place.oracle.queued()
    assert entry.sender == "" and entry.recipients == ["alice@example.com"]


def the_id(place):
    return place.entry.name.encode() + b"\n"


def picked(place):
    """To a verb that answers by its exit status."""
    return the_id(place)


def for_later(place):
    queued(BOB)(place)
    later(place, (int(time.time()) // QUARTER + 5) * QUARTER)


def refused(place):
    """One who waits, and hears that nobody gets it."""
    fresh(place)
    place.sent = Sent("one", place.wire, [CAROL])
    place.sink.refuse[CAROL] = REFUSALS[CAROL]


REFUSED = "delivery that is waited for"
SUBMIT = ["-odq", "-f", "alice@example.com", BOB, CAROL]
DELIVER = ["--config", "CONFIG", "--flush", "--force"]
ACTS = [
    Act("submission", "pillarbox", SUBMIT, fresh, input=given, submits=True),
    Act("store", "pillarbox-queue", ["--queue", "SPOOL"], fresh, input=entry_without_stamps, submits=True),
    Act("store under the front", "pillarbox", SUBMIT, fresh, input=given, submits=True,
        wrapped="pillarbox-queue"),
    Act("session", "pillarbox", ["-bs", "-odq"], fresh, input=session, submits=True, replies=True),
    Act("store under a session", "pillarbox", ["-bs", "-odq"], fresh, input=session, submits=True, replies=True,
        wrapped="pillarbox-queue"),
    Act("delivery to one", "pillarbox-deliver", DELIVER, queued(BOB), after=is_gone),
    Act("delivery that is to be told of", "pillarbox-deliver", DELIVER, success_to_tell, after=is_gone),
    Act("delivery to three", "pillarbox-deliver", DELIVER, queued(BOB, CAROL, DAN, refuse=(CAROL, DAN)),
        refused=(CAROL,), after=is_partly_done),
    Act("delivery that is refused", "pillarbox-deliver", DELIVER, queued(CAROL, refuse=(CAROL,)), refused=(CAROL,)),
    Act(REFUSED, "pillarbox", ["-odi", "-f", "alice@example.com", CAROL], refused, input=given, submits=True,
        refused=(CAROL,), wrapped="pillarbox-deliver", after=is_gone),
    Act("hold", "pillarbox-queue", ["--queue", "SPOOL", "--hold"], queued(BOB), input=the_id, after=is_held,
        undo=("--release", "all")),
    Act("hold by the front", "pillarbox", ["--hold", "ID"], queued(BOB), after=is_held, undo=("--release", "all")),
    Act("release", "pillarbox-queue", ["--queue", "SPOOL", "--release"], held, input=the_id, after=is_released,
        undo=("--release", "all")),
    Act("release from later", "pillarbox-queue", ["--queue", "SPOOL", "--release"], held_for_long, input=the_id,
        after=is_released, undo=("--release", "all")),
    Act("delivery from later", "pillarbox-deliver", DELIVER, put_off, after=is_put_off),
    Act("delivery to an alias", "pillarbox-deliver", DELIVER, aliased, after=is_put_off_for_one),
    Act("delivery in the background", "pillarbox-deliver", ["--config", "CONFIG", "--background", "ID"], queued(BOB),
        after=is_gone),
    Act("delivery in the background, refused", "pillarbox-deliver", ["--config", "CONFIG", "--background", "ID"],
        queued(CAROL, refuse=(CAROL,)), refused=(CAROL,), after=is_gone),
    Act("delivery of what is picked", "pillarbox-deliver", ["--config", "CONFIG", "--ids", "--flush"], for_later,
        input=picked, after=is_gone),
    Act("remove", "pillarbox-queue", ["--queue", "SPOOL", "--remove"], queued(BOB), input=the_id, after=is_gone,
        removes=True),
    Act("bounce from later", "pillarbox-deliver", ["--config", "CONFIG", "--bounce"], for_later, input=the_id,
        after=is_returned, removes=True),
    Act("bounce of what is held", "pillarbox-deliver", ["--config", "CONFIG", "--bounce"], held_for_long, input=the_id,
        after=is_returned, removes=True, undo=("--release", "all")),
    Act("bounce", "pillarbox-deliver", ["--config", "CONFIG", "--bounce"], queued(BOB), input=the_id, after=is_returned,
        removes=True),
]
BY_NAME = {act.name: act for act in ACTS}
