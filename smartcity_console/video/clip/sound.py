"""The sound of a clip: chosen out of the ring, laid on the pictures' time line, told when a file cannot hold it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import av
import msgspec
from av.container import InputContainer

from smartcity_console.video.clip.timeline import Moment, session_anchors_us
from smartcity_console.video.ring.format import AUDIO, AudioHead
from smartcity_console.video.ring.reader import Taken

TICKS_PER_S = 90_000
NOT_IN_MP4 = {"pcm_mulaw": "G.711 (PCMU)", "pcm_alaw": "G.711 (PCMA)"}
_FLV_HEAD = b"FLV\x01\x04\x00\x00\x00\x09\x00\x00\x00\x00"


class Sound(msgspec.Struct, frozen=True):
    """Frames of sound with their times in 1/90000 s on the clip's time line."""

    head: AudioHead
    frames: tuple[tuple[int, bytes], ...]


def sound_of(aside: Iterable[Taken], moments: Sequence[Moment], placed: Sequence[int]) -> tuple[Sound | None, str]:
    """Return the sound that goes with pictures placed at `placed`, and what is to be said of it.

    Sound and pictures count from zeros of their own; their receptions tell how these lie to each other, to some tens of
    milliseconds. Sound of another format than the first is left out and said.
    """
    taken = [t for t in aside if t.record.flags & AUDIO and t.head.audio is not None]
    if not taken:
        return None, ""
    head = taken[0].head.audio
    assert head is not None
    if head.codec != "aac":
        return None, f"sound not kept: MP4 has no place for {NOT_IN_MP4.get(head.codec, head.codec)}"
    same = [t for t in taken if t.head.audio == head]
    frames = _placed(same, head, moments, placed)
    note = f"sound: {len(taken) - len(same)} frames of another format left out" if len(same) < len(taken) else ""
    return (Sound(head, tuple(frames)) if frames else None), note


def _placed(
    taken: Sequence[Taken], head: AudioHead, moments: Sequence[Moment], placed: Sequence[int]
) -> list[tuple[int, bytes]]:
    heard = [Moment(t.head.session, t.record.pts * TICKS_PER_S // head.ticks_per_s, t.record.utc_us) for t in taken]
    seen_at, heard_at = session_anchors_us(moments, TICKS_PER_S), session_anchors_us(heard, TICKS_PER_S)
    shifts = {moment.session: at - moment.pts for moment, at in zip(moments, placed, strict=True)}
    frames: list[tuple[int, bytes]] = []
    last, end = -1, max(placed)
    for moment, t in zip(heard, taken, strict=True):
        if moment.session not in shifts:
            continue
        between = round((heard_at[moment.session] - seen_at[moment.session]) * TICKS_PER_S / 1e6)
        at = moment.pts + between + shifts[moment.session]
        if last < at <= end:
            frames.append((at, t.record.payload))
            last = at
    return frames


def describe_sound(head: AudioHead, frame: bytes) -> InputContainer:
    """Let libavformat describe AAC by way of the smallest FLV that holds it: an AudioSpecificConfig and one frame."""
    tags = b"".join(_flv_tag(bytes((0xAF, kind)) + data) for kind, data in ((0, head.extradata), (1, frame)))
    return av.open(io.BytesIO(_FLV_HEAD + tags), "r", format="flv")


def _flv_tag(data: bytes) -> bytes:
    tag = b"\x08" + len(data).to_bytes(3, "big") + bytes(7) + data
    return tag + len(tag).to_bytes(4, "big")
