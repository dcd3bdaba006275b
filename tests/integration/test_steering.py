"""Steering the queue: --show, --hold, --release, --remove, --bounce, --check, by id, all and pattern; and who may."""

import fcntl
import json
import os
import re
import struct
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from home import at
from mail import sized, whole, wire
from system import ALICE, MALLORY, OWNER, no_new_privileges

STEERING = ("--hold", "--release", "--remove", "--bounce")
GARBAGE = ("../x", "", "/etc/passwd", "." * 19, "a" * 5000, "660CEF6A6BE9932C11", "660CEF6A6BE9932C11g",
           "660CEF6A6BE9932C113\n660CEF6A6BE9932C114", "queue/660CEF6A6BE9932C113", "660cef6a6be9932c113")
NOBODY = "0" * 19


@pytest.fixture
def work(home, relay):
    relay = relay()
    home.configure(work=at(relay), hostname="host.example.org")
    return relay


@pytest.fixture
def put(home, pillarbox):
    """put(to, sender) queues a message and gives its id."""
    def one(to="bob@example.net", sender="alice@example.com", message=whole(), *options):
        before = set(home.entries)
        recipients = [to] if isinstance(to, str) else to
        result = pillarbox("-odq", *options, "-f", sender, *recipients, input=message)
        assert (result.code, result.out, result.err) == (0, b"", "")
        (new,) = set(home.entries) - before
        return new.name
    return one


def done(result, out=b""):
    assert (result.code, result.out, result.err) == (0, out, "")


def states(home):
    return {entry["queue_id"]: entry["queue_name"] for entry in home.list()}


def locked(path):
    """Holds the lock of an entry, as a delivery does."""
    fd = os.open(path, os.O_RDWR)
    fcntl.fcntl(fd, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))      # F_OFD_SETLK
    return fd


# One message

def test_hold_and_release(home, work, put, pillarbox):
    first, second = put(), put()
    done(pillarbox("--hold", first))
    assert states(home) == {first: "hold", second: "deferred"}
    assert f"{first}!".encode() in pillarbox("--list").out
    assert b"(held by hand, by uid " in pillarbox("--list").out
    done(pillarbox("--flush", "--force"))
    assert len(work.messages) == 1 and [entry.name for entry in home.entries] == [first]
    done(pillarbox("--hold", first))        # it is so already
    done(pillarbox("--release", first, "-v"), b"1 message released\n")
    assert states(home) == {first: "deferred"} and home.list()[0].get("held_reason") is None
    done(pillarbox("--release", first))
    done(pillarbox("--flush"))
    assert len(work.messages) == 2 and home.entries == []


def test_release_of_what_was_put_off_for_ever_by_hand(home, work, put, pillarbox):
    put()
    os.utime(home.entries[0], (4102444800, 4102444800))
    done(pillarbox("--flush", "--force"))
    assert len(home.entries) == 1
    done(pillarbox("--release", "all"))
    done(pillarbox("--flush"))
    assert home.entries == []


def test_remove(home, work, put, pillarbox):
    first, second = put(), put()
    done(pillarbox("--remove", first, "-v"), b"1 message removed\n")
    assert [entry.name for entry in home.entries] == [second]
    done(pillarbox("--flush"))
    assert len(work.messages) == 1


def test_show(home, work, put, pillarbox):
    message = sized(200_000)
    identity = put(["bob@example.net", "carol@example.net"], message=message)
    work.replies["DOT"] = "451 4.3.0 try later"
    pillarbox("--flush")
    result = pillarbox("--show", identity)
    assert (result.code, result.err) == (0, "")
    head, shown = result.out.split(b"\n\n", 1)
    assert shown == wire(message)
    lines = head.decode().splitlines()
    assert lines[0].split() == ["id", identity] and "from      <alice@example.com>" in lines
    assert "to        <bob@example.net> waits: 451 4.3.0 try later" in lines
    assert any(re.search(r"  deferred.*451 4\.3\.0 try later$", line) for line in lines)
    assert any(re.search(r'  attempt relay "work"$', line) for line in lines)


