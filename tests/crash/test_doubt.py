"""The relay has it, or has it not, and did not say: the message stays, is marked, and is offered again."""

import entries
import pytest
from acts import BOB
from oracle import Sent
from sink import DROP, TAKE_AND_DROP


@pytest.mark.parametrize("mood,copies", [(DROP, 1), (TAKE_AND_DROP, 2)])
def test_no_final_reply(mood, copies, place):
    place.clean()
    entries.write(place.home.spool, place.wire, [BOB])
    sent = Sent("one", place.wire, [BOB], accepted=True)
    place.sink.mood = lambda stage, talk: mood if stage == "DOT" else None
    assert place.home.run("--flush", "--force").code == 75
    place.oracle.judge(sent)
    (entry,) = place.oracle.queued()
    assert entry.waiting == [BOB] and entry.got("in-doubt")
    place.sink.mood = None
    place.oracle.settle(sent)
    assert len(place.sink.taken) == copies


NOS = ["421 4.3.2 going down", "451 4.3.0 later"]


@pytest.mark.parametrize("stage,mood", [(stage, mood) for stage in ("CONNECT", "MAIL", "RCPT", "DATA")
                                        for mood in (DROP, *NOS, "250-half a reply")] + [("DOT", no) for no in NOS])
def test_not_taken(stage, mood, place):
    """Whatever stands before the end of the message is no doubt: it stays, and goes out once."""
    place.clean()
    entries.write(place.home.spool, place.wire, [BOB])
    sent = Sent("one", place.wire, [BOB], accepted=True)
    place.sink.mood = lambda at, talk: mood if at == stage else None
    if mood.endswith("half a reply"):
        place.home.configure(work={**place.sink.settings(), "timeout": "1s"})
    assert place.home.run("--flush", "--force").code == 75
    assert [entry.waiting for entry in place.oracle.queued()] == [[BOB]]
    place.sink.mood = None
    place.oracle.settle(sent)
    assert len(place.sink.taken) == 1
