"""The map as a widget: what the console sets, what the operator does, and what is painted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from smartcity_console.city import City, plane, rank_cameras
from smartcity_console.city.raster import RasterMap
from smartcity_console.city.search import Found, FoundKind
from smartcity_console.console.language import translate
from smartcity_console.console.map.card import paint_card
from smartcity_console.console.map.chrome import Chrome, ChromeActs, pin_title
from smartcity_console.console.map.jobs import JobPool
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.motion import FIT_MS, STEP_MS, Motion
from smartcity_console.console.map.overlay_layer import OverlayLayer
from smartcity_console.console.map.pointer import Acts, Pointer
from smartcity_console.console.map.seen_layer import ViewPolygon
from smartcity_console.console.map.spot_sight import SpotSight
from smartcity_console.console.map.stack import LayerStack, joined
from smartcity_console.console.map.tile_layer import PaintTile
from smartcity_console.console.map.toolbox import ToolBox
from smartcity_console.console.map.track_layer import Track
from smartcity_console.console.map.view import Bounds, MapView, Margins, clamp_level, level_near, scale_of
from smartcity_console.console.map.wording import caption
from smartcity_console.model.camera import Camera, SeenBy
from smartcity_console.model.centre import CameraState
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

WHEEL_STEP = 120  # eighths of a degree of one notch
NOTCH_LEVELS = 2
PAN_PX = 120
FOUND_LEVEL = 4  # 2 px/m: a found place is shown with its street
HIGHEST_FIT = 4  # 2 px/m: a fitted incident keeps its surroundings
_PANS = {
    Qt.Key.Key_Left: (PAN_PX, 0),
    Qt.Key.Key_Right: (-PAN_PX, 0),
    Qt.Key.Key_Up: (0, PAN_PX),
    Qt.Key.Key_Down: (0, -PAN_PX),
}
_ZOOMS = {Qt.Key.Key_Plus: 2, Qt.Key.Key_Equal: 2, Qt.Key.Key_Minus: -2, Qt.Key.Key_Underscore: -2}


class MapWidget(QWidget):
    """City map with cameras and incidents. Call `close_map` before it goes: it owns threads."""

    cameraActivated = Signal(str)
    incidentActivated = Signal(str)
    positionPicked = Signal(object)  # Position: which cameras see it?
    camerasSelected = Signal(list)  # ids of the cameras within a rectangle or a drawn line, nearest to its middle first
    poseDragged = Signal(str, object)  # camera id, Pose that the operator gave it
    newWindowWanted = Signal()
    painted = Signal()  # all of the visible map has been painted

    def __init__(
        self,
        city: City,
        parent: QWidget | None = None,
        *,
        view_polygon: ViewPolygon | None = None,
        tile_painter: PaintTile | None = None,
        rank: Callable[[Position], list[SeenBy]] | None = None,
        search_folder: Path | None = None,
        animated: bool = True,
    ) -> None:
        """`rank` answers which cameras see a spot, on a worker; `search_folder` keeps a large catalogue's names."""
        super().__init__(parent)
        self._city, self._animated = city, animated
        self._stack = LayerStack(city, self._layer_changed, self._refresh, view_polygon, tile_painter)
        self._motion = Motion(self._moved, self)
        west, south, east, north = city.base.bounds_m
        self._view = MapView((west + east) / 2, (south + north) / 2, 0.2, 640, 480)
        self._fit: Bounds = city.base.bounds_m  # what to keep in sight when the size changes, until the operator moves
        self._own_view, self._following = False, True
        self._wheel = 0.0
        self._hover: Hit | None = None
        self._said_painted, self._closed = False, False
        self._incident: Incident | None = None
        self._seen_by: list[SeenBy] = []  # of the incident; the map shows a spot's instead while one is asked about
        self.tools = ToolBox(self._stack.field, self._stack.pool, self)
        acts = Acts(lambda: self._view, self.drag_by, self._hover_at, self._click, self.setCursor)
        self._pointer = Pointer(self.tools, acts)
        self._sight = SpotSight(self._stack, rank or partial(rank_cameras, city, streams=()), self._show_sight)
        self._chrome = Chrome(self, city, self._stack, self.tools, self._chrome_acts(), search_folder)
        self._set_up()

    def _chrome_acts(self) -> ChromeActs:
        return ChromeActs(
            self.go_to, self.set_following, self.newWindowWanted.emit, self._refresh, self._look_at, self.end_sight
        )

    def _set_up(self) -> None:
        self.tools.changed.connect(self._tool_changed)
        self.tools.selected.connect(self.camerasSelected)
        self.tools.posed.connect(self.poseDragged)
        self._chrome.bar.show_down("follow", True)
        self.setMinimumSize(240, 200)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._retranslate()

    # ---- what the console sets ---------------------------------------------------------------------------------

    @property
    def view(self) -> MapView:
        """What is on the screen now."""
        return self._view

    def show_incident(self, incident: Incident | None, seen_by: list[SeenBy]) -> None:
        """Show an incident with its cameras numbered in rank order, and bring them into sight; None shows the city."""
        new = (incident.id if incident else None) != (self._incident.id if self._incident else None)
        before, at = self._seen_by, self._stack.incidents.focus_at
        self._incident, self._seen_by = incident, list(seen_by) if incident else []
        self._stack.incidents.show(incident)
        self._stack.alerts.show(incident.alerts if incident else ())
        if new:
            self._sight.end()
            self._chrome.open_sight([])
        self._show_numbers(self._sight.seen_by or self._seen_by)
        moved = (before, at) != (self._seen_by, self._stack.incidents.focus_at)
        if self._following and (new or (moved and not self._own_view)):
            self.fit_incident()
        self._refresh()

    def _show_numbers(self, seen_by: list[SeenBy]) -> None:
        self._stack.seen.show(seen_by)
        self._stack.cameras.set_numbered([seen.camera_id for seen in self._stack.seen.seen_by])
        self._retranslate()

    def set_open_incidents(self, incidents: list[Incident]) -> None:
        """Show the open incidents; the one in focus keeps its own mark."""
        self._stack.incidents.set_open(incidents)
        self._refresh()

    def set_selected_camera(self, camera_id: str | None) -> None:
        """Highlight a camera, the one of the wall's selected tile."""
        if camera_id != self._stack.seen.selected:
            self._stack.seen.selected = camera_id
            self._stack.cameras.set_selected(camera_id)
            self._stack.seen.want_cones()
            self._refresh()

    def set_camera_states(self, states: dict[str, CameraState]) -> None:
        """Show which cameras the recorder holds."""
        self._stack.cameras.set_states(states)
        self._stack.seen.states = dict(states)
        self.update()

    def set_following(self, following: bool) -> None:
        """Bring each incident into sight and keep it there; or never move by itself."""
        self._following = following
        self._chrome.bar.show_down("follow", following)
        if following:
            self.fit_incident()

    def set_raster(self, raster: RasterMap | None) -> None:
        """Lay a raster base map over the drawn one; None takes it away. The caller closes it, after the map."""
        self._stack.set_raster(raster)
        self._chrome.show_layers()
        self._refresh()

    def set_traffic(self, speeds_kmh: Mapping[str, float]) -> None:
        """Show the latest speeds by link id."""
        self._stack.traffic.set_speeds(speeds_kmh)
        self._chrome.show_layers()
        self._refresh()

    def set_tracks(self, tracks: list[Track]) -> None:
        """Show where something was seen to move."""
        self._stack.tracks.show(tracks)
        self.update()

    def add_overlay(self, name: str, layer: OverlayLayer[Any]) -> None:
        """Show one more painted layer over the base map, such as "coverage"; made with `pool` of this map."""
        self._stack.add_overlay(name, layer)
        self._chrome.show_layers()
        self._refresh()

    def set_layer_shown(self, name: str, shown: bool) -> None:
        """Show or hide a layer by its name in the panel."""
        self._stack.set_shown(name, shown)
        self._chrome.show_layers()
        self._refresh()

    @property
    def pool(self) -> JobPool:
        """The map's threads, for layers that are added to it."""
        return self._stack.pool

    def go_to(self, found: Found) -> None:
        """Bring a found place into sight under a pin, and select it where it is a camera."""
        self._stack.pin.put((found.x_m, found.y_m), pin_title(found))
        self._own_view = True
        scale = max(self._view.px_per_m, scale_of(FOUND_LEVEL))
        self._go(replace(self._view, x_m=found.x_m, y_m=found.y_m, px_per_m=scale_of(level_near(scale))), FIT_MS)
        if found.kind is FoundKind.CAMERA:
            self.set_selected_camera(found.id)

    def cameras_that_see(self, position: Position) -> None:
        """Rank the cameras that see a spot and show them with their cones and reasons, until `end_sight`."""
        self._stack.pin.put(plane.xy_of(position))
        self._sight.ask(position)
        self.update()

    def end_sight(self) -> None:
        """Go back to the incident's own cameras."""
        self._sight.end()
        self._stack.pin.put(None)
        self._show_numbers(self._seen_by)
        self._chrome.open_only(None)
        self._refresh()

    def _show_sight(self, seen_by: list[SeenBy]) -> None:
        self._show_numbers(seen_by)
        self._chrome.open_sight(seen_by, none_found=not seen_by)
        self._refresh()

    def _look_at(self, camera_id: str) -> None:
        self.set_selected_camera(camera_id)
        self.cameraActivated.emit(camera_id)

    def fit_incident(self) -> None:
        """Bring the incident and its cameras into sight; the whole city without one."""
        at = self._stack.incidents.focus_at
        points = [self._stack.seen.at(seen.camera_id) for seen in self._stack.seen.seen_by] + ([at] if at else [])
        if not points:
            self.fit_city()
            return
        reach_m = max(60.0, self._incident.position.uncertainty_m if self._incident and self._incident.position else 0)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if at is not None:
            xs, ys = [*xs, at[0] - reach_m, at[0] + reach_m], [*ys, at[1] - reach_m, at[1] + reach_m]
        self._fit_to((min(xs), min(ys), max(xs), max(ys)))

    def fit_city(self) -> None:
        self._fit_to(self._city.base.bounds_m)

    def ready(self) -> bool:
        """Return whether the map stands still and all that is visible is painted."""
        return not self._motion.running and self._stack.complete(self._view)

    def caption(self) -> str:
        """Return what stands at the map's left top."""
        return self._stack.hud.caption

    def hit(self, at: QPointF) -> Hit | None:
        """Return what lies under a point of the screen."""
        return self._stack.hit(at, self._view)

    def close_map(self) -> None:
        """Stop and join the map's threads; may be called twice."""
        if not self._closed:
            self._closed = True
            self._motion.stop()
            self._chrome.close()
            self._stack.pool.close()

    # ---- moving ------------------------------------------------------------------------------------------------

    def zoom_by(self, levels: int, at: QPointF | None = None) -> None:
        """Zoom by quarter octaves about a point of the screen, else about its middle."""
        about = at or QPointF(self.width() / 2, self.height() / 2)
        resting = self._motion.target if self._motion.running else None
        level = clamp_level(level_near((resting or self._view).px_per_m) + levels)
        self._own_view = True
        self._go(self._view.zoomed(scale_of(level), about.x(), about.y()), STEP_MS)

    def pan_by(self, right_px: float, down_px: float) -> None:
        """Move the map's content by pixels."""
        resting = self._motion.target if self._motion.running else None
        self._own_view = True
        self._go((resting or self._view).panned(right_px, down_px), STEP_MS)

    def drag_by(self, right_px: float, down_px: float) -> None:
        """Move the map's content by pixels at once, as a finger does."""
        self._motion.stop()
        self._own_view = True
        self._moved(self._view.panned(right_px, down_px))
        self._want(self._view)

    def _fit_to(self, bounds: Bounds) -> None:
        self._fit, self._own_view = bounds, False
        self._go(self._fitted(), FIT_MS)

    def _fitted(self) -> MapView:
        margins = Margins() if self._incident else Margins(16.0, 16.0, 16.0, 16.0)
        return self._view.fitted(self._fit, margins, HIGHEST_FIT)

    def _go(self, target: MapView, duration_ms: int) -> None:
        self._want(target)
        self._motion.go(self._view, target, duration_ms if self._animated and self.isVisible() else 0)

    def _moved(self, view: MapView) -> None:
        self._view = view
        self._hover = None
        self.update()

    def _want(self, view: MapView) -> None:
        self._said_painted = False
        if not self._closed:
            self._stack.want(view, self.devicePixelRatioF())

    def _refresh(self) -> None:
        """Paint again, and have made what the new state of the layers needs."""
        self._want((self._motion.target if self._motion.running else None) or self._view)
        self.update()

    def _layer_changed(self) -> None:
        self.update()

    def _tool_changed(self) -> None:
        self._stack.hud.caption = self.tools.hint() or self._caption_text()
        self.setCursor(self._pointer.shape() or Qt.CursorShape.ArrowCursor)
        self.update()

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        self._stack.set_ratio(self.devicePixelRatioF())
        painter = QPainter(self)
        self._stack.paint(painter, self._view)
        self.tools.paint(painter, self._view)
        if self._hover is not None and not self._pointer.dragging:
            paint_card(painter, self._hover, self._view)
        painter.end()
        if not self._said_painted and self.ready():
            self._said_painted = True
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._motion.stop()
        self._view = self._view.resized(event.size().width(), event.size().height())
        if not self._own_view:
            self._view = self._fitted()
        elif not self._view.at_rest:
            self._view = self._view.zoomed(scale_of(self._view.level), self.width() / 2, self.height() / 2)
        self._want(self._view)
        self._chrome.lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._hover = None
            self._retranslate()
            self._chrome.retranslate()
            self.update()

    def _retranslate(self) -> None:
        self._stack.hud.caption = self.tools.hint() or self._caption_text()
        self.setAccessibleName(translate("Map", "City map"))
        keys = translate(
            "Map", "Arrows move, plus and minus zoom, Home shows the incident, Enter opens what is in the middle"
        )
        self.setAccessibleDescription(joined(self._stack.hud.caption, keys))

    def _caption_text(self) -> str:
        if self._incident is None:
            return ""
        if self._incident.position is None:
            return translate("Map", "The place of this incident is not known")
        return caption(self._stack.seen.seen_by)

    # ---- pointer -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._motion.stop()
            self._rest()
            self._pointer.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.release(event.position())

    def _click(self, at: QPointF) -> None:
        self._activate(self.hit(at))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.hit(event.position()) is None:
            self.zoom_by(2 * NOTCH_LEVELS, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y() / WHEEL_STEP * NOTCH_LEVELS
        levels = int(self._wheel)
        self._wheel -= levels
        if levels:
            self.zoom_by(levels, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = QPointF(self.width() / 2, self.height() / 2) if by_key else QPointF(event.pos())
        self._menu(at).popup(self.mapToGlobal(at.toPoint()))

    def _menu(self, at: QPointF) -> QMenu:
        """Return the menu for a point of the screen; it goes when it closes."""
        position = plane.position_at(*self._view.to_plane(at.x(), at.y()))
        hit = self.hit(at)
        camera = self._city.cameras.get(hit.id) if hit is not None and hit.kind == "camera" else None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(translate("Map", "Cameras that see this spot"), lambda: self._pick(position))
        if camera is not None:
            menu.addAction(translate("Map", "Set where this camera looks"), lambda: self.set_pose_of(camera))
        menu.addSeparator()
        incident = menu.addAction(translate("Map", "Show the incident"), self.fit_incident)
        incident.setEnabled(self._incident is not None)
        menu.addAction(translate("Map", "Show the whole city"), self.fit_city)
        return menu

    def set_pose_of(self, camera: Camera) -> None:
        """Let the operator drag a camera's cone; `poseDragged` tells what came of it."""
        self.set_selected_camera(camera.id)
        self.tools.pose(camera)

    def _pick(self, position: Position) -> None:
        self.positionPicked.emit(position)
        self.cameras_that_see(position)

    def _rest(self) -> None:
        """Bring a view that was stopped on its way onto a zoom step."""
        if not self._view.at_rest:
            level = scale_of(self._view.level)
            self._moved(self._view.zoomed(level, self.width() / 2, self.height() / 2))
            self._want(self._view)

    def _hover_at(self, at: QPointF) -> None:
        self._set_hover(self.hit(at))

    def _set_hover(self, hit: Hit | None) -> None:
        if hit != self._hover:
            self._hover = hit
            self.update()
        free = Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor
        self.setCursor(self._pointer.shape() or free)

    def _activate(self, hit: Hit | None) -> None:
        if hit is None:
            return
        if hit.kind == "camera":
            self.cameraActivated.emit(hit.id)
        elif hit.kind == "incident":
            self.incidentActivated.emit(hit.id)
        elif hit.kind == "cluster":
            self.zoom_by(2 * NOTCH_LEVELS, QPointF(hit.x_px, hit.y_px))

    # ---- keyboard ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and self.tools.key(key, (self._view.x_m, self._view.y_m), self._view):
            return
        if key == Qt.Key.Key_Escape and self._sight.asked:
            self.end_sight()
        elif plain and self._chrome.key(key):
            return
        elif key in _PANS:
            self.pan_by(*_PANS[key])
        elif key in _ZOOMS:
            self.zoom_by(_ZOOMS[key])
        elif key == Qt.Key.Key_Home:
            self.fit_incident()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.hit(QPointF(self.width() / 2, self.height() / 2)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._stack.hud.keyboard = event.reason() in by_key
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._stack.hud.keyboard = False
        self.update()

    def event(self, event: Any) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refresh()
        return bool(super().event(event))
