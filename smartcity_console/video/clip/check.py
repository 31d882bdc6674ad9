"""Re-opens a written clip: it counts only when it holds the same bits and its first picture decodes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer

from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.nal import picture_units, split_sample


class ClipUnsound(ConsoleError):
    code = "clip_unsound"
    ko = "카메라 {camera_id}의 클립이 검사를 통과하지 못했습니다: {why}. 녹화 원본은 그대로입니다. 다시 시도하십시오."
    en = "The clip of camera {camera_id} did not pass its check: {why}. The recording is untouched. Try again."


def check_clip(path: Path, codec: str, *, packets: int, es_sha256: str, sound: tuple[int, str] | None = None) -> None:
    """`sound`: number of frames and digest over them. Raises ClipUnsound naming what differs, av.FFmpegError when the file cannot be read at all."""
    found, digest = elementary_digest(path)
    if found != packets:
        raise ClipUnsound(camera_id=path.name, why=f"{found} packets instead of {packets}")
    if digest != es_sha256:
        raise ClipUnsound(camera_id=path.name, why="the pictures are not the recorded ones")
    if sound is not None and sound_digest(path) != sound:
        raise ClipUnsound(camera_id=path.name, why="the sound is not the recorded one")
    with av.open(str(path), "r") as container:
        if container.streams.video[0].codec_context.name != codec:
            raise ClipUnsound(camera_id=path.name, why="another codec than recorded")
        if next(container.decode(video=0), None) is None:
            raise ClipUnsound(camera_id=path.name, why="the first picture does not decode")


def elementary_digest(path: Path) -> tuple[int, str]:
    """Return the number of packets and the SHA-256 over their picture units, in hex. Raises av.FFmpegError."""
    digest, count = hashlib.sha256(), 0
    with av.open(str(path), "r") as container:
        for payload in _units_by_packet(container):
            count += 1
            for unit in payload:
                digest.update(unit)
    return count, digest.hexdigest()


def sound_digest(path: Path) -> tuple[int, str]:
    """Return the number of sound frames and the SHA-256 over them, in hex; (0, …) where there is no sound."""
    digest, count = hashlib.sha256(), 0
    with av.open(str(path), "r") as container:
        for packet in container.demux(container.streams.audio[0]) if container.streams.audio else ():
            if packet.size:
                count += 1
                digest.update(bytes(packet))
    return count, digest.hexdigest()


def _units_by_packet(container: InputContainer) -> Iterator[list[bytes]]:
    stream = container.streams.video[0]
    codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
    for packet in container.demux(stream):
        if packet.size and codec in ("h264", "hevc"):
            yield picture_units(codec, split_sample(bytes(packet), extradata))
        elif packet.size:
            yield [bytes(packet)]
