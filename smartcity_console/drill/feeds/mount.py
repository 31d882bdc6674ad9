"""One camera of the feed server: reads its recording while somebody watches; all viewers get the same packets."""

from __future__ import annotations

import asyncio
import enum
import itertools
import logging
import os
import secrets
from collections.abc import Sequence
from typing import Protocol

import av
import msgspec

from smartcity_console.clock import Clock
from smartcity_console.drill.feeds.placement import DrillClockwork, PlacedPlayback
from smartcity_console.drill.feeds.recording import Playback, Recording, Unit
from smartcity_console.drill.feeds.rtp import RtpStream, rtp_sequence, rtp_time
from smartcity_console.drill.scenario.model import FeedSpec

_log = logging.getLogger(__name__)
_REPORT_EVERY_S = 5.0
_YIELD_EVERY = 20  # units sent without a wait while catching up, before other mounts get their turn
_RTP_HEAD_BYTES = 12
_LOSE_EVERY = 20


class Fault(enum.StrEnum):
    """What a drill may do to a camera."""

    NONE = "none"
    PAUSE = "pause"  # connected, but no packet comes: the picture freezes
    MUTE = "mute"  # takes the connection and never answers
    REFUSE = "refuse"  # answers 503 and drops who watches
    GARBAGE = "garbage"  # packets in time and order, but noise where the picture should be
    LOSS = "loss"  # one packet in twenty does not come
    DARK = "dark"  # the light is gone: a black picture with the camera's own noise


class LoopClock(msgspec.Struct, frozen=True):
    """The one time line of all feeds: the loop's phase at any moment is (monotonic - epoch) mod loop."""

    clock: Clock
    epoch_monotonic_s: float

    def elapsed_s(self) -> float:
        return max(0.0, self.clock.monotonic_s() - self.epoch_monotonic_s)


class Viewer(Protocol):
    """A session that is being played to. Neither call may block; a viewer too slow drops itself."""

    def send(self, packets: Sequence[bytes]) -> None: ...

    def report(self, stream: RtpStream, since_epoch_s: float) -> None: ...

    def drop(self) -> None: ...


class Placement(msgspec.Struct, frozen=True):
    """How a drill places a recording in its time."""

    spec: FeedSpec
    clockwork: DrillClockwork


