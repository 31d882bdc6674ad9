"""Cameras: where one stands, which way it looks, whose it is, how well it sees."""

from __future__ import annotations

import enum
import math

import msgspec

from smartcity_console.model.geo import Position


class Purpose(enum.StrEnum):
    """설치목적구분 of 전국CCTV표준데이터."""

    CRIME_PREVENTION = "crime_prevention"  # 생활방범
    CHILD_PROTECTION = "child_protection"  # 어린이보호
    TRAFFIC = "traffic"  # 교통단속
    LITTER = "litter"  # 쓰레기단속
    FACILITY = "facility"  # 시설물관리
    DISASTER = "disaster"  # 재난재해
    VEHICLE_CRIME = "vehicle_crime"  # 차량방범
    MULTI = "multi"  # 다목적
    OTHER = "other"  # 기타


class Ownership(enum.StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class Mount(enum.StrEnum):
    FIXED = "fixed"
    PTZ = "ptz"


class Dori(enum.StrEnum):
    """Pixel-density classes of IEC/EN 62676-4."""

    NONE = "none"
    MONITOR = "monitor"
    DETECT = "detect"
    OBSERVE = "observe"
    RECOGNISE = "recognise"
    IDENTIFY = "identify"


# Lower bounds in pixels per metre, IEC/EN 62676-4.
_DORI_PX_PER_M = (
    (250.0, Dori.IDENTIFY),
    (125.0, Dori.RECOGNISE),
    (62.5, Dori.OBSERVE),
    (25.0, Dori.DETECT),
    (12.5, Dori.MONITOR),
)


def dori_class(px_per_m: float) -> Dori:
    """Return the IEC/EN 62676-4 class that a density of pixels per metre reaches."""
    return next((name for bound, name in _DORI_PX_PER_M if px_per_m >= bound), Dori.NONE)


def dori_floor(dori: Dori) -> float:
    """Return the fewest pixels per metre of a class; 0 for `Dori.NONE`, which asks for nothing."""
    return next((bound for bound, name in _DORI_PX_PER_M if name is dori), 0.0)


class Pose(msgspec.Struct, frozen=True):
    """How a camera stands: `azimuth_deg` clockwise from north (None: unknown), `tilt_deg` below the horizon."""

    height_m: float
    azimuth_deg: float | None
    tilt_deg: float
    hfov_deg: float
    width_px: int
    height_px: int
    range_m: float = 200.0

    def px_per_m(self, distance_m: float) -> float:
        """Return horizontal pixels per metre at a distance: the image's width over the width it spans there."""
        span_m = 2.0 * max(distance_m, 0.1) * math.tan(math.radians(self.hfov_deg) / 2.0)
        return self.width_px / span_m


class Camera(msgspec.Struct, frozen=True):
    """One camera of the catalogue. A private one (`site_id` set) opens only for an incident."""

    id: str
    name: str
    position: Position
    pose: Pose
    mount: Mount
    purpose: Purpose
    ownership: Ownership
    owner: str
    site_id: str | None = None
    indoor: bool = False


class SeenBy(msgspec.Struct, frozen=True):
    """One camera's rank for a spot, with what the rank rests on."""

    camera_id: str
    name: str
    ownership: Ownership
    purpose: Purpose
    mount: Mount
    distance_m: float
    bearing_deg: float  # from the camera to the spot
    px_per_m: float
    dori: Dori
    in_view: bool  # inside the field of view and not behind a building
    direction_known: bool
    occluded: bool
    turn_s: float  # for a PTZ to bring the spot to its centre; 0 when it looks there already
    has_stream: bool
    score: float
