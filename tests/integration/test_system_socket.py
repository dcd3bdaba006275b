"""The way to the system's queue for programs that may not gain privileges: the socket."""

import os
import re
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from mail import sized
from system import ALICE, MALLORY, OWNER, no_new_privileges

LETTER = b"Subject: a letter\nFrom: alice@example.com\n\nfor bob only\n"
SENDER = ("-f", "alice@example.com", "bob@example.net")


@pytest.fixture
def ready(system, relay):
    running = relay()
    system.configure(running)
    return running


def run(system, user, *arguments, **options):
    return system.run(user, *arguments, before=no_new_privileges, **options)


@pytest.mark.parametrize("message", [LETTER, sized(3_000_000)], ids=["small", "large"])
def test_a_message_goes_over_the_socket(system, ready, message):
    with system.listening():
        result = run(system, ALICE, "sendmail", *SENDER, input=message)
        assert (result.code, result.out, result.err) == (0, b"", "")
    (entry,) = system.entries
    assert f"\nuid {ALICE}\n".encode() in entry.read_bytes()[:500]
    assert (entry.stat().st_uid, entry.stat().st_mode & 0o777) == (OWNER, 0o600)
    assert system.run(ALICE, "pillarbox", "--flush").code == 0
    assert len(ready.messages) == 1 and len(ready.messages[0].data) >= len(message)


def test_a_session_of_smtp_ends_in_the_queue_as_well(system, ready):
    """As in pillarbox-smtp@.service, whose user may not gain privileges either."""
    session = (b"EHLO x\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n" +
               LETTER.replace(b"\n", b"\r\n") + b".\r\n")
    with system.listening():
        result = run(system, MALLORY, "sendmail", "-bs", input=session)
        assert (result.code, result.err) == (0, "") and b" queued\r\n" in result.out
        (system.spool / "queue").chmod(0o777)
        result = run(system, MALLORY, "sendmail", "-bs", input=session)
        assert (result.code, result.err) == (0, "") and b"\r\n451 4.3.0 " in result.out
        (system.spool / "queue").chmod(0o700)
    (entry,) = system.entries
    assert f"\nuid {MALLORY}\n".encode() in entry.read_bytes()[:500]


def test_there_is_no_first_attempt(system, ready):
    with system.listening():
        result = run(system, ALICE, "sendmail", "-odi", *SENDER, input=LETTER)
        assert (result.code, result.out, result.err) == (0, b"", "")
        result = run(system, ALICE, "sendmail", "-odi", "-v", *SENDER, input=LETTER)
        assert result.code == 0 and "queued" in result.err and result.err.count("\n") == 1
    assert ready.connections == 0 and len(system.entries) == 2


def test_everybody_sees_their_own(system, ready):
    with system.listening():
        for user in (ALICE, MALLORY):
            assert run(system, user, "sendmail", "-odq", *SENDER, input=LETTER).code == 0
        for user in (ALICE, MALLORY):
            assert [entry["uid"] for entry in system.list(user, before=no_new_privileges)] == [user]
        assert len(system.list(0)) == 2


def test_many_entries_are_listed_whole(system, ready):
    for _ in range(60):
        assert system.run(ALICE, "sendmail", "-odq", *SENDER, input=LETTER).code == 0
    with system.listening():
        assert system.list(ALICE, before=no_new_privileges) == system.list(ALICE)
        assert run(system, ALICE, "mailq").out == system.run(ALICE, "mailq").out


def test_what_the_store_refuses_is_refused_alike(system, ready):
    (system.spool / "queue").chmod(0o777)
    with system.listening():
        over_socket = run(system, ALICE, "sendmail", "-odq", *SENDER, input=LETTER)
    directly = system.run(ALICE, "sendmail", "-odq", *SENDER, input=LETTER)
    assert over_socket.code == 75 and "queue" in over_socket.err
    assert over_socket == directly and system.entries == []


@pytest.mark.parametrize("stale", [False, True])
def test_nobody_listens(system, ready, stale):
    if stale:
        left = socket.socket(socket.AF_UNIX)
        left.bind(str(system.socket))
        system.socket.chmod(0o666)
        left.close()
    for arguments in (("sendmail", *SENDER), ("mailq",)):
        result = run(system, ALICE, *arguments, input=LETTER)
        assert result.code == (75 if stale else 78) and result.out == b""
        assert result.err.count("\n") == 1 and str(system.socket) in result.err
    assert system.entries == []
    system.socket.unlink(missing_ok=True)


