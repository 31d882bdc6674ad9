"""Measures ways and areas on the plane, in true metres on the ground of the city's projection."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from smartcity_console.console.language import translate
from smartcity_console.console.map.tool import Place, Tool, paint_plate, screen
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour

CLOSE_PX = 9.0  # a click this near to the first point closes the area


def way_m(points: list[Place]) -> float:
    """Return the length of a way."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


def area_m2(points: list[Place]) -> float:
    """Return the area within a closed way that does not cross itself."""
    ring = [*points, *points[:1]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(_from_first(ring)))) / 2.0


def _from_first(ring: list[Place]) -> list[Place]:
    """Return a ring counted from its first point: products of six-figure metres would lose the square centimetres."""
    return [(x - ring[0][0], y - ring[0][1]) for x, y in ring]


def length_words(metres: float) -> str:
    return f"{metres / 1000:.2f} km" if metres >= 1000 else f"{metres:.1f} m"


def area_words(square_metres: float) -> str:
    return f"{square_metres / 1e6:.3f} km²" if square_metres >= 1e6 else f"{square_metres:,.0f} m²"


class MeasureTool(Tool):
    """Click by click; a click on the first point closes the area."""

    name = "measure"

    def __init__(self) -> None:
        self.points: list[Place] = []
        self.closed = False
        self._pointer: Place | None = None

    def hint(self) -> str:
        return translate("Map", "Click to measure · Backspace takes a point back · Esc ends")

    def click(self, at: Place, view: MapView) -> None:
        if self.closed:
            self.points, self.closed = [], False
        if len(self.points) >= 3 and way_m([at, self.points[0]]) * view.px_per_m <= CLOSE_PX:
            self.closed = True
        else:
            self.points.append(at)

    def move(self, at: Place, view: MapView) -> None:
        del view
        self._pointer = at

    def key(self, key: Qt.Key, *, fine: bool = False) -> bool:
        del fine
        if key == Qt.Key.Key_Backspace and self.points:
            if not self.closed:
                self.points.pop()
            self.closed = False
            return True
        return False

    def result(self) -> str:
        """Return the measure in words; empty before there is one."""
        if self.closed:
            around = way_m([*self.points, self.points[0]])
            return f"{area_words(area_m2(self.points))} · {length_words(around)}"
        way = self._way()
        return length_words(way_m(way)) if len(way) > 1 else ""

    def paint(self, painter: QPainter, view: MapView) -> None:
        way = [screen(view, at) for at in self._way()]
        if not way:
            return
        painter.setPen(QPen(colour("accent"), 2.0, Qt.PenStyle.SolidLine if self.closed else Qt.PenStyle.DashLine))
        painter.setBrush(colour("accent", 0.15) if self.closed else Qt.BrushStyle.NoBrush)
        shape = QPolygonF(way)
        painter.drawPolygon(shape) if self.closed else painter.drawPolyline(shape)
        painter.setPen(QPen(colour("accent"), 2.0))
        painter.setBrush(colour("map_mark_ground"))
        for at in self.points:
            painter.drawEllipse(screen(view, at), 3.5, 3.5)
        if text := self.result():
            paint_plate(painter, way[-1], text)

    def _way(self) -> list[Place]:
        loose = [self._pointer] if self._pointer is not None and self.points and not self.closed else []
        return [*self.points, *loose]
