"""Sessions shared by many calls: slots, what is new, and what is left when a process goes."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from home import at
from relay import Relay

BOB = "bob@example.net"


@pytest.fixture
def relay(certs):
    with Relay(certs, pipelining=True, chunking=True) as relay:
        yield relay


def send(home, number=0, mode="-odb", **options):
    result = home.run(mode, "-i", "-f", "alice@example.com", BOB, input=b"Subject: number %d\n\nhello\n" % number, **options)
    assert (result.code, result.err) == (0, "")


def numbers(relay):
    return sorted(int(message.data.split(b"Subject: number ")[1].split(b"\r\n")[0]) for message in relay.messages)


def locks(home):
    return sorted(path.name for path in (home.spool / "relays").iterdir() if ":" in path.name)


def test_a_loop_shares_sessions(home, relay):
    home.configure(work=at(relay))
    for number in range(40):
        send(home, number)
    assert home.wait_empty() and numbers(relay) == list(range(40))
    assert relay.most <= 2 and len(relay.logins) <= 4
    assert home.wait_quiet(3)
    assert set(locks(home)) <= {f"work:{os.getuid()}:1", f"work:{os.getuid()}:2"}


def test_one_connection(home, relay):
    home.configure(work=at(relay, connections=1))
    for number in range(20):
        send(home, number)
    assert home.wait_empty() and numbers(relay) == list(range(20))
    assert relay.most == 1 and len(relay.logins) <= 2


def test_nothing_is_left_behind(home, relay):
    """The race: submissions while a worker with the only slot is about to leave."""
    home.configure(work=at(relay, connections=1, linger="0s"))
    for round in range(12):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: send(home, 4 * round + number), range(4)))
        assert home.wait_quiet(10)
        assert home.entries == [], f"left behind in round {round}"
    assert numbers(relay) == list(range(48))
    assert relay.most == 1


def test_linger_is_over(home, relay):
    home.configure(work=at(relay))
    send(home)
    assert home.wait_empty()
    began = time.monotonic()
    assert home.wait_quiet(4) and time.monotonic() - began < 2.5
    send(home, 1)
    assert home.wait_quiet(4) and len(relay.logins) == 2


def test_no_linger(home, relay):
    home.configure(work=at(relay, linger="0s"))
    send(home)
    assert home.wait_empty()
    assert home.wait_quiet(0.7)


def test_a_full_session_ends(home, relay):
    home.configure(work=at(relay, messages_per_connection=3))
    for number in range(10):
        send(home, number, "-odq")
    assert home.run("--flush").code == 0
    assert numbers(relay) == list(range(10)) and relay.most == 1
    assert len(relay.logins) == 4


def test_no_limit_to_a_session(home, relay):
    home.configure(work=at(relay, messages_per_connection=0, connections=1))
    for number in range(110):
        send(home, number, "-odq")
    assert home.run("--flush").code == 0
    assert len(relay.messages) == 110 and len(relay.logins) == 1


def test_old_ones_are_left_to_a_flush(home, relay):
    home.configure(work=at(relay))
    send(home, 1, "-odq")
    (entry,) = home.entries
    text = entry.read_bytes()
    old = f"{int((time.time() - 90) * 1e6):013X}000001"
    entry.with_name(old).write_bytes(text.replace(entry.name.encode(), old.encode()))
    entry.with_name(old).chmod(0o600)
    entry.unlink()
    send(home, 2)
    assert home.wait_quiet(4)
    assert numbers(relay) == [2] and [entry.name for entry in home.entries] == [old]
    assert home.run("--flush").code == 0
    assert numbers(relay) == [1, 2]


def slow_to_deliver(home):
    """The programs, where a caller who waits has its message in the queue for a second before it is taken."""
    folder = home.folder / "slow"
    folder.mkdir()
    (folder / "pillarbox-queue").symlink_to(home.build / "pillarbox-queue")
    program = folder / "pillarbox-deliver"
    program.write_text(f'#!/bin/sh\nsleep 1\nexec {home.build}/pillarbox-deliver "$@"\n')
    program.chmod(0o755)
    return {**home.environment, "PILLARBOX_LIBEXEC": str(folder)}


def test_who_waits_hears_of_it(home, relay):
    """A lingering worker does not take what a caller waits for."""
    home.configure(work=at(relay, linger="5s"))
    relay.refuse["no@example.net"] = "550 5.1.1 no such mailbox"
    send(home)
    result = home.run("-odi", "-i", "-f", "alice@example.com", "no@example.net", input=b"Subject: x\n\nhello\n",
                      env=slow_to_deliver(home))
    assert result.code == 69 and "no such mailbox" in result.err
    assert home.wait_empty() and len(relay.messages) == 1 and len(relay.logins) == 2, "nobody lingered"


def test_who_waits_waits_for_no_slot(home, relay):
    home.configure(work=at(relay, connections=1, timeout="30s"))
    relay.stall = "MAIL"
    send(home)
    assert relay.wait_stage("MAIL")
    relay.stall = None      # for the next; the first has asked already, and gets its answer soon
    began = time.monotonic()
    send(home, 1, "-odi")
    assert time.monotonic() - began < 5
    assert home.wait_empty()


def test_behind_one_who_waits(home, relay):
    """The only slot is a caller's who waits: what comes meanwhile is not left to that one."""
    home.configure(work=at(relay, connections=1))
    relay.stall = "DOT"
    waiting = home.start("-odi", "-i", "-f", "alice@example.com", BOB)
    waiting.stdin.write(b"Subject: number 0\n\nhello\n")
    waiting.stdin.close()
    waiting.stdin = None
    assert relay.wait_stage("DOT")
    for number in (1, 2, 3):
        send(home, number)
    time.sleep(0.3)
    assert relay.connections == 1
    relay.stall = None
    assert home.finish(waiting).code == 0
    assert home.wait_empty() and numbers(relay) == [0, 1, 2, 3]
    assert relay.most == 1 and relay.connections == 2


