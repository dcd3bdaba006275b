"""What becomes of each recipient, and what the sender is told: who did not get it is in one report (RFC 3464), once,
whatever happens in between."""

import re
import subprocess
import time
from email import message_from_bytes, policy

import pytest
from home import at
from peer import Peer
from mail import bare, sized, whole, wire

ALICE, BOB, CAROL, DAVE = "alice@example.com", "bob@example.net", "carol@example.net", "dave@example.net"
MESSAGE = wire(whole(b"hello\n"))
DAY, HOUR = 86400, 3600


@pytest.fixture
def put(home):
    """put(*recipients, sender, head, age) queues a message as some program might that is not ours; its id.

    A recipient may have its NOTIFY and ORCPT behind a tab; age in seconds is how long it has been there."""
    def put(*to, sender=ALICE, head="", age=0, message=MESSAGE):
        lines = "".join("to <%s>%s%s\n" % address.partition("\t") for address in to)
        entry = f"pillarbox 1\nfrom <{sender}>\n{head}{lines}size {len(message)}\n\n".encode() + message
        home.spool.mkdir(exist_ok=True)
        result = home.run("--queue", str(home.spool), name="pillarbox-queue", input=entry)
        assert result.code == 0, result.err
        id = result.out.decode().strip()
        if age:
            make_old(home.spool / "queue" / id, age)
        return id
    return put


def make_old(path, age):
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age)).encode()
    with path.open("r+b") as file:
        head = file.read(200)
        file.seek(head.index(b"\ntime ") + 6)
        file.write(then)


class Report:
    """A report as Python's email package reads it."""

    def __init__(self, message):
        assert message.mail_from == "" and not bare(message.raw)
        assert max(map(len, message.raw.split(b"\r\n"))) <= 998
        self.to, self.data = message.rcpt_tos, message.data
        self.message = message_from_bytes(message.data, policy=policy.default)
        assert not self.message.defects
        assert self.message.get_content_type() == "multipart/report"
        assert self.message["Content-Type"].params["report-type"] == "delivery-status"
        assert self.message["Auto-Submitted"] == "auto-replied"
        assert self.message["From"].addresses[0].username == "MAILER-DAEMON"
        text, status, self.original = self.message.iter_parts()
        self.text = text.get_content()
        assert status.get_content_type() == "message/delivery-status"
        self.whole, *self.each = status.get_payload()

    @property
    def actions(self):
        """{recipient: (action, status)}"""
        return {block["Final-Recipient"].partition("; ")[2]: (block["Action"], block["Status"]) for block in self.each}


def reports(relay):
    return [Report(message) for message in relay.messages if message.mail_from == ""]


def deliveries(relay):
    return [message.rcpt_tos for message in relay.messages if message.mail_from]


def held(home):
    return [entry["sender"] for entry in home.list() if entry["queue_name"] == "hold"]


def test_three_recipients_three_outcomes(home, relay, pillarbox, put):
    server = relay(refuse={CAROL: "550 5.1.1 no such person", DAVE: "452 4.2.2 mailbox full"})
    home.configure(work=at(server))
    id = put(BOB, CAROL, DAVE)
    assert pillarbox("--flush").code == 75
    assert deliveries(server) == [[BOB]] and reports(server) == [], "dave may get it still"

    del server.refuse[DAVE]
    result = pillarbox("--flush", "--force")
    assert result.code == 0 and CAROL in result.err and "its sender is told" in result.err
    assert deliveries(server) == [[BOB], [DAVE]] and home.entries == []
    (report,) = reports(server)
    assert report.to == [ALICE] and report.message["To"] == ALICE
    assert report.actions == {CAROL: ("failed", "5.1.1")}
    (block,) = report.each
    assert block["Diagnostic-Code"] == "smtp; 550 5.1.1 no such person"
    assert block["Remote-MTA"] == "dns; [127.0.0.1]" and block["Last-Attempt-Date"]
    assert report.whole["Reporting-MTA"].startswith("dns; ") and report.whole["Arrival-Date"]
    assert "550 5.1.1 no such person" in report.text and CAROL in report.text and id in report.text
    assert "2 others" in report.text and BOB not in report.text and DAVE not in report.text
    assert report.message["In-Reply-To"] == report.message["References"] == "<1@host.example.org>"
    assert report.original.get_content_type() == "text/rfc822-headers"
    assert "Subject: hello" in report.original.get_content() and b"\r\nhello\r\n" not in report.data

    pillarbox("--flush", "--force")
    assert len(server.messages) == 3, "none twice"


