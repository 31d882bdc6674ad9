"""Marks that would lie on each other: bubbles for many cameras, numbers that stand aside."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.console.map.clusters import cluster_points
from smartcity_console.console.map.declutter import apart

points = st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 2000)), min_size=1, max_size=120)


@given(points, st.sampled_from([0.05, 0.2, 0.5]))
def test_bubbles_count_every_camera_once_and_stand_apart(places: list[tuple[float, float]], scale: float) -> None:
    bubbles = cluster_points(np.array(places), scale, apart_px=50.0)
    assert bubbles.count.sum() == len(places)
    middles = bubbles.xy_m * scale
    gaps = [math.dist(middles[i], middles[j]) for i in range(len(middles)) for j in range(i)]
    assert not gaps or min(gaps) >= 50.0
    assert np.array_equal(np.bincount(bubbles.of), bubbles.count)


def test_no_cameras_make_no_bubbles() -> None:
    assert len(cluster_points(np.empty((0, 2)), 0.2).count) == 0


def test_numbers_that_are_apart_stay_where_they_are() -> None:
    places = [(0.0, 0.0), (40.0, 0.0), (0.0, 40.0)]
    assert apart(places, [(100.0, 100.0)], 26.0, 32.0) == places


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 30)), min_size=2, max_size=6))
def test_crowded_numbers_end_up_apart_and_clear_of_the_incident(places: list[tuple[float, float]]) -> None:
    moved = apart(places, [(15.0, 15.0)], 26.0, 32.0)
    assert all(math.dist(p, (15.0, 15.0)) > 31.0 for p in moved)
    gaps = [math.dist(moved[i], moved[j]) for i in range(len(moved)) for j in range(i)]
    assert min(gaps) > 20.0
    assert moved == apart(places, [(15.0, 15.0)], 26.0, 32.0)
