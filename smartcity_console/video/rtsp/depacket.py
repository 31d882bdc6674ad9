"""RTP payloads to coded pictures: H.264 (RFC 6184), H.265 (RFC 7798); and to coded sound: AAC (RFC 3640), G.711.

The inner loop of the recorder: one call a packet, thousands a second, so it copies a payload once and no more.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from smartcity_console.video.rtsp.sdp import Track

_START = b"\x00\x00\x00\x01"
_MOST_PARTS = 40_000  # fragments of one picture: 50 MB; what is longer is no picture
_AAC_SAMPLES = 1024  # of a frame: ISO/IEC 14496-3 4.5.1.1


class Unit(msgspec.Struct, frozen=True):
    """One coded picture (Annex B) or one frame of sound. `stamp` is its RTP time stamp as sent, 32 bits."""

    payload: bytes
    stamp: int
    is_key: bool
    is_damaged: bool


class Depacketiser(Protocol):
    def push(self, data: memoryview, marker: bool, stamp: int, lost: bool) -> Unit | list[Unit] | None:
        """Take one RTP payload; return what it completes. `lost`: packets before it are missing."""
        ...


def depacketiser(track: Track) -> Depacketiser:
    """Return the depacketiser of a track whose codec is known."""
    if track.kind == "video":
        return Pictures(track.codec)
    return Aac(track.size_bits, track.index_bits) if track.codec == "aac" else Samples()


class Pictures:
    """Collects NAL units to access units. A picture ends with the marker bit, or where the time stamp changes.

    Some cameras set the marker on every slice: when a slice follows a marker under the same time stamp, the marker is
    not believed from then on.
    """

    def __init__(self, codec: str) -> None:
        self._is_hevc = codec == "hevc"
        self._parts: list[bytes | memoryview] = []
        self._stamp = 0
        self._has_slice = self._is_key = self._is_damaged = self._in_fragment = False
        self._given_stamp: int | None = None
        self._marker_lies = False

    def push(self, data: memoryview, marker: bool, stamp: int, lost: bool) -> Unit | list[Unit] | None:
        done = None
        if stamp != self._stamp:
            done = self._give() if self._has_slice else None
            self._stamp = stamp
        if lost:
            self._is_damaged, self._in_fragment = True, False
        if len(data) > 2:
            self._take(data)
        if not marker or not self._has_slice or self._marker_lies:
            return done
        if stamp == self._given_stamp:
            self._marker_lies = self._is_damaged = True
        last = self._give()
        return last if done is None else [done, last]

    def _take(self, data: memoryview) -> None:
        if self._is_hevc:
            kind = data[0] >> 1 & 0x3F
            if kind == 49:
                self._fragment(data, 3, data[2], bytes((data[0] & 0x81 | (data[2] & 0x3F) << 1, data[1])))
            elif kind == 48:
                self._aggregate(data, 2)
            elif kind < 48:
                self._unit(data)
            return
        kind = data[0] & 0x1F
        if kind == 28:
            self._fragment(data, 2, data[1], bytes((data[0] & 0xE0 | data[1] & 0x1F,)))
        elif kind == 24:
            self._aggregate(data, 1)
        elif 0 < kind < 24:
            self._unit(data)

    def _fragment(self, data: memoryview, at: int, head: int, unit_head: bytes) -> None:
        if head & 0x80:
            self._parts += (_START, unit_head)
            self._note(unit_head, data[at:])
            self._in_fragment = True
        elif not self._in_fragment:
            self._is_damaged = True  # its beginning is missing: a unit without a head is none
            return
        if len(self._parts) < _MOST_PARTS:
            self._parts.append(data[at:])
        else:
            self._is_damaged = True
        if head & 0x40:
            self._in_fragment = False

    def _aggregate(self, data: memoryview, at: int) -> None:
        while at + 2 <= len(data):
            size = data[at] << 8 | data[at + 1]
            at += 2
            if size == 0 or at + size > len(data):
                self._is_damaged = True
                return
            self._unit(data[at : at + size])
            at += size

    def _unit(self, data: memoryview) -> None:
        self._in_fragment = False
        if len(self._parts) < _MOST_PARTS:
            self._parts += (_START, data)
            self._note(data, data[1:])

    def _note(self, head: bytes | memoryview, body: memoryview) -> None:
        """Learn of a unit whether it holds a slice, and whether a decoder can begin at it."""
        if self._is_hevc:
            kind = head[0] >> 1 & 0x3F
            self._has_slice |= kind < 32
            self._is_key |= 16 <= kind <= 23  # IRAP
            return
        kind = head[0] & 0x1F
        self._has_slice |= 1 <= kind <= 5
        if kind == 5 or (kind == 6 and len(body) > 0 and body[0] == 6):  # IDR, or SEI recovery point (H.264 D.1.8)
            self._is_key = True

    def _give(self) -> Unit:
        unit = Unit(b"".join(self._parts), self._stamp, self._is_key, self._is_damaged)
        self._given_stamp = self._stamp
        self._parts = []
        self._has_slice = self._is_key = self._is_damaged = self._in_fragment = False
        return unit


class Aac:
    """AU headers, then the frames (RFC 3640 3.2.1); a frame split over packets ends with the marker."""

    def __init__(self, size_bits: int, index_bits: int) -> None:
        self._size_bits, self._header_bits = size_bits, size_bits + index_bits
        self._begun = b""
        self._wanted = 0

    def push(self, data: memoryview, marker: bool, stamp: int, lost: bool) -> Unit | list[Unit] | None:
        del marker
        if len(data) < 4:
            return None
        bits = data[0] << 8 | data[1]
        count, at = bits // self._header_bits, 2 + (bits + 7) // 8
        headers = int.from_bytes(data[2:at], "big")
        padding = 8 * (at - 2)
        sizes = [
            headers >> (padding - n * self._header_bits - self._size_bits) & ((1 << self._size_bits) - 1)
            for n in range(min(count, 64))
        ]
        if lost:
            self._begun = b""
        if len(sizes) == 1 and sizes[0] > len(data) - at:
            return self._piece(bytes(data[at:]), sizes[0], stamp)
        units = []
        for n, size in enumerate(sizes):
            frame = bytes(data[at : at + size])
            at += size
            if frame:
                stamped = (stamp + n * _AAC_SAMPLES) & 0xFFFFFFFF
                units.append(Unit(frame, stamped, False, len(frame) < size))
        return units

    def _piece(self, piece: bytes, wanted: int, stamp: int) -> Unit | None:
        self._begun = (self._begun if self._wanted == wanted else b"") + piece
        self._wanted = wanted
        if len(self._begun) < wanted:
            return None
        whole, self._begun, self._wanted = self._begun[:wanted], b"", 0
        return Unit(whole, stamp, False, False)


class Samples:
    """G.711: a payload is its samples (RFC 3551 4.5.14)."""

    def push(self, data: memoryview, marker: bool, stamp: int, lost: bool) -> Unit | list[Unit] | None:
        del marker, lost
        return Unit(bytes(data), stamp, False, False) if len(data) else None
