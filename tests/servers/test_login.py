"""Logins at servers that do SCRAM: Postfix with Cyrus SASL, Dovecot, and Postfix and Exim that ask Dovecot. None of them
can bind one to TLS."""

import pytest
from dovecot import Dovecot
from dovecot_sasl import EximWithDovecot, PostfixWithDovecot
from fixtures import serve
from home import at
from mail import whole
from postfix import Postfix

ALL = "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256"


@pytest.fixture(scope="module", params=[Postfix, Dovecot, PostfixWithDovecot, EximWithDovecot],
                ids=lambda server: server.NAME)
def server(request, certs):
    """The same servers as elsewhere, with more mechanisms."""
    yield from serve(request.param, certs, mechanisms=ALL)


@pytest.fixture
def way(server, build):
    if b"libgsasl.so" not in (build / "pillarbox-deliver").read_bytes():
        pytest.skip("built without libgsasl")
    return at(server, port=server.submissions_port, tls="implicit", timeout="20s")


@pytest.mark.parametrize("auth, used", [(None, "SCRAM-SHA-256"), ("SCRAM-SHA-1", "SCRAM-SHA-1"), ("PLAIN", "PLAIN"),
                                        ("LOGIN", "LOGIN"), (["SCRAM-SHA-1", "PLAIN"], "SCRAM-SHA-1")])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_each_mechanism(home, server, way, auth, used, tls):
    port = {"implicit": server.submissions_port, "starttls": server.submission_port}[tls]
    home.configure(work={**way, "tls": tls, "port": port, **({"auth": auth} if auth else {})})
    before = len(server.messages)
    result = home.run("-v", "-odi", "bob@example.net", input=whole())
    assert result.code == 0 and f"C: AUTH {used} ****\n" in result.err and not home.entries, result.err
    assert len(server.wait_messages(before + 1)) == before + 1


@pytest.mark.parametrize("auth", [None, "SCRAM-SHA-1", "PLAIN", "LOGIN"])
def test_a_wrong_password(home, server, way, auth):
    home.configure(work={**way, "password": "another", **({"auth": auth} if auth else {})})
    result = home.run("-odi", "bob@example.net", input=whole())
    assert "login refused: 535 " in result.err and len(home.entries) == 1, result.err


def test_a_binding_is_not_to_be_had(home, server, way):
    home.configure(work={**way, "auth": ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"]})
    result = home.run("-odi", "bob@example.net", input=whole())
    assert "offers only AUTH" in result.err and len(home.entries) == 1
