"""A relay that is out of order is left alone for a while: what is kept, who asks again, and what a clock can do."""

import calendar
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest
from home import at, entry_in, make_due
from mail import whole
from shifted import shifted     # noqa: F401

MESSAGE = whole(b"hello\n")
TIME = "%Y-%m-%dT%H:%M:%SZ"


class Pause:
    """The file of the relay "work"."""
    def __init__(self, home):
        self.path = home.spool / "relays" / "work"

    def __bool__(self):
        return self.path.exists()

    def __getattr__(self, key):
        value = dict(line.split(" ", 1) for line in self.path.read_text().splitlines())[key]
        return time.strptime(value, TIME) if key in ("since", "until") else value

    @property
    def left(self):
        """Seconds until it is over."""
        return calendar.timegm(self.until) - time.time()

    def move(self, seconds):
        """Be over at that time from now."""
        until = time.strftime(TIME, time.gmtime(time.time() + seconds))
        self.path.write_text(re.sub(r"until .*", f"until {until}", self.path.read_text()))


@pytest.fixture
def pause(home):
    return Pause(home)


@pytest.fixture
def queued(home, pillarbox):
    """queued(n): so many messages are in the queue, and all are due."""
    def queue(count):
        for number in range(count):
            assert pillarbox("-odq", f"r{number}@example.net", input=MESSAGE).code == 0
        assert len(home.entries) == count
    return queue


def state(home):
    return [(entry.name, entry.read_bytes(), entry.stat().st_mtime_ns) for entry in home.entries]


def make_all_due(home):
    for entry in home.entries:
        make_due(entry)


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


TROUBLES = {
    "wrong password": ({}, {"password": "wrong"}, "login refused", 1),
    "expired certificate": ({"certificate": "expired"}, {}, "certificate", 1),
    "daily limit at MAIL": ({"replies": {"MAIL": "550 5.4.5 Daily user sending limit exceeded"}}, {},
                            "limit for sending.*550 5.4.5", 1),
    "hourly limit at RCPT": ({"replies": {"RCPT": "550 5.7.1 Your hourly mail limit has been reached"}}, {},
                             "limit for sending.*550 5.7.1", 1),
    "limit at the end": ({"replies": {"DOT": "554 5.2.0 the sender's submission quota was exceeded"}}, {},
                         "limit for sending.*554 5.2.0", 1),
    "throttled": ({"replies": {"MAIL": "454 Throttling failure: Maximum sending rate exceeded."}}, {},
                  "limit for sending.*454", 1),
    "nobody there": (None, {}, "cannot connect", 0),
}


# What is used up for the day, so that it is of no use to ask again soon.
QUOTAS = [TROUBLES[name][0] for name in ("daily limit at MAIL", "limit at the end")]


@pytest.mark.parametrize("options, settings, words, connections", TROUBLES.values(), ids=TROUBLES)
def test_the_relays_fault_pauses_it_and_keeps_all(home, relay, pillarbox, pause, queued, options, settings, words,
                                                  connections):
    server = relay(**(options or {}))
    work = at(server, **settings)
    if options is None:
        work["port"] = closed_port()
    home.configure(work=work)
    queued(3)
    result = pillarbox("--flush")
    assert result.code == 75
    assert re.fullmatch(r'pillarbox: relay "work": [^\n]+; 3 messages stay queued; paused until [^\n]+\n', result.err)
    assert re.search(words, result.err) and "pillarbox --flush --force --relay work" in result.err
    assert server.wait_connections(connections) == connections and server.messages == []
    assert pause.failures == "1" and re.search(words, pause.why)
    least = 3600 if options in QUOTAS else 60
    assert least - 10 < pause.left < 1.25 * least
    # Of what was never offered to it none waits longer than the relay.
    if not server.stages.count("MAIL"):
        assert abs(home.entries[0].stat().st_mtime - time.time() - pause.left) <= 1
    assert [entry["queue_name"] for entry in home.list()] == ["deferred"] * 3

    # Kept from one run to the next: nobody connects, and nothing is touched.
    before = state(home)
    result = pillarbox("--flush")
    assert result.code == 75 and re.search(words, result.err) and "2 messages stay queued" in result.err
    assert "not tried" in result.err
    assert state(home) == before
    assert pillarbox("-odb", "x@example.net", input=MESSAGE).code == 0
    assert home.wait_quiet()
    assert server.connections == connections and pause.failures == "1"
    assert len(home.entries) == 4


