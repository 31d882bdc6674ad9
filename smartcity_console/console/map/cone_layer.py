"""What the ranked cameras see of the ground, as one picture that a worker draws and every frame copies.

Filling six cones of a few hundred corners with a gradient costs 6 ms a frame; copying their picture 0.3 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPen, QRadialGradient

from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.seen_layer import Cone, ConeKey, SeenCameras
from smartcity_console.console.map.view import Bounds, MapView, scale_of
from smartcity_console.console.theme import colour

BEYOND_PX = 320.0  # drawn beyond the screen's edge


@dataclass(frozen=True)
class PlacedCone:
    """A cone where it stands and how it looks."""

    camera_id: str
    cone: Cone
    x_m: float
    y_m: float
    private: bool
    selected: bool
    directed: bool  # not known where it looks: a dashed ring without ground
    turned: bool  # not what it sees now, but after turning: drawn with dashes


@dataclass(frozen=True)
class ConePicture:
    """Cones drawn for a zoom step within bounds; no image where there is nothing to draw."""

    level: int
    ratio: float
    placed: tuple[PlacedCone, ...]
    covers_m: Bounds | None = None  # what was asked for
    bounds_m: Bounds | None = None  # the image's own edges, on whole pixels
    image: QImage | None = None


NOTHING = ConePicture(0, 1.0, ())


class ConeLayer:
    """Translucent cones, brighter towards the camera; where several see the ground it lightens.

    A camera of unknown direction has a dashed ring about it: it may see any of that ground, and promises none.
    """

    def __init__(self, cameras: SeenCameras, pool: JobPool, changed: Callable[[], None]) -> None:
        self._cameras, self._pool, self._changed = cameras, pool, changed
        self._picture = NOTHING
        self._asked, self._shown, self._ratio = 0, 0, 1.0

    def want(self, view: MapView, ratio: float) -> None:
        """Have the picture drawn for a view at rest, unless the one that is there serves it."""
        self._ratio = ratio
        if self.complete(view):
            return
        self._asked += 1
        run = partial(draw_cones, view.level, ratio, self._placed(), view.bounds_m(BEYOND_PX))
        self._pool.post("cone picture", [Job(self._asked, -50.0, run, partial(self._take, self._asked))])

    def complete(self, view: MapView) -> bool:
        """Return whether the picture is the one for a view at rest."""
        placed = self._placed()
        if placed != self._picture.placed:
            return False
        needed = _meet(_bounds_of(placed), view.bounds_m())
        drawn_for = (self._picture.level, self._picture.ratio)
        return needed is None or (drawn_for == (view.level, self._ratio) and _within(needed, self._picture.covers_m))

    def paint(self, painter: QPainter, view: MapView) -> None:
        picture = self._picture
        if picture.image is None or picture.bounds_m is None or not self._still_shown():
            return
        west, south, east, north = picture.bounds_m
        left, top = view.to_screen(west, north)
        if view.px_per_m == scale_of(picture.level):
            painter.drawImage(round(left), round(top), picture.image)
            return
        right, bottom = view.to_screen(east, south)
        painter.drawImage(QRect(round(left), round(top), round(right - left), round(bottom - top)), picture.image)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 a cone is seen, its number is taken
        return None

    def _placed(self) -> tuple[PlacedCone, ...]:
        cones = ((id_, self._cameras.cone_key(id_)) for id_ in self._cameras.shown())
        known = self._cameras.cones
        return tuple(self._place(id_, key) for id_, key in cones if key in known and known[key].paths)

    def _place(self, camera_id: str, key: ConeKey) -> PlacedCone:
        x, y = self._cameras.at(camera_id)
        private, selected = self._cameras.is_private(camera_id), self._is_selected(camera_id)
        directed = self._cameras.direction_known(camera_id)
        cone = self._cameras.cones[key]
        return PlacedCone(camera_id, cone, x, y, private, selected, directed, turned=key[1] is not None)

    def _is_selected(self, camera_id: str) -> bool:
        return camera_id == self._cameras.selected

    def _still_shown(self) -> bool:
        """A picture of the last incident's cones must not lie under the next incident."""
        return {placed.camera_id for placed in self._picture.placed} <= set(self._cameras.shown())

    def _take(self, asked: int, picture: ConePicture) -> None:
        if asked > self._shown:
            self._shown, self._picture = asked, picture
            self._changed()


def draw_cones(level: int, ratio: float, placed: tuple[PlacedCone, ...], bounds: Bounds) -> ConePicture:
    """Return the picture of some cones as far as they lie within bounds."""
    cut = _meet(_bounds_of(placed), bounds)
    if cut is None:
        return ConePicture(level, ratio, placed)
    scale = scale_of(level)
    left, top = round(cut[0] * scale), round(-cut[3] * scale)
    wide, high = round((cut[2] - cut[0]) * scale) + 2, round((cut[3] - cut[1]) * scale) + 2
    image = QImage(round(wide * ratio), round(high * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for one in placed:
        _draw_cone(painter, one, scale, left, top)
    painter.end()
    snapped = (left / scale, -(top + high) / scale, (left + wide) / scale, -top / scale)
    return ConePicture(level, ratio, placed, cut, snapped, image)


def _draw_cone(painter: QPainter, one: PlacedCone, scale: float, left: int, top: int) -> None:
    name = "map_cone_private" if one.private else "map_cone"
    painter.save()
    painter.translate(one.x_m * scale - left, -one.y_m * scale - top)
    painter.scale(scale, scale)
    pen = QPen(colour(name, 0.9 if one.selected else 0.55 if one.turned else 0.35), 1.6 if one.selected else 1.0)
    pen.setCosmetic(True)
    if one.turned or not one.directed:
        pen.setDashPattern([5.0, 4.0])
    painter.setPen(pen)
    painter.setBrush(_fading(name, one.cone.reach_m, one.selected) if one.directed else Qt.BrushStyle.NoBrush)
    for path in one.cone.paths:
        painter.drawPath(path)
    painter.restore()


def _fading(name: str, reach_m: float, selected: bool) -> QBrush:
    near, far = (0.46, 0.22) if selected else (0.30, 0.13)
    gradient = QRadialGradient(QPointF(0.0, 0.0), max(reach_m, 1.0))
    gradient.setColorAt(0.0, colour(name, near))
    gradient.setColorAt(1.0, colour(name, far))
    return QBrush(gradient)


def _bounds_of(placed: tuple[PlacedCone, ...]) -> Bounds | None:
    if not placed:
        return None
    return (
        min(p.x_m - p.cone.reach_m for p in placed),
        min(p.y_m - p.cone.reach_m for p in placed),
        max(p.x_m + p.cone.reach_m for p in placed),
        max(p.y_m + p.cone.reach_m for p in placed),
    )


def _meet(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    """Return what two bounds share."""
    if one is None or other is None:
        return None
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west < east and south < north else None


def _within(inner: Bounds, outer: Bounds | None) -> bool:
    return _meet(inner, outer) == inner
