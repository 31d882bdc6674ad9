"""The base map as the painter wants it: packed shapes by layer. Made in a worker at the first tile."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import BaseMap
from smartcity_console.console.map.shapes import Packed

RANKS = ("alley", "collector", "arterial")  # in painting order
RANK_FROM_M = (12.0, 25.0)
"""A road as wide as a collector or an arterial is one on the map: 테헤란로 is a 로 by name, and 50 m wide."""


class Scene:
    """Layers by name, each packed when it is first painted: a country's buildings are not read to show the country.

    `road_width_m` and `road_rank` (index into RANKS) are by part of `roads`.
    """

    def __init__(self, base: BaseMap) -> None:
        self.base = base

    @cached_property
    def districts(self) -> Packed:
        return Packed.of(self.base.districts.geometries)

    @cached_property
    def water(self) -> Packed:
        return Packed.of(self.base.water.geometries)

    @cached_property
    def parks(self) -> Packed:
        return Packed.of(self.base.parks.geometries)

    @cached_property
    def road_areas(self) -> Packed:
        return Packed.of(self.base.road_areas.geometries)

    @cached_property
    def bridges(self) -> Packed:
        return Packed.of(self.base.bridges.geometries)

    @cached_property
    def buildings(self) -> Packed:
        return Packed.of(self.base.buildings.geometries)

    @cached_property
    def building_height_m(self) -> NDArray[np.float64]:
        return np.asarray(self.base.buildings.height_m, dtype=float)[self.buildings.owner]

    @cached_property
    def roads(self) -> Packed:
        return Packed.of(self.base.roads.geometries)

    @cached_property
    def road_width_m(self) -> NDArray[np.float64]:
        return np.asarray(self.base.roads.width_m, dtype=float)[self.roads.owner]

    @cached_property
    def road_rank(self) -> NDArray[np.int64]:
        rank = np.array([RANKS.index(name) for name in self.base.roads.rank], dtype=np.int64)
        by_width = np.searchsorted(RANK_FROM_M, np.asarray(self.base.roads.width_m, dtype=float), side="right")
        return np.maximum(rank, by_width)[self.roads.owner]

    @cached_property
    def borders(self) -> Packed:
        return Packed.of(_borders(self.base))

    @cached_property
    def widest_road_m(self) -> float:
        return float(self.road_width_m.max(initial=1.0))


def scene_of(base: BaseMap) -> Scene:
    """Return a base map as the painter wants it."""
    return Scene(base)


def _borders(base: BaseMap) -> NDArray[np.object_]:
    """Return the district borders, each once: a line drawn from both sides would lose its dashes."""
    if not len(base.districts):
        return np.empty(0, dtype=object)
    lines = shapely.union_all(shapely.boundary(base.districts.geometries))
    return np.array([shapely.line_merge(lines)], dtype=object)
