"""The queue: listed, flushed, and whole after whatever was killed."""

import os
import pty
import re
import signal
import stat
import subprocess
import time
import tty
from contextlib import suppress
from pathlib import Path

import pytest
from home import at
from mail import sized, whole, wire

BIG = sized(20_000_000)     # more than the buffers between us and a relay that does not read


@pytest.fixture
def work(home, relay):
    """A relay that the home is configured for."""
    relay = relay()
    home.configure(work=at(relay), hostname="host.example.org")
    return relay


@pytest.fixture
def queue(pillarbox):
    """queue(*messages) puts messages into the queue."""
    def put(*messages, to=("bob@example.net",), sender="alice@example.com"):
        for message in messages:
            result = pillarbox("-odq", "-f", sender, *to, input=message)
            assert (result.code, result.out, result.err) == (0, b"", "")
    return put


def flushed(result):
    assert (result.code, result.out, result.err) == (0, b"", "")


def arrived(relay):
    return sorted(message.data for message in relay.messages)


# Listing

def test_an_empty_queue(home, work, pillarbox):
    for arguments, name in ((("--list",), "pillarbox"), (("-bp",), "sendmail"), ((), "mailq")):
        result = pillarbox(*arguments, name=name)
        assert (result.code, result.out, result.err) == (0, b"Mail queue is empty\n", "")
    assert home.list() == []


def test_list_is_laid_out_as_postfix_does(home, work, queue, pillarbox):
    queue(sized(3000), to=("bob@example.net", "carol@example.net"))
    result = pillarbox("--list")
    lines = result.out.decode().splitlines()
    (entry,) = home.list()
    assert lines[0] == "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------"
    assert re.fullmatch(rf"{re.escape(entry['queue_id'])}[*! ]? +{entry['message_size']} "
                        r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d +alice@example\.com", lines[1])
    assert [line.strip() for line in lines[2:-1] if line.strip()] == ["bob@example.net", "carol@example.net"]
    assert re.fullmatch(r"-- \d+ Kbytes in 1 Request\.", lines[-1])
    queue(whole())
    assert re.search(rb"\n-- \d+ Kbytes in 2 Requests\.\n\Z", pillarbox(name="mailq").out)
    assert pillarbox("--list").out == pillarbox("-bp").out == pillarbox(name="mailq").out


def test_list_as_json(home, work, queue, pillarbox):
    before = int(time.time())
    message = sized(3000)
    queue(message, to=("bob@example.net", "carol@example.net"))
    work.replies["DOT"] = "451 4.3.0 try later"
    (entry,) = home.list()
    assert entry["queue_name"] in ("active", "deferred")
    assert entry["queue_id"] == home.entries[0].name
    assert before <= entry["arrival_time"] <= time.time()
    assert entry["message_size"] == len(wire(message))
    assert entry["forced_expire"] is False
    assert entry["sender"] == "alice@example.com"
    assert [recipient["address"] for recipient in entry["recipients"]] == ["bob@example.net", "carol@example.net"]
    assert (entry["attempts"], entry["uid"]) == (0, os.getuid())

    pillarbox("--flush")
    (entry,) = home.list()
    assert (entry["queue_name"], entry["attempts"]) == ("deferred", 1)
    assert entry["next_attempt"] > time.time()
    assert all("451 4.3.0 try later" in recipient["delay_reason"] for recipient in entry["recipients"])

    work.replies["DOT"] = "554 5.6.0 not this one"
    pillarbox("--flush", "--force")
    (entry,) = home.list()
    assert entry["queue_name"] == "hold" and entry["held_reason"]


# Flushing

@pytest.mark.parametrize("arguments", [("--flush",), ("-q",)])
def test_flush_sends_all_that_is_due_and_says_nothing(home, work, queue, pillarbox, arguments):
    messages = [sized(2000, number) for number in range(5)]
    queue(*messages)
    flushed(pillarbox(*arguments))
    assert arrived(work) == sorted(map(wire, messages))
    assert home.entries == []
    flushed(pillarbox(*arguments))


def test_flush_of_one(home, work, queue, pillarbox):
    queue(sized(2000, 1))
    (first,) = home.entries
    queue(sized(2000, 2))
    flushed(pillarbox("--flush", first.name))
    assert arrived(work) == [wire(sized(2000, 1))]
    assert len(home.entries) == 1 and not first.exists()


@pytest.mark.parametrize("identity", ["nosuchid", "../queue", "/etc/passwd", ""])
def test_flush_of_what_is_not_there(home, work, queue, pillarbox, identity):
    queue(whole())
    result = pillarbox("--flush", identity)
    assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err) and identity in result.err
    assert work.connections == 0 and len(home.entries) == 1


