"""What the recorder's child process and its supervisor say to each other over a pipe, as MessagePack."""

from __future__ import annotations

from datetime import datetime

import msgspec


class CameraStatus(msgspec.Struct, frozen=True, kw_only=True, tag="camera"):
    """A camera's change of state: connected with its codec and size in pixels, or lost for a reason."""

    camera_id: str
    connected: bool
    at: datetime
    codec: str = ""
    width_px: int = 0
    height_px: int = 0
    reason: str = ""
    audio: str = ""  # codec of the recorded sound, or why the camera's sound is not recorded


class CameraClock(msgspec.Struct, frozen=True, kw_only=True, tag="clock"):
    """A camera's clock against ours, every ten seconds: `offset_ms` above 0 when it is ahead (None: it sends no sender
    reports), `drift_ppm` above 0 when it goes fast (None: not seen for long enough)."""

    camera_id: str
    at: datetime
    offset_ms: float | None
    drift_ppm: float | None


class Beat(msgspec.Struct, frozen=True, kw_only=True, tag="beat"):
    """Sent twice a second while the child is well. Counters run since the child began."""

    cameras: int
    connected: int
    packets: int
    dropped_packets: int  # came while recording paused, or before a keyframe
    dropped_statuses: int
    dropped_segments: int
    abandoned_threads: int
    paused: bool
    lost_rtp_packets: int = 0  # numbered by a camera and never received


class Trouble(msgspec.Struct, frozen=True, kw_only=True, tag="trouble"):
    """The disk is full: told once until there is space again."""

    path: str
    free_mib: int


class Update(msgspec.Struct, frozen=True, kw_only=True, tag="update"):
    """The streams to record from now on: camera id to URL. Sent by the supervisor; an empty URL map records nothing."""

    streams: dict[str, str]


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End: close all segments and leave."""


FromChild = CameraStatus | CameraClock | Beat | Trouble
ToChild = Update | Stop

_encoder = msgspec.msgpack.Encoder()
_from_child: msgspec.msgpack.Decoder[FromChild] = msgspec.msgpack.Decoder(FromChild)
_to_child: msgspec.msgpack.Decoder[ToChild] = msgspec.msgpack.Decoder(ToChild)


def encode(message: FromChild | ToChild) -> bytes:
    return _encoder.encode(message)


def decode_from_child(data: bytes) -> FromChild:
    return _from_child.decode(data)


def decode_to_child(data: bytes) -> ToChild:
    return _to_child.decode(data)
