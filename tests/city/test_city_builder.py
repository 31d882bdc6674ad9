"""The builder: the same bytes from the same seed, and streets that are named as 도로명 are."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from smartcity_console.city import City, plane
from smartcity_console.city.address import base_number, side_of_line
from smartcity_console.city.builder.cutting import Style, divide, halves
from smartcity_console.city.builder.naming import Namer
from smartcity_console.city.builder.network import node_streets
from smartcity_console.city.builder.streets import Street


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The two scenes' surroundings, built by two processes at once whose sets and dicts are ordered differently."""
    paths = [tmp_path_factory.mktemp("city") / f"{name}.gpkg" for name in "ab"]
    command = [sys.executable, "-m", "smartcity_console.city.builder", "--small"]
    started = [
        subprocess.Popen([*command, str(path)], env=os.environ | {"PYTHONHASHSEED": str(i + 1)}, stdout=subprocess.PIPE)
        for i, path in enumerate(paths)
    ]
    for process in started:
        process.communicate(timeout=90)
        assert process.returncode == 0
    return paths[0], paths[1]


def test_two_builds_are_the_same_to_the_byte(twice: tuple[Path, Path]) -> None:
    assert twice[0].read_bytes() == twice[1].read_bytes()


def test_the_shipped_city_is_what_the_builder_builds(twice: tuple[Path, Path], gaon: City) -> None:
    """A change of the builder without a new assets/gaon.gpkg is caught here, on the scenes' surroundings.

    At the rim a few lots differ: a street that ends there in the whole city is not laid in the small one.
    """
    small = City.open(twice[0])
    shipped = set(shapely.to_wkb(gaon.base.buildings.geometries, hex=True))
    built = shapely.to_wkb(small.base.buildings.geometries, hex=True)
    assert sum(shape in shipped for shape in built) > 0.97 * len(built) > 800
    for camera_id in ("GN-0001", "GN-0005", "GN-0006", "PV-0001", "PV-0002"):
        assert small.cameras[camera_id].pose == gaon.cameras[camera_id].pose
        ours, theirs = (plane.xy_of(city.cameras[camera_id].position) for city in (small, gaon))
        assert ours == pytest.approx(theirs, abs=0.01)


def test_street_names_follow_the_rules(gaon: City) -> None:
    names = gaon.base.roads.name
    assert len(set(names)) == len(names)
    pattern = re.compile(r"^[가-힣]+(대로|로)(\d+[가-힣]?길)?$")
    assert [name for name in names if not pattern.match(name)] == []
    roots = {name for name in names if not name.endswith("길")}
    assert all(re.sub(r"\d+[가-힣]?길$", "", name) in roots for name in names)


def test_an_alley_is_numbered_by_where_it_leaves_its_street() -> None:
    street = Street(shapely.LineString([(0, 0), (400, 0)]), "collector", 12.0, 2, "은행로")
    left = Street(shapely.LineString([(115, 0), (115, 80)]), "alley", 6.0, 1)
    right = Street(shapely.LineString([(115, -80), (115, 0)]), "alley", 6.0, 1)
    branch = Street(shapely.LineString([(115, 40), (200, 40)]), "alley", 4.0, 1)
    Namer([street, left, right, branch]).name_all()
    # 115 m is in the sixth stretch of 20 m: 11 on the left, 12 on the right.
    assert [s.name for s in (left, right, branch)] == ["은행로11길", "은행로12길", "은행로11가길"]


@pytest.mark.parametrize(("along_m", "left", "number"), [(0, True, 1), (0, False, 2), (19.9, True, 1), (20, False, 4)])
def test_base_numbers_count_every_twenty_metres(along_m: float, left: bool, number: int) -> None:
    assert base_number(along_m, left) == number


def test_left_of_a_line_is_left_of_its_direction() -> None:
    line = shapely.LineString([(0, 0), (10, 0)])
    assert side_of_line(line, 5.0, 5.0, 1.0) > 0 > side_of_line(line, 5.0, 5.0, -1.0)


def test_streets_become_links_between_the_points_where_they_meet() -> None:
    main = Street(shapely.LineString([(0, 0), (100, 0)]), "collector", 12.0, 2, "가로")
    alley = Street(shapely.LineString([(40, 0), (40, 50)]), "alley", 6.0, 1, "나로", oneway=True)
    network = node_streets([main, alley])
    found = sorted((link.street, round(link.base_m), round(link.line.length)) for link in network.links)
    assert found == [(0, 0, 40), (0, 40, 60), (1, 0, 50)]
    assert sorted(len(at) for at in network.links_at) == [1, 1, 1, 3]


@pytest.mark.parametrize("seed", range(5))
def test_cutting_land_loses_none(seed: int) -> None:
    land = shapely.Polygon([(0, 0), (400, 30), (430, 300), (180, 350), (-20, 260)])
    pieces, cuts = divide(
        land, lambda box, _: None if box.long_m < 90 else False, Style(0.1, 4.0, 3.0), random.Random(seed)
    )
    assert len(pieces) > 10 and len(cuts) >= len(pieces) - 1
    assert np.isclose(sum(p.area for p in pieces), land.area)
    two = halves(land, True, 0.4)
    assert len(two) == 2 and np.isclose(sum(p.area for p in two), land.area)
