"""Search: coordinates as people write them, addresses, and names against a plain search of the same entries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.city import City
from smartcity_console.city.address import base_number
from smartcity_console.city.search import Finder, FoundKind, NameIndex
from smartcity_console.city.search.coordinates import coordinates_in


@pytest.fixture(scope="module")
def finder() -> Iterator[Finder]:
    made = Finder(City.open())
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("37.5665, 126.9780", 126.978, 37.5665),
        ("126.978 37.5665", 126.978, 37.5665),
        ("37.5665N 126.978E", 126.978, 37.5665),
        ("126.978E, 37.5665N", 126.978, 37.5665),
        ("60.17, 24.94", 24.94, 60.17),
        ("33.9 S, 18.4 E", 18.4, -33.9),
        ("37°33'59.4\"N 126°58'40.8\"E", 126.978, 37.5665),
    ],
)
def test_coordinates_are_read(text: str, lon: float, lat: float) -> None:
    assert coordinates_in(text) == pytest.approx((lon, lat), abs=1e-6)


@pytest.mark.parametrize("text", ["", "은행로 85", "37.5", "95.0, 200.0", "GN-0001", "1 2 3"])
def test_other_texts_are_no_coordinates(text: str) -> None:
    assert coordinates_in(text) is None


def test_metres_of_the_plane_are_coordinates_too() -> None:
    lon, lat = coordinates_in("200000, 544504.12") or (0.0, 0.0)
    assert (lon, lat) == pytest.approx((127.0, 37.5), abs=1e-6)


def test_an_address_is_where_its_street_has_that_number(finder: Finder) -> None:
    graph = finder._city.base.graph
    for number in (5, 21, 64):
        found = finder.find(f"은행로 {number}")[0]
        assert found.kind is FoundKind.ADDRESS
        spot = shapely.Point(found.x_m, found.y_m)
        ours = [n for n, name in enumerate(graph.name) if name == "은행로"]
        link = min(ours, key=lambda n: shapely.distance(graph.geometries[n], spot))
        assert shapely.distance(graph.geometries[link], spot) < 0.01
        along = float(graph.base_m[link]) + float(shapely.line_locate_point(graph.geometries[link], spot))
        assert number in (base_number(along, True), base_number(along, False))


@pytest.mark.parametrize(
    ("text", "kind", "id_"),
    [
        ("gn-0001", FoundKind.CAMERA, "GN-0001"),
        ("가온마트", FoundKind.SITE, "site-gaonmart"),
        ("은행로점 가온", FoundKind.SITE, "site-gaonmart"),
        ("한솔분", FoundKind.SITE, "site-hansol"),
    ],
)
def test_names_are_found_by_the_beginnings_of_their_words(finder: Finder, text: str, kind: FoundKind, id_: str) -> None:
    assert (kind, id_) in [(found.kind, found.id) for found in finder.find(text)]


@given(
    st.lists(st.text("가나다ab1 -", min_size=1, max_size=8), min_size=1, max_size=20),
    st.text("가나다ab1", min_size=1, max_size=3),
)
def test_the_index_finds_what_a_plain_search_finds(titles: list[str], asked: str) -> None:
    index = NameIndex(None, 1)
    try:
        index.fill([("site", "", title, "", 0.0, 0.0) for title in titles], threading.Event())
        found = sorted(entry[2] for entry in index.find(asked, 100))
    finally:
        index.close()
    words = [title.replace("-", " ").split() for title in titles]
    assert found == sorted(t for t, ws in zip(titles, words, strict=True) if any(w.startswith(asked) for w in ws))


def test_signs_of_the_query_language_are_only_text(finder: Finder) -> None:
    for text in ('"', "a OR b", "NEAR(", "*", "title:가온", "'; DROP TABLE names"):
        finder.find(text)
    assert finder.find("가온마트")


def test_an_index_that_was_stopped_or_is_of_another_generation_is_made_anew(tmp_path: Path) -> None:
    entries = [("site", str(n), f"가게{n}", "", 0.0, 0.0) for n in range(10)]
    stop = threading.Event()
    stop.set()
    path = tmp_path / "search.sqlite"
    for generation, halted, whole in ((1, stop, False), (1, threading.Event(), True), (2, threading.Event(), True)):
        index = NameIndex(path, generation)
        assert not index.complete
        index.fill(entries, halted)
        assert index.complete is whole and len(index.find("가게", 100)) == (10 if whole else 0)
        index.close()