@pytest.mark.parametrize("stage", ["MAIL", "DATA", "DOT"])
def test_a_message_refused_comes_back(home, relay, pillarbox, put, stage):
    server = relay(replies={stage: "554 5.6.0 not this one"})
    home.configure(work=at(server))
    put(BOB, CAROL)
    result = pillarbox("--flush")
    assert result.code == 0 and "554 5.6.0 not this one" in result.err
    assert held(home) == [""], "the report was refused too; nothing is deleted"

    server.replies.clear()
    pillarbox("--flush", "--force")
    assert held(home) == [""] and server.messages == [], "what is held waits for a person"


def test_a_relay_that_takes_the_report(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "553 5.7.1 gr\u00f6\u00dfe \u2709 not allowed here"})
    home.configure(work=at(server))
    put(BOB)
    assert pillarbox("--flush").code == 0
    (report,) = reports(server)
    assert report.data.isascii() and "gr\u00f6\u00dfe \u2709" in report.text
    assert report.each[0]["Diagnostic-Code"] == "smtp; 553 5.7.1 gr\\x{F6}\\x{DF}e \\x{2709} not allowed here"
    assert home.entries == []


def test_who_does_not_want_to_know(home, relay, pillarbox, put):
    server = relay(refuse={address: "550 5.1.1 no" for address in (BOB, CAROL, DAVE)})
    home.configure(work=at(server))
    put(BOB + "\tNOTIFY=NEVER", CAROL + "\tNOTIFY=SUCCESS,DELAY")
    result = pillarbox("--flush")
    assert result.code == 0 and "does not want to be told" in result.err
    assert server.messages == [] and home.entries == []

    put(BOB + "\tNOTIFY=NEVER", CAROL + "\tNOTIFY=DELAY,FAILURE", DAVE)
    pillarbox("--flush")
    (report,) = reports(server)
    assert set(report.actions) == {CAROL, DAVE}


