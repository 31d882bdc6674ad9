"""The second of the drill at which something happened: time since `DrillBegun`, less the pauses between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model.events import DrillBegun, Event


class DrillTime(msgspec.Struct, frozen=True):
    """Turns wall-clock time (UTC) into seconds of the drill and back. `pauses`: begin and end of each, in order."""

    begun: datetime
    ended: datetime
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    def second_of(self, at: datetime) -> float:
        """Return the second of the drill; negative before it began. In a pause the second stands still."""
        paused = sum((max(timedelta(0), min(at, end) - start) for start, end in self.pauses), timedelta(0))
        return (at - self.begun - paused).total_seconds()

    def time_of(self, second: float) -> datetime:
        """Return when a second of the drill was; the second at which a pause stood is the pause's beginning."""
        at = self.begun + timedelta(seconds=second)
        for start, end in self.pauses:
            if at > start:
                at += end - start
        return at

    @property
    def length_s(self) -> float:
        return self.second_of(self.ended)


def drill_time(events: Sequence[Event]) -> DrillTime | None:
    """Return a drill's time, or None where the journal holds no `DrillBegun`. One that has not ended ends at its last event."""
    first = next((event for event in events if event.type == "DrillBegun"), None)
    if first is None:
        return None
    last = next((event for event in events if event.type == "DrillEnded"), events[-1])
    return DrillTime(first.at, last.at, tuple(_pauses(events, last.at)))


def drill_id_of(events: Sequence[Event]) -> str:
    """Return the run's id, "" where there is none."""
    first = next((event for event in events if event.type == "DrillBegun"), None)
    return first.payload_as(DrillBegun).drill_id if first else ""


def _pauses(events: Sequence[Event], end: datetime) -> list[tuple[datetime, datetime]]:
    pauses: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for event in events:
        if event.type == "DrillPaused" and since is None:
            since = event.at
        elif event.type in ("DrillResumed", "DrillEnded") and since is not None:
            pauses.append((since, event.at))
            since = None
    return [*pauses, (since, end)] if since is not None and since < end else pauses