def test_a_killed_worker_frees_its_slot(home, relay):
    home.configure(work=at(relay, connections=1))
    relay.stall = "MAIL"
    send(home)
    assert relay.wait_stage("MAIL")
    send(home, 1)
    pid = home.wait_process("pillarbox-deliver")
    time.sleep(0.3)
    assert list(home.processes()) == [pid]
    os.kill(pid, signal.SIGKILL)
    assert home.wait_quiet()
    relay.stall = None
    send(home, 2)
    assert home.wait_empty()
    assert numbers(relay) == [0, 1, 2]


@pytest.mark.parametrize("how", ["a file", "not ours to write", "links"])
def test_without_slots_mail_goes(home, relay, how):
    home.configure(work=at(relay))
    send(home, 0, "-odq")
    folder = home.spool / "relays"
    if how == "a file":
        folder.touch()
    elif how == "not ours to write":
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
    else:
        folder.mkdir(mode=0o700)
        for number in (1, 2):
            (folder / f"work:{os.getuid()}:{number}").symlink_to("/dev/null")
    send(home, 1)
    assert home.wait_quiet() and numbers(relay) == [1]
    send(home, 2, "-odi")
    assert home.run("--flush").code == 0
    assert numbers(relay) == [0, 1, 2]


def test_a_report_goes_with_it(home, relay):
    home.configure(work=at(relay))
    relay.refuse["no@example.net"] = "550 5.1.1 no such mailbox"
    home.run("-odb", "-i", "-f", "alice@example.com", "no@example.net", input=b"Subject: x\n\nhello\n")
    assert home.wait_empty()
    (report,) = relay.messages
    assert report.mail_from == "" and report.rcpt_tos == ["alice@example.com"] and len(relay.logins) == 1


def test_each_relay_has_its_own(home, relay, certs):
    with Relay(certs) as other:
        home.configure(work=at(relay, connections=1, senders=["*@example.com"]),
                       home=at(other, connections=1, senders=["*@example.org"]))
        for number in range(10):
            send(home, number)
            home.run("-odb", "-i", "-f", "carol@example.org", BOB, input=b"Subject: number %d\n\nhello\n" % number)
        assert home.wait_empty()
        assert numbers(relay) == numbers(other) == list(range(10))
        assert relay.most == 1 and len(relay.logins) <= 2 and len(other.logins) <= 2


def test_a_relay_that_hangs_up_meanwhile(home, relay):
    """The session is gone when the next message comes: it goes in a new one, once."""
    home.configure(work=at(relay, linger="3s"))
    send(home)
    assert home.wait_empty()
    relay.drop = "MAIL"
    send(home, 1)
    assert relay.wait_stage("MAIL")
    time.sleep(0.2)
    relay.drop = None
    home.wait_quiet(8)
    home.run("--flush", "--force")
    assert numbers(relay) == [0, 1]


def test_a_worker_that_was_stopped_goes_on(home, relay):
    home.configure(work=at(relay))
    send(home)
    pid = home.wait_process("pillarbox-deliver")
    os.kill(pid, signal.SIGSTOP)
    for number in range(1, 6):
        send(home, number)
    os.kill(pid, signal.SIGCONT)
    assert home.wait_empty() and numbers(relay) == list(range(6))