def test_what_the_sender_asked_for(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"})
    home.configure(work=at(server))
    message = wire(whole("Gr\u00fc\u00dfe\n.\n".encode()))
    put(BOB + "\tORCPT=rfc822;Bob+2Bx@example.net", head="ret FULL\nenvid QQ+2B1\n", message=message)
    pillarbox("--flush")
    (report,) = reports(server)
    assert report.whole["Original-Envelope-Id"] == "QQ+1"
    assert report.each[0]["Original-Recipient"] == "rfc822; Bob+x@example.net"
    assert report.original.get_content_type() == "message/rfc822"
    assert message in report.data
    assert "BODY=8BITMIME" in server.messages[-1].mail_options


SUCCESS = "\tNOTIFY=SUCCESS,FAILURE"


def test_success_is_told_where_the_relay_does_not(home, relay, pillarbox, put):
    """RFC 3461 5.2.2: relayed; one report, when nobody waits any longer."""
    server = relay(refuse={CAROL: "450 4.2.1 busy"})
    home.configure(work=at(server))
    id = put(BOB + "\tNOTIFY=SUCCESS\tORCPT=rfc822;Bob+2Bx@example.net", CAROL + SUCCESS, DAVE,
             head="ret FULL\nenvid QQ+2B1\n")
    assert pillarbox("--flush").code == 75 and reports(server) == []
    server.refuse.clear()
    result = pillarbox("--flush", "--force")
    assert (result.code, result.err, home.entries) == (0, "", [])
    (report,) = reports(server)
    assert report.to == [ALICE] and report.message["Subject"].startswith("Relayed")
    assert report.actions == {BOB: ("relayed", "2.0.0"), CAROL: ("relayed", "2.0.0")}
    assert report.each[0]["Original-Recipient"] == "rfc822; Bob+x@example.net"
    assert report.whole["Original-Envelope-Id"] == "QQ+1"
    assert report.original.get_content_type() == "text/rfc822-headers", "of success the header is enough"
    assert BOB in report.text and DAVE not in report.text and id in report.text
    assert "Undelivered" not in report.text and "could not" not in report.text


def test_one_report_names_who_has_it_and_who_has_not(home, relay, pillarbox, put):
    server = relay(refuse={CAROL: "550 5.1.1 no such person"})
    home.configure(work=at(server))
    put(BOB + SUCCESS, CAROL + SUCCESS, DAVE, head="ret FULL\n")
    assert pillarbox("--flush").code == 0 and home.entries == []
    (report,) = reports(server)
    assert report.actions == {BOB: ("relayed", "2.0.0"), CAROL: ("failed", "5.1.1")}
    assert report.message["Subject"].startswith("Undelivered") and "1 other of its recipients" in report.text
    assert report.original.get_content_type() == "message/rfc822"


@pytest.mark.parametrize("mode", ["-odb", "-odi"])
def test_success_is_told_at_once(home, relay, mode):
    server = relay()
    home.configure(work=at(server))
    result = home.run(mode, "-N", "success", "-f", ALICE, BOB, input=b"Subject: x\n\nhello\n")
    assert (result.code, result.err) == (0, "") and home.wait_empty()
    assert [report.actions for report in reports(server)] == [{BOB: ("relayed", "2.0.0")}]


@pytest.mark.parametrize("sender,notify", [("", "SUCCESS"), (ALICE, "FAILURE,DELAY"), (ALICE, "NEVER")])
def test_success_is_told_to_nobody_else(home, relay, pillarbox, put, sender, notify):
    server = relay()
    home.configure(work=at(server))
    put(f"{BOB}\tNOTIFY={notify}", CAROL, sender=sender)
    assert pillarbox("--flush").code == 0 and home.entries == []
    assert len(server.messages) == 1


@pytest.mark.parametrize("lmtp", [False, True])
@pytest.mark.parametrize("offered", [False, True])
def test_who_offers_dsn_tells(home, certs, pillarbox, put, lmtp, offered):
    """And a mailbox behind LMTP has it, rather than somebody on its way."""
    script = {"EHLO": "250-peer.example.com\n" + "250-DSN\n" * offered + "250 8BITMIME"}
    with Peer(certs, script, "none", sane=True, lmtp=lmtp) as peer:
        home.configure(work=at(peer, tls_ca_file=None, protocol="lmtp" if lmtp else None))
        put(BOB + SUCCESS)
        assert pillarbox("--flush").code == 0 and home.entries == []
        said = b"\n".join(line for lines in peer.sessions for line in lines)
        told = [one.data for one in peer.received if one.sender == ""]
    assert (b"NOTIFY=SUCCESS,FAILURE" in said) == offered == (not told)
    assert offered or (b"Action: delivered" if lmtp else b"Action: relayed") in told[0]


def test_full_and_large(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"})
    home.configure(work=at(server))
    message = wire(sized(700_000))
    put(BOB, head="ret FULL\n", message=message)
    pillarbox("--flush")
    (report,) = reports(server)
    assert message in report.data


def test_many_flushes_one_report(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"})
    home.configure(work=at(server))
    for _ in range(5):
        put(BOB)
    for flush in [home.start("--flush") for _ in range(4)]:
        home.finish(flush)
    assert [set(report.actions) for report in reports(server)] == [{BOB}] * 5
    assert len({report.message["In-Reply-To"] + report.message["Message-ID"] for report in reports(server)}) == 5
    assert home.entries == []


def test_full_and_a_relay_without_8bitmime(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"}, eightbit=False)
    home.configure(work=at(server))
    put(BOB, head="body 8BITMIME\nret FULL\n", message=wire(whole("Gr\u00fc\u00dfe\n".encode())))
    pillarbox("--flush")
    (report,) = reports(server)
    assert report.data.isascii()
    assert report.original.get_content().get_content().splitlines() == ["Gr\u00fc\u00dfe"]


def test_nothing_is_said_about_what_has_no_sender(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"})
    home.configure(work=at(server))
    put(BOB, sender="")
    result = pillarbox("--flush")
    assert "held" in result.err and held(home) == [""] and server.messages == []


def test_a_report_that_nobody_takes_is_held(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no", ALICE: "550 5.1.1 nor she"})
    home.configure(work=at(server))
    put(BOB)
    for _ in range(3):
        pillarbox("--flush", "--force")
    (entry,) = home.list()
    assert entry["queue_name"] == "hold" and "no sender" in entry["held_reason"]
    assert [rcpt["address"] for rcpt in entry["recipients"]] == [ALICE] and "nor she" in str(entry)
    assert server.messages == []


def test_a_relay_without_null_senders(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"}, refuse_from={"": "553 5.1.7 no null senders"})
    home.configure(work=at(server, **{"from": "relay@example.com"}))
    put(BOB)
    assert pillarbox("--flush").code == 0
    (message,) = server.messages
    assert message.mail_from == "relay@example.com" and message.rcpt_tos == [ALICE]
    assert b"report-type=delivery-status" in message.data and home.entries == []

    server.refuse[ALICE] = "450 4.2.0 later"
    put(BOB)
    pillarbox("--flush")
    (entry,) = home.entries
    assert re.search(rb" attempt - work [^\n]*553 5.1.7 no null senders[^\n]*<relay@example.com>", entry.read_bytes())
    del server.refuse[ALICE]
    pillarbox("--flush", "--force")
    assert len(server.messages) == 2 and home.entries == []


def test_a_relay_without_null_senders_and_no_from(home, relay, pillarbox, put):
    server = relay(refuse={BOB: "550 5.1.1 no"}, refuse_from={"": "553 5.1.7 no null senders"})
    home.configure(work=at(server))
    put(BOB)
    pillarbox("--flush")
    assert server.messages == [] and held(home) == [""]


def test_given_up_after_its_lifetime(home, relay, pillarbox, put):
    server = relay(refuse={CAROL: "550 5.1.1 no such person", DAVE: "452 4.2.2 mailbox full"})
    home.configure(work=at(server))
    put(BOB, CAROL, DAVE + "\tNOTIFY=FAILURE", age=6 * DAY)
    for attempt in (1, 2):
        assert pillarbox("--flush", "--force").code == 75
        assert reports(server) == [] and len(home.entries) == 1, f"attempt {attempt}: too early"
    result = pillarbox("--flush", "--force")
    assert result.code == 0 and "expired" in result.err
    (report,) = reports(server)
    assert report.actions == {CAROL: ("failed", "5.1.1"), DAVE: ("failed", "4.4.7")}
    assert report.each[1]["Diagnostic-Code"] == "smtp; 452 4.2.2 mailbox full"
    assert "not delivered in time" in report.text
    assert deliveries(server) == [[BOB]] and home.entries == []


def test_a_wrong_password_expires_nothing(home, relay, pillarbox, put):
    server = relay(replies={"AUTH": "535 5.7.8 Bad credentials"})
    home.configure(work=at(server))
    put(BOB, age=6 * DAY)
    for _ in range(4):
        assert pillarbox("--flush", "--force").code == 75
    assert len(home.entries) == 1 and held(home) == []
    server.replies.clear()
    assert pillarbox("--flush", "--force").code == 0
    assert deliveries(server) == [[BOB]] and reports(server) == []


def test_what_is_never_answered_is_not_sent_for_ever(home, relay, pillarbox, put):
    server = relay(drop="DOT")
    home.configure(work=at(server))
    put(BOB, age=6 * DAY)
    for _ in range(3):
        pillarbox("--flush", "--force")
    server.drop = None
    pillarbox("--flush", "--force")
    (report,) = [report for report in reports(server) if report.each[0]["Action"] == "failed"]
    assert report.actions == {BOB: ("failed", "4.4.7")} and "may have arrived" in report.text
    assert deliveries(server) == [] and home.entries == []


def test_one_notice_of_delay(home, relay, pillarbox, put):
    server = relay(refuse={address: "450 4.2.0 greylisted" for address in (BOB, CAROL)})
    home.configure(work=at(server))
    put(BOB, CAROL + "\tNOTIFY=FAILURE", age=5 * HOUR)
    for _ in range(3):
        pillarbox("--flush", "--force")
    (notice,) = reports(server)
    assert notice.actions == {BOB: ("delayed", "4.2.0")} and notice.to == [ALICE]
    assert notice.each[0]["Will-Retry-Until"] and "nothing you need to do" in notice.text
    (entry,) = home.entries
    assert entry.read_bytes().count(b" warned - ") == 1
    server.refuse.clear()
    assert pillarbox("--flush", "--force").code == 0
    assert deliveries(server) == [[BOB, CAROL]] and len(reports(server)) == 1


@pytest.mark.parametrize("case", ["young", "no sender", "NEVER"])
def test_no_notice_of_delay(home, relay, pillarbox, put, case):
    server = relay(refuse={BOB: "450 4.2.0 greylisted"})
    home.configure(work=at(server))
    put(BOB + ("\tNOTIFY=NEVER" if case == "NEVER" else ""), sender="" if case == "no sender" else ALICE,
        age=3 * HOUR if case == "young" else 5 * HOUR)
    for _ in range(2):
        pillarbox("--flush", "--force")
    assert server.messages == [] and len(home.entries) == 1


def test_while_the_caller_waits(home, relay, pillarbox):
    """Refused for all: the caller is told, and nothing is kept. For some: there is a report."""
    server = relay(refuse={CAROL: "550 5.1.1 no"})
    home.configure(work=at(server))
    assert pillarbox("-odi", "-f", ALICE, CAROL, input=MESSAGE).code == 69
    assert server.messages == [] and home.entries == []
    result = pillarbox("-odi", "-f", ALICE, BOB, CAROL, input=MESSAGE)
    assert result.code == 0 and "its sender is told" in result.err
    assert deliveries(server) == [[BOB]] and [set(report.actions) for report in reports(server)] == [{CAROL}]
    assert home.entries == []


# Every call around the report that may be the last one before a crash

CALLS = ("ftruncate", "pwrite64", "openat", "fcntl", "write", "fdatasync", "renameat2", "fsync", "utimensat", "unlinkat")


def flush_traced(home, tamper=None):
    log = home.folder / "strace.log"
    inject = ["-e", f"inject={tamper}"] if tamper else []
    subprocess.run(["strace", "-o", log, *inject, home.program("pillarbox-deliver"), "--config", home.config, "--flush",
                    "--force"], env=home.traced, timeout=30,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return log.read_text(errors="replace")


def points_from_the_outcome_on(log):
    """(name, n) for each call that is made after the first record was begun."""
    counts, points, begun = dict.fromkeys(CALLS, 0), [], False
    for name in re.findall(r"^(\w+)\(", log, re.MULTILINE):
        if name not in counts:
            continue
        counts[name] += 1
        begun = begun or name == "ftruncate"
        if begun:
            points.append((name, counts[name]))
    return points


@pytest.mark.parametrize("injection", ["signal=KILL", "error=EIO"])
@pytest.mark.parametrize("success", [False, True])
def test_a_crash_makes_no_second_report_and_loses_none(home, relay, pillarbox, put, injection, success):
    server = relay(refuse={ALICE: "450 4.2.0 later"})   # so that the report stays for a while
    if not success:
        server.refuse[BOB] = "550 5.1.1 no"
    home.configure(work=at(server))
    put(BOB + SUCCESS)
    points = points_from_the_outcome_on(flush_traced(home))
    assert {"renameat2", "unlinkat"} < {name for name, _ in points} and len(home.entries) == 1
    for name, n in points:
        for entry in home.entries:
            entry.unlink()
        server.messages.clear()
        server.refuse[ALICE] = "450 4.2.0 later"
        put(BOB + SUCCESS)
        flush_traced(home, f"{name}:{injection}:when={n}")
        assert home.entries, f"{name} {n}: lost"
        pillarbox("--flush", "--force")
        del server.refuse[ALICE]
        pillarbox("--flush", "--force")
        assert [set(report.actions) for report in reports(server)] == [{BOB}], f"{name} {n}"
        assert home.entries == [] and list((home.spool / "tmp").glob("*")) == [], f"{name} {n}"
