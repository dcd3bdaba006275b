"""A smarthost on loopback: TLS and AUTH as a provider asks for them, and any refusal a test wants.

As library:

    with Relay(certs, tls="starttls", replies={"MAIL": "451 4.3.0 try again later"}) as relay:
        ... send to 127.0.0.1:relay.port ...
        relay.messages, relay.logins, relay.transcript

`replies`, `refuse`, `stall` and `drop` may be changed while it runs. The stages of a session they name:
GREETING EHLO AUTH MAIL RCPT DATA BODY (the first line of the message is here) DOT (its last byte is here).

As command: relay.py --dir FOLDER [--tls implicit|starttls] [--port N] [--user U] [--password P]
prints "port N", then the transcript, secrets masked; FOLDER gets the certificates and each message as N.eml.
"""

import argparse
import asyncio
import re
import signal
import ssl
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import AuthResult

from certs import Certs
from relay_session import LONGEST, Session
from spill import PASSWORD


@dataclass
class Message:
    mail_from: str
    mail_options: list          # upper case, e.g. ["BODY=8BITMIME"]
    user: str                   # who had logged in, or None
    encrypted: bool
    rcpt_tos: list = field(default_factory=list)    # those that were accepted
    raw: bytes = b""            # what came between the 354 and the final dot, leading dots still doubled

    @property
    def data(self):
        """The message as its reader gets it."""
        return re.sub(rb"(^|\r\n)\.", rb"\1", self.raw)


class Relay:
    session = Session

    def __init__(self, certs, tls="implicit", certificate="good", port=0, user="alice@example.com",
                 password=PASSWORD, auth=True, eightbit=True, pipelining=False,
                 chunking=False, rcpt_max=None, size=LONGEST, replies=None, refuse=None,
                 refuse_from=None, stall=None, drop=None, folder=None, show=None,
                 mechanisms=("LOGIN", "PLAIN")):
        self.certs, self.tls, self.port = certs, tls, port  # tls: "implicit", "starttls" or "none"; port 0: a free one
        self.user, self.password = user, password
        self.auth = auth                        # False: offers no AUTH and takes mail from anybody
        self.eightbit = eightbit                # False: offers no 8BITMIME
        self.pipelining, self.chunking = pipelining, chunking   # whether it offers them; BDAT is taken in any case
        self.rcpt_max = rcpt_max                # recipients in one transaction; 452 to all that are more
        self.size = size
        self.replies = dict(replies or {})      # stage -> reply in place of the usual one; "421 ..." also hangs up
        self.refuse = dict(refuse or {})        # recipient -> reply
        self.refuse_from = dict(refuse_from or {})  # sender -> reply; "" is the null sender
        self.stall = stall                      # stage at which to say nothing until this is changed
        self.drop = drop                        # stage at which to hang up without a word
        self.mechanisms = mechanisms            # of AUTH
        self.folder, self.show = folder and Path(folder), show
        self.messages = []                      # what was accepted
        self.logins = []                        # (mechanism, user, whether let in)
        self.transcript, self.stages = [], []
        self.connections, self.now, self.most = 0, 0, 0     # in all; at present; at a time, at most
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certs.certificate(certificate), certs.key(certificate))
        self._changed = threading.Condition()

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)    # clients that vanish are what we test
        self._server = self._loop.run_until_complete(self._loop.create_server(
            lambda: self.session(self, self._loop), "127.0.0.1", self.port,
            ssl=self.context if self.tls == "implicit" else None))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self):
        self._server.close()
        sessions = asyncio.all_tasks() - {asyncio.current_task()}
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    def wait_messages(self, count, timeout=10):
        """The messages, as soon as there are `count`; fewer when the time is over."""
        self._wait(lambda: len(self.messages) >= count, timeout)
        return self.messages

    def wait_stage(self, stage, timeout=10):
        """Whether a session has come to `stage`."""
        return self._wait(lambda: stage in self.stages, timeout)

    def wait_connections(self, count, timeout=5):
        """How many there were, when there are `count` or the time is over: a client may have gone before it is
        counted."""
        give_up = time.monotonic() + timeout
        while self.connections < count and time.monotonic() < give_up:
            time.sleep(0.01)
        return self.connections

    def _wait(self, condition, timeout):
        with self._changed:
            return self._changed.wait_for(condition, timeout)

    # What follows is called by the sessions.

    def connected(self):
        self.connections += 1
        self.now += 1
        self.most = max(self.most, self.now)

    def disconnected(self):
        self.now -= 1

    def note(self, who, line):
        text = f"{who}: {line.decode('utf-8', 'backslashreplace')}"
        self.transcript.append(text)
        if self.show:
            self.show(text)

    def reached(self, stage):
        with self._changed:
            self.stages.append(stage)
            self._changed.notify_all()

    def new_message(self, *arguments):
        return Message(*arguments)

    def arrived(self, message):
        with self._changed:
            self.messages.append(message)
            if self.folder:
                (self.folder / f"{len(self.messages)}.eml").write_bytes(message.data)
            self._changed.notify_all()
        return len(self.messages)

    def check_login(self, server, session, envelope, mechanism, given):
        right = given.login == self.user.encode() and given.password == self.password.encode()
        refusal = self.replies.get("AUTH") or (None if right else "535 5.7.8 Error: authentication failed")
        self.logins.append((mechanism, given.login.decode(), refusal is None))
        return AuthResult(success=refusal is None, handled=False, message=refusal, auth_data=given)


def main():
    options = argparse.ArgumentParser(description="a relay on loopback for trying things out")
    options.add_argument("--dir", required=True, type=Path, help="folder for certificates and messages")
    options.add_argument("--tls", choices=("implicit", "starttls"), default="implicit")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--user", default="alice@example.com")
    options.add_argument("--password", default=PASSWORD)
    given = options.parse_args()

    def show(line):
        print(line, flush=True)

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Relay(Certs(given.dir), given.tls, port=given.port, user=given.user, password=given.password,
               folder=given.dir, show=show) as relay:
        show(f"port {relay.port}")
        stop.wait()


if __name__ == "__main__":
    main()
