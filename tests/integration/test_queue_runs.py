"""Queue runs as sendmail's options ask for them: of all that is due, or of what -qI, -qR and -qS pick."""

import resource
import subprocess

import pytest
from home import at
from mail import whole

MESSAGES = [("alice@example.com", ["bob@example.net"]), ("alice@example.com", ["carol@example.org"]),
            ("dave@example.com", ["bob@example.net", "carol@example.org"]), ("<>", ["Erin@Example.NET"])]


@pytest.fixture
def queued(home, relay, pillarbox):
    """Four messages that were put off by a relay that by now is well; None of them is due."""
    server = relay()
    home.configure(work=at(server))
    ids = []
    for sender, recipients in MESSAGES:
        assert pillarbox("-odq", "-f", sender, *recipients, input=whole()).code == 0
        ids += [path.name for path in home.entries if path.name not in ids]
    held = ids[3]
    assert pillarbox("--hold", held).code == 0
    refuse = {address: "450 4.2.0 not now" for _, to in MESSAGES for address in to}
    server.refuse = refuse
    assert pillarbox("--flush").code == 75
    server.refuse = {}
    assert pillarbox("--release", held).code == 0 and server.messages == []
    return server, ids


def arrived(server):
    """What the relay has, in the order of MESSAGES: the numbers."""
    found = [(message.mail_from or "<>", message.rcpt_tos) for message in server.messages]
    return [number for number, message in enumerate(MESSAGES) if message in found]


@pytest.mark.parametrize("options, sent", [
    (["-qRbob"], [0, 2]),
    (["-qR", "bob"], [0, 2]),
    (["-qRBOB@Example"], [0, 2]),
    (["-qRexample.net"], [0, 2, 3]),
    (["-q!Rcarol"], [0, 3]),
    (["-qSalice"], [0, 1]),
    (["-S", "alice"], [0, 1]),
    (["-qS<>"], [3]),
    (["-q!S<>"], [0, 1, 2]),
    (["-qRbob", "-qSdave"], [2]),
    (["-qRbob", "-q!Sdave"], [0]),
    (["-qRnobody"], []),
    (["-qR*"], []),
    (["-q"], [3]),
    (["-q30m"], [3]),
    (["-qf"], [3]),
    (["-qq"], [3]),
    (["-qff"], [0, 1, 2, 3]),
    (["-qqf"], [0, 1, 2, 3]),
])
def test_what_is_picked_is_sent_and_no_more(queued, home, options, sent):
    server, ids = queued
    result = home.run(*options, name="sendmail")
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert arrived(server) == sent and len(server.messages) == len(sent)
    assert [path.name for path in home.entries] == [ids[n] for n in range(4) if n not in sent]


def test_by_a_part_of_the_id(queued, home):
    server, ids = queued
    assert home.run(f"-qI{ids[1].lower()}", name="sendmail").code == 0
    assert arrived(server) == [1]
    assert home.run("-q!I", ids[0], name="sendmail").code == 0
    assert arrived(server) == [1, 2, 3]
    assert home.run(f"-qI{ids[1]}", "-v", name="sendmail").err == "pillarbox: no message is like that; mailq shows what waits\n"


@pytest.mark.parametrize("option", ["-M", "-Mc"])
def test_exims_delivery_of_ids(queued, home, option):
    server, ids = queued
    assert home.run(option, ids[0], ids[2], name="sendmail").code == 0
    assert arrived(server) == [0, 2]
    assert home.run(option, ids[0], name="sendmail").code == 64


def test_exims_words_for_what_a_person_does(queued, home):
    server, ids = queued
    assert home.run("-Mf", ids[0], name="sendmail").code == 0
    assert home.run("-qSalice", name="sendmail").code == 0
    assert arrived(server) == [1], "one that is held was sent"
    for option in ("-Mvh", "-Mvb", "-Mvc", "-Mvl"):
        assert b"Subject: hello" in home.run(option, ids[0], name="sendmail").out
    assert home.run("-Mt", ids[0], name="sendmail").code == 0
    assert home.run("-Mrm", ids[2], ids[3], name="sendmail").code == 0
    assert [path.name for path in home.entries] == [ids[0]]
    assert home.run("-Mg", ids[0], name="sendmail").code == 0
    assert home.run("-Mrm", name="sendmail").code == 64


def test_a_listing_of_what_is_picked(queued, home):
    _, ids = queued
    assert home.run("-bpc", name="sendmail").out == b"4\n"
    assert home.run("-bpc", "-qRbob", name="sendmail").out == b"2\n"
    listing = home.run("-qRbob", name="mailq").out
    assert [identity.encode() in listing for identity in ids] == [True, False, True, False]
    assert len(home.entries) == 4


def test_more_than_a_command_line_holds(home, relay):
    """8,000 ids are 220 KB of argv; with this stack the kernel takes 128."""
    server = relay()
    home.configure(work=at(server))
    assert home.run("-odq", "bob@example.net", input=whole()).code == 0
    home.multiply(8000)
    home.configure(work=at(server, port=1))
    result = home.run("-qRbob", name="sendmail", timeout=60,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (512 * 1024, 512 * 1024)))
    assert result.code == 75 and result.err.count("\n") == 1 and "8000 messages" in result.err
    assert len(home.entries) == 8000


@pytest.mark.parametrize("ids", [b"", b"\n", b"\0\n", b"no id\n", b"/etc/passwd\n", b"../x\n", b"A" * 5000, b"\n" * 1000])
def test_delivery_is_told_nonsense(queued, home, ids):
    server, _ = queued
    result = subprocess.run([home.build / "pillarbox-deliver", "--config", home.config, "--ids", "--flush"], input=ids,
                            env=home.environment, capture_output=True, timeout=15)
    assert (result.returncode, result.stderr) == (0, b"") and server.messages == []
