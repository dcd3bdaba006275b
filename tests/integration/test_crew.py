"""A flush of much, by several processes with a session each (src/crew.h)."""

import fcntl
import os
import random
import re
import signal
import struct
import time
from collections import Counter
from contextlib import suppress

import pytest
from delay import Delay
from home import at
from relay import Relay

BOB = "bob@example.net"
SEED = int(os.environ.get("PILLARBOX_SEED", time.time_ns() % 1_000_000))
NUMBER = re.compile(rb"number (\d{4})")


class Room(dict):
    """The replies of a relay that lets in so many sessions, and no more."""

    def __init__(self, count):
        self.left = count

    def get(self, stage):
        if stage != "GREETING":
            return None
        self.left -= 1
        return "421 4.7.0 too many connections" if self.left < 0 else None


@pytest.fixture
def relay(certs):
    with Relay(certs, pipelining=True, chunking=True) as relay:
        yield relay


@pytest.fixture
def far(relay):
    """A long way to a relay where each command waits for the answer before."""
    relay.pipelining = relay.chunking = False
    with Delay(relay.port, 0.02) as way:
        yield way


def fill(home, count, to=lambda number: BOB, sender=lambda number: "alice@example.com"):
    """Queues so many messages, each with its number. Addresses must be as long as these."""
    result = home.run("-odq", "-i", "-f", "alice@example.com", BOB, input=b"Subject: number 0000\n\nhello\n")
    assert result.code == 0, result.err

    def change(number, entry):
        head, message = entry.split(b"\n\n", 1)
        head = head.replace(BOB.encode(), to(number).encode()).replace(b"alice@example.com", sender(number).encode())
        return head + b"\n\n" + message.replace(b"number 0000", b"number %04d" % number)
    return home.multiply(count, change)


def numbers(*relays):
    return sorted(int(NUMBER.search(message.data)[1]) for relay in relays for message in relay.messages
                  if message.mail_from)


def wait_for(condition, timeout=10):
    give_up = time.monotonic() + timeout
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.01)
    assert condition()


def copies(home, process):
    return [pid for pid in home.processes() if pid != process.pid]


def settings(way, relay, **changes):
    return at(relay, port=way.port, **changes)


def test_each_message_once(home, relay):
    home.configure(work=at(relay, connections=4, messages_per_connection=0))
    fill(home, 1000)
    result = home.run("--flush", timeout=60)
    assert (result.code, result.err, home.entries) == (0, "", [])
    assert numbers(relay) == list(range(1000))
    assert 1 < relay.most <= 4 and len(relay.logins) == relay.connections <= 4
    assert home.wait_quiet()


@pytest.mark.parametrize("changes, arguments, count", [
    ({"connections": 1}, [], 100), ({"connections": 4}, ["-v"], 100), ({"connections": 4}, [], 30)], ids=str)
def test_one_session(home, relay, changes, arguments, count):
    """Where no more are allowed, where somebody reads the dialogue, and where it is not worth more."""
    home.configure(work=at(relay, **changes))
    fill(home, count)
    assert home.run("--flush", *arguments).code == 0
    assert numbers(relay) == list(range(count)) and relay.connections == 1


def test_sessions_that_are_full(home, relay, far):
    home.configure(work=settings(far, relay, connections=3, messages_per_connection=20))
    fill(home, 150)
    assert home.run("--flush", timeout=60).code == 0
    assert numbers(relay) == list(range(150)) and 1 < relay.most <= 3 and relay.connections >= 8


def test_a_wrong_password_is_tried_once(home, relay):
    home.configure(work=at(relay, connections=4, password="close sesame"))
    fill(home, 200)
    result = home.run("--flush")
    assert result.code == 75 and result.err.count("\n") == 1
    assert "200 messages stay queued" in result.err and "login refused" in result.err
    assert [good for _, _, good in relay.logins] == [False] and len(home.entries) == 200
    assert home.wait_quiet()


def test_each_relay_for_itself(home, relay, certs):
    """One of two has a wrong password: the other's messages go by several, and that is tried once."""
    with Relay(certs) as other:
        home.configure(work=at(relay, connections=4, senders=["*@example.com"]),
                       home=at(other, connections=4, senders=["*@example.org"], password="close sesame"))
        fill(home, 400, sender=lambda number: "alice@example." + ("org" if number % 2 else "com"))
        result = home.run("--flush", timeout=60)
        assert result.code == 75 and result.err.count("\n") == 1
        assert 'relay "home"' in result.err and "200 messages stay queued" in result.err
        assert numbers(relay) == list(range(0, 400, 2)) and 1 < relay.most <= 4
        assert len(other.logins) == 1 and other.messages == []


