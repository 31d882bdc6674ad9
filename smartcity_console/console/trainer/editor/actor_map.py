"""The actors' ways on the map: drawn for a second of the film, and placed by pointer or keys."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import msgspec
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from smartcity_console.city import plane
from smartcity_console.console.language import translate
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.tool import Place as Point
from smartcity_console.console.map.tool import Tool, paint_plate, screen
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour
from smartcity_console.console.trainer.forms.names import fixed_word
from smartcity_console.drill.scenario.model import Actor, Blaze, Scenario, Spot, Waypoint

HANDLE_PX, GRAB_PX = 5.0, 12.0


def xy_of(spot: Spot) -> Point:
    return plane.to_xy(spot.lon_deg, spot.lat_deg)


def spot_at(at: Point) -> Spot:
    lon, lat = plane.to_lonlat(*at)
    return Spot(round(lon, 7), round(lat, 7))


def points_of(actor: Actor) -> list[Point]:
    """Return the actor's beginning and every place on the way."""
    return [xy_of(actor.start), *(xy_of(waypoint.at) for waypoint in actor.way)]


def place_at(actor: Actor, second: float) -> Point | None:
    """Return where an actor is at a second of the film, going straight between places; None before it appears."""
    if second < actor.appears_s:
        return None
    here, now = xy_of(actor.start), actor.appears_s
    for waypoint in actor.way:
        if second < now:  # it still stays there
            break
        there = xy_of(waypoint.at)
        arrives = now + hypot(there[0] - here[0], there[1] - here[1]) / waypoint.speed_ms
        if second < arrives:
            share = (second - now) / max(arrives - now, 1e-9)
            return (here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share)
        here, now = there, max(arrives, waypoint.stays_until_s or 0.0)
    return here


class ActorLayer:
    """Ways as lines with a handle at each place; the chosen actor's stand out."""

    def __init__(self) -> None:
        self.actors: tuple[Actor, ...] = ()
        self.blazes: tuple[Blaze, ...] = ()
        self.chosen = -1
        self.second = 0.0

    def show(self, scenario: Scenario, chosen: int) -> None:
        stage = scenario.stage
        self.actors = stage.actors if stage is not None else ()
        self.blazes = stage.blazes if stage is not None else ()
        self.chosen = chosen

    def paint(self, painter: QPainter, view: MapView) -> None:
        for number, actor in enumerate(self.actors):
            self._paint_way(painter, view, actor, number == self.chosen)
        for blaze in self.blazes:
            at = screen(view, xy_of(blaze.at))
            painter.setPen(QPen(colour("well"), 1.5))
            painter.setBrush(colour("warn"))
            painter.drawPolygon(QPolygonF([at + QPointF(0, -10), at + QPointF(7, 6), at + QPointF(-7, 6)]))

    def _paint_way(self, painter: QPainter, view: MapView, actor: Actor, chosen: bool) -> None:
        ink = colour("drill" if chosen else "text_dim")
        way = [screen(view, at) for at in points_of(actor)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 2.5 if chosen else 1.5, Qt.PenStyle.SolidLine if chosen else Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(way))
        painter.setBrush(colour("map_mark_ground"))
        for at in way:
            painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)
        now = place_at(actor, self.second)
        if now is not None:
            painter.setBrush(ink)
            painter.drawEllipse(screen(view, now), HANDLE_PX + 2, HANDLE_PX + 2)
        if chosen:
            paint_plate(painter, way[0], f"{actor.id} · {fixed_word('look', actor.look)}")

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 the tool takes the pointer
        return None


class ActorTool(Tool):
    """A click sets the next place of the way, a drag moves one, Backspace takes the last back."""

    name = "actor"
    drags = True

    def __init__(self, actor: Actor, put: Callable[[Actor], None]) -> None:
        self.actor, self._put = actor, put
        self._held: int | None = None
        self._moved = False

    def hint(self) -> str:
        return translate(
            "Editor", "Click: next place · drag a place: move it · Backspace: take the last back · Esc: done"
        )

    def click(self, at: Point, view: MapView) -> None:
        """Enter sets a place in the middle of the map."""
        del view
        self._extend(at)

    def press(self, at: Point, view: MapView) -> None:
        near = [(hypot(x - at[0], y - at[1]) * view.px_per_m, n) for n, (x, y) in enumerate(points_of(self.actor))]
        away, number = min(near)
        self._held, self._moved = (number if away <= GRAB_PX else None), False

    def move(self, at: Point, view: MapView) -> None:
        del view
        if self._held is not None:
            self._moved = True
            self.actor = _moved(self.actor, self._held, at)

    def release(self, at: Point, view: MapView) -> None:
        del view
        held, self._held = self._held, None
        if held is None:
            self._extend(at)
        elif self._moved:
            self._put(self.actor)

    def key(self, key: Qt.Key, *, fine: bool = False) -> bool:
        del fine
        if key == Qt.Key.Key_Backspace and self.actor.way:
            self.actor = msgspec.structs.replace(self.actor, way=self.actor.way[:-1])
            self._put(self.actor)
            return True
        return False

    def paint(self, painter: QPainter, view: MapView) -> None:
        if self._held is not None:
            painter.setPen(QPen(colour("drill"), 2.0, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([screen(view, at) for at in points_of(self.actor)]))

    def _extend(self, at: Point) -> None:
        last = self.actor.way[-1] if self.actor.way else None
        step = Waypoint(at=spot_at(at), speed_ms=last.speed_ms if last else 1.3, act=last.act if last else "walk")
        self.actor = msgspec.structs.replace(self.actor, way=(*self.actor.way, step))
        self._put(self.actor)


def _moved(actor: Actor, number: int, at: Point) -> Actor:
    """Return the actor with one place elsewhere; 0 is where it begins."""
    if number == 0:
        return msgspec.structs.replace(actor, start=spot_at(at))
    way = list(actor.way)
    way[number - 1] = msgspec.structs.replace(way[number - 1], at=spot_at(at))
    return msgspec.structs.replace(actor, way=tuple(way))
