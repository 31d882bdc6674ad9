"""The picture agrees with the sight geometry: what the catalogue's pose says is where the pixel is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from smartcity_console.city import City, plane
from smartcity_console.drill.stage.place import place_of, view_of
from smartcity_console.drill.stage.view import View
from smartcity_console.drill.stage.world import SCENES
from smartcity_console.model.geo import bearing_deg

CAMERAS = [(spec.site_id, camera_id) for spec in SCENES for camera_id in spec.camera_ids]


@pytest.fixture(scope="module")
def city() -> City:
    return City.open("")


@pytest.mark.parametrize(("site_id", "camera_id"), CAMERAS)
def test_a_camera_has_the_door_in_its_picture_where_the_pose_says(city: City, site_id: str, camera_id: str) -> None:
    camera, site = city.cameras[camera_id], city.sites[site_id]
    view = view_of(camera, place_of(city, site_id).block)
    x_px, y_px, _ = view.project(np.array([[0.0, 0.0, 1.2]]))[0]
    (ex, ey), (sx, sy) = plane.xy_of(camera.position), plane.xy_of(site.position)
    assert camera.pose.azimuth_deg is not None
    off_axis = math.radians(bearing_deg(sx - ex, sy - ey) - camera.pose.azimuth_deg)
    ahead_m = math.hypot(sx - ex, sy - ey) * math.cos(off_axis)
    drop_m, tilt = camera.pose.height_m - 1.2, math.radians(camera.pose.tilt_deg)
    depth_m = ahead_m * math.cos(tilt) + drop_m * math.sin(tilt)
    focal_px = camera.pose.px_per_m(1.0)
    assert 0 <= x_px < view.width_px and 0 <= y_px < view.height_px
    assert x_px == pytest.approx(view.width_px / 2 + focal_px * math.tan(off_axis) * ahead_m / depth_m, abs=0.5)
    assert y_px == pytest.approx(
        view.height_px / 2 + focal_px * (drop_m * math.cos(tilt) - ahead_m * math.sin(tilt)) / depth_m, abs=0.5
    )


def test_a_metre_is_as_many_pixels_as_the_pose_says() -> None:
    view = View((0.0, 0.0, 1.5), 90.0, 0.0, 40.0, 640, 360)
    left, right = view.project(np.array([[20.0, 0.5, 1.5], [20.0, -0.5, 1.5]]))
    assert right[0] - left[0] == pytest.approx(640 / (2 * 20 * math.tan(math.radians(20))))


def test_the_clip_matrix_and_the_projection_are_one() -> None:
    view = View((3.0, -8.0, 5.0), 212.0, 11.0, 62.0, 640, 360)
    points = np.random.default_rng(1).uniform((-20, -60, 0), (10, -20, 6), (50, 3))
    clip = np.column_stack([points, np.ones(50)]) @ view.matrix().T
    screen = clip[:, :2] / clip[:, 3:]
    pixels = np.column_stack([(screen[:, 0] + 1) * 320, (1 - screen[:, 1]) * 180])
    assert np.allclose(pixels, view.project(points)[:, :2], atol=1e-6)


def test_what_is_behind_is_not_seen() -> None:
    view = View((0.0, 0.0, 5.0), 0.0, 10.0, 60.0, 640, 360)
    assert view.sees((0.0, 20.0, 1.0))
    assert not view.sees((0.0, -20.0, 1.0))
