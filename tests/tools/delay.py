"""A long way to a server: every byte arrives as much later as the way takes, and nothing waits for anything else.

    with Delay(relay.port, 0.02) as way:
        ... talk to 127.0.0.1:way.port: a round trip takes 20 ms ...
"""

import asyncio
import threading


class Delay:
    def __init__(self, port, round_trip):
        self.target, self.one_way = port, round_trip / 2

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _connect(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self._carry(reader, back), self._carry(there, writer))

    async def _carry(self, reader, writer):
        while data := await reader.read(65536):
            self._loop.call_later(self.one_way, writer.write, data)
        self._loop.call_later(self.one_way, writer.close)
