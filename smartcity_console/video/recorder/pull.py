"""One camera pulled by libavformat in a thread of its own: what our RTSP client leaves alone (other codecs, HTTP, files)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from random import Random
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from smartcity_console.video.nal import annexb_parameters
from smartcity_console.video.onvif.errors import CredentialsUnsafe
from smartcity_console.video.recorder.backoff import Backoff
from smartcity_console.video.recorder.lane import CameraLane, PullContext
from smartcity_console.video.ring.format import CORRUPT, KEY, NO_DTS, Record, SegmentHead

LOGIN_UNSAFE = "the file with its user and password cannot be used"


def asks_udp(url: str) -> bool:
    """Say whether an RTSP address asks for UDP, as libavformat reads it."""
    return "udp" in urlsplit(url).query.split("&")


class CameraPull(threading.Thread):
    """Pulls one camera for ever: `run` retries, `_run_once` does the work. `halt` ends it at its next packet."""

    def __init__(self, camera_id: str, url: str, context: PullContext) -> None:
        super().__init__(name=f"pull {camera_id}", daemon=True)  # a thread stuck in a codec must not hold the exit
        self.camera_id = camera_id
        self.url = url
        self.lane = CameraLane(camera_id, context)
        self.counts = self.lane.counts
        self._context = context
        self._halted = threading.Event()
        self._backoff = Backoff(Random(secrets.randbits(64)))

    def halt(self) -> None:
        self._halted.set()

    def run(self) -> None:
        """Connect, record, lose, wait, again."""
        while not self._halted.is_set():
            reason = self._try_once()
            if self._halted.is_set():
                return
            self.lane.tell_lost(reason)
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

    def _try_once(self) -> str:
        """Return why the connection ended: never with the URL in it, which may hold a secret."""
        self._progress()
        began_s = self._context.clock.monotonic_s()
        connected = False
        try:
            with self._open() as container:
                connected = True
                self._run_once(container)
            return "the camera ended the stream"
        except (TimeoutError, av.ExitError):
            return "no packet in time"
        except CredentialsUnsafe:
            return LOGIN_UNSAFE
        except (av.FFmpegError, OSError, ValueError) as error:
            took_s = self._context.clock.monotonic_s() - began_s
            if not connected and took_s >= self._context.open_timeout_s:
                return "no answer in time"  # the library calls an interrupted opening "invalid data"
            return str(getattr(error, "strerror", None) or type(error).__name__)

    def _open(self) -> InputContainer:
        """Open without guessing a frame rate (that alone takes seconds) and with the least probing."""
        transport = "udp" if asks_udp(self.url) else "tcp"
        options = {"rtsp_transport": transport, "fpsprobesize": "0", "analyzeduration": "2000000"}
        limits = (self._context.open_timeout_s, self._context.read_timeout_s)
        address = self._context.opened_address(self.camera_id, self.url)
        return av.open(address, "r", options=options if self.url.startswith("rtsp") else {}, timeout=limits)

    def _run_once(self, container: InputContainer) -> None:
        if not container.streams.video:
            raise ValueError("no video stream")
        stream = container.streams.video[0]
        self.lane.open()
        try:
            for head, record in self._records(container, stream, self._head(stream)):
                if not self.counts.connected:
                    self._backoff.reset()
                    self.lane.tell_connected(head)
                self.lane.keep(head, (record,))
                self.lane.note_times(float(record.pts * head.time_base), record.mono_ns / 1e9)
        finally:
            self.lane.close()

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


def _with_parameters(head: SegmentHead, extradata: bytes) -> SegmentHead:
    parameters = annexb_parameters(head.codec, extradata)
    base = (head.time_base_num, head.time_base_den)
    return SegmentHead(head.camera_id, head.session, head.codec, head.width_px, head.height_px, *base, parameters)