def test_bounce_returns_it_to_its_sender(home, work, put, pillarbox):
    identity = put(["bob@example.net", "carol@example.net"])
    done(pillarbox("--hold", identity))
    done(pillarbox("--bounce", identity, "-v"), b"1 message returned\n")
    (report,) = home.list()
    assert report["queue_id"] != identity and report["sender"] == ""
    assert [one["address"] for one in report["recipients"]] == ["alice@example.com"]
    done(pillarbox("--flush"))
    (message,) = work.messages
    assert message.data.count(b"returned by hand") >= 2 and b"bob@example.net" in message.data


def test_bounce_never_without_a_sender(home, work, put, pillarbox):
    identity = put(sender="<>")
    result = pillarbox("--bounce", identity)
    assert result.code == 75 and re.fullmatch(rf"pillarbox: {identity}: .*no sender.*\n", result.err)
    assert states(home) == {identity: "deferred"}


# Which messages

@pytest.mark.parametrize("verb", STEERING)
def test_which_must_be_said(home, work, put, pillarbox, verb):
    identity = put()
    for arguments in ((), ("all", identity), (identity, "--to", "*")):
        result = pillarbox(verb, *arguments)
        assert result.code == 64 and result.err.count("\n") == 1
    assert states(home) == {identity: "deferred"}


def test_all(home, work, put, pillarbox):
    ids = [put() for _ in range(3)]
    done(pillarbox("--hold", ids[0]))
    done(pillarbox("--hold", "all", "-v"), b"2 messages held\n")
    done(pillarbox("--release", "all", "-v"), b"3 messages released\n")
    done(pillarbox("--remove", "all", "-v"), b"3 messages removed\n")
    for verb in STEERING:
        done(pillarbox(verb, "all", "-v"), pillarbox(verb, "all", "-v").out)


def test_patterns(home, relay, put, pillarbox):
    one, two = relay(), relay()
    home.configure(one=at(one, senders=["*@one.example"]), two=at(two), hostname="host.example.org", default_relay="two")
    a = put("bob@example.net", "a@one.example")
    b = put(["carol@example.org", "Dan@Example.NET"], "b@two.example")
    c = put("bob@example.net", "<>")
    d = put("bob@example.net", "d@two.example", whole(), "--relay", "one")

    def held(*patterns):
        done(pillarbox("--hold", *patterns))
        found = {identity for identity, state in states(home).items() if state == "hold"}
        done(pillarbox("--release", "all"))
        return found
    assert held("--to", "*@example.net") == {a, b, c, d}
    assert held("--to", "dan@*") == {b} == held("--to", "carol@example.or[g]")
    assert held("--to", "example.net") == set()     # all of the address
    assert held("--from", "*@two.example") == {b, d}
    assert held("--from", "<>") == {c} == held("--from", "")
    assert held("--relay", "one") == {a, d} and held("--relay", "two") == {b, c}
    assert held("--relay", "one", "--from", "*@two.example") == {d}
    assert held("all", "--from", "a@*") == {a}
    result = pillarbox("--hold", "--relay", "on")
    assert result.code == 78 and 'did you mean "one"' in result.err
    done(pillarbox("--remove", "--from", "*@two.example", "-v"), b"2 messages removed\n")
    assert set(states(home)) == {a, c}


def test_a_thousand_at_once(home, work, pillarbox):
    def made(number):
        identity = f"660CEF6A{number:011X}"
        text = (f"pillarbox 1\nid {identity}\ntime 2026-11-21T20:11:17Z\nuid {os.getuid()}\nfrom <a@example.com>\n"
                f"to <bob{number}@example.net>\nsize 14\n\nSubject: x\r\n\r\n")
        path = home.spool / "queue" / identity
        path.write_text(text, newline="")
        path.chmod(0o600)
        return identity
    assert home.list() == []
    ids = [made(number) for number in range(1000)]
    done(pillarbox("--hold", *ids, "-v"), b"1000 messages held\n")
    assert set(states(home).values()) == {"hold"}
    done(pillarbox("--release", "all", "-v"), b"1000 messages released\n")
    done(pillarbox("--bounce", *ids[:50], "-v"), b"50 messages returned\n")
    done(pillarbox("--remove", "all", "-v"), b"1000 messages removed\n")
    assert home.entries == []


# What cannot be done

