"""The DC-09 receiver on TCP: frames in, commits awaited, answers out in the order of the frames."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.dc09 import POLLS, Frame, StreamFramer, parse_frame, read_alerts
from smartcity_console.intake.dc09.errors import FrameDamaged, FrameNotUnderstood, FrameTooLong
from smartcity_console.intake.dc09.replies import ack, duh, nak
from smartcity_console.intake.dc09.timestamp import in_window
from smartcity_console.intake.inbox import Inbox
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ids import new_id
from smartcity_console.settings import Settings

PROTOCOL = "dc09"
_READ_BYTES = 16 * 1024
_ANSWERS_AHEAD = 64  # frames of one connection that may wait for their commit before it is read no further
_WRITE_LIMIT_S = 10.0
_REFUSALS_RECORDED = 20  # of one connection; what it sends beyond is counted, so that garbage cannot fill the journal
_log = logging.getLogger(__name__)


class Counters(msgspec.Struct):
    """What the receiver did since it started."""

    connections: int = 0
    connections_refused: int = 0
    frames: int = 0
    acks: int = 0
    naks: int = 0
    duhs: int = 0
    unanswered: int = 0  # the commit failed: the sender must send again
    too_long: int = 0
    idle_closed: int = 0
    garbage_bytes: int = 0
    refusals_not_recorded: int = 0


class Dc09Server:
    """Owns the listening socket and every connection it accepts."""

    name = PROTOCOL

    def __init__(self, inbox: Inbox, sock: socket.socket, settings: Settings, clock: Clock) -> None:
        """`sock` listens already: a port in use is told before anything is written."""
        self.inbox, self.clock, self._sock = inbox, clock, sock
        self.max_frame_bytes = settings.whole("intake.max_frame_bytes")
        self.idle_s = settings.number("intake.idle_s")
        self._most_connections = settings.whole("intake.max_connections")
        self.counters = Counters()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Accept connections."""
        self._server = await asyncio.start_server(self._accept, sock=self._sock, limit=_READ_BYTES)

    def figures(self) -> Mapping[str, Any]:
        """Return the counters."""
        return dict(msgspec.to_builtins(self.counters))

    async def stop(self) -> None:
        """Accept no more and end every connection. What was not committed was not acknowledged."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= self._most_connections:
            self.counters.connections_refused += 1
            writer.transport.abort()
            return
        self.counters.connections += 1
        task = asyncio.create_task(_Connection(self, reader, writer).run())
        self._open.add(task)
        task.add_done_callback(self._open.discard)


class _Connection:
    """One transmitter: a reader that starts an answer for each frame, a writer that sends them in order."""

    def __init__(self, server: Dc09Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._framer = StreamFramer(server.max_frame_bytes)
        self._answers: asyncio.Queue[asyncio.Task[bytes] | None] = asyncio.Queue(_ANSWERS_AHEAD)
        self._refusals = 0

    async def run(self) -> None:
        """Serve until the sender closes; when one side fails the other ends with it."""
        try:
            async with asyncio.TaskGroup() as sides:
                sides.create_task(self._write())
                sides.create_task(self._read_all())
        except* (OSError, TimeoutError) as errors:
            _log.info("dc09 connection ended: %s", type(errors.exceptions[0]).__name__)
        finally:
            self._server.counters.garbage_bytes += self._framer.garbage_bytes
            await self._end()

    async def _read_all(self) -> None:
        await self._read()
        await self._answers.put(None)

    async def _read(self) -> None:
        """Read until the sender closes, is silent for too long, or sends what can be no frame."""
        counters = self._server.counters
        try:
            while piece := await self._piece():
                for raw in self._framer.feed(piece):
                    counters.frames += 1
                    await self._answers.put(asyncio.create_task(self._answer(raw)))
        except TimeoutError:
            counters.idle_closed += 1
        except FrameTooLong as error:
            counters.too_long += 1
            self._record_refusal("", error.reason)

    async def _piece(self) -> bytes:
        async with asyncio.timeout(self._server.idle_s):
            return await self._reader.read(_READ_BYTES)

    async def _write(self) -> None:
        while task := await self._answers.get():
            reply = await task
            if reply:
                self._writer.write(reply)
                async with asyncio.timeout(_WRITE_LIMIT_S):
                    await self._writer.drain()

    async def _end(self) -> None:
        """Drop the answers nobody will hear (what they stand for may still be committed) and close."""
        while not self._answers.empty():
            task = self._answers.get_nowait()
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _answer(self, raw: bytes) -> bytes:
        """Return the reply to one frame; b"" when it could not be stored: silence makes the sender send it again."""
        frame: Frame | None = None
        try:
            frame = parse_frame(raw)
            await self._handle(frame)
        except FrameDamaged as error:
            return self._refuse_damaged(frame, error)
        except FrameNotUnderstood as error:
            return self._refuse_unknown(frame, error)
        except ConsoleError:  # told by the inbox, once for as long as it lasts
            self._server.counters.unanswered += 1
            return b""
        self._server.counters.acks += 1
        return ack(frame)

    async def _handle(self, frame: Frame) -> None:
        """Store what a frame says. A stored one sent again keeps its first time stamp, which is not judged again."""
        now, inbox = self._server.clock.now(), self._server.inbox
        if frame.encrypted:
            raise FrameNotUnderstood("it is encrypted and this account has no key here")
        if frame.timestamp and not in_window(frame.timestamp, now) and not inbox.is_stored(frame.digest):
            raise FrameDamaged(_off_by(frame.timestamp, now))
        if frame.id in POLLS:
            return await inbox.put_poll(frame.account)
        arrivals = read_alerts(frame, now, lambda: new_id("alert", now, os.urandom))
        return await inbox.put_alerts(frame.account, frame.digest, arrivals)

    def _refuse_damaged(self, frame: Frame | None, error: FrameDamaged) -> bytes:
        self._server.counters.naks += 1
        self._record_refusal(frame.account if frame else "", error.reason)
        return nak(self._server.clock.now())

    def _refuse_unknown(self, frame: Frame | None, error: FrameNotUnderstood) -> bytes:
        self._server.counters.duhs += 1
        self._record_refusal(frame.account if frame else "", error.reason)
        return duh(frame)

    def _record_refusal(self, account: str, reason: str) -> None:
        self._refusals += 1
        if self._refusals <= _REFUSALS_RECORDED:
            self._server.inbox.put_refusal(account, PROTOCOL, reason)
        else:
            self._server.counters.refusals_not_recorded += 1


def _off_by(sent: datetime, now: datetime) -> str:
    seconds = (sent - now).total_seconds()
    side = "ahead" if seconds > 0 else "behind"
    return f"its time is {abs(seconds):.0f} s {side}"
