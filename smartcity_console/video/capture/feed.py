"""One feed in a decoder worker: opens a source once, hands out its pictures, and says why it ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.video.capture.capture import Capture, Easing, FeedEnded, Grabbed
from smartcity_console.video.capture.messages import Decoder, Limits, Lost, Opened, Phase, Report, Show
from smartcity_console.video.capture.pace import Ladder, LagMeter, RateMeter, Shedding
from smartcity_console.video.capture.rtsp_probe import Probe, probe
from smartcity_console.video.capture.slots import MAX_SIZE, Arena, SlotWriter
from smartcity_console.video.capture.source import DEVICE, Reason, Size, SourceKind, TileSource, fitted
from smartcity_console.video.login import with_login
from smartcity_console.video.onvif.errors import CredentialsUnsafe

BEHIND_S = 4.0
# Members looked up once: in Python 3.11 each look-up calls Python code.
_READING, _KEYFRAMES = Phase.READING, Easing.KEYFRAMES
_NETWORK = ("rtsp://", "rtsps://", "http://", "https://")
_DECODED_BY_OPENCV = frozenset(
    {"H264", "H265", "HEVC", "MJPG", "MJPEG", "JPEG", "MPEG", "MP4V", "FMP4", "XVID", "MP4V-ES"}
)


class Feed(threading.Thread):
    """Runs one `Show` until it ends or is cancelled.

    OpenCV opens one source at a time in a process; `turn` makes that queue visible to the supervisor. PyAV needs none.
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
        self.before_first: Callable[[], None] | None = None  # called once, before the first picture is written
        self._source = order.source
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
        self._progress_s = clock.monotonic_s()
        self._lag = LagMeter()
        self._shedding = Shedding()
        self._ladder = Ladder()
        self._easing = Easing.NONE
        self._rate = RateMeter()

    def cancel(self) -> None:
        """Write no more pictures; the thread ends at its next chance, at the latest at its time limit."""
        with self._writing:
            self._cancelled.set()

    def run(self) -> None:
        try:
            self._source = self._with_login()
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
                self._head.phase_since_s = self._clock.monotonic_s()
                self._head.phase = phase

    # ---- opening ---------------------------------------------------------------------------------------------------

    def _with_login(self) -> TileSource:
        """Return the source with the camera's login in its address: for the open alone. Raises FeedEnded."""
        source = self.order.source
        try:
            return msgspec.structs.replace(source, address=with_login(source.address, source.login))
        except CredentialsUnsafe:
            raise FeedEnded(Reason.LOGIN_UNSAFE) from None

    def _open(self) -> Capture:
        """Return the opened capture. Raises FeedEnded."""
        self._enter(Phase.ASKING)
        asked = self._asked()
        self._codec = asked.codec
        capture = self._opened_by_av() if self._by_av() else self._opened_by_opencv(asked)
        self._codec = capture.codec or asked.codec
        self._head.easing = self._head.wanted_easing = Easing.NONE
        self._progress_s = self._clock.monotonic_s()
        return capture

    def _by_av(self) -> bool:
        return self._limits.decoder is Decoder.AUTO and self._source.address.startswith(_NETWORK)

    def _opened_by_av(self) -> Capture:
        # Not at the top, here and below: a worker loads only the library it decodes with.
        from smartcity_console.video.capture.av_capture import open_av

        self._enter(Phase.OPENING)
        return open_av(self._source, self._limits, self.order.patient, self._read_on)

    def _opened_by_opencv(self, asked: Probe) -> Capture:
        from smartcity_console.video.capture.opencv_capture import open_opencv

        self._enter(Phase.QUEUED)
        with self._turn:
            if self._cancelled.is_set():
                raise FeedEnded(Reason.NONE)
            self._enter(Phase.OPENING)
            capture = open_opencv(self._source, self._limits, self.order.patient, self._read_on)
        if capture is None:
            refused = asked.detail.startswith("401")
            raise FeedEnded(Reason.UNAUTHORISED if refused else self._codec_or(Reason.OPEN_FAILED), asked.detail)
        return capture

    def _asked(self) -> Probe:
        address = self._source.address
        if self.order.source.kind is SourceKind.REPLAY and not Path(address).is_file():
            raise FeedEnded(Reason.NOT_FOUND)
        if address.startswith(DEVICE) and not Path(address).exists():
            raise FeedEnded(Reason.NOT_FOUND, address)
        if not address.startswith("rtsp://"):
            return Probe()
        answer = probe(address, self._limits.open_timeout_ms / 1000, self._clock)
        if answer.reason is not Reason.NONE:
            raise FeedEnded(answer.reason, answer.detail)
        return answer

    def _codec_or(self, reason: Reason) -> Reason:
        return Reason.CODEC if self._codec and self._codec.upper() not in _DECODED_BY_OPENCV else reason

    # ---- live ------------------------------------------------------------------------------------------------------

    def _live(self, capture: Capture) -> None:
        while not self._cancelled.is_set():
            grabbed = self._grab(capture)
            now_s = self._progress_s = self._clock.monotonic_s()
            lag_s = 0.0 if grabbed.media_s is None else self._lag.lag_s(now_s, grabbed.media_s)
            if lag_s > BEHIND_S:
                raise FeedEnded(Reason.BEHIND, f"{lag_s:.1f} s")
            self._ease(capture, now_s, lag_s)
            self._hand_out(capture, grabbed, now_s, lag_s)

    def _grab(self, capture: Capture) -> Grabbed:
        """Decode the next frame. Raises FeedEnded when none comes."""
        grabbed = capture.grab()
        if grabbed is not None:
            return grabbed
        if self._number == 0:
            raise FeedEnded(self._codec_or(Reason.ENDED))
        waited_ms = (self._clock.monotonic_s() - self._progress_s) * 1000
        raise FeedEnded(Reason.READ_TIMEOUT if waited_ms > self._limits.read_timeout_ms * 0.9 else Reason.ENDED)

    def _read_on(self) -> None:
        """Before each wait for a packet. Raises FeedEnded when packets come but no picture does."""
        if self._cancelled.is_set():
            raise FeedEnded(Reason.NONE)
        self._enter(_READING)
        few = self._number == 0 or self._easing is _KEYFRAMES
        limit_ms = self._limits.first_frame_timeout_ms if few else self._limits.read_timeout_ms
        if (self._head.phase_since_s - self._progress_s) * 1000 > limit_ms:
            raise FeedEnded(Reason.READ_TIMEOUT if self._number else Reason.OPEN_FAILED, "no picture")

    def _ease(self, capture: Capture, now_s: float, lag_s: float) -> None:
        """Spare the decoder as its own lag calls for, and at least as all are spared."""
        head, wanted = self._head, self._ladder.step(now_s, lag_s)
        easing = max(wanted, head.least_easing)
        if easing != self._easing:
            self._easing = Easing(easing)
            capture.ease(self._easing)
            head.easing = easing
        if wanted != head.wanted_easing:
            head.wanted_easing = wanted

    # ---- replay ----------------------------------------------------------------------------------------------------

    def _replay(self, capture: Capture) -> None:
        while not self._cancelled.is_set():
            before = self._number
            self._seek(capture, self.order.source.start_s)
            self._play_once(capture)
            if self._number == before and not self._cancelled.is_set():
                raise FeedEnded(self._codec_or(Reason.ENDED))

    def _play_once(self, capture: Capture) -> None:
        end_s = self.order.source.end_s
        zero_s: float | None = None
        while not self._cancelled.is_set() and (grabbed := self._next_recorded(capture)) is not None:
            media_s = grabbed.media_s or 0.0
            if end_s is not None and media_s > end_s:
                return
            self._enter(Phase.IDLE)
            now_s = self._clock.monotonic_s()
            zero_s = now_s - media_s if zero_s is None else zero_s
            self._cancelled.wait(max(0.0, zero_s + media_s - now_s))
            now_s = self._clock.monotonic_s()
            self._hand_out(capture, grabbed, now_s, now_s - zero_s - media_s)

    def _next_recorded(self, capture: Capture) -> Grabbed | None:
        self._progress_s = self._clock.monotonic_s()  # it waited for its time, not for the file
        self._enter(_READING)
        return capture.grab()

    def _seek(self, capture: Capture, to_s: float) -> None:
        if self._number or to_s > 0:
            self._enter(_READING)
            capture.seek(to_s)

    # ---- pictures --------------------------------------------------------------------------------------------------

    def _hand_out(self, capture: Capture, grabbed: Grabbed, now_s: float, lag_s: float) -> None:
        """Count the grabbed frame, and convert and publish it unless it is late."""
        self._number += 1
        if self._cancelled.is_set():
            return
        head = self._head
        head.decoded += 1
        head.damaged = grabbed.damaged
        head.fps = self._rate.tick(now_s)
        if not self._shedding.wants(now_s, lag_s, self._easing):
            head.skipped += 1
            return
        room = min(self.room_px[0], MAX_SIZE[0]), min(self.room_px[1], MAX_SIZE[1])
        self._publish(capture, fitted(grabbed.size, room), grabbed, now_s - lag_s)

    def _publish(self, capture: Capture, size: Size, grabbed: Grabbed, captured_s: float) -> None:
        if self.before_first is not None:
            self.before_first()
            self.before_first = None
        with self._writing:
            if self._cancelled.is_set():
                return
            capture.draw(self._writer.begin(size))
            self._writer.publish(captured_s, self._number, grabbed.media_s or 0.0, damaged=grabbed.damaged)
        if self._number == 1:
            self._tell(Opened(self.order.tile, self.order.run, self._codec))
