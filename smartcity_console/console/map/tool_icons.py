"""The signs on the map's buttons, drawn as lines: no font has them all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF

from smartcity_console.console.theme import colour

SIDE_PX = 18


def tool_icon(name: str, ratio: float = 2.0) -> QIcon:
    """Return a button's sign by the button's name."""
    pixmap = QPixmap(round(SIDE_PX * ratio), round(SIDE_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("text"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    _SIGNS[name](painter)
    painter.end()
    return QIcon(pixmap)


def _search(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(7.5, 7.5), 4.5, 4.5)
    painter.drawLine(QPointF(11.0, 11.0), QPointF(15.5, 15.5))


def _layers(painter: QPainter) -> None:
    for down in (0.0, 3.5, 7.0):
        corners = [
            QPointF(2.5, 6.0 + down),
            QPointF(9.0, 2.5 + down),
            QPointF(15.5, 6.0 + down),
            QPointF(9.0, 9.5 + down),
        ]
        painter.drawPolygon(QPolygonF(corners)) if down == 0.0 else painter.drawPolyline(
            QPolygonF([corners[0], corners[3], corners[2]])
        )


def _measure(painter: QPainter) -> None:
    painter.drawLine(QPointF(3.0, 15.0), QPointF(15.0, 3.0))
    for step in range(4):
        x, y = 4.0 + step * 3.3, 14.0 - step * 3.3
        painter.drawLine(QPointF(x, y), QPointF(x + 2.4, y + 2.4))


def _rectangle(painter: QPainter) -> None:
    pen = painter.pen()
    pen.setDashPattern([2.0, 2.0])
    painter.setPen(pen)
    painter.drawRect(QRectF(3.0, 4.0, 12.0, 10.0))


def _lasso(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(2.5, 3.0, 13.0, 8.5))
    painter.drawPolyline(QPolygonF([QPointF(6.0, 11.0), QPointF(7.5, 13.5), QPointF(5.0, 16.0)]))


def _follow(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(9.0, 9.0), 5.0, 5.0)
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        painter.drawLine(QPointF(9.0 + 3.0 * dx, 9.0 + 3.0 * dy), QPointF(9.0 + 7.5 * dx, 9.0 + 7.5 * dy))


def _window(painter: QPainter) -> None:
    painter.drawRect(QRectF(2.5, 6.0, 9.0, 9.0))
    painter.drawPolyline(
        QPolygonF([QPointF(6.5, 6.0), QPointF(6.5, 2.5), QPointF(15.5, 2.5), QPointF(15.5, 11.5), QPointF(11.5, 11.5)])
    )


_SIGNS: dict[str, Callable[[QPainter], None]] = {
    "search": _search,
    "layers": _layers,
    "measure": _measure,
    "rectangle": _rectangle,
    "lasso": _lasso,
    "follow": _follow,
    "window": _window,
}
