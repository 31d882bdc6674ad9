"""Where people walk and cars drive: along pavements from door to door, and along the road graph through the scene."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from smartcity_console.drill.stage.block import Block, Street
from smartcity_console.drill.stage.tracks import Point, Points, rounded

WALK_REACH_M, DRIVE_REACH_M, DOOR_REACH_M = 105.0, 245.0, 12.0


def pavement_line(
    street: Street, side: float, lateral: float, origin_m: float, reach_m: float = WALK_REACH_M
) -> Points:
    """Return the walking line on one side (+1 left) around `origin_m` along the street.

    `lateral` 0..1 is the place across the pavement from kerb to wall; an alley is walked along its edge.
    """
    if street.pavement_m:
        offset = street.roadway_m / 2.0 + 1.25 + lateral * max(street.pavement_m - 1.7, 0.1)
    else:
        offset = max(street.roadway_m / 2.0 - 1.5 + 0.9 * lateral, 0.5)
    line = street.line.offset_curve(side * offset)
    middle = street.line.interpolate(origin_m)
    along = line.project(middle)
    stretch = shapely.ops.substring(line, max(along - reach_m, 0.0), min(along + reach_m, line.length))
    return np.asarray(stretch.coords)[:, :2]


def door_near(block: Block, spot: Point, inside_m: float = 1.6) -> Point | None:
    """Return a point just inside the nearest wall, so that who goes there is out of every camera's sight."""
    point = shapely.Point(spot)
    near = min(block.buildings, key=lambda b: b.footprint.distance(point), default=None)
    if near is None or near.footprint.distance(point) > DOOR_REACH_M:
        return None
    at = near.footprint.exterior.interpolate(near.footprint.exterior.project(point))
    way = np.array([at.x - point.x, at.y - point.y])
    way /= max(float(np.linalg.norm(way)), 1e-6)
    return float(at.x + way[0] * inside_m), float(at.y + way[1] * inside_m)


def street_at(block: Block, spot: Point, *, main: bool) -> Street:
    """Return the street nearest to a spot, among those with pavements when `main`."""
    point = shapely.Point(spot)
    streets = [s for s in block.streets if s.pavement_m or not main] or list(block.streets)
    return min(streets, key=lambda s: s.line.distance(point))


def side_of(street: Street, spot: Point) -> float:
    """Return +1 when the spot lies left of the street's line, else -1."""
    at = street.line.project(shapely.Point(spot))
    a, b = street.line.interpolate(at - 0.5), street.line.interpolate(at + 0.5)
    cross = (b.x - a.x) * (spot[1] - a.y) - (b.y - a.y) * (spot[0] - a.x)
    return 1.0 if cross >= 0 else -1.0


def drive_line(graph: Any, origin: tuple[float, float], street: Street) -> Points:
    """Return the middle of the way that goes straightest through the scene, in local metres.

    `graph` is City.base.graph; `origin` the local frame's zero. Follows the street both ways until DRIVE_REACH_M off.
    """
    spot = np.array(origin)
    near = graph.tree.query(shapely.Point(origin).buffer(60.0), predicate="intersects")
    ours = [i for i in near if graph.name[i] == street.name] or list(near)
    first = min(ours, key=lambda i: graph.geometries[i].distance(shapely.Point(origin)))
    line = np.asarray(graph.geometries[first].coords)[:, :2]
    ahead = _followed(graph, int(first), int(graph.to_node[first]), spot)
    behind = _followed(graph, int(first), int(graph.from_node[first]), spot)
    return np.asarray(np.concatenate([behind[::-1], line, ahead]) - spot)


def _followed(graph: Any, link: int, node: int, spot: NDArray[np.float64]) -> Points:
    path = np.zeros((0, 2))
    arriving = _leaving(graph, link, node)[::-1]
    for _ in range(40):
        if np.linalg.norm(arriving[-1] - spot) > DRIVE_REACH_M:
            break
        found = _straightest(graph, link, node, arriving)
        if found is None:
            break
        link, arriving = found
        path = np.concatenate([path, arriving[1:]])
        node = int(graph.to_node[link] if graph.from_node[link] == node else graph.from_node[link])
    return path


def _leaving(graph: Any, link: int, node: int) -> Points:
    line = np.asarray(graph.geometries[link].coords)[:, :2]
    return line if graph.from_node[link] == node else line[::-1]


def _straightest(graph: Any, link: int, node: int, arriving: Points) -> tuple[int, Points] | None:
    heading = arriving[-1] - arriving[-2]
    at = np.flatnonzero((graph.from_node == node) | (graph.to_node == node))
    ways = [(int(i), _leaving(graph, int(i), node)) for i in at if i != link]
    if not ways:
        return None

    def turn(way: tuple[int, Points]) -> float:
        leave = way[1][1] - way[1][0]
        bend = abs(math.atan2(heading[0] * leave[1] - heading[1] * leave[0], float(heading @ leave)))
        return bend + (0.9 if graph.rank[way[0]] == "alley" else 0.0)

    return min(ways, key=turn)


def lane(middle: Points, offset_m: float) -> Points:
    """Return a driving line `offset_m` right of the way's direction, corners rounded."""
    line = shapely.LineString(middle).simplify(0.3).offset_curve(-offset_m)
    if line.geom_type != "LineString":
        line = max(shapely.get_parts(line), key=lambda part: part.length)
    return rounded(np.asarray(line.segmentize(12.0).coords)[:, :2], 3)
