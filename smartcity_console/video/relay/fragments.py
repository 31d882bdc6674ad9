"""Fragmented MP4 out of the ring's growing end: what Media Source Extensions play."""

from __future__ import annotations

import msgspec

from smartcity_console.video.clip.mux import TICKS_PER_S, Mp4
from smartcity_console.video.clip.timeline import DecodingClock, usual_step
from smartcity_console.video.nal import mime_codec
from smartcity_console.video.relay.producer_time import producer_time
from smartcity_console.video.ring.format import SegmentHead
from smartcity_console.video.ring.reader import Taken

_FRAGMENT_US = 250_000
_OPTIONS = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": str(_FRAGMENT_US)}
_SAMPLE = 16  # packets from which the reordering of a stream with B-pictures is read


class Fragment(msgspec.Struct, frozen=True):
    """prft + moof + mdat; a player can begin at one whose first picture is a keyframe."""

    data: bytes
    is_key: bool


class _Sink:
    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


class Fragmenter:
    """Turns packets of one picture format into fragments. `init` is the segment that must come before them all."""

    def __init__(self, first: Taken) -> None:
        """Begin at a keyframe. Raises NotMuxable, ValueError, av.FFmpegError."""
        self.head = first.head
        self._sink = _Sink()
        self._mp4 = Mp4(self._sink, first.head, first.record.payload, _OPTIONS)
        self.mime = f'video/mp4; codecs="{mime_codec(first.head.codec, self._mp4.extradata)}"'
        self._mp4.begin()
        self.init = self._sink.take()
        self._clock: DecodingClock | None = None
        self._waiting: list[tuple[Taken, int]] = []
        self._session = first.head.session
        self._shift = -self._ticks(first)
        self._highest = 0
        self._step = 0
        self._next_is_key = True
        self._newest = (first.record.utc_us, 0)  # reception and media time of the packet muxed last

    def close(self) -> None:
        self._mp4.close()
        self._sink.take()

    def fits(self, head: SegmentHead) -> bool:
        """Say whether packets under this head can go on in the same stream."""
        return (head.codec, head.extradata) == (self.head.codec, self.head.extradata)

    def add(self, taken: Taken) -> list[Fragment]:
        """Take the next packet; return the fragments that it completed."""
        pts = self._place(taken)
        if self._clock is not None:
            return self._mux(self._clock, taken, pts)
        self._waiting.append((taken, pts))
        if self._mp4.has_b_pictures and len(self._waiting) < _SAMPLE:
            return []
        clock = self._clock = DecodingClock([p for _, p in self._waiting])
        waiting, self._waiting = self._waiting, []
        return [fragment for held, at in waiting for fragment in self._mux(clock, held, at)]

    def _ticks(self, taken: Taken) -> int:
        return round(taken.record.pts * taken.head.time_base * TICKS_PER_S)

    def _place(self, taken: Taken) -> int:
        """Lay the packet on one timeline without holes: a player stops at a hole, so a new connection joins directly."""
        if taken.head.session != self._session:
            self._session = taken.head.session
            self._shift = self._highest + (self._step or usual_step(())) - self._ticks(taken)
        at = self._ticks(taken) + self._shift
        if at > self._highest:
            self._step, self._highest = at - self._highest, at
        return at

    def _mux(self, clock: DecodingClock, taken: Taken, pts: int) -> list[Fragment]:
        pts, dts = clock.stamp(pts)
        self._mp4.add(taken.record.payload, pts, dts, taken.record.is_key)
        data = self._sink.take()  # what lay before this packet; a keyframe always begins a fragment of its own
        newest, self._newest = self._newest, (taken.record.utc_us, pts)
        if not data:
            return []
        made = Fragment(producer_time(*newest) + data, self._next_is_key)
        self._next_is_key = taken.record.is_key
        return [made]
