"""The stage films the scenario behind the screen; how far it is stands on the button, and it can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from smartcity_console.console.background import Background
from smartcity_console.console.language import translate
from smartcity_console.model.errors import ConsoleError

FilmScenario = Callable[[Path, Callable[[float], None], Callable[[], bool]], list[Path]]
"""the scenario's file, told (share 0..1), is_cancelled -> the films; none when it was cancelled."""


class Filming(QObject):
    """One film at a time. `changed` when it begins, goes on and ends."""

    changed = Signal()
    failed = Signal(object)  # ConsoleError
    told = Signal(str)
    _went_on = Signal(float)

    def __init__(self, film: FilmScenario | None, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film, self._background = film, background
        self._stop = threading.Event()
        self.is_on, self.share = False, 0.0
        self._went_on.connect(self._show)

    def start(self, path: Path | None) -> None:
        """Film what the file says."""
        film = self._film
        if film is None or path is None or self.is_on:
            return
        self._stop.clear()
        self.is_on, self.share = True, 0.0
        self._background.submit(lambda: film(path, self._went_on.emit, self._stop.is_set), self._done)
        self.changed.emit()

    def stop(self) -> None:
        self._stop.set()

    def close(self) -> None:
        """Have a film that runs stop soon; the background waits for it."""
        self._stop.set()

    def words(self) -> str:
        return translate("Editor", "Filming {percent:.0f} %").format(percent=100 * self.share)

    def _show(self, share: float) -> None:
        self.share = share
        self.changed.emit()

    def _done(self, outcome: list[Path] | ConsoleError) -> None:
        self.is_on = False
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        elif outcome:
            self.told.emit(translate("Editor", "{count} films lie beside the scenario.").format(count=len(outcome)))
        else:
            self.told.emit(translate("Editor", "Filming was stopped; what was there before is kept."))
        self.changed.emit()
