"""The table of cases.py, each with servers that offer nothing, PIPELINING, and CHUNKING as well."""

import entries
import pytest
from cases import CASES, CHUNKING, OFFERS
from peer import USUAL, Peer
from stage import ALICE, Stage

ROWS = [(case, offer) for case in CASES for offer in case.offers]
IN_CLEAR = (b"EHLO ", b"HELO ", b"STARTTLS", b"QUIT")
NEVER_AHEAD = {"GREETING", "EHLO", "STARTTLS", "AUTH", "ANSWER", "DATA"}    # RFC 2920 3.1: the last of a batch
NUMBERS = ("one", "two", "three")


def ehlo(offer, tls):
    """What such a server says to EHLO."""
    usual = f"250-peer.example.com\n{OFFERS[offer]}250-8BITMIME\n250 "
    if tls == "starttls":
        return [usual + "STARTTLS", usual + "AUTH PLAIN LOGIN"]
    return usual + ("SIZE 0" if tls == "none" else "AUTH PLAIN LOGIN")


def as_bdat(entry):
    """What is said to DATA, said to BDAT."""
    if isinstance(entry, str):
        return entry.replace("354 ", "250 ")
    if isinstance(entry, (list, tuple)):
        return type(entry)(map(as_bdat, entry))
    if isinstance(entry, dict):
        return {key: as_bdat(value) for key, value in entry.items()}
    return entry


def script_of(case, offer):
    script = {"EHLO": ehlo(offer, case.tls), **case.script}
    if "END" in script:
        script["DOT"] = script["LAST"] = script.pop("END")
    elif "DATA" in script:
        script["LAST"] = as_bdat(script["DATA"])
    return script


def alternatives(case, offer):
    """For each message, for each recipient, the fates that are right."""
    expect = case.expect.replace("~", "/waiting/doubt" if offer == CHUNKING else "")
    for part in expect.split(";"):
        words = [set(word.split("/")) for word in part.split()]
        yield words if len(words) > 1 else words * len(case.to)


def put_all(case, stage):
    if case.messages == 1:
        return [stage.put(*case.to, body=case.body)]
    return [stage.put(f"{number}-to@example.net", sender=f"{number}@example.com", body=case.body)
            for number in NUMBERS[:case.messages]]


def play(case, offer, certs, build, folder):
    with Peer(certs, script_of(case, offer), case.tls, case.certificate, **{"sane": True, **case.peer}) as peer:
        stage = Stage(folder, build, peer, **case.settings)
        letters = put_all(case, stage)
        run = stage.flush(limit=case.within + 10, watched=case.large)
        fates = [stage.fates(letter) for letter in letters]
        for letter_fates, right in zip(fates, alternatives(case, offer), strict=True):
            for fate, one in zip(letter_fates, right, strict=True):
                assert fate in one, f"{fates} rather than {case.expect!r}: {run}"
        kept = [entry for entry in map(entries.read, stage.home.entries) if not entry.held]
        assert run.code == (75 if kept else 0), f"{fates}: {run}"
        for word in case.words:
            assert word in run.err, f"{word!r} is not in {run.err!r}"
        assert run.seconds < case.within, f"took {run.seconds:.1f} s"
        assert len(peer.sessions) <= 4 * case.messages, f"{len(peer.sessions)} sessions"
        stage.judge(case.confused, case.liar)
        judge_privacy(case, peer, stage)
        if not case.confused:
            ahead = peer.ahead & NEVER_AHEAD if b"PIPELINING" in peer.offered else peer.ahead
            assert ahead == set(), f"ahead of {ahead}"
        mend(case, offer, certs, peer, stage)


def judge_privacy(case, peer, stage):
    assert all(line.startswith(IN_CLEAR) for line in peer.clear), f"in clear: {peer.clear}"
    assert peer.early == b"", f"behind STARTTLS, in clear: {peer.early}"
    said = b"\n".join(line for lines in peer.sessions for line in lines)
    if case.private:
        assert not any(secret.encode() in said for secret in stage.home.secrets), f"told a stranger: {said!r}"
        assert b"AUTH" not in said and b"MAIL" not in said, f"told a stranger: {said!r}"
    assert stage.home.leaks() == [], "a password was given away"


def mend(case, offer, certs, peer, stage):
    peer.sane = peer.bdat_known = True
    peer.lmtp = case.settings.get("protocol") == "lmtp"
    peer.times.clear()
    if case.tls != "none":
        peer.context.load_cert_chain(certs.certificate("good"), certs.key("good"))
    stage.mend({**USUAL, "EHLO": ehlo(offer, case.tls)}, confused=case.confused, liar=case.liar)


@pytest.fixture(scope="session")
def outcomes(request, pool, certs, build, scratch):
    """What became of each row that is asked for; several run at once."""
    wanted = {item.callspec.id: item.callspec.params["row"] for item in request.session.items
              if getattr(item, "callspec", None) and "row" in item.callspec.params}
    return {name: pool.submit(play, *row, certs, build, scratch()) for name, row in wanted.items()}


@pytest.mark.parametrize("row", ROWS, ids=[f"{case}-{offer}" for case, offer in ROWS])
def test_row(row, request, outcomes):
    outcomes[request.node.callspec.id].result()


def test_the_table_is_a_table(tell):
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 80, {name for name in names if names.count(name) > 1}
    assert all(ALICE not in case.to for case in CASES)
    tell(f"{len(CASES)} behaviours of servers, {len(ROWS)} with what they offer")
