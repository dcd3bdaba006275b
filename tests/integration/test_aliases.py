"""Who gets a message by the aliases, which are looked up at each attempt."""

import os
import re
import time
from email import message_from_bytes, policy

import pytest
from home import at, make_due
from mail import whole

ALICE, BOB, CAROL, DAN = "alice@example.com", "bob@example.net", "carol@example.net", "dan@example.net"
NOBODY, BUSY = "550 5.1.1 no such person", "451 4.2.1 mailbox busy"


@pytest.fixture
def work(relay):
    return relay()


@pytest.fixture
def aliases(home, work):
    """aliases(text, **settings) writes the file, and the configuration with it."""
    path = home.folder / "aliases"

    def write(text, **settings):
        # Of another size or time than before, whatever the clock of the file system is.
        path.unlink(missing_ok=True)
        path.write_text(text)
        if not home.config.exists() or settings:
            home.configure(**{"hostname": "web1.example.org", "aliases": path, "work": at(work), **settings})
        return path
    return write


def send(home, *to, how="-odi", code=0, says=""):
    result = home.run(how, "-f", ALICE, *to, input=whole(), name="sendmail")
    assert result.code == code and says in result.err, result.err
    assert says or not result.err, result.err
    return result


def flush(home, code=0, says=""):
    for entry in home.entries:
        make_due(entry)
    result = home.run("--flush")
    assert result.code == code and says in result.err, (result.code, result.err)
    return result


def served(work):
    """The recipients of each message that has a sender, in the order of the alphabet."""
    return [sorted(message.rcpt_tos) for message in work.messages if message.mail_from]


def report(work):
    """{recipient: original recipient} of the one report."""
    (message,) = (message for message in work.messages if message.mail_from == "")
    _, status, _ = message_from_bytes(message.data, policy=policy.default).iter_parts()
    return {block["Final-Recipient"].partition("; ")[2]: block["Original-Recipient"]
            for block in status.get_payload()[1:]}


def states(home):
    (entry,) = home.list()
    return {one["address"]: one["state"] for one in entry["recipients"]}


@pytest.mark.parametrize("name", ["root", "Root", "root@web1.example.org", "ROOT@WEB1.example.ORG", "root@web1",
                                  "root@localhost", "root@localhost.localdomain", os.uname().nodename])
def test_a_name_and_where_it_is(home, work, aliases, name):
    aliases(f"root: {BOB}, {CAROL}\n")
    send(home, name if name != os.uname().nodename else f"root@{name}")
    assert served(work) == [[BOB, CAROL]] and home.entries == []


def test_other_hosts_are_not_ours(home, work, aliases):
    aliases(f"root: {BOB}\n*: {BOB}\n", domain="example.org")
    for name in ("root@web2.example.org", "root@example.org", "root@org"):
        send(home, name)
    assert served(work) == [["root@web2.example.org"], ["root@example.org"], ["root@org"]]


def test_a_name_without_an_alias(home, work, aliases):
    aliases(f"root: {BOB}\n")
    send(home, "nobody", code=67, says="nobody: has no domain, and no alias;")
    assert home.entries == []
    aliases(f"root: {BOB}\n", domain="example.org")
    send(home, "nobody")
    assert served(work) == [["nobody@example.org"]]


def test_no_aliases_unless_they_are_named(home, work, aliases):
    aliases("", aliases="")
    send(home, "root", code=67, says="root: has no domain, and no alias;")


def test_the_catch_all(home, work, aliases):
    aliases(f"root: {BOB}\ndefault: {CAROL}\n", domain="example.org")
    for name in ("root", "nobody", "nobody@web1", "nobody@example.org"):
        send(home, name)
    assert served(work) == [[BOB], [CAROL], [CAROL], ["nobody@example.org"]]


def test_where_the_domain_is_the_host(home, work, aliases):
    aliases(f"root: {BOB}\n*: {CAROL}\n", domain="web1.example.org")
    for name in ("root@web1.example.org", "dan@web1.example.org", "dan"):
        send(home, name)
    assert served(work) == [[BOB], ["dan@web1.example.org"], [CAROL]]


def test_everybody_gets_it_once(home, work, aliases):
    aliases(f"root: {BOB}, ops\nops: {CAROL}, {BOB}, root\n")
    message = whole().replace(b"To: bob@example.net", b"To: ops, bob@EXAMPLE.net")
    assert home.run("-odi", "-t", "-f", ALICE, "root", CAROL, input=message, name="sendmail").code == 0
    (rcpts,) = served(work)
    assert sorted(rcpt.lower() for rcpt in rcpts) == [BOB, CAROL]


