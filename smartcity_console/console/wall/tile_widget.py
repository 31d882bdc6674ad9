"""One tile of the wall: takes its newest picture and paints it with what is known about it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartcity_console.console.wall import tile_paint as paint
from smartcity_console.console.wall import words
from smartcity_console.console.wall.look import Look, Scene, look_of
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.video.capture import DecoderPool, Frame, Size, TileSource, TileState, TileStatus

_SMALLEST_NOTICE_PX = 120


class TileWidget(QWidget):
    """Shows one slot of the pool. It never waits: every call into the pool returns at once."""

    pointed = Signal(int)  # slot
    doubled = Signal(int)

    def __init__(self, slot: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.slot = slot
        self.tile: WallTile | None = None
        self.replay: TileSource | None = None
        self._status = TileStatus(TileState.IDLE)
        self._frame: Frame | None = None
        self._look = Look()
        self._selected = False
        self.says_nothing_is_shown = False  # on one tile of an empty wall: an empty panel says why it is empty
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

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

    def set_replay(self, source: TileSource | None) -> None:
        if source != self.replay:
            self.replay = source
            self._frame = None

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
        """Return its size in pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return max(2, round(self.width() * ratio)), max(2, round(self.height() * ratio))

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
        frame = pool.frame(self.slot, self._frame.seq if self._frame else 0)
        if frame is None or self.source(now) is None:
            return
        self._frame = frame
        if self._status.state not in (TileState.LIVE, TileState.REPLAY):
            self._status = pool.status(self.slot)
        self._relook(now)
        self.update()

    def _relook(self, now: datetime) -> None:
        look = look_of(self.tile, self._status, self._frame, self.replay, now)
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
        self.pointed.emit(self.slot)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.doubled.emit(self.slot)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        rect, look = self.rect(), self._look
        paint.paint_ground(painter, rect)
        if self.tile is not None:
            self._paint_scene(painter, rect, look)
            paint.paint_top(painter, rect, self.tile.number, look.title, look.clarity)
            paint.paint_bottom(painter, rect, look.word, look.word_colour, look.text, look.where)
            self._paint_marks(painter, rect, look)
        elif look.notice is not None:
            paint.paint_notice(painter, rect, look.notice, look.notice_colour)
        paint.paint_edge(painter, rect, selected=self._selected, focused=self.hasFocus())

    def _paint_scene(self, painter: QPainter, rect: QRect, look: Look) -> None:
        if look.scene in (Scene.PICTURE, Scene.STILL) and self._frame is not None:
            self._paint_picture(painter, rect, self._frame)
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
            paint.paint_badge(painter, rect, look.badge)
        if look.replay:
            paint.paint_replay_mark(painter, rect)

    def _paint_picture(self, painter: QPainter, rect: QRect, frame: Frame) -> None:
        """Paint the whole picture, centred: evidence is not cropped."""
        height, width = frame.pixels.shape[:2]
        image = QImage(frame.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        scale = min(rect.width() / width, rect.height() / height)
        place = QRect(0, 0, round(width * scale), round(height * scale))
        place.moveCenter(rect.center())
        ratio = self.devicePixelRatioF()
        exact = abs(place.width() * ratio - width) <= 1 and abs(place.height() * ratio - height) <= 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact)
        if exact and ratio == 1.0:
            painter.drawImage(place.topLeft(), image)
        else:
            painter.drawImage(place, image)
