"""Encodes pictures as a camera would: H.264 High, 4:2:0, closed groups of two seconds, no B-frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

FPS, KEYFRAME_S = 15, 2
PRESET = "slow"


@dataclass(frozen=True)
class Rate:
    """What an encoder may spend, in kbit/s: `crf` the wanted quality, `most` the bound that keeps files small."""

    crf: float
    most: int


def rate_for(width_px: int) -> Rate:
    """Return the rate of a feed: about 350 kbit/s at 640 pixels wide, 650 at 1920."""
    return Rate(25.0, 320) if width_px <= 960 else Rate(27.0, 600)


def encode(pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], path: Path, rate: Rate) -> int:
    """Write RGB pictures (h, w, 3) to an MP4 file and return how many; `path` appears only when it is whole."""
    part = path.with_suffix(".part.mp4")
    count = 0
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS, options=_options(rate))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = count, Fraction(1, FPS)
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode(None))
    part.replace(path)
    return count


def _options(rate: Rate) -> dict[str, str]:
    group = FPS * KEYFRAME_S
    x264 = f"keyint={group}:min-keyint={group}:scenecut=0:open-gop=0:bframes=0:vbv-maxrate={rate.most}:vbv-bufsize={rate.most * 2}"
    return {"preset": PRESET, "profile": "high", "crf": str(rate.crf), "threads": "1", "x264-params": x264}
