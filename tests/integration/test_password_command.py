"""How often password-command runs, and when it runs again."""

import pytest
from home import at, multiply

LETTER = b"Subject: hello\n\nhello\n"


class Rotating:
    """A password that is another one from the second login on: a token that has run out."""

    def __init__(self, *passwords):
        self.passwords = list(passwords)

    def encode(self):
        return (self.passwords.pop(0) if len(self.passwords) > 1 else self.passwords[0]).encode()


@pytest.fixture
def counted(home):
    """counted(relay, said, **changes) configures a command that says `said`, with $n for how often it has run."""
    runs = home.folder / "runs"
    runs.touch()

    def configure(relay, said, **changes):
        line = f'echo >> "{runs}"; n=$(wc -l < "{runs}"); echo "{said}"'
        home.configure(work=at(relay, password=None, password_command=["sh", "-c", line], **changes))
        return lambda: runs.read_bytes().count(b"\n")
    return configure


def fill(home, count):
    assert home.run("-odq", "bob@example.net", input=LETTER).code == 0
    multiply(home.entries[0], count)


def test_it_runs_once_for_a_flush(home, relay, counted):
    server = relay()
    runs = counted(server, "open sesame", messages_per_connection=1)
    fill(home, 5)
    assert home.run("--flush").code == 0
    assert (len(server.messages), server.connections, runs()) == (5, 5, 1)
    fill(home, 1)
    assert home.run("--flush").code == 0 and runs() == 2


def test_it_runs_once_for_all_copies_of_a_flush(home, relay, counted):
    server = relay()
    runs = counted(server, "open sesame", connections=4, messages_per_connection=10)
    fill(home, 200)
    assert home.run("--flush", timeout=60).code == 0
    assert len(server.messages) == 200 and server.most > 1 and runs() == 1


def test_it_runs_again_when_its_password_is_refused(home, relay, counted):
    server = relay(password=Rotating("token 1", "token 2"))
    runs = counted(server, "token $n", messages_per_connection=1)
    fill(home, 4)
    result = home.run("--flush")
    assert (result.code, result.err, len(server.messages), runs()) == (0, "", 4, 2)
    assert [good for _, _, good in server.logins] == [True, False, True, True, True]


def test_what_is_refused_at_once_is_not_asked_for_again(home, relay, counted):
    server = relay()
    runs = counted(server, "wrong $n")
    fill(home, 3)
    result = home.run("--flush")
    assert result.code == 75 and "login refused" in result.err
    assert len(server.logins) == 1 and runs() == 1 and len(home.entries) == 3


def test_each_round_of_a_resident_flush_asks_anew(home, relay, counted):
    server = relay()
    runs = counted(server, "open sesame")
    fill(home, 1)
    process = home.start("--flush", "--every", "1s")
    assert len(server.wait_messages(1)) == 1
    fill(home, 1)
    assert len(server.wait_messages(2)) == 2
    process.terminate()
    home.finish(process)
    assert runs() == 2
