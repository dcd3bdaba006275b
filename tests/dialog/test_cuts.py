"""The connection ends after every byte that the server sends, and after every byte that it reads: two messages, one of
them to two, in a session without TLS, so that bytes can be counted.

By LMTP, too, where the end of the first message has two replies, and a cut between them parts the two recipients.

Closed in good order, all that the server said has arrived: a message whose last answer was whole is settled. Reset,
that answer may be lost. In doubt is only what may have been sent to its end, and is so whenever the server has that.
"""

import time

import pytest
from cases import CHUNKING, OFFERS
from fixtures import LONG
from peer import USUAL, Cut, Peer
from stage import BOB, CAROL, DAN, Stage

TERSE = {"GREETING": "220 p", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", "DOT": "250 ok", "BDAT": "250 ok",
         "QUIT": USUAL["QUIT"], "RSET": "250 ok"}
WORKERS = 3


def terse(offer):
    return {**USUAL, **TERSE, "EHLO": f"250-p\n{OFFERS[offer]}250 8BITMIME"}


class Bench:
    """A queue and a server for one cut after the other."""

    def __init__(self, offer, certs, build, folder, protocol):
        self.offer = offer
        self.peer = Peer(certs, terse(offer), "none", sane=True, lmtp=protocol == "lmtp").__enter__()
        self.stage, self.waiting, self.count = Stage(folder, build, self.peer, protocol=protocol), [], 0
        self.settled = []       # what arrived of those that wait for some

    def session(self):
        """Two messages in one flush; their letters."""
        self.count += 1
        self.peer._open.clear()
        self.stage.letters.clear()
        self.peer.received.clear()
        self.peer.sessions.clear()
        self.peer.invited = 0
        first = self.stage.put(BOB, CAROL, body=b".x\r\n", token=f"a{self.count:04}")
        second = self.stage.put(DAN, body=b"y\r\n", token=f"b{self.count:04}")
        self.run = self.stage.flush(first.id, second.id)
        return first, second

    def bytes_of_a_session(self):
        self.session()
        assert self.run.code == 0, self.run
        return sum(one.sent for one in self.peer._open), sum(one.read for one in self.peer._open)

    def cut(self, cut):
        self.peer.cut = cut
        letters = self.session()
        self.stage.judge()
        fates = {letter.token: self.stage.fates(letter) for letter in letters}
        doubtful = 0
        for letter in letters:
            here = self.stage.received(letter)
            where = f"{fates}, {here}: {self.run}"
            doubtful += "doubt" in fates[letter.token]
            for recipient, fate in zip(letter.to, fates[letter.token], strict=True):
                unheard = [one for one in here if not one.code and recipient in one.recipients]
                assert not unheard or fate in ("doubt", "delivered"), f"not in doubt: {where}"
            if "waiting" not in fates[letter.token] and "doubt" not in fates[letter.token]:
                assert set(fates[letter.token]) == {"delivered"}, f"settled wrongly: {where}"
            else:
                self.waiting.append(letter)
                done = {one for one, fate in zip(letter.to, fates[letter.token]) if fate == "delivered"}
                self.settled += [one for one in here if done.issuperset(one.recipients)]
        if self.offer != CHUNKING:
            unknown = {one.data for one in self.peer.received if one.reset or not one.taken}
            known = len({one.data for one in self.peer.received} - unknown)
            assert doubtful <= self.peer.invited - known, f"in doubt, and was not even asked for: {fates} {self.run}"
        assert len(self.peer.sessions) <= 8, f"{len(self.peer.sessions)} sessions"
        assert self.run.code == (75 if any(self.stage.entry(letter) for letter in letters) else 0), self.run
        assert self.run.seconds < 4, f"took {self.run.seconds:.1f} s"

    def settle(self):
        """All that was kept arrives once."""
        self.stage.letters[:] = self.waiting
        self.peer.received[:] = self.settled
        self.stage.mend(terse(self.offer))
        self.peer.__exit__(None)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_cut_after_every_byte(protocol, offer, reset, pool, certs, build, scratch, tell):
    began = time.monotonic()
    benches = [Bench(offer, certs, build, scratch(), protocol) for _ in range(WORKERS)]
    said, heard = benches[0].bytes_of_a_session()
    step = 1 if LONG or not reset and protocol == "smtp" else 2
    cuts = [Cut(sent=n, reset=reset) for n in range(1, said + 1, step)]
    cuts += [Cut(read=n, reset=reset) for n in range(0, heard + 1, step)]
    wrong = []

    def work(bench, mine):
        for cut in mine:
            try:
                bench.cut(cut)
            except AssertionError as error:
                wrong.append(f"{cut}: {error}")
        bench.settle()
    for done in [pool.submit(work, bench, cuts[n::WORKERS]) for n, bench in enumerate(benches)]:
        done.result()
    how = "reset" if reset else "closed"
    tell(f"cut, {protocol}, {offer}, {how}: {said} bytes sent, {heard} read, {len(cuts)} cuts, "
         f"{time.monotonic() - began:.0f} s, {len(wrong)} wrong")
    assert not wrong, f"{len(wrong)} of {len(cuts)}:\n" + "\n".join(map(str, wrong[:10]))