@pytest.mark.parametrize("verb", STEERING)
def test_busy(home, work, put, pillarbox, verb):
    busy, free = put(), put()
    fd = locked(home.spool / "queue" / busy)
    before = (home.spool / "queue" / busy).read_bytes()
    result = pillarbox(verb, busy, free, "-v")
    assert result.code == 75 and result.out.startswith(b"1 message ")
    assert result.err == f"pillarbox: {busy}: is being delivered now; try again\n"
    assert (home.spool / "queue" / busy).read_bytes() == before
    os.close(fd)


@pytest.mark.parametrize("verb", STEERING)
def test_garbage_and_what_is_gone(home, work, put, pillarbox, verb):
    identity = put()
    (home.spool / "x").write_bytes(b"untouched")
    result = pillarbox(verb, *GARBAGE, NOBODY)
    assert (result.code, result.out) == (64, b"")
    lines = result.err.splitlines()
    assert len(lines) == len(GARBAGE) + 1
    assert all(re.fullmatch("pillarbox: .*: not in the queue", line) for line in lines)
    assert states(home) == {identity: "deferred"} and (home.spool / "x").exists()


@pytest.mark.parametrize("identity", [*GARBAGE, NOBODY], ids=range(len(GARBAGE) + 1))
def test_show_of_what_is_not_there(home, work, put, pillarbox, identity):
    put()
    result = pillarbox("--show", identity)
    assert (result.code, result.out) == (64, b"") and result.err.endswith(": not in the queue\n")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["--hold", "--release", "--remove"])
def test_the_store_trusts_no_front(home, work, put, verb):
    """Ids straight to the store: none is a path, and each line has its answer."""
    identity = put()
    (home.spool / "x").write_bytes(b"untouched")
    lines = [one for one in GARBAGE if one and "\n" not in one] + ["", "\0" * 19, identity + "\0", identity]
    run = subprocess.run([home.build / "pillarbox-queue", verb, "--queue", home.spool], input="\n".join(lines).encode(),
                         capture_output=True, timeout=15, env=home.environment)
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout.split() == [b"gone"] * (len(lines) - 1) + [b"done"]
    assert (home.spool / "x").exists() and (verb == "--remove") == (home.entries == [])


def test_the_store_takes_so_many_ids(home, work, put):
    put()
    run = subprocess.run([home.build / "pillarbox-queue", "--remove", "--queue", home.spool],
                         input=(home.entries[0].name + "\n").encode() * 900_000, capture_output=True, timeout=60,
                         env=home.environment)
    assert run.returncode == 65 and run.stdout == b"" and len(home.entries) == 1


def test_a_corrupt_entry(home, work, put, pillarbox):
    bad, good = put(), put()
    path = home.spool / "queue" / bad
    path.write_bytes(path.read_bytes().replace(b"to <bob@", b"to <bob "))
    result = pillarbox("--list")
    assert (result.code, result.err) == (0, "") and b"in 1 Request." in result.out and good.encode() in result.out
    result = pillarbox("--show", bad)
    assert result.code == 65 and bad in result.err
    result = pillarbox("--remove", bad, good)
    assert result.code == 75 and re.fullmatch(rf"pillarbox: {bad}: moved to corrupt/.*\n", result.err)
    assert home.entries == [] and [one.name for one in home.corrupt] == [bad]


# Listing

def test_relays_that_are_paused(home, put, pillarbox, relay):
    relay = relay(password="another")
    home.configure(work=at(relay, password="wrong"), hostname="host.example.org")
    put()
    pillarbox("--flush")
    put("carol@example.net")
    lines = pillarbox("--list").out.decode().splitlines()
    assert lines[-1].startswith("-- ") and lines[-2].startswith('relay "work": ')
    assert "paused until" in lines[-2] and "2 messages queued" in lines[-2] and "--flush --force" in lines[-2]
    assert sum(line.startswith("relay ") for line in lines) == 1
    for entry in home.list():
        assert entry["relay"] == "work" and entry["relay_paused_until"] > entry["arrival_time"]
        assert all("login refused" in one["delay_reason"] for one in entry["recipients"])
    until = time.strftime("%a %b %e %T", time.localtime(entry["relay_paused_until"]))
    shown = pillarbox("--show", entry["queue_id"]).out.decode()
    assert re.search(rf"^paused    the relay, out of order since [^,]+, paused until {until}: login refused", shown, re.M)
    done(pillarbox("--remove", "all"))
    assert pillarbox("--list").out == b"Mail queue is empty\n"


