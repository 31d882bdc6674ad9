"""Cameras that turn: what one can do, where it looks, who steers it, and which pan and tilt look at a spot.

Velocities are shares of the device's fastest (ONVIF VelocityGenericSpace): pan to the right, tilt up, zoom in are
positive. Positions are in the device's own units of the space that they name.
"""

from __future__ import annotations

import enum
import math

import msgspec

DEGREES_SPACE = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/SphericalPositionSpaceDegrees"
GENERIC_SPACE = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"
STILL_SHARE = 0.01  # a velocity below this is none


class Range(msgspec.Struct, frozen=True):
    """Inclusive bounds in a device's units."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def clamp(self, value: float) -> float:
        return max(self.low, min(self.high, value))


class PanTiltSpace(msgspec.Struct, frozen=True):
    """A space of absolute positions that a device takes, with its limits."""

    uri: str
    pan: Range
    tilt: Range

    @property
    def in_degrees(self) -> bool:
        return self.uri == DEGREES_SPACE


class Verb(enum.StrEnum):
    """What can be asked of a camera that turns; a device may lack any of them."""

    MOVE = "move"
    ZOOM = "zoom"
    POINT = "point"  # absolute pan and tilt
    POINT_ZOOM = "point_zoom"  # absolute zoom
    USE_PRESET = "use_preset"
    SET_PRESET = "set_preset"
    REMOVE_PRESET = "remove_preset"
    STATUS = "status"


class Abilities(msgspec.Struct, frozen=True):
    """What a device says it can do. `spaces`: absolute pan and tilt, the best first; `zoom`: absolute zoom."""

    verbs: frozenset[Verb] = frozenset()
    spaces: tuple[PanTiltSpace, ...] = ()
    zoom: Range | None = None
    most_presets: int = 0

    def can(self, verb: Verb) -> bool:
        return verb in self.verbs


class Preset(msgspec.Struct, frozen=True):
    """A position that the device keeps under a token."""

    token: str
    name: str


class Position(msgspec.Struct, frozen=True):
    """Where a device says it looks, in the units of `space`; None: it did not say."""

    pan: float | None = None
    tilt: float | None = None
    zoom: float | None = None
    space: str = ""
    moving: bool | None = None


class Velocity(msgspec.Struct, frozen=True):
    """Shares of the fastest, -1..1."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0

    @property
    def is_still(self) -> bool:
        return max(abs(self.pan), abs(self.tilt), abs(self.zoom)) < STILL_SHARE

    def bounded(self) -> Velocity:
        """Return it within -1..1; what is no number counts as none."""
        return Velocity(*(_share(value) for value in (self.pan, self.tilt, self.zoom)))


def _share(value: float) -> float:
    return max(-1.0, min(1.0, value)) if math.isfinite(value) else 0.0


class Rank(enum.IntEnum):
    """Who goes before whom at a camera."""

    OTHER = 1
    INCIDENT_HOLDER = 2
    SUPERVISOR = 3


class Mounting(msgspec.Struct, frozen=True):
    """How a device hangs: which way it looks at the ends of its pan and tilt. Angles in degrees.

    `azimuth_at_zero_deg`: compass bearing at pan zero (of a space in degrees), or at the middle of a generic space.
    `pan_span_deg`: how far a generic space turns from its low to its high end. `tilt_low_deg`, `tilt_high_deg`:
    elevation above the horizon at the ends of a generic tilt; None: not stated. `pan_reversed`: pan grows to the left;
    `tilt_down`: tilt in degrees grows downwards.
    """

    azimuth_at_zero_deg: float
    pan_span_deg: float | None = None
    tilt_low_deg: float | None = None
    tilt_high_deg: float | None = None
    pan_reversed: bool = False
    tilt_down: bool = False


class Aim(msgspec.Struct, frozen=True):
    """The way from a camera to a spot: compass bearing, elevation above the horizon (negative: below), distance."""

    bearing_deg: float
    elevation_deg: float
    distance_m: float


class NoAim(enum.StrEnum):
    """Why a device cannot be told to look somewhere."""

    NO_ABSOLUTE = "no_absolute"  # it takes no absolute positions
    NO_MOUNTING = "no_mounting"  # nobody has said which way it looks at pan zero
    NO_RANGE = "no_range"  # its units are not degrees, and nobody has said what they mean
    OUT_OF_REACH = "out_of_reach"  # beyond its stops


def pan_tilt_for(aim: Aim, mounting: Mounting | None, abilities: Abilities) -> Position | NoAim:
    """Return the pan and tilt that look along `aim`, in the best space that can; or why none can."""
    if not abilities.can(Verb.POINT) or not abilities.spaces:
        return NoAim.NO_ABSOLUTE
    if mounting is None:
        return NoAim.NO_MOUNTING
    found = [_in_space(aim, mounting, space) for space in abilities.spaces]
    return next((answer for answer in found if isinstance(answer, Position)), found[0])


def _in_space(aim: Aim, mounting: Mounting, space: PanTiltSpace) -> Position | NoAim:
    turn_deg = aim.bearing_deg - mounting.azimuth_at_zero_deg
    turn_deg = -turn_deg if mounting.pan_reversed else turn_deg
    if space.in_degrees:
        pan = _turned_into(turn_deg, space.pan)
        tilt: float | None = -aim.elevation_deg if mounting.tilt_down else aim.elevation_deg
    elif mounting.pan_span_deg is None or mounting.tilt_low_deg is None or mounting.tilt_high_deg is None:
        return NoAim.NO_RANGE
    else:
        pan = _generic_pan(turn_deg, mounting.pan_span_deg, space.pan)
        tilt = _generic_tilt(aim.elevation_deg, mounting.tilt_low_deg, mounting.tilt_high_deg, space.tilt)
    if pan is None or tilt is None or not space.tilt.holds(tilt):
        return NoAim.OUT_OF_REACH
    return Position(pan=pan, tilt=tilt, space=space.uri)


def _turned_into(turn_deg: float, limits: Range) -> float | None:
    """Return the angle, whole turns added, that lies within the limits and nearest to their middle."""
    middle = (limits.low + limits.high) / 2.0
    best = middle + (turn_deg - middle + 180.0) % 360.0 - 180.0
    return next((angle for angle in (best, best + 360.0, best - 360.0) if limits.holds(angle)), None)


def _generic_pan(turn_deg: float, span_deg: float, limits: Range) -> float | None:
    angle = _turned_into(turn_deg, Range(-span_deg / 2.0, span_deg / 2.0))
    if angle is None:
        return None
    return limits.low + (angle / span_deg + 0.5) * (limits.high - limits.low)


def _generic_tilt(elevation_deg: float, low_deg: float, high_deg: float, limits: Range) -> float | None:
    if low_deg == high_deg:
        return None
    share = (elevation_deg - low_deg) / (high_deg - low_deg)
    return limits.low + share * (limits.high - limits.low) if 0.0 <= share <= 1.0 else None
