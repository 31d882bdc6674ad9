"""Re-opens a written clip: it counts only when it holds the same bits and its first picture decodes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import av
import msgspec
from av.packet import Packet

from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.clip.digest import PictureDigest

_Packet: TypeAlias = "Packet[Any]"


class ClipUnsound(ConsoleError):
    code = "clip_unsound"
    ko = "카메라 {camera_id}의 클립이 검사를 통과하지 못했습니다: {why}. 녹화 원본은 그대로입니다. 다시 시도하십시오."
    en = "The clip of camera {camera_id} did not pass its check: {why}. The recording is untouched. Try again."


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds, by reading all of it."""

    codec: str
    packets: int
    es_sha256: str
    sound_frames: int
    sound_sha256: str


def check_clip(path: Path, codec: str, *, packets: int, es_sha256: str, sound: tuple[int, str] | None = None) -> None:
    """`sound`: number of frames and digest over them. Raises ClipUnsound naming what differs, av.FFmpegError when the file cannot be read at all."""
    first = _FirstPicture()
    try:
        found = _read(path, first.look)
    except ValueError as error:
        raise ClipUnsound(camera_id=path.name, why=str(error)) from error
    if found.packets != packets:
        raise ClipUnsound(camera_id=path.name, why=f"{found.packets} packets instead of {packets}")
    if found.es_sha256 != es_sha256:
        raise ClipUnsound(camera_id=path.name, why="the pictures are not the recorded ones")
    if sound is not None and (found.sound_frames, found.sound_sha256) != sound:
        raise ClipUnsound(camera_id=path.name, why="the sound is not the recorded one")
    if found.codec != codec:
        raise ClipUnsound(camera_id=path.name, why="another codec than recorded")
    if not first.decoded:
        raise ClipUnsound(camera_id=path.name, why="the first picture does not decode")


def elementary_digest(path: Path) -> tuple[int, str]:
    """Return the number of packets and the SHA-256 over their picture units, in hex. Raises av.FFmpegError, ValueError."""
    found = _read(path)
    return found.packets, found.es_sha256


def sound_digest(path: Path) -> tuple[int, str]:
    """Return the number of sound frames and the SHA-256 over them, in hex; (0, …) where there is no sound."""
    found = _read(path)
    return found.sound_frames, found.sound_sha256


def _read(path: Path, look: Callable[[_Packet], None] | None = None) -> Found:
    """Read a file once from end to end; `look` is shown each packet of its pictures."""
    sound, frames = hashlib.sha256(), 0
    with av.open(str(path), "r") as container:
        stream = container.streams.video[0]
        codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
        wanted: list[Any] = [stream, *container.streams.audio[:1]]
        with PictureDigest(codec, extradata) as pictures:
            for packet in container.demux(wanted):
                if packet.stream is stream:
                    if packet.size:
                        pictures.add(bytes(packet))
                    if look is not None:
                        look(packet)
                elif packet.size:
                    frames += 1
                    sound.update(bytes(packet))
            return Found(
                codec=codec,
                packets=pictures.packets,
                es_sha256=pictures.hexdigest(),
                sound_frames=frames,
                sound_sha256=sound.hexdigest(),
            )


class _FirstPicture:
    """Decodes packets until the first picture is out (the empty one at the end takes out what a decoder holds back)."""

    def __init__(self) -> None:
        self.decoded = False

    def look(self, packet: _Packet) -> None:
        if not self.decoded:
            self.decoded = bool(packet.decode())
