"""Runs the console until its window closes or the system asks it to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.assembly import Console
from smartcity_console.console.collector import Collector
from smartcity_console.console.map import MapWidget
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.runtime import prepare_for_storms
from smartcity_console.settings import Settings


def run_console(
    workspace: Path, settings: Settings, clock: Clock, parts: ConsoleParts, painted: Callable[[], object] = lambda: None
) -> int:
    """Show the console; return the exit code. Raises ConsoleError when the journal cannot be opened.

    `painted` is called once, on the Qt thread, when all that is visible of the map has been painted for the first time.
    """
    prepare_for_storms()
    app = application()
    console = Console(app, workspace, settings, clock, parts)
    if isinstance(console.map, MapWidget):
        console.map.painted.connect(painted, Qt.ConnectionType.SingleShotConnection)
    with StopSignals(console.window.close):
        fit_to_screen(console.window)
        console.window.show()
        console.start()
        code = app.exec()
    console.close()
    return code


def fit_to_screen(window: QWidget) -> None:
    """Keep a window within its screen: some window managers, and a screen without one, do not."""
    free = window.screen().availableGeometry()
    if QApplication.platformName() == "offscreen" or free.contains(window.geometry()):
        return  # the offscreen platform's screen is none that anybody looks at
    window.resize(window.size().boundedTo(free.size()))
    window.move(free.topLeft())


def application() -> QApplication:
    """Return the process's QApplication, made at the first call; with it goes the looking for garbage."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["smartcity-console"])
        Collector(app)
    return app


class StopSignals:
    """SIGTERM and SIGINT close the window. Python only runs a handler between byte codes, and Qt's loop may sit in
    C++ for long; so the interpreter's wake-up file descriptor is watched by Qt itself."""

    def __init__(self, stop: Callable[[], object]) -> None:
        self._stop = stop
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)
        self._before: dict[signal.Signals, Any] = {}
        self._wake_before = -1

    def __enter__(self) -> StopSignals:
        self._wake_before = signal.set_wakeup_fd(self._write.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wake_before)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    def _drain(self) -> None:
        self._read.recv(64)

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self._stop()
