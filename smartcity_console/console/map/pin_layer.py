"""The place that was looked for, or asked about: a pin with its name."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPen

from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.tool import Place, paint_plate, screen
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour

HEIGHT_PX, RADIUS_PX = 20.0, 7.0


class PinLayer:
    """At most one pin."""

    def __init__(self) -> None:
        self.at: Place | None = None
        self.title = ""

    def put(self, at: Place | None, title: str = "") -> None:
        self.at, self.title = at, title

    def paint(self, painter: QPainter, view: MapView) -> None:
        if self.at is None:
            return
        foot = screen(view, self.at)
        head = foot - QPointF(0.0, HEIGHT_PX - RADIUS_PX)
        path = QPainterPath(foot)
        path.lineTo(head + QPointF(-RADIUS_PX + 1.0, 3.0))
        path.lineTo(head + QPointF(RADIUS_PX - 1.0, 3.0))
        path.closeSubpath()
        path.addEllipse(head, RADIUS_PX, RADIUS_PX)
        painter.setPen(QPen(colour("well"), 1.5))
        painter.setBrush(colour("accent"))
        painter.drawPath(path.simplified())
        painter.setBrush(colour("well"))
        painter.drawEllipse(head, 2.5, 2.5)
        if self.title:
            paint_plate(painter, head, self.title)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 it only shows a place
        return None
