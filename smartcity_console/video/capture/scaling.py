"""From a decoded frame (YUV, any size) to a tile's size in BGRA, in one step, with the right colours.

Which matrix a stream uses is in its VUI (ITU-T H.264 annex E, table E-5) when the camera fills it in. Where it says
nothing, HD is BT.709 and SD is BT.601, as every player has it; limited range unless told full.
"""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from smartcity_console.video.capture import swscale
from smartcity_console.video.capture.capture import Canvas, Pixels
from smartcity_console.video.capture.source import Size

LIBRARIES = swscale.find()
_HD_FROM_PX = 720  # lines
_MATRIX = {  # AVColorSpace, which is table E-5's matrix_coefficients
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
_FULL_RANGE_FORMATS = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "yuvj411p"})


class Scaler:
    """Keeps its tables as long as sizes stay the same. Used by one thread.

    Areas are averaged: at a quarter of the size `FAST_BILINEAR` looks at one pixel in four, so that fences break up and
    number plates cannot be read, and it costs the same.
    """

    def __init__(self, libraries: swscale.Libraries | None = LIBRARIES) -> None:
        self._libraries = libraries
        self._context: swscale.Context | None = None
        self._reformatter = VideoReformatter()

    def draw(self, frame: VideoFrame, canvas: Canvas) -> None:
        """Draw the frame over the whole canvas. Raises av.FFmpegError, ValueError."""
        if self._libraries is None:
            canvas.pixels[:] = self._by_pyav(frame, (canvas.pixels.shape[1], canvas.pixels.shape[0]))
        else:
            self._context_for(self._libraries, frame, canvas).scale(frame.planes, canvas.address, canvas.stride)

    def _context_for(self, libraries: swscale.Libraries, frame: VideoFrame, canvas: Canvas) -> swscale.Context:
        height, width = canvas.pixels.shape[:2]
        wanted = swscale.Conversion(
            frame.format.name,
            (frame.width, frame.height),
            (width, height),
            int(matrix_of(frame)),
            range_of(frame) is ColorRange.JPEG,
        )
        if self._context is None or self._context.conversion != wanted:
            self._context = swscale.Context(libraries, wanted)
        return self._context

    def _by_pyav(self, frame: VideoFrame, size: Size) -> Pixels:
        matrix = matrix_of(frame)
        made = self._reformatter.reformat(
            frame,
            *size,
            "bgra",
            src_colorspace=matrix,
            dst_colorspace=matrix,
            src_color_range=range_of(frame),
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return as_pixels(made)


def matrix_of(frame: VideoFrame) -> Colorspace:
    """Return the matrix the frame was made with."""
    unsaid = Colorspace.ITU709 if frame.height >= _HD_FROM_PX else Colorspace.ITU601
    return _MATRIX.get(int(frame.colorspace), unsaid)


def range_of(frame: VideoFrame) -> ColorRange:
    """Return whether black is 16 (MPEG) or 0 (JPEG)."""
    full = int(frame.color_range) == ColorRange.JPEG or frame.format.name in _FULL_RANGE_FORMATS
    return ColorRange.JPEG if full else ColorRange.MPEG


def as_pixels(frame: VideoFrame) -> Pixels:
    """Return a BGRA frame's own memory as uint8 (height, width, 4)."""
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)  # type: ignore[call-overload]
    return np.asarray(rows[:, : plane.width * 4].reshape(plane.height, plane.width, 4))
