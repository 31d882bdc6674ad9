"""Cutting land into ever smaller pieces, the way a city grows: every cut is a street or a boundary."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.ops import split

from smartcity_console.city.base import Numbers


@dataclass(frozen=True)
class Box:
    """A polygon's oriented envelope: centre, unit vector of the long side, both lengths."""

    centre: Numbers
    along: Numbers
    long_m: float
    short_m: float

    @property
    def across(self) -> Numbers:
        return np.array([-self.along[1], self.along[0]])


def box_of(polygon: Any) -> Box:
    """Return the oriented envelope of a polygon."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    if len(corners) < 4:
        return Box(corners.mean(axis=0), np.array([1.0, 0.0]), 0.0, 0.0)
    sides = (corners[1] - corners[0], corners[2] - corners[1])
    lengths = [float(np.hypot(*side)) for side in sides]
    longer = 0 if lengths[0] >= lengths[1] else 1
    along = sides[longer] / max(lengths[longer], 1e-9)
    return Box(corners[:4].mean(axis=0), along, max(lengths), min(lengths))


@dataclass(frozen=True)
class Style:
    """How cuts waver: shift as a share of the length cut, turn and kink of the line."""

    shift: float
    turn_deg: float
    kink_m: float


def cut_line(box: Box, lengthwise: bool, style: Style, rng: random.Random) -> Any:
    """Return a line that cuts the box along or across, a little off the middle, a little turned and bent."""
    run, side, span = (box.along, box.across, box.short_m) if lengthwise else (box.across, box.along, box.long_m)
    reach = box.long_m + box.short_m
    turn = math.radians(rng.gauss(0.0, style.turn_deg))
    run, side = run * math.cos(turn) + side * math.sin(turn), side * math.cos(turn) - run * math.sin(turn)
    middle = box.centre + side * span * rng.uniform(-style.shift, style.shift)
    bends = [rng.gauss(0.0, style.kink_m) for _ in range(3)]
    at = (-0.22, 0.0, 0.22)
    inner = box.long_m if lengthwise else box.short_m
    points = [middle + run * inner * t + side * bend for t, bend in zip(at, bends, strict=True)]
    first, last = points[0] - run * reach, points[-1] + run * reach
    return shapely.LineString(np.round([first, *points, last], 2))


def cut(polygon: Any, lengthwise: bool, style: Style, rng: random.Random) -> tuple[list[Any], list[Any]]:
    """Return (pieces, lines) of one cut; ([], []) when six tries gave no two fair pieces."""
    box = box_of(polygon)
    for _ in range(6):
        line = cut_line(box, lengthwise, style, rng)
        pieces = [p for p in split(polygon, line).geoms if p.area > 1.0]
        if len(pieces) == 2 and min(p.area for p in pieces) > 0.22 * polygon.area:
            inside = shapely.get_parts(shapely.intersection(polygon, line))
            return pieces, [p for p in inside if p.geom_type == "LineString" and p.length > 5.0]
    return [], []


Wanted = Callable[[Box, Any], bool | None]


def divide(polygon: Any, wanted: Wanted, style: Style, rng: random.Random) -> tuple[list[Any], list[list[Any]]]:
    """Cut while `wanted` says so: True lengthwise, False across, None enough. Returns (pieces, lines of each cut)."""
    waiting, done, cuts = [polygon], [], []
    while waiting:
        piece = waiting.pop()
        lengthwise = wanted(box_of(piece), piece)
        pieces, lines = ([], []) if lengthwise is None else cut(piece, lengthwise, style, rng)
        if pieces:
            waiting.extend(pieces)
            cuts.append(lines)
        else:
            done.append(piece)
    return done, cuts


def halves(polygon: Any, lengthwise: bool, share: float) -> list[Any]:
    """Return the two sides of a straight cut through the oriented envelope at a share of its length."""
    box = box_of(polygon)
    side, span = (box.across, box.short_m) if lengthwise else (box.along, box.long_m)
    run = np.array([-side[1], side[0]])
    reach = box.long_m + box.short_m
    edge = box.centre + side * span * (share - 0.5)
    plate = shapely.Polygon([edge - run * reach, edge + run * reach, edge + run * reach + side * reach,
                             edge - run * reach + side * reach])  # fmt: skip
    both = (shapely.intersection(polygon, plate), shapely.difference(polygon, plate))
    return [p for part in both for p in shapely.get_parts(part) if p.geom_type == "Polygon" and p.area > 1.0]
