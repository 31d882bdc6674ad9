"""Cameras on the streets before guarded premises: at the kerb a little way off, looking along the street past the door."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import numpy as np
import shapely

from smartcity_console.city.base import Numbers
from smartcity_console.city.builder.doors import Front, is_open, kerb
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.records import CameraRow
from smartcity_console.city.sight import in_picture
from smartcity_console.city.sightline import is_hidden
from smartcity_console.model.geo import bearing_deg, bearing_difference_deg

_AWAY_M = (26.0, 34.0, 20.0, 44.0, 56.0)
_PAST_DOOR = 0.18  # how far from the wall towards the street's middle it aims, as a share of the distance
_HEIGHTS_M = (5.0, 5.5, 6.0)
_HFOV_DEG = (44.0, 52.0, 60.0)


def watching_cameras(ground: Ground, fronts: list[Front], rng: random.Random) -> list[CameraRow]:
    """Return up to two cameras for each front, one from each side along its street; without ids."""
    return [camera for front in fronts for way in (1, -1) for camera in _watch(ground, front, way, rng)]


def _watch(ground: Ground, front: Front, way: int, rng: random.Random) -> Iterator[CameraRow]:
    """Yield the first camera on this side of the door that sees it."""
    street = ground.layout.streets[ground.street_near(*front.door)]
    along = float(shapely.line_locate_point(street.line, shapely.Point(front.door)))
    look = rng.choice(_HEIGHTS_M), rng.choice(_HFOV_DEG)
    for away_m in _AWAY_M:
        for side in (-1.0, 1.0):
            pole = kerb(street.line, street.width_m, along + way * away_m, side, front)
            if pole is not None and is_open(pole, ground.buildings):
                camera = _aimed(ground, pole, front, look)
                if _sees(camera, front, ground):
                    yield camera
                    return


def _aimed(ground: Ground, pole: Numbers, front: Front, look: tuple[float, float]) -> CameraRow:
    height_m, hfov_deg = look
    distance = float(np.hypot(*(front.door - pole)))
    aim = front.door + front.out * _PAST_DOOR * distance - pole
    x, y = float(pole[0]), float(pole[1])
    return CameraRow(
        camera_id="", name=" ".join(ground.address_at(x, y).split()[2:]) + " 앞", x=x, y=y, height_m=height_m,
        azimuth_deg=round(bearing_deg(float(aim[0]), float(aim[1])), 1),
        tilt_deg=round(math.degrees(math.atan2(height_m - 1.2, distance)), 1), hfov_deg=hfov_deg, width_px=1920,
        height_px=1080, range_m=100.0, mount="fixed", purpose="crime_prevention",
    )  # fmt: skip


def _sees(camera: CameraRow, front: Front, ground: Ground) -> bool:
    eye = camera.eye()
    east, north = (float(v) for v in front.door - (eye.x, eye.y))
    off_axis = bearing_difference_deg(camera.azimuth_deg, bearing_deg(east, north))
    seen = in_picture(eye, math.hypot(east, north), off_axis)
    return seen and not is_hidden(eye, float(front.door[0]), float(front.door[1]), ground.buildings)
