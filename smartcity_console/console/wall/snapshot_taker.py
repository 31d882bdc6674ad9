"""Takes a snapshot: asks for the picture at the camera's own size, burns the mark in, saves, puts it on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from smartcity_console.clock import Clock
from smartcity_console.console.operations.wall_snapshot import Snapshot
from smartcity_console.console.wall import words
from smartcity_console.console.wall.replay_pane import ReplayPane
from smartcity_console.console.wall.review import Review
from smartcity_console.console.wall.side_pane import FrozenPane, SidePane
from smartcity_console.console.wall.snapshot import Mark, marked, save
from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.wall_widget import WallWidget
from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.capture import Frame

LOOK_MS = 40
LOOKS = 15  # 0.6 s: then the picture is taken at the size at which it is there


class SnapshotTaker(QObject):
    """`taken(Snapshot)` when a picture lies in the workspace; `failed(ConsoleError)` when none could be saved."""

    taken = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        workspace: Path,
        submit: Callable[[Callable[[], Any], Callable[[Any], None]], None],
        seat: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._submit, self._seat = workspace, submit, seat

    def take(self, wall: WallWidget, incident_id: str) -> None:
        """Take what the operator works at: a pane beside the chosen tile, else the tile."""
        widget = wall.chosen_widget()
        if widget is None or widget.tile is None:
            return
        pane = wall.pane
        shown: TileWidget | SidePane = widget
        if pane is not None and pane.tile.seen.camera_id == widget.tile.seen.camera_id and _time_of(pane) is not None:
            shown = pane
        if not isinstance(shown, FrozenPane):
            shown.whole = True
        if isinstance(shown, ReplayPane) and isinstance(shown.review, Review):
            shown.review.again()
        self._look(wall, shown, widget.tile, shown.frame, LOOKS, incident_id)

    def _look(
        self,
        wall: WallWidget,
        shown: TileWidget | SidePane,
        tile: WallTile,
        first: Frame | None,
        left: int,
        incident_id: str,
    ) -> None:
        """Wait until a picture of the camera's own size is there, or for as long as it is worth."""
        frame = shown.frame
        same = shown.tile is not None and shown.tile.seen.camera_id == tile.seen.camera_id
        grown = frame is not None and first is not None and frame.pixels.shape[0] > first.pixels.shape[0]
        if same and left > 0 and not grown and not isinstance(shown, FrozenPane):
            again = partial(self._look, wall, shown, tile, first, left - 1, incident_id)
            QTimer.singleShot(LOOK_MS, self, again)
            return
        shown.whole = False
        if not same or frame is None or shown.tile is None or shown.tile.shut(wall.pool.clock.now()):
            return  # it was closed meanwhile: then there is nothing to take
        at, word = _when(shown, frame, wall.pool.clock)
        self._save(wall, tile, frame, word, at, incident_id)

    def _save(
        self, wall: WallWidget, tile: WallTile, frame: Frame, word: str, captured_at: datetime, incident_id: str
    ) -> None:
        seen = tile.seen
        mark = Mark(seen.camera_id, seen.name, captured_at, word, self._seat(), wall.pool.clock.now())
        image = marked(frame, mark)
        facts = partial(self._saved, seen.camera_id, captured_at, incident_id)
        self._submit(lambda: save(image, self._workspace, mark), facts)

    def _saved(self, camera_id: str, captured_at: datetime, incident_id: str, outcome: Any) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
            return
        path, sha256 = outcome
        self.taken.emit(Snapshot(camera_id, path, sha256, captured_at, incident_id))


def _when(shown: TileWidget | SidePane, frame: Frame, clock: Clock) -> tuple[datetime, str]:
    """Return when a picture was taken, and the word for what it is."""
    if isinstance(shown, SidePane):
        return _time_of(shown) or clock.now(), shown.word()
    age = timedelta(seconds=max(0.0, clock.monotonic_s() - frame.captured_s))
    return clock.now() - age, words.state_word(shown.status.state)


def _time_of(pane: SidePane) -> datetime | None:
    """Return when a pane's picture was taken; None where that is not known."""
    if isinstance(pane, FrozenPane):
        return pane.taken_at
    return getattr(pane.review, "playhead", None) if isinstance(pane, ReplayPane) else None