def test_two_flushes(home, relay):
    """The second one leaves it to the first, quietly; but not if it is told to insist, or what to send."""
    home.configure(work=at(relay))
    for number in range(3):
        send(home, number, "-odq")
    relay.stall = "MAIL"
    first = home.start("--flush")
    assert relay.wait_stage("MAIL")
    send(home, 3, "-odq")
    second = home.run("--flush")
    assert (second.code, second.out, second.err) == (0, b"", "")
    assert relay.connections == 1 and len(home.entries) == 4
    last = home.entries[-1].name
    relay.stall = None
    assert home.run("--flush", last).code == 0
    assert home.finish(first).code == 0
    assert numbers(relay) == [0, 1, 2, 3]


def test_a_flush_beside_workers(home, relay):
    """Those who see to what is new do not keep a flush from what is old."""
    home.configure(work=at(relay, connections=1, linger="20s"))
    send(home)
    assert home.wait_empty() and relay.now == 1
    send(home, 1, "-odq")
    result = home.run("--flush")
    assert result.code == 0 and home.wait_empty()
    assert numbers(relay) == [0, 1]
    home.end_processes()


def test_no_process_is_started_in_vain(home, relay, tmp_path):
    """While all slots are watched, a call only queues; when they are not, it delivers."""
    home.configure(work=at(relay, connections=1))
    send(home)
    assert home.wait_empty()
    log = tmp_path / "strace"
    subprocess.run(["strace", "-f", "-o", log, "-e", "trace=execve", home.program("sendmail"), "-odb", BOB],
                   input=b"Subject: number 1\n\nhello\n", env=home.traced, check=True)
    assert "pillarbox-queue" in log.read_text() and "pillarbox-deliver" not in log.read_text()
    assert home.wait_empty() and numbers(relay) == [0, 1] and len(relay.logins) == 1


# Limits

def sent_to(relay):
    return sum(len(message.rcpt_tos) for message in relay.messages)


@pytest.mark.parametrize("rate, words", [(["3/1h"], "3 in 1h"), (["100/1m", "3/1d"], "3 in 1d"), ("3/1h", "3 in 1h")])
def test_a_limit_pauses_the_relay(home, relay, rate, words):
    home.configure(work=at(relay, rate=rate))
    for number in range(5):
        send(home, number, "-odq")
    result = home.run("--flush")
    assert result.code == 75
    assert f'relay "work": the limit of {words} is used up (rate); 2 messages stay queued; paused until' in result.err
    assert numbers(relay) == [0, 1, 2] and len(home.entries) == 2
    # It is known to the next, and nobody is asked.
    result = home.run("-odi", BOB, input=b"Subject: number 5\n\nhello\n")
    assert result.code == 0 and "is used up (rate)" in result.err
    send(home, 6)
    assert home.wait_quiet() and len(relay.logins) == 1
    # Nor when the pause has been removed.
    (home.spool / "relays/work").unlink()
    assert home.run("--flush").code == 75
    assert len(relay.logins) == 1 and len(home.entries) == 4
    for entry in home.list():
        assert entry.get("attempts", 0) == 0
    # Who insists goes past it; who loses the count begins anew.
    assert home.run("--flush", "--force").code == 0
    assert len(relay.messages) == 7


def test_when_the_limit_is_over(home, relay):
    home.configure(work=at(relay, rate="2/3s"))
    for number in range(4):
        send(home, number, "-odq")
    assert home.run("--flush").code == 75
    give_up = time.monotonic() + 15
    while home.entries and time.monotonic() < give_up:
        time.sleep(0.3)
        home.run("--flush")
        assert len(relay.messages) <= 4
    assert numbers(relay) == [0, 1, 2, 3]
    assert not (home.spool / "relays/work").exists()


def test_recipients_are_counted(home, relay):
    home.configure(work=at(relay, rate="4/1h"))
    for _ in range(2):
        home.run("-odq", BOB, "carol@example.net", "dan@example.net", input=b"Subject: number 1\n\nhello\n")
    assert home.run("--flush").code == 75
    assert sent_to(relay) == 3


def test_a_limit_for_all_processes(home, relay):
    home.configure(work=at(relay, rate="10/1h", connections=4))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: home.run("-odi" if number % 2 else "-odb", BOB,
                                              input=b"Subject: number %d\n\nhello\n" % number), range(24)))
    assert home.wait_quiet(20)
    assert sent_to(relay) == 10 and len(home.entries) == 14
