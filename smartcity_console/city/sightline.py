"""Lines of sight in 2.5 dimensions: prisms on flat ground between a camera and what stands at TARGET_HEIGHT_M.

The ray falls from the camera to the target; over a footprint it is lowest where it leaves it. So a building hides the
target exactly when the ray at that far edge is below the roof.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import plane
from smartcity_console.city.base import Buildings, Geometries, Indices, Numbers, Walls, ranges
from smartcity_console.model.camera import Camera

TARGET_HEIGHT_M = 1.5  # chest of a standing person
TOUCH_M = 0.01  # a ray that only grazes a corner this much is not held up
DOORSTEP_M = 0.5  # how far before a wall a spot given inside a building is looked for


@dataclass(frozen=True)
class Eye:
    """Where a camera's ray begins, in metres; with the angles of its picture in degrees."""

    x: float
    y: float
    height_m: float
    azimuth_deg: float | None
    tilt_deg: float
    hfov_deg: float
    vfov_deg: float
    range_m: float

    @classmethod
    def of(cls, camera: Camera) -> Eye:
        """Return the eye of a camera of the catalogue."""
        pose = camera.pose
        x, y = plane.xy_of(camera.position)
        half = math.tan(math.radians(pose.hfov_deg) / 2.0) * pose.height_px / pose.width_px
        vfov = 2.0 * math.degrees(math.atan(half))
        return cls(x, y, pose.height_m, pose.azimuth_deg, pose.tilt_deg, pose.hfov_deg, vfov, pose.range_m)

    @cached_property
    def point(self) -> Any:
        return shapely.Point(self.x, self.y)

    @property
    def drop_m(self) -> float:
        """How far the ray falls on its way to the target."""
        return self.height_m - TARGET_HEIGHT_M

    def depression_deg(self, distance_m: float) -> float:
        """Return how far below the horizon a target at that distance stands."""
        return math.degrees(math.atan2(self.drop_m, max(distance_m, 1e-6)))

    def nearest_seen_m(self) -> float:
        """Return the distance of the picture's lower edge: nearer targets pass beneath it."""
        if self.drop_m <= 0:
            return 0.0
        return self._reach_m(self.tilt_deg + self.vfov_deg / 2.0)

    def farthest_seen_m(self) -> float:
        """Return the distance of the picture's upper edge, never beyond the range."""
        if self.drop_m <= 0:
            return self.range_m
        return min(self.range_m, self._reach_m(self.tilt_deg - self.vfov_deg / 2.0))

    def _reach_m(self, depression_deg: float) -> float:
        """Return where a ray this far below the horizon meets the targets' height."""
        if depression_deg >= 90.0:
            return 0.0
        return self.drop_m / math.tan(math.radians(depression_deg)) if depression_deg > 0.0 else math.inf


def is_hidden(eye: Eye, x: float, y: float, buildings: Buildings) -> bool:
    """Return whether a building stands between the eye and a target at (x, y)."""
    return bool(are_hidden(np.array([[eye.x, eye.y, eye.height_m]]), x, y, buildings)[0])


def are_hidden(eyes: Numbers, x: float, y: float, buildings: Buildings) -> NDArray[np.bool_]:
    """Return for each eye (x, y, height above ground in metres) whether a building hides a target at (x, y) from it."""
    rays = np.empty((len(eyes), 2, 2))
    rays[:, 0], rays[:, 1] = eyes[:, :2], (x, y)
    ray, building = buildings.tree.query(shapely.linestrings(rays))
    hidden = np.zeros(len(eyes), dtype=bool)
    if len(ray):
        passages = passages_of(rays[ray], building, buildings.walls)
        height = eyes[ray, 2]
        lowest_m = height - (height - TARGET_HEIGHT_M) * passages.leaves_at
        hidden[ray[passages.blocks & (lowest_m < buildings.height_m[building])]] = True
    return hidden


@dataclass(frozen=True, eq=False)
class Passages:
    """How rays pass footprints, an entry a pair: whether the ray is held up for more than a touch by a house that the
    eye does not hang on, and at which share of its length the ray leaves it for good."""

    blocks: NDArray[np.bool_]
    leaves_at: Numbers


def passages_of(rays: Numbers, building: Indices, walls: Walls) -> Passages:
    """Return how rays (pairs, 2, 2) pass one footprint each.

    Crossings of the whole line with a footprint's walls, in order along the line, are by turns entries and exits (a
    closed outline is crossed an even number of times; a corner counts for the wall on one side of it only).
    """
    pair, along = _crossings(rays, building, walls)
    order = np.lexsort((along, pair))
    pair, along = pair[order][::2], along[order]
    enters, leaves = along[::2], along[1::2]
    starts_inside = np.bincount(pair, (enters < 0.0) & (leaves > 0.0), len(rays)) > 0
    enters, leaves = np.clip(enters, 0.0, 1.0), np.clip(leaves, 0.0, 1.0)
    length_m = np.hypot(*(rays[:, 1] - rays[:, 0]).T)
    inside_m = np.bincount(pair, leaves - enters, len(rays)) * length_m
    leaves_at = np.zeros(len(rays))
    np.maximum.at(leaves_at, pair, np.where(leaves > enters, leaves, 0.0))
    return Passages(~starts_inside & (inside_m > TOUCH_M), leaves_at)


def _crossings(rays: Numbers, building: Indices, walls: Walls) -> tuple[Indices, Numbers]:
    """Return for each crossing which pair it belongs to, and the share of the ray's length at which it lies."""
    begin, end = walls.first[building], walls.first[building + 1]
    wall = ranges(begin, end)
    pair = np.repeat(np.arange(len(rays)), end - begin)
    eye, way = rays[:, 0], rays[:, 1] - rays[:, 0]
    a, b, way = walls.start[wall] - eye[pair], walls.end[wall] - eye[pair], way[pair]
    side_a = way[:, 0] * a[:, 1] - way[:, 1] * a[:, 0]
    side_b = way[:, 0] * b[:, 1] - way[:, 1] * b[:, 0]
    crosses = (side_a > 0.0) != (side_b > 0.0)
    pair, a, b, way, side_a = pair[crosses], a[crosses], b[crosses], way[crosses], side_a[crosses]
    share = side_a / (side_a - side_b[crosses])
    point = a + (b - a) * share[:, None]
    return pair, (point * way).sum(axis=1) / np.maximum((way * way).sum(axis=1), 1e-18)


def holds(eye: Eye, footprints: Geometries) -> NDArray[np.bool_]:
    """Return which footprints hold the eye: it hangs on that house, and coordinates of lists are a few metres off."""
    return np.asarray(shapely.contains(footprints, eye.point), dtype=bool)


def doorstep(x: float, y: float, buildings: Buildings) -> tuple[float, float]:
    """Return the spot itself, or the nearest one outside when it lies in a building: what a street camera can see."""
    point = shapely.Point(x, y)
    holding = buildings.tree.query(point, predicate="within")
    if not len(holding):
        return x, y
    wall = buildings.geometries[int(min(holding))].exterior
    foot = shapely.line_interpolate_point(wall, shapely.line_locate_point(wall, point))
    length = math.hypot(foot.x - x, foot.y - y)
    if length < 1e-9:
        return x, y
    scale = (length + DOORSTEP_M) / length
    return x + (foot.x - x) * scale, y + (foot.y - y) * scale
