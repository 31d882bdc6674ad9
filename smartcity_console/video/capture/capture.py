"""What a feed reads pictures from: one opened source. Two ways to decode stand behind it (see docs/design/wall.md)."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from smartcity_console.video.capture.source import Easing, Reason, Size

Pixels = NDArray[np.uint8]

__all__ = ["Canvas", "Capture", "Easing", "FeedEnded", "Grabbed", "Pixels"]


class Canvas(NamedTuple):
    """Memory to draw a picture into: uint8 (height, width, 4) BGRA, its address, and the bytes from row to row."""

    pixels: Pixels
    address: int
    stride: int


class FeedEnded(Exception):
    """A run is over, with the reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Grabbed(NamedTuple):
    """One decoded frame. `media_s` is the stream's own time; None when it has none worth trusting."""

    media_s: float | None
    size: Size
    damaged: bool = False


class Capture(Protocol):
    """An opened source, used by one thread."""

    @property
    def codec(self) -> str:
        """The codec's name in capitals (H264, HEVC, MJPEG); "" when unknown."""

    def grab(self) -> Grabbed | None:
        """Decode the next frame; None when the source has ended. Raises FeedEnded."""

    def draw(self, canvas: Canvas) -> None:
        """Draw the grabbed frame over the whole canvas, scaled to its size. Raises FeedEnded."""

    def seek(self, to_s: float) -> None:
        """Go to the frame at `to_s` of a recording."""

    def ease(self, to: Easing) -> None:
        """Decode with more or less care from the next chance on (a keyframe, where the codec needs one)."""

    def release(self) -> None:
        """Give everything back."""
