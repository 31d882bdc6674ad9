"""A camera's stream as H.264 of the baseline profile: with masks burned in, or because a browser cannot play its codec."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import av
import numpy as np
import numpy.typing as npt
from av.error import InvalidDataError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from smartcity_console.video.relay.burn import Burner, Masks
from smartcity_console.video.ring.format import KEY, NO_DTS, Record, SegmentHead
from smartcity_console.video.ring.reader import Taken

_TICKS = Fraction(1, 90_000)
_KEY_EVERY_TICKS = 90_000  # a keyframe a second: who joins, or lost some, waits no longer
_MOST_HEIGHT_PX = 1080
_OPTIONS = {"preset": "superfast", "tune": "zerolatency", "profile": "baseline", "crf": "24", "threads": "1"}
_IN_FLIGHT = 64


class Reencoder:
    """Decodes and encodes one connection of one camera, with the same masks from first to last."""

    def __init__(self, head: SegmentHead, masks: Masks) -> None:
        """Raises av.FFmpegError when there is no decoder for the camera's codec."""
        self.source = head
        self._masks = masks
        self._decoder = cast(VideoCodecContext, av.CodecContext.create(head.codec, "r"))
        self._decoder.extradata = head.extradata or None
        self._decoder.thread_count = 1  # more would hold as many pictures back
        self._encoder: VideoCodecContext | None = None
        self._head: SegmentHead | None = None
        self._burner: Burner | None = None
        self._received: dict[int, Record] = {}
        self._next_key = 0
        self.damaged = 0

    def feed(self, taken: Taken) -> list[Taken]:
        """Return what the next packet gave as packets of the new stream. A damaged one gives nothing and is counted."""
        packet = av.Packet(taken.record.payload)
        packet.pts, packet.time_base = self._ticks(taken), _TICKS
        self._remember(packet.pts, taken.record)
        try:
            frames = self._decoder.decode(packet)
        except InvalidDataError:
            self.damaged += 1
            return []
        return [made for frame in frames for made in self._encoded(frame)]

    def _ticks(self, taken: Taken) -> int:
        return round(taken.record.pts * taken.head.time_base / _TICKS)

    def _remember(self, ticks: int, record: Record) -> None:
        self._received[ticks] = record
        while len(self._received) > _IN_FLIGHT:
            del self._received[next(iter(self._received))]

    def _encoded(self, frame: VideoFrame) -> list[Taken]:
        if frame.pts is None:
            return []
        if self._encoder is None:
            self._encoder = self._open(frame)
        picture = self._masked(frame, self._encoder)
        picture.pts, picture.time_base = frame.pts, _TICKS
        picture.pict_type = PictureType.I if frame.pts >= self._next_key else PictureType.NONE
        if frame.pts >= self._next_key:
            self._next_key = frame.pts + _KEY_EVERY_TICKS
        return [self._taken(packet) for packet in self._encoder.encode(picture)]

    def _open(self, frame: VideoFrame) -> VideoCodecContext:
        """Open the encoder for the first picture's size, which it keeps; both sides even, 1080 lines at most."""
        height = min(frame.height, _MOST_HEIGHT_PX) // 2 * 2
        width = round(frame.width * height / frame.height) // 2 * 2
        encoder = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        encoder.time_base, encoder.framerate = _TICKS, Fraction(25)
        encoder.gop_size = 10_000  # keyframes are asked for by time
        encoder.options = dict(_OPTIONS)
        encoder.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER: the parameter sets in extradata
        encoder.open()
        session = f"{self.source.session}/h264"
        extradata = bytes(encoder.extradata or b"")
        self._head = SegmentHead(self.source.camera_id, session, "h264", width, height, 1, 90_000, extradata)
        self._next_key = frame.pts or 0
        return encoder

    def _masked(self, frame: VideoFrame, encoder: VideoCodecContext) -> VideoFrame:
        """Return a copy in the encoder's format with the masks in it: the decoder still needs its own."""
        fitted = frame.to_ndarray(width=encoder.width, height=encoder.height, format="yuv420p")
        planes = cast("npt.NDArray[np.uint8]", fitted)
        if self._masks:
            self._burner = self._burner or Burner(self._masks, encoder.width, encoder.height)
            self._burner.burn(planes)
        return VideoFrame.from_ndarray(planes, format="yuv420p")

    def _taken(self, packet: Packet[VideoStream]) -> Taken:
        assert self._head is not None
        assert packet.pts is not None
        seen = self._received.get(packet.pts) or next(reversed(self._received.values()))
        flags = KEY * packet.is_keyframe | NO_DTS
        record = Record(bytes(packet), flags, packet.pts, packet.pts, seen.utc_us, seen.mono_ns)
        return Taken(self._head, record)
