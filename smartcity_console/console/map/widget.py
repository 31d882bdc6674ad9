"""The map as a widget: what the console sets, and what the operator asks of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from smartcity_console.city import City, plane, rank_cameras
from smartcity_console.city.raster import RasterMap
from smartcity_console.city.search import Found, FoundKind
from smartcity_console.console.language import translate
from smartcity_console.console.map.canvas import MapCanvas
from smartcity_console.console.map.chrome import Chrome, ChromeActs, pin_title
from smartcity_console.console.map.coverage_layer import CoverageLayer, Survey
from smartcity_console.console.map.jobs import JobPool
from smartcity_console.console.map.layer import Layer
from smartcity_console.console.map.motion import FIT_MS
from smartcity_console.console.map.overlay_layer import OverlayLayer
from smartcity_console.console.map.seen_layer import ViewPolygon
from smartcity_console.console.map.sight_panel import RankLine
from smartcity_console.console.map.spot_sight import RankSpot, SpotSight
from smartcity_console.console.map.stack import joined
from smartcity_console.console.map.tile_layer import PaintTile
from smartcity_console.console.map.track_layer import Track
from smartcity_console.console.map.unit_layer import Unit
from smartcity_console.console.map.view import level_near, scale_of
from smartcity_console.console.map.wording import can_see, caption
from smartcity_console.model.camera import Camera, SeenBy
from smartcity_console.model.centre import CameraState
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

POSE_LEVEL = 2  # 1.4 px/m: the cone and the streets in it
FOUND_LEVEL = 4  # 2 px/m: a found place is shown with its street


class MapWidget(MapCanvas):
    """City map with cameras and incidents. Call `close_map` before it goes: it owns threads."""

    positionPicked = Signal(object)  # Position: which cameras see it?
    camerasSelected = Signal(list)  # ids of the cameras within a rectangle or a drawn line, nearest to its middle first
    poseDragged = Signal(str, object, object)  # camera id, the Pose that the operator gave it, the one it had
    wallWanted = Signal(list)  # list[SeenBy]: the cameras that see a spot, to be shown on the wall
    newWindowWanted = Signal()
    turnWanted = Signal(object)  # Position: turn every camera that can see it there

    def __init__(
        self,
        city: City,
        parent: QWidget | None = None,
        *,
        view_polygon: ViewPolygon | None = None,
        tile_painter: PaintTile | None = None,
        rank: RankSpot | None = None,
        search_folder: Path | None = None,
        animated: bool = True,
        survey: Survey | None = None,
    ) -> None:
        """`rank` answers which cameras see a spot, on a worker; `search_folder` keeps a large catalogue's names;
        `survey` works out a district's coverage, on a thread of its own."""
        super().__init__(city, parent, view_polygon, tile_painter, animated, survey)
        self._speeds: Mapping[str, float] = {}
        self._tracks: list[Track] = []
        self._units: list[Unit] = []
        self._open: list[Incident] = []
        self._following = True
        self._incident: Incident | None = None
        self._seen_by: list[SeenBy] = []  # of the incident; the map shows a spot's instead while one is asked about
        self._sight = SpotSight(self._stack, rank or self._rank, self._show_sight)
        acts = ChromeActs(
            self.go_to,
            self.set_following,
            self.newWindowWanted.emit,
            self._refresh,
            self._look_at,
            self.end_sight,
            self._to_wall,
        )
        self._chrome = Chrome(self, city, self._stack, self.tools, acts, search_folder)
        self._chrome.bar.show_down("follow", True)
        self.tools.changed.connect(self._tool_changed)
        self.tools.selected.connect(self.camerasSelected)
        self.tools.posed.connect(self.poseDragged)
        self._retranslate()

    # ---- what the console sets ---------------------------------------------------------------------------------

    def show_incident(self, incident: Incident | None, seen_by: list[SeenBy]) -> None:
        """Show an incident with its cameras numbered in rank order, and bring them into sight; None shows the city."""
        new = (incident.id if incident else None) != (self._incident.id if self._incident else None)
        before, at = self._seen_by, self._stack.incidents.focus_at
        self._incident, self._seen_by = incident, list(seen_by) if incident else []
        self._stack.seen.unlocked = incident.unlocked if incident else ()
        self._stack.incidents.show(incident)
        self._stack.alerts.show(incident.alerts if incident else ())
        self._stack.sightings.show(incident.sightings if incident else ())
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
        self._open = list(incidents)
        if self._stack.incidents.set_open(incidents):
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

    def set_city(
        self,
        city: City,
        *,
        view_polygon: ViewPolygon | None = None,
        search_folder: Path | None = None,
        survey: Survey | None = None,
    ) -> None:
        """Show another city, or the same one after an import, in the same view; layers that were added stay behind."""
        if self._closed:
            return  # what was read behind the screen may come after the map has gone
        old = self._change_city(city, view_polygon, survey)
        finder = self._chrome.serve(city, self._stack, search_folder)
        self._sight.serve(self._stack)
        self._stack.seen.unlocked = self._incident.unlocked if self._incident else ()
        self._stack.incidents.set_open(self._open)
        self._stack.incidents.show(self._incident)
        self._stack.alerts.show(self._incident.alerts if self._incident else ())
        self._stack.sightings.show(self._incident.sightings if self._incident else ())
        self._show_numbers(self._sight.seen_by or self._seen_by)
        self._stack.tracks.show(self._tracks)
        self._stack.units.show(self._units)
        self.set_traffic(self._speeds, self._stack.traffic.told)
        self._retiring.retire((old, finder), lambda: (finder.close(), old.close()))

    def poses_changed(self, camera_ids: Collection[str]) -> None:
        """Show how these cameras stand now; a spot that is asked about is ranked anew."""
        self._stack.poses_changed(camera_ids)
        self._sight.again()
        self._refresh()

    def set_traffic(self, speeds_kmh: Mapping[str, float], told: str = "") -> None:
        """Show the latest speeds by link id; `told` says of what age they are, where that matters."""
        self._speeds = speeds_kmh
        self._stack.traffic.set_speeds(speeds_kmh, told)
        self._retranslate()
        self._chrome.show_layers()
        self._refresh()

    def set_tracks(self, tracks: list[Track]) -> None:
        """Show where something was seen to move."""
        self._tracks = list(tracks)
        self._stack.tracks.show(tracks)
        self.update()

    def set_units(self, units: list[Unit]) -> None:
        """Show where the receivers' units are."""
        self._units = list(units)
        self._stack.units.show(units)
        self.update()

    def add_overlay(self, name: str, layer: OverlayLayer[Any]) -> None:
        """Show one more painted layer over the base map, such as "coverage"; made with `pool` of this map."""
        self._stack.add_overlay(name, layer)
        self._chrome.show_layers()
        self._refresh()

    def add_marks(self, name: str, layer: Layer) -> None:
        """Show one more layer above all others; it paints itself anew with every frame."""
        self._stack.layers.append((name, layer))
        self.update()

    def is_complete(self) -> bool:
        """Return whether all that is visible is there to be painted."""
        return self._stack.complete(self._view)

    def look_at(self, position: Position, reach_m: float) -> None:
        """Bring a place and what lies around it into sight."""
        x, y = plane.xy_of(position)
        self._own_view = True
        self._fit_to((x - reach_m, y - reach_m, x + reach_m, y + reach_m))

    def set_layer_shown(self, name: str, shown: bool) -> None:
        """Show or hide a layer by its name in the panel."""
        self._stack.set_shown(name, shown)
        self._chrome.show_layers()
        self._refresh()

    @property
    def coverage(self) -> CoverageLayer:
        """The layer of what cameras see at a class, and of blind ground."""
        return self._stack.coverage

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
        why = self._stack.seen.why
        lines = [RankLine(seen.camera_id, seen.name, why(seen), can_see(seen)) for seen in seen_by]
        self._chrome.open_sight(lines, none_found=not seen_by)
        self._refresh()

    def _rank(self, position: Position) -> list[SeenBy]:
        return rank_cameras(self._city, position, streams=())

    def _to_wall(self) -> None:
        if self._sight.seen_by:
            self.wallWanted.emit(list(self._sight.seen_by))

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

    def caption(self) -> str:
        """Return what stands at the map's left top."""
        return self._stack.hud.caption

    def close_map(self) -> None:
        """Stop and join the map's threads and the search's; may be called twice."""
        self._chrome.close()
        super().close_map()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._chrome.lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tool in hand comes first, then the spot that is asked about, then the buttons' letters."""
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        fine = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if (plain or fine) and self.tools.key(key, (self._view.x_m, self._view.y_m), self._view, fine=fine):
            return
        if key == Qt.Key.Key_Escape and (self._sight.asked or self._stack.pin.at is not None):
            self.end_sight()
        elif key == Qt.Key.Key_Home:
            self.fit_incident()
        elif plain and key == Qt.Key.Key_C:
            self._pick(plane.position_at(self._view.x_m, self._view.y_m))
        elif not (plain and self._chrome.key(key)):
            super().keyPressEvent(event)

    def _tool_changed(self) -> None:
        self._stack.hud.caption = self.tools.hint() or self._caption_text()
        self.setCursor(self._pointer.shape() or Qt.CursorShape.ArrowCursor)
        self.update()

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
            "Map",
            "Arrows move, plus and minus zoom, Home shows the incident, Enter opens what is in the middle, "
            "C asks which cameras see the middle",
        )
        self.setAccessibleDescription(joined(self._stack.hud.caption, keys))

    def _caption_text(self) -> str:
        old = self._stack.traffic.told if "traffic" not in self._stack.hidden else ""
        return " · ".join(part for part in (self._incident_text(), old) if part)

    def _incident_text(self) -> str:
        if self._incident is None:
            return ""
        if self._incident.position is None:
            return translate("Map", "The place of this incident is not known")
        return caption(self._stack.seen.seen_by)

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
        turn = translate("Map", "Turn every camera that can see this spot to it")
        menu.addAction(turn, lambda: self.turnWanted.emit(position))
        if camera is not None:
            menu.addAction(translate("Map", "Set where this camera looks"), lambda: self.set_pose_of(camera))
        menu.addSeparator()
        incident = menu.addAction(translate("Map", "Show the incident"), self.fit_incident)
        incident.setEnabled(self._incident is not None)
        menu.addAction(translate("Map", "Show the whole city"), self.fit_city)
        return menu

    def set_pose_of(self, camera: Camera) -> None:
        """Let the operator drag a camera's cone, or turn it by keys; `poseDragged` tells what came of it."""
        self.set_selected_camera(camera.id)
        self.tools.pose(camera)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def pose_selected(self) -> bool:
        """Let the operator set how the selected camera stands; return whether one is selected."""
        camera = self._city.cameras.get(self._stack.seen.selected or "")
        if camera is None:
            return False
        x, y = plane.xy_of(camera.position)
        self._own_view = True
        scale = max(self._view.px_per_m, scale_of(POSE_LEVEL))
        self._go(replace(self._view, x_m=x, y_m=y, px_per_m=scale_of(level_near(scale))), FIT_MS)
        self.set_pose_of(camera)
        return True

    def _pick(self, position: Position) -> None:
        self.positionPicked.emit(position)
        self.cameras_that_see(position)
