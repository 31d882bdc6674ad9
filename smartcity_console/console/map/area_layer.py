"""The areas that stations of police and fire answer for: outlines over the base map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from smartcity_console.city import City
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind

_DASHES = {AgencyKind.POLICE: [8.0, 4.0], AgencyKind.FIRE: [2.0, 3.0]}


class AreaLayer:
    """Police with long dashes, fire with short ones: the kinds lie over each other."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._outlines: dict[AgencyKind, Packed] | None = None

    def paint(self, painter: QPainter, view: MapView) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, top = view.origin_px
        for kind, outlines in self._packed().items():
            pen = QPen(colour("accent" if kind is AgencyKind.POLICE else "danger_text", 0.75), 1.6)
            pen.setDashPattern(_DASHES[kind])
            painter.setPen(pen)
            for path in outlines.paths(outlines.within(view.bounds_m(4.0)), view.px_per_m, left, top):
                painter.drawPath(path)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 its station is taken instead
        return None

    def _packed(self) -> dict[AgencyKind, Packed]:
        """Pack the areas when they are first shown."""
        if self._outlines is None:
            self._outlines = {kind: Packed.of(np.array(self._areas(kind), dtype=object)) for kind in EMERGENCY_SERVICES}
        return self._outlines

    def _areas(self, kind: AgencyKind) -> list[object]:
        ours = (agency.id for agency in self._city.agencies.values() if agency.kind == kind)
        return [area for area in map(self._city.area_of, ours) if area is not None]
