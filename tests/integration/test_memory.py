"""What stays of a password in the memory of a delivery that has logged in."""

import base64
import os
import subprocess
import time

import pytest
from home import at
from memory import search

SECRET = "Xq7-open-sesame-Zw9"
LETTER = b"Subject: hello\n\nhello\n"


def coded(user, password):
    """As PLAIN and LOGIN send it."""
    return [base64.b64encode(text.encode()) for text in (f"\0{user}\0{password}", password)]


@pytest.fixture(autouse=True)
def root():
    if os.geteuid() != 0:
        pytest.skip("the memory of another process is root's to read: run these tests as root")
    if "ASAN_OPTIONS" in os.environ:
        pytest.skip("AddressSanitizer keeps what was freed: run these tests with another build")


@pytest.fixture
def configure(home):
    """configure(server, source) has the password of `server` come from there."""
    def configure(server, source):
        path = home.folder / "secret"
        path.write_text({"netrc_file": f"machine 127.0.0.1 password {SECRET}"}.get(source, SECRET))
        path.chmod(0o600)
        home.configure(work=at(server, password=None, timeout="60s",
                               **{source: ["cat", path] if source == "password_command" else path}))
        home.keep_secret(SECRET, server.user)
        return SECRET.encode(), *coded(server.user, SECRET)
    return configure


SOURCES = pytest.mark.parametrize("source", ["password_file", "password_command", "netrc_file"])
WAYS = pytest.mark.parametrize("tls", ["implicit", "starttls"])


@SOURCES
@WAYS
def test_while_it_is_connected(home, relay, configure, source, tls):
    """libcurl's copies, for as long as the connection is there; and what a command said, for the flush."""
    server = relay(tls=tls, password=SECRET, stall="MAIL")
    wanted = configure(server, source)
    assert home.run("bob@example.net", input=LETTER).code == 0
    assert server.wait_stage("MAIL")
    found = search(home.wait_process("pillarbox-deliver"), *wanted, b"bob@example.net")
    assert found.pop(b"bob@example.net"), "the search finds nothing"
    kept = {"[heap]": 3, "/dev/zero (deleted)": source == "password_command"}
    for places in found.values():
        assert all(places.count(place) <= kept.get(place, 0) for place in places), found
    server.stall = None
    assert len(server.wait_messages(1)) == 1


@SOURCES
@WAYS
def test_nothing_stays_between_flushes(home, relay, configure, source, tls):
    server = relay(tls=tls, password=SECRET)
    wanted = configure(server, source)
    assert home.run("-odq", "bob@example.net", input=LETTER).code == 0
    process = home.start("--flush", "--every", "1h")
    try:
        assert len(server.wait_messages(1)) == 1 and home.wait_empty()
        give_up = time.monotonic() + 5
        while (found := search(process.pid, *wanted)) and time.monotonic() < give_up:
            time.sleep(0.05)    # until the session has ended
        assert found == {} and search(process.pid, str(home.config).encode())
    finally:
        process.terminate()
        home.finish(process)


@pytest.mark.parametrize("source", ["file", "command"])
def test_nothing_stays_of_the_password_of_a_key(home, relay, certs, source):
    server, key, path = relay(), home.folder / "key.pem", home.folder / "secret"
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", certs.key("client"), "-out", key, "-passout", "pass:" + SECRET],
                   check=True)
    path.write_text(SECRET)
    for file in (key, path):
        file.chmod(0o600)
    home.configure(work=at(server, tls_certificate=certs.certificate("client"), tls_key=key,
                           **{f"tls_key_password_{source}": ["cat", path] if source == "command" else path}))
    assert home.run("-odq", "bob@example.net", input=LETTER).code == 0
    process = home.start("--flush", "--every", "1h")
    try:
        assert len(server.wait_messages(1)) == 1 and home.wait_empty()
        give_up = time.monotonic() + 5
        while (found := search(process.pid, SECRET.encode())) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert found == {} and search(process.pid, str(home.config).encode())
    finally:
        process.terminate()
        home.finish(process)
