"""One transmitter's TCP connection: frames in, in pieces or many at once; answers out in the order of the frames."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol, cast

from smartcity_console.clock import Clock
from smartcity_console.intake.dc09.counters import Counters
from smartcity_console.intake.dc09.errors import FrameTooLong
from smartcity_console.intake.dc09.framer import StreamFramer
from smartcity_console.intake.dc09.handler import Dc09Handler

_ANSWERS_AHEAD = 64  # frames of one connection that may wait for their commit before it is read no further
_PAUSE_S = 0.25  # for a sender over its limit


class Host(Protocol):
    """What a connection needs of the server it belongs to."""

    handler: Dc09Handler
    counters: Counters
    clock: Clock
    max_frame_bytes: int

    def admit(self, connection: Dc09Connection) -> bool: ...

    def known(self, connection: Dc09Connection) -> None: ...

    def gone(self, connection: Dc09Connection) -> None: ...


class _Slot:
    """The place of one answer in the row; called with the answer when it is there."""

    __slots__ = ("_connection", "answer")

    def __init__(self, connection: Dc09Connection) -> None:
        self._connection = connection
        self.answer: bytes | None = None

    def __call__(self, answer: bytes) -> None:
        self.answer = answer
        self._connection.flush()


class Dc09Connection(asyncio.Protocol):
    """Lives on the event loop. `since_s` is when it last gave a whole frame, on the monotonic clock."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._framer = StreamFramer(host.max_frame_bytes)
        self._row: deque[_Slot] = deque()
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._ended = self._slowed = self._reading_paused = self._busy = False
        self.since_s = host.clock.monotonic_s()
        self.choked_since_s: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._address = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._host.admit(self):
            self.abort()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget what waits: the answers nobody will hear. What they stand for may still be committed."""
        self._transport = None
        self._row.clear()
        self._host.counters.garbage_bytes += self._framer.garbage_bytes
        self._host.gone(self)

    def data_received(self, data: bytes) -> None:
        if not self._ended:
            self._pump(data)

    def eof_received(self) -> bool:
        """The sender has said all; stay until every answer is out."""
        self._ended = True
        self._end_when_done()
        return self._transport is not None

    def pause_writing(self) -> None:
        self.choked_since_s = self._host.clock.monotonic_s()
        self._govern()

    def resume_writing(self) -> None:
        self.choked_since_s = None
        self._govern()
        self._pump(b"")

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Close when what is written is out."""
        if self._transport is not None:
            self._transport.close()

    def flush(self) -> None:
        """An answer has come: send what is ready, and take what had to wait for it."""
        if not self._busy:
            self._pump(b"")

    def _pump(self, data: bytes) -> None:
        """Take frames and send answers until nothing more can be done; what must wait stays in the framer."""
        self._framer.hold(data)
        if self._busy or self._transport is None:
            return
        self._busy = True  # answers that are there at once come back in here
        try:
            while self._take_frames() and self._send_ready():
                continue
            self._send_ready()
        except FrameTooLong as error:
            self._give_up(error)
        finally:
            self._busy = False
        self._govern()
        self._end_when_done()

    def _take_frames(self) -> bool:
        """Hand frames on until none is whole (False) or too many wait (True)."""
        while not self._must_wait:
            if (raw := self._framer.next_frame()) is None:
                return False
            self.since_s = self._host.clock.monotonic_s()
            self._host.known(self)
            slot = _Slot(self)
            self._row.append(slot)
            if not self._host.handler.handle(raw, self._address, slot):
                self._slow_down()
        return True

    def _send_ready(self) -> bool:
        """Send the answers that are there, up to the first that is not; return whether there was one."""
        ready = []
        while self._row and self._row[0].answer is not None:
            ready.append(self._row.popleft().answer or b"")
        if (answers := b"".join(ready)) and self._transport is not None:
            self._transport.write(answers)
        return bool(ready)

    def _give_up(self, error: FrameTooLong) -> None:
        """End a connection whose bytes are no frames. What it holds is of no more use."""
        counters = self._host.counters
        counters.too_long += 1
        counters.garbage_bytes += self._framer.garbage_bytes
        self._framer = StreamFramer(self._host.max_frame_bytes)
        self._host.handler.record_refusal("", error.reason, self._address)
        self._ended = True
        self._send_ready()

    @property
    def _must_wait(self) -> bool:
        return self._slowed or self.choked_since_s is not None or len(self._row) >= _ANSWERS_AHEAD

    def _slow_down(self) -> None:
        self._slowed = True
        asyncio.get_running_loop().call_later(_PAUSE_S, self._go_on)

    def _go_on(self) -> None:
        self._slowed = False
        self._pump(b"")

    def _govern(self) -> None:
        """Read on or not, as the row and the sender's own appetite for answers allow."""
        if self._transport is None or self._ended or self._must_wait == self._reading_paused:
            return
        self._reading_paused = self._must_wait
        if self._reading_paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _end_when_done(self) -> None:
        if self._ended and not self._row and not self._slowed:
            self.close()
