"""The incident's ranked cameras: what each sees of the ground (cones) and where it stands (numbers)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QRadialGradient

from smartcity_console.city import City, plane
from smartcity_console.console.map import sprites
from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.view import MapView
from smartcity_console.console.map.wording import camera_line, reason_line, seen_line, state_line
from smartcity_console.console.theme import colour
from smartcity_console.model.camera import Camera, Ownership, SeenBy
from smartcity_console.model.centre import CameraState

ViewPolygon = Callable[[Camera], Any]  # -> shapely (Multi)Polygon in metres
HIT_PX = 13.0
MAX_CONES = 256  # kept; a cone changes only with its camera's pose


@dataclass(frozen=True)
class Cone:
    """What a camera sees: paths in metres from the camera, y down, and how far they reach."""

    paths: tuple[QPainterPath, ...]
    reach_m: float


def cone_of(shape: Any, x_m: float, y_m: float) -> Cone:
    """Return a view polygon as paths around its camera."""
    packed = Packed.of(np.array([shape], dtype=object))
    paths = packed.paths(np.arange(len(packed.parts)), 1.0, x_m, -y_m)
    reach = np.hypot(*(packed.xy - (x_m, y_m)).T).max(initial=0.0)
    return Cone(tuple(paths), float(reach))


class SeenLayer:
    """State shared by the two layers of an incident's cameras."""

    def __init__(self, city: City, pool: JobPool, view_polygon: ViewPolygon, changed: Callable[[], None]) -> None:
        self.seen_by: list[SeenBy] = []
        self.selected: str | None = None
        self.states: Mapping[str, CameraState] = {}
        self.cones: dict[str, Cone] = {}
        self.ratio = 1.0
        self._city, self._pool, self._view_polygon, self._changed = city, pool, view_polygon, changed

    def show(self, seen_by: Iterable[SeenBy]) -> None:
        """Number these cameras 1..n; a camera that the catalogue no longer has is left out."""
        self.seen_by = [seen for seen in seen_by if seen.camera_id in self._city.cameras]
        self.want_cones()

    def want_cones(self) -> None:
        """Have the cones worked out that are shown and not known yet."""
        shown = [seen.camera_id for seen in self.seen_by]
        if self.selected in self._city.cameras and self.selected not in shown:
            shown.append(self.selected)
        missing = [self._city.cameras[id_] for id_ in shown if id_ not in self.cones]
        self._pool.post("cones", [self._job(n, camera) for n, camera in enumerate(missing)])

    def at(self, camera_id: str) -> tuple[float, float]:
        """Return where a camera stands, in metres."""
        return plane.xy_of(self._city.cameras[camera_id].position)

    def is_private(self, camera_id: str) -> bool:
        return self._city.cameras[camera_id].ownership is Ownership.PRIVATE

    def is_lost(self, camera_id: str) -> bool:
        state = self.states.get(camera_id)
        return state is not None and not state.connected

    def hit_of(self, number: int, seen: SeenBy, x: float, y: float) -> Hit:
        camera = self._city.cameras[seen.camera_id]
        lines = (seen_line(seen), reason_line(seen), camera_line(camera), state_line(self.states.get(camera.id)))
        return Hit("camera", camera.id, x, y, f"{number} · {camera.name}", tuple(line for line in lines if line))

    def _job(self, order: int, camera: Camera) -> Job:
        x, y = plane.xy_of(camera.position)
        run = partial(_work_out, self._view_polygon, camera, x, y)
        return Job(camera.id, -100.0 + order, run, partial(self._take, camera.id))

    def _take(self, camera_id: str, cone: Cone) -> None:
        self.cones[camera_id] = cone
        while len(self.cones) > MAX_CONES:
            del self.cones[next(iter(self.cones))]
        self._changed()


def _work_out(view_polygon: ViewPolygon, camera: Camera, x_m: float, y_m: float) -> Cone:
    return cone_of(view_polygon(camera), x_m, y_m)


class ConeLayer:
    """Translucent cones, brighter towards the camera; where several see the ground it lightens."""

    def __init__(self, cameras: SeenLayer) -> None:
        self._cameras = cameras

    def paint(self, painter: QPainter, view: MapView) -> None:
        shown = [seen.camera_id for seen in self._cameras.seen_by]
        selected = self._cameras.selected
        for camera_id in reversed(shown):
            if camera_id != selected:
                self._cone(painter, view, camera_id, False)
        if selected is not None:
            self._cone(painter, view, selected, True)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 a cone is seen, its number is taken
        return None

    def _cone(self, painter: QPainter, view: MapView, camera_id: str, selected: bool) -> None:
        cone = self._cameras.cones.get(camera_id)
        if cone is None or not cone.paths:
            return
        name = "map_cone_private" if self._cameras.is_private(camera_id) else "map_cone"
        x, y = view.to_screen(*self._cameras.at(camera_id))
        painter.save()
        painter.translate(x, y)
        painter.scale(view.px_per_m, view.px_per_m)
        brush = _fading(name, cone.reach_m, selected)
        for path in cone.paths:
            painter.fillPath(path, brush)
        self._edge(painter, cone, name, selected)
        painter.restore()

    @staticmethod
    def _edge(painter: QPainter, cone: Cone, name: str, selected: bool) -> None:
        pen = QPen(colour(name, 0.85 if selected else 0.28), 1.6 if selected else 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in cone.paths:
            painter.drawPath(path)


def _fading(name: str, reach_m: float, selected: bool) -> QBrush:
    near, far = (0.42, 0.20) if selected else (0.26, 0.10)
    gradient = QRadialGradient(QPointF(0.0, 0.0), max(reach_m, 1.0))
    gradient.setColorAt(0.0, colour(name, near))
    gradient.setColorAt(1.0, colour(name, far))
    return QBrush(gradient)


class NumberLayer:
    """The numbers 1..n in rank order, the first on top; the selected one above all."""

    def __init__(self, cameras: SeenLayer) -> None:
        self._cameras = cameras

    def paint(self, painter: QPainter, view: MapView) -> None:
        for number, seen in sorted(self._numbers(), key=lambda item: (self._is_selected(item[1]), -item[0])):
            x, y = view.to_screen(*self._cameras.at(seen.camera_id))
            private, lost = self._cameras.is_private(seen.camera_id), self._cameras.is_lost(seen.camera_id)
            sprite = sprites.numbered(number, private, lost, self._is_selected(seen), self._cameras.ratio)
            sprites.draw_at(painter, sprite, x, y)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        """Return the topmost number under the point: the selected one, else the lowest."""
        for number, seen in sorted(self._numbers(), key=lambda item: (not self._is_selected(item[1]), item[0])):
            x, y = view.to_screen(*self._cameras.at(seen.camera_id))
            if (x - at.x()) ** 2 + (y - at.y()) ** 2 <= HIT_PX**2:
                return self._cameras.hit_of(number, seen, x, y)
        return None

    def _numbers(self) -> list[tuple[int, SeenBy]]:
        return list(enumerate(self._cameras.seen_by, start=1))

    def _is_selected(self, seen: SeenBy) -> bool:
        return seen.camera_id == self._cameras.selected
