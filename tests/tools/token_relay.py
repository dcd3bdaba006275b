"""A smarthost that takes tokens, as relay.py takes passwords.

    with TokenRelay(certs, issuer, mechanisms={"XOAUTH2", "OAUTHBEARER"}, manner="google") as relay:

`manner` is how it refuses a token: "google" by a challenge in JSON, which is to be answered, and then 535; "microsoft"
by 535 5.7.3 at once; any other text is the reply itself, where SENT and TOKEN stand for what it was sent.

`hears` has for each login how the token came: "AUTH" with that line, or "334" behind it.
"""

import json
from base64 import b64decode, b64encode

from aiosmtpd.smtp import AuthResult, LoginPassword

from relay import Relay
from relay_session import Session

CHALLENGE = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}
REFUSALS = {"google": "535 5.7.8 Username and Password not accepted", "microsoft":
            "535 5.7.3 Authentication unsuccessful"}


class TokenSession(Session):
    def __init__(self, relay, loop):
        super().__init__(relay, loop)
        for name in set(self._auth_methods) - relay.mechanisms:
            del self._auth_methods[name]

    async def auth_XOAUTH2(self, _, arguments):
        return await self._login("XOAUTH2", arguments)

    async def auth_OAUTHBEARER(self, _, arguments):
        return await self._login("OAUTHBEARER", arguments)

    async def _login(self, mechanism, arguments):
        refusal = await self.at("AUTH")
        blob = await self.challenge_auth("") if len(arguments) == 1 else b64decode(arguments[1])
        head, *parts, last, end = blob.decode().split("\1")
        assert (last, end) == ("", ""), blob
        user = head[len("user="):]
        if mechanism == "OAUTHBEARER":      # RFC 5801 4, RFC 7628 3.1
            flag, name, nothing = head.split(",")
            assert (flag, name[:2], nothing) == ("n", "a=", ""), head
            user = name[2:].replace("=2C", ",").replace("=3D", "=")
            assert parts[0].startswith("host=") and parts[1] == f"port={self.relay.port}", parts[:2]
        (token,) = (part[len("auth=Bearer "):] for part in parts if part.startswith("auth=Bearer "))
        good = user == self.relay.user and token in self.relay.issuer.good and refusal is None
        self.relay.logins.append((mechanism, user, good))
        self.relay.tokens.append(token)
        self.relay.hears.append("334" if len(arguments) == 1 else "AUTH")
        if good:
            return AuthResult(success=True, auth_data=LoginPassword(user.encode(), b""))
        if self.relay.manner == "google":
            answer = await self.challenge_auth(json.dumps(CHALLENGE))
            self.relay.answered.append(answer)
        says = REFUSALS.get(self.relay.manner, self.relay.manner)
        says = says.replace("SENT", b64encode(blob).decode()).replace("TOKEN", token)
        return AuthResult(success=False, handled=False, message=refusal or says)


class TokenRelay(Relay):
    session = TokenSession

    def __init__(self, certs, issuer, mechanisms=("XOAUTH2", "OAUTHBEARER"), manner="google", **options):
        super().__init__(certs, **options)
        self.issuer, self.mechanisms, self.manner = issuer, set(mechanisms), manner
        self.tokens, self.answered, self.hears = [], [], []
        self.password = None
