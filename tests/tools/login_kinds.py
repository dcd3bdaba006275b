"""Each way in which a relay is told a secret: a home and a server that are set up for it, for tests that look for it.

    login = make_login("SCRAM-SHA-256-PLUS")
    ... login.home.run("-odq", ...) ...
    login.secrets       {what: text}
    login.files         where these stand by right
    login.hold()        from here on sessions stop at MAIL, when they have logged in;  login.held(), login.go()
"""

import ssl
import subprocess
import threading

import pytest
from home import at
from oauth_place import Place
from scram import Scram
from spill import spill

PASSWORD, PROXY, PHRASE = "Xq7%open?sesame>Zw9~", "Xq8%proxy?sesame>Zw9~", "Xq9%phrase?sesame>Zw9~"
CLIENT = "S3cret-client-Xq0%sesame"
LETTER = b"Subject: hello\nFrom: alice@example.com\n\nhello\n"
BY_CHALLENGE = {"LOGIN": "334 UGFzc3dvcmQ6", "CRAM-MD5": "334 PDEuMkBwZWVyPg=="}


class Login:
    def __init__(self, home, server, secrets, files=(), environment=None):
        self.home, self.server, self.secrets, self.files = home, server, secrets, [home.config, *files]
        self.environment = {**home.environment, **(environment or {})}
        self.place, self.proxies = None, []
        for secret in secrets.values():
            spill.tell(secret, secret in spill.kept)

    def run(self, *arguments, **options):
        return self.home.run(*arguments, env=self.environment, **options)

    def hold(self):
        if hasattr(self.server, "stall"):
            self.server.stall = "MAIL"
        else:
            self.at_mail, self.on = threading.Event(), threading.Event()
            self.server.script["MAIL"] = self._wait

    def _wait(self, *_):
        self.at_mail.set()
        self.on.wait(20)
        return "250 2.1.0 ok"

    def held(self):
        return self.server.wait_stage("MAIL") if hasattr(self.server, "stall") else self.at_mail.wait(10)

    def go(self):
        if hasattr(self.server, "stall"):
            self.server.stall = None
        else:
            self.on.set()

    def known(self):
        """What is secret by now: tokens are made under way."""
        if self.place is None:
            return self.secrets
        kept = self.place.kept if self.place.file.exists() else {}
        return self.secrets | {name: kept[name] for name in ("refresh_token", "refresh_token_before") if kept.get(name)}


class Maker:
    def __init__(self, home, certs, relay, peer, proxy, issuer, token_relay):
        self.home, self.certs, self.relay, self.peer, self.proxy = home, certs, relay, peer, proxy
        self.issuer, self.token_relay = issuer, token_relay

    def file(self, name, text):
        path = self.home.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def configure(self, server, **settings):
        self.home.configure(work=at(server, **{"password": None, "timeout": "60s", "from": "alice@example.com", **settings}),
                            hostname="host.example.org")

    def by_password(self, source, tls="implicit"):
        """From `source`, by what the relay has: PLAIN."""
        server = self.relay(password=PASSWORD, tls=tls)
        text = f'machine 127.0.0.1 password "{PASSWORD}"' if source == "netrc_file" else PASSWORD
        path = self.file("secret", text)
        self.configure(server, **{source: {"password": PASSWORD, "password_command": ["cat", path],
                                           "password_credential": path.name}.get(source, path)})
        return Login(self.home, server, {"password": PASSWORD}, [path], {"CREDENTIALS_DIRECTORY": str(self.home.folder)})

    def by_mechanism(self, mechanism, tls="implicit"):
        script = {"EHLO": f"250-peer.example.com\n250 AUTH {mechanism}", "AUTH": BY_CHALLENGE.get(mechanism)}
        if mechanism.startswith("SCRAM"):
            script = Scram(mechanism, password=PASSWORD).script()
        server, path = self.peer(script), self.file("secret", PASSWORD)
        self.configure(server, password_file=path, auth=[mechanism])
        return Login(self.home, server, {"password": PASSWORD}, [path])

    def by_proxy(self, kind, tls="implicit"):
        server, way = self.relay(password=PASSWORD), self.proxy(kind, user="carol", password=PROXY)
        path, own = self.file("secret", PASSWORD), self.file("way", PROXY)
        self.configure(server, password_file=path, proxy=way.url, proxy_user="carol", proxy_password_file=own)
        login = Login(self.home, server, {"password": PASSWORD, "proxy-password": PROXY}, [path, own])
        login.proxies = [way]
        return login

    def by_key(self, source, tls="implicit"):
        server, key = self.relay(password=PASSWORD, tls=tls), self.home.folder / "key.pem"
        server.context.verify_mode = ssl.CERT_REQUIRED
        server.context.load_verify_locations(self.certs.ca)
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", self.certs.key("client"), "-out", key, "-passout", "stdin"],
                       input=PHRASE.encode(), check=True)
        key.chmod(0o600)
        path, phrase = self.file("secret", PASSWORD), self.file("phrase", PHRASE)
        self.configure(server, password_file=path, tls_certificate=self.certs.certificate("client"), tls_key=key,
                       **{f"tls_key_password_{source}": {"file": phrase, "command": ["cat", phrase],
                                                         "credential": phrase.name}[source]})
        return Login(self.home, server, {"password": PASSWORD, "tls-key-password": PHRASE}, [path, phrase],
                     {"CREDENTIALS_DIRECTORY": str(self.home.folder)})

    def by_token(self, how, mechanism="XOAUTH2"):
        issuer = self.issuer(client_secret=CLIENT)
        server = self.token_relay(issuer, mechanisms=[mechanism], tls="implicit")
        grant = {"client": {"grant": "client-credentials"}, "device": {"device_endpoint": issuer.url("/device")}}.get(how, {})
        place = Place(self.home, server, issuer, relay_settings={"timeout": "60s", "from": "alice@example.com"}, **grant)
        secrets = {"client-secret": CLIENT}
        if how == "refresh":
            secrets["first refresh token"] = place.keep()
        login = Login(self.home, server, secrets, [self.home.folder / "client-secret", place.file])
        login.place = place
        return login


KINDS = {
    **{source: lambda make, source=source: make.by_password(source) for source in (
        "password", "password_file", "password_command", "password_credential", "netrc_file")},
    **{f"{source}, starttls": lambda make, source=source: make.by_password(source, "starttls") for source in (
        "password_file", "netrc_file")},
    **{mechanism: lambda make, mechanism=mechanism: make.by_mechanism(mechanism) for mechanism in (
        "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS")},
    **{f"{kind} proxy": lambda make, kind=kind: make.by_proxy(kind) for kind in ("socks5h", "http")},
    **{f"key, {source}": lambda make, source=source: make.by_key(source) for source in ("file", "command", "credential")},
    "key, starttls": lambda make: make.by_key("file", "starttls"),
    **{f"{how}, {mechanism}": lambda make, how=how, mechanism=mechanism: make.by_token(how, mechanism)
       for how in ("refresh", "client") for mechanism in ("XOAUTH2", "OAUTHBEARER")},
}


@pytest.fixture
def make_login(home, certs, relay, peer, proxy, issuer, token_relay):
    """make_login(kind), one of KINDS; for "device" --authorize is yet to be called."""
    maker = Maker(home, certs, relay, peer, proxy, issuer, token_relay)
    return lambda kind: {**KINDS, "device": lambda make: make.by_token("device")}[kind](maker)
