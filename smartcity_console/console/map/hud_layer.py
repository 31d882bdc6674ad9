"""What stands fixed on the screen: the caption, the scale bar, the cross for picking by keyboard, the focus edge."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour, font

INSET_PX = 10.0
PLATE_PX = 31.0
LONGEST_BAR_PX = 120.0


def bar_length_m(px_per_m: float, longest_px: float = LONGEST_BAR_PX) -> float:
    """Return the longest of 1, 2, 5 × 10ⁿ metres that fits."""
    room_m = longest_px / px_per_m
    power = 10.0 ** math.floor(math.log10(room_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= room_m * (1 + 1e-9))


def length_text(length_m: float) -> str:
    return f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"


class HudLayer:
    """Caption at the left top, scale at the left bottom."""

    def __init__(self) -> None:
        self.caption = ""
        self.ratio = 1.0
        self._plate: tuple[object, QImage] | None = None
        self.keyboard = False  # the map has the focus by the keyboard: show the edge and the cross

    def paint(self, painter: QPainter, view: MapView) -> None:
        if self.caption:
            self._caption(painter, view)
        self._bar(painter, view)
        if self.keyboard:
            self._cross(painter, view)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 nothing here is acted on
        return None

    def _caption(self, painter: QPainter, view: MapView) -> None:
        """Copy the caption's plate; laying out its text costs more than all the rest of this layer."""
        key = (self.caption, view.width_px, self.ratio)
        if self._plate is None or self._plate[0] != key:
            self._plate = (key, _plate(self.caption, view.width_px - 2 * INSET_PX, self.ratio))
        painter.drawImage(round(INSET_PX), round(INSET_PX), self._plate[1])

    def _bar(self, painter: QPainter, view: MapView) -> None:
        length_m = bar_length_m(view.px_per_m)
        width, base = round(length_m * view.px_per_m), view.height_px - INSET_PX - 2.0
        painter.setFont(font(12))
        painter.fillRect(QRectF(INSET_PX, base - 20.0, width, 21.0), colour("map_ground", 0.55))
        painter.setPen(colour("text_dim"))
        label = QRectF(INSET_PX, base - 20.0, width, 18.0)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, length_text(length_m))
        painter.fillRect(QRectF(INSET_PX, base - 1.0, width, 2.0), colour("text_dim"))

    def _cross(self, painter: QPainter, view: MapView) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("accent"), 2.0))
        painter.drawRect(QRectF(1.0, 1.0, view.width_px - 2.0, view.height_px - 2.0))
        x, y = view.width_px / 2.0, view.height_px / 2.0
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(QPointF(x + 5 * dx, y + 5 * dy), QPointF(x + 14 * dx, y + 14 * dy))


def _plate(text: str, room_px: float, ratio: float) -> QImage:
    metrics = QFontMetricsF(font(13))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room_px - 22.0))
    width = math.ceil(metrics.horizontalAdvance(shown) + 22.0)
    image = QImage(round(width * ratio), round(PLATE_PX * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(colour("well", 0.86))
    painter = QPainter(image)
    painter.setFont(font(13))
    painter.setPen(colour("text_dim"))
    painter.drawText(QRectF(0.0, 0.0, width, PLATE_PX), Qt.AlignmentFlag.AlignCenter, shown)
    painter.end()
    return image
