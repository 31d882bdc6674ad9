"""The cameras of the parks: on poles round the middle of each, looking across it; numbered after all others."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely

from smartcity_console.city.base import Numbers
from smartcity_console.city.builder.doors import is_open
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.lots import Green
from smartcity_console.city.builder.records import CameraRow
from smartcity_console.model.geo import bearing_deg

PER_PARK, POLE_M, HEIGHT_M, HFOV_DEG = 3, (27.0, 31.0, 24.0), 5.0, 46.0
_FIRST_BEARING_DEG, _TURN_DEG, _PAST_MIDDLE_M = 35.0, 120.0, 2.0


def park_cameras(ground: Ground, greens: list[Green], given: int) -> list[CameraRow]:
    """Return the parks' cameras, their ids following on the `given` public ones that stand already."""
    parks = [green for green in greens if green.kind == "park"]
    made = [camera for park in parks for camera in _round_the_middle(ground, park)]
    return [CameraRow(**{**c.__dict__, "camera_id": f"GN-{given + i:04d}"}) for i, c in enumerate(made, start=1)]


def _round_the_middle(ground: Ground, park: Green) -> Iterator[CameraRow]:
    middle = np.array(park.polygon.representative_point().coords[0])
    for number in range(PER_PARK):
        bearing = math.radians(_FIRST_BEARING_DEG + number * _TURN_DEG)
        away = np.array([math.sin(bearing), math.cos(bearing)])
        pole = middle + away * POLE_M[number]
        if park.polygon.contains(shapely.Point(pole)) and is_open(pole, ground.buildings):
            yield _across(park.name, number + 1, pole, middle - away * _PAST_MIDDLE_M)


def _across(name: str, number: int, pole: Numbers, aim: Numbers) -> CameraRow:
    way = aim - pole
    tilt = math.degrees(math.atan2(HEIGHT_M - 1.0, float(np.hypot(*way))))
    return CameraRow(
        camera_id="", name=f"{name} 중앙 {number}", x=float(pole[0]), y=float(pole[1]), height_m=HEIGHT_M,
        azimuth_deg=round(bearing_deg(float(way[0]), float(way[1])), 1), tilt_deg=round(tilt + 3.0, 1),
        hfov_deg=HFOV_DEG, width_px=1920, height_px=1080, range_m=80.0, mount="fixed", purpose="crime_prevention",
    )  # fmt: skip
