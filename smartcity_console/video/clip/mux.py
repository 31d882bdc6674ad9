"""Puts recorded packets into MP4 without touching them."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from smartcity_console.video.clip.sound import Sound, describe_sound
from smartcity_console.video.ring.format import SegmentHead

_RAW_FORMAT = {"h264": "h264", "hevc": "hevc", "mpeg4": "m4v", "mjpeg": "mjpeg"}
_TAG = {"hevc": "hvc1"}  # parameter sets in the head alone: what players other than libavformat want
TICKS_PER_S = 90_000


class NotMuxable(Exception):
    """The first keyframe does not give what an MP4's head needs."""


class NoPlaceInMp4(NotMuxable):
    """MP4 has no place for the stream's codec."""

    def __init__(self, codec: str) -> None:
        super().__init__(f"codec {codec}")
        self.codec = codec


class Mp4:
    """Pictures, and sound if there is any, in one MP4, whole or fragmented. Times given in 1/90000 s.

    `close` writes the end.
    """

    def __init__(
        self, target: Any, head: SegmentHead, first_key: bytes, options: dict[str, str], sound: Sound | None = None
    ) -> None:
        """Begin the file. Raises NotMuxable, NoPlaceInMp4, av.FFmpegError, OSError."""
        with _probe(head, first_key) as template:
            described = template.streams.video[0].codec_context
            self.has_b_pictures = bool(described.has_b_frames)
            self.extradata = bytes(described.extradata or b"")  # also of a camera that sends its sets in band only
            self.container: OutputContainer = av.open(target, "w", format="mp4", options=options)
            self._stream: VideoStream = self.container.add_stream_from_template(template.streams.video[0], opaque=True)
        if tag := _TAG.get(head.codec):
            self._stream.codec_context.codec_tag = tag
        self._stream.time_base = Fraction(1, TICKS_PER_S)
        self._sound = self._begin_sound(sound) if sound else None
        self._in_base = Fraction(1, TICKS_PER_S)

    def begin(self) -> None:
        """Write the head."""
        self.container.start_encoding()

    def add(self, payload: bytes, pts: int, dts: int, is_key: bool, duration: int = 0) -> None:
        """`duration` counts for a file's last picture: readers leave one out that lasts no time."""
        packet = cast("Packet[VideoStream]", Packet(payload))
        packet.pts, packet.dts, packet.time_base = pts, dts, self._in_base
        packet.is_keyframe = is_key
        packet.duration = duration
        packet.stream = self._stream
        self.container.mux(packet)

    def add_sound(self, frame: bytes, at: int) -> None:
        packet = cast("Packet[AudioStream]", Packet(frame))
        packet.pts, packet.dts, packet.time_base = at, at, self._in_base
        assert self._sound is not None
        packet.stream = self._sound
        self.container.mux(packet)

    def _begin_sound(self, sound: Sound) -> AudioStream:
        with describe_sound(sound.head, sound.frames[0][1]) as template:
            return self.container.add_stream_from_template(template.streams.audio[0], opaque=True)

    def close(self) -> None:
        self.container.close()


def _probe(head: SegmentHead, first_key: bytes) -> InputContainer:
    """Let libavformat's raw demuxer describe the stream from its parameter sets and first keyframe."""
    raw = _RAW_FORMAT.get(head.codec)
    if raw is None:
        raise NoPlaceInMp4(head.codec)
    container = av.open(io.BytesIO(head.extradata + first_key), "r", format=raw)
    context = container.streams.video[0].codec_context
    if not context.width or not (context.extradata or head.codec == "mjpeg"):
        container.close()
        raise NotMuxable("no parameter sets before the first keyframe")
    return container
