"""The log: what stands in it, where it goes, and that nobody waits for it, whatever messages and servers contain."""

import ctypes
import json
import os
import re
import select
import signal
import socket
import subprocess
import time

import pytest
from home import at, can_mount
from peer import CLOSE, Ever
from spill import spill
from system import ALICE

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS = 0x20000
MESSAGE = b"Message-ID: <abc@host>\nSubject: a secret\n\nanother secret\n"
# The fields of a line of an attempt, as Postfix has them, with what Postfix says in other lines before them.
ATTEMPT = re.compile(r"([0-9A-F]{19}|NOQUEUE): from=<([^<>]*)>, message-id=<([^<>]*)>, size=(\d+), uid=(\d+), via=(\S+), "
                     r"tls=(\S+), nrcpt=(\d+), ((?:to=<[^<>]*>, )+)relay=(\S+), delay=(\d+\.\d\d), "
                     r"dsn=(\d\.\d{1,3}\.\d{1,3}), status=(\S+) \((.*)\)")
# pflogsumm's own pattern for such a line.
PFLOGSUMM = re.compile(r"to=<([^>]*)>, (?:orig_to=<[^>]*>, )?relay=([^,]+), (?:conn_use=[^,]+, )?delay=([^,]+), "
                       r"(?:delays=[^,]+, )?(?:dsn=[^,]+, )?status=(\S+)(.*)$")


