"""A name on the map: where its letters stand and its picture. Made on a worker, shown pixel for pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QTransform

from smartcity_console.console.theme import colour, font

HALO_PX = 3.0
HALO_ALPHA = 200  # of 255
PADDING_PX = 3.0  # kept free around each letter
MAX_TURN_RAD = 0.40  # between neighbouring letters
MAX_BEND_RAD = 1.0  # over the whole name


@dataclass(frozen=True)
class LabelStyle:
    """How the names of one kind look; `rank` 0 is placed first."""

    rank: int
    size_px: int
    fill: str
    alpha: float = 1.0
    bold: bool = False
    spacing_px: float = 0.0

    def font(self) -> QFont:
        made = font(self.size_px, bold=self.bold)
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self.spacing_px)
        return made

    def colour(self) -> QColor:
        return colour(self.fill, self.alpha)


@dataclass(frozen=True)
class Glyph:
    """One letter's middle in pixels from the label's anchor, and its turn clockwise on the screen."""

    text: str
    x_px: float
    y_px: float
    turn_rad: float
    width_px: float


@dataclass(frozen=True)
class Label:
    """A placed name. `boxes` (letters, 4) are left, top, right, bottom in pixels from the anchor, never overlapping
    those of another label of the same layout."""

    key: tuple[str, int, int]
    text: str
    x_m: float
    y_m: float
    boxes: NDArray[np.float64]
    image: QImage = field(repr=False)
    left_px: int
    top_px: int


@lru_cache(maxsize=8192)
def width_of(text: str, style: LabelStyle) -> float:
    """Return how wide a text runs, in pixels. Kept: a city's names are made of a few hundred letters."""
    return float(QFontMetricsF(style.font()).horizontalAdvance(text))


def straight_glyphs(text: str, style: LabelStyle) -> list[Glyph]:
    """Return a level name, centred on its anchor, as one piece."""
    return [Glyph(text, 0.0, 0.0, 0.0, width_of(text, style))]


class Line:
    """A line in pixels, (points, 2), that can be asked for the point at a length."""

    def __init__(self, points_px: NDArray[np.float64]) -> None:
        self._x, self._y = points_px[:, 0], points_px[:, 1]
        self._along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(self._x), np.diff(self._y)))])

    @property
    def length_px(self) -> float:
        return float(self._along[-1])

    def at(self, lengths_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the points at some lengths, (lengths, 2)."""
        x, y = np.interp(lengths_px, self._along, self._x), np.interp(lengths_px, self._along, self._y)
        return np.stack([x, y], axis=1)


def glyphs_along(text: str, style: LabelStyle, line: Line, at_px: float) -> list[Glyph] | None:
    """Return a name's letters along a line around the length `at_px`, or None where it is too crooked.

    Positions are relative to the line's point at `at_px`.
    """
    widths = np.array([width_of(letter, style) for letter in text])
    edges = np.concatenate([[0.0], np.cumsum(widths)]) - widths.sum() / 2.0
    points, anchor = line.at(at_px + edges), line.at(np.array([at_px]))[0]
    if points[-1][0] < points[0][0]:  # it would stand on its head: run the line backwards
        points = line.at(at_px - edges)
    chords = np.diff(points, axis=0)
    turns = np.arctan2(chords[:, 1], chords[:, 0])
    if _too_crooked(turns):
        return None
    middles = (points[:-1] + points[1:]) / 2.0 - anchor
    return [
        Glyph(letter, x, y, turn, width)
        for letter, (x, y), turn, width in zip(text, middles.tolist(), turns.tolist(), widths.tolist(), strict=True)
    ]


def _too_crooked(turns: NDArray[np.float64]) -> bool:
    steps = np.abs((np.diff(turns) + math.pi) % (2 * math.pi) - math.pi)
    return bool(len(steps)) and bool(steps.max() > MAX_TURN_RAD or steps.sum() > MAX_BEND_RAD)


def boxes_of(glyphs: list[Glyph], style: LabelStyle) -> NDArray[np.float64]:
    """Return the box that each turned letter and its padding take, (letters, 4)."""
    half_h = style.size_px * 0.62 + PADDING_PX
    rows = []
    for glyph in glyphs:
        half_w = glyph.width_px / 2.0 + PADDING_PX
        cos, sin = abs(math.cos(glyph.turn_rad)), abs(math.sin(glyph.turn_rad))
        wide, high = half_w * cos + half_h * sin, half_w * sin + half_h * cos
        rows.append((glyph.x_px - wide, glyph.y_px - high, glyph.x_px + wide, glyph.y_px + high))
    return np.array(rows)


def draw_label(glyphs: list[Glyph], style: LabelStyle, ratio: float) -> tuple[QImage, int, int]:
    """Return the name's picture with its halo, and where its left top stands from the anchor."""
    outline = _outline(glyphs, style)
    box = outline.boundingRect().adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX).toAlignedRect()
    image = _halo(_filled(outline, box, colour("map_label_halo"), ratio), ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-box.topLeft())
    painter.fillPath(outline, style.colour())
    painter.end()
    return image, box.left(), box.top()


def _filled(outline: QPainterPath, box: QRect, fill: QColor, ratio: float) -> QImage:
    image = _clear_image(box.width(), box.height(), ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-box.topLeft())
    painter.fillPath(outline, fill)
    painter.end()
    return image


def _halo(letters: QImage, ratio: float) -> QImage:
    """Return the letters spread by HALO_PX / 2 all around. Stroking their outline would take ten times as long."""
    image = _clear_image(round(letters.width() / ratio), round(letters.height() / ratio), ratio)
    painter = QPainter(image)
    for turn in np.arange(8) * math.pi / 4.0:
        painter.drawImage(QPointF(math.cos(turn), math.sin(turn)) * HALO_PX / 2.0, letters)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.fillRect(image.rect(), QColor(0, 0, 0, HALO_ALPHA))
    painter.end()
    return image


def _clear_image(width_px: int, height_px: int, ratio: float) -> QImage:
    image = QImage(round(width_px * ratio), round(height_px * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _outline(glyphs: list[Glyph], style: LabelStyle) -> QPainterPath:
    whole, made = QPainterPath(), style.font()
    metrics = QFontMetricsF(made)
    baseline = (metrics.capHeight() or metrics.ascent() * 0.75) / 2.0
    for glyph in glyphs:
        letter = QPainterPath()
        letter.addText(QPointF(-glyph.width_px / 2.0, baseline), made, glyph.text)
        turned = QTransform().translate(glyph.x_px, glyph.y_px).rotateRadians(glyph.turn_rad)
        whole.addPath(turned.map(letter))
    whole.setFillRule(Qt.FillRule.WindingFill)
    return whole
