"""Lays a raster base map (web Mercator) under a tile of the city's plane: every pixel looks up where it lies on earth."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from smartcity_console.city import plane
from smartcity_console.city.raster import RasterMap
from smartcity_console.console.map.tile_painter import TileKey

KNOTS = 17  # along a side: between them the plane's picture of the pyramid is straight to a hundredth of a pixel
MOST_TILES = 36  # of the file for one of ours; more means that the file has no such overview
SHADE = 0.82  # the ground stays quieter than the marks on it
ToLonLat = Callable[[NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]
Pixels = NDArray[np.uint8]  # (rows, columns, 4): blue, green, red, alpha


def paint_raster(raster: RasterMap, key: TileKey, image: QImage, to_lonlat: ToLonLat = plane.to_lonlat) -> None:
    """Paint what a file has of a tile over its picture; nothing where the file has nothing."""
    across, down = _mercator_knots(key, to_lonlat)
    if not (np.isfinite(across).all() and np.isfinite(down).all()):
        return
    zoom = _zoom(raster, across, down, image.width())
    if zoom is None:
        return
    found = _mosaic(raster, zoom, across, down)
    if found is None:
        return
    mosaic, left, top, side = found
    scale, pixels = side * 2.0**zoom, image.width()
    u = _spread(across, pixels) * scale - left * side
    v = _spread(down, pixels) * scale - top * side
    _draw(image, _bilinear(mosaic, u, v))


def _mercator_knots(key: TileKey, to_lonlat: ToLonLat) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shares (0..1) of the web Mercator square, from the west and from the north, at a grid of knots."""
    west, south, east, north = key.bounds_m()
    x, y = np.meshgrid(np.linspace(west, east, KNOTS), np.linspace(north, south, KNOTS))
    lon, lat = to_lonlat(x, y)
    with np.errstate(invalid="ignore"):
        angle = np.radians(np.clip(lat, -85.051129, 85.051129))
        return (lon + 180.0) / 360.0, (1.0 - np.arcsinh(np.tan(angle)) / math.pi) / 2.0


def _zoom(raster: RasterMap, across: NDArray[np.float64], down: NDArray[np.float64], pixels: int) -> int | None:
    """Return the file's zoom that comes nearest to a pixel for a pixel; None where it has no overview so far out."""
    step = math.hypot(across[0, -1] - across[0, 0], down[0, -1] - down[0, 0])
    side = _side_px(raster)
    wanted = math.ceil(math.log2(max(pixels / (side * step), 1.0)) - 0.25)
    zoom = min(max(wanted, raster.facts.min_zoom), raster.facts.max_zoom)
    columns, rows = ((values.max() - values.min()) * 2.0**zoom + 1.0 for values in (across, down))
    return zoom if columns * rows <= MOST_TILES else None


@lru_cache(maxsize=8)
def _side_px(raster: RasterMap) -> int:
    """Return how wide the file's pictures are: 256 or 512; taken from one in the middle."""
    west, south, east, north = raster.facts.bounds_deg
    zoom = raster.facts.max_zoom
    angle = math.radians(min(max((south + north) / 2, -85.0), 85.0))
    column = int(((west + east) / 2 + 180.0) / 360.0 * 2**zoom)
    row = int((1.0 - math.asinh(math.tan(angle)) / math.pi) / 2.0 * 2**zoom)
    data = raster.tile(zoom, column, row)
    image = QImage.fromData(data) if data else QImage()
    return image.width() or 256


def _mosaic(
    raster: RasterMap, zoom: int, across: NDArray[np.float64], down: NDArray[np.float64]
) -> tuple[Pixels, int, int, int] | None:
    """Return the file's pictures joined, their first column and row, and a picture's side; None when there are none."""
    side, count = _side_px(raster), 2**zoom
    left, right = (int(np.floor(edge * count)) for edge in (across.min(), across.max()))
    top, bottom = (int(np.floor(edge * count)) for edge in (down.min(), down.max()))
    mosaic: Pixels = np.zeros(((bottom - top + 1) * side, (right - left + 1) * side, 4), dtype=np.uint8)
    some = False
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            data = raster.tile(zoom, column % count, row) if 0 <= row < count else None
            if data is not None and (picture := _decoded(data, side)) is not None:
                y, x = (row - top) * side, (column - left) * side
                mosaic[y : y + side, x : x + side] = picture
                some = True
    return (mosaic, left, top, side) if some else None


def _decoded(data: bytes, side: int) -> Pixels | None:
    image = QImage.fromData(data)
    if image.isNull():
        return None
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    if image.width() != side or image.height() != side:
        image = image.scaled(side, side)
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(side, side, 4).copy()


def _spread(knots: NDArray[np.float64], pixels: int) -> NDArray[np.float64]:
    """Return the values at the middles of pixels between knots."""
    at = (np.arange(pixels) + 0.5) / pixels * (KNOTS - 1)
    low = np.minimum(at.astype(np.int64), KNOTS - 2)
    part = at - low
    rows = knots[low] * (1.0 - part)[:, None] + knots[low + 1] * part[:, None]
    return rows[:, low] * (1.0 - part) + rows[:, low + 1] * part


def _bilinear(mosaic: Pixels, u: NDArray[np.float64], v: NDArray[np.float64]) -> Pixels:
    """Return the mosaic's colours at places in its pixels."""
    rows, columns = mosaic.shape[:2]
    x, y = np.clip(u - 0.5, 0.0, columns - 1.001), np.clip(v - 0.5, 0.0, rows - 1.001)
    left, top = x.astype(np.int64), y.astype(np.int64)
    right_part, low_part = (
        ((x - left) * 256).astype(np.uint32)[..., None],
        ((y - top) * 256).astype(np.uint32)[..., None],
    )
    flat, at = mosaic.reshape(-1, 4), top * columns + left
    upper = flat[at] * (256 - right_part) + flat[at + 1] * right_part
    lower = flat[at + columns] * (256 - right_part) + flat[at + columns + 1] * right_part
    return ((upper * (256 - low_part) + lower * low_part) >> 16).astype(np.uint8)


def _draw(image: QImage, pixels: Pixels) -> None:
    side = image.width()
    held = np.ascontiguousarray(pixels)
    picture = QImage(held.data, side, side, side * 4, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(image.devicePixelRatio())
    painter = QPainter(image)
    painter.setOpacity(SHADE)
    painter.drawImage(0, 0, picture)
    painter.end()
