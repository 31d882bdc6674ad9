"""Joins the threads behind a stack of layers that is not shown any more, without the screen waiting for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

JOIN_S = 30.0


class Retiring(QObject):
    """Things are let go on the GUI thread once their threads have ended. `close` waits for those still under way."""

    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._under_way: dict[threading.Thread, object] = {}
        self._ended.connect(self._forget, Qt.ConnectionType.QueuedConnection)

    def retire(self, thing: object, close: Callable[[], None]) -> None:
        """Call `close` in a thread of its own; `thing` is kept until that has come back."""

        def run() -> None:
            close()
            self._ended.emit(threading.current_thread())

        thread = threading.Thread(target=run, name="map-retiring", daemon=True)
        self._under_way[thread] = thing
        thread.start()

    def close(self) -> None:
        """Wait for all."""
        for thread in list(self._under_way):
            thread.join(JOIN_S)
        self._under_way.clear()

    def _forget(self, thread: threading.Thread) -> None:
        self._under_way.pop(thread, None)
