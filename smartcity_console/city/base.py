"""The base map: what the map is painted from, what blocks sight and what is driven on. Metres of EPSG:5186."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]  # shapely geometries
Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


def ranges(begin: Indices, end: Indices) -> Indices:
    """Return begin[0]..end[0]-1, begin[1]..end[1]-1 and so on in one array."""
    sizes = end - begin
    held = sizes > 0
    begin, sizes = begin[held], sizes[held]
    if not len(begin):
        return np.empty(0, dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    found: Indices = np.arange(int(sizes.sum())) + np.repeat(begin - offsets, sizes)
    return found


class _Indexed:
    """A layer that can be searched by place."""

    geometries: Geometries

    @cached_property
    def tree(self) -> Any:
        """The layer's shapely STRtree; positions in it are positions in `geometries`."""
        return shapely.STRtree(self.geometries)

    def __len__(self) -> int:
        return len(self.geometries)


@dataclass(frozen=True, eq=False)
class Zones(_Indexed):
    """Named polygons: districts, parks, water, bridges, road areas."""

    geometries: Geometries
    name: list[str]
    kind: list[str]

    def at(self, x_m: float, y_m: float) -> int | None:
        """Return the index of the polygon that holds the point."""
        hits = self.tree.query(shapely.Point(x_m, y_m), predicate="intersects")
        return int(min(hits)) if len(hits) else None

    def nearest(self, x_m: float, y_m: float) -> int:
        """Return the index of the polygon nearest to the point."""
        return int(self.tree.nearest(shapely.Point(x_m, y_m)))


def no_zones() -> Zones:
    """Return a layer of nothing."""
    return Zones(np.empty(0, dtype=object), [], [])


@dataclass(frozen=True, eq=False)
class Walls:
    """All edges of many outlines, holes included: those of outline i are `first[i]` to `first[i + 1]`, metres."""

    start: Numbers  # (walls, 2)
    end: Numbers
    first: Indices

    @classmethod
    def of(cls, geometries: Geometries) -> Walls:
        """Take (Multi)Polygons apart."""
        polygons, owner = shapely.get_parts(geometries, return_index=True)
        rings, polygon = shapely.get_rings(polygons, return_index=True)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        joined = np.flatnonzero(ring[:-1] == ring[1:]) if len(ring) else np.empty(0, dtype=np.int64)
        outline = owner[polygon[ring[joined]]]
        first = np.searchsorted(outline, np.arange(len(geometries) + 1))
        return cls(corners[joined], corners[joined + 1], first.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Buildings(_Indexed):
    """Footprints with the height of their flat roofs above ground."""

    geometries: Geometries
    height_m: Numbers
    kind: list[str]  # villa, house, shop, office, apartment, school, factory, public

    @cached_property
    def walls(self) -> Walls:
        """The footprints' walls, for rays."""
        return Walls.of(self.geometries)


@dataclass(frozen=True, eq=False)
class Roads(_Indexed):
    """Whole streets by name, for painting and labels; `rank` is arterial, collector or alley."""

    geometries: Geometries
    name: list[str]
    rank: list[str]
    width_m: Numbers


@dataclass(frozen=True, eq=False)
class RoadGraph(_Indexed):
    """The routable graph after 표준노드링크. `geometries[i]` runs from node `from_node[i]` to `to_node[i]`.

    A link serves both directions unless `oneway`. `base_m` is how far along its street (from the street's beginning)
    the link's first point lies: 도로명주소 numbers count from there, and every link runs in their direction.
    """

    geometries: Geometries
    node_xy: Numbers  # (nodes, 2)
    node_id: list[str]
    link_id: list[str]
    from_node: Indices
    to_node: Indices
    name: list[str]
    rank: list[str]
    width_m: Numbers
    lanes: Indices
    oneway: NDArray[np.bool_]
    max_speed_kmh: Numbers
    base_m: Numbers


@dataclass(frozen=True, eq=False)
class Places(_Indexed):
    """Points with a meaning for a site: `door`, and `street_a`/`street_b`, the ends of the street before it."""

    geometries: Geometries
    site_id: list[str]
    role: list[str]


@dataclass(frozen=True, eq=False)
class BaseMap:
    """All layers. `bounds_m` is (west, south, east, north)."""

    bounds_m: tuple[float, float, float, float]
    districts: Zones
    water: Zones
    bridges: Zones
    parks: Zones
    buildings: Buildings
    roads: Roads
    graph: RoadGraph
    scene_points: Places
    road_areas: Zones = field(default_factory=no_zones)  # the ground of the carriageways, where a survey gives it
