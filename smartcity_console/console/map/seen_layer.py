"""The incident's ranked cameras: what is known of them, and the numbers where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPen

from smartcity_console.city import City, plane
from smartcity_console.console.map import sprites
from smartcity_console.console.map.declutter import apart
from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.view import MapView, scale_of
from smartcity_console.console.map.wording import camera_line, state_line, why_line
from smartcity_console.console.theme import colour
from smartcity_console.model.camera import Camera, Ownership, SeenBy
from smartcity_console.model.centre import CameraState

ViewPolygon = Callable[[Camera], Any]  # -> shapely (Multi)Polygon in metres
HIT_PX = 13.0
GAP_PX, ROCK_GAP_PX = 26.0, 32.0  # numbers keep this far from each other and from the incident
MAX_CONES = 256  # kept; a cone changes only with its camera's pose


ConeKey = tuple[str, float | None]
"""A camera and the azimuth to which it would turn for the incident; None: it is taken as it stands."""


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


class SeenCameras:
    """What the layers of an incident's cameras share. `changed` is called when a cone has been worked out."""

    def __init__(self, city: City, pool: JobPool, view_polygon: ViewPolygon, changed: Callable[[], None]) -> None:
        self.seen_by: list[SeenBy] = []
        self.selected: str | None = None
        self.states: Mapping[str, CameraState] = {}
        self.cones: dict[ConeKey, Cone] = {}
        self.unlocked: Collection[str] = ()  # private cameras that are open for the incident
        self.ratio = 1.0
        self._city, self._pool, self._view_polygon, self._changed = city, pool, view_polygon, changed
        self._at: dict[str, tuple[float, float]] = {}
        self._counts: dict[str, int] = {}
        self._poses: Counter[str] = Counter()  # how often each camera's pose has changed
        self._cameras: dict[str, Camera] = {}  # those that are shown: no frame asks the catalogue

    def show(self, seen_by: Iterable[SeenBy]) -> None:
        """Number these cameras 1..n; a camera that the catalogue no longer has is left out."""
        self._cameras, self._at = {}, {}
        self.seen_by = [seen for seen in seen_by if self._camera(seen.camera_id) is not None]
        self.want_cones()

    def forget(self, camera_ids: Collection[str]) -> None:
        """Look some cameras up anew: they stand otherwise than they did. Their old cones show until the new are there."""
        for key in [key for key in self.cones if key[0] in camera_ids]:
            del self.cones[key]
        for camera_id in camera_ids:
            self._cameras.pop(camera_id, None)
            self._poses[camera_id] += 1
        self.want_cones()

    def want_cones(self) -> None:
        """Have the cones worked out that are shown and not known yet."""
        missing = [key for key in map(self.cone_key, self.shown()) if key not in self.cones]
        self._pool.post("cones", [self._job(n, key) for n, key in enumerate(missing)])

    def cone_key(self, camera_id: str) -> ConeKey:
        """Return what a camera's cone depends on: a PTZ that must turn is shown as it would then look."""
        turning = (s for s in self.seen_by if s.camera_id == camera_id and not s.in_view and s.turn_s > 0.0)
        seen = next(turning, None)
        return camera_id, seen.bearing_deg if seen else None

    def shown(self) -> list[str]:
        """Return the cameras whose cones are shown: the ranked ones in order, and the selected one last."""
        ids = [seen.camera_id for seen in self.seen_by if seen.camera_id != self.selected]
        return [*ids, self.selected] if self.selected and self._camera(self.selected) else ids

    def at(self, camera_id: str) -> tuple[float, float]:
        """Return where a camera stands, in metres."""
        if camera_id not in self._at:
            self._at[camera_id] = plane.xy_of(self._known(camera_id).position)
        return self._at[camera_id]

    def is_private(self, camera_id: str) -> bool:
        return self._known(camera_id).ownership is Ownership.PRIVATE

    def _camera(self, camera_id: str) -> Camera | None:
        """Return a camera, or None when the catalogue does not have it."""
        if camera_id not in self._cameras:
            camera = self._city.cameras.get(camera_id)
            if camera is None:
                return None
            self._cameras[camera_id] = camera
        return self._cameras[camera_id]

    def _known(self, camera_id: str) -> Camera:
        camera = self._camera(camera_id)
        assert camera is not None, camera_id
        return camera

    def is_lost(self, camera_id: str) -> bool:
        state = self.states.get(camera_id)
        return state is not None and not state.connected

    def hit_of(self, number: int, seen: SeenBy, x: float, y: float) -> Hit:
        camera = self._known(seen.camera_id)
        lines = (self.why(seen), camera_line(camera, self.count_of(camera.id)), state_line(self.states.get(camera.id)))
        return Hit("camera", camera.id, x, y, f"{number} · {camera.name}", tuple(line for line in lines if line))

    def why(self, seen: SeenBy) -> str:
        """Return why a camera stands at its rank."""
        opened = seen.camera_id in self.unlocked
        return why_line(seen, self.states.get(seen.camera_id), self.count_of(seen.camera_id), opened=opened)

    def count_of(self, camera_id: str) -> int:
        """Return how many cameras a record stands for."""
        if camera_id not in self._counts:
            index = self._city.roll.index_of(camera_id)
            self._counts[camera_id] = 1 if index is None else int(self._city.columns.count[index])
        return self._counts[camera_id]

    def direction_known(self, camera_id: str) -> bool:
        return self._known(camera_id).pose.azimuth_deg is not None

    def _job(self, order: int, key: ConeKey) -> Job:
        camera_id, azimuth_deg = key
        camera = self._known(camera_id)
        if azimuth_deg is not None:
            turned = msgspec.structs.replace(camera.pose, azimuth_deg=azimuth_deg)
            camera = msgspec.structs.replace(camera, pose=turned)
        run = partial(_work_out, self._view_polygon, camera, *self.at(camera_id))
        named = (key, self._poses[camera_id])
        return Job(named, -100.0 + order, run, partial(self._take, named))

    def _take(self, named: tuple[ConeKey, int], cone: Cone) -> None:
        key, pose_number = named
        if pose_number != self._poses[key[0]]:
            return  # it stands otherwise by now, and the new cone was asked for
        self.cones[key] = cone
        while len(self.cones) > MAX_CONES:
            del self.cones[next(iter(self.cones))]
        self._changed()


