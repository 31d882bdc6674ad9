"""Where the paint lies on the roads: lane lines, crosswalks and stop lines, as polygons in local metres.

Widths follow 교통노면표시 설치·관리 업무편람: lines 0.15 m, dashes 3 m with 5 m gaps in town, crosswalk bars 0.45 m wide and
4 m long with equal gaps, stop lines 0.3-0.6 m wide 2 m before the crosswalk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.ops

from smartcity_console.drill.stage.block import Block, Street

Rgb = tuple[int, int, int]
WHITE, YELLOW = (206, 207, 202), (201, 160, 48)
LINE_M, BAR_M, CROSSWALK_M, DASH_M, GAP_M = 0.15, 0.45, 4.0, 3.0, 5.0
MIN_CROSSWALK_APART_M = 28.0


@dataclass(frozen=True)
class Crosswalk:
    """A crosswalk over a street: its middle, the street's unit direction there, and its length over the road."""

    at: tuple[float, float]
    along: tuple[float, float]
    over_m: float


def crosswalks(block: Block) -> list[Crosswalk]:
    """Return a crosswalk beside each junction of a street that has pavements, at least 28 m apart on a street."""
    found: list[Crosswalk] = []
    for street in block.streets:
        if street.pavement_m > 0:
            found += _crosswalks_of(street, block)
    return found


def _crosswalks_of(street: Street, block: Block) -> list[Crosswalk]:
    taken: list[float] = []
    for along_m in sorted(_candidates(street, block)):
        clear = all(abs(along_m - other) > MIN_CROSSWALK_APART_M for other in taken)
        if clear and 8.0 < along_m < street.line.length - 8.0:
            taken.append(along_m)
    return [_crosswalk(street, along_m) for along_m in taken]


def _candidates(street: Street, block: Block) -> Iterator[float]:
    for other in block.streets:
        if other is street or other.name == street.name:
            continue
        for point in shapely.get_parts(street.line.intersection(other.line.buffer(0.5)).centroid):
            if not point.is_empty:
                setback = other.roadway_m / 2.0 + 1.5 + CROSSWALK_M / 2.0
                middle = float(street.line.project(point))
                yield from ((middle - setback, middle + setback) if other.pavement_m else (middle - setback,))


def _crosswalk(street: Street, along_m: float) -> Crosswalk:
    at = street.line.interpolate(along_m)
    ahead, behind = street.line.interpolate(along_m + 0.5), street.line.interpolate(along_m - 0.5)
    direction = np.array([ahead.x - behind.x, ahead.y - behind.y])
    direction /= max(float(np.linalg.norm(direction)), 1e-6)
    return Crosswalk((at.x, at.y), (float(direction[0]), float(direction[1])), street.roadway_m - 0.6)


def painted(block: Block) -> list[tuple[Any, Rgb]]:
    """Return all paint as (polygon, colour), later ones above earlier ones."""
    walks = crosswalks(block)
    kept_clear = shapely.union_all([_rectangle(w, w.over_m + 4.0, CROSSWALK_M + 1.0) for w in walks])
    paint: list[tuple[Any, Rgb]] = []
    for street in block.streets:
        others = [
            o.line.buffer(o.roadway_m / 2.0 + 0.8, cap_style="flat") for o in block.streets if o.name != street.name
        ]
        clear = shapely.union_all([*others, kept_clear])
        paint += [(shape.difference(clear), colour) for shape, colour in _lane_paint(street)]
    for walk in walks:
        paint += [(bar, WHITE) for bar in _bars(walk)]
        paint += [(line, WHITE) for line in _stop_lines(walk)]
    return [(shape, colour) for shape, colour in paint if not shape.is_empty]


def _lane_paint(street: Street) -> Iterator[tuple[Any, Rgb]]:
    half = street.roadway_m / 2.0
    if street.pavement_m == 0.0:
        for side in (-1.0, 1.0):
            yield _stripe(street.line, side * (half - 0.45)), WHITE
        return
    for offset in (-0.18, 0.18):
        yield _stripe(street.line, offset), YELLOW
    for side in (-1.0, 1.0):
        yield _stripe(street.line, side * (half - 0.45)), YELLOW if street.rank == "collector" else WHITE
        for lane in range(1, int((half - 0.6) // 3.0)):
            yield _dashes(street.line, side * lane * (half - 0.6) / ((half - 0.6) // 3.0)), WHITE


def _stripe(line: Any, offset_m: float) -> Any:
    return line.offset_curve(offset_m).buffer(LINE_M / 2.0, cap_style="flat")


def _dashes(line: Any, offset_m: float) -> Any:
    side = line.offset_curve(offset_m)
    starts = np.arange(0.0, side.length, DASH_M + GAP_M)
    dashes = [shapely.ops.substring(side, float(s), float(s) + DASH_M) for s in starts]
    return shapely.union_all([d.buffer(LINE_M / 2.0, cap_style="flat") for d in dashes])


def _rectangle(
    walk: Crosswalk, over_m: float, along_m: float, shift_along_m: float = 0.0, shift_over_m: float = 0.0
) -> Any:
    along, over = np.array(walk.along), np.array([-walk.along[1], walk.along[0]])
    middle = np.array(walk.at) + along * shift_along_m + over * shift_over_m
    corners = [
        middle + along * a * along_m / 2.0 + over * b * over_m / 2.0 for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return shapely.Polygon(corners)


def _bars(walk: Crosswalk) -> list[Any]:
    count = int(walk.over_m / (2.0 * BAR_M))
    shifts = (np.arange(count) - (count - 1) / 2.0) * 2.0 * BAR_M
    return [_rectangle(walk, BAR_M, CROSSWALK_M, 0.0, float(shift)) for shift in shifts]


def _stop_lines(walk: Crosswalk) -> list[Any]:
    """One before the crosswalk on each right-hand half of the road."""
    half, away = walk.over_m / 2.0, CROSSWALK_M / 2.0 + 2.0
    return [_rectangle(walk, half - 0.4, 0.4, -side * away, -side * half / 2.0) for side in (1.0, -1.0)]
