"""The piece of the city round a site, in local metres: what is built, what is driven and walked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from smartcity_console.drill.stage.greens import RADIUS_M, Green, greens_of


@dataclass(frozen=True)
class Building:
    """A footprint (local metres, counter-clockwise) with its height. `seed` 0..1 fixes its looks."""

    footprint: Any
    height_m: float
    kind: str
    seed: float


@dataclass(frozen=True)
class Street:
    """A street's centre line; `width_m` from building line to building line, pavements included where it has them."""

    line: Any
    width_m: float
    rank: str
    name: str

    @property
    def pavement_m(self) -> float:
        """Width of each pavement; an alley has none."""
        if self.rank == "alley":
            return 0.0
        return 4.0 if self.rank == "arterial" else 3.0 if self.width_m >= 14.0 else 2.2

    @property
    def roadway_m(self) -> float:
        """Width between the kerbs."""
        return self.width_m - 2.0 * self.pavement_m


@dataclass(frozen=True)
class Block:
    """All within RADIUS_M of `origin` (EPSG:5186 metres of the local frame's zero)."""

    origin: tuple[float, float]
    buildings: tuple[Building, ...]
    streets: tuple[Street, ...]
    greens: tuple[Green, ...] = ()

    @cached_property
    def roadway(self) -> Any:
        """The asphalt of all streets as one geometry."""
        return shapely.union_all([s.line.buffer(s.roadway_m / 2.0, cap_style="flat") for s in self.streets])

    @cached_property
    def pavement(self) -> Any:
        """Everything within the streets' widths that is not asphalt."""
        wide = shapely.union_all([s.line.buffer(s.width_m / 2.0, cap_style="flat") for s in self.streets])
        return wide.difference(self.roadway)

    @cached_property
    def built(self) -> Any:
        """All footprints as one geometry."""
        return shapely.union_all([b.footprint for b in self.buildings])

    def local(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return EPSG:5186 metres as local metres."""
        return x_m - self.origin[0], y_m - self.origin[1]


def block_of(base: Any, centre: tuple[float, float]) -> Block:
    """Cut the block out of a city's base map (`City.base`) about `centre` (EPSG:5186 metres)."""
    window = shapely.Point(centre).buffer(RADIUS_M)
    near = np.sort(base.buildings.tree.query(window, predicate="intersects"))
    buildings = [
        _building(
            base.buildings.geometries[i], float(base.buildings.height_m[i]), base.buildings.kind[i], int(i), centre
        )
        for i in near
    ]
    return Block(centre, tuple(buildings), tuple(_streets(base.roads, window, centre)), greens_of(base.parks, centre))


def _building(shape: Any, height_m: float, kind: str, index: int, centre: tuple[float, float]) -> Building:
    footprint = shapely.geometry.polygon.orient(_moved(shape, centre))
    return Building(footprint, height_m, kind, float(np.random.default_rng(index).uniform()))


def _moved(shape: Any, centre: tuple[float, float]) -> Any:
    return affinity.translate(shape, -centre[0], -centre[1])


def _streets(roads: Any, window: Any, centre: tuple[float, float]) -> list[Street]:
    found = []
    for i in np.sort(roads.tree.query(window, predicate="intersects")):
        for part in shapely.get_parts(roads.geometries[i].intersection(window)):
            if part.geom_type == "LineString" and part.length > 2.0:
                line = _moved(part, centre)
                found.append(Street(line, float(roads.width_m[i]), roads.rank[i], roads.name[i]))
    return found


def made_up_block() -> Block:
    """Return a small crossroads that needs no catalogue: a collector north-south, an alley east-west."""
    streets = (
        Street(shapely.LineString([(0, -200), (0, 200)]), 16.0, "collector", "은행로"),
        Street(shapely.LineString([(-150, 8), (150, 8)]), 6.0, "alley", "은행로1길"),
    )
    rng = np.random.default_rng(5)
    buildings = [b for y in range(-180, 180, 17) for b in _row(float(y), rng)]
    open_road = shapely.union_all([s.line.buffer(s.width_m / 2.0 + 0.4) for s in streets])
    return Block((0.0, 0.0), tuple(b for b in buildings if not b.footprint.intersects(open_road)), streets)


def _row(y: float, rng: np.random.Generator) -> Sequence[Building]:
    row = []
    for x0, x1 in ((-24.0, -8.8), (8.8, 24.0), (-44.0, -26.0), (26.0, 44.0)):
        footprint = shapely.geometry.polygon.orient(shapely.box(x0, y, x1, y + 15.0))
        kind = "shop" if abs(x0) < 20 and abs(x1) < 30 else "villa"
        row.append(Building(footprint, float(rng.integers(2, 6)) * 3.3 + 0.6, kind, float(rng.uniform())))
    return row
