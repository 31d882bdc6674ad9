"""Looking for cyclic garbage on the Qt thread alone.

Python looks for it in whatever thread happens to make the object that is one too many. A widget in a cycle would then be
destroyed beside the thread that paints it, and that ends the program some other time, somewhere else.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 100


class Collector(QObject):
    """Takes over from the interpreter's own collector, by the same thresholds, until `close`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY_MS)

    def look(self) -> None:
        """Collect the oldest generation that is due (gc.get_threshold; gc.get_count goes on while disabled)."""
        due = [
            n for n, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > most
        ]
        if due:
            gc.collect(due[-1])

    def close(self) -> None:
        """Give the work back."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
