"""Ways to a relay: several hosts, deadlines, addresses, proxies, sockets; what is tried next, and what is said."""

import re
import socket
import threading
import time
from contextlib import closing

import pytest
from home import at
from mail import whole, wire

TO = "bob@example.net"
AWAY = "127.0.0.9"      # an address of this host where nobody listens


@pytest.fixture
def sent(pillarbox):
    """Send one message in the foreground; it is delivered, without a word."""
    def check(*arguments):
        result = pillarbox(*arguments, "-odi", TO, input=whole())
        assert (result.code, result.out, result.err) == (0, b"", "")
    return check


@pytest.fixture
def kept(home, pillarbox):
    """Send one message in the foreground; it stays in the queue, and one line has these words."""
    def check(*words, **options):
        result = pillarbox("-odi", TO, input=whole(), **options)
        assert (result.code, result.out) == (0, b""), result
        assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err), result.err
        for word in words:
            assert word in result.err, f"{word!r} not in {result.err!r}"
        assert len(home.entries) == 1
        return result.err
    return check


def messages(server):
    return [message.data for message in server.messages]


# Several hosts

def test_the_next_host_is_tried_when_one_is_away(home, relay, sent):
    server = relay()
    home.configure(work=at(server, host=["x" * 64 + ".invalid", AWAY, "127.0.0.1"]))
    sent()
    assert messages(server) == [wire(whole())] and server.connections == 1


def test_the_next_host_is_tried_when_one_is_silent(home, relay, sent):
    server = relay()
    with closing(socket.create_server((AWAY, server.port))) as listener:
        home.configure(work=at(server, host=[AWAY, "127.0.0.1"], timeout="1s"))
        sent()
        listener.accept()[0].close()
    assert messages(server) == [wire(whole())]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_the_next_host_is_tried_when_one_hangs_up_without_a_word(home, relay, sent, tls):
    server = relay(tls=tls)
    with closing(socket.create_server((AWAY, server.port))) as listener:
        hangs_up = threading.Thread(target=lambda: listener.accept()[0].close())
        hangs_up.start()
        home.configure(work=at(server, host=[AWAY, "127.0.0.1"]))
        sent()
        hangs_up.join(5)
    assert messages(server) == [wire(whole())]


def test_no_host_is_there(home, relay, kept):
    home.configure(work=at(relay(), host=[AWAY, "127.0.0.8"]))
    kept('cannot connect to 127.0.0.8 port', "Connection refused (2 hosts were tried)")


@pytest.mark.parametrize("options, words", [
    ({"replies": {"GREETING": "554 5.7.1 not you"}}, "554 5.7.1 not you"),
    ({"replies": {"AUTH": "535 5.7.8 Bad credentials"}}, "login refused"),
    ({"certificate": "wrong-name"}, "certificate"),
    ({"auth": False}, "offers no AUTH"),
])
def test_a_host_that_refuses_has_decided_for_all(home, relay, kept, options, words):
    server = relay(**options)
    with closing(socket.create_server((AWAY, server.port))) as listener:
        listener.settimeout(0.1)
        home.configure(work=at(server, host=["127.0.0.1", AWAY]))
        assert "hosts were tried" not in kept(words)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_refusal_of_the_second_says_that_it_was_the_second(home, relay, kept):
    home.configure(work=at(relay(replies={"AUTH": "535 5.7.8 Bad credentials"}), host=[AWAY, "127.0.0.1"]))
    kept("535 5.7.8 Bad credentials", "(2 hosts were tried)")
