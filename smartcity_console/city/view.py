"""What a camera sees of the ground: its cone, cut by the shadows of the buildings.

Seen from the eye, the top edge of a wall falls on the plane of the targets at the wall's foot scaled away from the eye
by (h - t) / (h - roof): a wall as high as the eye or higher throws its shadow to the end of the range.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Numbers
from smartcity_console.city.city import City
from smartcity_console.city.sightline import Eye, holds
from smartcity_console.model.camera import Camera

ARC_STEP_DEG = 2.0


def view_polygon(city: City, camera: Camera) -> Any:
    """Return the shapely (Multi)Polygon in metres in which the camera sees a standing person; empty for an indoor one.

    A camera of unknown direction gets the whole circle that it might see.
    """
    if camera.indoor:
        return shapely.Polygon()
    eye = Eye.of(camera)
    buildings = city.base.buildings
    cone = cone_of(eye)
    near = buildings.tree.query(cone, predicate="intersects")
    near = near[~holds(eye, buildings.geometries[near])]
    return cut_by(eye, cone, buildings.geometries[near], buildings.height_m[near])


def cone_of(eye: Eye) -> Any:
    """Return the cone from the picture's lower edge to its upper edge, buildings left aside."""
    near, far = (0.0, eye.range_m) if eye.azimuth_deg is None else (eye.nearest_seen_m(), eye.farthest_seen_m())
    if far <= near:
        return shapely.Polygon()
    if eye.azimuth_deg is None or eye.hfov_deg >= 360.0:
        return eye.point.buffer(far, 45).difference(eye.point.buffer(near))
    steps = max(2, math.ceil(eye.hfov_deg / ARC_STEP_DEG) + 1)
    angles = np.radians(eye.azimuth_deg + np.linspace(-0.5, 0.5, steps) * eye.hfov_deg)
    inner = _arc(eye, angles[::-1], near) if near > 0 else np.array([[eye.x, eye.y]])
    return shapely.Polygon(np.concatenate([_arc(eye, angles, far), inner]))


def _arc(eye: Eye, angles: Numbers, radius_m: float) -> Numbers:
    return np.column_stack([eye.x + radius_m * np.sin(angles), eye.y + radius_m * np.cos(angles)])


def cut_by(eye: Eye, cone: Any, footprints: Any, heights_m: Numbers) -> Any:
    """Return the cone without the buildings and their shadows, nearest first: most of the rest is then hidden."""
    seen = cone
    for index in np.argsort(shapely.distance(footprints, eye.point), kind="stable"):
        if seen.is_empty:
            break
        if seen.intersects(footprints[index]):
            seen = shapely.difference(seen, shadow_of(eye, footprints[index], float(heights_m[index])))
    return _areas_only(seen)


def shadow_of(eye: Eye, footprint: Any, height_m: float) -> Any:
    """Return the footprint with all the ground behind it that it hides from the eye."""
    over_roof = eye.height_m - height_m
    stretch = eye.drop_m / over_roof if over_roof > 0 else math.inf
    return shapely.union_all([footprint, *_wall_shadows(eye, footprint, stretch)])


def _wall_shadows(eye: Eye, footprint: Any, stretch: float) -> list[Any]:
    """Return one quadrilateral for each wall, from its foot to where the shadow of its top falls."""
    foot = shapely.get_coordinates(footprint.exterior)
    away = foot - (eye.x, eye.y)
    length = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-6)[:, None]
    # Without an end, twice the range is beyond every cone, also in the middle of a wide wall's chord.
    end = foot + away * (stretch - 1.0) if math.isfinite(stretch) else (eye.x, eye.y) + away / length * _beyond(eye)
    quads = np.stack([foot[:-1], foot[1:], end[1:], end[:-1], foot[:-1]], axis=1)
    rings = shapely.polygons(shapely.linearrings(quads))
    return [ring for ring in rings if ring.is_valid and ring.area > 0]


def _beyond(eye: Eye) -> float:
    return 1e4 * eye.range_m


def _areas_only(shape: Any) -> Any:
    """Return a shape without the lines and points that cutting may leave."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 1e-6]
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