def test_one_message_is_the_probe(home, relay, pillarbox, pause, queued):
    server = relay(replies={"MAIL": "454 Throttling failure: Maximum sending rate exceeded."})
    home.configure(work=at(server))
    queued(3)
    for failures, least in enumerate((60, 300, 900, 900), 1):
        make_all_due(home)
        assert pillarbox("--flush").code == 75
        assert (server.connections, server.stages.count("MAIL")) == (failures, failures)
        assert pause.failures == str(failures) and least - 10 <= pause.left <= least * 1.2 + 1
        pause.move(-1)
    assert time.mktime(pause.since) <= time.mktime(time.gmtime())
    server.replies.clear()
    make_all_due(home)
    result = pillarbox("--flush")
    assert (result.code, result.err) == (0, "")
    assert len(server.messages) == 3 and server.connections == 5
    assert not pause and home.entries == []


def test_a_used_up_quota_is_asked_for_each_hour(home, relay, pillarbox, pause, queued):
    """And what is said of it last counts: a short pause may follow a long one."""
    server = relay(replies={"MAIL": "550 5.7.1 You have exceeded your daily sending limit"})
    home.configure(work=at(server))
    queued(1)
    for failures in range(1, 5):
        make_all_due(home)
        assert pillarbox("--flush").code == 75
        assert pause.failures == str(failures) and 3590 <= pause.left <= 3600 * 1.2 + 1
        # It is not taken for one of a clock that was put back.
        make_all_due(home)
        assert "not tried" in pillarbox("--flush").err and server.connections == failures
        pause.move(-1)
    server.replies["MAIL"] = "454 Throttling failure: Maximum sending rate exceeded."
    make_all_due(home)
    assert pillarbox("--flush").code == 75
    assert pause.failures == "5" and 890 <= pause.left <= 900 * 1.2 + 1
    pause.move(90 * 60)
    server.replies.clear()
    make_all_due(home)
    assert pillarbox("--flush").code == 0 and len(server.messages) == 1 and not pause


def test_a_message_that_ends_every_session_blocks_no_other(home, relay, pillarbox, pause, queued):
    server = relay(drop="DOT")
    home.configure(work=at(server))
    queued(2)
    for attempt in range(3):
        first = make_due(home.entries[0])
        os.utime(home.entries[1], (time.time() + 999,) * 2)
        assert pillarbox("--flush").code == 75
        pause.move(-1)
    server.drop = None
    make_due(home.entries[1])
    assert entry_in(home.spool, first.name).stat().st_mtime > time.time() + 600
    assert pillarbox("--flush").code == 0
    assert [message.rcpt_tos for message in server.messages] == [["r1@example.net"]] and not pause


def test_two_flushes_do_not_both_probe(home, relay, pillarbox, pause, queued):
    server = relay(replies={"MAIL": "550 5.4.5 Daily sending quota exceeded"})
    home.configure(work=at(server))
    queued(3)
    assert pillarbox("--flush").code == 75
    pause.move(-1)
    make_all_due(home)
    server.stall, server.replies = "EHLO", {}
    server.stages.clear()
    first = home.start("--flush")
    assert server.wait_stage("EHLO")
    result = pillarbox("--flush")
    assert (result.code, result.err) == (0, "")     # it leaves the relay to the first
    result = pillarbox("-odi", "late@example.net", input=b"Subject: late\n\nhello\n")
    assert result.code == 0 and "not tried" in result.err
    assert server.wait_connections(2) == 2
    server.stall = None
    assert home.finish(first).code == 0
    assert len(server.messages) == 3 and not pause


