"""From a camera to a spot: bearing on the map's grid, and how far below the horizon."""

from __future__ import annotations

import pytest

from smartcity_console.city import plane
from smartcity_console.city.aiming import aim_at
from smartcity_console.model.camera import Camera, Mount, Ownership, Pose, Purpose


def camera_at(x_m: float, y_m: float, height_m: float) -> Camera:
    pose = Pose(height_m, 0.0, 10.0, 60.0, 1920, 1080)
    position = plane.position_at(x_m, y_m)
    return Camera("C", "C", position, pose, Mount.PTZ, Purpose.OTHER, Ownership.PUBLIC, "시")


@pytest.mark.parametrize(
    ("east", "north", "bearing"), [(0, 50, 0), (50, 0, 90), (0, -50, 180), (-50, 0, 270), (30, 30, 45)]
)
def test_the_bearing_is_clockwise_from_north(east: float, north: float, bearing: float) -> None:
    x, y = 200_000.0, 550_000.0
    aim = aim_at(camera_at(x, y, 6.5), plane.position_at(x + east, y + north))
    assert aim.bearing_deg == pytest.approx(bearing, abs=0.01)


def test_the_elevation_falls_from_the_camera_to_a_persons_chest() -> None:
    x, y = 200_000.0, 550_000.0
    camera = camera_at(x, y, 6.5)
    assert aim_at(camera, plane.position_at(x + 5.0, y)).elevation_deg == pytest.approx(-45.0, abs=0.05)
    assert aim_at(camera, plane.position_at(x, y)).elevation_deg == pytest.approx(-90.0, abs=0.1)
    far = aim_at(camera, plane.position_at(x, y + 500.0))
    assert far.elevation_deg == pytest.approx(-0.573, abs=0.01)
    assert far.distance_m == pytest.approx(500.0, abs=0.01)
