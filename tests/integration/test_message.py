"""What leaves is a valid message, whatever came in: by the wire, not by a dry run."""

import re

import pytest
from home import at
from mail import bare, fields, split, whole, wire

GERMAN = "Grüße aus Köln\n".encode()


@pytest.fixture
def send(home, relay, pillarbox):
    """send(message, *arguments, **options of the relay): the message as it arrived."""
    def send(message, *arguments, **options):
        server = relay(**options)
        home.configure(work=at(server), hostname="host.example.org")
        result = pillarbox("-odi", "-f", "alice@example.com", *(arguments or ("bob@example.net",)), input=message)
        assert (result.code, result.err) == (0, "")
        (message,) = server.messages
        assert bare(message.raw) == [] and max(map(len, message.data.split(b"\r\n"))) <= 998
        return message
    return send


def test_undeclared_text_is_declared_for_what_it_is(send):
    message = send(b"Subject: hello\n\n" + GERMAN)
    assert "BODY=8BITMIME" in message.mail_options
    assert fields(message.data).get_content_charset() == "utf-8"
    assert split(message.data)[1] == wire(GERMAN)


def test_latin_1_is_said_to_be_that(send):
    message = send(b"Subject: hello\n\n" + GERMAN.decode().encode("latin-1"))
    assert fields(message.data).get_content() == GERMAN.decode().replace("\n", "\r\n")


def test_the_charset_of_cron_is_mended(send):
    message = send(b"Subject: Cron\nMIME-Version: 1.0\nContent-Type: text/plain; charset=US-ASCII\n"
                   b"Content-Transfer-Encoding: 8bit\n\n" + GERMAN)
    assert fields(message.data).get_content_charset() == "utf-8"
    assert split(message.data)[1] == wire(GERMAN)


@pytest.mark.parametrize("declared", [True, False])
def test_a_relay_without_8bitmime_gets_ascii(send, declared):
    body = whole(GERMAN) if declared else b"Subject: hello\n\n" + GERMAN
    message = send(body, eightbit=False)
    assert message.data.isascii() and "BODY=8BITMIME" not in message.mail_options
    assert fields(message.data).get_payload(decode=True).decode() == GERMAN.decode().replace("\n", "\r\n")


def test_a_signed_message_is_refused_rather_than_changed(home, relay, pillarbox):
    server = relay(eightbit=False)
    home.configure(work=at(server))
    signed = (b"MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain; "
              b"charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + GERMAN + b"--b\n\nsignature\n--b--\n")
    result = pillarbox("-odi", "bob@example.net", input=b"Subject: x\n" + signed)
    assert result.code == 69 and "signed" in result.err and server.messages == []


def test_long_lines_are_encoded_and_not_broken(send):
    line = b"x" * 2500 + b" " + b"y" * 1200
    message = send(b"Subject: hello\n\nshort\n" + line + b"\n")
    assert fields(message.data).get_payload(decode=True) == b"short\r\n" + line + b"\r\n"


def test_binary_parts_arrive_byte_for_byte(send):
    binary = bytes(range(256)) * 40
    message = send(b"Subject: hello\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
                   b"--b\nContent-Type: application/octet-stream\n\n" + binary + b"\n--b--\n")
    text, part = fields(message.data).iter_parts()
    assert part.get_payload(decode=True) == binary and text.get_content().strip() == "text"


def test_header_text_is_ascii_and_reads_the_same(send):
    message = send('From: Jörg "J" Müller <alice@example.com>\nTo: "Küche, die" <bob@example.net>\n'
                   'Subject: Straße und mehr, so lang dass es gewiss nicht in ein einziges Wort passt: äöüß\n'
                   'Content-Type: text/plain; charset=utf-8; name="Übersicht.txt"\nMIME-Version: 1.0\n\nx\n'.encode())
    header, _ = split(message.data)
    assert header.isascii()
    seen = fields(message.data)
    assert seen["Subject"] == "Straße und mehr, so lang dass es gewiss nicht in ein einziges Wort passt: äöüß"
    assert seen["To"].addresses[0].display_name == "Küche, die"
    assert seen["From"].addresses[0].display_name == "Jörg J Müller"
    assert seen["Content-Type"].params["name"] == "Übersicht.txt"


@pytest.mark.parametrize("name", ["Jörg Mü", "Jörg, der \"Müller\"", "日本語" * 3])
def test_full_names_are_encoded(send, name):
    message = send(b"Subject: x\n\nx\n", "-F", name, "bob@example.net")
    assert split(message.data)[0].isascii()
    assert fields(message.data)["From"].addresses[0].display_name == name


def test_international_domains_leave_as_ascii(send):
    message = send("To: bob@bücher.example\n\nx\n".encode(), "-t")
    assert message.rcpt_tos == ["bob@xn--bcher-kva.example"]
    assert message.data.isascii() and not any("SMTPUTF8" in option for option in message.mail_options)


def test_the_newest_resent_block_counts(send):
    message = send(b"Resent-To: new@example.net\nResent-From: alice@example.com\nReceived: by somebody\n"
                   b"Resent-To: old@example.net\nTo: first@example.net\nFrom: x@example.org\nDate: Fri, 1 May 2026 "
                   b"10:00:00 +0200\n\nx\n", "-t")
    assert message.rcpt_tos == ["new@example.net"]
    assert re.search(rb"^Resent-Date: .*\r\nResent-Message-ID: <.*\r\nResent-To: new", message.data, re.MULTILINE)


@pytest.mark.parametrize("header", [b"From: a@example.com\nFrom: b@example.com\n", b"From: a@b@c\n",
                                    b"Subject: one\nSubject: two\n", b"Subject: a\0b\n",
                                    b"X: " + b"x" * 1200 + b"\n"])
def test_what_cannot_be_mended_is_refused_by_name(home, relay, pillarbox, header):
    home.configure(work=at(relay()))
    result = pillarbox("-odi", "bob@example.net", input=b"X-First: 1\n" + header + b"\nx\n")
    assert result.code == 65 and result.err.count("\n") == 1
    assert re.search(r"From|Subject|header field X|line 2", result.err)
    assert home.entries == []


def test_dry_run_explains(home, pillarbox):
    home.configure(work={"host": "h"})
    result = pillarbox("--dry-run", "--explain", "bob@example.net", input="Subject: ä\nBcc: x@y.z\n\nö\n".encode())
    assert result.code == 0 and b"bob@example.net" in result.out
    for words in ("Subject: raw utf-8", "Bcc: removed", "Date: added", "8bit", "charset utf-8"):
        assert words in result.err