@pytest.mark.parametrize("named", [False, True])
def test_force_and_ids_go_past_a_pause(home, relay, pillarbox, pause, queued, named):
    server = relay(replies={"AUTH": "535 5.7.8 no"})
    home.configure(work=at(server))
    queued(2)
    arguments = ["--flush", *([home.entries[1].name] if named else ["--force"])]
    assert pillarbox("--flush").code == 75
    assert pillarbox(*arguments).code == 75
    assert server.wait_connections(2) == 2 and pause.failures == "2"
    server.replies.clear()
    assert pillarbox(*arguments).code == 0
    assert len(server.messages) == (1 if named else 2) and not pause


def test_the_configured_times(home, relay, pillarbox, queued):
    server = relay(replies={"MAIL": "450 4.7.1 later"})
    home.configure(queue={"retry": ["100s", "1000s"]}, work=at(server))
    queued(1)
    for wait in (100, 1000, 1000):
        assert pillarbox("--flush", "--force").code == 75
        assert wait - 5 <= home.entries[0].stat().st_mtime - time.time() <= 1.2 * wait + 1


def test_a_waiting_caller_is_told(home, relay, pillarbox, pause, queued):
    server = relay(replies={"AUTH": "535 5.7.8 no"})
    home.configure(work=at(server))
    queued(1)
    assert pillarbox("--flush").code == 75
    result = pillarbox("-odi", "bob@example.net", input=MESSAGE)
    assert result.code == 0 and "queued, not delivered: not tried" in result.err and "535 5.7.8" in result.err
    until = time.strftime("%a %b %e %T", time.localtime(calendar.timegm(pause.until)))
    assert result.err.endswith(f"; the relay is paused until {until}\n")
    assert server.wait_connections(1) == 1


@pytest.mark.parametrize("reply", ["550 5.1.1 No such user", "552 5.2.2 Mailbox full, quota exceeded",
                                   "550 5.7.1 Not for you", "450 4.2.1 receiving mail at a rate that prevents this"])
def test_a_refused_recipient_pauses_nothing(home, relay, pillarbox, pause, queued, reply):
    server = relay(refuse={"r0@example.net": reply})
    home.configure(work=at(server))
    queued(3)
    pillarbox("--flush")
    assert {message.rcpt_tos[0] for message in server.messages} >= {"r1@example.net", "r2@example.net"}
    assert not pause


def test_other_relays_go_on(home, relay, pillarbox, pause):
    bad, good = relay(replies={"AUTH": "535 5.7.8 no"}), relay()
    home.configure(work=at(bad), play=at(good))
    for name in ("work", "play"):
        assert pillarbox("-odq", "--relay", name, "bob@example.net", input=MESSAGE).code == 0
    result = pillarbox("--flush")
    assert result.code == 75 and 'relay "work"' in result.err and "play" not in result.err
    assert len(good.messages) == 1 and pause


@pytest.mark.parametrize("content", ["", "pillarbox-relay 1\nfailures 3\n", "x" * 9000, None])
def test_a_pause_that_cannot_be_read_is_none(home, relay, pillarbox, pause, queued, content):
    server = relay()
    home.configure(work=at(server))
    queued(1)
    pause.path.parent.mkdir(mode=0o700)
    if content is None:
        pause.path.symlink_to("/etc/passwd")
    else:
        pause.path.write_text(content)
        pause.path.chmod(0o600)
    assert pillarbox("--flush").code == 0
    assert len(server.messages) == 1


# Clocks

@pytest.mark.parametrize("days", [-700, -1, 1, 700])
def test_a_clock_that_jumps(home, relay, pillarbox, pause, queued, shifted, days):
    """Everything was put off and paused by one clock; another, a day or years off, sends it all and expires nothing."""
    server = relay(replies={"AUTH": "454 4.7.0 later"})
    home.configure(work=at(server))
    queued(2)
    assert pillarbox("--flush").code == 75
    assert pillarbox("--flush", "--force").code == 75
    assert pause and len(home.entries) == 2
    server.replies.clear()
    result = pillarbox("--flush", env={**home.environment, **shifted(days * 86400)})
    assert (result.code, result.err) == (0, "")
    assert len(server.messages) == 2 and not pause


