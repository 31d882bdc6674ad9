"""Cuts a stream of bytes into frames: pieces, many at once, garbage between, and a bound on what is held."""

from __future__ import annotations

from collections.abc import Iterator

from smartcity_console.intake.dc09.errors import FrameTooLong
from smartcity_console.intake.dc09.frame import CR, LF


class StreamFramer:
    """Feed it what arrives; it yields whole frames (LF to CR). Memory is bounded by `max_frame_bytes`.

    Bytes outside a frame are dropped and counted in `garbage_bytes`. A LF inside an unfinished frame begins a new
    one (DC-09 allows none in a body), so that one lost byte costs one frame.
    """

    def __init__(self, max_frame_bytes: int) -> None:
        self._max_frame_bytes = max_frame_bytes
        self._held = bytearray()
        self.garbage_bytes = 0

    @property
    def is_inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._held)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield each frame that the piece completes. Raises FrameTooLong; the connection is then of no more use."""
        self.hold(piece)
        while (frame := self.next_frame()) is not None:
            yield frame

    def hold(self, piece: bytes) -> None:
        """Take a piece in, for `next_frame`."""
        self._held += piece

    def next_frame(self) -> bytes | None:
        """Return the next whole frame, None when more must come. Raises FrameTooLong."""
        self._drop(self._held.find(LF))
        end = self._held.find(CR)
        begin = self._held.rfind(LF, 0, end if end >= 0 else len(self._held))
        if begin > 0:
            self._drop(begin)
            end = self._held.find(CR)
        if end < 0 and len(self._held) > self._max_frame_bytes:
            raise FrameTooLong(f"more than {self._max_frame_bytes} bytes without an end")
        return self._take(end + 1) if end >= 0 else None

    def _drop(self, count: int) -> None:
        """Drop the first `count` bytes as garbage; -1: all of them."""
        count = len(self._held) if count < 0 else count
        self.garbage_bytes += count
        del self._held[:count]

    def _take(self, count: int) -> bytes:
        if count > self._max_frame_bytes:
            raise FrameTooLong(f"longer than {self._max_frame_bytes} bytes")
        frame = bytes(self._held[:count])
        del self._held[:count]
        return frame
