"""The city's base map as GeoJSON (RFC 7946) around a place, for the page's small map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.base import BaseMap as CityBase
from smartcity_console.city.base import Zones
from smartcity_console.desk.app import BaseMap

_TOLERANCE_M = 0.5
_Box = tuple[float, float, float, float]


def base_map_of(base: CityBase) -> BaseMap:
    """Return a function of west, south, east, north (degrees) that gives roads, buildings, water and parks there.

    Each feature's `properties.layer` is water, park, road or building; a road has `name`, `rank` and `width_m` too.
    """

    def collection(west: float, south: float, east: float, north: float) -> dict[str, Any]:
        box = _box_m(west, south, east, north)
        return {"type": "FeatureCollection", "features": list(_features(base, box))}

    return collection


def _box_m(west: float, south: float, east: float, north: float) -> _Box:
    """Return the box in metres that holds all four corners (the plane's grid is turned a little against north)."""
    x, y = plane.to_xy(np.array([west, east, west, east]), np.array([south, south, north, north]))
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _features(base: CityBase, box: _Box) -> Iterator[dict[str, Any]]:
    for layer, zones in (("park", base.parks), ("water", base.water)):
        yield from _zones(layer, zones, box)
    for i in base.roads.tree.query(shapely.box(*box)):
        roads = base.roads
        facts = {"layer": "road", "name": roads.name[i], "rank": roads.rank[i], "width_m": float(roads.width_m[i])}
        yield from _cut(roads.geometries[i], box, facts)
    for i in base.buildings.tree.query(shapely.box(*box)):
        yield from _cut(base.buildings.geometries[i], box, {"layer": "building"})


def _zones(layer: str, zones: Zones, box: _Box) -> Iterator[dict[str, Any]]:
    for i in zones.tree.query(shapely.box(*box)):
        yield from _cut(zones.geometries[i], box, {"layer": layer, "name": zones.name[i]})


def _cut(geometry: Any, box: _Box, properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what of a geometry lies in the box, in degrees with 6 decimals (0.1 m), as a feature."""
    seen = shapely.clip_by_rect(geometry, *box).simplify(_TOLERANCE_M)
    if seen.is_empty:
        return
    degrees = shapely.transform(seen, lambda xy: np.column_stack(plane.to_lonlat(xy[:, 0], xy[:, 1])).round(6))
    yield {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(degrees)}
