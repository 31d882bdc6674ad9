"""The map's layers in their order, the threads behind them, and whether all that a view needs is there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from smartcity_console.city import City, view_polygon
from smartcity_console.console.map.agency_layer import AgencyLayer
from smartcity_console.console.map.camera_layer import CameraLayer
from smartcity_console.console.map.cone_layer import ConeLayer
from smartcity_console.console.map.hud_layer import HudLayer
from smartcity_console.console.map.incident_layer import IncidentLayer
from smartcity_console.console.map.jobs import JobPool
from smartcity_console.console.map.label_layer import LabelLayer
from smartcity_console.console.map.label_layout import Obstacle
from smartcity_console.console.map.layer import Hit, Layer
from smartcity_console.console.map.scene import Scene, scene_of
from smartcity_console.console.map.seen_layer import NumberLayer, SeenCameras, ViewPolygon
from smartcity_console.console.map.sprites import DISC_PX, FOCUS_PX, MARK_PX
from smartcity_console.console.map.tile_layer import PaintTile, TileLayer
from smartcity_console.console.map.tile_painter import TileKey, paint_tile
from smartcity_console.console.map.view import MapView

WORKERS = max(1, min(2, (os.cpu_count() or 2) - 1))  # one core stays for the GUI thread


class LazyScene:
    """The packed base map, made by whichever worker asks first."""

    def __init__(self, city: City) -> None:
        self._city, self._lock = city, threading.Lock()
        self._scene: Scene | None = None

    def __call__(self) -> Scene:
        with self._lock:
            if self._scene is None:
                self._scene = scene_of(self._city.base)
            return self._scene


class LayerStack:
    """Everything of the map but the widget. Both callables are called on the GUI thread: `changed` when a layer has
    something new to show, `stale` when something new is to be made for the view."""

    def __init__(
        self,
        city: City,
        changed: Callable[[], None],
        stale: Callable[[], None],
        view_polygon_of: ViewPolygon | None = None,
        tile_painter: PaintTile | None = None,
    ) -> None:
        self.pool = JobPool(WORKERS)
        scene = LazyScene(city)
        self.agencies = AgencyLayer(city)
        paint: PaintTile = tile_painter or partial(_paint_tile, scene)
        self.tiles = TileLayer(self.pool, paint, city.base.bounds_m, changed)
        self.labels = LabelLayer(self.pool, scene, self.agencies.names, changed)
        self.cameras = CameraLayer(city, self.pool, stale)
        self.seen = SeenCameras(city, self.pool, view_polygon_of or partial(view_polygon, city), stale)
        self.incidents = IncidentLayer()
        self.hud = HudLayer()
        self.cones, self.numbers = ConeLayer(self.seen, self.pool, changed), NumberLayer(self.seen)
        self.layers: list[Layer] = [
            self.tiles,
            self.cones,
            self.labels,
            self.cameras,
            self.agencies,
            self.incidents,
            self.numbers,
            self.hud,
        ]

    def paint(self, painter: QPainter, view: MapView) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer in self.layers:
            layer.paint(painter, view)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        """Return what lies under a point, the topmost first."""
        hits = (layer.hit(at, view) for layer in reversed(self.layers))
        return next((hit for hit in hits if hit is not None), None)

    def set_ratio(self, ratio: float) -> None:
        """Draw marks for a screen of so many device pixels per pixel."""
        self.cameras.ratio = self.agencies.ratio = self.seen.ratio = self.incidents.ratio = self.hud.ratio = ratio

    def want(self, view: MapView, ratio: float) -> None:
        """Have made what a view at rest needs and does not have."""
        self.cameras.want(view, ratio)
        self.numbers.rock = self.incidents.focus_at
        self.labels.avoid(self._obstacles(view))
        self.tiles.want(view, ratio)
        self.labels.want(view, ratio)
        self.cones.want(view, ratio)

    def complete(self, view: MapView) -> bool:
        """Return whether a view at rest would be painted in full."""
        layers = (self.tiles, self.cameras, self.labels, self.cones)
        return all(layer.complete(view) for layer in layers) and not self.pool.pending("cones")

    def _obstacles(self, view: MapView) -> tuple[Obstacle, ...]:
        numbers = [Obstacle(*self.seen.at(seen.camera_id), DISC_PX + 2.0) for seen in self.seen.seen_by]
        focus = self.incidents.focus_at
        fixed = [Obstacle(*focus, FOCUS_PX + 4.0)] if focus else []
        others = [Obstacle(*at, MARK_PX + 2.0) for at in self.incidents.others_at()]
        return (*numbers, *fixed, *others, *self.agencies.obstacles(view), *self.cameras.obstacles(view))


def _paint_tile(scene: Callable[[], Scene], key: TileKey, ratio: float) -> QImage:
    return paint_tile(scene(), key, ratio)


def joined(*parts: Any) -> str:
    """Return the parts that say something, for an accessible description."""
    return ". ".join(str(part) for part in parts if part)
