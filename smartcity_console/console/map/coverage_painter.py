"""Paints what the cameras see at a class, and the blind ground; and the legend that says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from smartcity_console.city import BaseMap
from smartcity_console.city.coverage import Coverage
from smartcity_console.console.map.overlay_layer import blank_tile
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import scale_of
from smartcity_console.console.theme import colour, font

HATCH_PX = 8
LEGEND_ROW_PX, SWATCH_PX = 20.0, 14.0
HOUSES_FROM_PX_PER_M = 0.2  # farther off a house is less than the hatch's own line


@dataclass(frozen=True, eq=False)
class CoverageScene:
    """A survey packed for the painter."""

    base: BaseMap
    answer: Coverage
    with_private: bool = True

    @cached_property
    def districts(self) -> Packed:
        names = {district.name for district in self.answer.districts}
        zones = self.base.districts
        chosen = [shape for name, shape in zip(zones.name, zones.geometries, strict=True) if name in names]
        return Packed.of(np.array(chosen or [shapely.box(*self.base.bounds_m)], dtype=object))

    @cached_property
    def public(self) -> Packed:
        return self._packed("seen_public")

    @cached_property
    def everyone(self) -> Packed:
        return self._packed("seen_all")

    @cached_property
    def perhaps(self) -> Packed:
        return self._packed("perhaps")

    @cached_property
    def not_ground(self) -> tuple[Packed, Packed]:
        """Houses and water: no ground to stand on."""
        dry = shapely.union_all(self.base.bridges.geometries)
        water = shapely.difference(self.base.water.geometries, dry)
        return Packed.of(self.base.buildings.geometries), Packed.of(water)

    def _packed(self, part: str) -> Packed:
        return Packed.of(np.array([getattr(district, part) for district in self.answer.districts], dtype=object))


def looks() -> dict[str, QBrush]:
    """Return how each kind of ground is filled."""
    return {
        "public": QBrush(colour("map_cone", 0.42)),
        "private": QBrush(colour("map_cone_private", 0.5)),
        "perhaps": QBrush(colour("map_cone", 0.14)),
        "blind": _hatch(colour("warn", 0.42), colour("warn", 0.07)),
    }


def _hatch(line: QColor, ground: QColor) -> QBrush:
    """Return diagonal lines; a tile's side is a multiple of theirs, so they run on from tile to tile."""
    pattern = QImage(HATCH_PX, HATCH_PX, QImage.Format.Format_ARGB32_Premultiplied)
    pattern.fill(ground)
    painter = QPainter(pattern)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1.2))
    for shift in (-HATCH_PX, 0, HATCH_PX):
        painter.drawLine(shift, HATCH_PX, shift + HATCH_PX, 0)
    painter.end()
    return QBrush(pattern)


def paint_coverage(scene: CoverageScene, key: TileKey, ratio: float) -> QImage | None:
    """Return a tile's picture, None where no surveyed district is. Pure: called on any thread."""
    bounds = key.bounds_m(1.0)
    if not len(scene.districts.within(bounds)):
        return None
    image = blank_tile(ratio)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _GroundBrush(painter, key).paint(scene)
    finally:
        painter.end()  # an open painter on a dying image crashes Qt
    return image


class _GroundBrush:
    """One tile's painter with its place in the plane."""

    def __init__(self, painter: QPainter, key: TileKey) -> None:
        self._painter, self._key, self._scale = painter, key, scale_of(key.level)

    def paint(self, scene: CoverageScene) -> None:
        fills = looks()
        self._fill(scene.districts, fills["blind"])
        houses, water = scene.not_ground
        self._cut(water)
        if self._scale >= HOUSES_FROM_PX_PER_M:
            self._cut(houses)
        self._fill(scene.perhaps, fills["perhaps"])
        if scene.with_private:
            self._cut(scene.everyone)
            self._fill(scene.everyone, fills["private"])
        self._cut(scene.public)
        self._fill(scene.public, fills["public"])

    def _cut(self, layer: Packed) -> None:
        """Take a layer's ground out of what is painted so far."""
        self._painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        self._fill(layer, QBrush(Qt.GlobalColor.black))
        self._painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _fill(self, layer: Packed, brush: QBrush) -> None:
        left, top = self._key.column * TILE_PX, self._key.row * TILE_PX
        for path in layer.paths(layer.within(self._key.bounds_m(1.0)), self._scale, left, top):
            self._painter.fillPath(path, brush)


def legend_image(rows: tuple[tuple[str, str], ...], ratio: float) -> QImage:
    """Return the legend's picture: (what it looks like, what it says) line by line."""
    metrics = QFontMetricsF(font(12))
    width = math.ceil(max(metrics.horizontalAdvance(text) for _, text in rows) + SWATCH_PX + 30.0)
    height = LEGEND_ROW_PX * len(rows) + 10.0
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(colour("well", 0.9))
    painter = QPainter(image)
    painter.setFont(font(12))
    fills = looks()
    for number, (look, text) in enumerate(rows):
        top = 5.0 + LEGEND_ROW_PX * number
        if look:
            swatch = QRectF(10.0, top + 3.0, SWATCH_PX, SWATCH_PX)
            painter.fillRect(swatch, fills[look])
            painter.setPen(QPen(colour("line_strong"), 1.0))
            painter.drawRect(swatch)
        painter.setPen(colour("text" if not number else "text_dim"))
        left = 10.0 + (SWATCH_PX + 8.0 if look else 0.0)
        painter.drawText(QRectF(left, top, width - left, LEGEND_ROW_PX), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return image
