"""What libav says while it reads and decodes: the only place where it tells of lost packets and of damaged slices.

libavformat's RTP receiver writes a line when packets are missing (rtpdec.c, "RTP: missed %d packets") and libavcodec one
when a slice cannot be decoded; neither reaches the packet or, for every codec, the frame. The lines are counted, never
shown or kept: they may carry an address with its password.
"""

from __future__ import annotations

import logging

import av.logging

_DECODERS = frozenset({"h264", "hevc", "mjpeg", "mpeg4", "av1", "vp8", "vp9"})

av.logging.set_level(av.logging.WARNING)
av.logging.set_skip_repeated(False)
logging.getLogger("libav").setLevel(logging.CRITICAL + 1)  # nothing of it comes into anybody's log


class Complaints:
    """Listens to what libav says in this thread from `begin` to `end`."""

    def __init__(self) -> None:
        self._capture = av.logging.Capture(local=True)
        self._lines: list[tuple[int, str, str]] = []

    def begin(self) -> Complaints:
        self._lines = self._capture.__enter__()
        return self

    def end(self) -> None:
        self._capture.__exit__(None, None, None)

    def damage(self) -> bool:
        """Say whether anything was lost or could not be decoded since the last call."""
        if not self._lines:
            return False
        found = any(_is_damage(*line) for line in self._lines)
        self._lines.clear()
        return found


def _is_damage(level: int, name: str, line: str) -> bool:
    if name in _DECODERS:
        return level <= av.logging.ERROR
    return "missed" in line and "packets" in line
