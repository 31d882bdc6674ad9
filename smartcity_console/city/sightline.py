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
from smartcity_console.city.base import Buildings, Geometries, Numbers
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
    ray = shapely.LineString([(eye.x, eye.y), (x, y)])
    near = buildings.tree.query(ray, predicate="intersects")
    near = near[~holds(eye, buildings.geometries[near])]
    if not len(near):
        return False
    leaves_m = far_edges_m(eye, ray, buildings.geometries[near])
    return bool(np.any(_ray_height_m(eye, leaves_m, ray.length) < buildings.height_m[near]))


def holds(eye: Eye, footprints: Geometries) -> NDArray[np.bool_]:
    """Return which footprints hold the eye: it hangs on that house, and coordinates of lists are a few metres off."""
    return np.asarray(shapely.contains(footprints, eye.point), dtype=bool)


def far_edges_m(eye: Eye, ray: Any, footprints: Geometries) -> Numbers:
    """Return for each footprint the distance at which the ray leaves it for good; NaN when it is only touched."""
    inside = shapely.intersection(footprints, ray)
    farthest = np.array([_farthest_m(eye, part) for part in inside])
    return np.where(shapely.length(inside) > TOUCH_M, farthest, np.nan)


def _farthest_m(eye: Eye, part: Any) -> float:
    xy = shapely.get_coordinates(part)
    return float(np.hypot(xy[:, 0] - eye.x, xy[:, 1] - eye.y).max()) if len(xy) else math.nan


def _ray_height_m(eye: Eye, along_m: Numbers, length_m: float) -> Numbers:
    return eye.height_m - eye.drop_m * along_m / max(length_m, 1e-9)


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
