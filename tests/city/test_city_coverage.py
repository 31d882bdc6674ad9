"""Coverage proved against plain sampling of points.

The plain answer knows no polygons: it takes one camera and one point, compares angles and distance, and clips the ray
against axis-aligned houses. Points within a few centimetres of an edge decide nothing and are passed over.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smartcity_console.city import BaseMap, Buildings, City, Places, RoadGraph, Roads, Zones, plane, rank_cameras
from smartcity_console.city.catalogue import Catalogue
from smartcity_console.city.coverage import (
    CoverageStopped,
    Ground,
    Question,
    UnknownDistrict,
    ViewCache,
    blind_spots,
    export,
    survey,
)
from smartcity_console.city.coverage.export import spot_row
from smartcity_console.model.camera import Camera, Dori, Mount, Ownership, Pose, Purpose, dori_class, dori_floor

EAST, NORTH = 200_000.0, 500_000.0
SIDE_M = 70.0
UNSURE_M, UNSURE_DEG = 0.25, 0.5
TARGET_M = 1.5


@dataclass(frozen=True)
class House:
    """An axis-aligned box about its middle, relative to (EAST, NORTH)."""

    x: float
    y: float
    half_w: float
    half_d: float
    roof_m: float

    def holds(self, x: float, y: float, grow: float = 0.0) -> bool:
        return abs(x - self.x) < self.half_w + grow and abs(y - self.y) < self.half_d + grow

    def hides(self, eye: tuple[float, float, float], spot: tuple[float, float], grow: float) -> bool:
        """Clip the ray to the box's slabs; where it leaves the box it is lowest."""
        enter, leave = 0.0, 1.0
        for at, to, middle, half in (
            (eye[0], spot[0], self.x, self.half_w + grow),
            (eye[1], spot[1], self.y, self.half_d + grow),
        ):
            step = to - at
            if abs(step) < 1e-9:
                if abs(at - middle) >= half:
                    return False
                continue
            a, b = sorted(((middle - half - at) / step, (middle + half - at) / step))
            enter, leave = max(enter, a), min(leave, b)
        return enter < leave and eye[2] + (TARGET_M - eye[2]) * leave < self.roof_m + grow


@dataclass(frozen=True)
class Pole:
    """A camera of the random city."""

    x: float
    y: float
    pose: Pose
    mount: Mount
    ownership: Ownership

    def camera(self, index: int) -> Camera:
        at = plane.position_at(EAST + self.x, NORTH + self.y)
        return Camera(f"C-{index}", "", at, self.pose, self.mount, Purpose.MULTI, self.ownership, "")

    def sees(self, spot: tuple[float, float], town: list[House], question: Question) -> bool | None:
        """Return whether it sees a spot at the class; None where a few centimetres decide."""
        pose, eye = self.pose, (self.x, self.y, self.pose.height_m)
        dx, dy = spot[0] - self.x, spot[1] - self.y
        distance = math.hypot(dx, dy)
        floor = dori_floor(question.dori)
        reach = pose.width_px / (2 * math.tan(math.radians(pose.hfov_deg / 2)) * floor) if floor else math.inf
        slacks = [min(pose.range_m, reach) - distance]
        if not (question.turning and self.mount is Mount.PTZ) and pose.azimuth_deg is not None:
            off = abs((math.degrees(math.atan2(dx, dy)) - pose.azimuth_deg + 180) % 360 - 180)
            half_v = math.degrees(math.atan(math.tan(math.radians(pose.hfov_deg / 2)) * pose.height_px / pose.width_px))
            below = math.degrees(math.atan2(pose.height_m - TARGET_M, distance))
            slacks += [pose.hfov_deg / 2 - off, half_v - abs(below - pose.tilt_deg)]
        if min(slacks) < -UNSURE_DEG:
            return False
        blocking = [house for house in town if not house.holds(self.x, self.y)]
        if any(house.hides(eye, spot, -UNSURE_M) for house in blocking):
            return False
        unsure = min(slacks) < UNSURE_DEG or any(house.hides(eye, spot, UNSURE_M) for house in blocking)
        return None if unsure else True


