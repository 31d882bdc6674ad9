"""One camera's way into the ring, whichever client brings its packets: what is written, counted and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.model.errors import DiskFull
from smartcity_console.video.login import login_file, with_login
from smartcity_console.video.recorder.backoff import ReconnectGate
from smartcity_console.video.recorder.drift import ClockWatch
from smartcity_console.video.recorder.messages import CameraClock, CameraStatus
from smartcity_console.video.ring.format import Record, SegmentHead
from smartcity_console.video.ring.keeper import RingKeeper
from smartcity_console.video.ring.writer import ReceiveClock, RingWriter


@dataclass(frozen=True)
class PullContext:
    """What all cameras of one recorder process share."""

    root: Path
    segment_s: float
    open_timeout_s: float
    read_timeout_s: float
    want_audio: bool
    clock: Clock
    receive: ReceiveClock
    keeper: RingKeeper
    gate: ReconnectGate
    tell: Callable[[CameraStatus | CameraClock], None]
    unsupported: Callable[[str], None]  # told by the loop: the library is to pull this camera
    logins: Path | None = None  # the workspace whose cameras' 0600 files hold their logins

    def opened_address(self, camera_id: str, url: str) -> str:
        """Return the address with the camera's login, for the moment of opening. Raises CredentialsUnsafe."""
        return with_login(url, login_file(self.logins, camera_id) if self.logins is not None else None)


@dataclass
class PullCounts:
    packets: int = 0
    dropped: int = 0
    lost_packets: int = 0  # RTP packets that the camera numbered and that did not come
    connected: bool = False
    progress_s: float = 0.0  # monotonic time at which the thread was last known not to be stuck


class CameraLane:
    """Used by one thread at a time. `open` before the first packet of a connection, `close` after its last."""

    def __init__(self, camera_id: str, context: PullContext) -> None:
        self.camera_id = camera_id
        self.counts = PullCounts(progress_s=context.clock.monotonic_s())
        self.clock = ClockWatch()
        self._context = context
        self._writer: RingWriter | None = None
        self._last_reason: str | None = None

    def open(self) -> None:
        """Begin a connection. Raises OSError."""
        context = self._context
        self._writer = RingWriter(context.root, self.camera_id, context.segment_s, sync=False)
        self.clock = ClockWatch()

    def close(self) -> None:
        self.counts.connected = False
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def keep(self, head: SegmentHead, records: Sequence[Record]) -> None:
        """Write packets. While the disk is full they are let go, counted, and the camera stays connected."""
        assert self._writer is not None
        kept = 0
        if self._context.keeper.paused:
            self._writer.close()
        else:
            try:
                kept = self._writer.append_all(head, records)
            except DiskFull as error:
                self._context.keeper.pause(error)
        self.counts.packets += kept
        self.counts.dropped += len(records) - kept

    def tell_connected(self, head: SegmentHead, note: str = "") -> None:
        self.counts.connected = True
        self._last_reason = None
        self._context.tell(
            CameraStatus(
                camera_id=self.camera_id,
                connected=True,
                at=self._context.clock.now(),
                codec=head.codec,
                width_px=head.width_px,
                height_px=head.height_px,
                audio=head.audio.codec if head.audio else note,
            )
        )

    def tell_lost(self, reason: str) -> None:
        """Tell a loss, and again only when its reason changes."""
        if reason != self._last_reason:
            self._last_reason = reason
            at = self._context.clock.now()
            self._context.tell(CameraStatus(camera_id=self.camera_id, connected=False, at=at, reason=reason))

    def note_times(self, pts_s: float, mono_s: float) -> None:
        """Compare the newest picture's camera time with its reception; tell the comparison every ten seconds."""
        if self.clock.received(pts_s, mono_s):
            told = CameraClock(
                camera_id=self.camera_id,
                at=self._context.clock.now(),
                offset_ms=self.clock.offset_ms,
                drift_ppm=self.clock.drift_ppm,
            )
            self._context.tell(told)
