"""A network source read by PyAV: decoded, and brought to the tile's size and to BGRA in one step straight from YUV.

The decoder is our own, not the container's: it can then be exchanged at a keyframe for one without deblocking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import av
from av.codec.context import CodecContext, Flags
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from smartcity_console.video.capture.av_complaints import Complaints
from smartcity_console.video.capture.capture import Canvas, Easing, FeedEnded, Grabbed
from smartcity_console.video.capture.messages import Limits
from smartcity_console.video.capture.scaling import Scaler
from smartcity_console.video.capture.source import Reason, TileSource, Transport

# A quick look at the stream is enough where the SDP carries the parameter sets: 10 ms instead of more than a second.
_QUICK_US = 100_000
_PATIENT_US = 5_000_000
_UDP_REORDER = "64"  # packets that may come in another order before one counts as lost
# Elementary streams over HTTP: libavformat makes up 25 frames a second, so their times say nothing.
_TIMELESS = frozenset({"mpjpeg", "mjpeg", "h264", "hevc", "image2pipe", "jpeg_pipe"})
_ANSWERS: tuple[tuple[type[Exception], Reason], ...] = (
    (av.HTTPUnauthorizedError, Reason.UNAUTHORISED),
    (av.HTTPForbiddenError, Reason.UNAUTHORISED),
    (av.HTTPNotFoundError, Reason.NOT_FOUND),
    (av.HTTPServerError, Reason.TOO_MANY_SESSIONS),
    (av.ConnectionRefusedError, Reason.REFUSED),
    (av.ExitError, Reason.NO_ANSWER),
    (TimeoutError, Reason.NO_ANSWER),
)


class AvCapture:
    """See `Capture`."""

    def __init__(self, container: InputContainer, read_on: Callable[[], None], complaints: Complaints) -> None:
        """`read_on` is called before each wait for a packet; `complaints` listens in this thread."""
        self._container = container
        self._complaints = complaints
        self._read_on = read_on
        self._stream = _video_of(container)
        self._packets = self._demuxed(container.demux(self._stream))
        self._is_plain = self._wants_plain = self._keys_only = False
        self._decoder = self._new_decoder()
        self._timeless = container.format.name.split(",")[0] in _TIMELESS
        self._base_s = float(self._stream.time_base or 0)
        self._scaler = Scaler()
        self._frame: VideoFrame | None = None
        self._damaged = False
        self._clean_seen = False
        self.codec = self._stream.codec_context.name.upper()

    def _new_decoder(self) -> VideoCodecContext:
        """Return a fresh decoder in one thread: frame threads would add a frame of delay each."""
        given = self._stream.codec_context
        made = CodecContext.create(given.codec.name, "r")
        assert isinstance(made, VideoCodecContext)
        made.extradata = given.extradata
        made.thread_count = 1
        made.flags |= Flags.output_corrupt
        if not given.has_b_frames:
            made.flags |= Flags.low_delay
        if self._wants_plain:
            made.options = {"skip_loop_filter": "all"}
        self._is_plain = self._wants_plain
        return made

    def _demuxed(self, packets: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
        for packet in packets:
            if packet.size:
                yield packet

    def grab(self) -> Grabbed | None:
        """Before the first clean frame damaged ones are let go: what a stream joined in its middle gives is grey."""
        while (packet := self._next_packet()) is not None:
            frame = self._decoded(packet)
            if frame is None:
                continue
            self._damaged = self._is_damaged(frame)
            self._clean_seen |= not self._damaged
            if self._clean_seen:
                self._frame = frame
                return Grabbed(self._media_s(frame), (frame.width, frame.height), self._damaged)
        return None

    def _next_packet(self) -> Packet[VideoStream] | None:
        self._read_on()
        try:
            return next(self._packets, None)
        except (av.ExitError, TimeoutError):
            raise FeedEnded(Reason.READ_TIMEOUT) from None
        except (av.FFmpegError, OSError):
            return None

    def _decoded(self, packet: Packet[VideoStream]) -> VideoFrame | None:
        """Return the newest frame this packet completes. What cannot be decoded is damage, not an end."""
        if packet.is_keyframe:
            self._damaged = False
            if self._is_plain != self._wants_plain:
                self._decoder = self._new_decoder()
        elif self._keys_only:
            return None
        try:
            frames = self._decoder.decode(packet)
        except (av.FFmpegError, ValueError):
            frames = []
            self._damaged = True
        self._damaged |= packet.is_corrupt or self._complaints.damage()
        return frames[-1] if frames else None

    def _is_damaged(self, frame: VideoFrame) -> bool:
        """A frame is damaged if it was lost in part or follows one that was, until a keyframe came whole."""
        return self._damaged or frame.is_corrupt

    def _media_s(self, frame: VideoFrame) -> float | None:
        return None if self._timeless or frame.pts is None else frame.pts * self._base_s

    def draw(self, canvas: Canvas) -> None:
        assert self._frame is not None
        try:
            self._scaler.draw(self._frame, canvas)
        except (av.FFmpegError, ValueError) as error:
            raise FeedEnded(Reason.OPEN_FAILED, type(error).__name__) from None

    def seek(self, to_s: float) -> None:
        """A live stream has no places to go to."""

    def ease(self, to: Easing) -> None:
        """Keyframes alone from the very next packet on; back again right after one, where whole groups go on."""
        self._wants_plain, self._keys_only = to >= Easing.PLAIN, to >= Easing.KEYFRAMES

    def release(self) -> None:
        self._packets = iter(())
        self._container.close()
        self._complaints.end()


def open_av(source: TileSource, limits: Limits, patient: bool, read_on: Callable[[], None]) -> AvCapture:
    """Open a network source. Raises FeedEnded; no sentence of it carries the address."""
    seconds = (limits.open_timeout_ms / 1000, limits.read_timeout_ms / 1000)
    complaints = Complaints().begin()  # from here to `release`
    try:
        container = av.open(source.address, "r", options=_options(source, patient), timeout=seconds)
        capture = AvCapture(container, read_on, complaints)
    except (av.FFmpegError, OSError, ValueError, FeedEnded) as error:
        complaints.end()
        raise (error if isinstance(error, FeedEnded) else _ended(error)) from None
    complaints.damage()  # joined in the middle of a group, the stream was looked at with complaints
    return capture


def _ended(error: Exception) -> FeedEnded:
    reason = next((reason for kind, reason in _ANSWERS if isinstance(error, kind)), Reason.OPEN_FAILED)
    return FeedEnded(reason, str(getattr(error, "strerror", "") or ""))


def _options(source: TileSource, patient: bool) -> dict[str, str]:
    """Not `fflags nobuffer`: it throws the packets of the first look away, the keyframe among them."""
    options = {"analyzeduration": str(_PATIENT_US if patient else _QUICK_US), "fpsprobesize": "0"}
    if source.address.startswith(("rtsp://", "rtsps://")):
        options |= {"rtsp_transport": source.transport.value, "max_delay": "200000"}
        options |= {"reorder_queue_size": _UDP_REORDER if source.transport is Transport.UDP else "0"}
        options |= {"allowed_media_types": "video"}
    return options


def _video_of(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise FeedEnded(Reason.OPEN_FAILED, "no video")
    stream: Any = container.streams.video[0]
    if stream.codec_context is None:
        raise FeedEnded(Reason.CODEC)
    return stream  # type: ignore[no-any-return]
