"""Where something was seen to move: a patrol car, a person who is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from smartcity_console.city import plane
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.shapes import painter_path
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour
from smartcity_console.console.times import clock_text
from smartcity_console.model.incident import Incident

HIT_PX = 9.0
APART_M = 15.0
MOVED_PLACES = 2


@dataclass(frozen=True, eq=False)
class Track:
    """`xy_m` (points, 2) from the oldest to the newest place, in metres of the plane."""

    id: str
    title: str
    xy_m: np.ndarray


class TrackLayer:
    """A line that ends in a disc where it is now."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []

    def show(self, tracks: list[Track]) -> None:
        self._tracks = [track for track in tracks if len(track.xy_m)]

    def paint(self, painter: QPainter, view: MapView) -> None:
        for track in self._tracks:
            x, y = view.to_screen(track.xy_m[:, 0], track.xy_m[:, 1])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("ok", 0.85), 2.0, Qt.PenStyle.DashLine))
            painter.drawPath(painter_path(x, y, np.zeros(1, dtype=np.int64)))
            painter.setBrush(colour("ok"))
            painter.drawEllipse(QPointF(x[-1], y[-1]), 5.0, 5.0)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        for track in reversed(self._tracks):
            x, y = view.to_screen(float(track.xy_m[-1, 0]), float(track.xy_m[-1, 1]))
            if (x - at.x()) ** 2 + (y - at.y()) ** 2 <= HIT_PX**2:
                return Hit("track", track.id, x, y, track.title)
        return None


def tracks_of(incident: Incident | None) -> list[Track]:
    """Return the way of an incident whose alerts came from several places, as one who is looked for does.

    Places nearer to each other than a neighbour's door are one.
    """
    placed = [alert for alert in (incident.alerts if incident else ()) if alert.position is not None]
    placed.sort(key=lambda alert: alert.occurred_at)
    xy = [plane.xy_of(alert.position) for alert in placed if alert.position is not None]
    apart = [at for n, at in enumerate(xy) if not n or hypot(at[0] - xy[n - 1][0], at[1] - xy[n - 1][1]) >= APART_M]
    if incident is None or len(apart) < MOVED_PLACES:
        return []
    times = f"{clock_text(placed[0].occurred_at)} → {clock_text(placed[-1].occurred_at)}"
    return [Track(incident.id, times, np.array(apart, dtype=float))]
