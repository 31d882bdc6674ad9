"""Where the receivers' units are, as their desks report it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from smartcity_console.city import plane
from smartcity_console.console import words
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

DOT_PX = 5.0
PLATE_PX = 18.0
MOST_LETTERS = 12


@dataclass(frozen=True)
class Unit:
    """`xy_m` in metres of the plane."""

    id: str
    name: str
    kind: AgencyKind
    station: str
    at: datetime
    xy_m: tuple[float, float]


class UnitLayer:
    """A dot where the unit is, and beside it a plate with its name; the card tells of when that is."""

    def __init__(self) -> None:
        self.units: list[Unit] = []

    def show(self, units: list[Unit]) -> None:
        self.units = list(units)

    def paint(self, painter: QPainter, view: MapView) -> None:
        face = font(12, bold=True)
        painter.setFont(face)
        for unit in self.units:
            x, y = view.to_screen(*unit.xy_m)
            if -120 < x < view.width_px + 20 and -30 < y < view.height_px + 30:
                _paint(painter, unit, float(x), float(y), QFontMetrics(face))

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        for unit in reversed(self.units):
            x, y = view.to_screen(*unit.xy_m)
            if abs(x - at.x()) <= PLATE_PX and abs(y - at.y()) <= PLATE_PX:
                lines = (f"{words.agency_word(unit.kind)} · {unit.station}", clock_text(unit.at))
                return Hit("track", unit.id, float(x), float(y), unit.name, lines)
        return None


def _paint(painter: QPainter, unit: Unit, x: float, y: float, metrics: QFontMetrics) -> None:
    ink = colour("accent" if unit.kind is AgencyKind.POLICE else "warn")
    name = unit.name if len(unit.name) <= MOST_LETTERS else unit.name[: MOST_LETTERS - 1] + "…"
    plate = QRectF(x + 9.0, y - PLATE_PX / 2, metrics.horizontalAdvance(name) + 12.0, PLATE_PX)
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(colour("panel"))
    painter.drawRoundedRect(plate, 3.0, 3.0)
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), name)
    painter.setPen(QPen(colour("panel"), 2.0))
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(x, y), DOT_PX, DOT_PX)


def units_of(incident: Incident | None) -> list[Unit]:
    """Return the units whose places the receivers of an incident have reported; of several hand-offs the newest counts."""
    newest: dict[tuple[str, str], Unit] = {}
    for handoff in incident.handoffs if incident else ():
        for place in handoff.positions:
            known = newest.get((handoff.agency_id, place.unit))
            if known is None or known.at <= place.at:
                xy = plane.xy_of(Position(place.lon_deg, place.lat_deg))
                key = f"{handoff.id}/{place.unit}"
                unit = Unit(key, place.unit, handoff.agency_kind, handoff.agency_name, place.at, (xy[0], xy[1]))
                newest[handoff.agency_id, place.unit] = unit
    return list(newest.values())
