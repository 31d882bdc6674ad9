"""The alerts of the incident that is worked on, each where its sender says it is, tied to the incident."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from smartcity_console.city import plane
from smartcity_console.console import words
from smartcity_console.console.map.incident_layer import IncidentLayer
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour
from smartcity_console.model.alert import Alert

MARK_PX, HIT_PX, APART_PX = 4.0, 8.0, 12.0


class AlertLayer:
    """One that lies on its incident is not drawn: the incident's mark says it all."""

    def __init__(self, incidents: IncidentLayer) -> None:
        self.ratio = 1.0
        self._incidents = incidents
        self._alerts: list[tuple[Alert, tuple[float, float]]] = []

    def show(self, alerts: tuple[Alert, ...]) -> None:
        self._alerts = [(alert, plane.xy_of(alert.position)) for alert in alerts if alert.position is not None]

    def paint(self, painter: QPainter, view: MapView) -> None:
        focus = self._incidents.focus_at
        for _, x, y in self._apart(view):
            if focus is not None:
                painter.setPen(QPen(colour("danger", 0.6), 1.0, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(x, y), QPointF(*view.to_screen(*focus)))
            painter.setPen(QPen(colour("danger"), 1.8))
            painter.setBrush(colour("map_mark_ground"))
            painter.drawRect(round(x - MARK_PX), round(y - MARK_PX), round(2 * MARK_PX), round(2 * MARK_PX))

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        for alert, x, y in self._apart(view):
            if abs(x - at.x()) <= HIT_PX and abs(y - at.y()) <= HIT_PX:
                return Hit(
                    "alert", alert.id, x, y, words.kind_word(alert.kind), (alert.site_name,) if alert.site_name else ()
                )
        return None

    def _apart(self, view: MapView) -> list[tuple[Alert, float, float]]:
        """Return the alerts that do not lie on their incident, with their pixels."""
        placed = [(alert, *view.to_screen(*at)) for alert, at in self._alerts]
        focus = self._incidents.focus_at
        if focus is None:
            return placed
        fx, fy = view.to_screen(*focus)
        return [(alert, x, y) for alert, x, y in placed if abs(x - fx) + abs(y - fy) > APART_PX]
