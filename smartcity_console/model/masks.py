"""Privacy masks: what of a camera's picture is covered, and for how long a supervisor has lifted the cover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

import msgspec

Polygon = tuple[tuple[float, float], ...]
"""Corners (x, y) in parts of the picture's width and height, 0 … 1 from its left top."""

Polygons = tuple[Polygon, ...]
MOST_POLYGONS = 32
MOST_CORNERS = 64
_SMALLEST_AREA = 1e-5  # of the picture: what is smaller covers no pixel of any camera


class MaskLift(msgspec.Struct, frozen=True):
    """A cover taken off the consoles' live pictures until a moment (UTC)."""

    until: datetime
    reason: str
    seat: str


class CameraMask(msgspec.Struct, frozen=True):
    """A camera's masks as they stand."""

    polygons: Polygons
    since: datetime
    seat: str
    lift: MaskLift | None = None

    def lifted(self, now: datetime) -> bool:
        return self.lift is not None and now < self.lift.until

    def shown(self, now: datetime) -> Polygons:
        """Return what is to be covered on a console's live picture now. What leaves the house is always covered."""
        return () if self.lifted(now) else self.polygons


def checked_polygons(polygons: Sequence[Sequence[Sequence[float]]]) -> Polygons:
    """Return polygons fit for the journal: corners inside the picture, rounded to 1/10000. Raises ValueError."""
    if len(polygons) > MOST_POLYGONS:
        raise ValueError(f"more than {MOST_POLYGONS} areas")
    return tuple(_checked(polygon) for polygon in polygons)


def _checked(polygon: Sequence[Sequence[float]]) -> Polygon:
    if not 3 <= len(polygon) <= MOST_CORNERS:
        raise ValueError(f"an area has 3 to {MOST_CORNERS} corners")
    corners = tuple((_inside(x), _inside(y)) for x, y in polygon)
    if abs(area(corners)) < _SMALLEST_AREA:
        raise ValueError("an area covers nothing")
    return corners


def _inside(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a corner is no number")
    return round(min(1.0, max(0.0, float(value))), 4)


def area(polygon: Polygon) -> float:
    """Return the signed area in parts of the picture (shoelace formula)."""
    following = (*polygon[1:], polygon[0])
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, following, strict=True)) / 2
