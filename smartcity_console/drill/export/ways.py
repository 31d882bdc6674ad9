"""Where somebody could have walked or driven: along the city's streets from spot to spot. Metres of EPSG:5186, no I/O."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from smartcity_console.city import City
from smartcity_console.city.sight import in_picture
from smartcity_console.city.sightline import Eye, is_hidden
from smartcity_console.model.camera import Camera
from smartcity_console.model.geo import bearing_deg, bearing_difference_deg

Point = tuple[float, float]
NEAR_M = 700.0  # streets farther from the spot are not looked at
_BEYOND_M = (4.0, 8.0, 13.0, 20.0, 30.0, 45.0)  # behind the nearest ground that a camera sees, the best first
_INSIDE_M, EDGE_M, _SAME_M = 2.5, 1.8, 0.5


class Ways:
    """The streets about a spot."""

    def __init__(self, city: City, centre: Point) -> None:
        self._city, self._centre = city, centre

    @cached_property
    def _links(self) -> list[int]:
        graph = self._city.base.graph
        return [int(i) for i in np.sort(graph.tree.query(shapely.Point(self._centre).buffer(NEAR_M)))]

    @cached_property
    def _from_node(self) -> dict[int, list[tuple[int, int]]]:
        """Links that leave each node as (link, node at its other end)."""
        graph, found = self._city.base.graph, dict[int, list[tuple[int, int]]]()
        for link in self._links:
            a, b = int(graph.from_node[link]), int(graph.to_node[link])
            found.setdefault(a, []).append((link, b))
            found.setdefault(b, []).append((link, a))
        return found

    def route(self, start: Point, end: Point) -> list[Point]:
        """Return the shortest way along the streets, `start` left out; straight there where no street leads."""
        first, last = self._street_at(start), self._street_at(end)
        if first is None or last is None:
            return [end]
        links = [first] if first == last else self._links_between(first, last)
        line = self._joined(links, first, start, end) if links else []
        return [point for point in line if math.dist(point, end) > _SAME_M] + [end]

    def seen_from(self, camera: Camera) -> Point | None:
        """Return a spot on a street, before a camera and in its picture; None when there is none."""
        eye = Eye.of(camera)
        if eye.azimuth_deg is None:
            return self.on_street((eye.x, eye.y))
        turn = math.radians(eye.azimuth_deg)
        for beyond_m in _BEYOND_M:
            away_m = max(eye.nearest_seen_m(), 6.0) + beyond_m
            axis = eye.x + away_m * math.sin(turn), eye.y + away_m * math.cos(turn)
            for spot in (self.on_street(axis), axis):
                if spot is not None and self.is_seen(eye, spot):
                    return spot
        return None

    def is_seen(self, eye: Eye, spot: Point) -> bool:
        """Tell whether somebody at a spot is in a camera's picture with nothing before him."""
        east, north = spot[0] - eye.x, spot[1] - eye.y
        distance_m = math.hypot(east, north)
        off = bearing_difference_deg(eye.azimuth_deg or 0.0, bearing_deg(east, north))
        return in_picture(eye, distance_m, off) and not is_hidden(eye, *spot, self._city.base.buildings)

    def on_street(self, spot: Point) -> Point | None:
        """Return the nearest point of a street's middle."""
        line = self._street_line(spot)
        return _at(line, line.project(shapely.Point(spot))) if line is not None else None

    def kerb(self, spot: Point) -> Point:
        """Return where somebody before a house stands: on its side of the nearest street, at the edge."""
        line = self._street_line(spot)
        if line is None:
            return spot
        along_m = line.project(shapely.Point(spot))
        middle = np.array(_at(line, along_m))
        out = np.array(spot) - middle
        away_m = float(np.linalg.norm(out))
        x, y = middle + out / max(away_m, 1e-6) * min(max(self._width_m(spot) / 2.0 - EDGE_M, 0.5), away_m)
        return float(x), float(y)

    def along(self, spot: Point, metres: float) -> Point:
        """Return the point so far along the street from a spot, as far from its middle; at most to the street's end."""
        line = self._street_line(spot)
        if line is None:
            return spot
        here_m = line.project(shapely.Point(spot))
        there_m = min(max(here_m + metres, 0.0), line.length)
        side = np.array(spot) - np.array(_at(line, here_m))
        across = _turned(_heading(line, here_m))
        x, y = np.array(_at(line, there_m)) + _turned(_heading(line, there_m)) * float(side @ across)
        return float(x), float(y)

    def heading(self, spot: Point) -> Point:
        """Return the unit vector along the street at a spot."""
        line = self._street_line(spot)
        if line is None:
            return 1.0, 0.0
        east, north = _heading(line, line.project(shapely.Point(spot)))
        return float(east), float(north)

    def _street(self, spot: Point) -> int | None:
        roads = self._city.base.roads
        return int(roads.tree.nearest(shapely.Point(spot))) if len(roads) else None

    def _width_m(self, spot: Point) -> float:
        street = self._street(spot)
        return float(self._city.base.roads.width_m[street]) if street is not None else 6.0

    def _street_line(self, spot: Point) -> Any | None:
        street, here = self._street(spot), shapely.Point(spot)
        if street is None:
            return None
        parts: Any = shapely.get_parts(self._city.base.roads.geometries[street])
        return min(parts, key=lambda part: float(part.distance(here)))

    def indoors(self, spot: Point) -> Point:
        """Return a point just inside the nearest house: who goes there is gone from every picture."""
        houses = self._city.base.buildings
        if not len(houses):
            return spot
        house = houses.geometries[int(houses.tree.nearest(shapely.Point(spot)))]
        wall = house.exterior if house.geom_type == "Polygon" else house.boundary
        at = wall.interpolate(wall.project(shapely.Point(spot)))
        inside = house.representative_point()
        way = np.array([inside.x - at.x, inside.y - at.y])
        x, y = np.array([at.x, at.y]) + way / max(float(np.linalg.norm(way)), 1e-6) * _INSIDE_M
        return float(x), float(y)

    def _street_at(self, spot: Point) -> int | None:
        lines: Any = self._city.base.graph.geometries
        here = shapely.Point(spot)
        return min(self._links, key=lambda link: float(lines[link].distance(here)), default=None)

    def _links_between(self, first: int, last: int) -> list[int]:
        """Return the links from one to another, both included (Dijkstra); none when they do not hang together."""
        graph = self._city.base.graph
        goal = {int(graph.from_node[last]), int(graph.to_node[last])}
        heap: list[tuple[float, int, list[int]]] = [
            (0.0, int(node), [first]) for node in (graph.from_node[first], graph.to_node[first])
        ]
        done: set[int] = set()
        while heap:
            cost_m, node, links = heapq.heappop(heap)
            if node in goal:
                return [*links, last]
            if node in done:
                continue
            done.add(node)
            for link, other in self._from_node.get(node, ()):
                heapq.heappush(heap, (cost_m + float(graph.geometries[link].length), other, [*links, link]))
        return []

    def _joined(self, links: Sequence[int], first: int, start: Point, end: Point) -> list[Point]:
        """Return the links' points in the direction of travel, cut off at both ends."""
        graph = self._city.base.graph
        whole: Any = graph.geometries[first]
        if len(links) > 1:
            merged = shapely.line_merge(shapely.union_all([graph.geometries[link] for link in dict.fromkeys(links)]))
            whole = merged if merged.geom_type == "LineString" else whole
        a, b = whole.project(shapely.Point(start)), whole.project(shapely.Point(end))
        part = shapely.ops.substring(whole, a, b)
        points = [(float(x), float(y)) for x, y, *_ in part.coords]
        return points if len(points) > 1 else []


def _at(line: Any, metres: float) -> Point:
    spot = line.interpolate(metres)
    return float(spot.x), float(spot.y)


def _heading(line: Any, metres: float) -> NDArray[np.float64]:
    a, b = _at(line, max(metres - 0.5, 0.0)), _at(line, min(metres + 0.5, line.length))
    way = np.array(b) - np.array(a)
    return np.asarray(way / max(float(np.linalg.norm(way)), 1e-6))


def _turned(way: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([-way[1], way[0]])
