"""All cameras of the catalogue: dots, and counted bubbles where they would lie on each other.

Workers count and paint tile by tile; a frame copies pictures and stands a few hundred bubbles on them. Only cameras of
which a recorder has said something, a few hundred, are drawn anew in each frame.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from smartcity_console.city import City, plane
from smartcity_console.console.language import translate
from smartcity_console.console.map import sprites
from smartcity_console.console.map.camera_field import CameraField, Piece
from smartcity_console.console.map.clusters import TileCounts, cells_of, count_tile, own_cells
from smartcity_console.console.map.jobs import JobPool
from smartcity_console.console.map.label_layout import Obstacle
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.overlay_layer import OverlayLayer, blank_tile
from smartcity_console.console.map.shapes import points_at
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import MapView, scale_of
from smartcity_console.console.map.wording import camera_line, state_line
from smartcity_console.console.theme import colour
from smartcity_console.model.camera import Camera, Ownership
from smartcity_console.model.centre import CameraState

SOME_DOTS_FROM_PX_PER_M, ALL_DOTS_FROM_PX_PER_M = 0.34, 0.7
FEW, SOME = 2, 10  # cameras of a cell that keep their dots below and above the first of these scales
HIT_PX = 8.0
RING_PX = 9.0
DOT_PX = 6.0  # across


def most_dots(px_per_m: float) -> float:
    """Return up to how many cameras of a cell are shown one by one at a scale."""
    if px_per_m >= ALL_DOTS_FROM_PX_PER_M:
        return np.inf
    return SOME if px_per_m >= SOME_DOTS_FROM_PX_PER_M else FEW


@dataclass(frozen=True)
class Look:
    """How the dots of one kind look; `connected` is None where no recorder has said anything."""

    private: bool
    connected: bool | None
    directed: bool = True  # hollow where it is not known which way it looks

    def paint(self, painter: QPainter, points: QPolygonF) -> None:
        cap = Qt.PenCapStyle.SquareCap if self.private else Qt.PenCapStyle.RoundCap
        across = DOT_PX - 1.0 if self.private else DOT_PX  # a square looks larger than a disc
        for name, alpha, width_px in self._coats(across):
            painter.setPen(QPen(colour(name, alpha), width_px, Qt.PenStyle.SolidLine, cap))
            painter.drawPoints(points)

    def _coats(self, across: float) -> list[tuple[str, float, float]]:
        middle = [] if self.directed else [("map_mark_ground", 1.0, across - 2.0)]
        across += 0.0 if self.directed else 1.5  # a ring of a dot's size looks smaller
        if self.connected is None:
            return [("neutral", 0.85, across), *middle]
        if self.connected:
            return [("map_cone_private" if self.private else "map_cone", 0.9, across), *middle]
        return [("warn", 1.0, across + 2.0), ("map_mark_ground", 1.0, across - 1.5)]


@dataclass(frozen=True)
class CameraTile:
    """A tile's bubbles, and its dots with their picture."""

    counts: TileCounts
    own: Piece  # the dots that stand in the tile itself
    image: QImage | None


def paint_cameras(field: CameraField, key: TileKey, ratio: float) -> CameraTile:
    """Return a tile's cameras; on any thread."""
    counts = count_tile(field, key, most_dots(scale_of(key.level)))
    dots = counts.dots
    own = dots.only(own_cells()[cells_of(dots.x_m, dots.y_m, key)])
    for count in np.unique(counts.count).tolist():
        sprites.cluster(count, ratio)  # drawn here and kept by the sprites: no frame pays for it
    return CameraTile(counts, own, _dots(field, dots, key, ratio) if len(dots.rows) else None)


def _dots(field: CameraField, dots: Piece, key: TileKey, ratio: float) -> QImage:
    image, scale = blank_tile(ratio), scale_of(key.level)
    x = np.round(dots.x_m * scale) - key.column * TILE_PX
    y = np.round(-dots.y_m * scale) - key.row * TILE_PX
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    directed = field.directed(dots.rows)
    for private, known in ((False, False), (True, False), (False, True), (True, True)):
        chosen = (dots.private == private) & (directed == known)
        if chosen.any():
            Look(private, None, known).paint(painter, points_at(x[chosen], y[chosen]))
    painter.end()
    return image


