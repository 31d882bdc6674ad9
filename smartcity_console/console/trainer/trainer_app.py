"""Runs the trainer's window until it closes or the system asks it to stop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from smartcity_console.clock import Clock
from smartcity_console.console.app import StopSignals, application, fit_to_screen
from smartcity_console.console.language import LanguageSwitch, TranslationMissing
from smartcity_console.console.theme import apply_theme
from smartcity_console.console.trainer.trainer_desk import TrainerDesk, TrainerParts, TrainerRunner
from smartcity_console.console.trainer.window import TrainerWindow


class Trainer(QObject):
    """One trainer's window with its threads. `closed` when every thread has been joined."""

    closed = Signal()

    def __init__(self, app: QApplication, parts: TrainerParts, clock: Clock) -> None:
        super().__init__()
        apply_theme(app)
        self.languages = LanguageSwitch(app)
        self.desk = TrainerDesk(parts, clock, self)
        self.runner = TrainerRunner(self.desk)
        self.window = TrainerWindow(self.desk, self.runner, self.languages)
        self.window.closing.connect(self.close)
        self._is_closed = False

    def start(self) -> None:
        try:
            self.languages.use(self.desk.parts.language)
        except TranslationMissing as error:
            self.window.notice.tell_error(error)
        self.desk.start()
        self.window.start()

    def close(self) -> None:
        """Stop every thread and wait for it. A second call does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self.desk.close()
        self.languages.remove()
        self.closed.emit()


def run_trainer_window(parts: TrainerParts, clock: Clock) -> int:
    """Show the window; return the exit code."""
    app = application()
    trainer = Trainer(app, parts, clock)
    with StopSignals(trainer.window.close):
        fit_to_screen(trainer.window)
        trainer.window.show()
        trainer.start()
        code = app.exec()
    trainer.close()
    return code


def open_outside(url: str) -> object:
    """Open an address as the system does."""
    return QDesktopServices.openUrl(QUrl(url))