def test_a_relay_with_room_for_one(home, certs):
    """That is no fault of the relay: nothing is paused, counted or said for it."""
    with Relay(certs) as relay, Delay(relay.port, 0.01) as way:
        relay.replies = Room(1)
        home.configure(work=settings(way, relay, connections=4))
        fill(home, 100)
        result = home.run("--flush", timeout=60)
        assert (result.code, result.err, home.entries) == (0, "", [])
        assert numbers(relay) == list(range(100)) and 1 < relay.connections <= 4
        assert not (home.spool / "relays/work").exists()


def test_a_relay_with_room_for_some(home, certs):
    """Those who are in stay in."""
    with Relay(certs) as relay, Delay(relay.port, 0.02) as way:
        relay.replies = Room(3)
        home.configure(work=settings(way, relay, connections=4))
        fill(home, 200)
        flush = home.start("--flush")
        wait_for(lambda: relay.connections == 4 and len(relay.messages) > 50)
        assert relay.now == 3
        assert home.finish(flush, timeout=60).code == 0
        assert numbers(relay) == list(range(200)) and relay.connections == 4


def test_a_relay_that_goes_down(home, relay, far):
    """Said once, by one, who has counted what all of them left."""
    home.configure(work=settings(far, relay, connections=4))
    fill(home, 300)
    flush = home.start("--flush")
    wait_for(lambda: len(relay.messages) > 40)
    relay.replies = {"GREETING": "421 4.3.2 down", "MAIL": "421 4.3.2 down"}
    result = home.finish(flush, timeout=60)
    left = len(home.entries)
    assert result.code == 75 and result.err.count("\n") == 1 and 0 < left < 260
    assert f"{left} messages stay queued; paused until" in result.err
    assert sorted(Counter(numbers(relay)).values())[-1] == 1 and len(relay.messages) == 300 - left
    relay.replies = {}
    assert home.run("--flush", "--force", timeout=60).code == 0
    assert numbers(relay) == list(range(300))


def test_what_is_put_off_and_what_is_refused(home, relay, far):
    def to(number):
        return {1: "bad@example.net", 2: "off@example.net"}.get(number % 20, BOB)
    relay.refuse = {"bad@example.net": "550 5.1.1 no such mailbox", "off@example.net": "451 4.2.0 later"}
    home.configure(work=settings(far, relay, connections=3))
    names = fill(home, 200, to)
    result = home.run("--flush", timeout=60)
    assert result.code == 75 and relay.most > 1
    lines = result.err.splitlines()
    assert sorted(line.split(": ")[1] for line in lines) == [name for number, name in enumerate(names) if number % 20 in (1, 2)]
    assert sum("no such mailbox" in line for line in lines) == sum("later" in line for line in lines) == 10
    assert [entry.name for entry in home.entries] == [name for number, name in enumerate(names) if number % 20 == 2]
    reports = [message for message in relay.messages if message.mail_from == ""]
    assert len(reports) == 10 and all(report.rcpt_tos == ["alice@example.com"] for report in reports)
    assert numbers(relay) == [number for number in range(200) if number % 20 not in (1, 2)]


def test_refused_ones_alone_are_done(home, relay, far):
    relay.refuse = {"bad@example.net": "550 5.1.1 no such mailbox"}
    home.configure(work=settings(far, relay, connections=3))
    fill(home, 100, lambda number: BOB if number < 10 else "bad@example.net")
    result = home.run("--flush", timeout=60)
    assert result.code == 0 and result.err.count("no such mailbox") == 90 and home.entries == []
    assert len([message for message in relay.messages if message.mail_from == ""]) == 90


def test_a_copy_that_is_killed(home, relay, far):
    home.configure(work=settings(far, relay, connections=4))
    fill(home, 300)
    flush = home.start("--flush")
    wait_for(lambda: relay.most == 4 and len(relay.messages) > 30)
    for pid in copies(home, flush)[:2]:
        os.kill(pid, signal.SIGKILL)
    result = home.finish(flush, timeout=60)
    assert (result.code, result.err, home.entries) == (0, "", [])
    assert sorted(set(numbers(relay))) == list(range(300)) and len(relay.messages) <= 302


