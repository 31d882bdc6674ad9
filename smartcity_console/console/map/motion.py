"""Carries the view from where it is to where it should be, in a few frames."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from smartcity_console.console.map.view import MapView, between

STEP_MS, FIT_MS = 140, 260
FARTHEST_SCREENS = 2.5  # a longer way is a jump: nobody can follow it, and its tiles would be painted for nothing


class Motion(QObject):
    """`target` is where the view will rest; `moved` is called with each view on the way and with the last."""

    def __init__(self, moved: Callable[[MapView], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._moved = moved
        self._start: MapView | None = None
        self.target: MapView | None = None
        self._run = QVariantAnimation(self)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._run.valueChanged.connect(self._step)

    @property
    def running(self) -> bool:
        return self._run.state() == QVariantAnimation.State.Running

    def go(self, start: MapView, target: MapView, duration_ms: int) -> None:
        """Move to a target; at once where the way is too long to follow."""
        self.stop()
        self.target = target
        if duration_ms <= 0 or _too_far(start, target):
            self._moved(target)
            return
        self._start = start
        self._run.setDuration(duration_ms)
        self._run.start()

    def stop(self) -> None:
        """Stay where the view is."""
        self._run.stop()
        self.target = None

    def _step(self, part: Any) -> None:
        if self._start is not None and self.target is not None and self.running:
            at_end = float(part) >= 1.0
            self._moved(self.target if at_end else between(self._start, self.target, float(part)))


def _too_far(start: MapView, target: MapView) -> bool:
    scale = max(min(start.px_per_m, target.px_per_m), 1e-9)
    away_px = math.hypot(target.x_m - start.x_m, target.y_m - start.y_m) * scale
    return away_px > FARTHEST_SCREENS * max(start.width_px, start.height_px)
