"""Sight proved against a plain, slow walk along the ray.

The walk knows nothing of intersections: it steps from the camera to the target and asks at every step "am I inside a
wall, below its roof?". Steps and corners leave it a few centimetres unsure, so each city is walked twice: what hides
the target even with every building a little smaller must be hidden; what leaves it free even with every building a
little larger must be free.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from smartcity_console.city import BaseMap, Buildings, City, Places, RoadGraph, Roads, Zones, plane, rank_cameras
from smartcity_console.city.catalogue import Catalogue
from smartcity_console.city.sight import PTZ_DEG_PER_S
from smartcity_console.city.view import view_polygon
from smartcity_console.model.camera import Camera, Mount, Ownership, Pose, Purpose, dori_class

ORIGIN = (200_000.0, 500_000.0)
STEP_M, UNSURE_M, UNSURE_DEG = 0.04, 0.2, 0.4
TARGET_M = 1.5


@dataclass(frozen=True)
class Box:
    """A turned box of the random city, relative to ORIGIN."""

    x: float
    y: float
    wide: float
    deep: float
    turn: float
    height: float

    def polygon(self, grow: float = 0.0) -> shapely.Polygon:
        half_w, half_d = self.wide / 2 + grow, self.deep / 2 + grow
        flat = shapely.box(-half_w, -half_d, half_w, half_d)
        return affinity.translate(
            affinity.rotate(flat, self.turn, origin=(0, 0)), self.x + ORIGIN[0], self.y + ORIGIN[1]
        )

    def covers(self, xy: np.ndarray, grow: float) -> np.ndarray:
        """Return which points lie in the box: turn them back and compare with its sides."""
        turn = math.radians(-self.turn)
        dx, dy = xy[:, 0] - self.x - ORIGIN[0], xy[:, 1] - self.y - ORIGIN[1]
        u, v = dx * math.cos(turn) - dy * math.sin(turn), dx * math.sin(turn) + dy * math.cos(turn)
        return (np.abs(u) < self.wide / 2 + grow) & (np.abs(v) < self.deep / 2 + grow)


def walk_is_held_up(eye: tuple[float, float, float], spot: tuple[float, float], boxes: list[Box], grow: float) -> bool:
    """Walk the ray in small steps; `grow` makes every box larger (smaller when negative), roof included."""
    x, y, height = eye
    length = math.hypot(spot[0] - x, spot[1] - y)
    share = np.linspace(0.0, 1.0, max(2, int(length / STEP_M)))
    xy = np.column_stack([x + (spot[0] - x) * share, y + (spot[1] - y) * share])
    ray_m = height + (TARGET_M - height) * share
    blocking = [box for box in boxes if not box.covers(np.array([[x, y]]), 0.0)[0]]
    return any(bool(np.any(box.covers(xy, grow) & (ray_m < box.height + grow))) for box in blocking)


def is_surely_hidden(eye: tuple[float, float, float], spot: tuple[float, float], boxes: list[Box]) -> bool | None:
    """Return the walk's answer, or None where a few centimetres decide."""
    if walk_is_held_up(eye, spot, boxes, -UNSURE_M):
        return True
    return None if walk_is_held_up(eye, spot, boxes, UNSURE_M) else False


def city_of(boxes: list[Box], cameras: list[Camera]) -> City:
    def layer(kind: type, *columns: object) -> object:
        return kind(np.array([], dtype=object), *columns)

    empty, whole = np.array([]), np.array([], dtype=np.int64)
    zones = layer(Zones, [], [])
    graph = RoadGraph(
        np.array([], dtype=object), np.empty((0, 2)), [], [], whole, whole, [], [], empty, whole, empty.astype(bool), empty,
        empty,
    )  # fmt: skip
    shapes = np.array([box.polygon() for box in boxes], dtype=object)
    houses = Buildings(shapes, np.array([box.height for box in boxes]), ["house"] * len(boxes))
    base = BaseMap(
        (0, 0, 1, 1), zones, zones, zones, zones, houses, layer(Roads, [], [], empty), graph, layer(Places, [], [])
    )
    return City(Catalogue("시험시", {c.id: c for c in cameras}, {}, {}, {}, {}, base))


def camera_at(index: int, x: float, y: float, pose: Pose, mount: Mount) -> Camera:
    position = plane.position_at(ORIGIN[0] + x, ORIGIN[1] + y)
    return Camera(
        id=f"C-{index}", name="", position=position, pose=pose, mount=mount, purpose=Purpose.MULTI,
        ownership=Ownership.PUBLIC, owner="",
    )  # fmt: skip


