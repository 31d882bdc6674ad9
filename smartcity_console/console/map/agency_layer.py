"""Stations of police (112) and fire (119)."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from smartcity_console.city import City, plane
from smartcity_console.console.map import sprites
from smartcity_console.console.map.label_layout import Obstacle, PlaceName
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.model.agency import Agency, AgencyKind

PLATES_FROM_PX_PER_M = 0.29
HALF_WIDTH_PX, HALF_HEIGHT_PX = 16.0, 10.0
_DIALLED = {AgencyKind.POLICE: "112", AgencyKind.FIRE: "119"}


class AgencyLayer:
    """Plates with the number that is dialled; the stations' names stand among the map's labels."""

    def __init__(self, city: City) -> None:
        self.ratio = 1.0
        self.places: list[tuple[Agency, tuple[float, float]]] = [
            (agency, plane.xy_of(agency.position)) for agency in city.agencies.values() if agency.kind in _DIALLED
        ]

    @property
    def names(self) -> tuple[PlaceName, ...]:
        """The stations' names, for the layout of labels."""
        return tuple(PlaceName(agency.name, *at) for agency, at in self.places)

    def obstacles(self, view: MapView) -> tuple[Obstacle, ...]:
        """Return the plates that names keep clear of."""
        if view.px_per_m < PLATES_FROM_PX_PER_M:
            return ()
        return tuple(Obstacle(*at, HALF_WIDTH_PX - 2.0) for _, at in self.places)

    def paint(self, painter: QPainter, view: MapView) -> None:
        if view.px_per_m < PLATES_FROM_PX_PER_M:
            return
        for agency, at in self.places:
            x, y = view.to_screen(*at)
            if -60 < x < view.width_px + 60 and -30 < y < view.height_px + 30:
                sprites.draw_at(painter, sprites.agency(_DIALLED[agency.kind], self.ratio), x, y)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        if view.px_per_m < PLATES_FROM_PX_PER_M:
            return None
        for agency, place in self.places:
            x, y = view.to_screen(*place)
            if abs(x - at.x()) <= HALF_WIDTH_PX and abs(y - at.y()) <= HALF_HEIGHT_PX:
                return Hit("agency", agency.id, x, y, agency.name, (agency.control_room,))
        return None
