"""The shape that goes with a priority: diamond, triangle, circle. Colour alone says nothing to one man in twelve."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from smartcity_console.console.theme import PRIORITY_COLOUR
from smartcity_console.model.alert import Priority


def priority_path(priority: Priority, centre: QPointF, radius_px: float) -> QPainterPath:
    """Return the outline of a priority's mark around a point."""
    path = QPainterPath()
    x, y, r = centre.x(), centre.y(), radius_px
    if priority is Priority.EMERGENCY:
        path.addPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))
        path.closeSubpath()
    elif priority is Priority.HIGH:
        path.addPolygon(
            QPolygonF([QPointF(x, y - r), QPointF(x + r * 1.1, y + r * 0.8), QPointF(x - r * 1.1, y + r * 0.8)])
        )
        path.closeSubpath()
    else:
        path.addEllipse(QRectF(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7))
    return path


def paint_priority(painter: QPainter, priority: Priority, centre: QPointF, radius_px: float) -> None:
    """Fill a priority's mark in its colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(PRIORITY_COLOUR[priority]))
    painter.drawPath(priority_path(priority, centre, radius_px))
    painter.restore()