def test_json_has_what_postqueue_has(home, work, put, pillarbox):
    put()
    (entry,) = home.list()
    assert {"queue_name", "queue_id", "arrival_time", "message_size", "forced_expire", "sender",
            "recipients"} <= set(entry)
    assert {"next_attempt", "attempts", "relay", "uid", "warned"} <= set(entry)
    assert set(entry["recipients"][0]) >= {"address", "delay_reason"}
    assert json.loads(pillarbox("--list", "--json").out) == entry


PLUGINS = Path("/usr/lib/nagios/plugins")


def test_monitoring_counts_right(home, work, put, tmp_path):
    """The plugin itself, told where mailq is by a copy of the file that says so."""
    if not (PLUGINS / "check_mailq").exists():
        pytest.skip("no check_mailq: apt-get install --no-install-recommends monitoring-plugins-standard")
    utils = re.sub(r'(PATH_TO_MAILQ\s*=).*;', rf'\1 "{home.program("mailq")}";', (PLUGINS / "utils.pm").read_text())
    (tmp_path / "utils.pm").write_text(utils)
    plugin = (PLUGINS / "check_mailq").read_text().replace(f'"{PLUGINS}"', f'"{tmp_path}"')
    plugin = plugin.replace(f"'{PLUGINS}'", f"'{tmp_path}'")
    (tmp_path / "check_mailq").write_text(plugin)

    def says():
        run = subprocess.run(["perl", "-I", tmp_path, tmp_path / "check_mailq", "-M", "postfix", "-w", "3", "-c", "5"],
                             capture_output=True, text=True, timeout=30, env=home.environment)
        return run.returncode, run.stdout
    assert says()[0] == 0 and "empty" in says()[1]
    for count, code in ((1, 0), (2, 0), (3, 1), (4, 1), (5, 2)):
        put()
        got, text = says()
        assert got == code and re.search(rf"\b{count}\b", text), text


# Whether all is well

def test_check_of_what_is_well(home, work, put, pillarbox):
    done(pillarbox("--check"))
    put()
    done(pillarbox("--check"))


def test_check_of_the_queue(home, work, put, pillarbox):
    held, torn, rotten, bare = (put() for _ in range(4))
    done(pillarbox("--hold", held))

    def spoil(identity, change):
        path = home.spool / "queue" / identity
        path.write_bytes(change(path.read_bytes()))
    record = b"2026-11-21T20:11:17Z attempt - work x\tDEADBEEF\n"
    good = record[:-9]
    good = good.removesuffix(b"\t") + b"\t%08X\n" % zlib.crc32(good.removesuffix(b"\t"))
    spoil(torn, lambda text: text + record)         # as a crash leaves it
    spoil(rotten, lambda text: text + record + good)
    spoil(bare, lambda text: text.replace(b"\r\n\r\n", b"\n\r\n\n"))
    (home.spool / "corrupt" / NOBODY).write_bytes(b"x")
    result = pillarbox("--check")
    assert (result.code, result.out) == (75, b"")
    lines = result.err.splitlines()
    assert len(lines) == 4 and all(line.startswith("pillarbox: ") for line in lines)
    assert any("1 message held" in line and f"--show {held}" in line for line in lines)
    assert any(f"queue/{rotten}: the checksum of record 1" in line for line in lines)
    assert any(f"queue/{bare}: " in line and "CRLF" in line for line in lines)
    assert any(f"corrupt/{NOBODY}: " in line for line in lines)


def test_check_of_what_waits_too_long(home, work, put, pillarbox):
    put()
    (path,) = home.entries
    path.write_bytes(re.sub(rb"\ntime \S+", b"\ntime 2020-01-01T00:00:00Z", path.read_bytes()))
    result = pillarbox("--check")
    assert result.code == 75 and "undelivered for too long" in result.err and path.name in result.err


