"""What servers set limits to, as they are by default: recipients of a message, messages of a session, the size, and how
often in a row somebody may be refused."""

import re
import time
from collections import Counter

import entries
import load
import pytest
from home import at
from postfix import REFUSED


@pytest.fixture
def put(home, server):
    """put(number, *recipients, message) queues one; put.way has the settings of the relay."""
    def put(number, *recipients, message=None):
        entries.write(home.spool, message or load.message(number), list(recipients), load.SENDER, number)
    put.way = at(server, port=server.submissions_port, tls="implicit", timeout="20s")
    return put


@pytest.fixture
def came(server):
    """came(count): {(number, recipient): how often} of what came since the test began, count of them at least."""
    before = len(server.messages)

    def came(count):
        give_up = time.monotonic() + 60
        while True:
            new = [message for message in server.messages[before:] if message.mail_from]
            if sum(len(message.rcpt_tos) for message in new) >= count or time.monotonic() > give_up:
                break
            time.sleep(0.05)
        time.sleep(0.5)
        new = [message for message in server.messages[before:] if message.mail_from]
        return Counter((load.number_of(message.data), each) for message in new for each in message.rcpt_tos)
    return came


def test_more_recipients_than_a_message_may_have(home, server, put, came):
    """Postfix takes 1,000, and after 1,020 more that it had to send away it hangs up."""
    home.configure(work=put.way)
    many = [f"each{number}@example.net" for number in range(2500)]
    put(0, "bob@example.net")
    put(1, *many)
    put(2, "bob@example.net")
    result = home.run("--flush", timeout=60)
    assert (result.code, result.err, home.entries) == (0, "", [])
    wanted = Counter([(0, "bob@example.net"), (2, "bob@example.net"), *((1, each) for each in many)])
    assert came(len(many) + 2) == wanted


def test_more_messages_than_a_session_may_have(home, server, put, came):
    """OpenSMTPD takes 100 in a session, then it says 421 or closes."""
    home.configure(work={**put.way, "messages_per_connection": 0})
    for number in range(120):
        put(number, f"bob{number}@example.net")
    result = home.run("--flush", timeout=60)
    assert (result.code, result.err, home.entries) == (0, "", [])
    assert came(120) == Counter((number, f"bob{number}@example.net") for number in range(120))


def test_larger_than_a_message_may_be(home, server, put, came):
    home.configure(work=put.way)
    put(0, "bob@example.net")
    put(1, "bob@example.net", message=load.message(1) + b"too large\r\n" * 5_700_000)
    put(2, "bob@example.net")
    result = home.run("--flush", timeout=60)
    assert result.code == 0 and "refused: 552 " in result.err and result.err.count("\n") == 1
    assert home.entries == []
    assert came(2) == Counter([(0, "bob@example.net"), (2, "bob@example.net")])


def test_many_are_refused_in_a_row(home, server, put, came):
    """Postfix hangs up at the 20th error without a message in between, Exim at the 11th RSET that no message
    came before; with their replies lost, nobody would know what they have."""
    home.configure(work=put.way)
    for number in range(65):
        put(number, REFUSED if number % 13 else f"bob{number}@example.net")
    before = len(server.messages)
    result = home.run("--flush", timeout=60)
    assert (result.code, len(home.entries)) == (0, 0), result.err
    assert came(5) == Counter((number, f"bob{number}@example.net") for number in range(0, 65, 13))
    reports = [message.data for message in server.wait_messages(before + 65)[before:] if not message.mail_from]
    told = Counter(int(re.search(rb"In-Reply-To: <load-(\d+)@", data)[1]) for data in reports)
    assert told == Counter(number for number in range(65) if number % 13)


def reports_of(server, before):
    return [message.data for message in server.messages[before:] if not message.mail_from]


@pytest.mark.parametrize("good,bad", [(940, 60), (0, 200)])
def test_many_of_one_message_are_refused(home, server, put, came, good, bad):
    """At the 20th Postfix says 421 and hangs up, unless somebody gets a message in between; one flush all the same."""
    home.configure(work=put.way)
    everybody = [REFUSED if number * bad % (good + bad) < bad else f"each{number}@example.net"
                 for number in range(good + bad)]
    others = [each for each in everybody if each != REFUSED]
    put(0, "bob@example.net")
    put(1, *everybody)
    put(2, "bob@example.net")
    before = len(server.messages)
    began = time.monotonic()
    result = home.run("--flush", timeout=100)
    assert (result.code, len(home.entries)) == (0, 0), result.err
    assert time.monotonic() - began < 30 and len(others) == good
    assert came(good + 2) == Counter([(0, "bob@example.net"), (2, "bob@example.net"), *((1, each) for each in others)])
    give_up = time.monotonic() + 10
    while not reports_of(server, before) and time.monotonic() < give_up:
        time.sleep(0.05)
    (report,) = reports_of(server, before)
    assert report.count(b"\r\nFinal-Recipient: ") == bad