def city_of(town: list[House], poles: list[Pole], roads: list[tuple[object, float]] | None = None) -> City:
    none, floats, whole = np.array([], dtype=object), np.array([]), np.array([], dtype=np.int64)
    zones = Zones(none, [], [])
    graph = RoadGraph(
        none, np.empty((0, 2)), [], [], whole, whole, [], [], floats, whole, floats.astype(bool), floats, floats
    )
    houses = np.array(
        [shapely.box(EAST + h.x - h.half_w, NORTH + h.y - h.half_d, EAST + h.x + h.half_w, NORTH + h.y + h.half_d) for h in town],
        dtype=object,
    )  # fmt: skip
    halves = [
        shapely.box(EAST - SIDE_M, NORTH - SIDE_M, EAST, NORTH + SIDE_M),
        shapely.box(EAST, NORTH - SIDE_M, EAST + SIDE_M, NORTH + SIDE_M),
    ]
    streets = roads or []
    base = BaseMap(
        bounds_m=(EAST - SIDE_M, NORTH - SIDE_M, EAST + SIDE_M, NORTH + SIDE_M),
        districts=Zones(np.array(halves, dtype=object), ["서동", "동동"], ["", ""]),
        water=zones,
        bridges=zones,
        parks=zones,
        buildings=Buildings(houses, np.array([h.roof_m for h in town]), ["house"] * len(town)),
        roads=Roads(
            np.array([line for line, _ in streets], dtype=object),
            ["길"] * len(streets),
            ["alley"] * len(streets),
            np.array([width for _, width in streets]),
        ),
        graph=graph,
        scene_points=Places(none, [], []),
    )
    cameras = {f"C-{i}": pole.camera(i) for i, pole in enumerate(poles)}
    return City(Catalogue("시험시", cameras, {}, {}, {}, {}, base))


metres = st.integers(-60, 60).map(float)
towns = st.lists(
    st.builds(
        House, metres, metres, st.integers(2, 15).map(float), st.integers(2, 10).map(float), st.sampled_from((2.5, 4.0, 9.0, 30.0))
    ),
    max_size=6,
)  # fmt: skip
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
poles = st.lists(st.builds(Pole, metres, metres, poses, st.sampled_from(Mount), st.sampled_from(Ownership)), max_size=5)
spots = st.lists(
    st.tuples(st.integers(-68, 68).map(lambda v: v + 0.3), st.integers(-68, 68).map(lambda v: v + 0.7)),
    min_size=30,
    max_size=30,
)
questions = st.builds(
    Question, st.sampled_from((Dori.NONE, Dori.DETECT, Dori.OBSERVE)), st.just(Ground.OPEN), st.booleans()
)


def any_of(answers: list[bool | None]) -> bool | None:
    return True if True in answers else (None if None in answers else False)


@settings(max_examples=120, deadline=None)
@given(towns, poles, spots, questions)
def test_the_union_holds_what_any_camera_sees_and_nothing_else(
    town: list[House], cameras: list[Pole], points: list[tuple[float, float]], question: Question
) -> None:
    assume(not any(house.holds(c.x, c.y, 2 * UNSURE_M) for c in cameras for house in town))
    answer = survey(city_of(town, cameras), question, processes=0)
    known = [c for c in cameras if c.pose.azimuth_deg is not None or (question.turning and c.mount is Mount.PTZ)]
    whole = {part: shapely.union_all([getattr(d, part) for d in answer.districts])
             for part in ("seen_public", "seen_all", "perhaps", "blind")}  # fmt: skip
    for spot in points:
        if any(house.holds(*spot, 2 * UNSURE_M) for house in town):
            continue
        at = shapely.Point(EAST + spot[0], NORTH + spot[1])
        by_all = any_of([c.sees(spot, town, question) for c in known])
        by_public = any_of([c.sees(spot, town, question) for c in known if c.ownership is Ownership.PUBLIC])
        by_unknown = any_of([c.sees(spot, town, question) for c in cameras if c not in known])
        for part, expected in (("seen_all", by_all), ("seen_public", by_public)):
            if expected is not None:
                assert whole[part].contains(at) == expected, (part, spot)
        if by_all is not None:
            assert whole["blind"].contains(at) == (not by_all)
            if by_unknown is not None:
                assert whole["perhaps"].contains(at) == (by_unknown and not by_all)


@settings(max_examples=40, deadline=None)
@given(towns, poles, questions)
def test_the_parts_of_the_ground_add_up(town: list[House], cameras: list[Pole], question: Question) -> None:
    for d in survey(city_of(town, cameras), question, processes=0).districts:
        houses = shapely.union_all([shapely.box(EAST + h.x - h.half_w, NORTH + h.y - h.half_d, EAST + h.x + h.half_w,
                                                NORTH + h.y + h.half_d) for h in town])  # fmt: skip
        half = shapely.box(*_half(d.name))
        assert math.isclose(d.ground.area, half.area - half.intersection(houses).area, abs_tol=0.5)
        assert math.isclose(d.seen_all.area + d.blind.area, d.ground.area, abs_tol=0.5)
        assert math.isclose(d.seen_public.area + d.blind_to_public.area, d.ground.area, abs_tol=0.5)
        assert d.seen_public.difference(d.seen_all).area < 0.5
        assert d.perhaps.intersection(d.seen_all).area < 0.5


