"""Salvos, saved walls and tours at work: kept, called up, shown in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from smartcity_console.console.operations import Operation
from smartcity_console.console.operations.wall_sets import CallUp
from smartcity_console.console.wall import words
from smartcity_console.console.wall.layouts import LAYOUTS
from smartcity_console.console.wall.name_prompt import NamePrompt
from smartcity_console.console.wall.presenter import WallPresenter
from smartcity_console.console.wall.sets import Salvo, SavedLayout, Tour, WallSets, WallSetsFile
from smartcity_console.console.wall.sets_dialog import SetsDialog
from smartcity_console.console.wall.tour import TourRunner, pages
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.errors import ConsoleError

FIRST_DWELL_S = 10.0
KINDS = {"salvo": "salvos", "saved": "layouts", "tour": "tours"}

Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]
Resolve = Callable[[Sequence[str], Callable[[list[SeenBy]], None]], None]


class SetsControl(QObject):
    """Holds what the workspace keeps, as of the last look at the file."""

    failed = Signal(object)
    told = Signal(str)
    changed = Signal()

    def __init__(self, workspace: Path, submit: Submit, resolve: Resolve, parent: QObject) -> None:
        super().__init__(parent)
        self.kept = WallSets()
        self.tour = TourRunner(self)
        self.tour.waiting.connect(lambda: self.told.emit(words.tour_waits(self.tour.name)))
        self._file, self._submit, self._resolve = WallSetsFile(workspace), submit, resolve
        self._busy = False
        self._error = ""
        self._prompt: NamePrompt | None = None
        self._dialog: SetsDialog | None = None

    def bind(self, operations: Iterable[Operation]) -> None:
        """Have the verbs that call something up carry its name."""
        for operation in operations:
            if isinstance(operation, CallUp):
                operation.names = partial(self.names, operation.kind)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of a kind, in the order of their keys."""
        return tuple(one.name for one in getattr(self.kept, KINDS[kind]))

    def look(self) -> None:
        """Read what is kept: another seat may have changed it."""
        if not self._busy:
            self._busy = True
            self._submit(self._file.read, self._take)

    def change(self, change: Callable[[WallSets], WallSets]) -> None:
        """Change what is kept."""
        self._submit(partial(self._file.change, change), self._take)

    def _take(self, outcome: Any) -> None:
        self._busy = False
        if isinstance(outcome, ConsoleError):
            if outcome.code != self._error:  # told once, not every time that it is looked at
                self.failed.emit(outcome)
            self._error = outcome.code if outcome.code == "wall_sets_unread" else ""
            return
        self._error = ""
        if outcome != self.kept:
            self.kept = outcome
            self.changed.emit()

    # ---- keeping ---------------------------------------------------------------------------------------------------

    def ask_name(self, op_id: str, window: QWidget, done: Callable[[str], None]) -> None:
        """Ask under which name the wall is to be kept."""
        if self._prompt is None or self._prompt.parentWidget() is not window:
            self._prompt = NamePrompt(window)
        kind = op_id.rpartition(".")[2]
        self._prompt.ask(words.keep_as(kind), self.names(kind), done)

    def keep(self, op_id: str, name: str, presenter: WallPresenter) -> None:
        """Keep what a wall shows."""
        kind = op_id.rpartition(".")[2]
        ids = presenter.camera_ids
        shown = tuple(camera_id for camera_id in ids if camera_id is not None)
        entry: Salvo | SavedLayout | Tour
        if kind == "salvo":
            entry = Salvo(name, shown)
        elif kind == "saved":
            entry = SavedLayout(name, presenter.wall.layout_id, ids)
        else:
            entry = Tour(name, FIRST_DWELL_S, tuple((camera_id,) for camera_id in shown))
        self.change(lambda kept: kept.keeping(KINDS[kind], entry))
        self.told.emit(words.kept_as(kind, name))

    def open_dialog(self, window: QWidget, call_up: Callable[[str, int], None]) -> None:
        """Show what is kept, to call up, delete and make tours of."""
        if self._dialog is None:
            self._dialog = SetsDialog(self.change, call_up, window)
            self.changed.connect(lambda: self._dialog.show_sets(self.kept) if self._dialog is not None else None)
        self._dialog.show_sets(self.kept)
        self._dialog.show()
        self._dialog.raise_()

    # ---- calling up ------------------------------------------------------------------------------------------------

    def call_up(self, kind: str, number: int, presenter: WallPresenter) -> None:
        """Show the n-th of a kind on a wall."""
        entries = getattr(self.kept, KINDS[kind])
        if number > len(entries):
            return
        entry = entries[number - 1]
        self.tour.stop()
        if isinstance(entry, Salvo):
            self._resolve(entry.cameras, lambda found: self._show(presenter, entry.cameras, found))
        elif isinstance(entry, SavedLayout):
            self._resolve(_named(entry.cameras), lambda found: self._show_saved(presenter, entry, found))
        else:
            cut = pages(entry, self.kept, len(LAYOUTS[presenter.wall.layout_id]))
            wanted = [camera_id for page in cut for camera_id in page]
            self._resolve(wanted, lambda found: self._start(entry, cut, presenter, found))

    def _show(self, presenter: WallPresenter, wanted: Sequence[str | None], found: list[SeenBy]) -> None:
        seen = {one.camera_id: one for one in found}
        presenter.show_set([seen.get(camera_id) if camera_id else None for camera_id in wanted])
        missing = len(_named(wanted)) - len(seen)
        if missing > 0:
            self.told.emit(words.missing_cameras(missing))

    def _show_saved(self, presenter: WallPresenter, entry: SavedLayout, found: list[SeenBy]) -> None:
        presenter.wall.use_layout(entry.layout if entry.layout in LAYOUTS else None)
        self._show(presenter, entry.cameras, found)

    def _start(self, tour: Tour, cut: list[tuple[str, ...]], presenter: WallPresenter, found: list[SeenBy]) -> None:
        if found:
            self.tour.start(tour, cut, {one.camera_id: one for one in found}, presenter)
        else:
            self.told.emit(words.empty_tour(tour.name))


def _named(cameras: Iterable[str | None]) -> list[str]:
    return [camera_id for camera_id in cameras if camera_id is not None]
