"""A seat's link to the gateway for cameras that turn, and which cameras of the city could look at a spot."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from smartcity_console.city import City, rank_cameras
from smartcity_console.city.aiming import aim_at
from smartcity_console.console.ptz.ports import Candidate
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.camera import Mount
from smartcity_console.model.geo import Position
from smartcity_console.runtime import read_announcement, secret
from smartcity_console.tls import BesideIt

MOST_WAITING, MOST_ASKED, MOST_TURNED = 256, 64, 16
OPEN_LIMIT_S, JOIN_S = 5.0, 5.0
RETRY_FIRST_S, RETRY_MOST_S = 0.5, 5.0
_log = logging.getLogger(__name__)


class Gateway(NamedTuple):
    """Where the cameras of the running gateway are: a WebSocket address, the secret for it, and whom to believe there."""

    url: str
    token: str
    tls: ssl.SSLContext | None


Where = Callable[[], Gateway | None]


def gateway_of(workspace: Path) -> Where:
    """Return what says where the workspace's gateway is; that is None while none runs."""
    beside = BesideIt(workspace, "gateway")

    def where() -> Gateway | None:
        told = read_announcement(workspace, "gateway")
        if told is None:
            return None
        address = str(told["addresses"]["http"]).replace("http", "ws", 1)
        tls = beside.context() if address.startswith("wss:") else None
        return Gateway(f"{address}{wire.PTZ_PATH}", secret(workspace, "gateway-console"), tls)

    return where


def candidates(city: City, spot: Position, streams: Collection[str]) -> list[Candidate]:
    """Return the cameras that turn, near a spot, best ranked first; one behind a building is marked `hidden`."""
    ranked = rank_cameras(city, spot, streams=streams, limit=MOST_ASKED)
    domes = [seen for seen in ranked if seen.mount is Mount.PTZ][:MOST_TURNED]
    return [
        Candidate(
            seen.camera_id,
            seen.name,
            aim_at(city.cameras[seen.camera_id], spot),
            hidden=seen.occluded,
            turn_s=seen.turn_s,
        )
        for seen in domes
    ]


class PtzLink:
    """One WebSocket in a thread of its own, opened again whenever it is lost. `heard` is called from that thread.

    Wishes said while it is down are dropped and counted: a move from before must not be made when it comes back.
    """

    def __init__(self, where: Where, seat: str, heard: Callable[[wire.Heard], None]) -> None:
        self._where, self._seat, self._heard = where, seat, heard
        self._lock = threading.Lock()
        self._waiting: OrderedDict[object, wire.Wish] = OrderedDict()
        self._number = 0
        self._is_up = False
        self.dropped = 0
        self._closing = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._something = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="ptz-link", daemon=True)
        self._thread.start()

    def say(self, wish: wire.Wish) -> None:
        """Put a wish on its way; of a camera's moves only the newest waits."""
        with self._lock:
            if not self._is_up or self._closing.is_set():
                self.dropped += 1
                return
            self._number += 1
            key: object = ("move", wish.camera_id) if isinstance(wish, wire.Move) else self._number
            self._waiting[key] = wish
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
                self.dropped += 1
        self._loop.call_soon_threadsafe(self._something.set)

    def close(self) -> None:
        """Send what waits, end the link and join the thread."""
        if not self._closing.is_set():
            self._closing.set()
            self._loop.call_soon_threadsafe(self._something.set)
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._keep_up())
        finally:
            self._loop.close()

    async def _keep_up(self) -> None:
        pause_s = RETRY_FIRST_S
        while not self._closing.is_set():
            why = await self._once()
            if why == "":
                pause_s = RETRY_FIRST_S
            self._down(why or "closed")
            await self._rest(pause_s)
            pause_s = min(RETRY_MOST_S, pause_s * 2)

    async def _once(self) -> str:
        """Serve one connection to its end; return why it could not be had, or "" after one that was."""
        where = await asyncio.to_thread(self._where)
        if where is None:
            return "the gateway is down"
        url, headers = f"{where.url}?seat={quote(self._seat)}", {"Authorization": f"Bearer {where.token}"}
        how: dict[str, Any] = {"ssl": where.tls} if where.tls is not None else {}
        try:
            async with connect(url, additional_headers=headers, proxy=None, open_timeout=OPEN_LIMIT_S, **how) as socket:
                self._up()
                await self._serve(socket)
        except (OSError, TimeoutError, WebSocketException) as error:
            return "" if self._is_up else type(error).__name__
        return ""

    async def _serve(self, socket: ClientConnection) -> None:
        tasks = [asyncio.create_task(self._send(socket)), asyncio.create_task(self._hear(socket))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while (wish := self._next()) is not None:
                await socket.send(msgspec.json.encode(wish).decode())
            if self._closing.is_set():
                return

    def _next(self) -> wire.Wish | None:
        with self._lock:
            return self._waiting.popitem(last=False)[1] if self._waiting else None

    async def _hear(self, socket: ClientConnection) -> None:
        async for data in socket:
            try:
                self._tell(wire.read_told(data))
            except msgspec.DecodeError as error:
                _log.warning("the gateway said what this console does not know: %s", error)

    def _up(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._is_up = True
        self._tell(wire.LinkUp())

    def _down(self, why: str) -> None:
        with self._lock:
            self.dropped += len(self._waiting)
            self._waiting.clear()
            self._is_up = False
        if not self._closing.is_set():
            self._tell(wire.LinkDown(why))

    def _tell(self, message: wire.Heard) -> None:
        try:
            self._heard(message)
        except RuntimeError:  # the window went before its link
            _log.debug("nobody hears the cameras any more")

    async def _rest(self, pause_s: float) -> None:
        """Wait before the next try, or until the link is closed."""
        if self._closing.is_set():
            return
        self._something.clear()
        try:
            async with asyncio.timeout(pause_s):
                while not self._closing.is_set():
                    await self._something.wait()
                    self._something.clear()
        except TimeoutError:
            return
