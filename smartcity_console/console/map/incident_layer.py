"""Open incidents by priority (diamond, triangle, circle) and the one that is worked on, with its ring of uncertainty."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from smartcity_console.city import plane
from smartcity_console.console import words
from smartcity_console.console.map import sprites
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.sprites import FOCUS_PX, MARK_PX
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour
from smartcity_console.model.alert import Priority
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

LARGEST_KEPT_RING_PX = 240.0
SMALLEST_RING_PX = 44.0  # a ring holds the spot for certain when it is larger than the uncertainty, and is seen


_Mark = tuple[tuple[float, float], Priority, bool]
"""Where in metres, how urgent, whether somebody has it."""


class IncidentLayer:
    """Marks of incidents; one without a position is on the queue only."""

    def __init__(self) -> None:
        self.ratio = 1.0
        self._focus: Incident | None = None
        self._open: list[Incident] = []
        self._at: dict[str, tuple[float, float]] = {}
        self._marks: list[_Mark] = []  # of the others, the most urgent last (on top)
        self._plane: dict[Position, tuple[float, float]] = {}

    def show(self, incident: Incident | None) -> None:
        self._focus = incident
        self._place()

    def set_open(self, incidents: list[Incident]) -> bool:
        """Take the queue over; return whether a mark is to be drawn otherwise. A storm changes much that no mark shows."""
        before = self._marks
        self._open = list(incidents)
        self._place()
        return before != self._marks

    @property
    def focus_at(self) -> tuple[float, float] | None:
        """Where the incident that is worked on lies, in metres."""
        return self._at.get(self._focus.id) if self._focus else None

    def others_at(self) -> list[tuple[float, float]]:
        """Where the other open incidents lie, in metres; each place once."""
        return list(dict.fromkeys(at for at, _, _ in self._marks))

    def paint(self, painter: QPainter, view: MapView) -> None:
        for at, priority, is_claimed in self._marks:
            sprites.draw_at(painter, sprites.incident_mark(priority, is_claimed, self.ratio), *view.to_screen(*at))
        if self._focus is not None and self._focus.id in self._at:
            x, y = view.to_screen(*self._at[self._focus.id])
            self._paint_ring(painter, x, y, max(self._uncertainty_px(view), SMALLEST_RING_PX))
            sprites.draw_at(painter, sprites.incident_focus(self._focus.priority, self.ratio), x, y)

    def _paint_ring(self, painter: QPainter, x: float, y: float, radius_px: float) -> None:
        if radius_px <= LARGEST_KEPT_RING_PX:
            sprites.draw_at(painter, sprites.ring(round(radius_px), self.ratio), x, y)
        else:
            _paint_large_ring(painter, QPointF(x, y), radius_px)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        first = [self._focus] if self._focus is not None and self._focus.id in self._at else []
        for incident in (*first, *reversed(self._others())):
            x, y = view.to_screen(*self._at[incident.id])
            if abs(x - at.x()) + abs(y - at.y()) <= (FOCUS_PX if incident is self._focus else MARK_PX) + 4.0:
                return _hit(incident, x, y)
        return None

    def _place(self) -> None:
        """Work positions and marks out once, not in every frame; marks that would cover each other wholly are one."""
        everyone = (*self._open, *([self._focus] if self._focus else []))
        known, self._plane = self._plane, {}
        for position in {i.position for i in everyone if i.position is not None}:
            self._plane[position] = known.get(position) or plane.xy_of(position)
        self._at = {i.id: self._plane[i.position] for i in everyone if i.position is not None}
        marks = [(self._at[i.id], i.priority, i.claimed_by is not None) for i in self._others()]
        self._marks = list(dict.fromkeys(reversed(marks)))[::-1]

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


def _paint_large_ring(painter: QPainter, at: QPointF, radius_px: float) -> None:
    """Paint a ring that is too large to keep as a picture: a missing person's, for one."""
    pen = QPen(colour("danger", 0.8), 1.3)
    pen.setDashPattern([4.0, 3.5])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius_px, radius_px)
