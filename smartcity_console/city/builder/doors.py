"""The street side of a building: the wall before which a site's door lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Buildings, Numbers

DOOR_GAP_M = 0.7  # a site's position is the spot just before its door


@dataclass(frozen=True)
class Front:
    """A wall from `left` to `right` as seen from the street, and the unit vector that points to the street."""

    left: Numbers
    right: Numbers
    out: Numbers

    @property
    def width_m(self) -> float:
        return float(np.hypot(*(self.right - self.left)))

    @property
    def door(self) -> Numbers:
        """The spot before the middle of the wall."""
        return (self.left + self.right) / 2 + self.out * DOOR_GAP_M

    def at(self, share: float, out_m: float) -> Numbers:
        """Return the spot at a share of the wall's length from the left, so far before the wall."""
        return self.left + (self.right - self.left) * share + self.out * out_m


def front_towards(footprint: Any, street: Any, least_m: float = 4.0) -> Front | None:
    """Return the wall that faces a street line, or None when no wall of that width does."""
    ring = shapely.get_coordinates(shapely.orient_polygons(footprint).exterior)
    fronts = [_front(a, b) for a, b in pairwise(ring)]
    facing = [f for f in fronts if f is not None and f.width_m >= least_m and _faces(f, street)]
    return min(facing, key=lambda f: street.distance(shapely.Point(f.door)), default=None)


def _front(a: Numbers, b: Numbers) -> Front | None:
    length = math.hypot(*(b - a))
    if length < 0.5:
        return None
    along = (b - a) / length
    # A counter-clockwise ring has its inside on the left: outside is on the right.
    return Front(b, a, np.array([along[1], -along[0]]))


def _faces(front: Front, street: Any) -> bool:
    near = shapely.line_interpolate_point(street, shapely.line_locate_point(street, shapely.Point(front.door)))
    towards = np.array([near.x, near.y]) - front.door
    return bool(front.out @ towards > 0.85 * np.hypot(*towards))


def is_open(point: Numbers, buildings: Buildings, margin_m: float = 0.3) -> bool:
    """Return whether no building stands within the margin of a point."""
    return not len(buildings.tree.query(shapely.Point(point), predicate="dwithin", distance=margin_m))


def kerb(line: Any, width_m: float, along_m: float, side: float, front: Front) -> Numbers | None:
    """Return a pole's foot at the kerb; side -1 is across the street from the door."""
    if not 1.0 < along_m < line.length - 1.0:
        return None
    a, b = (shapely.line_interpolate_point(line, along_m + d) for d in (-1.0, 1.0))
    across = np.array([b.y - a.y, a.x - b.x])
    across /= np.hypot(*across)
    towards = side * math.copysign(1.0, float(across @ -front.out))
    foot: Numbers = np.array([(a.x + b.x) / 2, (a.y + b.y) / 2]) + across * towards * (width_m / 2 + 0.8)
    return foot
