"""Tiles: what is painted on one, how many are kept, what stands in for one that is missing."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from smartcity_console.city import City
from smartcity_console.console.map.scene import Scene, scene_of
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.tile_cache import TileCache, screen_edges, tiles_over
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey, paint_tile
from smartcity_console.console.map.view import MapView, scale_of
from smartcity_console.console.theme import COLOURS

pytestmark = pytest.mark.usefixtures("qapp")


def _image(side: int = 16) -> QImage:
    return QImage(side, side, QImage.Format.Format_RGB32)


@pytest.fixture
def scene(city: City) -> Scene:
    return scene_of(city.base)


def test_the_cache_stays_within_its_bytes_and_forgets_the_longest_unseen() -> None:
    cache = TileCache(limit_bytes=4 * _image().sizeInBytes())
    keys = [TileKey(0, n, 0) for n in range(6)]
    for key in keys[:4]:
        cache.put(key, _image())
    assert cache.get(keys[0]) is not None  # seen again
    for key in keys[4:]:
        cache.put(key, _image())
    assert cache.bytes <= cache.limit_bytes and len(cache) == 4
    assert keys[0] in cache and keys[1] not in cache and keys[2] not in cache


def test_pinned_tiles_are_never_forgotten() -> None:
    cache = TileCache(limit_bytes=2 * _image().sizeInBytes())
    pinned = TileKey(-8, 0, 0)
    cache.pin([pinned])
    cache.put(pinned, _image())
    for n in range(5):
        cache.put(TileKey(0, n, 0), _image())
    assert pinned in cache and len(cache) == 2


def test_a_tile_that_is_put_twice_counts_once() -> None:
    cache = TileCache()
    cache.put(TileKey(0, 0, 0), _image())
    cache.put(TileKey(0, 0, 0), _image())
    assert cache.bytes == _image().sizeInBytes() and cache.levels_near(0) == [0]


@given(
    st.integers(-12, 12),
    st.floats(2e5, 2.1e5),
    st.floats(5.4e5, 5.5e5),
    st.integers(300, 2000),
    st.integers(300, 1500),
    st.floats(0.8, 1.25),
)
def test_tiles_cover_the_screen_without_a_seam(
    level: int, x: float, y: float, width: int, height: int, stretch: float
) -> None:
    view = MapView(x, y, scale_of(level) * stretch, width, height)
    covered = np.zeros((height, width), dtype=int)
    for key in tiles_over(level, view.bounds_m()):
        left, top, right, bottom = screen_edges(key, view)
        covered[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] += 1
    assert covered.min() == covered.max() == 1


def test_at_rest_a_tile_has_its_own_size() -> None:
    view = MapView(200_123.4, 550_567.8, scale_of(3), 800, 600)
    for key in tiles_over(3, view.bounds_m()):
        left, top, right, bottom = screen_edges(key, view)
        assert (right - left, bottom - top) == (TILE_PX, TILE_PX)


def _colour_at(scene: Scene, level: int, x_m: float, y_m: float) -> str:
    scale = scale_of(level)
    key = next(iter(tiles_over(level, (x_m - 0.01, y_m - 0.01, x_m + 0.01, y_m + 0.01))))
    image = paint_tile(scene, key)
    return image.pixelColor(int(x_m * scale - key.column * TILE_PX), int(-y_m * scale - key.row * TILE_PX)).name()


@pytest.mark.parametrize(
    ("place", "colour"),
    [
        ((500.0, 840.0), "map_road_arterial"),
        ((250.0, 840.0), "map_road"),
        ((125.0, 840.0), "map_road_alley"),
        ((840.0, 1585.0), "map_water"),
        ((1688.0, 262.0), "map_park"),
        ((-100.0, 500.0), "panel"),
    ],
)
def test_the_ground_has_its_colour(scene: Scene, place: tuple[float, float], colour: str) -> None:
    west, south = scene.base.bounds_m[:2]
    assert _colour_at(scene, 4, west + place[0], south + place[1]) == COLOURS[colour]


def test_buildings_appear_from_a_zoom_on(scene: Scene) -> None:
    west, south = scene.base.bounds_m[:2]
    house = (west + 276.0, south + 276.0)
    assert _colour_at(scene, -6, *house) == COLOURS["map_ground"]
    assert _colour_at(scene, 8, *house) == COLOURS["map_building"]


def test_a_tile_for_a_dense_screen_has_more_pixels(scene: Scene) -> None:
    key = next(tiles_over(0, scene.base.bounds_m))
    assert paint_tile(scene, key, 2.0).width() == 2 * TILE_PX


def test_a_court_in_a_building_stays_open() -> None:
    court = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    many = np.array([*(shapely.box(n, 50, n + 0.5, 51) for n in range(31)), court], dtype=object)
    packed = Packed.of(many)
    paths = packed.paths(np.arange(len(packed.parts)), 1.0, 0.0, 0.0)
    assert any(path.contains(QPointF(5.0, -5.0)) for path in paths)
    assert not any(path.contains(QPointF(15.0, -15.0)) for path in paths)


def test_packing_nothing_gives_nothing() -> None:
    packed = Packed.of(np.empty(0, dtype=object))
    assert len(packed.within((0, 0, 1, 1))) == 0
    assert packed.paths(packed.within((0, 0, 1, 1)), 1.0, 0.0, 0.0) == []
