"""--authorize: a person agrees, on another device or in a browser here or elsewhere."""

import re
import resource
import socket
import threading
import time
import urllib.error
import urllib.request

import pytest
from issuer import Canned
from oauth_place import issuer, place, token_relay     # noqa: F401
from spill import spill


class Talk:
    """--authorize under way: what it says is read line by line."""

    def __init__(self, here, *arguments):
        self.here = here
        self.process = here.home.start("--authorize", *(arguments or ("work",)))
        self.said = []

    def address(self, timeout=10):
        """The address that it names."""
        found = []

        def read():
            for line in self.process.stdout:
                self.said.append(line)
                if line.strip().startswith(b"https://"):
                    found.append(line.strip().decode())
                if found and (b"copy" in line or b"enter" in line or line.strip().startswith(b"WDJB")):
                    return

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        reader.join(timeout)
        assert found, self.said
        return found[0]

    def type(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def end(self, timeout=15):
        result = self.here.home.finish(self.process, timeout=timeout)
        result.out = b"".join(self.said) + result.out
        spill.hear("output", result.out)
        return result


def secrets_of(text):
    return re.findall(r"code=([^&]+)", text)


def check_authorized(here, result):
    assert (result.code, result.err) == (0, ""), result
    assert b'Relay "work" is authorized' in result.out
    kept = here.kept
    assert here.issuer.works(kept["refresh_token"]) and kept["serial"] >= 1
    assert here.send().code == 0 and here.relay.messages
    assert here.relay.tokens[-1] == kept["access_token"]


# By another device.


@pytest.mark.parametrize("answers", [[], ["authorization_pending", "authorization_pending"], ["slow_down"]])
def test_device(place, answers):
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    here.issuer.device_answers = list(answers)
    began = time.monotonic()
    result = here.home.run("--authorize", "work", timeout=30)
    took = time.monotonic() - began
    assert here.issuer.url("/activate").encode() in result.out and b"WDJB-MJHT" in result.out
    assert b"alice@example.com" in result.out
    # one second between two of them, six when it was asked to be slower
    assert took >= (7 if answers == ["slow_down"] else 1 + len(answers))
    check_authorized(here, result)


@pytest.mark.parametrize("answer", ["access_denied", "expired_token", "authorization_declined",
                                    "bad_verification_code", "invalid_grant"])
def test_device_refused(place, answer):
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    here.issuer.device_answers = ["authorization_pending", answer]
    result = here.home.run("--authorize", "work")
    assert result.code == 77 and answer in result.err and result.err.count("\n") == 1 and not here.file.exists()


def test_device_survives_trouble(place):
    """RFC 8628 3.5: what the network does is waited out."""
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    talk = Talk(here)
    talk.address()
    here.issuer.canned += [Canned(503, b"oops")]
    check_authorized(here, talk.end(30))


@pytest.mark.parametrize("answer, said", [({"access_token": "a b"}, "access_token"), (b"<html>", "no JSON object")])
def test_device_is_given_what_is_no_token(place, answer, said):
    """It is given once, so that to ask again says nothing but expired_token."""
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    talk = Talk(here)
    talk.address()
    here.issuer.canned += [Canned(200, answer)]
    result = talk.end(30)
    assert result.code == 75 and said in result.err and result.err.count("\n") == 1 and not here.file.exists()


def test_device_in_googles_words(place):
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    code = here.issuer.secret()
    here.issuer.devices[code] = 0
    here.issuer.canned.append(Canned(200, {"device_code": code, "user_code": "ABC", "interval": 1, "expires_in": "60",
                                           "verification_url": "https://example.com/device"}))
    result = here.home.run("--authorize", "work")
    assert b"https://example.com/device" in result.out and b"ABC" in result.out
    check_authorized(here, result)


@pytest.mark.parametrize("canned", [Canned(200, {"user_code": "A"}), Canned(400, {"error": "invalid_scope"}),
                                    Canned(404, b"no"), Canned(200, {"device_code": "a", "user_code": "b\x1b[2J",
                                                                     "verification_uri": "https://e.org/"})])
def test_device_endpoint_that_gives_nothing(place, canned):
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    here.issuer.canned.append(canned)
    result = here.home.run("--authorize", "work")
    assert result.code in (75, 78) and result.err.count("\n") == 1 and b"\x1b" not in result.out


# By a browser.


def browse(address):
    with urllib.request.urlopen(address, timeout=10) as page:
        return page.status, page.read()


def authorized_by(here, how, **options):
    talk = Talk(here)
    address = talk.address()
    where = here.issuer.approve(address, **options)
    here.issuer.secrets |= set(secrets_of(where))
    how(talk, where)
    return talk.end()


def test_code_in_a_browser_here(place):
    here = place(login="me@example.com")
    talk = Talk(here)
    address = talk.address()
    assert "login_hint=me%40example.com" in address and "code_challenge_method=S256" in address
    where = here.issuer.approve(address)
    assert re.match(r"http://127\.0\.0\.1:\d+/\?code=", where)
    status, page = browse(where)
    assert status == 200 and b"close this window" in page
    result = talk.end()
    assert (result.code, result.err) == (0, "") and "login=me%40example.com" in here.kept["of"]


def test_code_copied(place):
    here = place()
    check_authorized(here, authorized_by(here, lambda talk, where: talk.type(where)))
    (form,) = (form for _, form in here.issuer.requests if form.get("grant_type") == "authorization_code")
    assert form["redirect_uri"].startswith("http://127.0.0.1:") and len(form["code_verifier"]) == 43


def test_code_copied_after_something_else(place):
    here = place()

    def how(talk, where):
        for text in "", "hello", re.sub("state=[^&]*", "state=another", where), "x" * 50000:
            talk.type(text)
            time.sleep(0.5)
        talk.type(where)

    result = authorized_by(here, how)
    assert result.out.count(b"That is not it") == 3
    check_authorized(here, result)


BROKEN = {
    "in the code": lambda where: where.replace("code=", "code=\n"),
    "everywhere": lambda where: "\r\n".join(where[i:i + 7] for i in range(0, len(where), 7)),
    "with blanks": lambda where: "  " + where[:30] + " \n  " + where[30:50] + " " + where[50:] + " ",
    "behind others": lambda where: "hello\nhttps://example.com/?code=1&state=2\n\n" + where + "\n",
    "behind a long one": lambda where: "x" * 50000 + "\n" + where,
}


@pytest.mark.parametrize("how", BROKEN.values(), ids=BROKEN)
def test_code_copied_in_lines(place, how):
    """As terminals break them."""
    here = place()
    check_authorized(here, authorized_by(here, lambda talk, where: talk.type(how(where))))


def test_code_copied_without_a_line_end(place):
    """As printf and most programs put it into a pipe."""
    here = place()

    def how(talk, where):
        talk.process.stdin.write(where.encode())
        talk.process.stdin.close()
        talk.process.stdin = None

    check_authorized(here, authorized_by(here, how))


def test_code_at_the_registered_address(place):
    here = place(redirect="https://example.org/done")
    result = authorized_by(here, lambda talk, where: talk.type(where))
    check_authorized(here, result)


def test_code_with_nobody_to_copy_it(place):
    """stdin ends at once: the listener goes on; where there is none, nothing can come."""
    here = place()

    def how(talk, where):
        talk.process.stdin.close()
        talk.process.stdin = None
        browse(where)

    check_authorized(here, authorized_by(here, how))
    here = place(redirect="https://example.org/done")
    result = here.home.run("--authorize", "work")
    assert result.code == 75 and "no address was given" in result.err


def test_code_refused(place):
    here = place()
    result = authorized_by(here, lambda talk, where: browse(where), error="access_denied")
    assert result.code == 77 and "not authorized: access_denied: no way" in result.err and not here.file.exists()


def test_a_code_that_is_used_up(place):
    here = place()

    def how(talk, where):
        here.issuer.codes.clear()
        talk.type(where)

    result = authorized_by(here, how)
    assert result.code == 77 and "invalid_grant" in result.err and not here.file.exists()


REQUESTS = {
    "another path": b"GET /favicon.ico HTTP/1.1\r\n\r\n",
    "no query": b"GET / HTTP/1.1\r\n\r\n",
    "another method": b"POST /?code=a&state=b HTTP/1.1\r\n\r\n",
    "another state": b"GET /?code=a&state=b HTTP/1.1\r\n\r\n",
    "no HTTP": b"GET /?code=a&state=b\r\n\r\n",
    "no request": b"\x16\x03\x01\x02\x00\x01\x00",
    "a NUL": b"GET /?code=%00&state=\0 HTTP/1.1\r\n\r\n",
    "no end": b"GET /" + b"x" * 100,
    "endless": b"GET /" + b"x" * 200000,
    "nothing": b"",
}


def test_strange_requests(place):
    here = place()

    def how(talk, where):
        port = int(re.search(r":(\d+)/", where)[1])
        for request in REQUESTS.values():
            with socket.create_connection(("127.0.0.1", port)) as browser:
                try:
                    browser.sendall(request)
                    browser.shutdown(socket.SHUT_WR)
                    answer = browser.recv(10000)
                except OSError:
                    continue
                assert answer == b"" or answer.startswith(b"HTTP/1.1 404 "), answer
        browse(where)

    check_authorized(here, authorized_by(here, how))


def test_who_connects_and_says_nothing(place):
    """It delays nobody; one that says half of something delays a browser for three seconds."""
    here = place()

    def how(talk, where):
        port = int(re.search(r":(\d+)/", where)[1])
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        began = time.monotonic()
        with pytest.raises(urllib.error.HTTPError):
            browse(where.replace("code=", "kode="))
        assert time.monotonic() - began < 2
        silent[0].sendall(b"GET /?")
        time.sleep(0.2)
        began = time.monotonic()
        browse(where)
        assert time.monotonic() - began < 5
        for one in silent:
            one.close()

    check_authorized(here, authorized_by(here, how))


def test_the_listener_is_on_loopback_alone(place):
    here = place()

    def how(talk, where):
        port = int(re.search(r":(\d+)/", where)[1])
        lines = open("/proc/net/tcp").read() + open("/proc/net/tcp6").read()
        places = [line.split()[1] for line in lines.splitlines() if f":{port:04X} " in line and " 0A " in line]
        assert places == [f"0100007F:{port:04X}"]
        talk.type(where)

    check_authorized(here, authorized_by(here, how))


# For all of them.


def test_no_refresh_token(place):
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device"))
    talk = Talk(here)
    talk.address()
    here.issuer.canned.append(Canned(200, {"access_token": "a", "token_type": "Bearer"}))
    result = talk.end()
    assert result.code == 75 and "no refresh token" in result.err and not here.file.exists()


def test_authorized_anew(place):
    """What was given up works again, and the relay is no longer paused."""
    here = place()
    here.keep()
    here.issuer.revoke()
    assert here.send().code == 75
    result = authorized_by(here, lambda talk, where: talk.type(where))
    assert result.code == 0 and "given_up" not in here.kept
    assert here.home.run("--flush", "--force").code == 0 and len(here.relay.messages) == 1
    assert here.home.list() == []


def a_full_disk():
    """As far as a file may grow here."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.parametrize("grant", ["code", "device"])
@pytest.mark.parametrize("how", ["full", "a folder in its place", "no folder for it"])
def test_no_room_for_it_is_seen_before(place, how, grant):
    """Nobody agrees to what cannot be kept; and what was kept stays."""
    here = place()
    here.configure(device_endpoint=here.issuer.url("/device") if grant == "device" else None)
    refresh = here.keep()
    tokens = here.file.parent
    if how == "a folder in its place":
        (tokens / "work:new").mkdir()
    elif how == "no folder for it":
        tokens.rename(tokens.with_name("kept"))
        tokens.touch()
    result = here.home.run("--authorize", "work", preexec_fn=a_full_disk if how == "full" else None)
    if how == "a folder in its place":
        (tokens / "work:new").rmdir()
    elif how == "no folder for it":
        tokens.unlink()
        tokens.with_name("kept").rename(tokens)
    assert result.code in (73, 75) and result.err.count("\n") == 1 and str(tokens) in result.err, result
    assert result.out == b"" and here.issuer.requests == [] and here.kept["refresh_token"] == refresh


def test_nobody_is_disturbed_by_asking(place):
    """A renewal is under way, which finds what it has prepared."""
    here = place(issuer_options={"rotation": "strict"})
    here.keep()
    here.queue()
    here.issuer.canned.append(Canned(after=True, real=True, delay=1.5))
    flush = here.home.start("--flush", "--force")
    while not here.issuer.requests:
        time.sleep(0.02)
    talk = Talk(here)
    talk.address()
    result = here.home.finish(flush)
    assert (result.code, result.err) == (0, "") and here.issuer.works(here.kept["refresh_token"])
    talk.process.stdin.close()
    talk.process.kill()
    talk.process.wait()


def test_nobody_is_to_be_asked(place):
    here = place(issuer_options={"client_secret": "S3cret-x"}, grant="client-credentials")
    result = here.home.run("--authorize", "work")
    assert result.code == 0 and b"needs no authorization" in result.out and here.file.exists()


WRONG = [((), 64, "takes one relay"), (("a", "b"), 64, "takes one relay"), (("nobody",), 78, 'no relay "nobody"')]


@pytest.mark.parametrize("arguments, code, said", WRONG)
def test_called_wrongly(place, arguments, code, said):
    here = place()
    result = here.home.run("--authorize", *arguments)
    assert result.code == code and said in result.err and result.err.count("\n") == 1


def test_a_relay_with_a_password(home, relay):
    from home import at
    home.configure(work=at(relay()))
    result = home.run("--authorize", "work")
    assert result.code == 78 and "has no section oauth" in result.err


def test_two_verbs(home):
    assert home.run("--check", "--authorize", "x").code == 64


def test_check_says_what_is_missing(place):
    here = place()
    result = here.home.run("--check")
    assert result.code == 78 and "nobody has authorized it; run: pillarbox --authorize work" in result.err
    here.keep()
    assert "authorize" not in here.home.run("--check").err
    here.configure(client_secret_file="/nowhere/secret", ca_file="/nowhere/ca", device_endpoint="https://example.org/")
    said = here.home.run("--check").err
    assert "client-secret-file /nowhere/secret" in said and "ca-file /nowhere/ca" in said
    here.configure(token_command=["nowhere"], client_id=None)
    assert "token-command nowhere: no such program" in here.home.run("--check").err