class CameraLayer(OverlayLayer[CameraTile]):
    """Round dots are public, square ones private; hollow where the picture is lost."""

    def __init__(self, city: City, field: CameraField, pool: JobPool, stale: Callable[[], None]) -> None:
        super().__init__(pool, "cameras", partial(paint_cameras, field), stale)
        self._city, self._field = city, field
        self._states: Mapping[str, CameraState] = {}
        self._told: dict[str, tuple[float, float, bool, bool]] = {}  # those with a state
        self._numbered: frozenset[str] = frozenset()
        self._looks: list[tuple[Look, np.ndarray]] = []
        self._ring_at: tuple[float, float] | None = None
        self._selected: str | None = None
        self.ratio = 1.0

    def set_states(self, states: Mapping[str, CameraState]) -> None:
        self._states = dict(states)
        self._told = {id_: self._told.get(id_) or _place(self._city.cameras[id_]) for id_ in self._known(states)}
        self._sort()

    def poses_changed(self) -> None:
        """Draw anew: it may be known now where some look, or not any more."""
        self._told = {id_: _place(self._city.cameras[id_]) for id_ in self._told}
        self._sort()
        self.renew()

    def set_numbered(self, camera_ids: Collection[str]) -> None:
        """Leave the cameras that stand on the map with a number to their numbers."""
        self._numbered = frozenset(camera_ids)
        self._sort()

    def set_selected(self, camera_id: str | None) -> None:
        self._selected = camera_id
        self._ring_at = _place(self._city.cameras[camera_id])[:2] if self._known([camera_id]) else None

    def paint(self, painter: QPainter, view: MapView) -> None:
        if not self.shown:
            return
        super().paint(painter, view)
        self._paint_told(painter, view)
        for x_m, y_m, count in self._bubbles(view):
            x, y = view.to_screen(x_m, y_m)
            if -30 < x < view.width_px + 30 and -30 < y < view.height_px + 30:
                sprites.draw_at(painter, sprites.cluster(count, self.ratio), x, y)
        self._ring(painter, view)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        if not self.shown:
            return None
        return self._hit_bubble(at, view) or self._hit_dot(at, view)

    def obstacles(self, view: MapView, margin_px: float) -> tuple[Obstacle, ...]:
        """Return the bubbles that names keep clear of."""
        found = self._bubbles(view, margin_px) if self.shown and self.complete(view) else []
        return tuple(Obstacle(x, y, sprites.cluster_radius_px(count)) for x, y, count in found)

    def _known(self, ids: Collection[str | None]) -> list[str]:
        return [id_ for id_ in ids if id_ is not None and id_ in self._city.cameras]

    def _bubbles(self, view: MapView, margin_px: float = 0.0) -> list[tuple[float, float, int]]:
        tiles = (tile.counts for _, tile in self.on_screen(view, margin_px))
        return [b for t in tiles for b in zip(t.x_m.tolist(), t.y_m.tolist(), t.count.tolist(), strict=True)]

    def _sort(self) -> None:
        """Put the cameras that a recorder has spoken of into groups of one look."""
        groups: dict[Look, list[tuple[float, float]]] = {}
        for id_, (x, y, private, directed) in self._told.items():
            if id_ not in self._numbered:
                groups.setdefault(Look(private, self._states[id_].connected, directed), []).append((x, y))
        self._looks = [(look, np.array(places)) for look, places in groups.items()]

    def _paint_told(self, painter: QPainter, view: MapView) -> None:
        if view.px_per_m < SOME_DOTS_FROM_PX_PER_M:
            return
        for look, places in self._looks:
            x, y = view.to_screen(places[:, 0], places[:, 1])
            inside = (x > -16) & (y > -16) & (x < view.width_px + 16) & (y < view.height_px + 16)
            if inside.any():
                look.paint(painter, points_at(np.round(x[inside]), np.round(y[inside])))

    def _ring(self, painter: QPainter, view: MapView) -> None:
        """Mark the selected camera when it has no number of its own."""
        if self._ring_at is None or self._selected in self._numbered:
            return
        painter.setBrush(colour("accent", 0.18))
        painter.setPen(QPen(colour("accent"), 2.0))
        painter.drawEllipse(QPointF(*view.to_screen(*self._ring_at)), RING_PX, RING_PX)

    def _hit_dot(self, at: QPointF, view: MapView) -> Hit | None:
        for _, tile in self.on_screen(view):
            x, y = view.to_screen(tile.own.x_m, tile.own.y_m)
            away = np.hypot(x - at.x(), y - at.y())
            for index in np.argsort(away)[:4].tolist():
                if away[index] > HIT_PX:
                    break
                (id_,) = self._field.ids_of([int(tile.own.rows[index])])
                if id_ not in self._numbered:
                    return self._hit(id_, float(x[index]), float(y[index]))
        return None

    def _hit(self, camera_id: str, x: float, y: float) -> Hit:
        camera = self._city.cameras[camera_id]
        unknown = "" if camera.indoor or camera.pose.azimuth_deg is not None else translate("Map", "direction unknown")
        lines = (camera_line(camera, self._count(camera.id)), unknown, state_line(self._states.get(camera.id)))
        return Hit("camera", camera.id, x, y, camera.name, tuple(line for line in lines if line))

    def _count(self, camera_id: str) -> int:
        index = self._city.roll.index_of(camera_id)
        return 1 if index is None else int(self._city.columns.count[index])

    def _hit_bubble(self, at: QPointF, view: MapView) -> Hit | None:
        for x_m, y_m, count in self._bubbles(view):
            x, y = view.to_screen(x_m, y_m)
            if (x - at.x()) ** 2 + (y - at.y()) ** 2 <= sprites.cluster_radius_px(count) ** 2:
                title = translate("Map", "{count} cameras").format(count=f"{count:,}")
                return Hit("cluster", f"{x_m:.0f},{y_m:.0f}", x, y, title, (translate("Map", "Click to zoom in"),))
        return None


def _place(camera: Camera) -> tuple[float, float, bool, bool]:
    """Return where a camera stands, whether it is private, and whether it is known where it looks."""
    x, y = plane.xy_of(camera.position)
    directed = camera.indoor or camera.pose.azimuth_deg is not None
    return x, y, camera.ownership is Ownership.PRIVATE, directed
