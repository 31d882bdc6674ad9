"""The base map of a catalogue, each layer read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import BaseMap, Buildings, Places, RoadGraph, Roads, Zones, no_zones
from smartcity_console.city.store.reader import Reader

# ROAD_RANK of 표준노드링크: the motorways and trunk roads above 지방도 are arterials to the map.
_RANK_OF_CODE = dict.fromkeys(("101", "102", "103", "104", "105", "106"), "arterial") | {"107": "collector"}
NOWHERE_M = (0.0, 0.0, 1.0, 1.0)


class StoredBaseMap(BaseMap):
    """Layers come from SQLite at first use and are then kept; asking for one may take a second in a large city."""

    def __init__(self, reader: Reader, camera_bounds_m: Callable[[], tuple[float, float, float, float]]) -> None:
        self.__dict__["_reader"] = reader  # the base class is frozen
        self.__dict__["_camera_bounds_m"] = camera_bounds_m

    @cached_property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """The districts' bounds, else the roads', the buildings', the cameras'."""
        for table in ("districts", "roads", "buildings"):
            found = self._rows(f"SELECT min(west_m), min(south_m), max(east_m), max(north_m) FROM {table}")[0]
            if None not in found:
                west, south, east, north = map(float, found)
                return west, south, east, north
        measure: Callable[[], tuple[float, float, float, float]] = self.__dict__["_camera_bounds_m"]
        return measure()

    @cached_property
    def districts(self) -> Zones:
        return self._zones("districts")

    @cached_property
    def water(self) -> Zones:
        return self._zones("water")

    @cached_property
    def bridges(self) -> Zones:
        return self._zones("bridges")

    @cached_property
    def parks(self) -> Zones:
        return self._zones("parks")

    @cached_property
    def road_areas(self) -> Zones:
        """None in a catalogue that an older program made and no import has touched since."""
        known = self._rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'road_areas'")
        return self._zones("road_areas") if known else no_zones()

    @cached_property
    def buildings(self) -> Buildings:
        shapes, height, kind = self._layer("buildings", "height_m", "kind")
        return Buildings(shapes, np.array(height, dtype=float), kind)

    @cached_property
    def roads(self) -> Roads:
        shapes, name, rank, width = self._layer("roads", "name", "rank", "width_m")
        return Roads(shapes, name, rank, np.array(width, dtype=float))

    @cached_property
    def scene_points(self) -> Places:
        rows = self._rows("SELECT x_m, y_m, site_id, role FROM scene_points ORDER BY no")
        points = shapely.points(np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2))
        return Places(np.asarray(points, dtype=object), [row[2] for row in rows], [row[3] for row in rows])

    @cached_property
    def graph(self) -> RoadGraph:
        nodes = self._rows("SELECT key, x_m, y_m FROM nodes ORDER BY no")
        index = {row[0]: i for i, row in enumerate(nodes)}
        shapes, key, start, end, name, rank, width, lanes, oneway, speed, base = self._layer("links", *_LINK)
        known = [i for i, ends in enumerate(zip(start, end, strict=True)) if ends[0] in index and ends[1] in index]
        return RoadGraph(
            geometries=shapes[known],
            node_xy=np.array([row[1:] for row in nodes], dtype=float).reshape(-1, 2),
            node_id=[row[0] for row in nodes],
            link_id=[key[i] for i in known],
            from_node=np.array([index[start[i]] for i in known], dtype=np.int64),
            to_node=np.array([index[end[i]] for i in known], dtype=np.int64),
            name=[name[i] for i in known],
            rank=[_RANK_OF_CODE.get(rank[i], "alley") for i in known],
            width_m=np.array(width, dtype=float)[known],
            lanes=np.array(lanes, dtype=np.int64)[known],
            oneway=np.array(oneway, dtype=bool)[known],
            max_speed_kmh=np.array(speed, dtype=float)[known],
            base_m=np.array(base, dtype=float)[known],
        )

    def _zones(self, table: str) -> Zones:
        shapes, name, kind = self._layer(table, "name", "kind")
        return Zones(shapes, name, kind)

    def _layer(self, table: str, *names: str) -> tuple[Any, ...]:
        listed = ", ".join(names)
        rows = self._rows(f"SELECT shape, {listed} FROM {table} ORDER BY no")
        shapes = np.asarray(shapely.from_wkb([row[0] for row in rows]), dtype=object)
        return shapes, *([row[i] for row in rows] for i in range(1, len(names) + 1))

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        reader: Reader = self.__dict__["_reader"]
        return reader.rows(sql)


_LINK = (
    "key",
    "from_node",
    "to_node",
    "name",
    "rank",
    "width_m",
    "lanes",
    "oneway",
    "max_speed_kmh",
    "base_m",
)
