"""The scenario that is being edited: every change can be taken back; what is not saved yet is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from smartcity_console.console.background import Background
from smartcity_console.console.trainer.editor.parts import blank
from smartcity_console.drill.scenario.check import Problem
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.scenario.read import FILE, read_scenario
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.model.errors import ConsoleError

MOST_STEPS = 200
CHECK_MS = 250

Check = Callable[[Scenario, Path | None], list[Problem]]


class NotSaved(ConsoleError):
    code = "scenario_not_saved"
    ko = "시나리오를 {file} 에 저장하지 못했습니다({why}). 고친 것은 창에 그대로 있습니다. 다른 곳에 저장하십시오."
    en = "The scenario could not be saved to {file} ({why}). Your changes are still in the window. Save elsewhere."


class Document(QObject):
    """`changed` after each step, undo, redo, opening and saving; `checked` when the contradictions are others."""

    changed = Signal()
    checked = Signal()
    failed = Signal(object)  # ConsoleError

    def __init__(self, background: Background, check: Check, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._check = background, check
        self.path: Path | None = None
        self._steps: list[Scenario] = [blank()]
        self._at = 0
        self._saved: Scenario | None = self._steps[0]
        self.problems: list[Problem] = []
        self._checking = self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.check_now)

    @property
    def scenario(self) -> Scenario:
        return self._steps[self._at]

    @property
    def folder(self) -> Path | None:
        """Where the scenario's recordings are relative to."""
        return self.path.parent if self.path is not None else None

    @property
    def is_changed(self) -> bool:
        return self.scenario is not self._saved

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._steps)

    def put(self, scenario: Scenario) -> None:
        """Take a change; one that changes nothing is none."""
        if scenario == self.scenario:
            return
        self._steps = [*self._steps[max(0, self._at + 2 - MOST_STEPS) : self._at + 1], scenario]
        self._at = len(self._steps) - 1
        self._tell()

    def undo(self) -> None:
        if self.can_undo:
            self._at -= 1
            self._tell()

    def redo(self) -> None:
        if self.can_redo:
            self._at += 1
            self._tell()

    def begin(self, scenario: Scenario, path: Path | None) -> None:
        """Edit another scenario from its beginning."""
        self._steps, self._at, self._saved, self.path = [scenario], 0, scenario, path
        self.problems = []
        self._tell()

    def open(self, path: Path) -> None:
        """Read a scenario behind the screen; one that cannot be read changes nothing."""
        file = path / FILE if path.is_dir() else path
        self._background.submit(lambda: read_scenario(file), lambda outcome: self._opened(file, outcome))

    def save(self, path: Path, done: Callable[[], None] = lambda: None) -> None:
        """Write it behind the screen; `done` is called when it is on disk."""
        scenario = self.scenario
        self._background.submit(lambda: _write(path, scenario), lambda outcome: self._stored(scenario, outcome, done))

    def check_now(self) -> None:
        """Look for contradictions behind the screen; one look at a time."""
        if self._checking:
            self._again = True
            return
        self._checking = True
        scenario, folder = self.scenario, self.folder
        self._background.submit(lambda: self._check(scenario, folder), self._take_problems)

    def stop(self) -> None:
        self._timer.stop()

    def _tell(self) -> None:
        self._timer.start(CHECK_MS)
        self.changed.emit()

    def _opened(self, file: Path, outcome: Scenario | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        else:
            self.begin(outcome, file)

    def _stored(self, scenario: Scenario, outcome: Path | ConsoleError, done: Callable[[], None]) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
            return
        self.path, self._saved = outcome, scenario
        self._tell()
        done()

    def _take_problems(self, outcome: Any) -> None:
        self._checking = False
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        else:
            self.problems = outcome
            self.checked.emit()
        if self._again:
            self._again = False
            self.check_now()


def _write(path: Path, scenario: Scenario) -> Path:
    try:
        return write_scenario(path, scenario)
    except OSError as error:
        raise NotSaved(file=path, why=error.strerror or str(error)) from error