metres = st.integers(-60, 60).map(float)
boxes = st.lists(
    st.builds(
        Box,
        metres,
        metres,
        st.integers(4, 30).map(float),
        st.integers(4, 20).map(float),
        st.integers(0, 89).map(float),
        st.sampled_from((2.5, 4.0, 6.5, 9.0, 30.0)),
    ),
    max_size=7,
)
poses = st.builds(
    Pose,
    height_m=st.sampled_from((3.0, 5.0, 8.0, 14.0)),
    azimuth_deg=st.none() | st.integers(0, 359).map(float),
    tilt_deg=st.sampled_from((0.0, 8.0, 15.0, 40.0)),
    hfov_deg=st.sampled_from((12.0, 40.0, 90.0)),
    width_px=st.sampled_from((640, 1920)),
    height_px=st.just(480),
    range_m=st.sampled_from((40.0, 120.0)),
)
placed = st.tuples(metres, metres, poses, st.sampled_from(Mount))
spots = st.tuples(st.integers(-60, 60).map(lambda v: v + 0.3), st.integers(-60, 60).map(lambda v: v + 0.7))


@dataclass(frozen=True)
class Plain:
    """What a plain computation says of a camera and a spot; None: too close to call."""

    in_picture: bool | None
    hidden: bool | None
    distance: float


def plainly(camera: tuple[float, float, Pose, Mount], spot: tuple[float, float], town: list[Box]) -> Plain:
    x, y, pose, _ = camera
    dx, dy = spot[0] - x, spot[1] - y
    distance = math.hypot(dx, dy)
    eye = (x + ORIGIN[0], y + ORIGIN[1], pose.height_m)
    hidden = is_surely_hidden(eye, (spot[0] + ORIGIN[0], spot[1] + ORIGIN[1]), town)
    return Plain(plainly_in_picture(pose, dx, dy), hidden, distance)


def plainly_in_picture(pose: Pose, dx: float, dy: float) -> bool | None:
    """Turn the picture's edges into limits on angles and compare, unsure near each of them."""
    distance = math.hypot(dx, dy)
    slacks = [pose.range_m - distance]
    if pose.azimuth_deg is not None:
        look = math.radians(pose.azimuth_deg)
        ahead, aside = dx * math.sin(look) + dy * math.cos(look), dx * math.cos(look) - dy * math.sin(look)
        below = math.degrees(math.atan2(pose.height_m - TARGET_M, distance))
        half_v = math.degrees(math.atan(math.tan(math.radians(pose.hfov_deg / 2)) * pose.height_px / pose.width_px))
        slacks.append(pose.hfov_deg / 2 - abs(math.degrees(math.atan2(aside, ahead))))
        slacks += [pose.tilt_deg + half_v - below, below - (pose.tilt_deg - half_v)]
    if min(abs(s) for s in slacks) < UNSURE_DEG:
        return None
    return min(slacks) > 0


def plain_class(camera: tuple[float, float, Pose, Mount], plain: Plain, has_stream: bool) -> int | None:
    """Return the class the ranking promises, None when the camera is to be left out."""
    _, _, pose, mount = camera
    if plain.distance > pose.range_m or not (plain.in_picture or mount == Mount.PTZ):
        return None
    if plain.hidden:
        return 1 if has_stream else 0
    if pose.azimuth_deg is None:
        return 3 if has_stream else 2
    return (7 if plain.in_picture else 6) - (0 if has_stream else 2)


def is_clear_of(point: tuple[float, float], town: list[Box]) -> bool:
    at = np.array([[point[0] + ORIGIN[0], point[1] + ORIGIN[1]]])
    return not any(box.covers(at, 2 * UNSURE_M)[0] for box in town)


@settings(max_examples=150, deadline=None)
@given(boxes, st.lists(placed, min_size=1, max_size=6), spots, st.sets(st.integers(0, 5)))
def test_ranking_agrees_with_a_plain_walk(
    town: list[Box], cameras: list[tuple[float, float, Pose, Mount]], spot: tuple[float, float], streaming: set[int]
) -> None:
    assume(is_clear_of(spot, town) and all(is_clear_of(c[:2], town) for c in cameras))
    assume(all(math.hypot(spot[0] - c[0], spot[1] - c[1]) > 1.0 for c in cameras))
    city = city_of(town, [camera_at(i, *camera) for i, camera in enumerate(cameras)])
    position = plane.position_at(spot[0] + ORIGIN[0], spot[1] + ORIGIN[1])
    streams = {f"C-{i}" for i in streaming}
    ranked = rank_cameras(city, position, streams=streams, limit=99)

    assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)
    found = {s.camera_id: s for s in ranked}
    for index, camera in enumerate(cameras):
        plain = plainly(camera, spot, town)
        if None in (plain.in_picture, plain.hidden) or abs(plain.distance - camera[2].range_m) < UNSURE_M:
            continue
        seen, wanted = found.get(f"C-{index}"), plain_class(camera, plain, index in streaming)
        assert (None if seen is None else math.floor(seen.score)) == wanted
        if seen is not None:
            assert seen.occluded == plain.hidden
            assert seen.in_view == (plain.in_picture and not plain.hidden and camera[2].azimuth_deg is not None)
            assert math.isclose(seen.distance_m, plain.distance, abs_tol=0.01)
            width_seen_m = 2 * plain.distance * math.tan(math.radians(camera[2].hfov_deg / 2))
            assert math.isclose(seen.px_per_m, camera[2].width_px / width_seen_m, rel_tol=1e-3)
            assert seen.dori == dori_class(seen.px_per_m)
            assert seen.turn_s <= 180.0 / PTZ_DEG_PER_S and (seen.turn_s == 0 or camera[3] == Mount.PTZ)


