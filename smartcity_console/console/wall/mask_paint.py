"""Where a privacy mask lies on a tile."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPolygonF

from smartcity_console.model.masks import Polygon


def on_screen(place: QRect, polygon: Polygon) -> QPolygonF:
    """Return a polygon on a tile whose whole picture lies at `place`."""
    corners = [(place.left() + x * place.width(), place.top() + y * place.height()) for x, y in polygon]
    return QPolygonF([QPointF(x, y) for x, y in corners])