def _work_out(view_polygon: ViewPolygon, camera: Camera, x_m: float, y_m: float) -> Cone:
    return cone_of(view_polygon(camera), x_m, y_m)


class NumberLayer:
    """The numbers 1..n in rank order, the first on top; the selected one above all.

    Numbers that would lie on each other or on the incident stand aside, tied to their true place by a line.
    """

    def __init__(self, cameras: SeenCameras) -> None:
        self._cameras = cameras
        self.rock: tuple[float, float] | None = None  # the incident, in metres: numbers keep clear of it
        self._aside: tuple[object, list[tuple[float, float]]] = (None, [])

    def paint(self, painter: QPainter, view: MapView) -> None:
        numbers = sorted(self.places(view), key=lambda item: (self._is_selected(item[1]), -item[0]))
        for _, seen, x, y in numbers:
            self._tie(painter, view, seen, x, y)
        for number, seen, x, y in numbers:
            private, lost = self._cameras.is_private(seen.camera_id), self._cameras.is_lost(seen.camera_id)
            sprite = sprites.numbered(number, private, lost, self._is_selected(seen), self._cameras.ratio)
            sprites.draw_at(painter, sprite, x, y)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        """Return the topmost number under the point: the selected one, else the lowest."""
        for number, seen, x, y in sorted(self.places(view), key=lambda item: (not self._is_selected(item[1]), item[0])):
            if (x - at.x()) ** 2 + (y - at.y()) ** 2 <= HIT_PX**2:
                return self._cameras.hit_of(number, seen, x, y)
        return None

    def places(self, view: MapView) -> list[tuple[int, SeenBy, float, float]]:
        """Return (number, camera, x, y) in pixels of the screen."""
        asides = self._asides(view.level)
        placed = []
        for number, (seen, (right, down)) in enumerate(zip(self._cameras.seen_by, asides, strict=True), start=1):
            x, y = view.to_screen(*self._cameras.at(seen.camera_id))
            placed.append((number, seen, x + right, y + down))
        return placed

    def _asides(self, level: int) -> list[tuple[float, float]]:
        """Return how far each number stands from its true place, in pixels; worked out once for a zoom step."""
        scale = scale_of(level)
        points = [(x * scale, -y * scale) for x, y in (self._cameras.at(s.camera_id) for s in self._cameras.seen_by)]
        rocks = [(self.rock[0] * scale, -self.rock[1] * scale)] if self.rock else []
        key = (points, rocks)
        if self._aside[0] != key:
            moved = apart(points, rocks, GAP_PX, ROCK_GAP_PX)
            self._aside = (key, [(mx - x, my - y) for (mx, my), (x, y) in zip(moved, points, strict=True)])
        return self._aside[1]

    def _tie(self, painter: QPainter, view: MapView, seen: SeenBy, x: float, y: float) -> None:
        true_x, true_y = view.to_screen(*self._cameras.at(seen.camera_id))
        if (true_x - x) ** 2 + (true_y - y) ** 2 > 3.0**2:
            painter.setPen(QPen(colour("map_cone"), 1.3))
            painter.setBrush(colour("map_cone"))
            painter.drawLine(QPointF(true_x, true_y), QPointF(x, y))
            painter.drawEllipse(QPointF(true_x, true_y), 2.4, 2.4)

    def _is_selected(self, seen: SeenBy) -> bool:
        return seen.camera_id == self._cameras.selected
