"""Turns every camera that can see a spot to it, and tells which did and why the others did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from smartcity_console.console.ptz import words
from smartcity_console.console.ptz.driver import PtzDriver
from smartcity_console.console.ptz.ports import Candidate
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.geo import Position

ANSWER_MS = 12_000  # a device that must be connected first takes up to five seconds, and presets are read


@dataclass(frozen=True)
class Turned:
    """What came of one camera; `why` is empty when it looks there."""

    camera_id: str
    name: str
    why: str


class SpotTurner(QObject):
    """One spot at a time; a new one replaces the one before. `finished` has the list of Turned, best ranked first."""

    finished = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        driver: PtzDriver,
        candidates: Callable[[Position], list[Candidate]],
        submit: Callable[[Callable[[], Any], Callable[[Any], None]], None],
        language: Callable[[], str],
    ) -> None:
        """`candidates` is called off the Qt thread, by `submit`."""
        super().__init__(driver)
        self._driver, self._candidates, self._submit, self._language = driver, candidates, submit, language
        self._asked = 0
        self._rows: dict[str, Turned | None] = {}
        self._names: dict[str, str] = {}
        driver.answered.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._give_up)

    def turn_to(self, spot: Position) -> None:
        """Ask which cameras there are, then ask each to look there."""
        self._asked += 1
        asked = self._asked
        self._submit(lambda: self._candidates(spot), lambda outcome: self._begin(asked, outcome))

    def _begin(self, asked: int, outcome: list[Candidate] | ConsoleError) -> None:
        if asked != self._asked:
            return
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
            return
        self._names = {each.camera_id: each.name for each in outcome}
        self._rows = {
            each.camera_id: Turned(each.camera_id, each.name, words.hidden()) if each.hidden else None
            for each in outcome
        }
        for each in outcome:
            if not each.hidden:
                self._driver.say(wire.Point(each.camera_id, each.aim))
        self._timer.start(ANSWER_MS)
        self._finish_when_all()

    @Slot(str, str, object)
    def _take(self, camera_id: str, wish: str, refused: wire.Refused | None) -> None:
        if wish != "point" or camera_id not in self._rows or self._rows[camera_id] is not None:
            return
        why = "" if refused is None else (refused.ko if self._language() == "ko" else refused.en)
        self._rows[camera_id] = Turned(camera_id, self._names[camera_id], why)
        self._finish_when_all()

    def _give_up(self) -> None:
        for camera_id, row in self._rows.items():
            if row is None:
                self._rows[camera_id] = Turned(camera_id, self._names[camera_id], words.no_answer())
        self._finish_when_all()

    def _finish_when_all(self) -> None:
        rows = list(self._rows.values())
        if all(rows):
            self._timer.stop()
            self._rows = {}
            self.finished.emit(rows)
