"""One camera's connection: packets from RTSP over TCP into the ring, nothing decoded."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from smartcity_console.clock import Clock
from smartcity_console.model.errors import DiskFull
from smartcity_console.video.nal import annexb_parameters
from smartcity_console.video.recorder.backoff import Backoff, ReconnectGate
from smartcity_console.video.recorder.messages import CameraStatus
from smartcity_console.video.ring.format import CORRUPT, KEY, NO_DTS, Record, SegmentHead
from smartcity_console.video.ring.keeper import RingKeeper
from smartcity_console.video.ring.writer import ReceiveClock, RingWriter

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PullContext:
    """What all cameras of one recorder process share."""

    root: Path
    segment_s: float
    open_timeout_s: float
    read_timeout_s: float
    clock: Clock
    receive: ReceiveClock
    keeper: RingKeeper
    gate: ReconnectGate
    tell: Callable[[CameraStatus], None]


@dataclass
class PullCounts:
    packets: int = 0
    dropped: int = 0
    connected: bool = False
    progress_s: float = field(default=0.0)  # monotonic time at which the thread was last known not to be stuck


class CameraPull(threading.Thread):
    """Pulls one camera for ever: `run` retries, `_run_once` does the work. `halt` ends it at its next packet."""

    def __init__(self, camera_id: str, url: str, context: PullContext) -> None:
        super().__init__(name=f"pull {camera_id}", daemon=True)  # a thread stuck in a codec must not hold the exit
        self.camera_id = camera_id
        self.url = url
        self.counts = PullCounts(progress_s=context.clock.monotonic_s())
        self._context = context
        self._halted = threading.Event()
        self._backoff = Backoff(Random(secrets.randbits(64)))
        self._last_reason: str | None = None

    def halt(self) -> None:
        self._halted.set()

    def run(self) -> None:
        """Connect, record, lose, wait, again."""
        while not self._halted.is_set():
            reason = self._try_once()
            self.counts.connected = False
            if self._halted.is_set():
                return
            self._tell_lost(reason)
            self._wait(self._backoff.next_s())
            while not self._halted.is_set() and (wait_s := self._context.gate.wait_s()) > 0:
                self._wait(wait_s)

    def stuck_s(self, now_s: float) -> float:
        """Return for how long the thread has not come back from the library."""
        return now_s - self.counts.progress_s

    def _wait(self, seconds: float) -> None:
        end_s = self._context.clock.monotonic_s() + seconds
        while not self._halted.is_set() and (left_s := end_s - self._context.clock.monotonic_s()) > 0:
            self._progress()
            self._halted.wait(min(left_s, 1.0))

    def _progress(self) -> None:
        self.counts.progress_s = self._context.clock.monotonic_s()

    def _tell_lost(self, reason: str) -> None:
        """Tell a loss, and again only when its reason changes."""
        if reason != self._last_reason:
            self._last_reason = reason
            at = self._context.clock.now()
            self._context.tell(CameraStatus(camera_id=self.camera_id, connected=False, at=at, reason=reason))

    def _try_once(self) -> str:
        """Return why the connection ended: never with the URL in it, which may hold a secret."""
        self._progress()
        began_s = self._context.clock.monotonic_s()
        try:
            with self._open() as container:
                self._run_once(container)
            return "the camera ended the stream"
        except (TimeoutError, av.ExitError):
            return "no packet in time"
        except (av.FFmpegError, OSError, ValueError) as error:
            took_s = self._context.clock.monotonic_s() - began_s
            if not self.counts.connected and took_s >= self._context.open_timeout_s:
                return "no answer in time"  # the library calls an interrupted opening "invalid data"
            return str(getattr(error, "strerror", None) or type(error).__name__)

    def _open(self) -> InputContainer:
        """Open without guessing a frame rate (that alone takes seconds) and with the least probing."""
        options = {"rtsp_transport": "tcp", "fpsprobesize": "0", "analyzeduration": "2000000"}
        limits = (self._context.open_timeout_s, self._context.read_timeout_s)
        return av.open(self.url, "r", options=options if self.url.startswith("rtsp") else {}, timeout=limits)

    def _run_once(self, container: InputContainer) -> None:
        if not container.streams.video:
            raise ValueError("no video stream")
        stream = container.streams.video[0]
        with RingWriter(self._context.root, self.camera_id, self._context.segment_s) as writer:
            for head, record in self._records(container, stream, self._head(stream)):
                if not self.counts.connected:
                    self._tell_connected(head)
                self._keep(writer, head, record)

    def _head(self, stream: VideoStream) -> SegmentHead:
        context = stream.codec_context
        base = stream.time_base
        if base is None:
            raise ValueError("no time base")
        extradata = annexb_parameters(context.name, bytes(context.extradata or b""))
        size = (context.width, context.height)
        session = secrets.token_hex(8)
        return SegmentHead(self.camera_id, session, context.name, *size, base.numerator, base.denominator, extradata)

    def _records(
        self, container: InputContainer, stream: VideoStream, head: SegmentHead
    ) -> Iterator[tuple[SegmentHead, Record]]:
        first_pts: int | None = None
        for packet in container.demux(stream):
            self._progress()
            if self._halted.is_set():
                return
            if packet.size == 0:
                continue
            if packet.has_sidedata("new_extradata"):
                head = _with_parameters(head, bytes(packet.get_sidedata("new_extradata")))
            if first_pts is None:
                first_pts = (
                    packet.pts or 0
                )  # libavformat gives a session's first packet no time; the others count from 0
            yield head, self._record(packet, first_pts)

    def _record(self, packet: Packet[VideoStream], otherwise_pts: int) -> Record:
        utc_us, mono_ns = self._context.receive.now()
        flags = KEY * packet.is_keyframe | CORRUPT * packet.is_corrupt | NO_DTS * (packet.dts is None)
        pts = packet.pts if packet.pts is not None else otherwise_pts
        return Record(bytes(packet), flags, pts, packet.dts if packet.dts is not None else pts, utc_us, mono_ns)

    def _tell_connected(self, head: SegmentHead) -> None:
        self.counts.connected = True
        self._last_reason = None
        self._backoff.reset()
        self._context.tell(
            CameraStatus(
                camera_id=self.camera_id,
                connected=True,
                at=self._context.clock.now(),
                codec=head.codec,
                width_px=head.width_px,
                height_px=head.height_px,
            )
        )

    def _keep(self, writer: RingWriter, head: SegmentHead, record: Record) -> None:
        """Write one packet. While the disk is full packets are let go, counted, and the camera stays connected."""
        kept = False
        if self._context.keeper.paused:
            writer.close()
        else:
            try:
                kept = writer.append(head, record)
            except DiskFull as error:
                self._context.keeper.pause(error)
        self.counts.packets += kept
        self.counts.dropped += not kept


def _with_parameters(head: SegmentHead, extradata: bytes) -> SegmentHead:
    parameters = annexb_parameters(head.codec, extradata)
    base = (head.time_base_num, head.time_base_den)
    return SegmentHead(head.camera_id, head.session, head.codec, head.width_px, head.height_px, *base, parameters)
