"""Paints one tile of the base map. Pure: a scene and a key in, an image out, on any thread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from smartcity_console.console.map.scene import RANKS, Scene
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.view import Bounds, scale_of
from smartcity_console.console.theme import colour

TILE_PX = 512
BUILDINGS_FROM_PX_PER_M = 0.49
WALLS_FROM_PX_PER_M = 1.1  # from here on a footprint gets an outline
TALL_M = 24.0  # higher buildings are a shade lighter
_FILL = {"alley": "map_road_alley", "collector": "map_road", "arterial": "map_road_arterial"}
_MIN_PX = {"alley": 0.8, "collector": 1.6, "arterial": 2.8}
_CASING_FROM_PX = 3.0


class TileKey(NamedTuple):
    """Column and row count from the plane's zero, to the right and down, in tiles of a zoom step."""

    level: int
    column: int
    row: int

    def bounds_m(self, margin_px: float = 0.0) -> Bounds:
        """Return what the tile and a margin around it cover."""
        scale = scale_of(self.level)
        left, top = self.column * TILE_PX - margin_px, self.row * TILE_PX - margin_px
        side = TILE_PX + 2 * margin_px
        return left / scale, -(top + side) / scale, (left + side) / scale, -top / scale


def paint_tile(scene: Scene, key: TileKey, ratio: float = 1.0) -> QImage:
    """Return the tile's picture; `ratio` is device pixels per pixel."""
    side = round(TILE_PX * ratio)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(colour("panel"))  # beyond the city
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _TileBrush(painter, scene, key).paint()
    finally:
        painter.end()  # an open painter on a dying image crashes Qt
    return image


class _TileBrush:
    """One tile's painter with its place in the plane."""

    def __init__(self, painter: QPainter, scene: Scene, key: TileKey) -> None:
        self._painter, self._scene, self._key = painter, scene, key
        self._scale = scale_of(key.level)

    def paint(self) -> None:
        self._area(self._scene.districts, "map_ground")
        self._area(self._scene.parks, "map_park")
        self._area(self._scene.water, "map_water")
        self._buildings()
        self._bridges()
        if self._scale >= BUILDINGS_FROM_PX_PER_M:  # farther away a street's own width says the same
            self._area(self._scene.road_areas, "map_road")
        self._roads()
        self._borders()

    def _within(self, layer: Packed, margin_px: float) -> np.ndarray:
        return layer.within(self._key.bounds_m(margin_px))

    def _paths(self, layer: Packed, parts: np.ndarray) -> list[QPainterPath]:
        return layer.paths(parts, self._scale, self._key.column * TILE_PX, self._key.row * TILE_PX)

    def _fill(self, layer: Packed, parts: np.ndarray, fill: QColor) -> None:
        for path in self._paths(layer, parts):
            self._painter.fillPath(path, fill)

    def _stroke(self, layer: Packed, parts: np.ndarray, pen: QPen) -> None:
        self._stroke_paths(self._paths(layer, parts), pen)

    def _stroke_paths(self, paths: list[QPainterPath], pen: QPen) -> None:
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(pen)
        for path in paths:
            self._painter.drawPath(path)

    def _area(self, layer: Packed, name: str) -> None:
        self._fill(layer, self._within(layer, 1.0), colour(name))

    def _buildings(self) -> None:
        if self._scale < BUILDINGS_FROM_PX_PER_M:
            return
        layer, parts = self._scene.buildings, self._within(self._scene.buildings, 1.0)
        tall = self._scene.building_height_m[parts] >= TALL_M
        strength = min(1.0, 0.35 + 0.65 * (self._scale - BUILDINGS_FROM_PX_PER_M) / 2.0)  # far away the streets speak
        self._fill(layer, parts[~tall], colour("map_building", strength))
        self._fill(layer, parts[tall], colour("map_building_line", strength * 0.75))
        if self._scale >= WALLS_FROM_PX_PER_M:
            self._stroke(layer, parts, QPen(colour("map_building_line", strength), 1.0))

    def _bridges(self) -> None:
        layer = self._scene.bridges
        parts = self._within(layer, 2.0)
        self._fill(layer, parts, colour("map_road"))
        self._stroke(layer, parts, QPen(colour("map_district_line"), 1.0))

    def _roads(self) -> None:
        """All casings first, then all fills: so junctions stay open."""
        margin_px = self._scene.widest_road_m * self._scale / 2.0 + 4.0
        parts = self._within(self._scene.roads, margin_px)
        groups = [group for rank in range(len(RANKS)) for group in self._by_width(parts, rank)]
        for _, width_px, paths in groups:
            if width_px >= _CASING_FROM_PX:
                self._stroke_paths(paths, _road_pen(colour("line"), width_px + 2.0))
        for rank, width_px, paths in groups:
            self._stroke_paths(paths, _road_pen(colour(_FILL[RANKS[rank]]), width_px))

    def _by_width(self, parts: np.ndarray, rank: int) -> list[tuple[int, float, list[QPainterPath]]]:
        """Return (rank, width in pixels, paths) for each width that roads of a rank have."""
        members = parts[self._scene.road_rank[parts] == rank]
        wide_px = np.maximum(self._scene.road_width_m[members] * self._scale, _MIN_PX[RANKS[rank]])
        halves = np.round(wide_px * 2.0) / 2.0
        roads = self._scene.roads
        return [(rank, float(width), self._paths(roads, members[halves == width])) for width in np.unique(halves)]

    def _borders(self) -> None:
        pen = QPen(colour("map_district_line", 0.8), 1.2)
        pen.setDashPattern([6.0, 4.0, 1.5, 4.0])
        self._stroke(self._scene.borders, self._within(self._scene.borders, 2.0), pen)


def _road_pen(fill: QColor, width_px: float) -> QPen:
    return QPen(fill, width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
