"""A real seat, offscreen, in a process of its own, on which keys are pressed while alarms storm in.

A thread presses an arrow key every 150 ms, as a hand would: by posting to the Qt thread, behind whatever that is doing.
Measured is from the press until the console has done what the key means.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ROOT = Path(__file__).resolve().parents[1]
EVERY_S = 0.15
START_LIMIT_S = 90.0
STOP_LIMIT_S = 30.0


@contextmanager
def attached_console(workspace: Path) -> Iterator[Callable[[], dict[str, object]]]:
    """Attach a console to a workspace; after the block the callable gives what the keys met."""
    command = [sys.executable, str(Path(__file__).resolve()), str(workspace)]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LANG": "en"}
    told: dict[str, object] = {}
    with (workspace / "console.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=log, text=True, stdin=subprocess.PIPE
        )
        assert process.stdout is not None and process.stdin is not None
        try:
            _await_painted(process)
            process.stdin.write("begin\n")
            process.stdin.flush()
            yield lambda: told
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                rest, _ = process.communicate(timeout=STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                rest, _ = process.communicate()
    lines = [json.loads(line) for line in rest.splitlines() if line.startswith("{")]
    told.update(next((line for line in reversed(lines) if "key_p99_ms" in line), {"key_p99_ms": None}))


def _await_painted(process: subprocess.Popen[str]) -> None:
    watch = threading.Timer(START_LIMIT_S, process.kill)
    watch.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if '"painted"' in line:
                return
        raise RuntimeError("the console did not start: see console.log in its workspace")
    finally:
        watch.cancel()


def _seat(workspace: Path) -> None:
    """What the console's process does."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from smartcity_console.clock import SystemClock
    from smartcity_console.composition.together import run_seat
    from smartcity_console.console.app import application
    from smartcity_console.settings import load_settings

    clock, taken_ms, ended = SystemClock(), list[float](), threading.Event()
    application()
    kind = QEvent.Type(QEvent.registerEventType())

    class Press(QEvent):
        def __init__(self, number: int) -> None:
            super().__init__(kind)
            self.number, self.at_s = number, clock.monotonic_s()

    class Hand(QObject):
        def event(self, event: QEvent) -> bool:
            if not isinstance(event, Press):
                return super().event(event)
            window = QApplication.activeWindow() or next(iter(QApplication.topLevelWidgets()))
            key = Qt.Key.Key_Down if event.number % 2 else Qt.Key.Key_Up
            QTest.keyClick(QApplication.focusWidget() or window, key)
            taken_ms.append((clock.monotonic_s() - event.at_s) * 1000.0)
            return True

    hand = Hand()

    def press() -> None:
        sys.stdin.readline()
        number = 0
        while not ended.wait(EVERY_S):
            number += 1
            QCoreApplication.postEvent(hand, Press(number))

    pressing = threading.Thread(target=press, name="keys", daemon=True)
    pressing.start()
    run_seat(workspace, load_settings(workspace), clock)
    ended.set()
    in_order = sorted(taken_ms) or [float("nan")]
    figures = {
        "keys": len(taken_ms),
        "key_p50_ms": round(in_order[len(in_order) // 2], 1),
        "key_p99_ms": round(in_order[int(len(in_order) * 0.99)], 1),
        "key_max_ms": round(in_order[-1], 1),
    }
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    _seat(Path(sys.argv[1]))
