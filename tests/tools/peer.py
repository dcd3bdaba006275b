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
    CLOSE       hang up;  RESET  hang up with a TCP reset;  BYE  close TLS in good order, then hang up
    FORGET      throw away what the client has sent already, and was not looked at
    Endless(b"250-", b"x")      these bytes, and then those for ever

In an Ever([...]) the times are counted over all sessions. A dict holds entries by what is in the line of the command,
for DATA, BODY, DOT, BDAT and LAST in that of MAIL; other lines get USUAL. A function is called with the conversation
and the line, and returns an entry.

Commands that are not in the script get USUAL. Beside the verbs of SMTP there are the events GREETING, BODY (the
first bytes of the message are here), DOT (its last byte is here), LAST (the same of BDAT; without it in the script, it
is BDAT) and ANSWER (a line that answers a 334).

What became of messages is in peer.received, as far as a whole one was there; one to nobody may be a lone dot (RFC 2920
3.1 asks for that, where DATA was answered by 354 and no recipient was taken). How the bytes go is in the options: `cut`
hangs up after so many bytes, `split` sends each reply in two pieces. A `sane` peer asks for a recipient before DATA.
With `patience` it says 421 to what comes behind so many errors that no message was taken between, and hangs up, with
whatever it has not read by then.

With `lmtp` it speaks LMTP: LHLO plays EHLO, and DOT or LAST is played for each recipient that was accepted, in order; a
dict may hold these by recipient. Each of them has a Received of its own. With `path` it listens on a Unix socket there.
"""

import re
import select
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass

STARTTLS, CLOSE, RESET, BYE, FORGET = "(starttls)", "(close)", "(reset)", "(bye)", "(forget)"

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


AT_A_MESSAGE = ("DATA", "BODY", "DOT", "BDAT", "LAST")
ENDS = ("DOT", "BDAT", "LAST")
REPLY_MAX = 64 * 1024   # more is no answer to most clients
WHOLE_REPLY = re.compile(rb"(?:\d\d\d-[^\n]*\n)*(\d\d\d)(?: [^\n]*)?\r?\n")

TLS_HANDSHAKE = b"\x16"
BARE = re.compile(rb".{0,40}(?:(?<!\r)\n|\r(?!\n))")


class Hangup(Exception):
    pass


class Ever(list):
    """A list whose times are counted over all sessions."""


@dataclass(frozen=True)
class Endless:
    head: bytes
    more: bytes


@dataclass
class Cut:
    """Hang up after `sent` bytes of ours, or `read` bytes of the client; so far without TLS only."""
    sent: int = None
    read: int = None
    reset: bool = False     # else all that was sent before arrives


@dataclass
class Received:
    """A message that came to its end."""
    sender: str
    recipients: list        # those that were accepted
    data: bytes             # without the doubled dots
    reply: bytes = b""      # all that was said at its end
    code: int = 0           # of the first reply in that, if it was sent whole
    reset: bool = False     # later the connection was, so that the reply may have got lost
    smuggled: bool = False  # its MAIL stood in a message, of which the server did not know that it was one
    garbled: bool = False   # before its end something was said in the session that no command is answered by

    @property
    def taken(self):
        return 200 <= self.code < 300


class Peer:
    def __init__(self, certs, script=None, tls="implicit", certificate="good", *, sane=False, cut=None, split=None,
                 narrow=False, bdat_known=True, lmtp=False, path=None, patience=None):
        self.certs, self.script, self.tls = certs, {**USUAL, **(script or {})}, tls     # "implicit", "starttls", "none"
        self.sane, self.cut, self.split = sane, cut, split
        self.narrow = narrow            # takes little before it reads
        self.bdat_known = bdat_known    # else what comes with BDAT is taken for commands
        self.lmtp, self.path, self.patience = lmtp, path, patience
        if tls == "none":
            self.user = self.password = None
        if tls == "starttls" and "EHLO" not in (script or {}):
            self.script["EHLO"] = [BEFORE_TLS, USUAL["EHLO"]]
        if tls != "none":
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.set_ciphers("DEFAULT:@SECLEVEL=0")     # what is too weak is for the client to refuse
            self.context.load_cert_chain(certs.certificate(certificate), certs.key(certificate))
        self.sessions = []      # of each connection the lines of the client, messages included, without CRLF
        self.messages = []      # what came before each final dot or as each BDAT, as it was transferred
        self.received = []      # each Received, in order
        self.clear = []         # lines that came in clear, of a peer that has TLS
        self.early = b""        # what came in clear behind STARTTLS
        self.ahead = set()      # events whose reply was not waited for
        self.offered = set()    # keywords of the last reply to EHLO
        self.invited = 0        # messages that were asked for by a whole 354
        self.closing = threading.Event()
        self.times = {}
        self.errors = []        # what was wrong with the script or this server
        self._open = []

    def __enter__(self):
        if self.path:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self.path))
            self._listener.listen(64)
        else:
            self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.port = self._listener.getsockname()[1]
        if self.narrow:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for conversation in list(self._open):
            conversation.hang_up()
            if conversation.thread.ident:     # it may be about to begin
                conversation.thread.join(5)
        if self.errors and kind is None:
            raise self.errors[0]

    def quiet(self, timeout=5):
        """Waits until all is looked at that clients said who are gone; but for long pauses of a script."""
        end = time.monotonic() + timeout
        for conversation in list(self._open):
            while conversation.thread.is_alive() and not conversation.pausing and time.monotonic() < end:
                conversation.thread.join(0.01)

    def widen(self):
        """Takes as much as others do, from now on."""
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)

    def _accept(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            lines = []
            self.sessions.append(lines)
            conversation = Conversation(self, connection, lines)
            self._open.append(conversation)     # before it can end
            conversation.thread.start()


class Conversation:
    """One connection and its thread."""

    def __init__(self, peer, connection, lines):
        self.peer, self.connection, self.lines = peer, connection, lines
        self.pending = b""      # read and not yet looked at
        self.said = b""         # the reply to the last command
        self.times = {}
        self.sent = self.read = 0
        self.chunk = 0          # octets to come of one, if BDAT is not known
        self.smuggled = False
        self.private = self.pausing = self.garbled = self.logging_in = False
        self.ended = []
        self.failures = 0       # errors since a message was taken
        self.forget()
        if not peer.path:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.thread = threading.Thread(target=self.run, daemon=True)

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

    def forget(self):
        """No transaction is open."""
        self.mail, self.recipients, self.chunks = b"", [], []

    def command(self):
        if self.peer.patience and self.failures >= self.peer.patience:
            self.send(b"421 4.7.0 Error: too many errors\r\n")
            raise Hangup
        in_chunk = self.chunk > 0
        line = self.read_line()
        self.chunk = max(0, self.chunk - len(line) - 2)
        self.lines.append(line)
        if self.peer.tls != "none" and not self.private:
            self.peer.clear.append(line)
        if self.logging_in and self.said.startswith(b"334"):
            return self.play("ANSWER", line)
        verb = line.split(b" ")[0].upper().decode("ascii", "replace")
        if self.peer.lmtp and verb in ("LHLO", "EHLO", "HELO"):
            verb = "EHLO" if verb == "LHLO" else "(none of LMTP)"
        self.logging_in = verb == "AUTH"
        if verb in ("EHLO", "HELO", "RSET"):
            self.forget()
        elif verb == "MAIL":
            self.forget()
            self.mail, self.smuggled = line, in_chunk
        if verb == "BDAT" and self.peer.bdat_known:
            return self.bdat(line)
        if verb == "BDAT":
            self.chunk = int(line.split()[1])
        if self.out_of_order(verb):
            self.failures += 1
            return self.send(b"503 5.5.1 out of order\r\n")
        self.play(verb, line)
        if verb == "MAIL" and not self.said.startswith(b"2"):
            self.forget()
        if verb == "RCPT" and self.said.startswith(b"2"):
            self.recipients.append(address_in(line))
        if verb == "DATA" and self.said.startswith(b"354"):
            self.data()

    def out_of_order(self, verb):
        """What every server refuses: a recipient of nothing, a message to nobody."""
        return self.peer.sane and (verb == "RCPT" and not self.mail
                                   or verb in ("DATA", "BDAT") and not self.recipients)

    def bdat(self, line):
        last = line.upper().endswith(b" LAST")
        lost = self.out_of_order("BDAT")
        if not lost:
            self.play("BODY")
        chunk = self.read_bytes(int(line.split()[1]))
        self.peer.messages.append(chunk)
        if lost:
            return self.send(b"503 5.5.1 out of order\r\n")
        self.chunks.append(chunk)
        if last:
            return self.end("LAST" if "LAST" in self.peer.script else "BDAT", b"".join(self.chunks))
        self.play("BDAT")
        if not self.said.startswith(b"2"):
            self.forget()

    def data(self):
        while not self.pending:
            self.receive()
        self.play("BODY")
        content = self.read_content()
        lines = content.split(b"\r\n")[:-1]
        self.lines += lines + [b"."]
        self.peer.messages.append(content)
        self.end("DOT", (b"\r\n" + content).replace(b"\r\n.", b"\r\n")[2:])

    def read_content(self):
        """What stands before the line of a dot."""
        looked = 0
        while not self.pending.startswith(b".\r\n") and (at := self.pending.find(b"\r\n.\r\n", looked)) < 0:
            looked = max(0, len(self.pending) - 4)
            self.receive()
        length = 0 if self.pending.startswith(b".\r\n") else at + 2
        content, self.pending = self.pending[:length], self.pending[length + 3:]
        if not content.count(b"\r\n") == content.count(b"\r") == content.count(b"\n"):
            raise ValueError(f"lines without CR LF: {re.findall(BARE, content)[:9]}")
        return content

    def end(self, event, data):
        everybody = [[one] for one in self.recipients] if self.peer.lmtp else [self.recipients]
        messages = [Received(address_in(self.mail), recipients, data, smuggled=self.smuggled, garbled=self.garbled)
                    for recipients in everybody]
        self.peer.received += messages
        self.ended += messages
        try:
            for message in messages:
                self.end_of(message, event)
        finally:
            self.forget()

    def end_of(self, message, event):
        self.said = b""
        line = self.mail + f" <{message.recipients[0]}>".encode() if self.peer.lmtp else self.mail
        try:
            self.play(event, line)
        finally:
            message.reply = self.said
            whole = WHOLE_REPLY.match(self.said)
            message.code = int(whole[1]) if whole else 0

    def play(self, event, line=b""):
        line = line if event not in AT_A_MESSAGE or event in ENDS and line else self.mail
        entry = self.entry(self.peer.script.get(event, UNKNOWN), event, line)
        if event != "BODY" and not self.garbled and not self.smuggled and self.has_more():
            self.peer.ahead.add(event)
        self.said = b""
        for step in entry if isinstance(entry, tuple) else (entry,):
            self.step(step)
        self.garbled = self.garbled or not can_answer(event, self.said)
        self.failures += self.said.startswith((b"4", b"5"))
        if event in ENDS and self.said.startswith(b"2"):
            self.failures = 0
        if event == "EHLO":
            self.peer.offered = {line[4:].split()[0].upper() for line in self.said.splitlines()[1:] if line[4:].strip()}

    def entry(self, entry, event, line):
        """That of this time and this line."""
        if isinstance(entry, dict):
            for words, one in entry.items():
                if words.encode() in line:
                    return self.entry(one, (event, words), line)
            return USUAL["BDAT" if event == "LAST" else event]
        if isinstance(entry, list):
            times = self.peer.times if isinstance(entry, Ever) else self.times
            time_of_this = times[event] = times.get(event, -1) + 1
            entry = entry[min(time_of_this, len(entry) - 1)]
        return entry(self, line) if callable(entry) else entry

    def has_more(self):
        """Did the client say more already?"""
        if self.connection.fileno() < 0:
            raise Hangup
        return bool(self.pending) or not self.private and bool(select.select([self.connection], [], [], 0)[0]) \
            and bool(self.connection.recv(1, socket.MSG_PEEK))

    def step(self, step):
        if step == STARTTLS:
            self.start_tls()
        elif step == CLOSE:
            raise Hangup
        elif step == RESET:
            self.reset()
        elif step == BYE:
            self.connection.settimeout(1)
            self.connection.unwrap()
            raise Hangup
        elif step == FORGET:
            self.pending = b""
            while self.has_more():
                self.receive()
                self.pending = b""
        elif isinstance(step, (int, float)):
            self.pausing = step >= 1
            if self.peer.closing.wait(step):
                raise Hangup
            self.pausing = False
        elif isinstance(step, Endless):
            self.connection.sendall(step.head)
            while not self.peer.closing.is_set():
                self.connection.sendall(step.more * (1 + 10000 // len(step.more)))
        elif isinstance(step, bytes):
            self.send(step)
        else:
            self.send(step.replace("\n", "\r\n").encode() + b"\r\n")

    def send(self, reply):
        split = self.peer.split
        if split and split < len(reply):
            self.put(reply[:split])
            time.sleep(0.002)
            reply = reply[split:]
        self.put(reply)

    def put(self, piece):
        limit = self.peer.cut and self.peer.cut.sent
        if limit is not None and self.sent + len(piece) >= limit:
            piece = piece[:limit - self.sent]
        self.connection.sendall(piece)
        self.said += piece
        self.sent += len(piece)
        if self.said.startswith(b"354") and WHOLE_REPLY.fullmatch(self.said):
            self.peer.invited += 1
        if self.sent == limit:
            self.cut()

    def cut(self):
        if self.peer.cut.reset:
            self.reset()
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(5)
        while self.connection.recv(65536):
            pass    # to close with something unread would be a reset
        raise Hangup

    def reset(self):
        for message in self.ended:
            message.reset = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.socket(fileno=self.connection.detach()).close()
        raise Hangup

    def start_tls(self):
        if not self.pending.startswith(TLS_HANDSHAKE):
            self.peer.early += self.pending
        self.pending = b""      # nothing said in clear counts as said in private
        self.connection = self.peer.context.wrap_socket(self.connection, server_side=True)
        self.private = True

    def receive(self):
        most, limit = 65536, self.peer.cut and self.peer.cut.read
        if limit is not None:
            if self.read >= limit:
                self.cut()
            most = min(most, limit - self.read)
        more = self.connection.recv(most)
        if not more:
            raise Hangup
        self.read += len(more)
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


def can_answer(event, said):
    """Is that one reply (RFC 5321 4.2), and one that a client can take for the answer?"""
    if event == "BODY":
        return said == b""
    whole = WHOLE_REPLY.fullmatch(said)
    if not whole or len(said) > REPLY_MAX or b"\0" in said or {line[:3] for line in said.splitlines()} != {whole[1]}:
        return False
    go_on = {"DATA": b"354", "AUTH": b"334", "ANSWER": b"334"}.get(event)
    return whole[1] == go_on or whole[1][:1] in (b"4", b"5") or whole[1][:1] == b"2" and event != "DATA"


def address_in(line):
    found = re.search(rb"<(.*?)>", line)
    return found[1].decode("utf-8", "backslashreplace") if found else ""
