"""A camera's picture without light: black with a little noise, in the size and codec of its recording."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from smartcity_console.drill.feeds.recording import Recording, UnreadableFeed, read_recording

SECONDS, FPS = 4, 10
_BLACK, _NOISE = 17, 3  # of 16..235: a sensor is never quite dark


def dark_recording(recording: Recording, cache: Path) -> Recording:
    """Return it, made now or at an earlier time; blocks for about a second. Raises UnreadableFeed."""
    path = cache / f"dark-{recording.width_px}x{recording.height_px}.mp4"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            _write(part, recording.width_px & ~1, recording.height_px & ~1)
        except (av.FFmpegError, OSError) as error:
            part.unlink(missing_ok=True)
            raise UnreadableFeed(name=path.name, why=str(error)) from error
        part.replace(path)
    return read_recording(path)


def _write(path: Path, width: int, height: int) -> None:
    rng = np.random.default_rng(1)
    with av.open(str(path), "w", format="mp4") as sink:
        options = {"preset": "ultrafast", "crf": "30", "bf": "0"}
        stream = sink.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size = FPS
        for number in range(SECONDS * FPS):
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = _BLACK + rng.integers(0, _NOISE, (height, width), dtype=np.uint8)
            frame = VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
