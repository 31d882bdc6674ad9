"""One tile of the wall: takes its newest picture and paints it with what is known about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from smartcity_console.console.camera_mime import camera_of, drag_camera
from smartcity_console.console.wall import tile_paint as paint
from smartcity_console.console.wall import words
from smartcity_console.console.wall.dressing import Dressing
from smartcity_console.console.wall.look import Look, Scene, look_of
from smartcity_console.console.wall.picture import MAX_ASKED_PX, Zoom, paint_picture, place_of
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.model.masks import Polygons
from smartcity_console.model.ptz_wire import Steered
from smartcity_console.video.capture import DecoderPool, Frame, Size, TileSource, TileState, TileStatus
from smartcity_console.video.masks import cover_pixels

_SMALLEST_NOTICE_PX = 120
WHEEL_STEP = 120
_NO_ZOOM = Zoom()
# Looked up once: in Python 3.11 each look-up of a member calls Python code.
_MOVING, _PICTURE = frozenset({TileState.LIVE, TileState.REPLAY}), Scene.PICTURE


class TileWidget(QWidget):
    """Shows one slot of the pool. It never waits: every call into the pool returns at once.

    `place` is where it stands on the wall, from 0; `slot` is the pool's and stays its own when tiles are swapped, so
    that a swap costs no picture.
    """

    pointed = Signal(int)  # place
    doubled = Signal(int)
    dropped = Signal(int, str)  # place, camera
    zoomed = Signal(int)

    def __init__(self, slot: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.slot = self.place = slot
        self.tile: WallTile | None = None
        self.replay: TileSource | None = None
        self._status = TileStatus(TileState.IDLE)
        self._frame: Frame | None = None
        self._dressing: Dressing | None = None
        self._look = Look()
        self._selected = False
        self.recorded: bool | None = None
        self.steered: Steered | None = None
        self.masks_of: Callable[[str], Polygons] = lambda _camera: ()  # what of a camera's picture is covered now
        self.whole = False  # whether pictures are wanted at the camera's own size, for a snapshot
        self._zoom = _NO_ZOOM
        self._pressed_at: QPointF | None = None
        self._is_target = False
        self.says_nothing_is_shown = False  # on one tile of an empty wall: an empty panel says why it is empty
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAcceptDrops(True)

    # ---- what it shows ---------------------------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """What is painted now."""
        return self._look

    @property
    def frame(self) -> Frame | None:
        return self._frame

    @property
    def status(self) -> TileStatus:
        """How its source stood at the last look."""
        return self._status

    def set_tile(self, tile: WallTile | None) -> None:
        """Show another camera, or the same one under other conditions. A replay ends with its camera."""
        before = self.tile.seen.camera_id if self.tile else None
        self.tile = tile
        if (tile.seen.camera_id if tile else None) != before:
            self.replay = None
            self._frame = None
            self._zoom = _NO_ZOOM

    def set_replay(self, source: TileSource | None) -> None:
        if source != self.replay:
            self.replay = source
            self._frame = None

    @property
    def zoom(self) -> Zoom:
        return self._zoom

    def set_zoom(self, zoom: Zoom) -> None:
        """Magnify what is painted, and ask for as many pixels as that needs."""
        if zoom != self._zoom:
            self._zoom = zoom
            self.update()
            self.zoomed.emit(self.place)

    def set_selected(self, selected: bool) -> None:
        if selected != self._selected:
            self._selected = selected
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if selected else Qt.FocusPolicy.ClickFocus)
            self.update()

    def source(self, now: datetime) -> TileSource | None:
        """Return what the pool should decode for it now; nothing for one that must not be seen."""
        if self.tile is None or self.tile.shut(now):
            return None
        return self.replay or self.tile.source

    def size_px(self) -> Size:
        """Return the size in pixels at which it wants pictures: the screen's, more when magnified."""
        if self.whole:
            return MAX_ASKED_PX
        ratio = self.devicePixelRatioF()
        size = max(2, round(self.width() * ratio)), max(2, round(self.height() * ratio))
        return self._zoom.asked_px(size) if self._zoom.is_on else size

    # ---- following the pool ----------------------------------------------------------------------------------------

    def sync(self, pool: DecoderPool, now: datetime) -> None:
        """Tell the pool what it wants, see how that stands, and repaint if it reads differently."""
        source = self.source(now)
        pool.show(self.slot, source, self.size_px())
        self._status = pool.status(self.slot)
        if source is None:
            self._frame = None
        self._relook(now)

    def release(self, pool: DecoderPool) -> None:
        """Stop costing anything."""
        pool.show(self.slot, None, self.size_px())
        self._frame = None

    def take(self, pool: DecoderPool, now: datetime) -> None:
        """Take a newer picture, if there is one and it may be seen."""
        frame = pool.hold(self.slot, self._frame.seq if self._frame else 0)
        if frame is None or self.source(now) is None:
            return
        if self.tile is not None and (masks := self.masks_of(self.tile.seen.camera_id)):
            cover_pixels(frame.pixels, masks)
        self._frame = frame
        moving = self._status.state in _MOVING
        if not moving:
            self._status = pool.status(self.slot)
        if not moving or self.replay is not None:
            self._relook(now)  # else it reads as at the last look, some tenths of a second ago
        self.update()

    def _relook(self, now: datetime) -> None:
        look = look_of(
            self.tile,
            self._status,
            self._frame,
            self.replay,
            now,
            recorded=self.recorded,
            steered=self.steered,
            zoom=self._zoom.times,
        )
        if self.tile is None and self.says_nothing_is_shown:
            look = Look(notice=words.nothing_shown(), notice_colour="text_dim")
        if look == self._look:
            return
        spoken = look.spoken(self.tile.number if self.tile else self.slot + 1)
        if spoken != self.accessibleName():
            self.setAccessibleName(spoken)
        self._look = look
        self.update()

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed_at = event.position() if event.button() is Qt.MouseButton.LeftButton else None
        self.pointed.emit(self.place)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A magnified picture is moved under the hand; a tile is carried by its bar, or as a whole when it is not."""
        if self._pressed_at is None or self.tile is None:
            return
        moved = event.position() - self._pressed_at
        if self._zoom.is_on and not paint.top_bar(self.rect()).contains(self._pressed_at.toPoint()):
            picture = self.picture_place()
            self.set_zoom(self._zoom.moved(-moved.x() / picture.width(), -moved.y() / picture.height()))
            self._pressed_at = event.position()
        elif moved.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            drag_camera(self, self.tile.seen.camera_id, self.tile.seen.name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Magnify around the pointer."""
        if self._frame is None:
            event.ignore()
            return
        picture, at = self.picture_place(), event.position()
        part = QPointF((at.x() - picture.left()) / picture.width(), (at.y() - picture.top()) / picture.height())
        inside = QPointF(min(1.0, max(0.0, part.x())), min(1.0, max(0.0, part.y())))
        self.set_zoom(self._zoom.by(event.angleDelta().y() / WHEEL_STEP, inside))
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if camera_of(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._set_target(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        del event
        self._set_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_target(False)
        camera_id = camera_of(event.mimeData())
        if camera_id is not None:
            event.acceptProposedAction()
            self.dropped.emit(self.place, camera_id)

    def _set_target(self, is_target: bool) -> None:
        self._is_target = is_target
        self.update()

    def picture_place(self) -> QRect:
        """Return where the whole picture lies on the tile."""
        shape = self._frame.pixels.shape if self._frame is not None else (9, 16)
        return place_of(self.rect(), shape[1], shape[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.doubled.emit(self.place)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        rect, look = self.rect(), self._look
        if self.tile is not None and self._frame is not None and look.scene is _PICTURE and look.notice is None:
            self._dressed(self.tile, self._frame, rect).paint(painter, self._frame, self._zoom)
            self._paint_marks(painter, rect, look)
        else:
            self._paint_bare(painter, rect, look)
        if self._is_target:
            paint.paint_drop(painter, rect)

    def _dressed(self, tile: WallTile, frame: Frame, rect: QRect) -> Dressing:
        """Return what lies around the picture; made anew when it no longer fits."""
        look, selected, focused = self._look, self._selected, self.hasFocus()
        ratio = self.devicePixelRatioF()
        key = (look, tile.number, rect, ratio, selected, focused, frame.pixels.shape)
        if self._dressing is None or self._dressing.key != key:
            self._dressing = Dressing(key, rect, ratio, frame)
            self._dressing.put_on(look, tile.number, selected=selected, focused=focused)
        return self._dressing

    def _paint_bare(self, painter: QPainter, rect: QRect, look: Look) -> None:
        """Paint a tile without a moving picture."""
        paint.paint_ground(painter, rect)
        if self.tile is not None:
            self._paint_scene(painter, rect, look)
            paint.paint_top(painter, rect, self.tile.number, look.title, (look.clarity, look.short[0]))
            paint.paint_bottom(
                painter, rect, look.word, look.word_colour, look.text, (look.where, look.short[1]), look.recorded
            )
            self._paint_marks(painter, rect, look)
        elif look.notice is not None:
            paint.paint_notice(painter, rect, look.notice, look.notice_colour)
        paint.paint_edge(painter, rect, selected=self._selected, focused=self.hasFocus())

    def _paint_scene(self, painter: QPainter, rect: QRect, look: Look) -> None:
        if look.scene in (Scene.PICTURE, Scene.STILL) and self._frame is not None:
            paint_picture(painter, rect, self._frame, self.devicePixelRatioF(), self._zoom)
        if look.scene in (Scene.STILL, Scene.DARK):
            paint.paint_hatch(painter, rect, over_picture=look.scene is Scene.STILL)
        if look.scene is Scene.SHUT:
            paint.paint_shutter(painter, rect)
        if look.notice is not None:
            self._paint_notice(painter, rect, look)

    def _paint_notice(self, painter: QPainter, rect: QRect, look: Look) -> None:
        assert look.notice is not None
        room, icon = rect, None
        if look.scene in (Scene.SHUT, Scene.DARK) and rect.height() > _SMALLEST_NOTICE_PX:
            icon = paint.paint_padlock if look.scene is Scene.SHUT else paint.paint_no_picture
            room = rect.adjusted(0, 30, 0, 0)
        if icon is not None:
            icon(painter, QPointF(rect.center().x(), rect.center().y() - 28), look.notice_colour)
        paint.paint_notice(painter, room, look.notice, look.notice_colour)

    def _paint_marks(self, painter: QPainter, rect: QRect, look: Look) -> None:
        if look.badge:
            paint.paint_badge(painter, rect, (look.badge, look.short[2]))
        if look.replay:
            paint.paint_replay_mark(painter, rect)
        if look.steered is not None:
            paint.paint_steered(painter, rect, look.steered)
        tags = [(look.damaged, "warn")] * bool(look.damaged) + [(look.zoom, "accent")] * bool(look.zoom)
        tags += [(look.eased, "warn")] * bool(look.eased)
        if tags:
            paint.paint_tags(painter, rect, tags, 28 if look.badge else 0)