def test_what_is_not_due_waits_unless_forced(home, work, queue, pillarbox):
    work.replies["DOT"] = "451 4.3.0 try later"
    queue(whole())
    assert pillarbox("--flush").code == 75
    work.replies.clear()
    connections = work.connections
    assert pillarbox("--flush").code in (0, 75)
    assert work.connections == connections and len(home.entries) == 1
    flushed(pillarbox("--flush", "--force"))
    assert arrived(work) == [wire(whole())] and home.entries == []


def test_force_and_an_id_in_any_order(home, work, queue, pillarbox):
    work.replies["DOT"] = "451 4.3.0 try later"
    queue(sized(2000, 1), sized(2000, 2))
    assert pillarbox("--flush").code == 75
    work.replies.clear()
    first, second = home.entries
    flushed(pillarbox("--flush", "--force", first.name))
    assert len(work.messages) == 1
    flushed(pillarbox("--flush", second.name, "--force"))
    assert len(work.messages) == 2 and home.entries == []


def test_two_flushes_at_once_send_each_message_once(home, work, queue):
    messages = [sized(20_000, number) for number in range(20)]
    queue(*messages)
    both = [home.start("--flush") for _ in range(2)]
    for process in both:
        flushed(home.finish(process))
    assert home.wait_empty()
    assert arrived(work) == sorted(map(wire, messages))


def test_a_flush_leaves_alone_what_another_is_sending(home, work, queue, pillarbox):
    work.stall = "DOT"
    queue(whole())
    first = home.start("--flush")
    assert work.wait_stage("DOT")
    pillarbox("--flush", "--force", timeout=5)
    assert work.stages.count("DOT") == 1
    work.stall = None
    flushed(home.finish(first))
    assert arrived(work) == [wire(whole())] and home.entries == []


# The files

def test_an_entry_reads_as_promised(home, work, queue, pillarbox):
    message = whole("Gr\u00fc\u00dfe\n.dot\n".encode())
    queue(message, to=("bob@example.net", "carol@example.net"))
    (path,) = home.entries
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.spool.stat().st_mode) == stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    fresh = path.read_bytes()
    head, rest = fresh.split(b"\n\n", 1)
    assert b"\r" not in head and head.isascii()
    for word in (b"alice@example.com", b"bob@example.net", b"carol@example.net", str(len(wire(message))).encode()):
        assert re.search(rb"[\t <]" + re.escape(word) + rb"([\t\n>]|\Z)", head), word
    assert rest.startswith(wire(message)), "the message is not there as it goes over the wire, dots not doubled"

    work.replies["DOT"] = "451 4.3.0 try later"
    pillarbox("--flush")
    tried = path.read_bytes()
    assert tried.startswith(fresh) and len(tried) > len(fresh), "what was accepted never changes"
    records = tried[len(head) + 2 + len(wire(message)):]
    assert records.endswith(b"\n") and records.isascii() and b"451 4.3.0 try later" in records
    assert path.stat().st_mtime == pytest.approx(home.list()[0]["next_attempt"], abs=1)
    assert list((home.spool / "tmp").iterdir()) == []


