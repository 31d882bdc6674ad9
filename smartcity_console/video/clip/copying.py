"""Copies what libavformat opens, a file or a stream, into an MP4 of the same bits, as `cut` does out of the ring."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import av
import msgspec
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from smartcity_console.video.clip.digest import PictureDigest
from smartcity_console.video.clip.mux import NoPlaceInMp4, NotMuxable

_PLACE = frozenset(("h264", "hevc", "mpeg4", "mjpeg"))
_KEPT_SOUND = frozenset(("aac", "mp3", "opus", "ac3"))


_Packet: TypeAlias = "Packet[Any]"


class Limit(Protocol):
    def is_over(self, media_s: float, size: int) -> bool:
        """Say whether enough was copied; may raise what the caller wants to see."""
        ...


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What was copied, as in ClipReport."""

    codec: str
    width_px: int
    height_px: int
    packets: int
    keyframes: int
    es_sha256: str
    duration_s: float
    sound: str
    sound_frames: int
    sound_sha256: str
    remarks: tuple[str, ...]
    ended_early: bool = False  # the limit said that it was enough


def copy_container(source: InputContainer, path: Path, camera_id: str, at: datetime, limit: Limit | None) -> Copied:
    """Write `path`. Raises NotMuxable, NoPlaceInMp4, av.FFmpegError, OSError, and what `limit` raises."""
    if not source.streams.video:
        raise NotMuxable("no video stream")
    picture = source.streams.video[0]
    if picture.codec_context.name not in _PLACE:
        raise NoPlaceInMp4(picture.codec_context.name)
    sound = source.streams.audio[0] if source.streams.audio else None
    remarks: tuple[str, ...] = ()
    if sound is not None and sound.codec_context.name not in _KEPT_SOUND:
        remarks, sound = (f"sound not kept: MP4 has no place for {sound.codec_context.name}",), None
    context = picture.codec_context
    pictures = PictureDigest(context.name, bytes(context.extradata or b""))
    with pictures, av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as sink:
        sink.metadata["title"] = camera_id
        sink.metadata["creation_time"] = at.isoformat().replace("+00:00", "Z")
        copy = _Copy(picture, sound, sink, pictures)
        for packet in _wanted(source, picture, sound):
            if limit is not None and limit.is_over(copy.media_s, copy.size):
                copy.ended_early = True
                break
            copy.add(packet)
        return copy.facts(remarks)


def _wanted(source: InputContainer, picture: VideoStream, sound: AudioStream | None) -> Iterator[_Packet]:
    """Yield packets with data from the first keyframe on."""
    begun = False
    for packet in source.demux([s for s in (picture, sound) if s is not None]):
        begun = begun or (packet.stream is picture and packet.is_keyframe)
        if packet.size and begun and packet.pts is not None:
            yield packet


class _Copy:
    def __init__(
        self, picture: VideoStream, sound: AudioStream | None, sink: OutputContainer, pictures: PictureDigest
    ) -> None:
        self._picture, self._sink = picture, sink
        context = picture.codec_context
        self._codec, self._pictures = context.name, pictures
        self._size_px = (context.width, context.height)
        self._out = sink.add_stream_from_template(picture, opaque=True)
        if self._codec == "hevc":
            self._out.codec_context.codec_tag = "hvc1"
        self._out_sound = sink.add_stream_from_template(sound, opaque=True) if sound is not None else None
        self._sound_codec = sound.codec_context.name if sound is not None else ""
        self._sound_digest = hashlib.sha256()
        self._first: Fraction | None = None
        self._last_dts: int | None = None
        self._step_s = 0.0
        self.packets = self.keyframes = self.sound_frames = self.size = 0
        self.media_s = 0.0
        self.ended_early = False

    def add(self, packet: _Packet) -> None:
        self.size += packet.size
        if packet.stream is not self._picture:
            self.sound_frames += 1
            self._sound_digest.update(bytes(packet))
            packet.stream = self._out_sound
            self._sink.mux(packet)
            return
        self._note_picture(packet)
        packet.stream = self._out
        self._sink.mux(packet)

    def _note_picture(self, packet: _Packet) -> None:
        self._pictures.add(bytes(packet))
        at = Fraction(packet.pts or 0) * packet.time_base
        self._first = at if self._first is None else min(self._first, at)
        self._step_s = max(float(at - self._first) - self.media_s, 0.0) or self._step_s
        self.media_s = max(self.media_s, float(at - self._first))
        if packet.dts is None or (self._last_dts is not None and packet.dts <= self._last_dts):
            packet.dts = packet.pts if self._last_dts is None else self._last_dts + 1  # a file format wants them rising
        self._last_dts = packet.dts
        if not packet.duration:
            packet.duration = round(
                self._step_s / packet.time_base
            )  # readers leave out a last picture that lasts no time
        self.packets += 1
        self.keyframes += packet.is_keyframe

    def facts(self, remarks: tuple[str, ...]) -> Copied:
        return Copied(
            codec=self._codec,
            width_px=self._size_px[0],
            height_px=self._size_px[1],
            packets=self.packets,
            keyframes=self.keyframes,
            es_sha256=self._pictures.hexdigest(),
            duration_s=self.media_s + self._step_s,
            sound=self._sound_codec if self.sound_frames else "",
            sound_frames=self.sound_frames,
            sound_sha256=self._sound_digest.hexdigest() if self.sound_frames else "",
            remarks=remarks,
            ended_early=self.ended_early,
        )