def _half(name: str) -> tuple[float, float, float, float]:
    west = EAST - SIDE_M if name == "서동" else EAST
    return west, NORTH - SIDE_M, west + SIDE_M, NORTH + SIDE_M


LOOKS_EAST = Pole(-30.0, 0.0, Pose(5.0, 90.0, 5.0, 60.0, 1920, 1080, 120.0), Mount.FIXED, Ownership.PUBLIC)
LOOKS_WEST = Pole(30.0, 0.0, Pose(5.0, 270.0, 5.0, 60.0, 1920, 1080, 120.0), Mount.FIXED, Ownership.PRIVATE)
OBSERVE = Question(Dori.OBSERVE)


def test_the_reach_of_a_class_is_where_sight_tells_it() -> None:
    reach = OBSERVE.reach_m(LOOKS_EAST.pose)
    assert math.isclose(reach, 1920 / (2 * math.tan(math.radians(30)) * 62.5))
    assert dori_class(LOOKS_EAST.pose.px_per_m(reach - 0.01)) is Dori.OBSERVE
    assert dori_class(LOOKS_EAST.pose.px_per_m(reach + 0.01)) is Dori.DETECT


def test_coverage_and_ranking_agree_on_a_spot() -> None:
    """What is covered at a class is what the ranking says the operator will see at that class."""
    city = city_of([House(0.0, 10.0, 4.0, 4.0, 9.0)], [LOOKS_EAST])
    (seen,) = (shapely.union_all([d.seen_all for d in survey(city, OBSERVE, processes=0).districts]),)
    classes = (Dori.OBSERVE, Dori.RECOGNISE, Dori.IDENTIFY)
    for x in np.arange(-25.0, 15.0, 3.1):
        for y in np.arange(-15.0, 9.0, 2.7):
            if y > 5.8 or abs(math.hypot(x + 30, y) - OBSERVE.reach_m(LOOKS_EAST.pose)) < 0.3:
                continue
            ranked = rank_cameras(city, plane.position_at(EAST + x, NORTH + y), streams=())
            told = any(r.in_view and r.dori in classes for r in ranked)
            near_edge = seen.boundary.distance(shapely.Point(EAST + x, NORTH + y)) < UNSURE_M
            assert near_edge or seen.contains(shapely.Point(EAST + x, NORTH + y)) == told, (x, y)


def test_private_cameras_add_what_public_ones_do_not_see() -> None:
    answer = survey(city_of([], [LOOKS_EAST, LOOKS_WEST]), OBSERVE, processes=0)
    alone = survey(city_of([], [LOOKS_EAST]), OBSERVE, processes=0)
    assert math.isclose(answer.area_m2("seen_public"), alone.area_m2("seen_all"), abs_tol=0.1)
    assert answer.area_m2("seen_all") > answer.area_m2("seen_public") + 100.0
    assert [(d.cameras_public, d.cameras_private) for d in answer.districts] == [(1, 0), (0, 1)]


def test_a_street_is_asked_for_alone() -> None:
    road = shapely.LineString([(EAST - 60, NORTH), (EAST + 60, NORTH)])
    city = city_of([], [LOOKS_EAST], [(road, 6.0)])
    answer = survey(city, Question(Dori.OBSERVE, Ground.STREET), processes=0)
    assert math.isclose(answer.area_m2("ground"), 120 * 6 + math.pi * 9, rel_tol=0.01)
    open_ground = survey(city, OBSERVE, processes=0)
    assert answer.share("seen_all") > open_ground.share("seen_all")


def test_one_district_by_name_and_an_unknown_one_by_sentence() -> None:
    city = city_of([], [LOOKS_EAST])
    (only,) = survey(city, OBSERVE, ["동동"], processes=0).districts
    assert only.name == "동동" and math.isclose(only.ground.area, SIDE_M * 2 * SIDE_M, abs_tol=0.1)
    with pytest.raises(UnknownDistrict) as told:
        survey(city, OBSERVE, ["없는동"], processes=0)
    assert "서동, 동동" in told.value.sentence("ko")


