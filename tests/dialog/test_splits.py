"""Replies that come in pieces: every one of a session in two, parted at the same place, for every place; and byte by
byte. It changes nothing."""

import pytest
from cases import OFFERS
from fixtures import LONG
from peer import USUAL, Peer
from stage import BOB, CAROL, DAN, Stage

REPLIES = {"GREETING": "220-peer.example.com\n220 hello", "MAIL": "250-2.1.0 all\n250 2.1.0 is well",
           "RCPT": {CAROL: "550-5.1.1 no such\n550 5.1.1 person", BOB: "250-2.1.5 ok\n250 2.1.5 ok",
                    DAN: "250 2.1.5 ok"},
           "DATA": "354-go\n354 ahead", "DOT": "250-2.0.0 taken\n250 2.0.0 as 1",
           "LAST": "250-2.0.0 taken\n250 2.0.0 as 1"}


def ehlo(offer, tls):
    return f"250-peer.example.com\n{OFFERS[offer]}250 {'SIZE 0' if tls == 'none' else 'AUTH PLAIN'}"


@pytest.mark.parametrize("tls", ["none", "implicit"] if LONG else ["none"])
@pytest.mark.parametrize("offer", OFFERS)
def test_every_reply_in_two(offer, tls, certs, build, scratch, pool, tell):
    places = range(1, len(ehlo(offer, tls)) + 4)
    wrong = []

    def work(mine):
        script = {**USUAL, **REPLIES, "EHLO": ehlo(offer, tls)}
        with Peer(certs, script, tls, sane=True) as peer:
            stage = Stage(scratch(), build, peer, timeout="5s")
            for place in mine:
                stage.letters.clear()
                peer.split = place
                letters = stage.put(BOB, CAROL, token=f"a{place}"), stage.put(DAN, token=f"b{place}")
                run = stage.flush()
                try:
                    assert run.code == 0 and "550 5.1.1 no such person" in run.err, run
                    assert [stage.fates(letter) for letter in letters] == [["delivered", "refused"], ["delivered"]]
                    assert stage.home.entries == []
                except AssertionError as error:
                    wrong.append(f"{place}: {error}")
                peer.received.clear()
    for done in [pool.submit(work, places[n::3]) for n in range(3)]:
        done.result()
    tell(f"replies in two, {offer}, TLS {tls}: {len(places)} places, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong[:10])