def test_check_of_the_configuration(home, work, pillarbox):
    secret = home.folder / "password"
    secret.write_text("open sesame\n")
    home.configure(work=at(work, password=None, password_file=secret, tls_ca_file="/no/such/file"),
                   other=at(work, password=None, password_command=["no-such-program"]), default_relay="work",
                   hostname="host.example.org")
    for mode, lines in ((0o600, 2), (0o644, 3)):
        secret.chmod(mode)
        result = pillarbox("--check")
        assert (result.code, result.out, result.err.count("\n")) == (78, b"", lines)
    assert "chmod 600" in result.err and "/no/such/file" in result.err and "no-such-program" in result.err
    home.config.chmod(0o622)
    assert "chmod go-w" in pillarbox("--check").err
    home.write_config("nonsense = 1\n")
    result = pillarbox("--check")
    assert result.code == 78 and "nonsense" in result.err


@pytest.mark.parametrize("setting, content, says", [
    ("password_file", "one\ntwo\n", "more than one line"), ("password_file", "\n", "the secret is empty"),
    ("netrc_file", "machine other password x\n", "no password for the machine 127.0.0.1"),
    ("netrc_file", "machine 127.0.0.1 login alice secret\n", ":1: a word that is none of machine"),
    ("proxy_password_file", "\n", "the secret is empty")])
def test_check_of_a_secret(home, work, pillarbox, setting, content, says):
    """As delivery reads it."""
    secret = home.folder / "password"
    secret.write_text(content)
    secret.chmod(0o600)
    proxy = {"proxy": "http://localhost:1", "proxy_user": "me"} if "proxy" in setting else {"password": None}
    home.configure(work=at(work, **proxy, **{setting: secret}), hostname="host.example.org")
    result = pillarbox("--check")
    assert result.code == 78 and says in result.err and str(secret) in result.err + f" {secret}"
    assert result.err.startswith('pillarbox: relay "work": ') and result.err.count("\n") == 1, result.err
    assert work.connections == 0


def test_check_runs_no_command(home, work, pillarbox):
    ran = home.folder / "ran"
    for command, code in (["touch", ran], 0), ([home.config, "x"], 78):
        home.configure(work=at(work, password=None, password_command=command), hostname="host.example.org")
        result = pillarbox("--check")
        assert result.code == code and not ran.exists(), result


def test_check_of_a_name_that_relays_refuse(home, work, pillarbox):
    """A sender at a host whose name has no dot; "domain" helps recipients only."""
    sender = "alice@example.com"
    for relays, code in (({"work": None}, 78), ({"work": sender, "home": None}, 78), ({"work": sender}, 0)):
        settings = {name: at(work, **{"from": address}) for name, address in relays.items()}
        home.configure(hostname="laptop", domain="example.com", default_relay="work", **settings)
        result = pillarbox("--check")
        assert (result.code, result.err.count("\n")) == (code, code != 0), result.err
        assert code == 0 or '"laptop"' in result.err and "hostname = " in result.err
        assert code == 0 or f'relay "{list(relays)[-1]}"' in result.err
    home.configure(hostname="laptop.example.com", work=at(work))
    done(pillarbox("--check"))


def test_check_of_a_queue_that_others_may_write(home, work, put, pillarbox):
    put()
    home.spool.chmod(0o777)
    result = pillarbox("--check")
    assert result.code == 75 and "writable by nobody else" in result.err


# Who may

@pytest.fixture(params=["helper", "socket"])
def users(request, system, relay):
    """users(user, *arguments) runs pillarbox as that user of a system-wide install, either way to its store."""
    system.configure(relay())
    before = no_new_privileges if request.param == "socket" else None
    with system.listening():
        yield lambda user, *arguments, **options: system.run(user, "pillarbox", *arguments, before=before, **options)


