"""One connection to the relay of relay.py: aiosmtpd's server, with the refusals a test asked for, and with an
eye on the bytes as they were transferred, which aiosmtpd itself does not keep."""

import asyncio
import logging
import re
import warnings

from aiosmtpd.smtp import MISSING, SMTP, sanitize

logging.getLogger("mail.log").setLevel(logging.ERROR)   # aiosmtpd does not see that implicit TLS is TLS, and says so
LONGEST = 2**27     # more than any test's message, so that nothing is refused for the length of a line


class Hooks:
    """What aiosmtpd asks while it handles a command: the reply to give, or MISSING for its own."""

    async def handle_EHLO(self, session, state, envelope, hostname, lines):
        refusal = await session.at("EHLO")
        if refusal:
            return [refusal]
        state.host_name = hostname
        hidden = () if session.relay.eightbit else ("8BITMIME",)
        hidden += () if session.relay.auth else ("AUTH",)
        shown = [line for line in lines if not line[4:].startswith(hidden)]
        offered = {"PIPELINING": session.relay.pipelining, "CHUNKING": session.relay.chunking}
        return shown[:1] + ["250-" + keyword for keyword, given in offered.items() if given] + shown[1:]

    async def handle_AUTH(self, session, state, envelope, arguments):
        await session.at("AUTH")    # the reply is given after the secret, by Relay.check_login
        return MISSING

    async def handle_MAIL(self, session, state, envelope, address, options):
        if not session.relay.eightbit and "BODY=8BITMIME" in options:
            return "555 5.5.4 BODY= was not offered"
        refusal = session.relay.refuse_from.get("" if address == "<>" else address)
        if refusal:
            return refusal
        envelope.mail_from = address
        session.message = session.relay.new_message(
            "" if address == "<>" else address, options,
            state.auth_data.login.decode() if state.authenticated else None,
            session.transport.get_extra_info("ssl_object") is not None)
        return "250 2.1.0 sender ok"

    async def handle_RCPT(self, session, state, envelope, address, options):
        refusal = session.relay.refuse.get(address)
        if refusal:
            return refusal
        if session.relay.rcpt_max and len(envelope.rcpt_tos) >= session.relay.rcpt_max:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        session.message.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"


class Session(SMTP):
    line_length_limit = LONGEST

    def __init__(self, relay, loop):
        self.relay, self.message, self.greeted, self.challenged = relay, None, False, False
        starttls = relay.tls == "starttls"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().__init__(Hooks(), hostname="relay.example.com", ident="ESMTP", data_size_limit=relay.size,
                             tls_context=relay.context if starttls else None, require_starttls=starttls,
                             auth_exclude_mechanism={"LOGIN", "PLAIN"}.difference(relay.mechanisms),
                             auth_require_tls=starttls, auth_required=relay.auth,
                             authenticator=relay.check_login, loop=loop)

    def connection_made(self, transport):
        if self.transport is None:      # it comes again after STARTTLS
            self.relay.connected()
        super().connection_made(transport)

    def connection_lost(self, error):
        self.relay.disconnected()
        super().connection_lost(error)

    def _client_connected_cb(self, reader, writer):
        super()._client_connected_cb(reader, writer)
        self._read_line, reader.readuntil = reader.readuntil, self._read_command

    async def _read_command(self, separator=b"\n"):
        line = await self._read_line(separator)
        self.relay.note("C", b"********" if self.challenged else sanitize(line.rstrip(b"\r\n")))
        return line

    async def push(self, status):
        reply = status.encode() if isinstance(status, str) else status
        if not self.greeted:
            self.greeted = True
            reply = await self.at("GREETING") or reply
        self.challenged = reply.startswith(b"334")
        for line in reply.split(b"\n"):
            self.relay.note("S", line)
        await super().push(reply.replace(b"\n", b"\r\n"))
        if reply.startswith(b"421"):
            self.transport.close()

    async def at(self, stage):
        """Stall or hang up here if so asked; else the reply to give in place of the usual one, or None."""
        self.relay.reached(stage)
        if self.relay.stall == stage:
            await self._stall(stage)
        if self.relay.drop == stage:
            self.relay.note("S", b"(hangs up)")
            self.transport.abort()
            raise asyncio.CancelledError
        reply = self.relay.replies.get(stage)
        return reply and reply.encode()

    async def _stall(self, stage):
        if stage == "BODY":     # so that the rest of the message stays with the client
            self.transport.pause_reading()
        while self.relay.stall == stage:
            await asyncio.sleep(0.01)
        if stage == "BODY" and self.transport:
            self.transport.resume_reading()

    async def smtp_AUTH(self, arg):
        if not self.relay.auth:
            return await self.push("502 5.5.1 AUTH was not offered")
        await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        refusal = await self.at("MAIL")
        if refusal:
            return await self.push(refusal)
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        refusal = await self.at("RCPT")
        if refusal:
            return await self.push(refusal)
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if await self.check_auth_needed("DATA"):
            return
        if not self.envelope.rcpt_tos:
            return await self.push("503 5.5.1 no recipient")
        refusal = await self.at("DATA")
        if refusal:
            return await self.push(refusal)
        await self.push("354 go ahead")
        self.message.raw = await self._read_data()
        self.relay.note("C", b"(%d bytes, and the final dot)" % len(self.message.raw))
        self.envelope = self._create_envelope()
        refusal = await self.at("DOT")
        if refusal is None and len(self.message.raw) > self.relay.size:
            refusal = "552 5.3.4 too big"
        await self.push(refusal or "250 2.0.0 taken as number %d" % self.relay.arrived(self.message))

    async def smtp_BDAT(self, arg):
        size, *last = arg.split()
        self.chunks = getattr(self, "chunks", b"") + await self._reader.readexactly(int(size))
        self.relay.note("C", b"(%d bytes)" % int(size))
        if not self.envelope.rcpt_tos:
            self.chunks = b""
            return await self.push("503 5.5.1 no recipient")
        if not last:
            return await self.push("250 2.0.0 go on")
        data, self.chunks = self.chunks, b""
        self.message.raw = re.sub(rb"(^|\r\n)\.", rb"\1..", data)
        self.envelope = self._create_envelope()
        refusal = await self.at("DOT")
        if refusal is None and len(data) > self.relay.size:
            refusal = "552 5.3.4 too big"
        await self.push(refusal or "250 2.0.0 taken as number %d" % self.relay.arrived(self.message))

    async def _read_data(self):
        lines = []
        while not lines or lines[-1] != b".\r\n":
            lines.append(await self._read_line(b"\r\n"))
            if len(lines) == 1:
                await self.at("BODY")
        return b"".join(lines[:-1])
