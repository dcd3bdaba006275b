"""Ways to a relay: several hosts, deadlines, addresses, proxies, sockets; what is tried next, and what is said."""

import base64
import re
import socket
import threading
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
from home import at
from mail import sized, whole, wire
from proxy import Way

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


# Deadlines

@pytest.fixture
def in_time():
    """Whether what is done with it takes so many seconds at most."""
    @contextmanager
    def check(least, most):
        begin = time.monotonic()
        yield
        took = time.monotonic() - begin
        assert least <= took <= most, f"took {took:.2f} s, not {least} to {most}"
    return check


@pytest.mark.parametrize("stage", ["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
def test_a_caller_waits_no_longer_than_the_foreground_timeout(home, relay, pillarbox, kept, in_time, stage):
    server = relay(stall=stage)
    home.configure(work=at(server, timeout="30s"), foreground_timeout="1s")
    with in_time(0.9, 2.5):
        kept("the time for a try in the foreground (1s) is over")
    assert not server.messages
    paused = "paused" in pillarbox("--list").out.decode()
    assert paused == (stage in ("GREETING", "EHLO", "AUTH")), "a relay that was reached is not paused for our hurry"
    server.stall = None
    result = pillarbox("--flush", "--force")
    assert (result.code, result.err) == (0, "") and messages(server) == [wire(whole())]


def test_the_foreground_timeout_is_of_all_hosts_together(home, relay, kept, in_time):
    port = relay().port
    with ExitStack() as listening:
        for n in range(7, 10):
            listening.enter_context(closing(socket.create_server((f"127.0.0.{n}", port))))
        home.configure(work=at(relay(), port=port, host=[f"127.0.0.{n}" for n in range(7, 10)], connect_timeout="1s"),
                       foreground_timeout="2s")
        with in_time(1.9, 3.5):
            kept("127.0.0.9 port", "the time for a try in the foreground (2s) is over (3 hosts were tried)")


def test_a_silent_host_leaves_time_for_the_next(home, relay, sent, in_time):
    server = relay()
    with closing(socket.create_server((AWAY, server.port))):
        home.configure(work=at(server, host=[AWAY, "127.0.0.1"], timeout="30s"), foreground_timeout="4s")
        with in_time(1.9, 3.9):
            sent()
    assert len(server.messages) == 1


@pytest.mark.parametrize("pause, tls", [(1.5, "implicit"), (4, "implicit"), (4, "starttls")])
def test_a_message_sent_to_its_end_is_waited_for_without_its_caller(home, peer, pillarbox, in_time, pause, tls):
    server = peer({"DOT": (pause, "250 2.0.0 taken")}, tls=tls)
    home.configure(work=at(server), foreground_timeout="1s")
    with in_time(1.4, 3):
        result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.out) == (0, b"")
    assert (result.err == "") == (pause < 2)
    assert pause < 2 or re.fullmatch(r"pillarbox: \S+: queued; the relay has not answered within 1s; the delivery goes "
                                     r"on in the background\n", result.err)
    if pause > 2:
        assert pillarbox("--flush").err == "", "a flush leaves it alone"
    assert home.wait_empty() and len(server.messages) == 1


STREAMING = {"EHLO": "250-peer.example.com\n250-8BITMIME\n250-PIPELINING\n250-CHUNKING\n250 AUTH PLAIN LOGIN"}


@pytest.mark.parametrize("script", [{"BDAT": (4.0, "250 2.0.0 taken")}, {"MAIL": (4.0, "250 2.1.0 ok")}])
def test_the_same_of_a_message_that_left_with_its_envelope(home, peer, pillarbox, in_time, script):
    server = peer({**STREAMING, **script})
    home.configure(work=at(server), foreground_timeout="1s")
    with in_time(1.4, 3):
        result = pillarbox("-odi", TO, input=whole())
    assert result.code == 0 and "goes on in the background" in result.err
    assert home.wait_empty() and len(server.messages) == 1


def test_a_large_message_is_cut_before_its_last_byte(home, peer, pillarbox, in_time):
    server = peer({**STREAMING, "RCPT": (3.0, "250 2.1.5 ok")})
    home.configure(work=at(server), foreground_timeout="1s")
    with in_time(0.9, 3):
        result = pillarbox("-odi", TO, input=sized(200_000))
    assert result.code == 0 and "the time for a try in the foreground (1s) is over" in result.err
    assert len(home.entries) == 1 and not server.messages and "paused" not in pillarbox("--list").out.decode()


def test_a_slow_upload_is_cut_and_no_outage(home, peer, kept, pillarbox, in_time):
    server = peer({"BODY": (6.0,)})
    home.configure(work=at(server), foreground_timeout="1s")
    with in_time(0.9, 5.5):
        result = pillarbox("-odi", TO, input=whole(b"x" * 70 + b"\r\n" + b"y\r\n" * 4_000_000))
    assert (result.code, result.out) == (0, b"") and "the time for a try in the foreground (1s) is over" in result.err
    assert len(home.entries) == 1 and "paused" not in pillarbox("--list").out.decode()


def test_a_flush_has_no_such_haste(home, peer, pillarbox):
    server = peer({"MAIL": (1.5, "250 2.1.0 ok")})
    home.configure(work=at(server), foreground_timeout="1s")
    assert pillarbox("-odq", TO, input=whole()).code == 0
    result = pillarbox("--flush")
    assert (result.code, result.err) == (0, "") and len(server.messages) == 1


def test_what_asks_for_the_password_may_take_its_time(home, relay, sent):
    server = relay()
    home.configure(work=at(server, password=None, password_command=["sh", "-c", "sleep 1.5; echo open sesame"]),
                   foreground_timeout="1s")
    sent()
    assert messages(server) == [wire(whole())]


@pytest.mark.parametrize("stage", ["GREETING", "EHLO", "AUTH"])
def test_connect_timeout_is_of_the_whole_way_to_the_login(home, relay, pillarbox, in_time, stage):
    server = relay(stall=stage)
    home.configure(work=at(server, timeout="30s", connect_timeout="1s"))
    assert pillarbox("-odq", TO, input=whole()).code == 0
    with in_time(0.9, 2.5):
        result = pillarbox("--flush")
    assert result.code == 75 and "no answer within 1 s" in result.err
    server.stall = None


def test_a_step_may_take_longer_than_the_connection(home, peer, pillarbox):
    server = peer({"MAIL": (1.5, "250 2.1.0 ok")})
    home.configure(work=at(server, timeout="10s", connect_timeout="1s"))
    assert pillarbox("-odq", TO, input=whole()).code == 0
    assert pillarbox("--flush").code == 0
    assert len(server.messages) == 1


# Addresses

def test_source_address(home, relay, kept):
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        home.configure(work=at(relay(), port=listener.getsockname()[1], source_address="127.0.0.77", timeout="1s"))
        kept("no answer")
        connection, address = listener.accept()
        connection.close()
    assert address[0] == "127.0.0.77"


def test_a_source_address_that_is_not_ours(home, relay, kept):
    home.configure(work=at(relay(), source_address="192.0.2.1"))
    kept("source-address 192.0.2.1")


@pytest.mark.parametrize("family", ["any", "ipv4"])
def test_address_family(home, relay, sent, family):
    server = relay()
    home.configure(work=at(server, host="localhost", address_family=family))
    sent()
    assert len(server.messages) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_address_family_that_the_host_lacks(home, relay, kept, host):
    server = relay()
    home.configure(work=at(server, host=host, address_family="ipv6"))
    kept(host)
    assert server.connections == 0


# Proxies

KINDS = ["socks5h", "socks5", "http"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_proxy(home, relay, proxy, sent, kind, tls):
    server, way = relay(tls=tls), proxy(kind)
    home.configure(work=at(server, proxy=way.url))
    sent()
    assert messages(server) == [wire(whole())] and way.asked == [("127.0.0.1", server.port)]


@pytest.mark.parametrize("kind", ["socks5h", "http"])
def test_a_name_is_resolved_by_the_proxy(home, relay, proxy, kept, kind):
    server, way = relay(), proxy(kind)
    home.configure(work=at(server, host="relay.invalid", proxy=way.url))
    kept("certificate of relay.invalid")
    assert way.asked == [("relay.invalid", server.port)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("environment", [{"no_proxy": "*"}, {"NO_PROXY": "127.0.0.1"}])
def test_the_environment_does_not_go_round_the_proxy(home, relay, proxy, kind, environment):
    server, way = relay(), proxy(kind)
    home.configure(work=at(server, proxy=way.url))
    result = home.run("-odi", TO, input=whole(), env={**home.environment, **environment})
    assert (result.code, result.err) == (0, "") and len(way.asked) == 1


def test_the_environment_gives_no_proxy(home, relay, proxy):
    server, way = relay(), proxy("http")
    home.configure(work=at(server))
    names = ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "smtp_proxy", "smtps_proxy")
    result = home.run("-odi", TO, input=whole(), env={**home.environment, **dict.fromkeys(names, way.url)})
    assert (result.code, result.err) == (0, "") and way.asked == []


LOGIN = {"user": "mallory", "password": "let me through".replace(" ", "-")}


def keep_proxy_secret(home, way):
    home.secrets |= {way.password, base64.b64encode(f"{way.user}:{way.password}".encode()).decode()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["in the proxy", "in a file"])
def test_login_at_a_proxy(home, relay, proxy, kind, where):
    server, way = relay(), proxy(kind, **LOGIN)
    secret = home.folder / "proxy-secret"
    secret.write_text(way.password + "\n")
    secret.chmod(0o600)
    settings = ({"proxy": way.url_with_login} if where == "in the proxy" else
                {"proxy": way.url, "proxy_user": way.user, "proxy_password_file": secret})
    home.configure(work=at(server, **settings))
    keep_proxy_secret(home, way)
    result = home.run("-v", "-odi", TO, input=whole())
    assert result.code == 0 and way.logins == [(way.user, way.password)]
    assert messages(server) == [wire(whole())]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("user", [None, "eve"])
def test_a_login_that_the_proxy_refuses(home, relay, proxy, kept, kind, user):
    way = proxy(kind, **LOGIN)
    login = f"{user}:{way.password}@" if user else ""
    home.configure(work=at(relay(), host=["127.0.0.1", AWAY], proxy=f"{kind}://{login}{way.place}"))
    keep_proxy_secret(home, way)
    said = kept(f"the proxy {way.place}", "proxy-user")
    assert way.asked == [] and "hosts were tried" not in said


@pytest.mark.parametrize("kind, refuse, words", [
    ("socks5h", 5, "connection refused"), ("socks5h", 4, "host unreachable"), ("socks5h", 3, "network unreachable"),
    ("socks5h", 1, "general failure"), ("socks5", 6, "no way to the host"), ("http", 502, "HTTP status 502"),
    ("http", 504, "HTTP status 504"),
])
def test_the_next_host_is_tried_by_the_proxy(home, relay, proxy, kept, kind, refuse, words):
    way = proxy(kind, refuse=refuse)
    home.configure(work=at(relay(), host=["127.0.0.1", AWAY], proxy=way.url))
    kept(f"the proxy {way.place} does not connect to {AWAY} port", words, "(2 hosts were tried)")
    assert [host for host, _ in way.asked] == ["127.0.0.1", AWAY]


def test_a_proxy_that_does_not_allow_it(home, relay, proxy, kept):
    way = proxy("socks5h", refuse=2)
    home.configure(work=at(relay(), host=["127.0.0.1", AWAY], proxy=way.url))
    kept(f"the proxy {way.place} does not connect to 127.0.0.1", "not allowed")
    assert len(way.asked) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_is_not_there(home, relay, kept, kind):
    server = relay()
    home.configure(work=at(server, host=["127.0.0.1", AWAY], proxy=f"{kind}://user:sesame@{AWAY}:1"))
    home.secrets.add("sesame@")
    said = kept(f"cannot connect to the proxy {AWAY}:1: Connection refused")
    assert "hosts were tried" not in said and server.connections == 0


def test_a_proxy_without_an_address(home, relay, kept):
    home.configure(work=at(relay(), proxy=f"http://{'x' * 64}.invalid:3128"))
    kept(f"the name of the proxy {'x' * 64}.invalid:3128")


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_is_silent(home, relay, proxy, kept, in_time, kind):
    way = proxy(kind, silent=True)
    home.configure(work=at(relay(), proxy=way.url, timeout="1s"))
    with in_time(0.9, 3):
        kept("by the proxy " + way.place, "no answer within 1 s")


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_hangs_up(home, relay, kept, kind):
    with closing(socket.create_server((AWAY, 0))) as listener:
        place = f"{AWAY}:{listener.getsockname()[1]}"
        hangs_up = threading.Thread(target=lambda: listener.accept()[0].close())
        hangs_up.start()
        home.configure(work=at(relay(), proxy=f"{kind}://{place}"))
        kept("the proxy " + place)
        hangs_up.join(5)


def test_a_proxy_password_that_others_can_read(home, relay, proxy, pillarbox):
    way = proxy("http", **LOGIN)
    home.configure(work=at(relay(), password=None, password_file="/dev/null", proxy=way.url_with_login))
    keep_proxy_secret(home, way)
    home.config.chmod(0o644)
    result = pillarbox("-odi", TO, input=whole())
    assert result.code == 78 and f"chmod 600 {home.config}" in result.err

    secret = home.folder / "proxy-secret"
    secret.write_text(way.password)
    secret.chmod(0o644)
    home.configure(work=at(relay(), proxy=way.url, proxy_user=way.user, proxy_password_file=secret))
    result = pillarbox("-odi", TO, input=whole())
    assert f"proxy-password-file {secret}: others can read it" in result.err and way.logins == []
    assert f"proxy-password-file {secret}: others can read it" in pillarbox("--check").err


# A Unix socket

@pytest.mark.parametrize("auth", [True, False])
def test_a_socket_as_relay(home, relay, auth):
    server, path = relay(tls="none", auth=auth), home.folder / "relay.sock"
    with Way(path, server.port):
        changes = {} if auth else {"user": None, "password": None}
        home.configure(work=at(server, host=path, port=None, tls=None, **changes))
        for _ in range(2):
            result = home.run("-odi", TO, input=whole())
            assert (result.code, result.err) == (0, "")
    assert messages(server) == [wire(whole())] * 2
    assert [message.user for message in server.messages] == [server.user if auth else None] * 2


def test_a_socket_is_not_asked_by_the_proxy_of_the_environment(home, relay, proxy):
    server, path, way = relay(tls="none", auth=False), home.folder / "relay.sock", proxy("http")
    with Way(path, server.port):
        home.configure(work=at(server, host=path, port=None, tls=None, user=None, password=None))
        result = home.run("-odi", TO, input=whole(), env={**home.environment, "ALL_PROXY": way.url})
    assert (result.code, result.err) == (0, "") and way.asked == []


def test_a_socket_that_is_not_there(home, relay, kept):
    here, there = home.folder / "a.sock", home.folder / "b.sock"
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(there))
    home.configure(work=at(relay(), host=[here, there], port=None, tls=None))
    kept(f"cannot connect to {there}: Connection refused (2 hosts were tried)")


def test_a_socket_without_the_login(home, relay, kept):
    server, path = relay(tls="none", auth=False), home.folder / "relay.sock"
    with Way(path, server.port):
        home.configure(work=at(server, host=path, port=None, tls=None))
        kept(f"{path} offers no AUTH; nothing was sent")
    assert not server.messages
