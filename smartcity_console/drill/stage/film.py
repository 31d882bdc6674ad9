"""Encodes pictures as a camera would: H.264 High, 4:2:0, closed groups of two seconds, no B-frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

FPS, KEYFRAME_S = 15, 2
PRESET = "medium"


@dataclass(frozen=True)
class Rate:
    """What an encoder may spend, in kbit/s: `crf` the wanted quality, `most` the bound that keeps files small."""

    crf: float
    most: int


def rate_for(width_px: int) -> Rate:
    """Return the rate of a feed: about 350 kbit/s at 640 pixels wide, 650 at 1920."""
    return Rate(25.0, 320) if width_px <= 960 else Rate(27.0, 600)


SHIPPED = Rate(27.0, 220)  # of a scenario's feeds: eight of them must fit into 120 MB


class Film:
    """An MP4 file being written picture by picture; `path` appears only when it is whole."""

    def __init__(self, path: Path, size: tuple[int, int], rate: Rate | None = None) -> None:
        self.path, self.count = path, 0
        self._open = True
        self._part = path.with_suffix(".part.mp4")
        self._container = av.open(str(self._part), "w", format="mp4", options={"movflags": "+faststart"})
        stream = self._container.add_stream("libx264", rate=FPS, options=_options(rate or rate_for(size[0])))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FPS)
        self._stream = stream

    def add(self, picture: NDArray[np.uint8], times: int = 1) -> None:
        """Append one RGB picture (h, w, 3), shown `times` times."""
        for _ in range(times):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = self.count, Fraction(1, FPS)
            self._container.mux(self._stream.encode(frame))
            self.count += 1

    def finish(self) -> Path:
        """Close the file, give it its name and return it."""
        self._container.mux(self._stream.encode(None))
        self._close()
        return self._part.replace(self.path)

    def drop(self) -> None:
        """Give up a film that is not finished; nothing of it is left. After `finish` this does nothing."""
        if self._open:
            self._close()
            self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        self._open = False
        self._container.close()


def _options(rate: Rate) -> dict[str, str]:
    group = FPS * KEYFRAME_S
    x264 = f"keyint={group}:min-keyint={group}:scenecut=0:open-gop=0:bframes=0:vbv-maxrate={rate.most}:vbv-bufsize={rate.most * 2}"
    return {"preset": PRESET, "profile": "high", "crf": str(rate.crf), "threads": "1", "x264-params": x264}
