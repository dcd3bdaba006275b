"""An identity provider on loopback, over TLS: it gives tokens as the real ones do, and whatever else a test wants.

    with Issuer(certs) as issuer:
        ... token-endpoint = issuer.url("/token"), ca-file = certs.ca ...
        issuer.requests, issuer.secrets

What is to be answered instead is put in `canned`, a list of Canned: each serves one request. `rotation`:

    none    the refresh token stays as it is, and no new one is given (Google)
    grace   with each use a new one; those before it go on to work until a newer one is used (Microsoft, Fastmail)
    strict  with each use a new one; one that was used before works no more, and if it is used again, none of those
            that came of it does (RFC 9700 4.14.2)
"""

import base64
import hashlib
import json
import secrets
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from spill import spill

LONG = 3000     # octets of an access token


@dataclass
class Canned:
    status: int = 200
    body: object = b""              # bytes, or what becomes JSON
    headers: dict = field(default_factory=dict)
    delay: float = 0                # seconds before the first byte
    drip: float = 0                 # seconds between two bytes
    after: bool = False             # it is done as asked, and the answer is lost: this one is given
    hang_up: bool = False
    real: bool = False              # with after: what it has answered, and not what stands here
    cut: bool = False               # the second half of the body never comes


def new(length=40):
    return "S3cret-" + secrets.token_urlsafe(length)[:length - len("S3cret-")]


class Issuer:
    def __init__(self, certs, rotation="grace", client_id="client-1", client_secret=None, scope="mail offline",
                 certificate="good", life=3600):
        self.certs, self.rotation, self.life, self.certificate = certs, rotation, life, certificate
        self.client_id, self.client_secret, self.scope = client_id, client_secret, scope
        self.token_length = LONG
        self.canned, self.requests = [], []
        self.device_answers = []        # errors to answer polling with, before the token
        self.good = set()               # access tokens that the relay takes
        self.refresh = {}               # refresh token -> generation; -1: used up
        self.reused = 0                 # refresh tokens that came again
        self.codes, self.devices = {}, {}
        self.secrets = {client_secret} - {None}
        for secret in self.secrets:
            spill.tell(secret)
        self.lock = threading.Lock()

    def __enter__(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certs.certificate(self.certificate), self.certs.key(self.certificate))
        issuer = self

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):     # clients that vanish are what we test
                pass

            def finish_request(self, request, address):
                request.settimeout(30)
                with context.wrap_socket(request, server_side=True) as tls:
                    super().finish_request(tls, address)

        self.server = Server(("127.0.0.1", 0), type("Handler", (Handler,), {"issuer": issuer}))
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def url(self, path):
        return f"https://localhost:{self.port}{path}"

    def settings(self, **changes):
        """The section oauth that reaches it."""
        given = {"client_id": self.client_id, "scope": self.scope, "token_endpoint": self.url("/token"),
                 "authorization_endpoint": self.url("/authorize"), "ca_file": self.certs.ca, **changes}
        return {name: value for name, value in given.items() if value is not None}

    def secret(self, length=40, kept=False):
        """A new one; `kept`: it belongs in the cache of tokens."""
        made = new(length)
        spill.tell(made, kept)
        self.secrets.add(made)
        return made

    def counts(self):
        """How often what was asked for: {grant type: count}."""
        return Counter(form.get("grant_type", path) for path, form in self.requests)

    def first_refresh_token(self):
        token = self.secret(kept=True)
        self.refresh[token] = 0
        return token

    def works(self, refresh_token):
        return self.refresh.get(refresh_token, -1) >= 0

    def revoke(self):
        """Nothing that was given is good any more."""
        self.good.clear()
        self.refresh = dict.fromkeys(self.refresh, -1)

    # What a person does in a browser.

    def approve(self, url, state=None, error=None):
        """The address that the browser is sent to from this authorization request."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
        code = self.secret()
        self.codes[code] = asked
        answer = {"error": error, "error_description": "no way"} if error else {"code": code, "scope": asked["scope"]}
        return asked["redirect_uri"] + "?" + urlencode({**answer, "state": state or asked["state"]})

    # What follows is called by the handler.

    def answer(self, path, form):
        with self.lock:
            if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
                return 401, {"error": "invalid_client"}
            if path == "/device":
                return self.begin_device(form)
            grant = {"refresh_token": self.by_refresh, "client_credentials": self.by_client,
                     "authorization_code": self.by_code,
                     "urn:ietf:params:oauth:grant-type:device_code": self.by_device}.get(form.get("grant_type"))
            return grant(form) if grant else (400, {"error": "unsupported_grant_type"})

    def give(self, refresh_token=None):
        access = self.secret(self.token_length, kept=True)
        self.good.add(access)
        given = {"access_token": access, "token_type": "Bearer", "expires_in": self.life, "ext": {"nested": [1, 2]},
                 "scope": self.scope}
        return 200, {**given, "refresh_token": refresh_token} if refresh_token else given

    def by_refresh(self, form):
        token = form.get("refresh_token")
        if self.rotation == "strict" and token in self.refresh and not self.works(token):
            self.reused += 1
            self.revoke()
        if not self.works(token):
            return 400, {"error": "invalid_grant", "error_description": f"{token} has expired or been revoked"}
        if self.rotation == "none":
            return self.give()
        generation = self.refresh[token]
        if self.rotation == "strict":
            self.refresh[token] = -1
        for other in self.refresh:      # a newer one was used
            if self.refresh[other] < generation:
                self.refresh[other] = -1
        fresh = self.secret(kept=True)
        self.refresh[fresh] = generation + 1
        return self.give(fresh)

    def by_client(self, form):
        return self.give()

    def by_code(self, form):
        asked = self.codes.pop(form.get("code"), None)
        if not asked or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        verifier = form.get("code_verifier", "")
        self.secrets.add(verifier)
        spill.tell(verifier)
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if len(verifier) < 43 or digest != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "wrong verifier"}
        return self.give(self.first_refresh_token())

    def begin_device(self, form):
        code = self.secret()
        self.devices[code] = time.monotonic()
        return 200, {"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": self.url("/activate"),
                     "expires_in": 900, "interval": 1}

    def by_device(self, form):
        if form.get("device_code") not in self.devices:
            return 400, {"error": "expired_token"}
        if self.device_answers:
            return 400, {"error": self.device_answers.pop(0)}
        del self.devices[form["device_code"]]
        return self.give(self.first_refresh_token())


class Handler(BaseHTTPRequestHandler):
    issuer = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        issuer = self.issuer
        with issuer.lock:
            issuer.requests.append((self.path, form))
            canned = issuer.canned.pop(0) if issuer.canned else None
        if canned is None or canned.after:
            status, answer = issuer.answer(self.path, form)
            if canned is None:
                canned = Canned(status, answer)
            elif canned.real:
                canned = replace(canned, status=status, body=answer)
        self.say(canned)

    do_GET = do_POST

    def say(self, canned):
        body = canned.body if isinstance(canned.body, bytes) else json.dumps(canned.body).encode()
        time.sleep(canned.delay)
        if canned.hang_up:
            self.close_connection = True
            return
        self.send_response(canned.status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(body), **canned.headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if canned.cut:
            self.close_connection = True
            body = body[:len(body) // 2]
        for at in range(0, len(body), 1 if canned.drip else len(body)):
            self.wfile.write(body[at:at + (1 if canned.drip else len(body))])
            self.wfile.flush()
            time.sleep(canned.drip)
