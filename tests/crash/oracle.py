"""The promise, judged by machine after any run.

Accepted (exit 0): each recipient is served once, or still waits in a whole entry; twice only in doubt, that is when
the relay took it and its client cannot have known. Not accepted: nothing deliverable. Killed, so that nobody was told
anything: one of the two. After the next flush nothing is left over.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

import entries

TOKEN = re.compile(rb"^Subject: (\S+)\r?$", re.M)
REPORTED = re.compile(rb"(?mi)^Final-Recipient: *rfc822; *(\S+)")       # in a report to the sender (RFC 3464)


@dataclass
class Sent:
    """A message somebody tried to hand over."""
    token: str
    message: bytes              # as it must arrive
    recipients: list
    accepted: bool = None       # None: nobody was told
    may_repeat: bool = False    # what is judged may have left it in doubt in a way that the relay cannot see


def token_of(data):
    found = TOKEN.search(data)
    return found and found[1].decode()


def code_says(code):
    """What an exit status tells the caller; strace and shells say 128 + n, or -n, for killed."""
    return None if code < 0 or code > 128 else code == 0


ALIASES = {"ops": ["bob@example.net", "dan@example.net"]}       # in the aliases file of who delivers


class Oracle:
    def __init__(self, home, sink):
        self.home, self.sink = home, sink

    def queued(self):
        """All entries, every one whole; half a message is never in the queue."""
        assert self.home.corrupt == [], "an entry of ours was called corrupt"
        try:
            return [entries.read(path) for path in self.home.entries]
        except entries.Broken as broken:
            raise AssertionError(f"half an entry in the queue: {broken}") from None

    def judge(self, *sent):
        """Now, whatever has happened."""
        self.sink.quiet()
        known = {each.token: each for each in sent}
        reports, queued, taken = [], defaultdict(list), defaultdict(list)
        for entry in self.queued():
            if entry.sender:
                queued[self._known(known, entry.message, "queued")].append(entry)
            else:
                reports.append(entry.message)
        for take in self.sink.taken:
            if take.sender:
                taken[self._known(known, take.data, "taken")].append(take)
            else:
                reports.append(take.data)
        known_reports = len(reports) - sum(not take.sender and not take.heard for take in self.sink.taken)
        assert len(known) > 1 or known_reports <= 1 or sent[0].may_repeat, "reported twice"
        reported = {recipient.decode() for recipient in REPORTED.findall(b"\n".join(reports))}
        for token, each in known.items():
            self._judge_one(each, queued[token], taken[token], reported)

    @staticmethod
    def _waiting(entry):
        """Who waits; of an alias that waits, those that it is not written down for yet."""
        for recipient in entry.waiting:
            targets = ALIASES.get(recipient, [recipient])
            yield from (who for who in targets if who == recipient or who not in entry.recipients)

    def _known(self, known, data, what):
        """The token of what was found."""
        token = token_of(data)
        assert token in known, f"{what}, and nobody sent it: {data[:200]!r}"
        assert data == known[token].message, f"{token} was {what} with other bytes"
        return token

    def _judge_one(self, each, queued, takes, reported):
        token = each.token
        assert len(queued) <= 1, f"{token} is queued {len(queued)} times"
        if each.accepted is False:
            assert not queued, f"{token} was not accepted, and is in the queue"
            assert not takes, f"{token} was not accepted, and was delivered"
        waiting = Counter(self._waiting(queued[0]) if queued else [])
        refused = queued[0].got("refused") if queued else []
        for recipient in each.recipients:
            known = sum(recipient in taken.recipients and taken.heard for taken in takes)
            doubtful = sum(recipient in taken.recipients and not taken.heard for taken in takes)
            where = f"{token} to {recipient}: waiting {waiting[recipient]}, known {known}, in doubt {doubtful}"
            if each.accepted and recipient not in reported:
                assert waiting[recipient] + known + doubtful + (recipient in refused) > 0, f"LOST: {where}"
            if not each.may_repeat:
                assert known + waiting[recipient] <= 1, f"TWICE: {where}"

    def settle(self, *sent, refused=(), codes=(0,), timeout=60):
        """The next flush, by a relay in order: all are served but those refused for good, and nothing is left."""
        result = self.home.run("--flush", "--force", timeout=timeout)
        assert result.code in codes, f"the next flush ended with {result.code}: {result.err}"
        self.judge(*sent)
        left = [entry for entry in self.queued() if entry.sender]
        for entry in left:
            assert not entry.waiting and entry.got("refused"), f"left after the next flush: {entry}"
        served = Counter(recipient for taken in self.sink.taken if taken.sender for recipient in set(taken.recipients))
        for recipient in refused:
            assert not served[recipient], f"{recipient} got what was refused"
        self.nothing_left()
        return left

    def nothing_left(self):
        strangers = [path for path in self.home.spool.rglob("*") if path.is_file()
                     and path.parent.name not in ("queue", "relays") and path.parents[1].name != "later"]
        assert strangers == [], "left over after a flush"