@settings(max_examples=80, deadline=None)
@given(boxes, placed, st.lists(spots, min_size=25, max_size=25))
def test_view_polygon_holds_what_the_walk_reaches_and_nothing_else(
    town: list[Box], camera: tuple[float, float, Pose, Mount], points: list[tuple[float, float]]
) -> None:
    assume(is_clear_of(camera[:2], town))
    made = camera_at(0, *camera)
    view = view_polygon(city_of(town, [made]), made)
    surely, perhaps = view.buffer(-UNSURE_M), view.buffer(UNSURE_M)
    for point in points:
        at = shapely.Point(point[0] + ORIGIN[0], point[1] + ORIGIN[1])
        plain = plainly(camera, point, town)
        in_house = any(box.covers(np.array([[at.x, at.y]]), -UNSURE_M)[0] for box in town)
        if in_house or plain.hidden or plain.in_picture is False:
            assert not surely.contains(at)
        elif plain.in_picture and plain.hidden is False and is_clear_of(point, town):
            assert perhaps.contains(at)


def test_a_low_house_hides_only_the_ground_close_behind_it() -> None:
    shed = Box(20.0, 0.0, 4.0, 20.0, 0.0, 4.0)
    camera = camera_at(0, 0.0, 0.0, Pose(9.0, 90.0, 5.0, 60.0, 640, 480, 120.0), Mount.FIXED)
    view = view_polygon(city_of([shed], [camera]), camera)

    # The ray over the shed's far edge (22 m, roof 4 m) comes down to 1.5 m at 22 * 7.5 / 5 = 33 m.
    def sees(x: float) -> bool:
        return bool(view.contains(shapely.Point(ORIGIN[0] + x, ORIGIN[1])))

    assert [sees(x) for x in (15.0, 20.0, 25.0, 32.5, 33.5, 60.0)] == [True, False, False, False, True, True]


def test_a_spot_in_a_building_is_looked_for_at_its_nearest_wall() -> None:
    house = Box(30.0, 0.0, 10.0, 10.0, 0.0, 8.0)
    before = camera_at(0, 0.0, 0.0, Pose(5.0, 90.0, 5.0, 60.0, 640, 480, 120.0), Mount.FIXED)
    behind = camera_at(1, 70.0, 0.0, Pose(5.0, 270.0, 5.0, 60.0, 640, 480, 120.0), Mount.FIXED)
    city = city_of([house], [before, behind])
    ranked = rank_cameras(city, plane.position_at(ORIGIN[0] + 26.0, ORIGIN[1]), streams={"C-0", "C-1"})
    assert [(s.camera_id, s.in_view, s.occluded) for s in ranked] == [("C-0", True, False), ("C-1", False, True)]


def test_a_camera_whose_listed_place_is_inside_a_house_is_taken_to_hang_on_it() -> None:
    house = Box(0.0, 0.0, 10.0, 10.0, 0.0, 8.0)
    camera = camera_at(0, 3.0, 0.0, Pose(5.0, 90.0, 5.0, 60.0, 640, 480, 120.0), Mount.FIXED)
    city = city_of([house], [camera])
    (seen,) = rank_cameras(city, plane.position_at(ORIGIN[0] + 40.0, ORIGIN[1]), streams=())
    assert seen.in_view and not seen.occluded
    assert view_polygon(city, camera).contains(shapely.Point(ORIGIN[0] + 40.0, ORIGIN[1]))


def test_a_dome_turns_at_its_stated_speed() -> None:
    camera = camera_at(0, 0.0, 0.0, Pose(5.0, 0.0, 5.0, 60.0, 640, 480, 120.0), Mount.PTZ)
    (seen,) = rank_cameras(city_of([], [camera]), plane.position_at(ORIGIN[0] + 40.0, ORIGIN[1]), streams=())
    assert math.isclose(seen.turn_s, 90.0 / PTZ_DEG_PER_S, rel_tol=1e-6) and not seen.in_view


def test_the_picture_ends_where_its_angles_say() -> None:
    """40 m off, looking east, 60 degrees wide: the edge lies at 30 degrees."""
    camera = camera_at(0, 0.0, 0.0, Pose(5.0, 90.0, 5.0, 60.0, 640, 480, 120.0), Mount.FIXED)
    city = city_of([], [camera])

    def is_seen(off_deg: float) -> bool:
        east, north = 40.0 * math.cos(math.radians(off_deg)), 40.0 * math.sin(math.radians(off_deg))
        spot = plane.position_at(ORIGIN[0] + east, ORIGIN[1] + north)
        return bool(rank_cameras(city, spot, streams=()))

    assert [is_seen(off) for off in (-30.1, -29.9, 0.0, 29.9, 30.1)] == [False, True, True, True, False]
