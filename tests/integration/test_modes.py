"""When the caller gets control back, and what the exit code then says: -odb, -odi, -odq, and no queue at all."""

import time

import pytest
from home import at
from mail import sized, whole, wire

TO = ("bob@example.net", "carol@example.net")


def one_line(result, *words):
    """Said in one line, by us, with these words."""
    assert result.err.startswith("pillarbox: ") and result.err.count("\n") == 1 and result.err.endswith("\n")
    for word in words:
        assert word in result.err


# Background

@pytest.mark.parametrize("how", ["default", "-odb", "configured"])
def test_background_returns_before_the_relay_has_answered(home, relay, pillarbox, how):
    server = relay(stall="MAIL")
    home.configure(work=at(server, timeout="60s"), **({"delivery": "background"} if how == "configured" else {}))
    began = time.monotonic()
    # the runner waits until nobody holds the output open any more
    result = pillarbox(*(("-odb",) if how == "-odb" else ()), *TO, input=whole(), timeout=5)
    assert time.monotonic() - began < 3
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert server.wait_stage("MAIL")
    assert server.messages == [] and len(home.entries) == 1
    server.stall = None
    assert [message.data for message in server.wait_messages(1)] == [wire(whole())]
    assert home.wait_empty()


def test_background_says_nothing_of_later_trouble(home, relay, pillarbox):
    server = relay(replies={"AUTH": "535 5.7.8 no"})
    home.configure(work=at(server))
    result = pillarbox("-odb", *TO, input=whole())
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert server.wait_stage("AUTH")
    assert home.wait_quiet() and len(home.entries) == 1


def test_background_deliveries_at_once(home, relay):
    server = relay()
    home.configure(work=at(server))
    messages = [sized(2000, number) for number in range(12)]
    started = [(home.start(*TO), message) for message in messages]
    for process, message in started:
        result = home.finish(process, message)
        assert (result.code, result.err) == (0, "")
    server.wait_messages(len(messages), 20)
    assert sorted(message.data for message in server.messages) == sorted(map(wire, messages))
    assert home.wait_empty()


# Foreground

@pytest.mark.parametrize("how", ["-odi", "configured"])
def test_foreground_waits_for_delivery(home, relay, pillarbox, how):
    server = relay()
    home.configure(work=at(server), **({"delivery": "foreground"} if how == "configured" else {}))
    result = pillarbox(*(("-odi",) if how == "-odi" else ()), *TO, input=whole())
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert len(server.messages) == 1 and home.entries == []


def test_foreground_all_refused_is_69_in_the_words_of_the_relay(home, relay, pillarbox):
    server = relay(refuse={TO[0]: "550 5.1.1 no such person", TO[1]: "553 5.1.3 not here"})
    home.configure(work=at(server))
    result = pillarbox("-odi", *TO, input=whole())
    assert result.code == 69 and result.out == b""
    for words in ("550 5.1.1 no such person", "553 5.1.3 not here", *TO):
        assert words in result.err
    assert home.entries == [] and server.messages == []


@pytest.mark.parametrize("stage", ["MAIL", "DATA", "DOT"])
def test_foreground_message_refused_is_69(home, relay, pillarbox, stage):
    server = relay(replies={stage: "554 5.6.0 not this one"})
    home.configure(work=at(server))
    result = pillarbox("-odi", *TO, input=whole())
    assert result.code == 69 and "554 5.6.0 not this one" in result.err
    assert home.entries == []


def test_foreground_partly_refused_is_said_and_reported(home, relay, pillarbox):
    server = relay(refuse={TO[1]: "550 5.1.1 no such person"})
    home.configure(work=at(server))
    result = pillarbox("-odi", *TO, input=whole())
    assert result.code == 0
    one_line(result, TO[1], "550 5.1.1 no such person")
    assert [message.rcpt_tos for message in server.messages] == [[TO[0]], ["alice@example.com"]]
    assert home.entries == []


@pytest.mark.parametrize("options, words", [
    ({"replies": {"AUTH": "535 5.7.8 Bad credentials"}}, "535 5.7.8 Bad credentials"),
    ({"replies": {"DOT": "451 4.3.0 try later"}}, "451 4.3.0 try later"),
    ({"certificate": "expired"}, "certificate"),
])
def test_foreground_trouble_is_queued_and_said(home, relay, pillarbox, options, words):
    server = relay(**options)
    home.configure(work=at(server))
    result = pillarbox("-odi", *TO, input=whole())
    assert result.code == 0 and result.out == b""
    one_line(result, words, "queued")
    assert len(home.entries) == 1 and server.messages == []


# Queue only

