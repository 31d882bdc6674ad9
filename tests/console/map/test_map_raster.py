"""The raster ground lies where pyproj says: each pixel of a tile shows the colour of its own place on earth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from smartcity_console.city import plane
from smartcity_console.city.raster import RasterFacts
from smartcity_console.console.map.raster_painter import SHADE, paint_raster
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import scale_of

ZOOM = 14
CELLS = 8  # squares along a picture's side, each of a colour that tells which it is


class Squares:
    """A file whose every picture is made of squares coloured by their number from the west and from the north."""

    facts = RasterFacts(ZOOM, ZOOM, (126.9, 37.4, 127.1, 37.6))
    path = Path("squares")

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        image = QImage(256, 256, QImage.Format.Format_RGB32)
        for y in range(256):
            for x in range(256):
                image.setPixelColor(x, y, colour_of(column * CELLS + x * CELLS // 256, row * CELLS + y * CELLS // 256))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        return bytes(buffer.data().data())


class Nothing(Squares):
    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        return None


def colour_of(across: int, down: int) -> QColor:
    return QColor(across % 4 * 80, down % 4 * 80, 120)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("level", [-14, -9])
def test_each_pixel_shows_its_own_place(level: int) -> None:
    x, y = plane.to_xy(127.01, 37.51)
    side_m = TILE_PX / scale_of(level)
    key = TileKey(level, int(x // side_m), int(-y // side_m))
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
    image.fill(0)
    paint_raster(Squares(), key, image)
    right = 0
    chance = np.random.default_rng(1)
    places = chance.integers(4, TILE_PX - 4, (200, 2)).tolist()
    for px, py in places:
        east, north = (
            (key.column * TILE_PX + px + 0.5) / scale_of(level),
            -(key.row * TILE_PX + py + 0.5) / scale_of(level),
        )
        lon, lat = plane.to_lonlat(east, north)
        across = (lon + 180.0) / 360.0 * 2**ZOOM * CELLS
        down = (1.0 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2.0 * 2**ZOOM * CELLS
        wanted, seen = colour_of(int(across), int(down)), image.pixelColor(px, py)
        near = (abs(w * SHADE - s) < 12 for w, s in zip(wanted.getRgb()[:3], seen.getRgb()[:3], strict=True))
        right += all(near)
    assert right >= 150  # pixels on the edge of two squares are a mixture of both


@pytest.mark.usefixtures("qapp")
def test_where_the_file_has_nothing_the_drawn_ground_stays() -> None:
    empty = Nothing()
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    paint_raster(empty, TileKey(0, 100, 100), image)
    assert image.pixelColor(100, 100).name() == "#123456"