def test_a_clock_that_was_ahead_when_it_was_accepted(home, relay, pillarbox, pause, shifted):
    server = relay(replies={"MAIL": "450 4.7.1 later"})
    home.configure(work=at(server))
    ahead = {**home.environment, **shifted(700 * 86400)}
    assert pillarbox("-odq", "bob@example.net", input=MESSAGE, env=ahead).code == 0
    for _ in range(4):
        assert pillarbox("--flush", "--force").code == 75
    assert len(home.entries) == 1
    server.replies.clear()
    assert pillarbox("--flush", "--force").code == 0
    assert len(server.messages) == 1


def put_away(home, pillarbox, server):
    """All that is in the queue fails four times, so that it waits for more than an hour."""
    server.replies["MAIL"] = "450 4.7.1 later"
    for _ in range(4):
        assert pillarbox("--flush", "--force").code == 75
    server.replies.clear()
    assert {entry.parents[1].name for entry in home.entries} == {"later"}


@pytest.mark.parametrize("days", [-700, -1, 1, 700])
def test_a_clock_that_jumps_with_much_put_away(home, relay, pillarbox, queued, shifted, days):
    server = relay()
    home.configure(work=at(server))
    queued(3)
    put_away(home, pillarbox, server)
    assert pillarbox("--flush").code == 0 and server.messages == []
    result = pillarbox("--flush", env={**home.environment, **shifted(days * 86400)})
    assert (result.code, result.err) == (0, "")
    assert len(server.messages) == 3 and home.entries == []


# The flush

def test_a_flush_does_not_look_at_what_waits(home, relay, pillarbox, queued, tmp_path):
    """Its system calls are the same with 10 and with 200 that wait; and it removes the folders whose time is over."""
    server, log = relay(), tmp_path / "strace"
    home.configure(work=at(server))

    def calls():
        run = subprocess.run(["strace", "-f", "-o", log, home.build / "pillarbox", "--config", home.config, "--flush"],
                             env=home.traced, capture_output=True, timeout=30)
        assert (run.returncode, run.stderr) == (0, b"")
        return len(log.read_text().splitlines())
    queued(10)
    put_away(home, pillarbox, server)
    few = calls()
    folder = home.entries[0].parent
    for number in range(190):
        shutil.copy(home.entries[0], folder / f"660CEF6A{number:011X}")
    assert abs(calls() - few) < 10
    for entry in home.entries:
        entry.unlink() if entry.name.startswith("660CEF6A") else make_due(entry)
    folder.rename(folder.with_name("900"))
    assert pillarbox("--flush").code == 0
    assert len(server.messages) == 10 and not folder.with_name("900").exists()


@pytest.fixture
def helpers(home, tmp_path):
    """An environment with a delivery that only leaves a mark, and the mark."""
    folder, mark = tmp_path / "helpers", tmp_path / "mark"
    folder.mkdir()
    (folder / "pillarbox-queue").symlink_to(home.build / "pillarbox-queue")
    (folder / "pillarbox-deliver").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (folder / "pillarbox-deliver").chmod(0o755)
    return {**home.environment, "PILLARBOX_LIBEXEC": str(folder)}, mark


def test_a_flush_without_work_starts_no_delivery(home, pillarbox, helpers, queued):
    environment, mark = helpers
    home.configure(work={"host": "127.0.0.1"})
    assert pillarbox("--flush", env=environment) == type(pillarbox("--version"))(0, b"", "")
    queued(1)
    os.utime(home.entries[0], (time.time() + 60,) * 2)
    assert pillarbox("--flush", env=environment).code == 0
    assert not mark.exists()
    make_all_due(home)
    assert pillarbox("--flush", env=environment).code == 0
    assert mark.exists()