class Syslog:
    """A /dev/log in a /dev of its own: the socket syslogd would have, and a way to run programs that see it."""

    def __init__(self):
        keep = "for n in null zero full random urandom tty; do touch $1/$n; mount --bind /dev/$n $1/$n; done"
        script = f"mount -t tmpfs none /mnt; set -- /mnt; {keep}; mount --move /mnt /dev; echo; exec sleep 600"
        self.holder = subprocess.Popen(["unshare", "-m", "sh", "-euc", script], stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"\n"
        self.namespace = os.open(f"/proc/{self.holder.pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        self.path = f"/proc/{self.holder.pid}/root/dev/log"
        self.socket = None

    def listen(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        os.chmod(self.path, 0o666)

    def enter(self):
        """For preexec_fn."""
        if LIBC.setns(self.namespace, CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    def lines(self):
        """What has come: (priority, text), without time and name."""
        found = []
        while select.select([self.socket], [], [], 0)[0]:
            line = self.socket.recv(65536).decode()
            spill.hear("syslog", line.encode())
            match = re.fullmatch(r"<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d pillarbox\[\d+\]: (.*)", line, re.DOTALL)
            assert match, line
            found.append((int(match[1]) & 7, match[2]))
        return found

    def texts(self):
        return [text for _, text in self.lines()]

    def close(self):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()
        os.close(self.namespace)
        if self.socket is not None:
            self.socket.close()


@pytest.fixture
def nolog():
    """A system without a syslog."""
    if not can_mount():
        pytest.skip("a /dev/log of one's own needs a mount namespace: run these tests as root")
    syslog = Syslog()
    yield syslog
    syslog.close()


@pytest.fixture
def syslog(nolog):
    nolog.listen()
    return nolog


@pytest.fixture
def logged(home, syslog):
    """logged(*arguments, **options) runs a program with that syslog."""
    def run(*arguments, **options):
        return home.run(*arguments, preexec_fn=syslog.enter, **options)
    return run


def fields(line):
    """An attempt, taken apart by its grammar; anything else is None."""
    match = ATTEMPT.fullmatch(line)
    if match is None:
        return None
    names = ("id", "from", "message_id", "size", "uid", "via", "tls", "nrcpt", "to", "relay", "delay", "dsn", "status",
             "reply")
    values = dict(zip(names, match.groups()))
    values["to"] = re.findall(r"to=<([^<>]*)>", values["to"])
    return values


def test_one_line_accepted_one_line_sent(home, peer, logged, syslog):
    peer = peer({"DOT": "250 2.0.0 Ok: queued as 4ABC"})
    home.configure(work=at(peer))
    assert logged("-odq", "-f", "alice@example.com", "bob@example.net", "eve@example.net", input=MESSAGE).code == 0
    entry = home.entries[0].name
    size = home.list()[0]["message_size"]
    assert syslog.lines() == [(6, f"{entry}: uid={os.getuid()}, from=<alice@example.com>, size={size}, nrcpt=2, "
                                  f"message-id=<abc@host>, status=accepted")]
    assert logged("--flush").code == 0
    ((priority, line),) = syslog.lines()
    found = fields(line)
    delay = found.pop("delay")
    assert (priority, found) == (6, {
        "id": entry, "from": "alice@example.com", "message_id": "abc@host", "size": str(size), "uid": str(os.getuid()),
        "via": "work", "tls": "TLS1.3", "nrcpt": "2", "to": ["bob@example.net", "eve@example.net"],
        "relay": f"127.0.0.1[127.0.0.1]:{peer.port}", "dsn": "2.0.0", "status": "sent",
        "reply": "250 2.0.0 Ok: queued as 4ABC"})
    assert 0 < float(delay) < 15
    assert PFLOGSUMM.search(line).groups()[:4] == ("eve@example.net", found["relay"], delay, "sent")


def test_a_line_for_each_answer(home, peer, logged, syslog):
    peer = peer({"RCPT": ["250 ok", "550 5.1.1 no such user", "450 4.2.0 later", "550 5.1.1 no such user"],
                 "DOT": "250 ok"})
    home.configure(work=at(peer))
    logged("-odq", "-f", "alice@example.com", *(f"{name}@example.net" for name in "abcd"), input=MESSAGE)
    syslog.lines()
    assert logged("--flush").code == 75
    lines = syslog.lines()
    found = [fields(line) for _, line in lines]
    assert [(one["to"], one["nrcpt"], one["dsn"], one["status"], one["reply"]) for one in found] == [
        (["a@example.net"], "1", "2.0.0", "sent", "250 ok"),
        (["b@example.net", "d@example.net"], "2", "5.1.1", "bounced", "550 5.1.1 no such user"),
        (["c@example.net"], "1", "4.2.0", "deferred", "450 4.2.0 later")]
    assert [priority for priority, _ in lines] == [6, 4, 4]


@pytest.mark.parametrize("script, status, dsn, words", [
    ({"AUTH": "535 5.7.8 no"}, "deferred", "4.0.0", "login refused: 535 5.7.8 no"),
    ({"GREETING": CLOSE}, "deferred", "4.0.0", ""),
    ({"DOT": CLOSE}, "in-doubt", "4.4.2", "may have arrived"),
    ({"MAIL": "421 4.3.2 going down"}, "deferred", "4.0.0", "421 4.3.2 going down"),
    ({"DOT": "552 too large"}, "bounced", "5.0.0", "552 too large"),
])
def test_what_went_wrong(home, peer, logged, syslog, script, status, dsn, words):
    home.configure(work=at(peer(script)))
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    syslog.lines()
    logged("--flush")
    found = [fields(line) for line in syslog.texts() if fields(line)]
    assert [(one["status"], one["dsn"]) for one in found if one["from"] != ""] == [(status, dsn)]
    assert words in found[0]["reply"]


def test_each_line_is_about_its_own_session(home, peer, logged, syslog):
    """The relay ends the session behind a message, and cannot be reached any more before that one is logged."""
    peer = peer({"GREETING": Ever(["220 peer.example.com ESMTP", CLOSE]), "EHLO": "250-peer\n250-PIPELINING\n250 AUTH PLAIN",
                 "DOT": (0.3, b"250 2.0.0 taken\r\n421 4.7.0 enough\r\n", CLOSE)})
    home.configure(work=at(peer))
    for _ in range(3):
        logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    syslog.lines()
    assert logged("--flush").code == 75
    found = [fields(line) for line in syslog.texts() if fields(line)]
    assert [(one["status"], one["tls"], one["relay"]) for one in found] == [
        ("sent", "TLS1.3", f"127.0.0.1[127.0.0.1]:{peer.port}"), ("deferred", "none", f"127.0.0.1:{peer.port}")]


def test_without_a_relay_to_be_reached(home, logged, syslog, certs):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    home.configure(work={"host": "127.0.0.1", "port": port, "tls": "implicit"})
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    syslog.lines()
    logged("--flush")
    first, *rest = syslog.texts()
    assert (fields(first)["relay"], fields(first)["tls"]) == (f"127.0.0.1:{port}", "none")
    # And one for the relay, when it is over or begins.
    assert [line for line in rest if "stays queued" in line] == rest


def test_a_pause_is_told_of_in_the_background_too(home, peer, logged, syslog):
    home.configure(work=at(peer(), rate="1/1h", linger="0s"))
    for _ in range(2):
        assert logged("-odb", "bob@example.net", input=MESSAGE).code == 0
        assert home.wait_quiet()
    warnings = [text for priority, text in syslog.lines() if priority == 4]
    assert len([text for text in warnings if text.startswith('relay "work": the limit of 1 in 1h is used up (rate); '
                                                             "1 message stays queued; paused until ")]) == 1, warnings


def test_expired(home, peer, logged, syslog):
    home.configure(work=at(peer({"DOT": "450 4.2.0 later"})), queue={"lifetime": "1m", "warn_after": "0"})
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    syslog.lines()
    with home.entries[0].open("r+b") as file:
        file.seek(file.read(200).index(b"\ntime ") + 6)
        file.write(b"2020-01-01T00:00:00Z")
    for _ in range(3):
        logged("--flush", "--force")
    lines = syslog.texts()
    about = [fields(line) for line in lines if fields(line)]
    assert [(one["from"], one["status"]) for one in about] == [
        ("alice@example.com", "deferred"), ("alice@example.com", "deferred"), ("alice@example.com", "expired"),
        ("", "deferred")]
    assert (about[2]["dsn"], about[2]["reply"]) == ("4.2.0", "450 4.2.0 later")
    assert len(lines) == 5 and " queued as " in lines[2]


FORGED = "no <v@x>), to=<victim@x>, relay=a, delay=1, dsn=2.0.0, status=sent (250 ok"


@pytest.mark.parametrize("reply", [FORGED, "\x1b]0;x\x07", "a\x7fb", "‮desrever", "(", ")", "\\", "  ", "x" * 3000])
def test_no_reply_forges_anything(home, peer, logged, syslog, reply):
    for script in ({"RCPT": f"450 4.2.0 {reply}"}, {"DOT": f"550 5.7.1 {reply}"}, {"MAIL": f"421 4.3.2 {reply}"},
                   {"AUTH": f"535 5.7.8 {reply}"}, {"GREETING": f"554 5.7.1 {reply}"}):
        home.configure(work=at(peer(script)))
        logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
        logged("--flush", "--force")
        lines = syslog.texts()
        assert any(fields(line) for line in lines)
        for line in lines:
            assert line.isprintable(), line
            assert "victim@x" not in [one for one, *_ in PFLOGSUMM.findall(line)]
            assert "to=<victim" not in line
            found = fields(line)
            assert found is None or found["to"] in (["bob@example.net"], ["alice@example.com"])
        logged("--remove", "all")
        syslog.lines()


@pytest.mark.parametrize("address", ['"a> , to=<b"@example.com', '"x, status=sent (250"@example.com',
                                     '"a\\"b"@example.com', "a+to=b@example.com"])
@pytest.mark.parametrize("header", [b"<a@b>, to=<victim@x>, relay=y", b"<a\n\t@b>", b"<\xff\xfe>", b"<" + b"x" * 900 + b">",
                                    b"\x01", b"a, status=sent (x)"])
def test_no_message_forges_anything(home, peer, logged, syslog, address, header):
    home.configure(work=at(peer()))
    submitted = logged("-odq", "-f", address, address, input=b"Message-ID: " + header + b"\nSubject: s\n\nx\n")
    lines = syslog.texts()
    if submitted.code == 0:
        (line,) = lines
        assert re.fullmatch(r"[0-9A-F]{19}: uid=\d+, from=<[^<>]*>, size=\d+, nrcpt=1, message-id=<[^<>]*>, "
                            r"status=accepted", line), line
        assert logged("--flush").code == 0
        (line,) = lines = syslog.texts()
        found = fields(line)
        assert found["status"] == "sent" and found["from"] == found["to"][0]
    for line in lines:
        assert line.isprintable()
        assert "to=<victim" not in line


def test_many_recipients_are_one_line(home, peer, logged, syslog):
    home.configure(work=at(peer()))
    logged("-odq", "-f", "alice@example.com", *(f"bob{n}@example.net" for n in range(1000)), input=MESSAGE)
    assert logged("--flush").code == 0
    _, line = syslog.texts()
    found = fields(line)
    assert found["nrcpt"] == "1000"
    assert 10 < len(found["to"]) < 100


def test_many_answers_are_bounded(home, peer, logged, syslog):
    home.configure(work=at(peer({"RCPT": Ever(f"450 4.2.0 later {n}" for n in range(300))})))
    logged("-odq", "-f", "alice@example.com", *(f"bob{n}@example.net" for n in range(300)), input=MESSAGE)
    received = []
    # Somebody must read meanwhile: a socket takes some ten lines.
    flush = home.start("--flush", preexec_fn=syslog.enter)
    give_up = time.monotonic() + 15
    while flush.poll() is None and time.monotonic() < give_up:
        received += syslog.texts()
        time.sleep(0.001)
    home.finish(flush)
    received += syslog.texts()
    assert len([line for line in received if fields(line)]) == 100
    assert "200 more recipients" in received[-1]


def test_full_log_holds_nobody_up(home, peer, logged, syslog):
    peer = peer()
    home.configure(work=at(peer))
    for _ in range(20):
        logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    begin = time.monotonic()
    assert logged("--flush").code == 0
    assert time.monotonic() - begin < 3
    assert len(peer.messages) == 20
    assert len(syslog.lines()) < 20
    # Submission as well, and it says nothing.
    for _ in range(12):
        begin = time.monotonic()
        result = logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
        assert (result.code, result.err) == (0, "")
        assert time.monotonic() - begin < 3
    assert len(home.entries) == 12


def test_no_log_at_all(home, peer, nolog):
    home.configure(work=at(peer()))
    for arguments, message in (("-odi", "bob@example.net"), MESSAGE), (("--flush",), b""):
        result = home.run(*arguments, input=message, preexec_fn=nolog.enter)
        assert (result.code, result.out, result.err) == (0, b"", "")


def test_a_resident_without_syslog_says_it_on_stderr(home, peer, nolog):
    home.configure(work=at(peer()))
    home.run("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE, preexec_fn=nolog.enter)
    process = home.start("--flush", "--every", "1s", preexec_fn=nolog.enter)
    assert home.wait_empty()
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    result = home.finish(process)
    (line,) = result.err.splitlines()
    assert fields(line.removeprefix("pillarbox: "))["status"] == "sent"


def test_a_resident_with_syslog_says_nothing(home, peer, logged, syslog):
    home.configure(work=at(peer()))
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    process = home.start("--flush", "--every", "1s", preexec_fn=syslog.enter)
    assert home.wait_empty()
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert home.finish(process).err == ""
    assert len(syslog.lines()) == 2


def test_json_on_stderr(home, peer):
    home.configure(work=at(peer({"RCPT": ["250 ok", '450 4.2.0 "later" \x1b <a@b>']})))
    home.run("-odq", "-f", "alice@example.com", "bob@example.net", "eve@example.net", input=MESSAGE)
    entry = home.entries[0].name
    result = home.run("--flush", "--json")
    sent, later = (json.loads(line) for line in result.err.splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sent.pop("time"))
    assert 0 < sent.pop("delay") < 15
    assert sent.pop("relay").startswith("127.0.0.1[127.0.0.1]:")
    assert sent.pop("size") > 0
    assert sent == {"level": "info", "queue_id": entry, "from": "alice@example.com", "message_id": "abc@host",
                    "uid": os.getuid(), "via": "work", "tls": "TLS1.3", "nrcpt": 1, "to": ["bob@example.net"],
                    "dsn": "2.0.0", "status": "sent", "reply": "250 2.0.0 taken"}
    assert (later["level"], later["to"], later["status"]) == ("warning", ["eve@example.net"], "deferred")
    assert later["reply"].startswith('450 4.2.0 "later"')


def test_json_to_syslog(home, peer, logged, syslog):
    home.configure(work=at(peer()), log_json=True)
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    logged("--flush")
    logged("-odq", "-f", "alice@example.com", input=MESSAGE)
    accepted, sent, refused = map(json.loads, syslog.texts())
    assert (accepted["status"], sent["status"]) == ("accepted", "sent")
    assert refused["message"].startswith("not taken from uid ")


def test_the_store_logs_why_it_takes_nothing(home, peer, logged, syslog):
    """Cron and at keep to themselves what is said on stderr."""
    home.configure(work=at(peer()))
    home.spool.mkdir()
    (home.spool / "tmp").symlink_to("/nowhere")
    result = logged("-odq", "bob@example.net", input=MESSAGE)
    assert result.code == 75
    (line,) = syslog.texts()
    assert line == f"not taken from uid {os.getuid()}: {result.err.removeprefix('pillarbox: ').rstrip()}"


def test_what_a_session_refuses(home, peer, logged, syslog):
    home.configure(work=at(peer()), max_size=2000)
    logged("-bs", "-odq", input=b"EHLO x\nBOO\nMAIL FROM:<a@@b>\nMAIL FROM:<a@example.com>\nRCPT TO:<nobody>\n"
           b"RCPT TO:<b@example.net>\nDATA\n" + b"too long\n" * 300 + b".\nQUIT\n")
    begin = f"not taken from uid {os.getuid()}: "
    sender, recipient, message = syslog.texts()
    assert sender.startswith(f"{begin}MAIL FROM:<a@@b>: 55")
    assert recipient.startswith(f"{begin}RCPT TO:<nobody>: 550 5.1.3 ")
    assert message.startswith(f"{begin}the message: 552 5.3.4 ")


def test_none(home, peer, logged, syslog):
    home.configure(work=at(peer({"DOT": "450 later"})), log="none")
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    logged("--hold", "all")
    logged("--release", "all")
    result = logged("--flush", "--force")
    logged("-odq", "-f", "alice@example.com", input=MESSAGE)
    assert (result.code, syslog.lines()) == (75, [])
    assert "later" in result.err


def test_to_stderr(home, peer, logged, syslog):
    home.configure(work=at(peer({"DOT": "450 later"})), log="stderr")
    assert logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE).err == ""
    result = logged("--flush")
    (line,) = result.err.splitlines()
    assert fields(line.removeprefix("pillarbox: "))["status"] == "deferred"
    assert syslog.lines() == []


def test_without_a_queue(home, peer, logged, syslog):
    home.configure(work=at(peer()), queue={"enabled": False})
    assert logged("-f", "alice@example.com", "bob@example.net", input=MESSAGE).code == 0
    (line,) = syslog.texts()
    found = fields(line)
    assert (found["id"], found["uid"], found["status"]) == ("NOQUEUE", str(os.getuid()), "sent")


def test_nothing_confidential(home, peer, logged, syslog):
    peer = peer({"DOT": ["450 later", "250 ok"]})
    home.configure(work=at(peer))
    logged("-odq", "-f", "alice@example.com", "bob@example.net", input=MESSAGE)
    for _ in range(2):
        logged("--flush", "--force", "-v")
    text = "\n".join(syslog.texts())
    assert text.count("status=") == 3
    assert "secret" not in text
    assert not any(secret in text for secret in home.secrets)


def test_others_do_not_choose(system, relay):
    """Who flushes as somebody else than root or the owner gets no log on stderr."""
    system.configure(relay())
    result = system.run(ALICE, "pillarbox", "--flush", "--every", "1s", "--json")
    assert result.code == 77
    assert "--json is for root" in result.err


def test_in_the_system(system, relay, syslog):
    """Who is neither root nor the owner chooses neither where the log goes, nor that there is none."""
    server = relay()
    system.configure(server)
    with (system.etc / "pillarbox.conf").open("a") as file:
        file.write('log = "stderr"\nlog-json = true\n')

    def run(user, name, *arguments, input=b""):
        ids = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return subprocess.run(["nsenter", f"--mount=/proc/{syslog.holder.pid}/ns/mnt", *ids, system.program(name),
                               *arguments], input=input, capture_output=True, timeout=20)

    entry = b"pillarbox 1\nfrom <alice@example.com>\nto <bob@example.net>\nsize 5\n\n\r\nx\r\n"
    taken = [run(ALICE, "sendmail", "-odq", "bob@example.net", input=MESSAGE),
             run(ALICE, "pillarbox-queue", "--log", "none", input=entry)]
    assert [one.returncode for one in taken] == [0, 0] and taken[0].stderr == b""
    first, second = syslog.texts()
    for line in (first, second):
        assert re.fullmatch(rf"[0-9A-F]{{19}}: uid={ALICE}, from=<[^<>]*>, size=\d+, nrcpt=1, message-id=<[^<>]*>, "
                            r"status=accepted", line), line
    sent = run(ALICE, "pillarbox", "--flush")
    assert (sent.returncode, sent.stderr) == (0, b"")
    assert [json.loads(line)["status"] for line in syslog.texts()] == ["sent", "sent"]
    run(ALICE, "sendmail", "-odq", "bob@example.net", input=MESSAGE)
    syslog.texts()
    sent = run(0, "pillarbox", "--flush")
    assert [json.loads(line)["status"] for line in sent.stderr.splitlines()] == ["sent"]
    assert syslog.texts() == []
