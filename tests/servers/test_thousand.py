"""One flush of a long queue to each of the servers that are used most: each message once at each recipient, to the
byte; who is refused is settled, and its sender told once; few sessions."""

import re
import time
from collections import Counter
from email import message_from_bytes, policy

import entries
import load
import pytest
from home import at
from postfix import LATER, REFUSED, without_trace

MANY, FEW = 1000, 50
LIMIT = 120     # seconds, for one flush


@pytest.fixture
def way(server, request):
    """The settings of a relay that is the server, by STARTTLS or by implicit TLS."""
    port = server.submission_port if request.param == "starttls" else server.submissions_port
    return at(server, port=port, tls=request.param, timeout="20s")


@pytest.mark.parametrize("way, count", [("implicit", MANY), ("starttls", FEW)], indirect=["way"])
def test_one_flush(home, server, way, count, tell):
    home.configure(work=way)
    sent = load.queue(home, count)
    before, (sessions, rejected) = len(server.messages), server.counts()

    began = time.monotonic()
    result = home.run("--flush", timeout=LIMIT)
    took = time.monotonic() - began

    refused = [each for each in sent if REFUSED in each.recipients and LATER not in each.recipients]
    later = [each for each in sent if LATER in each.recipients]
    reach(server, before, sent, refused)
    arrived = server.messages[before:]
    judge_arrived([message for message in arrived if message.mail_from], sent)
    judge_reports([message for message in arrived if not message.mail_from], refused)
    judge_queue(home, later)
    judge_said(result, refused, later)

    sessions, rejected = (now - then for now, then in zip(server.counts(), (sessions, rejected)))
    offered = count + len(refused)
    tell(f"{server.NAME}, {way['tls']}: {count} messages and {len(refused)} reports in {took:.1f} s, "
         f"{offered / took:.0f} a second; {sessions} sessions")
    assert rejected == 0
    assert 1 <= sessions <= offered // 100 + 2, "a session is for a hundred messages"


def reach(server, before, sent, refused):
    """Waits until the server has passed on what must arrive, and for what must not besides."""
    awaited = sum(len(each.good) for each in sent) + len(refused)
    give_up = time.monotonic() + 60
    while sum(len(message.rcpt_tos) for message in server.messages[before:]) < awaited:
        if time.monotonic() > give_up:
            print(server.log[-4000:])
            break
        time.sleep(0.05)
    time.sleep(0.5)


def judge_arrived(arrived, sent):
    """Every message, once at each recipient who was not refused, byte for byte."""
    wanted = Counter((each.number, recipient) for each in sent for recipient in each.good)
    got = Counter((load.number_of(message.data), recipient) for message in arrived for recipient in message.rcpt_tos)
    assert got - wanted == Counter(), "came too often, or to the wrong one"
    assert wanted - got == Counter(), "did not come"
    for message in arrived:
        original = sent[load.number_of(message.data)].message
        assert without_trace(message.data) == original, f"number {load.number_of(original)} was changed"
        assert message.mail_from == load.SENDER


def judge_reports(reports, refused):
    """One for each message with somebody refused; nobody else is in it."""
    told = Counter()
    for report in reports:
        assert report.rcpt_tos == [load.SENDER]
        message = message_from_bytes(report.data, policy=policy.default)
        status = next(part for part in message.walk() if part.get_content_type() == "message/delivery-status")
        named = [block["Final-Recipient"] for block in status.get_payload()[1:]]
        assert named == [f"rfc822; {REFUSED}"]
        told[int(re.search(r"<load-(\d+)@", message["In-Reply-To"])[1])] += 1
    assert told == Counter(each.number for each in refused)


def judge_queue(home, later):
    """Nothing is left but what waits for somebody, and that is known to have come to the others."""
    left = {load.number_of(entry.message): entry for entry in map(entries.read, home.entries)}
    assert sorted(left) == sorted(each.number for each in later)
    for each in later:
        entry = left[each.number]
        assert entry.message == each.message and entry.waiting == [LATER]
        assert sorted(entry.got("delivered")) == sorted(each.good)
        assert entry.got("refused") == [recipient for recipient in each.recipients if recipient == REFUSED]
        assert entry.got("deferred") in ([LATER], [None]) and not entry.got("in-doubt")
    assert home.corrupt == []


def judge_said(result, refused, later):
    """One line for each message that did not come to all."""
    assert result.code == (75 if later else 0) and result.out == b""
    lines = result.err.splitlines()
    assert len(lines) == len(refused) + len(later), result.err
    told = [line for line in lines if "refused: 550 5." in line and "no such mailbox; its sender is told" in line]
    assert len(told) == len(refused), result.err


def test_wrong_password(home, server, tell):
    """One attempt, one line, and everything waits as it was."""
    home.configure(work=at(server, port=server.submissions_port, tls="implicit", password="sesame, close",
                           timeout="20s"))
    sent = load.queue(home, 50)
    was = {path.name: path.read_bytes() for path in home.entries}
    before, (_, rejected) = len(server.messages), server.counts()
    result = home.run("--flush", timeout=LIMIT)
    assert result.code == 75 and result.err.count("\n") == 1 and "login" in result.err and "535" in result.err
    time.sleep(0.5)
    assert server.counts()[1] - rejected == 1
    assert len(server.messages) == before
    tried = [path for path in home.entries if path.read_bytes() != was[path.name]]
    assert len(home.entries) == len(sent) and len(tried) <= 1
    kept = list(map(entries.read, home.entries))
    assert sorted(load.number_of(entry.message) for entry in kept) == list(range(50))
    assert all(entry.waiting == entry.recipients for entry in kept)
