"""The wall: a grid of tiles, one timer, one selection."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.theme import colour
from smartcity_console.console.wall import layouts
from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.video.capture import DecoderPool, TileSource

FRAME_MS = 20
LOOK_EVERY = 5  # frames of the timer between two looks at how the tiles stand
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class WallWidget(QWidget):
    """Numbered live tiles. Public numbers are those on the tiles, from 1.

    Hidden or minimised, it has the pool show nothing; then it costs nothing.
    """

    tileActivated = Signal(int)  # the operator chose a tile
    replayToggled = Signal(int)  # the operator asks for the seconds before the alarm, or for live again

    def __init__(self, pool: DecoderPool, tiles: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pool = pool
        self._least = layouts.tiles_for(tiles)
        self._tiles: list[TileWidget] = []
        self._selected: int | None = None
        self._maximised: int | None = None
        self._beats = 0
        self._paused = True
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._resize_to(self._least)
        self._tiles[0].says_nothing_is_shown = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self._name()

    # ---- what it shows ---------------------------------------------------------------------------------------------

    def set_cameras(self, cameras: Sequence[WallTile]) -> None:
        """Show these cameras, each in the tile of its place; tiles whose camera stays keep their picture."""
        self._resize_to(max(self._least, layouts.tiles_for(len(cameras))))
        for index, widget in enumerate(self._tiles):
            widget.set_tile(cameras[index] if index < len(cameras) else None)
            widget.says_nothing_is_shown = index == 0 and not cameras
        if self._selected is not None and self._selected >= len(cameras):
            self._choose(None)
        if self._maximised is not None and self._maximised >= len(cameras):
            self._maximise(None)
        self._look()

    def set_layout(self, tiles: int) -> None:
        """Have room for at least this many tiles: 1, 4, 6, 9, 16 or 25."""
        self._least = layouts.tiles_for(tiles)
        self.set_cameras([w.tile for w in self._tiles if w.tile is not None])

    def cameras(self) -> list[WallTile]:
        """Return the cameras on the wall, in the order of their tiles."""
        return [widget.tile for widget in self._tiles if widget.tile is not None]

    def set_replay(self, tile: int, source: TileSource | None) -> None:
        """Play a recording in a tile, marked REPLAY, or go back to live (None)."""
        self._tiles[tile - 1].set_replay(source)
        self._look()

    def replaying(self, tile: int) -> bool:
        return self._tiles[tile - 1].replay is not None

    def selected(self) -> int | None:
        """Return the number of the chosen tile."""
        return None if self._selected is None else self._selected + 1

    def select(self, tile: int | None) -> None:
        """Choose a tile without telling anybody."""
        self._choose(None if tile is None else tile - 1)

    def maximised(self) -> int | None:
        """Return the number of the tile that fills the wall."""
        return None if self._maximised is None else self._maximised + 1

    def tile_widgets(self) -> list[TileWidget]:
        """Return the tiles in order, for tests and for `doctor`."""
        return list(self._tiles)

    # ---- following the pool ----------------------------------------------------------------------------------------

    def _beat(self) -> None:
        self._beats += 1
        if self._beats % LOOK_EVERY == 0:
            self._look()
        if self._paused:
            return
        now = self._pool.clock.now()
        for widget in self._shown():
            widget.take(self._pool, now)

    def _look(self) -> None:
        """See how the tiles stand; have hidden ones cost nothing."""
        self._paused = not self.isVisible() or self.window().isMinimized()
        now = self._pool.clock.now()
        for index, widget in enumerate(self._tiles):
            if self._paused or (self._maximised is not None and index != self._maximised):
                widget.release(self._pool)
            else:
                widget.sync(self._pool, now)

    def _shown(self) -> list[TileWidget]:
        return self._tiles if self._maximised is None else [self._tiles[self._maximised]]

    # ---- layout ----------------------------------------------------------------------------------------------------

    def _resize_to(self, count: int) -> None:
        if count == len(self._tiles):
            return
        while len(self._tiles) > count:
            gone = self._tiles.pop()
            gone.release(self._pool)
            gone.deleteLater()
        while len(self._tiles) < count:
            self._tiles.append(self._new_tile(len(self._tiles)))
        self._place()

    def _new_tile(self, slot: int) -> TileWidget:
        widget = TileWidget(slot, self)
        widget.pointed.connect(self._pointed)
        widget.doubled.connect(lambda _slot: self._toggle_maximised())
        widget.show()
        return widget

    def _place(self) -> None:
        count = len(self._tiles)
        places = layouts.grid(count, self.rect()) if self._maximised is None else [self.rect()] * count
        for index, (widget, place) in enumerate(zip(self._tiles, places, strict=True)):
            widget.setGeometry(place)
            widget.setVisible(self._maximised in (None, index))

    def _maximise(self, index: int | None) -> None:
        if index != self._maximised:
            self._maximised = index
            self._place()
            self._look()

    def _toggle_maximised(self) -> None:
        self._maximise(None if self._maximised is not None else self._selected)

    # ---- selection -------------------------------------------------------------------------------------------------

    def _choose(self, index: int | None) -> None:
        if index is not None and self._tiles[index].tile is None:
            return
        self._selected = index
        for widget in self._tiles:
            widget.set_selected(widget.slot == index)
        if self._maximised is not None and index is not None:
            self._maximise(index)

    def _pointed(self, slot: int) -> None:
        before = self._selected
        self._choose(slot)
        if self._selected == slot and before != slot:
            self.tileActivated.emit(slot + 1)

    def _step(self, across: int, down: int) -> None:
        """Move the selection by one tile; it stays within the row and within the cameras."""
        filled = [w.slot for w in self._tiles if w.tile is not None]
        if not filled:
            return
        columns = layouts.columns_of(len(self._tiles))
        at = self._selected if self._selected is not None else filled[0] - across - down * columns
        column = at % columns + across
        to = at + across + down * columns
        if to in filled and (0 <= column < columns or self._selected is None):
            self._pointed(to)
            self._tiles[to].setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS:
            self._step(*_STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self._toggle_maximised()
        elif key == Qt.Key.Key_Escape and self._maximised is not None:
            self._maximise(None)
        elif key == Qt.Key.Key_R and self._selected is not None:
            self.replayToggled.emit(self._selected + 1)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start(FRAME_MS)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._look()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self._look()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), colour("bg"))

    def _name(self) -> None:
        self.setAccessibleName(translate("Wall", "Camera wall"))