@pytest.mark.parametrize("arguments", [("--force",), ("660CEF6A6BE9932C113",), ("--every", "60s")])
def test_what_always_starts_delivery(home, pillarbox, helpers, arguments):
    environment, mark = helpers
    home.configure(work={"host": "127.0.0.1"})
    assert pillarbox("--flush", *arguments, env=environment).code == 0
    assert mark.exists()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_resident_flush(home, relay, pillarbox, queued, ending):
    server = relay()
    home.configure(work=at(server), log="none")
    queued(1)
    process = home.start("--flush", "--every", "1s")
    assert len(server.wait_messages(1)) == 1
    assert pillarbox("-odq", "bob@example.net", input=MESSAGE).code == 0
    assert len(server.wait_messages(2)) == 2
    assert server.connections == 2      # none is kept between rounds
    assert process.poll() is None
    process.send_signal(ending)
    result = home.finish(process, timeout=5)
    assert (result.code, result.out, result.err) == (0, b"", "")


def test_a_resident_flush_ends_between_two_messages(home, relay, pillarbox, queued):
    server = relay(stall="DOT")
    home.configure(work=at(server))
    queued(3)
    process = home.start("--flush", "--every", "60s")
    assert server.wait_stage("DOT")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert process.poll() is None and server.messages == []
    server.stall = None
    assert home.finish(process).code == 0
    assert len(server.messages) == 1 and len(home.entries) == 2


def test_a_resident_flush_does_not_repeat_itself(home, relay, queued, pause):
    server = relay(replies={"AUTH": "454 4.7.0 later"})
    home.configure(work=at(server), log="none")
    queued(2)
    process = home.start("--flush", "--every", "1s")
    assert server.wait_stage("AUTH")
    time.sleep(2.5)
    process.send_signal(signal.SIGTERM)
    result = home.finish(process)
    assert result.code == 0 and re.fullmatch("pillarbox: [^\\n]+2 messages stay queued[^\\n]+\n", result.err)
    assert server.wait_connections(1) == 1


def test_a_resident_flush_lives_through_trouble(home, relay, pillarbox, queued, pause):
    server = relay(replies={"AUTH": "454 4.7.0 later"})
    home.configure(work=at(server))
    queued(1)
    process = home.start("--flush", "--every", "1s")
    assert server.wait_stage("AUTH")
    while not pause:
        time.sleep(0.02)
    server.replies.clear()
    pause.move(-1)
    make_all_due(home)
    assert len(server.wait_messages(1)) == 1
    process.send_signal(signal.SIGTERM)
    assert home.finish(process).code == 0
    assert not pause


@pytest.mark.parametrize("every", ["", "0", "0s", "x", "-1s", "1w"])
def test_times_that_are_none(home, pillarbox, every):
    home.configure(work={"host": "127.0.0.1"})
    result = pillarbox("--flush", "--every", every)
    assert result.code == 64 and "--every" in result.err


def test_who_asks_hears_that_nothing_is_due(home, pillarbox, queued):
    home.configure(work={"host": "127.0.0.1"})
    said = "pillarbox: nothing is due; mailq shows what waits\n"
    for held in (False, True):
        if held:
            queued(1)
            assert pillarbox("--hold", "all").code == 0
        assert (pillarbox("--flush").err, pillarbox("--flush", "-v").err) == ("", said)
        ours, theirs = pty.openpty()
        assert home.start("--flush", stderr=theirs).wait(15) == 0
        assert os.read(ours, 4096).decode().replace("\r", "") == said
        os.close(theirs), os.close(ours)


def test_a_terminal_sees_how_far_it_is(home, relay, queued):
    server = relay()
    home.configure(work=at(server))
    queued(3)
    ours, theirs = pty.openpty()
    process = home.start("--flush", stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:
        pass    # the end of a terminal
    os.close(ours)
    assert process.wait(15) == 0
    process.stdin.close(), process.stdout.close()
    assert b"\rpillarbox: 1 of 3" in seen and seen.endswith(b"\r\x1b[K")
    assert len(server.messages) == 3
