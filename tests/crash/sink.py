"""A light relay for the crash tests: no TLS, no login, thousands of messages a second, and an exact ledger.

    with Sink() as sink:
        sink.refuse["carol@example.net"] = "550 5.1.1 no such user"
        ... deliver to 127.0.0.1:sink.port ...
        sink.taken      what it took responsibility for, each with whether its client can have known

`mood`, if set, is asked at each stage (CONNECT MAIL RCPT DATA DOT) with the session and gives None for the usual
reply, a reply, STALL, DROP, or at DOT TAKE_AND_DROP: taken, and no reply.
"""

import asyncio
import re
import threading
from dataclasses import dataclass, field

STALL, DROP, TAKE_AND_DROP = "(stall)", "(drop)", "(take and drop)"
LONGEST = 2**27
REPLIES = {"CONNECT": "220 sink ESMTP", "MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok", "DATA": "354 go ahead",
           "DOT": "250 2.0.0 taken"}


@dataclass
class Taken:
    sender: str
    recipients: list
    data: bytes
    heard: bool = False     # the client went on after the reply: it cannot be in doubt


@dataclass
class Talk:
    """One connection."""
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: str = ""
    recipients: list = field(default_factory=list)
    last: Taken = None      # taken, and nothing was heard from the client since


class Gone(Exception):
    pass


class Sink:
    tls, user, password, certs = "none", None, None, None

    def __init__(self):
        self.refuse, self.mood = {}, None
        self.taken, self.connections = [], 0

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)    # clients that vanish are what we test
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST, backlog=512))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        async def close():
            self._server.close()
            talks = asyncio.all_tasks() - {asyncio.current_task()}
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)
        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def settings(self):
        return {"host": "127.0.0.1", "port": self.port, "tls": "none", "timeout": "5s"}

    def quiet(self, timeout=5):
        """Whether everything that was on its way here has been looked at: true soon after a client's end."""
        async def turn():
            await asyncio.sleep(0)
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.001)
        try:
            asyncio.run_coroutine_threadsafe(turn(), self._loop).result(timeout)
        except TimeoutError:
            return False
        return True

    async def _serve(self, reader, writer):
        self.connections += 1
        talk = Talk(reader, writer)
        try:
            await self._answer("CONNECT", talk)
            while True:
                await self._command(talk)
        except (Gone, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, stage, talk, usual=None):
        """Says the reply for `stage`; returns it."""
        reply = (self.mood and self.mood(stage, talk)) or usual or REPLIES[stage]
        if reply == STALL:
            await asyncio.sleep(3600)
        if reply == DROP:
            raise Gone
        talk.writer.write(reply.encode() + b"\r\n")
        if reply.startswith("421"):
            await talk.writer.drain()
            raise Gone
        return reply

    async def _command(self, talk):
        line = (await talk.reader.readuntil(b"\r\n"))[:-2].decode("utf-8", "backslashreplace")
        if talk.last:
            talk.last.heard, talk.last = True, None
        verb = line[:4].upper()
        if verb == "MAIL":
            talk.sender, talk.recipients = re.search("<(.*?)>", line)[1], []
            await self._answer("MAIL", talk)
        elif verb == "RCPT":
            recipient = re.search("<(.*?)>", line)[1]
            reply = await self._answer("RCPT", talk, self.refuse.get(recipient))
            if reply.startswith("250"):
                talk.recipients.append(recipient)
        elif verb == "DATA":
            await self._data(talk)
        elif verb == "QUIT":
            talk.writer.write(b"221 bye\r\n")
            raise Gone
        elif verb == "EHLO":
            talk.writer.write(b"250-sink\r\n250-8BITMIME\r\n250 SIZE 0\r\n")
        else:
            talk.writer.write(b"250 ok\r\n")

    async def _data(self, talk):
        if not talk.recipients:
            talk.writer.write(b"503 5.5.1 no recipient\r\n")
            return
        if not (await self._answer("DATA", talk)).startswith("354"):
            return
        raw = await talk.reader.readuntil(b"\r\n.\r\n")
        taken = Taken(talk.sender, talk.recipients, re.sub(rb"(^|\r\n)\.", rb"\1", raw[:-3]))
        mood = self.mood and self.mood("DOT", talk)
        if mood == TAKE_AND_DROP or mood is None or mood.startswith("2"):
            self.taken.append(taken)
            talk.last = taken
        if mood == TAKE_AND_DROP:
            raise Gone
        if mood == STALL:
            await asyncio.sleep(3600)
        if mood == DROP:
            raise Gone
        talk.writer.write((mood or REPLIES["DOT"]).encode() + b"\r\n")
