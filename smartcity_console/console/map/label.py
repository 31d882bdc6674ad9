"""A name on the map: where its letters stand and its picture. Made on a worker, shown pixel for pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QTransform

from smartcity_console.console.theme import colour, font

HALO_PX = 3.0
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


def straight_glyphs(text: str, style: LabelStyle) -> list[Glyph]:
    """Return a level name, centred on its anchor, as one piece."""
    width = QFontMetricsF(style.font()).horizontalAdvance(text)
    return [Glyph(text, 0.0, 0.0, 0.0, width)]


def glyphs_along(text: str, style: LabelStyle, line_px: NDArray[np.float64], at_px: float) -> list[Glyph] | None:
    """Return a name's letters along a line (points, 2) around the length `at_px`, or None where it is too crooked.

    Positions are relative to the line's point at `at_px`.
    """
    metrics = QFontMetricsF(style.font())
    widths = np.array([metrics.horizontalAdvance(letter) for letter in text])
    edges = np.concatenate([[0.0], np.cumsum(widths)]) - widths.sum() / 2.0
    points, anchor = _points_at(line_px, at_px + edges), _points_at(line_px, np.array([at_px]))[0]
    if points is None or points[-1][0] < points[0][0]:  # it would stand on its head: run the line backwards
        points = _points_at(line_px, at_px - edges)
    chords = np.diff(points, axis=0)
    turns = np.arctan2(chords[:, 1], chords[:, 0])
    if _too_crooked(turns):
        return None
    middles = (points[:-1] + points[1:]) / 2.0 - anchor
    return [
        Glyph(letter, float(m[0]), float(m[1]), float(turn), float(width))
        for letter, m, turn, width in zip(text, middles, turns, widths, strict=True)
    ]


def _points_at(line_px: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line_px, axis=0).T))])
    return np.column_stack([np.interp(lengths, along, line_px[:, 0]), np.interp(lengths, along, line_px[:, 1])])


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
    image = QImage(box.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-box.topLeft())
    halo = QPen(colour("map_label_halo", 0.75), HALO_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(outline, halo)
    painter.fillPath(outline, style.colour())
    painter.end()
    return image, box.left(), box.top()


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


def rect_around(x_px: float, y_px: float, radius_px: float) -> QRectF:
    return QRectF(x_px - radius_px, y_px - radius_px, 2 * radius_px, 2 * radius_px)
