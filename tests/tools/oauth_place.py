"""A home whose relay takes tokens, with an identity provider; for the tests of OAuth2, which import the fixtures."""

import base64
import json
import time
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from home import at
from issuer import Issuer
from token_relay import TokenRelay

MAIL = b"From: alice@example.com\r\nSubject: hello\r\n\r\nhello\r\n"


@pytest.fixture
def issuer(certs):
    with ExitStack() as running:
        yield lambda **options: running.enter_context(Issuer(certs, **options))


@pytest.fixture
def token_relay(certs):
    with ExitStack() as running:
        yield lambda issuer, **options: running.enter_context(TokenRelay(certs, issuer, **options))


class Place:
    """A home whose relay `work` takes tokens of an issuer."""

    def __init__(self, home, relay, issuer, **settings):
        self.home, self.relay, self.issuer = home, relay, issuer
        self.file = home.spool / "tokens" / "work"
        self.configure(**settings)

    def configure(self, relay_settings=None, **settings):
        secret = self.issuer.client_secret
        if secret:
            path = self.home.folder / "client-secret"
            path.write_text(secret)
            path.chmod(0o600)
            settings.setdefault("client_secret_file", path)
        self.home.configure(work=at(self.relay, password=None, oauth=self.issuer.settings(**settings),
                                    **(relay_settings or {})))

    def keep(self, access_token=None, expires=3600, obtained=0, **members):
        """What an earlier run has left."""
        refresh = members.pop("refresh_token", None) or self.issuer.first_refresh_token()
        kept = {"of": self.identity(), "refresh_token": refresh, "serial": 1, **members}
        if access_token:
            now = int(time.time())
            kept |= {"access_token": access_token, "obtained": now + obtained, "expires": now + expires}
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.home.spool.chmod(0o700)
        self.file.write_text(json.dumps(kept))
        self.file.chmod(0o600)
        return refresh

    def identity(self):
        issuer = self.issuer
        return "&".join(f"{name}={quote(value, safe='')}" for name, value in (
            ("endpoint", issuer.url("/token")), ("client", issuer.client_id), ("scope", issuer.scope),
            ("login", self.relay.user)))

    @property
    def kept(self):
        return json.loads(self.file.read_text())

    def queue(self, count=1):
        for _ in range(count):
            assert self.home.run("-odq", "-i", "bob@example.net", input=MAIL).code == 0

    def send(self, count=1):
        self.queue(count)
        return self.home.run("--flush", "--force")

    def leaks(self):
        """Where a secret is to be read, other than in the file that keeps them."""
        texts = [("output", text) for text in self.home.outputs]
        texts += [(path, path.read_bytes()) for path in self.home.spool.rglob("*")
                  if path.is_file() and path.parent.name != "tokens"]
        shown = []
        for secret in self.issuer.secrets:
            # in base64 it may begin anywhere
            forms = {secret.encode()} | {base64.b64encode(bytes(n) + secret.encode())[4:-4] for n in range(3)}
            shown += [where for where, text in texts if any(form in text for form in forms)]
        return shown


@pytest.fixture
def place(home, issuer, token_relay):
    """place(issuer={}, relay={}, **settings of oauth). Nothing secret was shown after the test."""
    places = []

    def make(issuer_options=None, relay_options=None, **settings):
        giver = issuer(**(issuer_options or {}))
        places.append(Place(home, token_relay(giver, **(relay_options or {})), giver, **settings))
        return places[-1]

    yield make
    for one in places:
        assert one.leaks() == [], "a secret was shown"
        assert not list(one.home.spool.glob("tokens/*:new")), "something half written is left"
