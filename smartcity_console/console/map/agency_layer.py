"""Stations of police (112) and fire (119)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from smartcity_console.city import City, plane
from smartcity_console.console.map import sprites
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour, font
from smartcity_console.model.agency import Agency, AgencyKind

NAMES_FROM_PX_PER_M = 0.55
HALF_WIDTH_PX, HALF_HEIGHT_PX = 16.0, 10.0
_DIALLED = {AgencyKind.POLICE: "112", AgencyKind.FIRE: "119"}


class AgencyLayer:
    """Plates with the number that is dialled, and the station's name from a zoom on."""

    def __init__(self, city: City) -> None:
        self.ratio = 1.0
        self.places: list[tuple[Agency, tuple[float, float]]] = [
            (agency, plane.xy_of(agency.position)) for agency in city.agencies.values()
        ]

    def paint(self, painter: QPainter, view: MapView) -> None:
        for agency, at in self.places:
            x, y = view.to_screen(*at)
            if -60 < x < view.width_px + 60 and -30 < y < view.height_px + 30:
                sprites.draw_at(painter, sprites.agency(_DIALLED[agency.kind], self.ratio), x, y)
                if view.px_per_m >= NAMES_FROM_PX_PER_M:
                    _name(painter, agency.name, x, y)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        for agency, place in self.places:
            x, y = view.to_screen(*place)
            if abs(x - at.x()) <= HALF_WIDTH_PX and abs(y - at.y()) <= HALF_HEIGHT_PX:
                return Hit("agency", agency.id, x, y, agency.name, (agency.control_room,))
        return None


def _name(painter: QPainter, name: str, x: float, y: float) -> None:
    painter.setFont(font(11))
    box = QRectF(round(x) - 80.0, round(y) + 9.0, 160.0, 18.0)
    painter.setPen(colour("map_label_halo"))
    painter.drawText(box.translated(1.0, 1.0), Qt.AlignmentFlag.AlignHCenter, name)
    painter.setPen(colour("text_dim"))
    painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, name)