def test_a_view_is_worked_out_once_and_again_when_a_house_or_a_pose_changes(tmp_path: Path) -> None:
    wall = House(-20.0, 0.0, 2.0, 2.0, 9.0)
    far_off = House(-60.0, 60.0, 2.0, 2.0, 9.0)
    worked: list[int] = []

    def run(town: list[House], *cameras: Pole) -> float:
        with ViewCache(tmp_path / "views.sqlite") as cache:
            first: list[int] = []
            answer = survey(city_of(town, list(cameras)), OBSERVE, cache=cache, processes=0,
                            on_progress=lambda done, whole: first.append(whole - done))  # fmt: skip
            worked.append(first[0])
            return answer.area_m2("seen_all")

    alone = run([], LOOKS_EAST, LOOKS_WEST)
    assert run([], LOOKS_EAST, LOOKS_WEST) == alone
    assert run([far_off], LOOKS_EAST, LOOKS_WEST) == alone
    assert run([wall], LOOKS_EAST, LOOKS_WEST) < alone
    assert worked == [2, 0, 0, 1]


def test_a_cache_that_is_no_cache_is_made_anew_and_old_views_go(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with ViewCache(path, limit=2) as cache:
        cache.put([b"a", b"b"], [shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 2)])
    with ViewCache(path, limit=2) as cache:
        assert cache.get([b"b", b"x"])[b"b"].area == 4.0
        cache.put([b"c"], [shapely.box(0, 0, 3, 3)])
    with ViewCache(path, limit=2) as cache:
        assert set(cache.get([b"a", b"b", b"c"])) == {b"b", b"c"}


def test_children_work_out_the_same(gaon: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartcity_console.city.coverage.workers.FEW", 0)
    name = gaon.base.districts.name[0]
    here = survey(gaon, Question(Dori.RECOGNISE), [name], processes=0)
    there = survey(gaon, Question(Dori.RECOGNISE), [name], processes=2)
    assert here.districts[0].seen_all.equals(there.districts[0].seen_all)
    assert here.area_m2("seen_all") > 1000.0


def test_a_survey_stops_when_it_is_told_to(gaon: City) -> None:
    told: list[int] = []
    with pytest.raises(CoverageStopped):
        survey(gaon, OBSERVE, processes=0, on_progress=lambda done, _: told.append(done), stop=lambda: len(told) > 2)
    assert len(told) == 3


def test_blind_spots_are_cut_to_places_and_lose_nothing_but_slivers(gaon: City) -> None:
    name = "은행동"
    coverage = survey(gaon, Question(Dori.DETECT), [name], processes=0)
    spots = blind_spots(gaon, coverage)
    areas = [spot.area_m2 for spot in spots]
    assert areas == sorted(areas, reverse=True) and max(areas) <= 10_000.01 and min(areas) >= 20.0
    assert [spot.number for spot in spots] == list(range(1, len(spots) + 1))
    blind = coverage.districts[0].blind
    assert 0.995 * blind.area < sum(areas) <= blind.area + 0.01
    for spot in spots[::40]:
        x, y = plane.xy_of(spot.middle)
        assert spot.shape.contains(shapely.Point(x, y)) and name in spot.address
        assert shapely.Point(x, y).buffer(spot.radius_m * 0.98).difference(spot.shape).area < 1.0


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_the_export_says_in_files_what_the_survey_says(gaon: City, tmp_path: Path) -> None:
    coverage = survey(gaon, Question(Dori.DETECT), ["은행동", "가람동"], processes=0)
    spots = blind_spots(gaon, coverage)
    package, table, listed = export(coverage, spots, tmp_path / "out")
    rows = _table(table)
    assert [row["district"] for row in rows] == ["은행동", "가람동", "가온시"]
    for row, district in zip(rows, coverage.districts, strict=False):
        assert math.isclose(float(row["blind_m2"]), district.blind.area, abs_tol=0.1)
        assert math.isclose(float(row["seen_all_pct"]) + float(row["blind_pct"]), 100.0, abs_tol=0.02)
    assert len(_table(listed)) == len(spots)
    meta, _, shapes, fields = pyogrio.raw.read(package, layer="blind_spots")
    assert meta["crs"] == "EPSG:5186" and len(shapes) == len(spots)
    areas = shapely.area(shapely.from_wkb(shapes))
    assert np.allclose(areas, [spot.area_m2 for spot in spots])
    assert set(pyogrio.list_layers(package)[:, 0]) >= {"districts", "seen_public", "seen_all", "blind_spots"}
    assert not list((tmp_path / "out").glob(".part-*"))
    assert list(meta["fields"]) == list(spot_row(spots[0])) and len(fields) == len(meta["fields"])
