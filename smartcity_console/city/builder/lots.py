"""Footprints: each block less its streets is a lot, each lot is cut into parcels, each parcel carries a building."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from smartcity_console.city.builder.cutting import box_of, halves
from smartcity_console.city.builder.frame import TURN_DEG
from smartcity_console.city.builder.streets import Block, Street

STOREY_M = 3.1


@dataclass(frozen=True)
class Building:
    """One footprint with its roof's height."""

    polygon: Any
    height_m: float
    kind: str


@dataclass(frozen=True)
class Green:
    """One park, school ground or hill."""

    polygon: Any
    name: str
    kind: str


class Lots:
    """The land left beside the streets."""

    def __init__(self, streets: list[Street], water: list[Any]) -> None:
        roads = [s.line.buffer(s.width_m / 2 + _pavement_m(s), cap_style="flat", join_style="round") for s in streets]
        main = [s.line for s in streets if s.rank != "alley"]
        self._taken = np.array([*roads, *water], dtype=object)
        self._tree = shapely.STRtree(self._taken)
        self._main_tree = shapely.STRtree(main)

    def of(self, block: Block) -> list[Any]:
        """Return the parts of a block that no street or water takes."""
        near = self._tree.query(block.polygon, predicate="intersects")
        left = shapely.difference(block.polygon, shapely.union_all(self._taken[near]))
        return [p for p in shapely.get_parts(left) if p.geom_type == "Polygon" and p.area > 60.0]

    def fronts_main(self, parcel: Any, within_m: float = 19.0) -> bool:
        """Return whether a parcel lies along a collector or an arterial."""
        return bool(len(self._main_tree.query(parcel, predicate="dwithin", distance=within_m)))


def _pavement_m(street: Street) -> float:
    return {"arterial": 5.0, "collector": 2.5, "alley": 0.3}[street.rank]


def build_on(block: Block, lots: Lots, rng: random.Random) -> list[Building]:
    """Return the buildings of one block."""
    maker = _MAKERS.get(block.use)
    return [b for lot in lots.of(block) for b in maker(lot, lots, rng)] if maker else []


