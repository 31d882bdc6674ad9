"""A moving test card whose pictures carry their own number, to follow a picture over its whole way."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

NUMBER_BITS = 16
_Picture = npt.NDArray[np.uint8]


def write_testcard(
    path: Path,
    *,
    codec: str = "libx264",
    seconds: float = 4.0,
    fps: int = 15,
    size: tuple[int, int] = (320, 180),
    keyframe_every: int = 15,
    b_pictures: int = 0,
) -> Path:
    """Write a recording of `size` (width, height) whose n-th picture shows n. Raises av.FFmpegError."""
    with av.open(str(path), "w") as sink:
        options = {"preset": "ultrafast"} if codec.startswith("libx26") else {}
        if codec == "libx264":
            options |= {"bf": str(b_pictures), "sc_threshold": "0", "b_strategy": "0"}
        if codec == "libx265":
            options["x265-params"] = f"log-level=none:bframes={b_pictures}:keyint={keyframe_every}:scenecut=0"
        stream = cast(VideoStream, sink.add_stream(codec, rate=fps, options=options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = keyframe_every
        for number in range(round(seconds * fps)):
            frame = VideoFrame.from_ndarray(draw(number, size), format="rgb24").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, fps)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path


def draw(number: int, size: tuple[int, int]) -> _Picture:
    """Return picture `number` as height x width x 3 RGB: its number as blocks along the top, a bar that moves below."""
    width, height = size
    picture = np.full((height, width, 3), 96, np.uint8)
    picture[:, :, 2] = np.linspace(0, 255, width, dtype=np.uint8)
    block = width // NUMBER_BITS
    for bit in range(NUMBER_BITS):
        picture[: height // 4, bit * block : (bit + 1) * block] = 255 * (number >> bit & 1)
    left = (number * 4) % (width - block)
    picture[height // 2 :, left : left + block] = 230
    return picture


def number_shown(picture: _Picture) -> int:
    """Read the number back from a decoded picture (height x width x 3)."""
    block = picture.shape[1] // NUMBER_BITS
    row = picture[picture.shape[0] // 8, :, :].mean(axis=1)
    middles = row[block // 2 : block * NUMBER_BITS : block]
    return sum(1 << bit for bit, level in enumerate(middles) if level > 128)
