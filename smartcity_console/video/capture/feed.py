"""One feed in a decoder worker: opens a source once, hands out its pictures, and says why it ended."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.clock import Clock
from smartcity_console.video.capture.messages import Limits, Lost, Opened, Phase, Report, Show
from smartcity_console.video.capture.opencv import cv2
from smartcity_console.video.capture.pace import LagMeter, RateMeter, Shedding
from smartcity_console.video.capture.rtsp_probe import Probe, probe
from smartcity_console.video.capture.slots import MAX_SIZE, Arena, SlotWriter
from smartcity_console.video.capture.source import Reason, Size, SourceKind, fitted

BEHIND_S = 4.0
# libavformat leaves alone what a protocol does not know. A quick look (0.1 s instead of up to 5 s) is enough where the
# SDP carries the parameter sets, and an open then holds up the next one for some ten milliseconds instead of a second.
# Not `fflags;nobuffer`: it throws the packets of that look away, the keyframe among them, and a camera with a keyframe
# every eight seconds then stays dark past the read limit.
_OPTIONS = "rtsp_transport;tcp|flags;low_delay|max_delay;200000"
_QUICK = f"{_OPTIONS}|analyzeduration;100000"
_SHARPEN_FROM = 1.5  # shrinking by more than this averages areas; less is sampled
_DECODED_HERE = frozenset({"H264", "H265", "HEVC", "MJPG", "MJPEG", "JPEG", "MPEG", "MP4V", "FMP4", "XVID", "MP4V-ES"})


class FeedEnded(Exception):
    """A run is over, with the reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Feed(threading.Thread):
    """Runs one `Show` until it ends or is cancelled.

    OpenCV opens one source at a time in a process; `turn` makes that queue visible to the supervisor.
    """

    def __init__(
        self,
        order: Show,
        arena: Arena,
        limits: Limits,
        turn: threading.Lock,
        tell: Callable[[Report], None],
        clock: Clock,
    ) -> None:
        super().__init__(name=f"feed-{order.tile}", daemon=True)
        self.order = order
        self.room_px: Size = order.size_px
        self._head = arena.tiles[order.tile]
        self._writer = SlotWriter(arena, order.tile, order.generation)
        self._limits = limits
        self._turn = turn
        self._tell = tell
        self._clock = clock
        self._cancelled = threading.Event()
        self._writing = threading.Lock()
        self._codec = ""
        self._number = 0
        self._lag = LagMeter()
        self._shedding = Shedding()
        self._rate = RateMeter()
        self._bgr: NDArray[np.uint8] | None = None
        self._small: NDArray[np.uint8] | None = None

    def cancel(self) -> None:
        """Write no more pictures; the thread ends at its next chance, at the latest at its time limit."""
        with self._writing:
            self._cancelled.set()

    def run(self) -> None:
        try:
            capture = self._open()
            try:
                self._replay(capture) if self.order.source.kind is SourceKind.REPLAY else self._live(capture)
            finally:
                capture.release()
        except FeedEnded as end:
            self._report_end(end)
        except Exception as error:  # told to the console, which shows it on the tile and tries again
            self._report_end(FeedEnded(Reason.INTERNAL, type(error).__name__))

    def _report_end(self, end: FeedEnded) -> None:
        if not self._cancelled.is_set():
            self._enter(Phase.IDLE)
            self._tell(Lost(self.order.tile, self.order.run, end.reason, end.detail, self._codec))

    def _enter(self, phase: Phase) -> None:
        with self._writing:
            if not self._cancelled.is_set():
                self._head["phase_since_s"] = self._clock.monotonic_s()
                self._head["phase"] = phase

    # ---- opening ---------------------------------------------------------------------------------------------------

    def _open(self) -> Any:
        """Return the opened capture. Raises FeedEnded."""
        self._enter(Phase.ASKING)
        asked = self._asked()
        self._enter(Phase.QUEUED)
        with self._turn:
            if self._cancelled.is_set():
                raise FeedEnded(Reason.NONE)
            self._enter(Phase.OPENING)
            self._set_options()
            capture = cv2.VideoCapture(self.order.source.address, cv2.CAP_FFMPEG, self._parameters())
        self._codec = asked.codec
        if not capture.isOpened():
            refused = asked.detail.startswith("401")
            raise FeedEnded(Reason.UNAUTHORISED if refused else self._codec_or(Reason.OPEN_FAILED), asked.detail)
        self._codec = _fourcc(capture) or asked.codec
        return capture

    def _set_options(self) -> None:
        """OpenCV reads them at each open, for the whole process; `turn` makes that safe. A file's seeks need none."""
        if self.order.source.kind is SourceKind.REPLAY:
            os.environ.pop("OPENCV_FFMPEG_CAPTURE_OPTIONS", None)
        else:
            os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = _OPTIONS if self.order.patient else _QUICK

    def _asked(self) -> Probe:
        address = self.order.source.address
        if self.order.source.kind is SourceKind.REPLAY and not Path(address).is_file():
            raise FeedEnded(Reason.NOT_FOUND)
        if not address.startswith("rtsp://"):
            return Probe()
        answer = probe(address, self._limits.open_timeout_ms / 1000, self._clock)
        if answer.reason is not Reason.NONE:
            raise FeedEnded(answer.reason, answer.detail)
        return answer

    def _parameters(self) -> list[int]:
        return [
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, self._limits.open_timeout_ms),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, self._limits.read_timeout_ms),
            *(cv2.CAP_PROP_N_THREADS, 1),
        ]

    def _codec_or(self, reason: Reason) -> Reason:
        return Reason.CODEC if self._codec and self._codec.upper() not in _DECODED_HERE else reason

    # ---- live ------------------------------------------------------------------------------------------------------

    def _live(self, capture: Any) -> None:
        while not self._cancelled.is_set():
            self._grab(capture)
            now_s = self._clock.monotonic_s()
            media_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            lag_s = self._lag.lag_s(now_s, media_s)
            if lag_s > BEHIND_S:
                raise FeedEnded(Reason.BEHIND, f"{lag_s:.1f} s")
            self._hand_out(capture, now_s, lag_s, media_s)

    def _grab(self, capture: Any) -> None:
        """Decode the next frame. Raises FeedEnded when none comes."""
        self._enter(Phase.READING)
        began_s = self._clock.monotonic_s()
        if capture.grab():
            return
        if self._number == 0:
            raise FeedEnded(self._codec_or(Reason.ENDED))
        waited_ms = (self._clock.monotonic_s() - began_s) * 1000
        raise FeedEnded(Reason.READ_TIMEOUT if waited_ms > self._limits.read_timeout_ms * 0.9 else Reason.ENDED)

    # ---- replay ----------------------------------------------------------------------------------------------------

    def _replay(self, capture: Any) -> None:
        while not self._cancelled.is_set():
            before = self._number
            self._seek(capture, self.order.source.start_s)
            self._play_once(capture)
            if self._number == before and not self._cancelled.is_set():
                raise FeedEnded(self._codec_or(Reason.ENDED))

    def _play_once(self, capture: Any) -> None:
        end_s = self.order.source.end_s
        zero_s: float | None = None
        while not self._cancelled.is_set() and self._next_recorded(capture):
            media_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if end_s is not None and media_s > end_s:
                return
            self._enter(Phase.IDLE)
            now_s = self._clock.monotonic_s()
            zero_s = now_s - media_s if zero_s is None else zero_s
            self._cancelled.wait(max(0.0, zero_s + media_s - now_s))
            now_s = self._clock.monotonic_s()
            self._hand_out(capture, now_s, now_s - zero_s - media_s, media_s)

    def _next_recorded(self, capture: Any) -> bool:
        self._enter(Phase.READING)
        return bool(capture.grab())

    def _seek(self, capture: Any, to_s: float) -> None:
        if self._number or to_s > 0:
            self._enter(Phase.READING)
            capture.set(cv2.CAP_PROP_POS_MSEC, to_s * 1000)

    # ---- pictures --------------------------------------------------------------------------------------------------

    def _hand_out(self, capture: Any, now_s: float, lag_s: float, media_s: float) -> None:
        """Count the grabbed frame, and convert and publish it unless it is late."""
        self._number += 1
        self._head["decoded"] += 1
        self._head["fps"] = self._rate.tick(now_s)
        if not self._shedding.wants(now_s, lag_s):
            self._head["skipped"] += 1
            return
        ok, self._bgr = capture.retrieve(self._bgr)
        if not ok or self._bgr is None:
            raise FeedEnded(self._codec_or(Reason.OPEN_FAILED), "no picture")
        self._publish(self._bgr, now_s - lag_s, media_s)

    def _publish(self, bgr: NDArray[np.uint8], captured_s: float, media_s: float) -> None:
        room = min(self.room_px[0], MAX_SIZE[0]), min(self.room_px[1], MAX_SIZE[1])
        size = fitted((bgr.shape[1], bgr.shape[0]), room)
        small = self._scaled(bgr, size)
        with self._writing:
            if self._cancelled.is_set():
                return
            cv2.cvtColor(small, cv2.COLOR_BGR2BGRA, dst=self._writer.begin(size))
            self._writer.publish(captured_s, self._number, media_s)
        if self._number == 1:
            self._tell(Opened(self.order.tile, self.order.run, self._codec))

    def _scaled(self, bgr: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
        if size == (bgr.shape[1], bgr.shape[0]):
            return bgr
        shrink = bgr.shape[1] / size[0]
        how = cv2.INTER_AREA if shrink > _SHARPEN_FROM else cv2.INTER_LINEAR
        if self._small is None or self._small.shape[:2] != (size[1], size[0]):
            self._small = np.empty((size[1], size[0], 3), np.uint8)
        return np.asarray(cv2.resize(bgr, size, dst=self._small, interpolation=how))


def _fourcc(capture: Any) -> str:
    """Return the codec's four letters in capitals, "" when the container names none."""
    letters = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=False)
    text = letters.decode("ascii", "replace").strip("\0 ")
    return text.upper() if text.isprintable() else ""