def test_one_with_a_mailbox_of_its_own(home, work, aliases):
    aliases(f"root: root, {BOB}\nalice: \\alice, {BOB}\n", domain="example.org")
    send(home, "root")
    send(home, "alice")
    assert served(work) == [[BOB, "root@example.org"], ["alice@example.org", BOB]]


def test_thrown_away(home, work, aliases):
    aliases(f"noreply: /dev/null\nsome: noreply, {BOB}\n")
    send(home, "noreply")
    assert work.connections == 0 and home.entries == []
    send(home, "some", "noreply", CAROL)
    assert served(work) == [[BOB, CAROL]] and home.entries == []


def test_one_is_refused_and_one_has_it(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\n")
    work.refuse[CAROL] = NOBODY
    send(home, "root", says="carol@example.net")
    assert served(work) == [[BOB]]
    flush(home)
    assert report(work) == {CAROL: "rfc822; root"} and home.entries == []


def test_refused_for_all_while_the_caller_waits(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\n")
    work.refuse.update({BOB: NOBODY, CAROL: NOBODY})
    send(home, "root", code=69, says="no such person")
    assert home.entries == []


def test_what_was_asked_for_goes_with_it(home, work, aliases):
    aliases(f"root: {CAROL}\n")
    work.refuse[CAROL] = NOBODY
    result = home.run("-odb", "-N", "never", "-f", ALICE, "root", input=whole(), name="sendmail")
    assert result.code == 0 and home.wait_empty() and home.wait_quiet()
    assert work.messages == []      # and so no report


def test_a_mended_file_mends_the_backlog(home, work, aliases):
    aliases(f"root: {BOB}, |/usr/bin/procmail\n")
    send(home, "root", CAROL, says="aliases:1: |/usr/bin/procmail: mail is not given to programs; write an address")
    assert served(work) == [[CAROL]]
    assert states(home) == {"root": "waiting", CAROL: "delivered"}
    flush(home, code=75)
    assert not (home.spool / "relays" / "work").exists()    # it is not the relay's fault
    aliases(f"root: {BOB}\n")
    flush(home)
    assert served(work) == [[CAROL], [BOB]] and home.entries == []


def test_an_alias_that_is_gone(home, work, aliases):
    aliases(f"root: {BOB}\n")
    send(home, "root", how="-odq")
    aliases("")
    flush(home, code=75, says="root: has no domain, and no alias in ")
    assert states(home) == {"root": "waiting"} and work.connections == 0
    aliases(f"Root : {CAROL}\n")
    flush(home)
    assert served(work) == [[CAROL]]


def test_a_file_that_is_gone(home, work, aliases):
    path = aliases(f"root: {BOB}\n")
    path.unlink()
    send(home, "root", "nobody", DAN, says=f"{path}: cannot open: No such file")
    assert served(work) == [[DAN]]


def test_a_line_that_is_none_is_trouble_for_what_it_may_say(home, work, aliases):
    aliases(f"root: {BOB}\nops {CAROL}\n", domain="example.org")
    send(home, "root")
    assert served(work) == [[BOB]]
    send(home, "ops", says="aliases:2: no alias;")
    assert served(work) == [[BOB]]


def test_changed_while_one_has_it_and_one_waits(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\n")
    work.refuse[CAROL] = BUSY
    send(home, "root", says="mailbox busy")
    assert states(home) == {"root": "aliased", BOB: "delivered", CAROL: "waiting"}
    aliases(f"root: {BOB}, {DAN}\n")
    flush(home)
    assert served(work) == [[BOB], [DAN]] and home.entries == []


def test_changed_and_changed_back(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\n")
    work.refuse.update({CAROL: BUSY, DAN: BUSY})
    send(home, "root", says="mailbox busy")
    aliases(f"root: {BOB}, {DAN}\n")
    flush(home, code=75, says="mailbox busy")
    assert states(home) == {"root": "aliased", BOB: "delivered", CAROL: "dropped", DAN: "waiting"}
    waits_for = {who: home.run("-bpc", f"-qR{who}", name="sendmail").out for who in ("root", BOB, CAROL, DAN)}
    assert waits_for == {"root": b"1\n", BOB: b"0\n", CAROL: b"0\n", DAN: b"1\n"}
    aliases(f"root: {CAROL}\n")
    work.refuse.clear()
    flush(home)
    assert served(work) == [[BOB], [CAROL]] and home.entries == []


def test_trouble_holds_back_those_that_the_alias_stands_for(home, work, aliases):
    aliases(f"root: {BOB}\nops: {CAROL}\n")
    work.refuse.update({BOB: BUSY, CAROL: BUSY})
    send(home, "root", "ops", says="mailbox busy")
    work.refuse.clear()
    path = aliases(f"root: {BOB}, /var/mail/root\nops: {CAROL}\n")
    flush(home, code=75, says=f"<{BOB}> deferred: {path}:1: /var/mail/root: mail is not put into files")
    assert served(work) == [[CAROL]]
    aliases(f"root: {BOB}\n")
    flush(home)
    assert served(work) == [[CAROL], [BOB]] and home.entries == []


def test_a_paused_relay_leaves_it_as_it_is(home, work, aliases):
    aliases(f"root: {BOB}\n")
    work.replies["GREETING"] = "421 4.3.2 closing"
    send(home, "root", how="-odq")
    (entry,) = home.entries
    flush(home, code=75)
    make_due(home.entries[0])
    before = home.entries[0].read_bytes(), home.entries[0].stat().st_mtime_ns
    home.run("--flush")
    assert (home.entries[0].read_bytes(), home.entries[0].stat().st_mtime_ns) == before


def test_lists(home, work, aliases):
    inner, outer = home.folder / "inner", home.folder / "outer"
    inner.write_text(f"# who is there\n{CAROL}, Dan <{DAN}>\n\n")
    outer.write_text(f"{BOB}\n :include:{inner} \n")
    aliases(f'ops: ":include:{outer}"\n')
    send(home, "ops")
    assert served(work) == [[BOB, CAROL, DAN]]
    outer.write_text(f":include:{outer}\n")
    send(home, "ops", says="more aliases and lists within each other than may be")
    outer.unlink()
    os.mkfifo(outer)
    flush(home, code=75, says=f"{outer}: not a plain file")
    outer.unlink()
    outer.write_text(f"{BOB}\n")
    flush(home)
    assert served(work)[1:] == [[BOB]]


def test_a_resident_sees_the_file_change(home, work, aliases):
    aliases(f"root: {BOB}\n")
    send(home, "root", how="-odq")
    process = home.start("--flush", "--every", "1s")
    assert home.wait_empty()
    aliases(f"root: {CAROL}\n")
    send(home, "root", how="-odq")
    assert home.wait_empty()
    process.terminate()
    home.finish(process)
    assert served(work) == [[BOB], [CAROL]]


def test_many(home, work, aliases):
    path = home.folder / "list"
    path.write_text("".join(f"u{n}@example.net\n" for n in range(3000)))
    aliases(f"all: :include:{path}\n")
    send(home, "all")
    assert len(set().union(*served(work))) == 3000
    path.write_text("".join(f"u{n}@example.net\n" for n in range(10001)))
    send(home, "all", says="more than 10000 addresses")


def test_without_a_queue(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\nnoreply: /dev/null\nbad: |x\n", queue={"enabled": False})
    send(home, "root", "noreply")
    assert served(work) == [[BOB, CAROL]]
    send(home, "noreply")
    send(home, BOB, "bad", code=78, says="|x: mail is not given to programs")
    assert len(work.messages) == 1
    work.refuse[CAROL] = NOBODY
    send(home, "root", code=69, says="(1 of 2 recipients were accepted)")


def test_a_session(home, work, aliases):
    aliases(f"root: {BOB}\n")
    session = b"EHLO x\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<nobody>\r\nRCPT TO:<Root>\r\nDATA\r\n"
    said = home.run("-bs", "-odi", input=session + b"Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n", name="sendmail")
    assert b"\r\n550 5.1.3 nobody: has no domain, and no alias" in said.out and b"\r\n250 2.0.0 " in said.out
    assert served(work) == [[BOB]]


def test_dry_run(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\nbad: |x\n", domain="example.org")
    said = home.run("--dry-run", "-f", ALICE, "root", "dan", "-odq", input=whole(), name="sendmail")
    lines = said.out.decode().splitlines()
    assert sorted(lines[1:lines.index("")]) == [f"RCPT TO:<{who}>" for who in (BOB, CAROL, "dan@example.org")] or \
        said.code == 64
    said = home.run("--dry-run", "-f", ALICE, "bad", input=whole(), name="sendmail")
    assert said.code == 78 and "|x" in said.err


def test_what_is_shown(home, work, aliases):
    aliases(f"root: {BOB}, {CAROL}\n")
    work.refuse[CAROL] = BUSY
    send(home, "root", says="mailbox busy")
    listing = home.run(name="mailq").out.decode()
    assert CAROL in listing and BOB not in listing and not re.search(r"^ +root$", listing, re.M)
    shown = home.run("--show", home.entries[0].name).out.decode()
    assert "to        <root> is an alias\n" in shown
    assert f"to        <{CAROL}> (alias root) waits: {BUSY}\n" in shown
    assert re.search(rf"  aliased <{BOB}> \(alias root\)\n", shown) and "  expanded <root>\n" in shown
    assert home.run("--hold", "--to", CAROL).code == home.run("--release", "--to", "root").code == 0


def test_the_visible_names_get_a_domain(home, work, aliases):
    aliases(f"root: {BOB}\n")
    message = whole().replace(b"To: bob@example.net", b"To: root, Ops <ops>").replace(b"<alice@example.com>", b"<alice>")
    assert home.run("-odi", "-f", ALICE, "root", input=message, name="sendmail").code == 0
    (arrived,) = work.messages
    assert b"\r\nTo: root@web1.example.org, Ops <ops@web1.example.org>\r\n" in arrived.data
    assert b"<alice@web1.example.org>\r\n" in arrived.data


WRONG = {
    "ops carol\n": "aliases:1: no alias; write ",
    "a: |x\nb: /var/mail/b\n": "aliases:1: |x: mail is not given to programs",
    "a: b\n": "aliases:1: a: leads to b, which is no other alias",
    "a: b\nb: a\n": "aliases: a: leads to nobody",
    "a: x@y\n\nA: y@z\n": "aliases:1: a: there is another one in line 3",
    "a:\n": "aliases:1: a: stands for nobody",
    "a: :include:/nowhere\n": "/nowhere: cannot open: No such file",
}


@pytest.mark.parametrize("text", WRONG)
def test_newaliases(home, aliases, text):
    aliases(text)
    for how in ({"name": "newaliases"}, {}):
        result = home.run(*([] if how else ["-bi"]), **how)
        assert result.code == 78 and WRONG[text] in result.err and result.out == b""
    checked = home.run("--check")
    assert checked.code == 78 and WRONG[text] in checked.err


def test_newaliases_when_all_is_well(home, aliases):
    path = aliases(f"root: {BOB}\npostmaster: root\n# nobody\nabuse:\troot,\n\t{CAROL}\n")
    for result in (home.run(name="newaliases"), home.run("-bi"), home.run("-I"), home.run("--check")):
        assert (result.code, result.out, result.err) == (0, b"", "")
    path.chmod(0o666)
    result = home.run(name="newaliases")
    assert result.code == 78 and f"{path}: others can write it; run: chmod go-w {path}" in result.err


def test_newaliases_before_there_is_a_configuration(home):
    result = home.run(name="newaliases")
    assert (result.code, result.err) == (0, "")


def test_a_record_that_has_rotten(home, work, aliases):
    """Nobody gets another number by it, and whoever is missing is added anew."""
    aliases(f"root: {BOB}, {CAROL}, {DAN}\n")
    work.refuse.update({CAROL: BUSY})
    send(home, "root", says="mailbox busy")
    (entry,) = home.entries
    entry.write_bytes(re.sub(rb"( aliased 2 - 1 <)b", rb"\1x", entry.read_bytes()))
    work.refuse.clear()
    flush(home)
    assert served(work) == [[BOB, DAN], [BOB, CAROL]] and home.entries == []


def test_expired(home, work, aliases):
    aliases("root: |x\n")
    send(home, "root", how="-odq")
    (entry,) = home.entries
    week_ago = time.strftime("time %FT%TZ", time.gmtime(time.time() - 7 * 86400)).encode()
    entry.write_bytes(re.sub(rb"(?m)^time \S+", week_ago, entry.read_bytes()))
    for _ in range(3):
        assert not any(b"Action: failed" in message.data for message in work.messages)
        make_due(home.entries[0])
        home.run("--flush")
    assert b"Action: delayed" in work.messages.pop(0).data
    assert report(work) == {"root": None} and home.entries == []