def test_the_copies_of_one_that_is_killed(home, relay, far):
    home.configure(work=settings(far, relay, connections=4))
    fill(home, 300)
    flush = home.start("--flush")
    wait_for(lambda: relay.most == 4 and len(relay.messages) > 30)
    flush.kill()
    assert home.wait_quiet(3)
    home.finish(flush)
    assert 200 < len(home.entries) < 280
    assert home.run("--flush", timeout=60).code == 0
    assert sorted(set(numbers(relay))) == list(range(300)) and len(relay.messages) <= 301


def test_killed_at_any_time(home, relay, far):
    """Now a copy, now the one that made them: nothing is lost, and twice comes only what was under way."""
    home.configure(work=settings(far, relay, connections=4))
    fill(home, 500)
    chance, killed = random.Random(SEED), 0
    for _ in range(8):
        flush = home.start("--flush")
        time.sleep(chance.uniform(0.01, 1))
        running = sorted(home.processes())
        for pid in chance.sample(running, min(2, len(running))):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        flush.kill()
        assert home.wait_quiet(5), f"seed {SEED}"
        home.finish(flush)
    assert home.run("--flush", timeout=60).code == 0
    assert home.entries == [] and sorted(set(numbers(relay))) == list(range(500)), f"seed {SEED}"
    assert len(relay.messages) <= 500 + killed + 8, f"seed {SEED}"


def test_copies_that_wait_end_too(home, relay):
    """Nothing has been delivered yet, and they have nothing to do."""
    relay.stall = "MAIL"
    home.configure(work=at(relay, connections=4))
    fill(home, 100)
    flush = home.start("--flush")
    assert relay.wait_stage("MAIL")
    assert len(copies(home, flush)) == 3 and relay.connections == 1
    flush.kill()
    assert home.wait_quiet(2)
    home.finish(flush)


def test_a_resident_flush(home, relay, far):
    """Round after round; and it ends with its copies, between two messages."""
    home.configure(work=settings(far, relay, connections=3))
    fill(home, 100)
    flush = home.start("--flush", "--every", "1s")
    assert home.wait_empty(30) and relay.most == 3
    wait_for(lambda: copies(home, flush) == [])
    fill(home, 300)
    wait_for(lambda: len(relay.messages) > 130)
    flush.terminate()
    assert home.wait_quiet(3)
    result = home.finish(flush)
    assert result.code == 0 and home.entries
    assert home.run("--flush", timeout=60).code == 0
    assert numbers(relay) == sorted([*range(100), *range(300)])


def test_slots_of_others(home, relay, far):
    """Who has no slot does not help; and this one goes on without."""
    home.configure(work=settings(far, relay, connections=3))
    fill(home, 100)
    (home.spool / "relays").mkdir(mode=0o700)
    held = [os.open(home.spool / "relays" / f"work:{os.getuid()}:{number}", os.O_RDWR | os.O_CREAT, 0o600) for number in (1, 3)]
    for fd in held:
        fcntl.fcntl(fd, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 1, 0))     # F_OFD_SETLK
    assert home.run("--flush", timeout=60).code == 0
    assert numbers(relay) == list(range(100)) and relay.connections == 1
    for fd in held:
        os.close(fd)


def test_a_limit_holds_for_all(home, relay, far):
    home.configure(work=settings(far, relay, connections=4, rate="100/1h"))
    fill(home, 200)
    result = home.run("--flush", timeout=60)
    assert result.code == 75 and result.err.count("\n") == 1
    assert "the limit of 100 in 1h is used up (rate); 100 messages stay queued" in result.err
    assert len(relay.messages) == 100 == len(set(numbers(relay))) and 1 < relay.most <= 4


def test_force(home, relay, far):
    """What is put off is offered once, however many look for it."""
    relay.refuse = {"off@example.net": "451 4.2.0 later"}
    home.configure(work=settings(far, relay, connections=3))
    fill(home, 100, lambda number: "off@example.net" if number % 10 == 5 else BOB)
    for _ in range(2):
        assert home.run("--flush", "--force", timeout=60).code == 75
    assert len(home.entries) == 10 and [entry["attempts"] for entry in home.list()] == [2] * 10
