"""All cameras of the catalogue: dots from a zoom on, counted bubbles below it.

Dots of one look are one call to the painter: hundreds of calls a frame would each have to win back Python's lock from
the workers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from smartcity_console.city import City
from smartcity_console.console.language import translate
from smartcity_console.console.map import sprites
from smartcity_console.console.map.clusters import Clusters, cluster_points
from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.label_layout import Obstacle
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.shapes import points_at
from smartcity_console.console.map.view import MapView, scale_of
from smartcity_console.console.map.wording import camera_line, state_line
from smartcity_console.console.theme import colour
from smartcity_console.model.camera import Ownership
from smartcity_console.model.centre import CameraState

DOTS_FROM_PX_PER_M = 0.34
HIT_PX = 8.0
RING_PX = 9.0
DOT_PX = 6.0  # across
NO_CLUSTERS = cluster_points(np.empty((0, 2)), 1.0)


@dataclass(frozen=True)
class Look:
    """How the dots of one kind look; `connected` is None where no recorder has said anything."""

    private: bool
    connected: bool | None

    def paint(self, painter: QPainter, points: QPolygonF) -> None:
        cap = Qt.PenCapStyle.SquareCap if self.private else Qt.PenCapStyle.RoundCap
        across = DOT_PX - 1.0 if self.private else DOT_PX  # a square looks larger than a disc
        for name, alpha, width_px in self._coats(across):
            painter.setPen(QPen(colour(name, alpha), width_px, Qt.PenStyle.SolidLine, cap))
            painter.drawPoints(points)

    def _coats(self, across: float) -> list[tuple[str, float, float]]:
        if self.connected is None:
            return [("neutral", 0.85, across)]
        if self.connected:
            return [("map_cone_private" if self.private else "map_cone", 0.9, across)]
        return [("warn", 1.0, across + 2.0), ("map_mark_ground", 1.0, across - 1.5)]


class CameraLayer:
    """Round dots are public, square ones private; hollow where the picture is lost."""

    def __init__(self, city: City, pool: JobPool, stale: Callable[[], None]) -> None:
        self._pool, self._stale = pool, stale
        self._cameras = city.cameras
        self._ids = city.camera_ids
        self._xy = city.camera_xy
        self._private = np.array([city.cameras[id_].ownership is Ownership.PRIVATE for id_ in self._ids], dtype=bool)
        self._states: Mapping[str, CameraState] = {}
        self._numbered: frozenset[str] = frozenset()
        self._looks: list[tuple[Look, np.ndarray]] = []
        self._selected: str | None = None
        self._clusters: dict[int, Clusters] = {}  # by zoom step: a dozen at most
        self.ratio = 1.0
        self._sort()

    def set_states(self, states: Mapping[str, CameraState]) -> None:
        self._states = dict(states)
        self._sort()

    def set_numbered(self, camera_ids: Collection[str]) -> None:
        """Leave out the cameras that stand on the map with a number."""
        self._numbered = frozenset(camera_ids)
        self._sort()

    def set_selected(self, camera_id: str | None) -> None:
        self._selected = camera_id

    def paint(self, painter: QPainter, view: MapView) -> None:
        if view.px_per_m < DOTS_FROM_PX_PER_M:
            self._paint_clusters(painter, view)
            return
        x, y = self._screen(view)
        inside = self._inside(x, y, view)
        for look, members in self._looks:
            shown = members[inside[members]]
            if len(shown):
                look.paint(painter, points_at(np.round(x[shown]), np.round(y[shown])))
        self._ring(painter, x, y)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        if view.px_per_m < DOTS_FROM_PX_PER_M:
            return self._hit_cluster(at, view)
        x, y = self._screen(view)
        away = np.hypot(x - at.x(), y - at.y())
        for index in np.argsort(away)[:8]:
            if away[index] > HIT_PX:
                return None
            if self._ids[index] not in self._numbered:
                return self._hit(int(index), float(x[index]), float(y[index]))
        return None

    def want(self, view: MapView, ratio: float) -> None:
        """Have the bubbles of a view at rest worked out, and their pictures drawn: 20 ms that no frame should pay."""
        if not self.complete(view):
            run = partial(_make_clusters, self._xy, view.level, ratio)
            self._pool.post("bubbles", [Job(view.level, -200.0, run, partial(self._take, view.level))])

    def complete(self, view: MapView) -> bool:
        return view.px_per_m >= DOTS_FROM_PX_PER_M or view.level in self._clusters

    def clusters(self, view: MapView) -> Clusters:
        """Return the bubbles of the view's zoom step, meanwhile those of the nearest one that is known."""
        nearest = min(self._clusters, key=lambda level: abs(level - view.level), default=None)
        return NO_CLUSTERS if nearest is None else self._clusters[nearest]

    def _take(self, level: int, clusters: Clusters) -> None:
        self._clusters[level] = clusters
        self._stale()

    def obstacles(self, view: MapView) -> tuple[Obstacle, ...]:
        """Return the bubbles that names keep clear of."""
        if view.px_per_m >= DOTS_FROM_PX_PER_M:
            return ()
        bubbles = self.clusters(view)
        counted = zip(bubbles.xy_m.tolist(), bubbles.count.tolist(), strict=True)
        return tuple(Obstacle(x, y, sprites.cluster_radius_px(count)) for (x, y), count in counted)

    def _screen(self, view: MapView) -> tuple[np.ndarray, np.ndarray]:
        return view.to_screen(self._xy[:, 0], self._xy[:, 1])

    @staticmethod
    def _inside(x: np.ndarray, y: np.ndarray, view: MapView) -> np.ndarray:
        return (x > -16) & (y > -16) & (x < view.width_px + 16) & (y < view.height_px + 16)

    def _sort(self) -> None:
        """Put the cameras without a number into groups of one look."""
        plain = np.array([id_ not in self._numbered for id_ in self._ids], dtype=bool)
        states = [self._states.get(id_) for id_ in self._ids]
        known = np.array([-1 if state is None else int(state.connected) for state in states])
        groups = (
            (Look(private, connected), np.flatnonzero(plain & (self._private == private) & (known == code)))
            for private in (False, True)
            for code, connected in ((-1, None), (1, True), (0, False))
        )
        self._looks = [(look, members) for look, members in groups if len(members)]

    def _ring(self, painter: QPainter, x: np.ndarray, y: np.ndarray) -> None:
        """Mark the selected camera when it has no number of its own."""
        if self._selected is None or self._selected in self._numbered or self._selected not in self._cameras:
            return
        index = self._ids.index(self._selected)
        painter.setBrush(colour("accent", 0.18))
        painter.setPen(QPen(colour("accent"), 2.0))
        painter.drawEllipse(QPointF(x[index], y[index]), RING_PX, RING_PX)

    def _paint_clusters(self, painter: QPainter, view: MapView) -> None:
        bubbles = self.clusters(view)
        x, y = view.to_screen(bubbles.xy_m[:, 0], bubbles.xy_m[:, 1])
        for index in np.flatnonzero(self._inside(x, y, view)).tolist():
            sprites.draw_at(painter, sprites.cluster(int(bubbles.count[index]), self.ratio), x[index], y[index])

    def _hit(self, index: int, x: float, y: float) -> Hit:
        camera = self._cameras[self._ids[index]]
        lines = (camera_line(camera), state_line(self._states.get(camera.id)))
        return Hit("camera", camera.id, x, y, camera.name, tuple(line for line in lines if line))

    def _hit_cluster(self, at: QPointF, view: MapView) -> Hit | None:
        bubbles = self.clusters(view)
        if not len(bubbles.count):
            return None
        x, y = view.to_screen(bubbles.xy_m[:, 0], bubbles.xy_m[:, 1])
        away = np.hypot(x - at.x(), y - at.y())
        index = int(np.argmin(away))
        if away[index] > sprites.cluster_radius_px(int(bubbles.count[index])):
            return None
        title = translate("Map", "{count} cameras").format(count=int(bubbles.count[index]))
        return Hit(
            "cluster", str(index), float(x[index]), float(y[index]), title, (translate("Map", "Click to zoom in"),)
        )


def _make_clusters(xy_m: np.ndarray, level: int, ratio: float) -> Clusters:
    clusters = cluster_points(xy_m, scale_of(level))
    for count in np.unique(clusters.count).tolist():
        sprites.cluster(count, ratio)  # kept by the sprites themselves
    return clusters
