"""A server that hangs up on whoever makes too many errors, as Postfix does at the 20th, and a message with more
recipients to refuse than that: those who are left are offered again, in the same flush, and nobody twice."""

import pytest
from cases import CHUNKING, OFFERS, PLAIN
from peer import USUAL, Peer
from stage import DAN, Stage

NO, LATER = "550 5.1.1 <no> no such mailbox", "450 4.2.1 <later> mailbox busy"
RCPT = {"<no": NO, "<later": LATER}
USUAL_LIMIT = 20


def begin(offer, patience, certs, build, folder, **options):
    script = {"EHLO": f"250-peer.example.com\n{OFFERS[offer]}250 8BITMIME", "RCPT": RCPT}
    peer = Peer(certs, script, "none", sane=True, patience=patience, **options).__enter__()
    return peer, Stage(folder, build, peer, **({"protocol": "lmtp"} if peer.lmtp else {}))


def mixed(count, every, word="no"):
    return [f"{word if number % every == 0 else 'yes'}{number}@example.net" for number in range(count)]


def wanted(recipients):
    return ["refused" if one.startswith("no") else "deferred" if one.startswith("later") else "delivered"
            for one in recipients]


def one(offer, patience, recipients, certs, build, folder, **options):
    """Between two other messages; what the peer heard."""
    peer, stage = begin(offer, patience, certs, build, folder, **options)
    first, letter, last = stage.put(DAN), stage.put(*recipients), stage.put(DAN)
    run = stage.flush(limit=60)
    where = f"{offer}, {patience} errors: {run}"
    assert stage.fates(letter) == wanted(recipients), where
    assert [stage.fates(first), stage.fates(last)] == [["delivered"]] * 2, where
    assert run.code == (75 if any(one.startswith("later") for one in recipients) else 0), where
    assert "not tried" not in run.err and "paused" not in run.err, f"paused: {where}"
    stage.judge()
    reports = [message for message in peer.received if message.sender == "" and message.taken]
    assert len(reports) == any(one.startswith("no") for one in recipients), where
    peer.__exit__(None)
    return peer


@pytest.mark.parametrize("offer", OFFERS)
def test_so_many_errors_and_no_more(offer, pool, certs, build, scratch):
    """Every number of errors that a server may bear."""
    recipients = mixed(50, 2)
    runs = [pool.submit(one, offer, patience, recipients, certs, build, scratch()) for patience in range(1, 31)]
    for patience, run in enumerate(runs, 1):
        assert len(run.result().sessions) <= 3 + 26 / patience + (26 if patience == 1 else 0), patience


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
@pytest.mark.parametrize("offer", OFFERS)
def test_sixty_of_a_thousand(offer, protocol, certs, build, scratch):
    """Named warily behind the first time, so that it hangs up once at most."""
    peer = one(offer, USUAL_LIMIT, mixed(1000, 17), certs, build, scratch(), lmtp=protocol == "lmtp")
    assert len(peer.sessions) <= 2 + (offer != PLAIN)


@pytest.mark.parametrize("word", ["no", "later"])
@pytest.mark.parametrize("offer", OFFERS)
def test_all_of_two_hundred(offer, word, certs, build, scratch):
    peer = one(offer, USUAL_LIMIT, mixed(200, 1, word), certs, build, scratch())
    assert len(peer.sessions) <= 16


@pytest.mark.parametrize("offer", OFFERS)
def test_the_bad_ones_are_last(offer, certs, build, scratch):
    one(offer, USUAL_LIMIT, [f"yes{number}@example.net" for number in range(100)] + mixed(40, 1), certs, build,
        scratch())


def test_no_body_goes_ahead_of_so_many(certs, build, scratch):
    """If the connection breaks it would be in doubt for all."""
    peer, stage = begin(CHUNKING, USUAL_LIMIT, certs, build, scratch())
    letter = stage.put(*mixed(100, 2))
    stage.flush(limit=60)
    assert stage.fates(letter) == wanted(letter.to)
    assert all(message.recipients for message in peer.received), "a body was sent in vain"


def test_one_that_leaves_and_has_settled_nothing_is_paused(certs, build, scratch):
    """Two sessions for so many recipients, and not one more."""
    script = {"RCPT": {"yes": ("421 4.3.2 going down",)}, **{key: USUAL[key] for key in ("MAIL", "DATA")}}
    with Peer(certs, script, "none", sane=True) as peer:
        stage = Stage(scratch(), build, peer)
        letter = stage.put(*mixed(40, 50, "yes"))
        run = stage.flush()
        assert run.code == 75 and set(stage.fates(letter)) == {"waiting"} and len(peer.sessions) <= 2
        assert "1 message stays queued; paused until" in run.err
