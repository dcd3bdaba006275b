"""The server's side of SCRAM (RFC 5802, 7677) with channel binding (RFC 5929, 9266), for a scripted Peer; and all that
one can do wrong there.

    scram = Scram("SCRAM-SHA-256-PLUS", offered="SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN")
    with Peer(certs, scram.script("starttls"), tls="starttls") as peer: ...
    scram.used             mechanism and flag of each login, as "SCRAM-SHA-256-PLUS p=tls-exporter"
    scram.let_in           how many were

`first`, `final` and `binding` are functions that change the server's messages, and what it takes for the binding.
"""

import base64
import ctypes
import hashlib
import hmac

from peer import BEFORE_TLS
from spill import PASSWORD

LABEL = b"EXPORTER-Channel-Binding"
SSL_OF_SOCKET = 24      # where CPython's PySSLSocket has its SSL *: behind the object's head, and a reference


def hashed(hash_name, *parts):
    return hashlib.new(hash_name, *parts).digest()


def keys(hash_name, password, salt, iterations):
    """StoredKey and ServerKey."""
    salted = hashlib.pbkdf2_hmac(hash_name, password.encode(), salt, iterations)
    client = hmac.digest(salted, b"Client Key", hash_name)
    return hashed(hash_name, client), hmac.digest(salted, b"Server Key", hash_name)


def is_proof(hash_name, stored, proof, auth_message):
    signature = hmac.digest(stored, auth_message, hash_name)
    client = bytes(a ^ b for a, b in zip(proof, signature))
    return len(proof) == len(signature) and hashed(hash_name, client) == stored


def exporter(connection):
    """tls-exporter of an SSLSocket, for which Python has no method."""
    library = ctypes.CDLL("libssl.so.3")
    handle = ctypes.c_void_p.from_address(id(connection._sslobj) + SSL_OF_SOCKET)
    out = ctypes.create_string_buffer(32)
    done = library.SSL_export_keying_material(handle, out, ctypes.c_size_t(32), LABEL, ctypes.c_size_t(len(LABEL)),
                                              b"", ctypes.c_size_t(0), 1)
    assert done == 1
    return out.raw


BINDINGS = {"tls-exporter": exporter, "tls-unique": lambda connection: connection.get_channel_binding("tls-unique")}


def as_it_is(value):
    return value


class Scram:
    def __init__(self, offered="SCRAM-SHA-256", user="alice@example.com", password=PASSWORD, salt=b"pepper" * 3,
                 iterations=4096, nonce="OurOwnPart", first=as_it_is, final=as_it_is, binding=as_it_is, at_auth=None,
                 at_proof=None, at_end=None):
        self.offered, self.user, self.password = offered, user, password
        self.salt, self.iterations, self.nonce = salt, iterations, nonce
        self.first, self.final, self.binding = first, final, binding
        self.at_auth, self.at_proof, self.at_end = at_auth, at_proof, at_end    # replies in place of the right ones
        self.used, self.let_in, self.proofs = [], 0, 0

    def script(self, tls="implicit"):
        ehlo = lambda *_: f"250-peer.example.com\n250-8BITMIME\n250 AUTH {self.offered}"    # noqa: E731
        return {"EHLO": [BEFORE_TLS, ehlo] if tls == "starttls" else ehlo, "AUTH": self.auth, "ANSWER": self.answer}

    def auth(self, conversation, line):
        _, mechanism, *given = line.decode().split(" ")
        conversation.scram = None
        if not mechanism.startswith("SCRAM"):
            self.used.append(mechanism)
            plain = f"\0{self.user}\0{self.password}".encode()
            return "235 welcome" if given == [base64.b64encode(plain).decode()] else "535 5.7.8 no"
        message = base64.b64decode(given[0]).decode()
        flag, authzid, bare = message.split(",", 2)
        name, nonce = bare.split(",")
        self.used.append(f"{mechanism} {flag}")
        assert name == "n=" + self.user.replace("=", "=3D").replace(",", "=2C")
        nonce = nonce.removeprefix("r=")
        hash_name = "sha256" if "256" in mechanism else "sha1"
        said = self.first(f"r={nonce}{self.nonce},s={base64.b64encode(self.salt).decode()},i={self.iterations}")
        conversation.scram = [hash_name, f"{flag},{authzid},", bare, said, f"{nonce}{self.nonce}", False]
        return self.at_auth or self.challenge(said)

    def challenge(self, text):
        return "334 " + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()

    def answer(self, conversation, line):
        hash_name, head, bare, said, nonce, proved = conversation.scram
        if proved:
            assert line == b""
            self.let_in += 1
            return self.at_end or "235 2.7.0 welcome"
        self.proofs += 1
        message = base64.b64decode(line).decode()
        without, proof = message.rsplit(",p=", 1)
        bound = head.encode()
        if head.startswith("p="):
            bound += self.binding(BINDINGS[head[2:].rstrip(",")](conversation.connection))
        stored, server = keys(hash_name, self.password, self.salt, self.iterations)
        auth_message = f"{bare},{said},{without}".encode()
        good = (without == f"c={base64.b64encode(bound).decode()},r={nonce}"
                and is_proof(hash_name, stored, base64.b64decode(proof), auth_message))
        if self.at_proof:
            return self.at_proof
        if not good:
            return "535 5.7.8 authentication failed"
        conversation.scram[-1] = True
        signature = hmac.digest(server, auth_message, hash_name)
        return self.challenge(self.final("v=" + base64.b64encode(signature).decode()))
