"""The base map around a place as GeoJSON (RFC 7946), for screens that are not ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.city import City

MAX_FEATURES = 4000
"""Bounds what a wide question can cost; the nearest layers to the ground come first."""


def base_geojson(city: City, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a FeatureCollection of parks, water, roads and buildings that touch a WGS 84 box."""
    xs, ys = plane.to_xy(np.array([west, east]), np.array([south, north]))
    box = shapely.box(xs[0], ys[0], xs[1], ys[1])
    features: list[dict[str, Any]] = []
    for feature in _features(city, box):
        if len(features) >= MAX_FEATURES:
            break
        features.append(feature)
    return {"type": "FeatureCollection", "features": features}


def _features(city: City, box: Any) -> Iterator[dict[str, Any]]:
    base = city.base
    for layer, zones in (("park", base.parks), ("water", base.water)):
        for index in zones.tree.query(box, predicate="intersects"):
            yield _feature(layer, zones.geometries[index], {"name": zones.name[index]})
    for index in base.roads.tree.query(box, predicate="intersects"):
        facts = {"name": base.roads.name[index], "width_m": float(base.roads.width_m[index])}
        yield _feature("road", shapely.intersection(base.roads.geometries[index], box.buffer(50)), facts)
    for index in base.buildings.tree.query(box, predicate="intersects"):
        yield _feature("building", base.buildings.geometries[index], {})


def _feature(layer: str, geometry: Any, facts: dict[str, Any]) -> dict[str, Any]:
    lonlat = shapely.transform(geometry, _lonlat)
    return {"type": "Feature", "properties": {"layer": layer} | facts, "geometry": shapely.geometry.mapping(lonlat)}


def _lonlat(metres: Any) -> Any:
    lon, lat = plane.to_lonlat(metres[:, 0], metres[:, 1])
    return np.round(np.column_stack((lon, lat)), 7)
