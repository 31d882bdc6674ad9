"""The way by which a drill's director tells the feeds what to do: one JSON line an order over loopback, with a token.

    {"token": "…", "cues": {"act": 3.2}, "faults": {"GN-0003": "dark"}, "paused": false}
    {"at_s": 12345.6, "cues": ["act"]}

An order is the whole state, so that it can be sent again at any time, to feeds that were started anew too. `cues` says
how many seconds of play ago each came; what is known already stays. A camera that is not named has no fault.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.drill.feeds.darkness import dark_recording
from smartcity_console.drill.feeds.mount import Fault, Mount
from smartcity_console.drill.feeds.placement import DrillClockwork
from smartcity_console.drill.feeds.recording import UnreadableFeed

LONGEST_ORDER = 64 * 1024
_MOST_AT_ONCE = 4
_IDLE_S = 60.0
_log = logging.getLogger(__name__)


class StageOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of what the director wants of the feeds."""

    token: str
    cues: dict[str, float] = {}
    faults: dict[str, Fault] = {}
    paused: bool = False


class StageHands:
    """Serves orders on the feeds' event loop. `start`, then `close`."""

    def __init__(self, mounts: Mapping[str, Mount], clockwork: DrillClockwork, token: str, cache: Path) -> None:
        self._mounts, self._work, self._token, self._cache = mounts, clockwork, token, cache
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._one = asyncio.Lock()

    async def start(self) -> str:
        """Listen on a free port of loopback; return the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_ORDER)
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"tcp://{host}:{port}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._tasks) >= _MOST_AT_ONCE:
            writer.transport.abort()
            return
        self._tasks.add(task)
        try:
            async with asyncio.timeout(None) as limit:
                loop = asyncio.get_running_loop()
                limit.reschedule(loop.time() + _IDLE_S)
                while line := await reader.readline():
                    writer.write(msgspec.json.encode(await self._answer(line)) + b"\n")
                    await writer.drain()
                    limit.reschedule(loop.time() + _IDLE_S)
        except (OSError, TimeoutError, ValueError, asyncio.CancelledError):
            pass  # it went away, said nothing for long, or said too much: nothing of ours is lost
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            order = msgspec.json.decode(line, type=StageOrder)
        except msgspec.MsgspecError as error:
            return {"error": str(error)}
        if not hmac.compare_digest(order.token.encode(), self._token.encode()):
            return {"error": "token"}
        async with self._one:
            return await self._obey(order)

    async def _obey(self, order: StageOrder) -> dict[str, Any]:
        elapsed_s = next(iter(self._mounts.values())).time_line.elapsed_s()
        for cue_id, ago_s in order.cues.items():
            self._work.cue(cue_id, elapsed_s - max(0.0, ago_s))
        self._work.pause(order.paused, elapsed_s)
        troubles = [
            await self._fault(mount, order.faults.get(name, Fault.NONE)) for name, mount in self._mounts.items()
        ]
        unknown = sorted(set(order.faults) - set(self._mounts))
        told = [*filter(None, troubles), *(f"no camera {name}" for name in unknown)]
        return {"at_s": elapsed_s, "cues": sorted(self._work.cues), **({"error": "; ".join(told)} if told else {})}

    async def _fault(self, mount: Mount, fault: Fault) -> str:
        """Set a camera's fault where it is another; return what went wrong."""
        if mount.fault is fault:
            return ""
        if fault is not Fault.DARK:
            mount.set_fault(fault)
            return ""
        try:
            mount.darken(await asyncio.to_thread(dark_recording, mount.recording, self._cache))
        except UnreadableFeed as error:
            _log.error("%s", error.sentence("en"))
            return error.sentence("en")
        return ""
