"""The map's layers in their order, the threads behind them, and whether all that a view needs is there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from smartcity_console.city import City, view_polygon
from smartcity_console.city.raster import RasterMap
from smartcity_console.console.map.agency_layer import AgencyLayer
from smartcity_console.console.map.alert_layer import AlertLayer
from smartcity_console.console.map.area_layer import AreaLayer
from smartcity_console.console.map.camera_field import field_of
from smartcity_console.console.map.camera_layer import CameraLayer
from smartcity_console.console.map.cone_layer import ConeLayer
from smartcity_console.console.map.coverage_layer import CoverageLayer, Survey
from smartcity_console.console.map.hud_layer import HudLayer
from smartcity_console.console.map.incident_layer import IncidentLayer
from smartcity_console.console.map.jobs import JobPool
from smartcity_console.console.map.label_layer import LabelLayer
from smartcity_console.console.map.label_layout import Obstacle
from smartcity_console.console.map.layer import Hit, Layer
from smartcity_console.console.map.overlay_layer import OverlayLayer
from smartcity_console.console.map.pin_layer import PinLayer
from smartcity_console.console.map.raster_painter import paint_raster
from smartcity_console.console.map.scene import Scene, scene_of
from smartcity_console.console.map.seen_layer import NumberLayer, SeenCameras, ViewPolygon
from smartcity_console.console.map.sighting_layer import SightingLayer
from smartcity_console.console.map.site_layer import SiteLayer
from smartcity_console.console.map.sprites import DISC_PX, FOCUS_PX, MARK_PX
from smartcity_console.console.map.tile_layer import PaintTile, TileLayer
from smartcity_console.console.map.tile_painter import TileKey, paint_tile
from smartcity_console.console.map.track_layer import TrackLayer
from smartcity_console.console.map.traffic_layer import TrafficLayer
from smartcity_console.console.map.unit_layer import UnitLayer
from smartcity_console.console.map.view import MapView

HIDDEN_AT_FIRST = ("areas", "coverage")
BUBBLES_BEYOND_PX = 0.0
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


class Legend:
    """The coverage's legend, above all marks and names."""

    def __init__(self, coverage: CoverageLayer) -> None:
        self._coverage = coverage

    def paint(self, painter: QPainter, view: MapView) -> None:
        self._coverage.paint_legend(painter, view)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 it is only read
        return None


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
        survey: Survey | None = None,
    ) -> None:
        self.bounds_m = city.base.bounds_m
        self.pool = JobPool(WORKERS)
        self.asking = JobPool(1)  # what the operator asks may take long: the map is painted meanwhile
        scene = LazyScene(city)
        self.agencies = AgencyLayer(city)
        self.raster: RasterMap | None = None
        paint: PaintTile = tile_painter or self._paint_tile
        self._scene = scene
        self.tiles = TileLayer(self.pool, paint, city.base.bounds_m, changed)
        self.labels = LabelLayer(self.pool, scene, self.agencies.names, changed)
        self.field = field_of(city)
        self.cameras = CameraLayer(city, self.field, self.pool, stale)
        self.seen = SeenCameras(city, self.pool, view_polygon_of or partial(view_polygon, city), stale)
        self.incidents = IncidentLayer()
        self.hud = HudLayer()
        self.cones, self.numbers = ConeLayer(self.seen, self.pool, changed), NumberLayer(self.seen)
        self.areas, self.sites = AreaLayer(city), SiteLayer(city)
        self.traffic = TrafficLayer(city, self.pool, changed)
        self.coverage = CoverageLayer(city, self.pool, changed, stale, survey)
        self.alerts, self.tracks, self.pin = AlertLayer(self.incidents), TrackLayer(), PinLayer()
        self.units, self.sightings = UnitLayer(), SightingLayer(city, self._marks)
        self.overlays: list[OverlayLayer[Any]] = [self.coverage, self.traffic]
        self.layers: list[tuple[str, Layer]] = [
            ("base", self.tiles),
            ("coverage", self.coverage),
            ("traffic", self.traffic),
            ("areas", self.areas),
            ("cones", self.cones),
            ("labels", self.labels),
            ("cameras", self.cameras),
            ("sites", self.sites),
            ("agencies", self.agencies),
            ("tracks", self.tracks),
            ("alerts", self.alerts),
            ("incidents", self.incidents),
            ("tracks", self.units),
            ("tracks", self.sightings),
            ("cones", self.numbers),
            ("pin", self.pin),
            ("coverage", Legend(self.coverage)),
            ("hud", self.hud),
        ]
        self.hidden: set[str] = set(HIDDEN_AT_FIRST)

    def take_over(self, other: LayerStack) -> None:
        """Show what another stack shows: the console's doings, and the operator's choices. Overlays stay behind."""
        for name in {name for name, _ in self.layers} | {"raster"}:
            self.set_shown(name, name not in other.hidden)
        self.set_raster(other.raster)
        self.cameras.set_states(other.seen.states)
        self.seen.states = dict(other.seen.states)
        self.cameras.set_selected(other.seen.selected)
        self.seen.selected = other.seen.selected
        self.hud.caption, self.hud.keyboard = other.hud.caption, other.hud.keyboard
        self.pin.put(other.pin.at, other.pin.title)
        self.coverage.ask(other.coverage.question)
        self.coverage.with_private = other.coverage.with_private

    def poses_changed(self, camera_ids: Collection[str]) -> None:
        """Work out anew what depends on how some cameras stand."""
        self.seen.forget(camera_ids)
        self.cameras.poses_changed()
        self.coverage.forget()

    def close(self) -> None:
        """Stop and join the threads behind the layers."""
        self.labels.close()
        self.coverage.close()
        self.asking.close()
        self.pool.close()

    def add_overlay(self, name: str, layer: OverlayLayer[Any]) -> None:
        """Put another painted layer over the base map, shown at once."""
        self.overlays.append(layer)
        self.layers.insert(1, (name, layer))

    def set_shown(self, name: str, shown: bool) -> None:
        """Show or hide a layer; a hidden one is neither painted nor hit nor worked for."""
        (self.hidden.discard if shown else self.hidden.add)(name)
        for key, layer in self.layers:
            if key == name and isinstance(layer, OverlayLayer):
                layer.shown = shown
        if name == "raster":
            self.tiles.renew()

    def paint(self, painter: QPainter, view: MapView) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name, layer in self.layers:
            if name not in self.hidden:
                layer.paint(painter, view)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        """Return what lies under a point, the topmost first."""
        hits = (layer.hit(at, view) for name, layer in reversed(self.layers) if name not in self.hidden)
        return next((hit for hit in hits if hit is not None), None)

    def set_ratio(self, ratio: float) -> None:
        """Draw marks for a screen of so many device pixels per pixel."""
        marks = (self.cameras, self.agencies, self.seen, self.incidents, self.hud, self.sites, self.alerts)
        for layer in marks:
            layer.ratio = ratio

    def want(self, view: MapView, ratio: float) -> None:
        """Have made what a view at rest needs and does not have."""
        self.cameras.want(view, ratio)
        self.numbers.rock = self.incidents.focus_at
        self.labels.avoid(self._obstacles(view))
        self.tiles.want(view, ratio)
        self.labels.want(view, ratio)
        self.cones.want(view, ratio)
        for overlay in self.overlays:
            overlay.want(view, ratio)

    def complete(self, view: MapView) -> bool:
        """Return whether a view at rest would be painted in full."""
        layers = (self.tiles, self.cameras, self.labels, self.cones, *self.overlays)
        return all(layer.complete(view) for layer in layers) and not self.pool.pending("cones")

    def set_raster(self, raster: RasterMap | None) -> None:
        """Lay a raster base map over the drawn one, or take it away."""
        self.raster = raster
        self.tiles.renew()

    def _paint_tile(self, key: TileKey, ratio: float) -> QImage:
        image = paint_tile(self._scene(), key, ratio)
        if self.raster is not None and "raster" not in self.hidden:
            paint_raster(self.raster, key, image)
        return image

    def _marks(self, view: MapView) -> list[QRectF]:
        """Return where the incident and its cameras' numbers are painted, in pixels of the screen."""
        around = [(x, y, DISC_PX + 2.0) for _, _, x, y in self.numbers.places(view)]
        if (focus := self.incidents.focus_at) is not None:
            around.append((*map(float, view.to_screen(*focus)), FOCUS_PX + 2.0))
        return [QRectF(x - radius, y - radius, 2 * radius, 2 * radius) for x, y, radius in around]

    def _obstacles(self, view: MapView) -> tuple[Obstacle, ...]:
        numbers = [Obstacle(*self.seen.at(seen.camera_id), DISC_PX + 2.0) for seen in self.seen.seen_by]
        focus = self.incidents.focus_at
        fixed = [Obstacle(*focus, FOCUS_PX + 4.0)] if focus else []
        others = [Obstacle(*at, MARK_PX + 2.0) for at in self.incidents.others_at()]
        return (
            *numbers,
            *fixed,
            *others,
            *self.agencies.obstacles(view),
            *self.cameras.obstacles(view, BUBBLES_BEYOND_PX),
        )


def joined(*parts: Any) -> str:
    """Return the parts that say something, for an accessible description."""
    return ". ".join(str(part) for part in parts if part)
