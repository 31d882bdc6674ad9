"""One seat's link: what it says goes to the desk, what is for it waits in a bounded outbox."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.errors import ConsoleError

MOST_WAITING = 256
SEND_LIMIT_S = 5.0
GOING_AWAY = 1001  # RFC 6455, 7.4.1
MOST_SAID_BYTES = 16 * 1024


class PtzSession:
    """Of a camera's states only the newest waits; of everything else at most MOST_WAITING, the oldest goes."""

    def __init__(self, socket: WebSocket, seat: str) -> None:
        self._socket, self.seat = socket, seat
        self.watched: set[str] = set()
        self.dropped = 0
        self._waiting: OrderedDict[object, msgspec.Struct] = OrderedDict()
        self._number = 0
        self._something = asyncio.Event()
        self._ended = asyncio.Event()

    def tell(self, message: wire.Told) -> None:
        """Put a message on its way; returns at once."""
        self._number += 1
        latest = isinstance(message, wire.State | wire.Steered)  # of these only the newest of a camera waits
        key: object = (type(message), message.camera_id) if latest else self._number
        self._waiting[key] = message
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
            self.dropped += 1
        self._something.set()

    def refuse(self, wish: wire.Wish, error: ConsoleError) -> None:
        """Say why a wish was not carried out; the same refusal of a move that is said again waits once."""
        refused = wire.Refused(
            wish.camera_id, wire.name_of(wish), error.code, error.sentence("ko"), error.sentence("en")
        )
        if refused not in self._waiting.values():
            self.tell(refused)

    async def run(self, hear: Callable[[str], None]) -> None:
        """Serve both ways until the seat goes, does not take what is sent, or `end` is called."""
        tasks = [asyncio.create_task(each) for each in (self._send(), self._hear(hear), self._ended.wait())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await self._socket.close(GOING_AWAY)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def end(self) -> None:
        """Close the link: the gateway is stopping."""
        self._ended.set()

    async def _hear(self, hear: Callable[[str], None]) -> None:
        while True:
            data = await self._socket.receive_text()
            if len(data) > MOST_SAID_BYTES:
                raise WebSocketDisconnect(1009)
            hear(data)

    async def _send(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                _, message = self._waiting.popitem(last=False)
                try:
                    async with asyncio.timeout(SEND_LIMIT_S):
                        await self._socket.send_text(msgspec.json.encode(message).decode())
                except TimeoutError:
                    raise WebSocketDisconnect(1013) from None
