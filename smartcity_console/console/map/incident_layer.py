"""Open incidents by priority (diamond, triangle, circle) and the one that is worked on, with its ring of uncertainty."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from smartcity_console.city import plane
from smartcity_console.console import words
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.marks import priority_path
from smartcity_console.console.theme import PRIORITY_COLOUR, colour, font
from smartcity_console.model.alert import Priority
from smartcity_console.model.incident import Incident

FOCUS_PX, MARK_PX = 14.0, 8.0
SMALLEST_RING_PX = 34.0  # a ring holds the spot for certain when it is larger than the uncertainty, and is seen


class IncidentLayer:
    """Marks of incidents; one without a position is on the queue only."""

    def __init__(self) -> None:
        self._focus: Incident | None = None
        self._open: list[Incident] = []
        self._at: dict[str, tuple[float, float]] = {}

    def show(self, incident: Incident | None) -> None:
        self._focus = incident
        self._place()

    def set_open(self, incidents: list[Incident]) -> None:
        self._open = list(incidents)
        self._place()

    @property
    def focus_at(self) -> tuple[float, float] | None:
        """Where the incident that is worked on lies, in metres."""
        return self._at.get(self._focus.id) if self._focus else None

    def paint(self, painter: QPainter, view: MapView) -> None:
        for incident in self._others():
            _paint_mark(painter, incident, QPointF(*view.to_screen(*self._at[incident.id])))
        if self._focus is not None and self._focus.id in self._at:
            at = QPointF(*view.to_screen(*self._at[self._focus.id]))
            _paint_ring(painter, at, self._uncertainty_px(view))
            _paint_focus(painter, self._focus.priority, at)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        first = [self._focus] if self._focus is not None and self._focus.id in self._at else []
        for incident in (*first, *reversed(self._others())):
            x, y = view.to_screen(*self._at[incident.id])
            if abs(x - at.x()) + abs(y - at.y()) <= (FOCUS_PX if incident is self._focus else MARK_PX) + 4.0:
                return _hit(incident, x, y)
        return None

    def _place(self) -> None:
        """Work the positions out once, not in every frame."""
        everyone = (*self._open, *([self._focus] if self._focus else []))
        self._at = {i.id: plane.xy_of(i.position) for i in everyone if i.position is not None}

    def _others(self) -> list[Incident]:
        """Return the open incidents but the one in focus, the most urgent last (on top)."""
        focus = self._focus.id if self._focus else None
        others = [i for i in self._open if i.id in self._at and i.id != focus]
        return sorted(others, key=lambda incident: -incident.priority.rank)

    def _uncertainty_px(self, view: MapView) -> float:
        position = self._focus.position if self._focus else None
        return (position.uncertainty_m if position else 0.0) * view.px_per_m


def _hit(incident: Incident, x: float, y: float) -> Hit:
    lines = (words.place(incident), f"{words.priority_word(incident.priority)} · {words.state(incident)}")
    return Hit("incident", incident.id, x, y, words.incident_title(incident), lines)


def _paint_ring(painter: QPainter, at: QPointF, uncertainty_px: float) -> None:
    radius = max(uncertainty_px, SMALLEST_RING_PX)
    pen = QPen(colour("danger", 0.75), 1.3)
    pen.setDashPattern([4.0, 3.5])
    painter.setPen(pen)
    painter.setBrush(colour("danger", 0.05))
    painter.drawEllipse(at, radius, radius)


def _paint_focus(painter: QPainter, priority: Priority, at: QPointF) -> None:
    """Paint the mark of the incident that is worked on: the priority's shape with a white edge and a sign."""
    shape = priority_path(priority, at, FOCUS_PX)
    painter.strokePath(shape, QPen(colour("well", 0.6), 6.0))
    painter.fillPath(shape, QColor(PRIORITY_COLOUR[priority]))
    edge = QPen(colour("text"), 2.2)
    edge.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.strokePath(shape, edge)
    painter.setFont(font(14, bold=True))
    painter.setPen(colour("text") if priority is Priority.EMERGENCY else colour("on_accent"))
    box = QRectF(at.x() - 12.0, at.y() - 12.5, 24.0, 24.0)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")


def _paint_mark(painter: QPainter, incident: Incident, at: QPointF) -> None:
    """Paint another open incident: filled while nobody has it, an outline once a seat works on it."""
    shape = priority_path(incident.priority, at, MARK_PX)
    fill = QColor(PRIORITY_COLOUR[incident.priority])
    painter.strokePath(shape, QPen(colour("well", 0.7), 5.0))
    painter.fillPath(shape, fill if incident.claimed_by is None else colour("map_mark_ground"))
    painter.strokePath(shape, QPen(fill, 2.0))
