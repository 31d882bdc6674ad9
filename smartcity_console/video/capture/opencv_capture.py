"""A source read by OpenCV: files, V4L2 devices, and everything else when `capture.decoder` is "opencv".

OpenCV opens one source at a time in a process (opencv#24229) and takes its options from the environment; `turn` is the
lock around both. It decodes and converts to BGR at full size, whatever size is wanted.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from smartcity_console.video.capture.capture import Canvas, Easing, FeedEnded, Grabbed, Pixels
from smartcity_console.video.capture.messages import Limits
from smartcity_console.video.capture.opencv import cv2
from smartcity_console.video.capture.source import DEVICE, Reason, Size, SourceKind, TileSource, Transport

# libavformat leaves alone what a protocol does not know. A quick look (0.1 s instead of up to 5 s) is enough where the
# SDP carries the parameter sets, and an open then holds up the next one for some ten milliseconds instead of a second.
# Not `fflags;nobuffer`: it throws the packets of that look away, the keyframe among them, and a camera with a keyframe
# every eight seconds then stays dark past the read limit.
_OPTIONS = "rtsp_transport;{}|flags;low_delay|max_delay;200000"
_QUICK = "|analyzeduration;100000"
_SHARPEN_FROM = 1.5  # shrinking by more than this averages areas; less is sampled


class OpenCvCapture:
    """See `Capture`. Cannot be eased and cannot tell a damaged frame."""

    def __init__(self, capture: Any, read_on: Callable[[], None]) -> None:
        """`read_on` is called before each frame."""
        self._capture = capture
        self._read_on = read_on
        self._bgr: Pixels | None = None
        self._small: Pixels | None = None
        self._size: Size = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        self.codec = _fourcc(capture)

    def grab(self) -> Grabbed | None:
        self._read_on()
        if not self._capture.grab():
            return None
        return Grabbed(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000, self._real_size())

    def _real_size(self) -> Size:
        return (self._bgr.shape[1], self._bgr.shape[0]) if self._bgr is not None else self._size

    def draw(self, canvas: Canvas) -> None:
        ok, self._bgr = self._capture.retrieve(self._bgr)
        if not ok or self._bgr is None:
            raise FeedEnded(Reason.OPEN_FAILED, "no picture")
        size = canvas.pixels.shape[1], canvas.pixels.shape[0]
        cv2.cvtColor(self._scaled(self._bgr, size), cv2.COLOR_BGR2BGRA, dst=canvas.pixels)

    def _scaled(self, bgr: Pixels, size: Size) -> Pixels:
        if size == (bgr.shape[1], bgr.shape[0]):
            return bgr
        shrink = bgr.shape[1] / size[0]
        how = cv2.INTER_AREA if shrink > _SHARPEN_FROM else cv2.INTER_LINEAR
        if self._small is None or self._small.shape[:2] != (size[1], size[0]):
            self._small = np.empty((size[1], size[0], 3), np.uint8)
        return np.asarray(cv2.resize(bgr, size, dst=self._small, interpolation=how))

    def seek(self, to_s: float) -> None:
        self._capture.set(cv2.CAP_PROP_POS_MSEC, to_s * 1000)

    def ease(self, to: Easing) -> None:
        """Nothing to spare: OpenCV offers no such thing."""

    def release(self) -> None:
        self._capture.release()


def open_opencv(source: TileSource, limits: Limits, patient: bool, read_on: Callable[[], None]) -> OpenCvCapture | None:
    """Open a source; None when that fails. The caller holds the process's one turn at opening."""
    _set_options(source, patient)
    if source.address.startswith(DEVICE):
        capture = cv2.VideoCapture(source.address, cv2.CAP_V4L2)
    else:
        capture = cv2.VideoCapture(source.address, cv2.CAP_FFMPEG, _parameters(limits))
    if capture.isOpened():
        return OpenCvCapture(capture, read_on)
    capture.release()
    return None


def _set_options(source: TileSource, patient: bool) -> None:
    """OpenCV reads them at each open, for the whole process. A file's seeks need none."""
    if source.kind is SourceKind.REPLAY:
        os.environ.pop("OPENCV_FFMPEG_CAPTURE_OPTIONS", None)
        return
    options = _OPTIONS.format("udp" if source.transport is Transport.UDP else "tcp")
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = options if patient else options + _QUICK


def _parameters(limits: Limits) -> list[int]:
    return [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limits.open_timeout_ms),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, limits.read_timeout_ms),
        *(cv2.CAP_PROP_N_THREADS, 1),
    ]


def _fourcc(capture: Any) -> str:
    """Return the codec's four letters in capitals, "" when the container names none."""
    letters = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=False)
    text = letters.decode("ascii", "replace").strip("\0 ")
    return text.upper() if text.isprintable() else ""
