"""Whether a clip is the camera's own bits: each of its pictures must stand, unchanged, in what was played."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import msgspec

from smartcity_console.video.nal import picture_units, split_sample

_NAL_CODECS = ("h264", "hevc")


class ClipFindings(msgspec.Struct, frozen=True):
    """What was found by opening a clip anew. `foreign` counts pictures that no recording holds."""

    codec: str
    pictures: int
    decoded: int
    foreign: int
    duration_s: float
    begins_s: float  # first presentation time in the file

    @property
    def good(self) -> bool:
        return self.pictures > 0 and self.foreign == 0 and self.decoded > 0


def digests_of(recordings: Iterable[Path]) -> frozenset[bytes]:
    """Return the digest of every picture of these recordings. Raises OSError for one that cannot be read."""
    return frozenset(digest for path in recordings for digest in _digests(path))


def examine(clip: Path, known: frozenset[bytes]) -> ClipFindings:
    """Open a clip, count its pictures, look each up, decode its first second. Raises OSError."""
    digests = list(_digests(clip))
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        base = float(stream.time_base or 1)
        begins_s = float(stream.start_time or 0) * base
        decoded = sum(1 for _, frame in zip(range(30), container.decode(stream), strict=False) if frame.width)
        duration_s = float(stream.duration or 0) * base
        codec = stream.codec_context.name
    foreign = sum(1 for digest in digests if digest not in known)
    return ClipFindings(codec, len(digests), decoded, foreign, duration_s, begins_s)


def _digests(path: Path) -> Iterator[bytes]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
        for packet in container.demux(stream):
            if packet.size:
                yield _digest(codec, bytes(packet), extradata)


def _digest(codec: str, data: bytes, extradata: bytes) -> bytes:
    units = picture_units(codec, split_sample(data, extradata)) if codec in _NAL_CODECS else [data]
    digest = hashlib.sha256()
    for unit in units:
        digest.update(b"%d:" % len(unit))
        digest.update(unit)
    return digest.digest()
