"""The incident's track of sightings: on which camera it was seen, when, and in which order. It goes with every package
(handoff/documents/track.py); here the operator sees the same points and the same line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import atan2, cos, hypot, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from smartcity_console.city import City, plane
from smartcity_console.console.language import translate
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text
from smartcity_console.model.events import SightingNoted

MOST_SHOWN = 99  # the newest; numbers stay those of the whole track
PLATE_PX, MARGIN_PX, AWAY_PX = 18.0, 6.0, 17.0
ARROW_PX, ARROW_FROM_PX = 7.0, 44.0
HIT_PX = 9.0


@dataclass(frozen=True)
class Seen:
    """One sighting: its number in the order of time, and where its camera stands, in metres of the plane."""

    number: int
    camera_id: str
    camera_name: str
    at: datetime
    xy_m: tuple[float, float]

    @property
    def text(self) -> str:
        return f"{self.number}  {clock_text(self.at)}"


@dataclass(frozen=True)
class _Plate:
    seen: Seen
    x: float
    y: float
    box: QRectF


class SightingLayer:
    """A plate with number and time above each camera, newest in full colour, and a line with arrows from one to the next.

    A plate that would lie on a newer one, on a camera's number or on the incident stands below its camera, beside it,
    or is left out: its point stays. The newest is always there.
    """

    def __init__(self, city: City, marks: Callable[[MapView], Iterable[QRectF]]) -> None:
        """`marks`: what plates keep clear of, in pixels of the screen."""
        self._city, self._marks = city, marks
        self.seen: list[Seen] = []

    def show(self, sightings: Sequence[SightingNoted]) -> None:
        """Take an incident's sightings; one whose camera the catalogue no longer has keeps its number and has no place."""
        in_order = sorted(sightings, key=lambda one: one.seen_at)
        self.seen = []
        for number, one in list(enumerate(in_order, start=1))[-MOST_SHOWN:]:
            camera = self._city.cameras.get(one.camera_id)
            if camera is not None:
                name, xy = one.camera_name or camera.name, plane.xy_of(camera.position)
                self.seen.append(Seen(number, one.camera_id, name, one.seen_at, (float(xy[0]), float(xy[1]))))

    def paint(self, painter: QPainter, view: MapView) -> None:
        if not self.seen:
            return
        face = font(12, bold=True)
        painter.setFont(face)
        points = [QPointF(*map(float, view.to_screen(*one.xy_m))) for one in self.seen]
        _paint_way(painter, points)
        for plate in reversed(self.plates(view)):
            _paint_plate(painter, plate, newest=plate.seen is self.seen[-1])

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        plates = self.plates(view)
        for plate in plates:
            if plate.box.contains(at) or hypot(plate.x - at.x(), plate.y - at.y()) <= HIT_PX:
                lines = (plate.seen.camera_name, clock_text(plate.seen.at))
                return Hit("track", f"sighting/{plate.seen.number}", plate.x, plate.y, _title(plate.seen), lines)
        return None

    def plates(self, view: MapView) -> list[_Plate]:
        """Return the plates that are on the screen and find room, newest first, in pixels of the screen."""
        metrics, placed = QFontMetrics(font(12, bold=True)), list[_Plate]()
        taken = list(self._marks(view)) if self.seen else []
        for seen in reversed(self.seen):
            x, y = map(float, view.to_screen(*seen.xy_m))
            if not (-160 < x < view.width_px + 160 and -60 < y < view.height_px + 60):
                continue
            width = metrics.horizontalAdvance(seen.text) + 2 * MARGIN_PX
            places = _places(x, y, width)
            free = (box for box in places if not any(map(box.intersects, taken)))
            if (box := next(free, places[0] if seen is self.seen[-1] else None)) is not None:
                placed.append(_Plate(seen, x, y, box))
                taken.append(box)
        return placed


def _title(seen: Seen) -> str:
    return translate("Map", "Sighting {number}").format(number=seen.number)


def _places(x: float, y: float, width: float) -> list[QRectF]:
    """Return where a plate may stand, the best first: above, below, left, right of its camera, then further up."""
    left = x - width / 2
    return [
        QRectF(left, y - AWAY_PX - PLATE_PX, width, PLATE_PX),
        QRectF(left, y + AWAY_PX, width, PLATE_PX),
        QRectF(x - AWAY_PX - width, y - PLATE_PX / 2, width, PLATE_PX),
        QRectF(x + AWAY_PX, y - PLATE_PX / 2, width, PLATE_PX),
        *(QRectF(left, y - AWAY_PX - n * (PLATE_PX + 3.0), width, PLATE_PX) for n in (2, 3)),
    ]


def _paint_way(painter: QPainter, points: list[QPointF]) -> None:
    """The line in order, edged in the map's ground so that it is seen on roads too; an arrow in the middle of each part."""
    for edge, width in ((colour("map_label_halo", 0.9), 5.0), (colour("warn"), 2.5)):
        painter.setPen(QPen(edge, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLines([QLineF(a, b) for a, b in pairwise(points)])
    painter.setPen(QPen(colour("map_label_halo"), 1.5))
    painter.setBrush(colour("warn"))
    for a, b in pairwise(points):
        if hypot(b.x() - a.x(), b.y() - a.y()) >= ARROW_FROM_PX:
            painter.drawPolygon(_arrow(a, b))
    for point in points:
        painter.drawEllipse(point, 4.0, 4.0)


def _arrow(a: QPointF, b: QPointF) -> QPolygonF:
    along, middle = atan2(b.y() - a.y(), b.x() - a.x()), (a + b) / 2
    corners = ((0.0, 1.0), (2.5, 0.9), (-2.5, 0.9))  # tip, then the two behind: turn in radians, length
    return QPolygonF(
        [middle + QPointF(cos(along + turn), sin(along + turn)) * (ARROW_PX * length) for turn, length in corners]
    )


def _paint_plate(painter: QPainter, plate: _Plate, *, newest: bool) -> None:
    ink = colour("warn")
    painter.setPen(QPen(ink, 1.5))
    painter.drawLine(QPointF(plate.x, plate.y), plate.box.center())
    painter.setBrush(ink if newest else colour("panel"))
    painter.drawRoundedRect(plate.box, 3.0, 3.0)
    painter.setPen(colour("on_accent") if newest else ink)
    painter.drawText(plate.box, int(Qt.AlignmentFlag.AlignCenter), plate.seen.text)
