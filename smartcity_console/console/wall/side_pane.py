"""A second picture of a tile's camera, beside the live one. It is never to be taken for the live one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from smartcity_console.console.times import clock_text
from smartcity_console.console.wall import tile_paint as paint
from smartcity_console.console.wall import words
from smartcity_console.console.wall.picture import paint_picture, place_of
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.words import Notice
from smartcity_console.model.masks import Polygons
from smartcity_console.video.capture import DecoderPool, Frame


class SidePane(QWidget):
    """Base of the panes. `tile` is whose picture it is."""

    left = Signal()  # the operator is done with it
    verb = Signal(str)  # id of an operation that one of its buttons asks for

    def __init__(self, tile: WallTile, parent: QWidget) -> None:
        super().__init__(parent)
        self.tile = tile
        self.whole = False  # whether pictures are wanted at the camera's own size, for a snapshot
        self.covers: tuple[int, ...] = ()  # numbers of the tiles that lie under it
        self.covers_places: tuple[int, ...] = ()
        self._frame: Frame | None = None
        self.masks_of: Callable[[str], Polygons] = lambda _camera: ()  # what of a camera's picture is covered now
        self._said: tuple[str, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def sync(self, pool: DecoderPool, now: datetime) -> None:
        """See how it stands."""

    def take(self, pool: DecoderPool, now: datetime) -> None:
        """Take a newer picture."""

    def release(self, pool: DecoderPool) -> None:
        """Stop costing anything."""

    def close_down(self, pool: DecoderPool) -> None:
        """It goes for good."""
        self.release(pool)
        self._frame = None

    def word(self) -> str:
        """Return what kind of picture it is, in capitals."""
        raise NotImplementedError

    def text(self) -> str:
        """Return of when it is."""
        raise NotImplementedError

    def notice(self) -> Notice | None:
        return None

    def picture_room(self) -> QRect:
        return self.rect()

    def reread(self) -> None:
        """Repaint when it reads differently."""
        notice = self.notice() or Notice("")
        said = (self.word(), self.text(), *notice, str(self.covers))
        if said != self._said:
            self._said = said
            self.setAccessibleName(f"{self.word()} {self.tile.number} {words.title(self.tile)}, {self.text()}")
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.left.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter, room = QPainter(self), self.picture_room()
        paint.paint_ground(painter, self.rect())
        if self._frame is not None:
            paint_picture(painter, self._picture_place(room), self._frame, self.devicePixelRatioF())
        paint.paint_top(painter, room, self.tile.number, words.title(self.tile), (words.covering(self.covers),))
        paint.paint_bottom(painter, room, self.word(), "warn", self.text(), ())
        if (notice := self.notice()) is not None:
            paint.paint_notice(painter, room, notice, "warn")
        self.paint_mark(painter, self.rect())

    def _picture_place(self, room: QRect) -> QRect:
        """Return where the picture goes: at the height of the live one beside it, where that hides nothing."""
        assert self._frame is not None
        height, width = self._frame.pixels.shape[:2]
        level = place_of(self.rect(), width, height)
        return self.rect() if level.bottom() <= room.bottom() else room

    def paint_mark(self, painter: QPainter, rect: QRect) -> None:
        """Paint what sets it apart by shape and by a word."""
        paint.paint_replay_mark(painter, rect, self.word())


class FrozenPane(SidePane):
    """The picture of one moment, to compare the live one with."""

    def __init__(self, tile: WallTile, frame: Frame, taken_at: datetime, parent: QWidget) -> None:
        super().__init__(tile, parent)
        self._frame, self.taken_at, self._now = frame, taken_at, taken_at

    def sync(self, pool: DecoderPool, now: datetime) -> None:
        del pool
        self._now = now
        self.reread()

    def word(self) -> str:
        return words.frozen_word()

    def text(self) -> str:
        ago_s = int((self._now - self.taken_at) / timedelta(seconds=1))
        return f"{clock_text(self.taken_at)} · {words.ago(ago_s)}"

    def paint_mark(self, painter: QPainter, rect: QRect) -> None:
        paint.paint_frozen_mark(painter, rect, self.word())