def parcels(lot: Any, depth_m: float, front_m: float, rng: random.Random) -> list[Any]:
    """Cut a lot into two rows back to back, each into fronts."""
    waiting, done = [lot], []
    while waiting:
        piece = waiting.pop()
        box = box_of(piece)
        if box.short_m > 1.55 * depth_m:
            waiting += halves(piece, True, rng.uniform(0.46, 0.54))
        elif box.long_m > 1.5 * front_m and box.long_m > 1.05 * box.short_m:
            count = max(2, round(box.long_m / front_m))
            waiting += halves(piece, False, (count // 2 + rng.uniform(-0.18, 0.18)) / count)
        elif piece.area > 40.0:
            done.append(piece)
    return done


def inset(parcel: Any, margin_m: float, rng: random.Random) -> Any | None:
    """Return a footprint a margin inside the parcel, sometimes with an open corner; None when too little is left."""
    inner = parcel.buffer(-margin_m, join_style="mitre").simplify(0.4)
    inner = max(shapely.get_parts(inner), key=lambda p: p.area, default=None)
    if inner is None or inner.is_empty or inner.area < 28.0:
        return None
    return _notched(inner, rng) if rng.random() < 0.22 and inner.area > 90.0 else inner


def _notched(polygon: Any, rng: random.Random) -> Any:
    box = box_of(polygon)
    corner = box.centre + box.along * box.long_m / 2 * rng.choice((-1, 1)) + box.across * box.short_m / 2
    size = box.along * box.long_m * rng.uniform(0.2, 0.35), box.across * box.short_m * rng.uniform(0.2, 0.4)
    hole = shapely.Polygon([corner + size[0] * i + size[1] * j for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    left = shapely.difference(polygon, hole)
    return left if left.geom_type == "Polygon" and left.area > 0.5 * polygon.area else polygon


def _villas(lot: Any, lots: Lots, rng: random.Random) -> list[Building]:
    made = []
    for parcel in parcels(lot, rng.uniform(18.0, 22.0), rng.uniform(17.5, 23.0), rng):
        main = lots.fronts_main(parcel)
        shape = None if rng.random() < 0.035 else inset(parcel, 0.5 if main else rng.uniform(0.9, 1.8), rng)
        if shape is not None:
            made.append(_villa(shape, main, rng))
    return made


def _villa(shape: Any, main: bool, rng: random.Random) -> Building:
    if main:
        kind = "shop" if rng.random() < 0.8 else "office"
        return Building(shape, _storeys(rng.choice((2, 3, 3, 4, 4, 5, 5, 6, 8)), rng), kind)
    if rng.random() < 0.25:
        return Building(shape, _storeys(rng.choice((1, 2, 2)), rng), "house")
    return Building(shape, _storeys(rng.choice((3, 4, 4, 4, 5, 5)), rng), "villa")


def _storeys(count: int, rng: random.Random) -> float:
    return round(count * STOREY_M + rng.uniform(0.3, 1.4), 1)


def _commerce(lot: Any, lots: Lots, rng: random.Random) -> list[Building]:
    made = []
    for parcel in parcels(lot, 26.0, rng.uniform(19.0, 30.0), rng):
        main = lots.fronts_main(parcel, 24.0)
        shape = inset(parcel, rng.uniform(1.0, 2.4), rng)
        if shape is not None:
            storeys = rng.choice((8, 10, 12, 15, 18)) if main else rng.choice((3, 4, 5, 6, 7, 9))
            made.append(Building(shape, _storeys(storeys, rng), "office" if main or rng.random() < 0.4 else "shop"))
    return made


def _works(lot: Any, _: Lots, rng: random.Random) -> list[Building]:
    shapes = [inset(parcel, rng.uniform(3.0, 6.0), rng) for parcel in parcels(lot, 52.0, rng.uniform(40.0, 65.0), rng)]
    return [Building(s, round(rng.uniform(7.0, 13.0), 1), "factory") for s in shapes if s is not None]


def _flats(lot: Any, _: Lots, rng: random.Random) -> list[Building]:
    """Slabs in rows that face south, or towers on their corners in newer estates."""
    inner = lot.buffer(-9.0, join_style="mitre")
    towers = rng.random() < 0.3
    turn = TURN_DEG + rng.uniform(-9.0, 9.0) + (45.0 if towers else 0.0)
    length, deep, row_m = (25.0, 25.0, 56.0) if towers else (rng.uniform(48.0, 66.0), 12.0, rng.uniform(44.0, 54.0))
    storeys = rng.choice((12, 15, 15, 18, 20, 25, 29))
    west, south, east, north = inner.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    reach = math.hypot(east - west, north - south) / 2
    made = []
    for y in np.arange(middle[1] - reach, middle[1] + reach, row_m):
        made += _slab_row(inner, float(y), (length, deep, turn, storeys), middle, reach, rng)
    return made


def _slab_row(
    inner: Any, y: float, slab: tuple[float, float, float, int], middle: tuple[float, float], reach: float,
    rng: random.Random,
) -> list[Building]:  # fmt: skip
    length, deep, turn, storeys = slab
    x, made = middle[0] - reach + rng.uniform(0.0, 20.0), []
    while x < middle[0] + reach:
        level = shapely.box(x, y, x + length, y + deep)
        shape = affinity.rotate(level, turn, origin=middle)
        if inner.contains(shape):
            made.append(Building(shape, _storeys(storeys - rng.choice((0, 0, 0, 2, 3)), rng), "apartment"))
            x += length + rng.uniform(12.0, 20.0)
        else:
            x += 6.0
    return made


def _school(lot: Any, _: Lots, rng: random.Random) -> list[Building]:
    """A long wing and a short one around the yard, and a gymnasium."""
    box = box_of(lot)
    turn = math.degrees(math.atan2(box.along[1], box.along[0]))
    wing = shapely.box(-42, 0, 42, 13).union(shapely.box(-42, -28, -29, 13))
    hall = shapely.box(20, -32, 42, -4)
    made = []
    for part, height in ((wing, _storeys(4, rng)), (hall, 11.0)):
        turned = affinity.rotate(part, turn, origin=(0, 0))
        shape = affinity.translate(turned, *(box.centre + box.across * box.short_m * 0.2))
        if lot.contains(shape):
            made.append(Building(shape, height, "school"))
    return made


_MAKERS = {"villa": _villas, "commerce": _commerce, "works": _works, "flats": _flats, "school": _school}