def test_others_have_their_own_and_hear_nothing_of_the_rest(system, users):
    for user in (ALICE, MALLORY):
        assert users(user, "-odq", "-f", "a@example.com", "b@example.net", input=whole()).code == 0
    (theirs,), (mine,) = ([entry["queue_id"] for entry in system.list(user)] for user in (ALICE, MALLORY))
    path = system.spool / "queue" / theirs

    def says_nothing(*arguments):
        """Mallory hears of Alice's what he hears of nothing; and it is as it was."""
        before = (path.read_bytes(), path.stat().st_mtime_ns)
        there, nothing = users(MALLORY, *arguments, theirs), users(MALLORY, *arguments, NOBODY)
        assert (there.code, there.out) == (nothing.code, nothing.out) and there.code != 0
        assert there.err.replace(theirs, NOBODY) == nothing.err and theirs not in users(MALLORY, "--list").out.decode()
        assert path.exists() and (path.read_bytes(), path.stat().st_mtime_ns) == before
    for verb in ("--show", *STEERING):
        says_nothing(verb)
    path.write_bytes(path.read_bytes().replace(b"to <", b"to ("))       # nor that it is corrupt
    for verb in ("--show", "--remove"):
        says_nothing(verb)
    path.write_bytes(path.read_bytes().replace(b"to (", b"to <"))
    fd = locked(path)       # nor that it is being delivered
    for verb in ("--show", "--hold"):
        says_nothing(verb)
    os.close(fd)

    assert users(MALLORY, "--hold", "all", "-v").out == users(MALLORY, "--release", "all", "-v").out.replace(
        b"released", b"held") == b"1 message held\n"
    shown = users(MALLORY, "--show", mine)
    assert shown.code == 0 and wire(whole()) in shown.out
    assert users(MALLORY, "--remove", "all", "-v").out == b"1 message removed\n"
    assert users(0, "--show", theirs).code == 0
    done(users(0, "--hold", theirs, "-v"), b"1 message held\n")
    assert users(ALICE, "--release", theirs).code == 0
    done(users(0, "--remove", "all", "-v"), b"1 message removed\n")


def test_others_return_their_own_only(system, relay):
    system.configure(relay())
    for user in (ALICE, MALLORY):
        assert system.run(user, "sendmail", "-odq", "-f", "a@example.com", "b@example.net", input=whole()).code == 0
    (theirs,), (mine,) = ([entry["queue_id"] for entry in system.list(user)] for user in (ALICE, MALLORY))
    result = system.run(MALLORY, "pillarbox", "--bounce", theirs, mine, "-v")
    assert (result.code, result.out) == (64, b"1 message returned\n")
    assert result.err == f"pillarbox: {theirs}: not in the queue\n"
    assert len(system.list(0)) == 2 and theirs in [entry["queue_id"] for entry in system.list(ALICE)]


def test_check_of_a_system(system, relay):
    system.configure(relay())
    for user in (0, ALICE):
        done(system.run(user, "pillarbox", "--check"))
    os.chown(system.password, 0, 0)
    result = system.run(0, "pillarbox", "--check")
    assert result.code == 78 and str(system.password) in result.err and result.err.count("\n") == 1


def test_check_of_a_folder_that_delivery_cannot_enter(system, relay):
    """Root can, and delivery is not root."""
    system.configure(relay())
    closed = system.etc / "closed"
    closed.mkdir(mode=0o700)
    secret = closed / "password"
    secret.write_text("open sesame\n")
    os.chown(secret, 0, OWNER)
    secret.chmod(0o640)
    system.configure(relay(), password_file=secret)
    result = system.run(0, "pillarbox", "--check")
    closed.chmod(0o711)
    try:
        assert result.code == 78 and str(secret) in result.err and "Permission denied" in result.err
        assert result.err.count("\n") == 1
        done(system.run(0, "pillarbox", "--check"))
        assert system.run(MALLORY, "pillarbox-deliver", "--secrets").code == 77
    finally:
        secret.unlink()
        closed.rmdir()


@pytest.mark.parametrize("settings", [
    {"password_file": None, "password_credential": "smtp"},
    {"tls_certificate": "pkcs11:token=x", "tls_key_password_credential": "pin"}])
def test_check_of_a_credential_that_callers_cannot_have(system, relay, settings):
    system.configure(relay(), **settings)
    result = system.run(0, "pillarbox", "--check")
    assert result.code == 78 and "delivery = queue" in result.err and result.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["verify"])
def test_some_verbs_are_for_the_owner(system, relay, verb):
    system.configure(relay())
    result = system.run(MALLORY, "pillarbox-queue", "--" + verb)
    assert (result.code, result.out) == (77, b"")
