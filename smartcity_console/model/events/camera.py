"""camera/… : connections, masks, poses, pictures of the past, who steers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from smartcity_console.model.camera import Pose
from smartcity_console.model.events.base import Payload
from smartcity_console.model.geo import Position
from smartcity_console.model.masks import Polygons


class CameraConnected(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    codec: str
    width_px: int
    height_px: int


class CameraLost(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    reason: str


class CameraMaskPayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    seat: str
    reason: str


class MaskSet(CameraMaskPayload, frozen=True, kw_only=True):
    """What of a camera's picture is private from now on; no polygon: nothing. `before` is what it was."""

    polygons: Polygons
    before: Polygons


class MaskLifted(CameraMaskPayload, frozen=True, kw_only=True):
    """A supervisor has uncovered the consoles' live picture until a moment. What leaves the house stays covered."""

    until: datetime


class MaskLiftEnded(CameraMaskPayload, frozen=True, kw_only=True):
    """A lift is over, by its time or by a seat."""


class CameraSnapshotTaken(Payload, frozen=True, kw_only=True):
    """A still of a camera, taken at a seat that looked at no incident."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    path: str
    sha256: str
    captured_at: datetime
    seat: str


class ReplayFetched(Payload, frozen=True, kw_only=True):
    """A seat was given recorded pictures, on record before they left. `incident_ids`: what it verified then.

    What the same seat fetches again of the same pictures within ten minutes is not told again.
    """

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    start: datetime
    end: datetime
    seat: str
    remote: str
    is_private: bool
    incident_ids: tuple[str, ...] = ()


class CameraPoseSet(Payload, frozen=True, kw_only=True):
    """An operator has said how a camera stands. It outlives the next import; `before` is what the catalogue held."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    pose: Pose
    before: Pose
    seat: str


class PtzTaken(Payload, frozen=True, kw_only=True):
    """A seat steers a camera from now on. `taken_from`: the seat that it goes before."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    seat: str
    rank: str
    taken_from: str = ""


class PtzReleased(Payload, frozen=True, kw_only=True):
    """A hold is over: `released`, `idle`, `taken_over`, `seat_gone`, `locked` or `gateway_stopped`; what was done in it."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    seat: str
    reason: str
    held_s: float
    moves: int
    turning_s: float
    acts: tuple[str, ...] = ()  # presets and absolute positions, in words; the first ones of many


class PtzSpotWanted(Payload, frozen=True, kw_only=True):
    """A seat wants every camera that turns and can see a spot turned to it."""

    stream_kind: ClassVar[str] = "seat"
    seat: str
    spot: Position
    incident_id: str = ""
