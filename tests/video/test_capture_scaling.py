"""libswscale called on the slot's own memory draws what PyAV draws, within its rows, and PyAV stands in where it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from av.video.frame import VideoFrame

from smartcity_console.video.capture import scaling, swscale
from smartcity_console.video.capture.capture import Canvas
from smartcity_console.video.capture.scaling import Scaler
from smartcity_console.video.capture.source import Size

GUARD = 77


def frame_of(size: Size, form: str) -> VideoFrame:
    """Return slanted colours in a pixel format."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=-1).astype(np.uint8)
    return VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=form)


def canvas_of(size: Size, past_bytes: int = 0) -> tuple[Canvas, np.ndarray]:
    """Return a canvas whose rows are followed by guards, and all of its memory."""
    width, height = size
    stride = width * 4 + past_bytes
    memory = np.full((height, stride), GUARD, np.uint8)
    pixels = memory[:, : width * 4].reshape(height, width, 4)
    return Canvas(pixels, memory.ctypes.data, stride), memory


def drawn(scaler: Scaler, frame: VideoFrame, size: Size) -> np.ndarray:
    canvas, _ = canvas_of(size, 64)
    scaler.draw(frame, canvas)
    return canvas.pixels


@pytest.mark.parametrize("form", ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12", "yuv420p10le"])
@pytest.mark.parametrize("size", [(320, 180), (158, 90), (640, 360)])
def test_both_ways_draw_the_same(form: str, size: Size) -> None:
    assert scaling.LIBRARIES is not None, "PyAV's wheel brings libswscale"
    frame = frame_of((640, 360), form)
    ours, theirs = drawn(Scaler(), frame, size), drawn(Scaler(None), frame, size)
    assert np.abs(ours.astype(int) - theirs).max() <= 3
    assert (ours[..., 3] == 255).all()


def test_what_changes_in_the_stream_or_on_the_wall_is_followed() -> None:
    scaler = Scaler()
    for size, form, to in [((640, 360), "yuv420p", (320, 180)), ((320, 240), "yuv420p", (160, 120))] * 2:
        frame = frame_of(size, form)
        assert np.abs(drawn(scaler, frame, to).astype(int) - drawn(Scaler(None), frame, to)).max() <= 3


@pytest.mark.parametrize("width", [470, 472, 474, 294])
def test_nothing_is_written_past_what_a_row_is_rounded_up_to(width: int) -> None:
    """A slot's rows begin at multiples of 64 bytes; what is between them may be written to, and nothing else."""
    past = -width * 4 % 64
    canvas, memory = canvas_of((width, 266), past + 64)
    Scaler().draw(frame_of((640, 360), "yuv420p"), canvas)
    assert (memory[:, width * 4 + past :] == GUARD).all()


def test_where_the_libraries_are_not_found_pyav_draws(tmp_path: Path) -> None:
    assert swscale.find(tmp_path) is None
    for name in ("libswscale-0.so.9", "libavutil-0.so.60"):
        (tmp_path / name).write_bytes(b"no library")
    assert swscale.find(tmp_path) is None


def test_what_cannot_be_scaled_is_told() -> None:
    assert scaling.LIBRARIES is not None
    with pytest.raises(ValueError, match="no_such_format"):
        swscale.Context(scaling.LIBRARIES, swscale.Conversion("no_such_format", (64, 64), (32, 32), 1, False))
