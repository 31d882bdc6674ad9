"""The drill's own time: seconds since `DrillBegun`, less the pauses. A fold over the director's events."""

from __future__ import annotations

from datetime import datetime

from smartcity_console.model import events as ev


class DrillTime:
    """`take` the events in order; an event's second is asked for after it was taken."""

    def __init__(self) -> None:
        self.begun_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.end_reason = ""
        self.paused_since: datetime | None = None
        self.paused_s = 0.0

    @property
    def runs(self) -> bool:
        return self.begun_at is not None and self.ended_at is None and self.paused_since is None

    def take(self, event: ev.Event) -> None:
        match event.type:
            case "DrillBegun":
                self.begun_at = event.at
            case "DrillPaused" if self.paused_since is None:
                self.paused_since = event.at
            case "DrillResumed" if self.paused_since is not None:
                self.paused_s += (event.at - self.paused_since).total_seconds()
                self.paused_since = None
            case "DrillEnded":
                self.ended_at = event.at
                self.end_reason = event.payload_as(ev.DrillEnded).reason

    def second_of(self, at: datetime) -> float:
        """Return the second of a moment that is not before the last pause; in a pause it stands still."""
        if self.begun_at is None:
            return 0.0
        if self.paused_since is not None:
            at = min(at, self.paused_since)
        return max(0.0, (at - self.begun_at).total_seconds() - self.paused_s)


class Stopwatch:
    """The same on the monotonic clock, for who makes the time pass. Not thread-safe; reading it is."""

    def __init__(self) -> None:
        self._from_s: float | None = None
        self._held_s = 0.0

    def start(self, now_s: float, at_s: float = 0.0) -> None:
        self._from_s, self._held_s = now_s - at_s, at_s

    def stop(self, now_s: float) -> None:
        """Hold the time; a second call changes nothing."""
        self._held_s, self._from_s = self.read(now_s), None

    def read(self, now_s: float) -> float:
        """Return the second of the drill at a monotonic time."""
        started = self._from_s
        return self._held_s if started is None else max(0.0, now_s - started)
