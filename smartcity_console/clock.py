"""Clocks are passed in: nobody in the project asks the system for the time except through one of these."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Two readings: a wall clock in UTC for records, and a monotonic one (seconds) for intervals."""

    def now(self) -> datetime:
        """Return the wall-clock time in UTC, time-zone aware."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds of CLOCK_MONOTONIC: never steps, comparable between processes of one machine."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is told to move; for tests and for replays."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic_s(self) -> float:
        return self._elapsed_s

    def advance(self, seconds: float) -> None:
        """Move both readings forward by `seconds`."""
        self._elapsed_s += seconds
