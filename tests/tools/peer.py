r"""A scripted SMTP server on loopback, for what no sane server says.

    script = {"EHLO": "250-odd\n250 AUTH PLAIN", "RCPT": ["250 ok", "452 no", CLOSE], "DOT": (b"25", 1, b"0 ok\r\n")}
    with Peer(certs, script) as peer:
        ... talk to 127.0.0.1:peer.port ...
        peer.sessions[0]       what the client said, line by line

A script says for each command what to do when it comes. A list has one entry for each time it comes (in one
session), and its last entry stays. An entry is one step, or a tuple of steps:

    "250 ok"    a reply; lines are parted by \n and sent with CRLF
    b"25"       these bytes, as they are: half a reply, garbage, or replies to what was not asked yet
    0.5         a pause of so many seconds
    STARTTLS    from here on TLS
    CLOSE       hang up in good order;  RESET  hang up with a TCP reset

Commands that are not in the script get USUAL. Beside the verbs of SMTP there are the events GREETING, BODY (the
first bytes of the message are here), DOT (its last byte is here) and ANSWER (a line that answers a 334).
"""

import socket
import ssl
import struct
import threading
import time

STARTTLS, CLOSE, RESET = "(starttls)", "(close)", "(reset)"

USUAL = {
    "GREETING": "220 peer.example.com ESMTP",
    "EHLO": "250-peer.example.com\n250-8BITMIME\n250 AUTH PLAIN LOGIN",
    "STARTTLS": ("220 go ahead", STARTTLS),
    "AUTH": "235 2.7.0 welcome",
    "ANSWER": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "BODY": (),
    "DOT": "250 2.0.0 taken",
    "BDAT": "250 2.0.0 taken",
    "RSET": "250 2.0.0 ok",
    "NOOP": "250 2.0.0 ok",
    "QUIT": ("221 2.0.0 bye", CLOSE),
}
BEFORE_TLS = "250-peer.example.com\n250-8BITMIME\n250 STARTTLS"
UNKNOWN = "500 5.5.1 unknown command"


class Hangup(Exception):
    pass


class Peer:
    def __init__(self, certs, script=None, tls="implicit", certificate="good"):
        self.certs, self.script, self.tls = certs, {**USUAL, **(script or {})}, tls     # tls: "implicit" or "starttls"
        if tls == "starttls" and "EHLO" not in (script or {}):
            self.script["EHLO"] = [BEFORE_TLS, USUAL["EHLO"]]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certs.certificate(certificate), certs.key(certificate))
        self.sessions = []      # of each connection the lines of the client, messages included, without CRLF
        self.messages = []      # what came before each final dot or as each BDAT, as it was transferred
        self.errors = []        # what was wrong with the script or this server
        self._open = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for conversation in self._open:
            conversation.hang_up()
            conversation.thread.join(5)
        if self.errors and kind is None:
            raise self.errors[0]

    def _accept(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            lines = []
            self.sessions.append(lines)
            self._open.append(Conversation(self, connection, lines))


class Conversation:
    """One connection and its thread."""

    def __init__(self, peer, connection, lines):
        self.peer, self.connection, self.lines = peer, connection, lines
        self.pending = b""      # read and not yet looked at
        self.said = b""         # the reply to the last command
        self.times = {}
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            if self.peer.tls == "implicit":
                self.start_tls()
            self.play("GREETING")
            while True:
                self.command()
        except (Hangup, OSError):
            pass    # ssl.SSLError is one too: a client that refuses our certificate
        except Exception as error:
            self.peer.errors.append(error)
        finally:
            self.hang_up()

    def command(self):
        line = self.read_line()
        self.lines.append(line)
        if self.said.startswith(b"334"):
            return self.play("ANSWER")
        verb = line.split(b" ")[0].upper().decode("ascii", "replace")
        if verb == "BDAT":
            self.peer.messages.append(self.read_bytes(int(line.split()[1])))
        self.play(verb)
        if verb == "DATA" and self.said.startswith(b"354"):
            self.data()

    def data(self):
        while not self.pending:
            self.receive()
        self.play("BODY")
        lines = []
        while (line := self.read_line()) != b".":
            lines.append(line)
        self.lines += lines + [b"."]
        self.peer.messages.append(b"".join(line + b"\r\n" for line in lines))
        self.play("DOT")

    def play(self, event):
        entry = self.peer.script.get(event, UNKNOWN)
        if isinstance(entry, list):
            time_of_this = self.times[event] = self.times.get(event, -1) + 1
            entry = entry[min(time_of_this, len(entry) - 1)]
        self.said = b""
        for step in entry if isinstance(entry, tuple) else (entry,):
            self.step(step)

    def step(self, step):
        if step == STARTTLS:
            self.start_tls()
        elif step == CLOSE:
            raise Hangup
        elif step == RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.socket(fileno=self.connection.detach()).close()
            raise Hangup
        elif isinstance(step, (int, float)):
            time.sleep(step)
        elif isinstance(step, bytes):
            self.send(step)
        else:
            self.send(step.replace("\n", "\r\n").encode() + b"\r\n")

    def send(self, reply):
        self.said += reply
        self.connection.sendall(reply)

    def start_tls(self):
        self.pending = b""      # nothing said in clear counts as said in private
        self.connection = self.peer.context.wrap_socket(self.connection, server_side=True)

    def receive(self):
        more = self.connection.recv(65536)
        if not more:
            raise Hangup
        self.pending += more

    def read_line(self):
        while b"\n" not in self.pending:
            self.receive()
        line, self.pending = self.pending.split(b"\n", 1)
        if not line.endswith(b"\r"):
            raise ValueError(f"a line without CR: {line[:80]!r}")
        return line[:-1]

    def read_bytes(self, count):
        while len(self.pending) < count:
            self.receive()
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def hang_up(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connection.close()
