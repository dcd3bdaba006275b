"""The configuration: what is wrong in it is said with file, line and key; secrets are kept; the right relay chosen."""

import re

import pytest
from home import at
from mail import whole, wire

TO = "bob@example.net"


@pytest.fixture
def refused(home, pillarbox):
    """A submission that fails for its configuration: 78, one line, nothing kept."""
    def check(*words, arguments=()):
        result = pillarbox("-odi", *arguments, TO, input=whole())
        assert (result.code, result.out) == (78, b""), result
        assert re.fullmatch(r"pillarbox: [^\n]+\n", result.err), result.err
        for word in words:
            assert word in result.err, f"{word!r} not in {result.err!r}"
        assert home.entries == []
        return result.err
    return check


def edited(home, old, new):
    """The configuration with one thing changed, and the number of the line it is in."""
    text = home.config.read_text()
    assert old in text
    line = text[:text.index(old)].count("\n") + 1
    home.write_config(text.replace(old, new, 1))
    return line


@pytest.mark.parametrize("old, new, words", [
    ("password =", "pasword =", ['unknown setting "pasword" in relay "work"', 'did you mean "password"?']),
    ("timeout =", "time-out =", ['unknown setting "time-out"', '"timeout"']),
    ("host =", "hsot =", ['"hsot"', '"host"']),
    ("hostname =", "hostnam =", ['"hostnam"', '"hostname"']),
    ("    path =", "    pth =", ['"pth"', '"path"']),
    ("timeout = ", "frobnicate = ", ['"frobnicate"']),
])
def test_an_unknown_key_is_said_with_the_nearest_known(home, relay, refused, old, new, words):
    home.configure(work=at(relay()), hostname="host.example.org")
    line = edited(home, old, new)
    refused(f"{home.config}:{line}: ", *words)


@pytest.mark.parametrize("key, value", [
    ("port", '"many"'), ("port", "0"), ("port", "65536"), ("tls", '"perhaps"'), ("timeout", '"soon"'),
    ("timeout", '"-5s"'), ("max_size", '"big"'), ("delivery", '"pigeon"'),
])
def test_a_bad_value_is_said_with_its_place(home, relay, refused, key, value):
    home.configure(work=at(relay()), max_size="1M", delivery="queue")
    key = key.replace("_", "-")
    was = re.search(rf"^ *{key} = (.*)$", home.config.read_text(), re.M)
    line = edited(home, was[0], was[0].replace(was[1], value))
    refused(f"{home.config}:{line}: ", key)


@pytest.mark.parametrize("text", ['relay "work" {\n host = "x\n', 'relay "work" {\n', "}\n", "hostname\n", "= 5\n"])
def test_a_file_that_does_not_parse_is_said_with_its_place(home, refused, text):
    home.write_config(text)
    assert re.search(rf"{re.escape(str(home.config))}:\d+: ", refused())


def test_no_relay_at_all(home, refused):
    home.write_config('hostname = "host.example.org"\n')
    refused("relay")


def test_a_relay_without_a_host(home, relay, refused):
    home.configure(work=at(relay(), host=None))
    refused("host", '"work"')


def test_a_file_that_is_not_there(home, refused):
    assert "nowhere.conf" in refused(arguments=("-C", str(home.folder / "nowhere.conf")))


@pytest.mark.parametrize("arguments", [("-C",), ("--config",)])
def test_the_file_can_be_named(home, relay, arguments):
    server = relay()
    home.configure(work=at(server))
    config = str(home.config)
    environment = {name: value for name, value in home.environment.items() if name != "PILLARBOX_CONFIG"}
    result = home.run(*arguments, config, "-odi", TO, input=whole(), env=environment)
    assert (result.code, result.out, result.err) == (0, b"", "")
    assert len(server.messages) == 1


# Secrets

@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_password_that_others_can_read_is_refused(home, relay, refused, mode):
    server = relay()
    home.configure(work=at(server))
    home.config.chmod(mode)
    refused(str(home.config), f"chmod 600 {home.config}")
    assert server.connections == 0


def test_a_file_without_a_password_may_be_read_by_all(home, relay, pillarbox):
    server = relay()
    home.configure(work=at(server, password=None, password_command=["printf", "%s", server.password]))
    home.keep_secret(server.password, server.user)
    home.config.chmod(0o644)
    assert pillarbox("-odi", TO, input=whole()).code == 0
    assert len(server.messages) == 1


@pytest.mark.parametrize("ending", ["", "\n"])
def test_password_file(home, relay, pillarbox, ending):
    server = relay(password='pass" word\\${HOME}')
    secret = home.folder / "secret"
    secret.write_text(server.password + ending)
    secret.chmod(0o600)
    home.configure(work=at(server, password=None, password_file=secret))
    home.keep_secret(server.password, server.user)
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "")
    assert len(server.messages) == 1


def test_a_password_file_that_others_can_read_is_refused(home, relay, pillarbox):
    server = relay()
    secret = home.folder / "secret"
    secret.write_text(server.password)
    secret.chmod(0o644)
    home.configure(work=at(server, password=None, password_file=secret))
    home.keep_secret(server.password, server.user)
    result = pillarbox("-odi", TO, input=whole())
    assert f"chmod 600 {secret}" in result.err or f"chmod 640 {secret}" in result.err
    assert server.logins == [] and server.messages == []
    assert (result.code == 78) == (home.entries == [])