@pytest.mark.parametrize("how", ["-odq", "configured"])
def test_queue_only(home, relay, pillarbox, how):
    server = relay()
    home.configure(work=at(server), **({"delivery": "queue"} if how == "configured" else {}))
    result = pillarbox(*(("-odq",) if how == "-odq" else ()), *TO, input=whole())
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert len(home.entries) == 1 and home.wait_quiet() and server.connections == 0
    flushed = pillarbox("--flush")
    assert (flushed.code, flushed.out, flushed.err) == (0, b"", "")
    assert [message.data for message in server.messages] == [wire(whole())]
    assert home.entries == []


def test_the_option_wins_over_the_configuration(home, relay, pillarbox):
    server = relay()
    home.configure(work=at(server), delivery="queue")
    assert pillarbox("-odi", *TO, input=whole()).code == 0
    assert len(server.messages) == 1 and home.entries == []


# No queue

@pytest.fixture
def direct(home, relay, pillarbox):
    """Submits to a relay of these options with the queue switched off."""
    def submit(changes=None, **options):
        server = relay(**options)
        home.configure(work=at(server, **(changes or {})), queue={"enabled": False})
        result = pillarbox(*TO, input=whole())
        assert home.entries == [], "something was kept"
        assert (result.code == 0) == (len(server.messages) == 1), "exit 0 and arrival belong together"
        return result
    return submit


def test_direct_delivered(direct):
    result = direct()
    assert (result.code, result.out, result.err) == (0, b"", "")


@pytest.mark.parametrize("code, options", [
    (69, {"refuse": {address: "550 5.1.1 no such person" for address in TO}}),
    (69, {"replies": {"MAIL": "550 5.7.1 not you"}}),
    (69, {"replies": {"DOT": "554 5.6.0 not this one"}}),
    (75, {"refuse": {address: "452 4.2.2 mailbox full" for address in TO}}),
    (75, {"replies": {"MAIL": "451 4.3.0 try later"}}),
    (75, {"replies": {"DOT": "451 4.3.0 try later"}}),
    (75, {"replies": {"GREETING": "421 4.3.2 closing"}}),
    (75, {"drop": "MAIL"}),
    (75, {"drop": "DOT"}),
    (77, {"replies": {"AUTH": "535 5.7.8 Bad credentials"}}),
])
def test_direct_exit_code_is_the_answer_of_the_relay(direct, code, options):
    result = direct(**options)
    assert result.code == code and result.out == b""
    assert result.err.startswith("pillarbox: ")
    for reply in [*options.get("replies", {}).values(), *options.get("refuse", {}).values()]:
        assert reply in result.err


def test_direct_without_auth_offered_is_a_login_failure(direct):
    result = direct(auth=False)
    assert result.code == 77 and "AUTH" in result.err


@pytest.mark.parametrize("certificate", ["wrong-name", "expired", "self-signed"])
def test_direct_with_a_bad_certificate(direct, certificate):
    result = direct(certificate=certificate)
    assert result.code in (75, 77, 78) and "certificate" in result.err


def test_direct_to_a_closed_port(direct):
    assert direct({"port": 1}).code == 75


# Delivery is started while the message is being queued.

def test_foreground_without_a_queue_to_write_to_sends_nothing(home, relay, pillarbox):
    server = relay()
    home.configure(work=at(server))
    home.spool.mkdir()
    (home.spool / "tmp").symlink_to("/nowhere")
    result = pillarbox("-odi", *TO, input=whole())
    assert result.code == 75
    one_line(result)
    assert home.wait_quiet() and server.messages == [] and server.connections == 0


@pytest.mark.parametrize("how", ["exit 1", "exec <&-; sleep 0.3; exit 1"])
def test_foreground_starts_delivery_again_if_it_has_ended(home, relay, tmp_path, how):
    """The one that was to wait for the id is gone; the next one is given it."""
    server = relay()
    home.configure(work=at(server))
    folder = tmp_path / "helpers"
    folder.mkdir()
    (folder / "pillarbox-queue").write_text(f"#!/bin/sh\nsleep 0.1\nexec '{home.build}/pillarbox-queue' \"$@\"\n")
    (folder / "pillarbox-deliver").write_text(
        f"#!/bin/sh\ncase \"$*\" in *'--foreground -') {how} ;; esac\nexec '{home.build}/pillarbox-deliver' \"$@\"\n")
    for helper in folder.iterdir():
        helper.chmod(0o700)
    result = home.run("-odi", *TO, input=whole(), env={**home.environment, "PILLARBOX_LIBEXEC": str(folder)})
    assert (result.code, result.err) == (0, "")
    assert [message.data for message in server.messages] == [wire(whole())] and home.entries == []
