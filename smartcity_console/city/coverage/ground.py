"""The ground that is asked about, by district."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import BaseMap
from smartcity_console.city.city import City
from smartcity_console.city.coverage.question import Ground
from smartcity_console.model.errors import ConsoleError

GRID_M = 0.01
"""Areas are worked out on a grid of a centimetre: shadows that share an edge leave no slivers."""


class UnknownDistrict(ConsoleError):
    code = "unknown_district"
    ko = "{name}은(는) {city}에 없는 구역입니다. 아무것도 쓰지 않았습니다. 있는 구역: {known}"
    en = "{city} has no district {name}. Nothing was written. Its districts: {known}"


def districts_of(city: City, names: Collection[str] = ()) -> dict[str, Any]:
    """Return the polygons of the named districts, of all without names; the whole city where it has none.

    Raises UnknownDistrict.
    """
    zones = city.base.districts
    shapes: dict[str, Any] = {}
    for name, shape in zip(zones.name, zones.geometries, strict=True):
        shapes[name] = shape if name not in shapes else shapely.union(shapes[name], shape)
    shapes = shapes or {city.name: shapely.box(*city.base.bounds_m)}
    for name in names:
        if name not in shapes:
            raise UnknownDistrict(name=name, city=city.name, known=", ".join(shapes))
    return {name: shapes[name] for name in (names or shapes)}


def ground_of(base: BaseMap, district: Any, kind: Ground) -> Any:
    """Return the ground of a district that a person may stand on and a street camera could see."""
    ground = _roads(base, district) if kind is Ground.STREET else _open(base, district)
    return areas(shapely.difference(ground, _within(base.buildings, district), grid_size=GRID_M))


def _open(base: BaseMap, district: Any) -> Any:
    dry = shapely.difference(district, _within(base.water, district), grid_size=GRID_M)
    return shapely.union(dry, shapely.intersection(_within(base.bridges, district), district), grid_size=GRID_M)


def _roads(base: BaseMap, district: Any) -> Any:
    near = base.roads.tree.query(district, predicate="intersects")
    bands = shapely.buffer(base.roads.geometries[near], base.roads.width_m[near] / 2.0, quad_segs=4)
    return shapely.intersection(shapely.union_all(bands, grid_size=GRID_M), district, grid_size=GRID_M)


def _within(layer: Any, district: Any) -> Any:
    near = layer.tree.query(district, predicate="intersects")
    return shapely.disjoint_subset_union_all(layer.geometries[near])  # houses seldom touch: ten times faster


def areas(shape: Any) -> Any:
    """Return a shape's polygons without the lines and points that overlays may leave."""
    parts = shapely.get_parts(shape)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.multipolygons(np.asarray(polygons, dtype=object))
