"""The way from a camera to a spot on the ground, for cameras that can be told where to look."""

from __future__ import annotations

import math

from smartcity_console.city import plane
from smartcity_console.city.sightline import TARGET_HEIGHT_M
from smartcity_console.model.camera import Camera
from smartcity_console.model.geo import Position, bearing_deg
from smartcity_console.model.ptz import Aim


def aim_at(camera: Camera, spot: Position, target_height_m: float = TARGET_HEIGHT_M) -> Aim:
    """Return bearing and elevation from a camera to a target `target_height_m` above the spot.

    Bearings are of the plane's grid, as everywhere on the map: where a camera hangs is told by dragging on the map.
    """
    x, y = plane.xy_of(camera.position)
    to_x, to_y = plane.xy_of(spot)
    east, north = to_x - x, to_y - y
    distance_m = math.hypot(east, north)
    rise_m = target_height_m - camera.pose.height_m
    return Aim(bearing_deg(east, north), math.degrees(math.atan2(rise_m, max(distance_m, 1e-6))), distance_m)