class Mount:
    """Reads only while it has viewers. All on one event loop; `close` ends the reading task."""

    def __init__(
        self,
        camera_id: str,
        recording: Recording,
        time_line: LoopClock,
        loop_s: float,
        placement: Placement | None = None,
    ) -> None:
        self.camera_id = camera_id
        self.recording = recording
        self._placement = placement
        self._lit = recording  # what is played while it is not dark
        self.fault = Fault.NONE
        self.loop_s = loop_s
        self.time_line = time_line
        self._viewers: set[Viewer] = set()
        self._group: list[bytes] = []  # RTP packets since the last keyframe: what a new viewer needs first
        self._task: asyncio.Task[None] | None = None
        self._stream: RtpStream | None = None
        self._last_report_s = 0.0
        self._counted = itertools.count()

    def switch(self, recording: Recording) -> None:
        """Play another recording from now on. Called on the server's event loop.

        Of the same codec, it follows in the same RTP stream (give it its parameter sets in band); of another one, who
        watches is dropped and finds the new one described.
        """
        was, self.recording, self.loop_s = self.recording, recording, recording.duration_s
        self._lit = recording
        if recording.codec != was.codec:
            self._begin_anew()

    def darken(self, dark: Recording) -> None:
        """Play a dark recording instead, until another fault is set. Called on the server's event loop.

        It has parameter sets of its own: who watches is dropped and finds it described, a second's gap.
        """
        self.fault, self.recording = Fault.DARK, dark
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._end_reading()
        self._drop_viewers()

    def _end_reading(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._group = None, []

    def _drop_viewers(self) -> None:
        for viewer in tuple(self._viewers):
            viewer.drop()

    def set_fault(self, fault: Fault) -> None:
        """Begin or end a fault; darkness needs a recording (`darken`). Called on the server's event loop."""
        self.fault = fault
        if self.recording is not self._lit:
            self.recording = self._lit
            self._begin_anew()
        if fault is Fault.REFUSE:
            self._drop_viewers()

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    async def first_packet(self) -> tuple[int, int] | None:
        """Begin reading if nobody watches yet; return sequence number and RTP time that a new viewer will get first.

        None: the recording can no longer be read (the log says why).
        """
        if self._task is None or self._task.done():
            self._group = []
            self._task = asyncio.create_task(self._run(), name=f"feed {self.camera_id}")
        while not self._group and not self._task.done():
            await asyncio.sleep(0.002)
        return (rtp_sequence(self._group[0]), rtp_time(self._group[0])) if self._group else None

    def join(self, viewer: Viewer) -> None:
        """Send the current group of pictures at once, then everything as it comes."""
        if self.fault is not Fault.PAUSE:
            viewer.send(self._harmed(self._group))
            if self._stream:
                viewer.report(self._stream, self.time_line.elapsed_s())
        self._viewers.add(viewer)

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)

    async def close(self) -> None:
        """Stop reading and wait until it has stopped."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        """Read until nobody has watched for a while (a viewer between DESCRIBE and PLAY counts as somebody)."""
        try:
            playback = self._open()
        except (av.FFmpegError, OSError) as error:
            _log.error("feed %s: %s", self.camera_id, error)
            return
        stream = self._stream = RtpStream(playback.stream, secrets.randbits(31) | 1)
        try:
            played_s: float | None = float("-inf")
            while played_s is not None and (played_s := await self._play(playback, stream, played_s)) is not None:
                playback.close()
                playback = self._open()
        except (av.FFmpegError, OSError) as error:
            _log.error("feed %s ends: %s", self.camera_id, error)
            self._drop_viewers()
        finally:
            if self._stream is stream:  # else another reading has begun since
                self._stream = None
            stream.close()
            playback.close()

    def _open(self) -> Playback:
        """Open what is to be played now. Raises av.FFmpegError, OSError."""
        if self._placement is None or self.fault is Fault.DARK:
            return Playback(self.recording, self.recording.duration_s if self.fault is Fault.DARK else self.loop_s)
        return PlacedPlayback(self.recording, self._placement.spec, self._placement.clockwork)

    def _changes(self) -> int:
        return self._placement.clockwork.changes if self._placement is not None else 0

    async def _play(self, playback: Playback, stream: RtpStream, sent_s: float) -> float | None:
        """Play from the first keyframe after `sent_s` until nobody watches (None), or until another recording is to be
        played; then return up to when it was played."""
        alone_since_s, changes = self.time_line.elapsed_s(), self._changes()
        later = itertools.dropwhile(lambda unit: not unit.is_key or unit.due_s <= sent_s, playback.units(alone_since_s))
        for number, unit in enumerate(later):
            await self._wait_for(unit, number)
            if playback.recording is not self.recording or changes != self._changes():
                return sent_s
            sent_s, now_s = unit.due_s, self.time_line.elapsed_s()
            if self._viewers:
                alone_since_s = now_s
            elif now_s - alone_since_s > 2.0:
                break
            self._send(unit, stream.packets(unit))
            self._report(stream, now_s)
        return None

    async def _wait_for(self, unit: Unit, number: int) -> None:
        wait_s = unit.due_s - self.time_line.elapsed_s()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        elif number % _YIELD_EVERY == 0:
            await asyncio.sleep(0)

    def _send(self, unit: Unit, packets: list[bytes]) -> None:
        if unit.is_key:
            self._group = []
        self._group += packets
        if self.fault is not Fault.PAUSE:
            harmed = self._harmed(packets)
            for viewer in tuple(self._viewers):
                viewer.send(harmed)

    def _harmed(self, packets: list[bytes]) -> list[bytes]:
        """Return what really goes out. What is kept for those who join later stays whole."""
        if self.fault is Fault.GARBAGE:
            return [p[:_RTP_HEAD_BYTES] + os.urandom(max(0, len(p) - _RTP_HEAD_BYTES)) for p in packets]
        if self.fault is Fault.LOSS:
            return [packet for packet in packets if next(self._counted) % _LOSE_EVERY]
        return packets

    def _report(self, stream: RtpStream, now_s: float) -> None:
        if now_s - self._last_report_s >= _REPORT_EVERY_S and self.fault is not Fault.PAUSE:
            self._last_report_s = now_s
            for viewer in tuple(self._viewers):
                viewer.report(stream, now_s)
