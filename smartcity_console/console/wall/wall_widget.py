"""The wall: tiles in a layout, one timer, one selection, and at most one pane beside a tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.theme import colour
from smartcity_console.console.wall import layouts
from smartcity_console.console.wall.beside import beside
from smartcity_console.console.wall.layouts import LAYOUTS, Layout
from smartcity_console.console.wall.side_pane import SidePane
from smartcity_console.console.wall.slots import Slots
from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.console.wall.wall_keys import press
from smartcity_console.console.wall.wall_moves import in_new_places
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.model.masks import Polygons
from smartcity_console.model.ptz_wire import Steered
from smartcity_console.video.capture import DecoderPool, TileSource

FRAME_MS = 20
LOOK_EVERY = 5  # frames of the timer between two looks at how the tiles stand


class WallWidget(QWidget):
    """Live tiles. Public numbers are places on the wall, from 1; a camera keeps the number of its cone on the map.

    Hidden or minimised, it has the pool show nothing; then it costs nothing.
    """

    tileActivated = Signal(int)  # the operator chose a tile
    tileChosen = Signal(str)  # the camera of the tile that is chosen now; empty: none
    replayToggled = Signal(int)  # the operator asks for the seconds before the alarm, or for live again
    cameraDropped = Signal(int, str)  # place, camera
    paneLeft = Signal()  # the operator has done with the pane
    verb = Signal(str)  # id of an operation that a button on the wall asks for

    def __init__(
        self, pool: DecoderPool, tiles: int = 6, parent: QWidget | None = None, slots: Slots | None = None
    ) -> None:
        super().__init__(parent)
        self.pool, self.slots = pool, slots or Slots()
        self.recorded: Callable[[str], bool | None] = lambda _camera: None
        self.masks_of: Callable[[str], Polygons] = lambda _camera: ()
        self.steered_by: Callable[[str], Steered | None] = lambda _camera: None
        self._least = layouts.tiles_for(tiles)
        self._fixed: Layout | None = None
        self._layout = LAYOUTS[str(self._least)]
        self._cameras: list[WallTile | None] = []
        self._tiles: list[TileWidget] = []
        self._pane: SidePane | None = None
        self._selected: int | None = None
        self._maximised: int | None = None
        self._focused_slot: int | None = None  # as the pool was told
        self._told = ""
        self._beats = 0
        self._paused = True
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._use(self._layout)
        self._tiles[0].says_nothing_is_shown = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self._name()

    # ---- what it shows ---------------------------------------------------------------------------------------------

    def set_cameras(self, cameras: Sequence[WallTile | None]) -> None:
        """Show these cameras, each in its place (None: nothing there); one that only moves keeps its picture."""
        self._cameras = list(cameras)
        self._use(self._fixed or LAYOUTS[str(max(self._least, layouts.tiles_for(len(cameras))))])
        self._keep_pictures()
        for index, widget in enumerate(self._tiles):
            widget.set_tile(cameras[index] if index < len(cameras) else None)
            widget.says_nothing_is_shown = index == 0 and not any(cameras)
        for is_gone, forget in (
            (self._is_gone(self._selected), self._choose),
            (self._is_gone(self._maximised), self._maximise),
        ):
            if is_gone:
                forget(None)
        self._settle_pane()
        self._look()
        self._tell_chosen()

    def set_layout(self, tiles: int) -> None:
        """Have room for at least this many tiles: 1, 4, 6, 9, 16 or 25; more when there are more cameras."""
        self._least, self._fixed = layouts.tiles_for(tiles), None
        self.set_cameras(self._cameras)

    def use_layout(self, layout_id: str | None) -> None:
        """Show exactly this layout's places, the first cameras in them; None: as many as there are cameras."""
        self._fixed = LAYOUTS[layout_id] if layout_id is not None else None
        self._maximise(None)
        self.set_cameras(self._cameras)

    @property
    def is_fixed(self) -> bool:
        """Whether the operator chose the layout."""
        return self._fixed is not None

    def retire(self) -> None:
        """Give every slot back: this wall goes for good."""
        self.close_pane()
        self._timer.stop()
        for widget in self._tiles:
            widget.release(self.pool)
            self.slots.give(widget.slot)
            widget.deleteLater()
        self._tiles = []

    @property
    def layout_id(self) -> str:
        return self._layout.id

    def cameras(self) -> list[WallTile]:
        """Return the cameras on the wall, in the order of their tiles."""
        return [widget.tile for widget in self._tiles if widget.tile is not None]

    def tile_at(self, tile: int) -> WallTile | None:
        """Return what a place shows."""
        return self._tiles[tile - 1].tile if 0 < tile <= len(self._tiles) else None

    def place_of(self, camera_id: str | None) -> int | None:
        """Return where a camera is shown."""
        return next((w.place + 1 for w in self._tiles if w.tile and w.tile.seen.camera_id == camera_id), None)

    def set_replay(self, tile: int, source: TileSource | None) -> None:
        """Play a recording in a tile, marked REPLAY, or go back to live (None)."""
        self._tiles[tile - 1].set_replay(source)
        self._look()

    def replaying(self, tile: int) -> bool:
        """Return whether a recording plays in a tile or beside it."""
        widget = self._tiles[tile - 1]
        return widget.replay is not None or (self.pane is not None and self._pane_place() == tile - 1)

    def selected(self) -> int | None:
        """Return the place of the chosen tile."""
        return None if self._selected is None else self._selected + 1

    def select(self, tile: int | None) -> None:
        """Choose a tile without telling that the operator did."""
        self._choose(None if tile is None else tile - 1)

    def point_at(self, tile: int) -> None:
        """Choose a tile as the operator does; nothing where there is no camera."""
        if self.tile_at(tile) is not None:
            self._pointed(tile - 1)
            self._tiles[tile - 1].setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen_widget(self) -> TileWidget | None:
        """Return the chosen tile, for what is done to its picture."""
        return None if self._selected is None else self._tiles[self._selected]

    def maximised(self) -> int | None:
        """Return the place of the tile that fills the wall."""
        return None if self._maximised is None else self._maximised + 1

    def toggle_maximised(self) -> None:
        """Fill the wall with the chosen tile, or show all of them again."""
        self._maximise(None if self._maximised is not None else self._selected)

    def tile_widgets(self) -> list[TileWidget]:
        """Return the tiles in order, for tests and for `doctor`."""
        return list(self._tiles)

    # ---- a pane beside a tile --------------------------------------------------------------------------------------

    @property
    def pane(self) -> SidePane | None:
        """The pane that is open."""
        return self._pane

    def open_pane(self, pane: SidePane) -> None:
        """Show a pane beside the tile of its camera; the one before goes."""
        self.close_pane()
        self._pane = pane
        pane.masks_of = self._masks
        pane.left.connect(self.paneLeft)
        pane.verb.connect(self.verb)
        self._settle_pane()
        self._look()

    def close_pane(self) -> None:
        """Show the live picture alone again."""
        pane, self._pane = self._pane, None
        if pane is None:
            return
        pane.close_down(self.pool)
        slot = getattr(pane, "slot", None)
        if slot is not None:
            self.slots.give(slot)
        pane.hide()
        pane.deleteLater()
        self._place()
        self._look()

    def _pane_place(self) -> int | None:
        place = self.place_of(self._pane.tile.seen.camera_id) if self._pane is not None else None
        return None if place is None else place - 1

    def _settle_pane(self) -> None:
        """Keep the pane with its camera; one whose camera is gone, or must not be seen any more, goes."""
        if self._pane is None:
            return
        at = self._pane_place()
        tile = self._tiles[at].tile if at is not None else None
        if tile is None or tile.shut(self.pool.clock.now()):
            self.close_pane()
            return
        self._pane.tile = tile
        self._place()

    def _covered(self) -> tuple[int, ...]:
        """Return the places under the pane."""
        return self._pane.covers_places if self._pane is not None and self._maximised is None else ()

    # ---- following the pool ----------------------------------------------------------------------------------------

    def _beat(self) -> None:
        self._beats += 1
        if self._beats % LOOK_EVERY == 0:
            self._look()
        if self._paused:
            return
        now = self.pool.clock.now()
        for widget in self._shown():
            widget.take(self.pool, now)
        if self._pane is not None and self._pane_is_shown():
            self._pane.take(self.pool, now)

    def _look(self) -> None:
        """See how the tiles stand; have hidden ones cost nothing."""
        self._paused = not self.isVisible() or self.window().isMinimized()
        self._tell_focus()
        now = self.pool.clock.now()
        shown = [] if self._paused else self._shown()
        for widget in self._tiles:
            if widget in shown:
                if widget.tile is not None:
                    camera_id = widget.tile.seen.camera_id
                    widget.recorded, widget.steered = self.recorded(camera_id), self.steered_by(camera_id)
                widget.sync(self.pool, now)
            else:
                widget.release(self.pool)
        self._look_at_pane()

    def _tell_focus(self) -> None:
        """Tell the pool whose picture is looked at: under load it keeps its main stream. Tiles keep slots when moved."""
        at = self._maximised if self._maximised is not None else self._selected
        slot = None if at is None or self._paused else self._tiles[at].slot
        if slot != self._focused_slot:
            self._focused_slot = slot
            self.pool.focus(slot)

    def _look_at_pane(self) -> None:
        if self._pane is None:
            return
        if self._pane.tile.shut(self.pool.clock.now()):
            self.close_pane()
        elif self._paused or not self._pane_is_shown():
            self._pane.release(self.pool)
        else:
            self._pane.sync(self.pool, self.pool.clock.now())

    def _pane_is_shown(self) -> bool:
        return self._maximised is None or self._maximised == self._pane_place()

    def _shown(self) -> list[TileWidget]:
        if self._maximised is not None:
            return [self._tiles[self._maximised]]
        covered = self._covered()
        return [widget for widget in self._tiles if widget.place not in covered]

    # ---- layout ----------------------------------------------------------------------------------------------------

    def _use(self, layout: Layout) -> None:
        if layout is self._layout and len(layout) == len(self._tiles):
            return
        self._layout = layout
        while len(self._tiles) > len(layout):
            gone = self._tiles.pop()
            gone.release(self.pool)
            self.slots.give(gone.slot)
            gone.hide()
            gone.deleteLater()
        while len(self._tiles) < len(layout):
            self._tiles.append(self._new_tile(len(self._tiles)))
        self._place()

    def _masks(self, camera_id: str) -> Polygons:
        """Ask anew each time: tiles are older than what is known of masks."""
        return self.masks_of(camera_id)

    def _new_tile(self, place: int) -> TileWidget:
        widget = TileWidget(self.slots.take(), self)
        widget.place = place
        widget.pointed.connect(self._pointed)
        widget.doubled.connect(lambda _place: self.toggle_maximised())
        widget.dropped.connect(lambda at, camera_id: self.cameraDropped.emit(at + 1, camera_id))
        widget.zoomed.connect(lambda _place: self._look())
        widget.masks_of = self._masks
        widget.show()
        return widget

    def _keep_pictures(self) -> None:
        self._tiles = in_new_places(self._tiles, self._cameras)
        if any(widget.place != index for index, widget in enumerate(self._tiles)):
            self._place()

    def _place(self) -> None:
        places = self._layout.places(self.rect()) if self._maximised is None else [self.rect()] * len(self._tiles)
        for index, (widget, place) in enumerate(zip(self._tiles, places, strict=True)):
            widget.place = index
            widget.setGeometry(place)
            widget.setVisible(self._maximised in (None, index))
            widget.set_selected(index == self._selected)
        if self._pane is not None:
            self._place_pane(places)

    def _place_pane(self, places: list[QRect]) -> None:
        """Split the tile, or a block of tiles around it; those under it then cost nothing."""
        assert self._pane is not None
        at, pane = self._pane_place(), self._pane
        if at is None:
            return
        alone = self._maximised is not None
        free = [] if alone else [widget.place for widget in self._tiles if widget.tile is None]
        chosen = [] if self._selected in (None, at) else [self._selected]
        how = beside([places[at]] if alone else places, 0 if alone else at, free, chosen)
        pane.covers_places = () if alone else how.covers
        under = [self._tiles[place].tile for place in pane.covers_places]
        pane.covers = tuple(tile.number for tile in under if tile is not None)
        self._tiles[at].setGeometry(how.tile)
        pane.setGeometry(how.pane)
        for place in pane.covers_places:
            self._tiles[place].hide()
        pane.setVisible(not alone or at == self._maximised)
        pane.raise_()

    def _maximise(self, index: int | None) -> None:
        if index != self._maximised:
            self._maximised = index
            self._place()
            self._look()

    # ---- selection -------------------------------------------------------------------------------------------------

    def _is_gone(self, index: int | None) -> bool:
        return index is not None and (index >= len(self._tiles) or self._tiles[index].tile is None)

    def _choose(self, index: int | None) -> None:
        if index is not None and (not 0 <= index < len(self._tiles) or self._tiles[index].tile is None):
            return
        self._selected = index
        for widget in self._tiles:
            widget.set_selected(widget.place == index)
        if self._maximised is not None and index is not None:
            self._maximise(index)
        elif index is not None and index in self._covered():
            self._place()
            self._look()
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        tile = self._tiles[self._selected].tile if self._selected is not None else None
        camera_id = tile.seen.camera_id if tile is not None else ""
        if camera_id != self._told:
            self._told = camera_id
            self.tileChosen.emit(camera_id)

    def _pointed(self, place: int) -> None:
        before = self._selected
        self._choose(place)
        if self._selected == place and before != place:
            self.tileActivated.emit(place + 1)

    def step(self, across: int, down: int) -> None:
        """Move the selection by one tile; it stays within the row and within the cameras."""
        filled = [w.place for w in self._tiles if w.tile is not None]
        if not filled:
            return
        if self._selected is None:
            to: int | None = filled[0]
        else:
            to = layouts.neighbour(self._layout.places(self.rect()), self._selected, across, down)
        if to in filled:
            self.point_at(to + 1)

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press(self, event):
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
