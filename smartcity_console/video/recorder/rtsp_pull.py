"""One camera pulled by our own RTSP client: connect, record, lose, wait, again; driven by the loop's calls."""

from __future__ import annotations

import errno
import ipaddress
import secrets
import socket
from concurrent.futures import Executor, Future
from random import Random

import av
import msgspec

from smartcity_console.video.describe import picture_size, with_sets_in_band
from smartcity_console.video.onvif.errors import CredentialsUnsafe
from smartcity_console.video.recorder.backoff import Backoff
from smartcity_console.video.recorder.lane import CameraLane, PullContext
from smartcity_console.video.recorder.pull import LOGIN_UNSAFE, asks_udp
from smartcity_console.video.ring.format import (
    AUDIO,
    CORRUPT,
    KEY,
    NO_DTS,
    AudioHead,
    Record,
    SegmentHead,
    clock_record,
)
from smartcity_console.video.rtsp import Refused, RtspClient, Unit
from smartcity_console.video.rtsp.client import Heard


def is_ours(url: str) -> bool:
    """Say whether our own client may try: plain RTSP without options that only the library understands."""
    return url.startswith("rtsp://") and not asks_udp(url)


class RtspPull:
    """Belongs to the loop's thread after it was added; `counts` may be read from any."""

    def __init__(self, camera_id: str, url: str, context: PullContext) -> None:
        self.camera_id, self.url = camera_id, url
        self.lane = CameraLane(camera_id, context)
        self.counts = self.lane.counts
        self.client: RtspClient | None = None
        self.connecting = False
        self._context = context
        self._backoff = Backoff(Random(secrets.randbits(64)))
        self._address: Future[str] | None = None
        self._next_try_s = 0.0
        self._tries = 0
        self._began_s = self._heard_s = self._alive_s = 0.0
        self._head: SegmentHead | None = None
        self._session = ""

    # ---- called by the loop ----------------------------------------------------------------------------------------

    def tick(self, now_s: float, resolver: Executor) -> bool:
        """Begin, give up, show life: whatever is due. True when a socket has come that is to be watched."""
        try:
            if self.client is None:
                return self._begin(now_s, resolver)
            if self.client.sock is None:
                return self._connect()
            self._watch_times(now_s)
        except (Refused, OSError, ValueError, av.FFmpegError, CredentialsUnsafe) as error:
            self.lose(error, now_s)
        return False

    def writable(self) -> None:
        """The connection stands. Raises OSError, Refused."""
        assert self.client is not None
        self.connecting = False
        self.client.connected()

    def readable(self, buffer: memoryview) -> None:
        """Take what has come into the ring. Raises OSError, Refused, ValueError, av.FFmpegError."""
        assert self.client is not None
        heard = self.client.ready(buffer)
        if heard is not None:
            self._take(heard)

    def lose(self, error: Exception, now_s: float) -> None:
        """End the connection and set when it is tried again; a stream we cannot take goes to the library."""
        self.end()
        if isinstance(error, Refused) and error.unsupported:
            self._context.unsupported(self.camera_id)
            self._next_try_s = now_s + 3600.0
            return
        self.lane.tell_lost(_reason(error))
        self._next_try_s = now_s + self._backoff.next_s()

    def end(self) -> None:
        if self.client is not None:
            self.client.close()
        self.client, self._head, self._address, self.connecting = None, None, None, False
        self.lane.close()

    # ---- connection ------------------------------------------------------------------------------------------------

    def _begin(self, now_s: float, resolver: Executor) -> bool:
        if now_s < self._next_try_s or (self._tries and self._wait_for_turn(now_s)):
            return False
        self._tries += 1
        self._began_s = self._heard_s = self._alive_s = now_s
        address = self._context.opened_address(self.camera_id, self.url)
        self.client = RtspClient(address, want_audio=self._context.want_audio)
        self._session = secrets.token_hex(8)
        host = self.client.address.host
        self._address = _known(host) or resolver.submit(_resolve, host)
        return self._connect()

    def _wait_for_turn(self, now_s: float) -> bool:
        wait_s = self._context.gate.wait_s()
        self._next_try_s = now_s + wait_s
        return wait_s > 0

    def _connect(self) -> bool:
        assert self.client is not None
        assert self._address is not None
        if self._context.clock.monotonic_s() - self._began_s > self._context.open_timeout_s:
            raise Refused("no answer in time")
        if not self._address.done():
            return False
        self.client.connect(self._address.result())
        self.connecting = True
        return True

    def _watch_times(self, now_s: float) -> None:
        assert self.client is not None
        if not self.client.playing:
            if now_s - self._began_s > self._context.open_timeout_s:
                raise Refused("no answer in time")
            return
        if now_s - self._heard_s > self._context.read_timeout_s:
            raise Refused("no packet in time")
        if now_s - self._alive_s > self.client.keep_alive_s:
            self._alive_s = now_s
            self.client.keep_alive()

    # ---- packets ---------------------------------------------------------------------------------------------------

    def _take(self, heard: Heard) -> None:
        assert self.client is not None
        if not heard.pictures and not heard.sound:
            return
        utc_us, mono_ns = self._context.receive.now()
        self.counts.lost_packets += self.client.lost_packets
        self.client.lost_packets = 0
        if heard.pictures:
            self._heard_s = mono_ns / 1e9
        records = [Record(u.payload, AUDIO, pts, pts, utc_us, mono_ns) for pts, u in heard.sound]
        for pts, unit in heard.pictures:
            if unit.is_key or self._head is None:
                self._describe(unit, records)
            flags = KEY * unit.is_key | CORRUPT * unit.is_damaged | NO_DTS
            records.append(Record(unit.payload, flags, pts, pts, utc_us, mono_ns))
        for pts, report in heard.clock:
            self.lane.clock.reported(report.utc_us, utc_us)
            records.append(clock_record(pts, report.utc_us, utc_us, mono_ns))
        if self._head is not None:
            self.lane.keep(self._head, records)
            if heard.pictures:
                self.lane.note_times(heard.pictures[-1][0] / self._head.time_base_den, mono_ns / 1e9)

    def _describe(self, unit: Unit, before: list[Record]) -> None:
        """Make or renew the head at a keyframe; what came before it under the old head is written under that."""
        if not unit.is_key:
            return
        head, fresh = self._head, self._renewed(unit)
        if fresh is head:
            return
        if head is None:
            self.lane.open()
        elif before:
            self.lane.keep(head, before)
        before.clear()
        self._head = fresh
        if head is None:
            self._backoff.reset()
            accepted = self.client.accepted if self.client else None
            self.lane.tell_connected(
                fresh, f"{accepted.audio_unheard} not recorded" if accepted and accepted.audio_unheard else ""
            )

    def _renewed(self, key: Unit) -> SegmentHead:
        assert self.client is not None
        assert self.client.accepted is not None
        video, sound, head = self.client.accepted.video, self.client.accepted.audio, self._head
        known = head.extradata if head else video.extradata
        extradata = with_sets_in_band(video.codec, known, key.payload)
        if head is not None and extradata == head.extradata:
            return head
        width, height = picture_size(video.codec, extradata, key.payload)
        if head is not None:
            return msgspec.structs.replace(head, extradata=extradata, width_px=width, height_px=height)
        audio = (
            AudioHead(
                sound.codec, _rate(sound.codec, sound.ticks_per_s), sound.channels, sound.ticks_per_s, sound.extradata
            )
            if sound
            else None
        )
        return SegmentHead(
            self.camera_id, self._session, video.codec, width, height, 1, video.ticks_per_s, extradata, audio
        )


def _rate(codec: str, ticks_per_s: int) -> int:
    return 8000 if codec.startswith("pcm_") else ticks_per_s


def _known(host: str) -> Future[str] | None:
    """Return a numeric host as it is: asking a resolver may block for seconds."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    done: Future[str] = Future()
    done.set_result(host)
    return done


def _resolve(host: str) -> str:
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])


def _reason(error: Exception) -> str:
    """Say why, never with the address in it, which may hold a secret."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, CredentialsUnsafe):
        return LOGIN_UNSAFE
    if isinstance(error, OSError) and error.errno in (errno.ECONNRESET, errno.EPIPE):
        return "the camera ended the stream"
    return str(getattr(error, "strerror", None) or type(error).__name__)
