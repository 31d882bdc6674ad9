"""Where the trainer's window stands in time: at now while the drill runs; where the strip is pulled to after its end."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from smartcity_console.console.trainer.drill_fold import DrillFold
from smartcity_console.console.trainer.happenings import Happening
from smartcity_console.console.trainer.replay import Replay
from smartcity_console.console.trainer.trainer_desk import TrainerDesk
from smartcity_console.drill.score.model import Mark, Score
from smartcity_console.model.centre import Centre

PLAY_MS = 250
SETTLE_MS = 40


class ReplayControl(QObject):
    """`moved` when another second is looked at. Before the drill's end everything here is the desk's own, live."""

    moved = Signal()

    def __init__(self, desk: TrainerDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._replay: Replay | None = None
        self._wanted_s: float | None = None
        self._play, self._settle = QTimer(self), QTimer(self)
        self._settle.setSingleShot(True)
        self._play.timeout.connect(lambda: self.step(PLAY_MS / 1000.0))
        self._settle.timeout.connect(self._go)

    @property
    def is_on(self) -> bool:
        return self._replay is not None and self._desk.fold.ended is not None

    @property
    def second(self) -> float:
        if self._wanted_s is not None and self._desk.fold.ended is not None:
            return self._wanted_s
        return self._desk.second

    @property
    def centre(self) -> Centre:
        return self._replay.centre if self._replay is not None and self.is_on else self._desk.session.centre

    @property
    def fold(self) -> DrillFold:
        return self._replay.fold if self._replay is not None and self.is_on else self._desk.fold

    @property
    def is_playing(self) -> bool:
        return self._play.isActive()

    def upto(self, happenings: Sequence[Happening]) -> Sequence[Happening]:
        """Return what has happened by the second that is looked at."""
        if self._replay is None or not self.is_on:
            return happenings
        last = self._replay.last_seq
        return [happening for happening in happenings if happening.seq <= last]

    def score(self, score: Score | None) -> Score | None:
        """Return the marks that were decided by the second that is looked at."""
        if score is None or not self.is_on:
            return score
        return _until(score, self.second)

    def go(self, second: float) -> None:
        """Look at a second; the fold follows when the hand rests."""
        if self._desk.fold.ended is None:
            return
        self._wanted_s = min(self._desk.length_s, max(0.0, second))
        if not self._settle.isActive():
            self._settle.start(SETTLE_MS)

    def step(self, seconds: float) -> None:
        self.go(self.second + seconds)
        if self.second >= self._desk.length_s:
            self._play.stop()

    def toggle(self) -> None:
        """Play as fast as it was, or stop."""
        if self._play.isActive():
            self._play.stop()
            return
        if self.second >= self._desk.length_s:
            self.go(0.0)
        self._play.start(PLAY_MS)

    def stop(self) -> None:
        self._play.stop()
        self._settle.stop()

    def _go(self) -> None:
        if self._wanted_s is None or self._desk.fold.ended is None:
            return
        if self._replay is None:
            self._replay = Replay(self._desk.events, self._desk.seconds)
        self._replay.go(self._wanted_s)
        self.moved.emit()


def _until(score: Score, second: float) -> Score:
    marks: tuple[Mark, ...] = tuple(m for m in score.marks if m.at_s is not None and m.at_s <= second)
    return msgspec.structs.replace(score, marks=marks)
