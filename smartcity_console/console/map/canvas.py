"""The map's surface: what part of the plane it shows, how it moves and paints, and what pointer and keys do to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from smartcity_console.city import City
from smartcity_console.console.camera_mime import drag_camera
from smartcity_console.console.map.card import paint_card
from smartcity_console.console.map.coverage_layer import Survey
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.motion import FIT_MS, STEP_MS, Motion
from smartcity_console.console.map.pointer import Acts, Pointer
from smartcity_console.console.map.retiring import Retiring
from smartcity_console.console.map.seen_layer import ViewPolygon
from smartcity_console.console.map.stack import LayerStack
from smartcity_console.console.map.tile_layer import PaintTile
from smartcity_console.console.map.toolbox import ToolBox
from smartcity_console.console.map.view import Bounds, MapView, Margins, clamp_level, level_near, scale_of

WHEEL_STEP = 120  # eighths of a degree of one notch
NOTCH_LEVELS = 2
PAN_PX = 120
HIGHEST_FIT = 4  # 2 px/m: a fitted incident keeps its surroundings
_PANS = {
    Qt.Key.Key_Left: (PAN_PX, 0),
    Qt.Key.Key_Right: (-PAN_PX, 0),
    Qt.Key.Key_Up: (0, PAN_PX),
    Qt.Key.Key_Down: (0, -PAN_PX),
}
_ZOOMS = {Qt.Key.Key_Plus: 2, Qt.Key.Key_Equal: 2, Qt.Key.Key_Minus: -2, Qt.Key.Key_Underscore: -2}


class MapCanvas(QWidget):
    """Shows the layers of one city and moves over them. Owns the map's threads: call `close_map` before it goes."""

    cameraActivated = Signal(str)
    incidentActivated = Signal(str)
    painted = Signal()  # all of the visible map has been painted

    def __init__(
        self,
        city: City,
        parent: QWidget | None,
        view_polygon: ViewPolygon | None,
        tile_painter: PaintTile | None,
        animated: bool,
        survey: Survey | None = None,
    ) -> None:
        super().__init__(parent)
        self._city, self._animated = city, animated
        self._retiring = Retiring(self)
        self._stack = LayerStack(city, self._layer_changed, self._refresh, view_polygon, tile_painter, survey)
        self._motion = Motion(self._moved, self)
        west, south, east, north = city.base.bounds_m
        self._view = MapView((west + east) / 2, (south + north) / 2, 0.2, 640, 480)
        self._fit: Bounds = city.base.bounds_m  # what to keep in sight when the size changes, until the operator moves
        self._own_view = False
        self._wheel = 0.0
        self._hover: Hit | None = None
        self._said_painted, self._closed = False, False
        self.tools = ToolBox(self._stack.field, self._stack.asking, self)
        acts = Acts(lambda: self._view, self.drag_by, self._hover_at, self._click, self.setCursor, self._carry)
        self._pointer = Pointer(self.tools, acts)
        self.setMinimumSize(240, 200)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_animated(self, animated: bool) -> None:
        """Let the view glide to where it should be, or jump: in a flood nothing on the screen moves by itself."""
        self._animated = animated

    @property
    def view(self) -> MapView:
        """What is on the screen now."""
        return self._view

    def ready(self) -> bool:
        """Return whether the map stands still and all that is visible is painted."""
        return not self._motion.running and self._stack.complete(self._view)

    def hit(self, at: QPointF) -> Hit | None:
        """Return what lies under a point of the screen."""
        return self._stack.hit(at, self._view)

    def close_map(self) -> None:
        """Stop and join the map's threads; may be called twice."""
        if not self._closed:
            self._closed = True
            self._motion.stop()
            self._stack.close()
            self._retiring.close()

    def _change_city(self, city: City, view_polygon: ViewPolygon | None, survey: Survey | None) -> LayerStack:
        """Lay out another city's layers where the old ones were; return those, which go on until they are retired."""
        old = self._stack
        self._city, self._hover = city, None
        self._stack = LayerStack(city, self._layer_changed, self._refresh, view_polygon, None, survey)
        self._stack.take_over(old)
        self.tools.serve(self._stack.field, self._stack.asking)
        if self._fit == old.bounds_m:
            self._fit = city.base.bounds_m
            self._view = self._view if self._own_view else self._fitted()
        return old

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
        margins = Margins() if self._stack.incidents.focus_at else Margins(16.0, 16.0, 16.0, 16.0)
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

    def fit_city(self) -> None:
        self._fit_to(self._city.base.bounds_m)

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

    def _carry(self, at: QPointF) -> bool:
        """A drag that begins on a camera carries it, to a tile of the wall; elsewhere it moves the map."""
        hit = self.hit(at)
        if hit is None or hit.kind != "camera":
            return False
        drag_camera(self, hit.id, hit.title)
        return True

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
        if key in _PANS:
            self.pan_by(*_PANS[key])
        elif key in _ZOOMS:
            self.zoom_by(_ZOOMS[key])
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