def test_password_command_runs_without_a_shell(home, relay, pillarbox):
    server = relay(password="a b; $(c) 'd'")
    home.configure(work=at(server, password=None, password_command=["printf", "%s\\n", server.password]))
    home.keep_secret(server.password, server.user)
    result = pillarbox("-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "")
    assert len(server.messages) == 1


@pytest.mark.parametrize("command", [["false"], ["/no/such/program"], ["true"]])
def test_a_password_command_that_fails_keeps_the_message(home, relay, pillarbox, command):
    server = relay()
    home.configure(work=at(server, password=None, password_command=command))
    result = pillarbox("-odi", TO, input=whole())
    assert result.code == 0 and re.fullmatch(r"pillarbox: [^\n]*password[^\n]*\n", result.err), result
    assert server.logins == [] and len(home.entries) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_credentials_on_a_clear_channel(home, relay, refused, host):
    server = relay(tls="none")
    home.configure(work=at(server, host=host, tls="none"))
    refused('"work"', "tls")
    assert server.connections == 0


# Routing

@pytest.fixture
def two(home, relay):
    """Two relays: work for alice and all of example.org, private for the rest."""
    work, private = relay(), relay()
    home.configure(work=at(work, senders=["alice@example.com", "alice+*@example.com", "*@example.org"]), private=at(private),
                   default_relay="private")
    return work, private


@pytest.mark.parametrize("arguments, expected", [
    (("-f", "alice@example.com"), (1, 0)),
    (("-f", "ALICE@example.com"), (1, 0)),
    (("-f", "anybody@example.org"), (1, 0)),
    (("-f", "alice+lists@example.com"), (1, 0)),
    (("-f", "bob@example.com"), (0, 1)),
    (("-f", "alice@example.com.evil.example"), (0, 1)),
    (("--relay", "work", "-f", "bob@example.com"), (1, 0)),
    (("--relay", "private", "-f", "alice@example.com"), (0, 1)),
])
def test_the_relay_is_chosen_by_name_then_by_sender_then_by_default(two, pillarbox, arguments, expected):
    result = pillarbox(*arguments, "-odi", TO, input=whole())
    assert (result.code, result.err) == (0, "")
    assert tuple(len(server.messages) for server in two) == expected


def test_the_choice_is_made_when_it_is_delivered(home, two, pillarbox):
    work, private = two
    assert pillarbox("-odq", "-f", "bob@example.com", TO, input=whole()).code == 0
    home.configure(work=at(work), private=at(private), default_relay="work")
    assert pillarbox("--flush").code == 0
    assert (len(work.messages), len(private.messages)) == (1, 0)


def test_a_relay_named_with_the_message_is_kept_in_the_queue(two, pillarbox):
    assert pillarbox("--relay", "work", "-odq", "-f", "bob@example.com", TO, input=whole()).code == 0
    assert pillarbox("--flush").code == 0
    assert [message.data for message in two[0].messages] == [wire(whole())] and two[1].messages == []


def test_an_unknown_relay(two, home, pillarbox):
    result = pillarbox("--relay", "wrok", "-odi", TO, input=whole())
    assert result.code in (64, 78) and '"wrok"' in result.err
    assert home.entries == [] and [server.connections for server in two] == [0, 0]


def test_an_unknown_default_relay(home, relay, refused):
    home.configure(work=at(relay()), default_relay="wrok")
    refused('"wrok"')


def test_netrc_file(home, relay, pillarbox):
    server = relay(password='a "word" # \\')
    netrc = home.folder / "netrc"
    netrc.write_text("# mine\nmachine other login alice@example.com password x\n"
                     'machine 127.0.0.1\n\tlogin alice@example.com\n\tpassword "a \\"word\\" # \\\\"\n')
    netrc.chmod(0o600)
    home.configure(work=at(server, password=None, netrc_file=netrc))
    home.keep_secret(server.password, server.user)
    assert pillarbox("-odi", "bob@example.net", input=b"Subject: hello\n\nhello\n").code == 0
    assert len(server.messages) == 1


def test_a_netrc_without_this_login_logs_in_nowhere(home, relay, pillarbox):
    server = relay()
    netrc = home.folder / "netrc"
    netrc.write_text("machine 127.0.0.1 login bob password hunter2\n")
    netrc.chmod(0o600)
    home.configure(work=at(server, password=None, netrc_file=netrc))
    home.keep_secret("hunter2", "bob")
    result = pillarbox("-odi", "bob@example.net", input=b"Subject: hello\n\nhello\n")
    assert result.code == 0 and f"{netrc}: no password for the machine 127.0.0.1" in result.err
    assert server.connections == 0 and len(home.entries) == 1


def test_password_credential(home, relay):
    server = relay()
    folder = home.folder / "credentials"
    folder.mkdir(0o700)
    (folder / "smtp").write_text(server.password)
    (folder / "smtp").chmod(0o440)
    home.configure(work=at(server, password=None, password_credential="smtp"))
    home.keep_secret(server.password, server.user)
    arguments = "-odi", "bob@example.net"
    result = home.run(*arguments, input=b"Subject: hello\n\nhello\n")
    assert result.code == 0 and 'password-credential "smtp": systemd has given none' in result.err
    result = home.run("--flush", "--force", env={**home.environment, "CREDENTIALS_DIRECTORY": str(folder)})
    assert (result.code, result.err, len(server.messages)) == (0, "", 1)