def test_without_a_queue_there_is_no_way(system, ready):
    with (system.etc / "pillarbox.conf").open("a") as config:
        config.write("queue { enabled = false }\n")
    with system.listening():
        result = run(system, ALICE, "sendmail", *SENDER, input=LETTER)
    assert result.code == 78 and result.err.count("\n") == 1 and "rights" in result.err
    assert ready.connections == 0


def test_without_setuid_bits_too(system, ready):
    helper = system.program("pillarbox-queue")
    os.chmod(helper, 0o755)
    try:
        with system.listening():
            assert system.run(ALICE, "sendmail", *SENDER, input=LETTER).code == 0
    finally:
        os.chmod(helper, 0o4755)
    assert len(system.entries) == 1


@pytest.mark.parametrize("said", [b"", b"list", b"frobnicate\n", b"queue /etc\n", b"list --queue\n", b"socket\n",
                                  b"x" * 1000, b"accept\npillarbox 1\n", b"show ../../etc/passwd\n", b"\0\n"])
def test_garbage_on_the_socket(system, ready, said):
    with system.listening(), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(system.socket))
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        answer = b""
        try:
            while block := connection.recv(4096):
                answer += block
        except ConnectionResetError:
            pass    # it hung up on what it did not want
    assert answer.startswith(b"end ") and not answer.startswith(b"end 0") and answer.endswith(b"\n")
    assert system.wait_quiet() and system.entries == [] and list((system.spool / "tmp").iterdir()) == []


ENTRY = b"pillarbox 1\nfrom <alice@example.com>\nto <bob@example.net>\nsize 5\n\na\r\n\r\n"


def converse(system, pieces, pause, ends=False):
    """Says piece after piece, and perhaps that this was all; the answer, and how long it took."""
    begin = time.monotonic()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(system.socket))
        connection.settimeout(60)
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break   # it hung up
            time.sleep(pause)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while block := connection.recv(4096):
                answer += block
        except ConnectionResetError:
            pass
    return answer, time.monotonic() - begin


def test_who_says_nothing_is_not_waited_for(system, ready):
    """And who is slow, but says something now and then, is."""
    slow = [b"accept\n" + ENTRY[:7], ENTRY[7:30], ENTRY[30:-5], ENTRY[-5:-2], ENTRY[-2:]]
    talks = {
        "nothing": ([], 0),
        "half a verb": ([b"acc"], 0),
        "a verb letter by letter": ([bytes([letter]) for letter in b"accept " * 4], 0.8),
        "a verb alone": ([b"accept\n"], 0),
        "half an entry": ([b"accept\n" + ENTRY[:-5]], 0),
        "slow": (slow, 9, True),
    }
    with system.listening(), ThreadPoolExecutor() as pool:
        said = {name: pool.submit(converse, system, *talk) for name, talk in talks.items()}
        done = {name: future.result() for name, future in said.items()}
        assert system.wait_quiet()
    for name, (answer, seconds) in done.items():
        if name == "slow":
            assert re.fullmatch(rb"\w+\nend 0\n", answer), answer
        else:
            assert answer.startswith(b"end 74 "), (name, answer)
            longest = 35 if name in ("a verb alone", "half an entry") else 30 if "letter" in name else 15
            assert seconds < longest, (name, seconds)
    assert done["nothing"][1] > 8 and done["half an entry"][1] > 25
    assert len(system.entries) == 1 and list((system.spool / "tmp").iterdir()) == []


def test_nobody_has_a_connection_for_ever(system, ready, tmp_path):
    """These times are too long for a test, so the calls that say so are looked at."""
    ours, theirs = socket.socketpair()
    log = tmp_path / "strace"
    with ours, theirs:
        ours.sendall(b"list\n")
        done = subprocess.run(["strace", "-o", log, "-e", "trace=setsockopt,alarm,setitimer",
                               system.program("pillarbox-queue"), "--socket"],
                              stdin=theirs, stdout=subprocess.PIPE, timeout=20, cwd="/")
    assert done.returncode == 0
    # 300 s, as the two lowest bytes of a struct timeval.
    assert re.search(r'SOL_SOCKET, SO_SNDTIMEO\w*, ",\\1\\0.* = 0$', log.read_text(), re.M)
    assert re.search(r"alarm\(900\)|ITIMER_REAL, .*tv_sec=900", log.read_text())
