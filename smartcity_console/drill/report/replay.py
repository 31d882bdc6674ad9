"""A finished drill at any second: what stood before each seat, and which recordings show it. No I/O."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from datetime import datetime

import msgspec

from smartcity_console.drill.score.timebase import time_base
from smartcity_console.model.camera import Ownership
from smartcity_console.model.centre import Centre
from smartcity_console.model.events import Event
from smartcity_console.model.incident import Incident


class SeatView(msgspec.Struct, frozen=True):
    """What a seat had: the incidents it had claimed, newest claim first, and the cameras these put on its wall.

    A private camera counts only while it was unlocked.
    """

    seat: str
    incidents: tuple[str, ...]
    cameras: tuple[str, ...]


class Shown(msgspec.Struct, frozen=True):
    """A recording to show: of the drill's ring, at a time in UTC."""

    camera_id: str
    at: datetime


class ReplayMoment(msgspec.Struct, frozen=True, kw_only=True):
    """A second of the drill. `last_seq`: the journal's number of the last event that had happened, 0 before the first."""

    second: float
    at: datetime
    last_seq: int
    queue: tuple[str, ...]  # what nobody had, most urgent first
    seats: tuple[SeatView, ...]
    recordings: tuple[Shown, ...]


class DrillReplay:
    """Stands at a second of a drill. Forward only what lies between is folded, backward everything anew."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Raises NoDrill for a journal without one."""
        self._base = time_base(events)
        self._events = list(events)
        self._seconds = [self._base.second(event.at) for event in self._events]
        self._folded = 0
        self.centre = Centre()

    @property
    def length_s(self) -> float:
        return self._base.duration_s

    def go(self, second: float) -> ReplayMoment:
        """Return the drill at a second (held within it): everything up to and with it has happened."""
        second = min(max(second, 0.0), self.length_s)
        upto = bisect.bisect_right(self._seconds, second)
        if upto < self._folded:
            self.centre, self._folded = Centre(), 0
        self.centre.take(self._events[self._folded : upto])
        self._folded = upto
        return self._moment(second)

    def _moment(self, second: float) -> ReplayMoment:
        at = self._base.moment(second)
        queue = self.centre.open_incidents()
        seats = sorted({*self.centre.seats, *(incident.claimed_by for incident in queue if incident.claimed_by)})
        views = tuple(_view(seat, queue, at) for seat in seats)
        cameras = dict.fromkeys(camera for view in views for camera in view.cameras)
        return ReplayMoment(
            second=second,
            at=at,
            last_seq=self._events[self._folded - 1].seq if self._folded else 0,
            queue=tuple(incident.id for incident in queue if incident.claimed_by is None),
            seats=views,
            recordings=tuple(Shown(camera, at) for camera in cameras),
        )


def _view(seat: str, queue: Sequence[Incident], at: datetime) -> SeatView:
    mine = [incident for incident in queue if incident.claimed_by == seat]
    mine.sort(key=lambda incident: incident.claimed_at or incident.opened_at, reverse=True)
    cameras = dict.fromkeys(camera for incident in mine for camera in _cameras(incident, at))
    return SeatView(seat, tuple(incident.id for incident in mine), tuple(cameras))


def _cameras(incident: Incident, at: datetime) -> list[str]:
    until = incident.unlocked
    return [
        seen.camera_id
        for seen in incident.cameras
        if seen.ownership is not Ownership.PRIVATE or (seen.camera_id in until and at < until[seen.camera_id])
    ]
