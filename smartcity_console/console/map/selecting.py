"""Takes the cameras within a rectangle or a drawn line, for the wall."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from smartcity_console.console.language import translate
from smartcity_console.console.map.camera_field import CameraField, Piece, joined
from smartcity_console.console.map.tool import Place, Tool, screen
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour

STEP_PX = 3.0  # a drawn line takes a point every so often
MOST_SELECTED = 2_000  # a wall has tens of tiles: of more than this, those nearest to the middle


class SelectTool(Tool):
    """Draws an outline; `drawn` is called with its corners in metres."""

    drags = True

    def __init__(self, name: str, drawn: Callable[[list[Place]], None]) -> None:
        self.name = name  # "rectangle" or "lasso"
        self.corners: list[Place] = []
        self._drawn = drawn
        self._first: Place | None = None  # chosen by Enter

    def hint(self) -> str:
        if self.name == "lasso":
            return translate("Map", "Draw around the cameras · Esc ends")
        return translate("Map", "Drag over the cameras, or choose two corners by Enter · Esc ends")

    def press(self, at: Place, view: MapView) -> None:
        del view
        self.corners = [at]

    def move(self, at: Place, view: MapView) -> None:
        if self._first is not None:
            self.corners = rectangle(self._first, at)
        elif self.corners and self.name == "rectangle":
            self.corners = rectangle(self.corners[0], at)
        elif self.corners and _away_px(self.corners[-1], at, view) >= STEP_PX:
            self.corners.append(at)

    def release(self, at: Place, view: MapView) -> None:
        self.move(at, view)
        corners, self.corners = self.corners, []
        if len(corners) >= 3:
            self._drawn(corners)

    def click(self, at: Place, view: MapView) -> None:
        """Take a corner that was chosen by the keyboard."""
        del view
        if self._first is None:
            self._first = at
            return
        corners, self._first, self.corners = rectangle(self._first, at), None, []
        self._drawn(corners)

    def paint(self, painter: QPainter, view: MapView) -> None:
        if len(self.corners) < 2:
            return
        painter.setPen(QPen(colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(colour("accent", 0.12))
        painter.drawPolygon(QPolygonF([screen(view, at) for at in self.corners]))


def rectangle(one: Place, other: Place) -> list[Place]:
    """Return the corners of a rectangle along the axes."""
    return [one, (other[0], one[1]), other, (one[0], other[1])]


def cameras_within(field: CameraField, corners: list[Place]) -> tuple[list[str], Piece, int]:
    """Return the ids of the cameras within an outline (even-odd, its edge included), nearest to its middle first, at
    most MOST_SELECTED; where they stand; and how many there are in all. May be called on any thread."""
    outline = shapely.make_valid(shapely.Polygon(corners))
    shapely.prepare(outline)
    inside = joined(p.only(shapely.intersects_xy(outline, p.x_m, p.y_m)) for p in field.pieces(outline.bounds))
    middle = outline.centroid
    nearest = np.argsort(np.hypot(inside.x_m - middle.x, inside.y_m - middle.y), kind="stable")[:MOST_SELECTED]
    chosen = inside.only(nearest)
    return field.ids_of(chosen.rows.tolist()), chosen, len(inside.rows)


def _away_px(one: Place, other: Place, view: MapView) -> float:
    return hypot(one[0] - other[0], one[1] - other[1]) * view.px_per_m


def paint_selected(painter: QPainter, view: MapView, chosen: Piece) -> None:
    """Ring the selected cameras that are on the screen."""
    painter.setPen(QPen(colour("accent"), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = view.to_screen(chosen.x_m, chosen.y_m)
    inside = (x > -9) & (y > -9) & (x < view.width_px + 9) & (y < view.height_px + 9)
    for left, top in zip(x[inside].tolist(), y[inside].tolist(), strict=True):
        painter.drawEllipse(QPointF(left, top), 6.5, 6.5)
