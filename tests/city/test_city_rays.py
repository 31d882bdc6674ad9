"""All rays at once against shapely, one by one: what each footprint leaves of a ray."""

from __future__ import annotations

import math

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcity_console.city import Buildings
from smartcity_console.city.sightline import TARGET_HEIGHT_M, TOUCH_M, are_hidden

# Places off the lattice on which the houses' corners lie: a ray along a wall may be held up or not.
places = st.tuples(st.integers(-40, 40).map(lambda v: v + 0.31), st.integers(-40, 40).map(lambda v: v + 0.73))
corners = st.tuples(st.integers(-40, 40), st.integers(-40, 40))
rings = st.lists(corners, min_size=3, max_size=7, unique=True).map(lambda c: shapely.Polygon(c).buffer(0))
holed = rings.map(lambda p: p.difference(p.centroid.buffer(3.0, 2)))
houses = st.one_of(rings, holed).filter(lambda p: not p.is_empty and p.area > 1.0)
heights = st.sampled_from((1.0, 4.0, 7.5, 40.0))


def plainly_hidden(eye: tuple[float, float, float], spot: tuple[float, float], shape: object, height: float) -> bool:
    ray, point = shapely.LineString([eye[:2], spot]), shapely.Point(eye[:2])
    inside = shapely.intersection(shape, ray)
    if shapely.contains(shape, point) or inside.length <= TOUCH_M:
        return False
    far = max(math.dist(eye[:2], xy) for xy in shapely.get_coordinates(inside))
    return eye[2] - (eye[2] - TARGET_HEIGHT_M) * far / ray.length < height


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(houses, heights), max_size=6),
    st.lists(st.tuples(places, st.sampled_from((3.0, 6.0, 12.0))), min_size=1, max_size=6),
    places,
)
def test_rays_are_held_up_by_what_shapely_says(
    town: list[tuple[object, float]], eyes: list[tuple[tuple[float, float], float]], spot: tuple[float, float]
) -> None:
    shapes = np.array([shape for shape, _ in town], dtype=object)
    buildings = Buildings(shapes, np.array([height for _, height in town]), ["house"] * len(town))
    stands = np.array([(*xy, height) for xy, height in eyes if xy != spot]).reshape(-1, 3)
    wanted = [any(plainly_hidden(tuple(eye), spot, *house) for house in town) for eye in stands]
    assert are_hidden(stands, *spot, buildings).tolist() == wanted