def test_a_torn_last_record_is_ignored(home, work, queue, pillarbox):
    work.replies["RCPT"] = "451 4.3.0 try later"
    queue(whole())
    pillarbox("--flush")
    (path,) = home.entries
    records = path.read_bytes().splitlines(keepends=True)[-1]
    with path.open("ab") as entry:
        entry.write(records[:len(records) // 2])
    work.replies.clear()
    flushed(pillarbox("--flush", "--force"))
    assert arrived(work) == [wire(whole())] and home.entries == []


DAMAGE = {
    "cut in the message": lambda entry: entry[:entry.index(b"hello one")],
    "cut in the head": lambda entry: entry[:20],
    "empty": lambda entry: b"",
    "bare LF in the message": lambda entry: entry.replace(b"hello one\r\n", b"hello one.\n"),
    "another recipient": lambda entry: entry.replace(b"bob@example.net", b"bob@exam\rle.net", 1),
    "an address that is no UTF-8": lambda entry: entry.replace(b"bob@example.net", b"b\xfcb@example.net", 1),
    "garbage": lambda entry: os.urandom(len(entry)),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_entry_is_moved_aside_and_said_and_the_rest_goes_on(home, work, queue, pillarbox, case):
    queue(whole(b"hello one\nmore\n"))
    (path,) = home.entries
    queue(whole(b"hello two\n"))
    due = path.stat()
    path.write_bytes(DAMAGE[case](path.read_bytes()))
    os.utime(path, ns=(due.st_atime_ns, due.st_mtime_ns))
    result = pillarbox("--flush")
    assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err) and path.name in result.err
    assert arrived(work) == [wire(whole(b"hello two\n"))]
    assert home.entries == [] and [aside.name for aside in home.corrupt] == [path.name]


def test_a_stranger_in_the_folder_harms_nothing(home, work, queue, pillarbox):
    queue(whole())
    (home.spool / "queue" / ".nfs0001").write_text("left behind")
    (home.spool / "tmp" / "half").write_text("half an entry")
    assert pillarbox("--flush").code in (0, 75)
    assert arrived(work) == [wire(whole())]


# Killed

def test_delivery_killed_in_the_message(home, work, queue, pillarbox):
    queue(BIG)
    work.stall = "BODY"
    flush = home.start("--flush")
    assert work.wait_stage("BODY")
    os.kill(home.wait_process("pillarbox-deliver"), signal.SIGKILL)
    assert home.finish(flush).code != 0
    assert len(home.entries) == 1 and work.messages == []
    work.stall = None
    flushed(pillarbox("--flush", "--force", timeout=30))
    assert [message.data == wire(BIG) for message in work.messages] == [True]
    assert home.entries == []
    flushed(pillarbox("--flush", "--force"))
    assert len(work.messages) == 1


def test_background_delivery_killed_before_the_final_reply(home, work, pillarbox):
    work.stall = "DOT"
    assert pillarbox("-odb", "bob@example.net", input=whole()).code == 0
    assert work.wait_stage("DOT")
    os.kill(home.wait_process("pillarbox-deliver"), signal.SIGKILL)
    assert home.wait_quiet() and len(home.entries) == 1
    work.drop = "DOT"       # that server never took it
    work.stall = None
    time.sleep(0.2)
    work.drop = None
    flushed(pillarbox("--flush", "--force"))
    assert arrived(work) == [wire(whole())] and home.entries == []


def test_the_caller_dies_in_the_message(home, work, pillarbox):
    process = home.start("-odq", "bob@example.net")
    process.stdin.write(BIG[:len(BIG) // 2])
    process.stdin.flush()
    os.kill(process.pid, signal.SIGKILL)
    home.finish(process)
    assert home.wait_quiet() and home.entries == []
    flushed(pillarbox("--flush", "--force"))
    assert work.messages == []


def has_read(pid):
    """How many bytes a process has read so far."""
    return int(re.search(r"rchar: (\d+)", Path(f"/proc/{pid}/io").read_text())[1])


@pytest.fixture
def storing(home, work):
    """A submission whose store is stopped in the middle of the message: the front's process and the store's pid."""
    message = home.folder / "message"
    message.write_bytes(sized(40_000_000))
    with message.open("rb") as stdin:
        front = home.start("-odq", "bob@example.net", stdin=stdin)
    store = home.wait_process("pillarbox-queue")
    while has_read(store) < 2_000_000:
        assert front.poll() is None, "the front gave up"
    os.kill(store, signal.SIGSTOP)
    assert has_read(store) < 39_000_000, "the store was too fast for this test: make the message bigger"
    yield front, store
    if front.poll() is None:
        front.kill()
        front.communicate()


def test_the_front_killed_while_the_store_reads(home, work, storing, pillarbox):
    front, store = storing
    os.kill(front.pid, signal.SIGKILL)
    os.kill(store, signal.SIGCONT)
    home.finish(front)
    assert home.wait_quiet()
    assert home.entries == [], "half a message was taken for a whole one"
    flushed(pillarbox("--flush", "--force"))
    assert work.messages == []


def test_the_store_killed_while_it_reads(home, work, storing, pillarbox):
    front, store = storing
    os.kill(store, signal.SIGKILL)
    result = home.finish(front)
    assert result.code in (70, 74, 75), "not said, or the front died of it"
    assert result.err.startswith("pillarbox: ")
    assert home.entries == []
    flushed(pillarbox("--flush", "--force"))
    assert work.messages == []


def test_what_a_killed_store_left_is_cleaned_up_or_ignored(home, work, storing, queue, pillarbox):
    front, store = storing
    os.kill(store, signal.SIGKILL)
    home.finish(front)
    queue(whole())
    assert len(home.list()) == 1
    flushed(pillarbox("--flush"))
    assert arrived(work) == [wire(whole())] and home.entries == []


@pytest.mark.parametrize("program", ["pillarbox", "pillarbox-queue"])
def test_killed_at_any_moment_is_all_or_nothing(home, work, pillarbox, program):
    message = sized(3_000_000)
    given = home.folder / "message"
    given.write_bytes(message)
    accepted = 0
    for delay in (0, 1, 2, 4, 6, 8, 10, 15, 20, 30):    # milliseconds
        with given.open("rb") as stdin:
            process = home.start("-odq", "bob@example.net", stdin=stdin)
        time.sleep(delay / 1000)
        for pid, name in home.processes().items():
            if name == program:
                with suppress(ProcessLookupError):      # it has ended meanwhile
                    os.kill(pid, signal.SIGKILL)
        accepted += home.finish(process).code == 0
        assert home.wait_quiet()
    kept = len(home.entries)
    assert kept >= accepted, "accepted and then lost"
    flushed(pillarbox("--flush", timeout=30))
    assert [arrival.data == wire(message) for arrival in work.messages] == [True] * kept


# What cannot be looked at

@pytest.mark.parametrize("call, error", [("openat", "EMFILE"), ("pread64", "EIO"), ("getdents64", "EIO"),
                                         ("newfstatat,fstat", "EIO")])
def test_what_cannot_be_looked_at_is_no_empty_queue(home, work, queue, pillarbox, tmp_path, call, error):
    """Each call fails once: a listing is whole, or says that it is not."""
    queue(sized(100), sized(100))
    queue(sized(100))
    pillarbox("--hold", home.list()[2]["queue_id"])     # in a place of its own
    ids = [entry["queue_id"] for entry in home.list()]
    store = [str(home.build / "pillarbox-queue"), "--queue", str(home.spool)]
    log, hit = tmp_path / "strace", 0
    for when in range(1, 100):
        done = subprocess.run(["strace", "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}",
                               *store, "--list"], capture_output=True, timeout=20, env=home.traced)
        if "INJECTED" not in log.read_text():
            break
        seen = [identity for identity in ids if f"id {identity}\n".encode() in done.stdout]
        assert done.returncode != 0 or seen == ids, (when, log.read_text())
        if done.returncode == 75 and b"cannot be read" in done.stderr:
            hit += 1
            assert len(seen) == 2 and done.stderr.startswith(b"pillarbox: 1 entry cannot be read: ")
            assert done.stderr.count(b"\n") == 1
    assert when > 2 and (hit > 0 or call == "getdents64")


def test_what_is_not_listed_is_not_steered_as_all(home, work, queue):
    queue(sized(100), sized(100))
    (entry, _) = home.entries
    result = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "trace=pread64", "-P", str(entry), "-e",
                             "inject=pread64:error=EIO", str(home.build / "pillarbox"), "--config", str(home.config),
                             "--hold", "all"], capture_output=True, timeout=20, env=home.traced)
    assert result.returncode == 75 and result.stderr.startswith(b"pillarbox: 1 entry cannot be read: ")
    assert not any(b"held by hand" in path.read_bytes() for path in home.entries)


def test_a_corrupt_entry_hides_no_other(home, work, queue, pillarbox):
    queue(sized(100), sized(100), sized(100))
    broken = home.entries[1]
    broken.write_bytes(b"pillarbox 1\nid what\n\n")
    listed = pillarbox("--list")
    assert listed.code == 0 and listed.out.count(b"alice@example.com") == 2
    assert pillarbox("--hold", "all").code == 0
    assert sum(b"held by hand" in entry.read_bytes() for entry in home.entries) == 2


def test_a_terminal_is_shown_no_control_characters(home, work, queue, pillarbox):
    message = "Subject: x\n\n\x1b]0;pwned\a \x9b2J \r\n\tcaf\u00e9\n".encode()
    queue(message.replace(b"\r\n", b"\n"))
    identity = home.list()[0]["queue_id"]
    assert "\x1b]0;pwned\a \x9b2J \r\n\tcaf\u00e9\r\n".encode() in pillarbox("--show", identity).out
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    done = subprocess.run([home.build / "pillarbox", "--show", identity], stdout=theirs, env=home.environment, timeout=15)
    shown = os.read(ours, 65536)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0 and shown.startswith(b"id  ")
    assert shown.endswith("\r\n\r\n?]0;pwned? ?2J \r\n\tcaf\u00e9\r\n".encode())
