"""What the supervisor and the past have to say about an alert: the priority table, shelves, histories, chatter."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from smartcity_console.intake.priority import decide
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.events import (
    AlarmShelved,
    AlarmUnshelved,
    ChatterFolded,
    Event,
    IncidentClosed,
    IncidentMerged,
    IncidentOpened,
    IncidentUnmerged,
    PriorityTableSet,
)
from smartcity_console.model.priority import DEFAULT_TABLE, PriorityDecision, SiteHistory
from smartcity_console.model.shelves import Shelves

RECENT = timedelta(hours=1)
CHATTER_WITHIN = timedelta(seconds=60)
CHATTER_FROM = 3
"""ISA-18.2: an alarm that comes three times in a minute chatters."""
TELL_EVERY = timedelta(seconds=1)
TELL_PACE = timedelta(milliseconds=100)
_TOLD_AT_ONCE = 40
"""Counts told together, TELL_PACE apart: when hundreds of detectors chatter theirs come some seconds late, instead of
being half of what the journal and every screen must take."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_RECENT = 200
_MOST_DETECTORS = 50_000

Detector = tuple[str, str, str, str]
"""Incident, account, zone, code."""


class _Seen(msgspec.Struct, frozen=True):
    alert_id: str
    at: datetime
    repeats: bool


class Fold(msgspec.Struct, frozen=True):
    """Alerts of one detector that are on record and only counted in their incident."""

    incident_id: str
    payload: ChatterFolded


class Standing:
    """Fed with the journal's events in order; asked at each alert. What it learns of an alert that is being decided
    on (`note`) is not taken back when the transaction fails: a count too high for an hour harms nobody."""

    def __init__(self) -> None:
        self.table = DEFAULT_TABLE
        self._shelves = Shelves()
        self._closed: dict[str, tuple[int, int]] = {}
        self._site_of: dict[str, str] = {}  # open incident -> site
        self._recent: dict[str, deque[datetime]] = {}
        self._repeats: dict[Detector, deque[_Seen]] = {}
        self._folded: dict[Detector, int] = {}
        self._untold: dict[Detector, None] = {}  # the longest waiting first
        self._told_at: dict[Detector, datetime] = {}
        self._last_told = _LONG_AGO
        self.shelved = 0

    def take(self, events: Iterable[Event]) -> None:
        """Fold events in."""
        for event in events:
            fold = _FOLDS.get(event.type)
            if fold is not None:
                fold(self, event)

    def is_shelved(self, alert: Alert) -> bool:
        """Return whether the alert's detector is shelved now. What is urgent is never shelved away."""
        shelved = self._shelves.holding(alert) is not None
        self.shelved += shelved
        return shelved

    def priority(self, alert: Alert) -> PriorityDecision:
        """Return how urgent an alert is, and note it in its site's history."""
        return decide(alert, self._history(alert), self.table)

    def chatters(self, incident_id: str, alert: Alert) -> bool:
        """Return whether an alert only repeats what its incident holds; it is then counted.

        Asked again of the same alert (its transaction had to be decided anew) it says the same.
        """
        if alert.kind is AlertKind.RESTORE:
            return False
        key = (incident_id, alert.account, alert.zone, alert.code)
        times = self._repeats.setdefault(key, deque(maxlen=CHATTER_FROM))
        for seen in times:
            if seen.alert_id == alert.id:
                return seen.repeats
        repeats = len(times) == CHATTER_FROM and alert.received_at - times[0].at <= CHATTER_WITHIN
        times.append(_Seen(alert.id, alert.received_at, repeats))
        if repeats:
            self._folded[key] = self._folded.get(key, 0) + 1
            self._untold[key] = None
        if len(self._repeats) > _MOST_DETECTORS:
            self._repeats.pop(next(iter(self._repeats)))
        return repeats

    def untold(self, now: datetime) -> list[Fold]:
        """Return counts that changed since they were last told: each at most once a second, and a bounded number."""
        if now - self._last_told < TELL_PACE:
            return []
        due = (key for key in self._untold if now - self._told_at.get(key, _LONG_AGO) >= TELL_EVERY)
        return [
            Fold(key[0], ChatterFolded(account=key[1], zone=key[2], code=key[3], count=self._folded[key]))
            for key in itertools.islice(due, _TOLD_AT_ONCE)
        ]

    @property
    def has_untold(self) -> bool:
        """Whether a count waits to be told."""
        return bool(self._untold)

    def _history(self, alert: Alert) -> SiteHistory:
        if not alert.site_id:
            return SiteHistory()
        times = self._recent.setdefault(alert.site_id, deque(maxlen=_MOST_RECENT))
        while times and alert.received_at - times[0] > RECENT:
            times.popleft()
        closed, false = self._closed.get(alert.site_id, (0, 0))
        if not times or times[-1] != alert.received_at:
            times.append(alert.received_at)
        return SiteHistory(closed, false, len(times) - 1)

    # ---- folds ------------------------------------------------------------------------------------------------------

    def _opened(self, event: Event) -> None:
        alert = event.payload_as(IncidentOpened).alert
        if alert.site_id:
            self._site_of[event.stream] = alert.site_id

    def _closed_one(self, event: Event) -> None:
        site_id = self._site_of.pop(event.stream, None)
        self._forget(event.stream.partition("/")[2])
        if site_id is not None:
            closed, false = self._closed.get(site_id, (0, 0))
            was_false = event.payload_as(IncidentClosed).outcome == "false_alarm"
            self._closed[site_id] = (closed + 1, false + was_false)

    def _unmerged(self, event: Event) -> None:
        site_id = event.payload_as(IncidentUnmerged).alerts[0].site_id
        if site_id:
            self._site_of[event.stream] = site_id

    def _merged_one(self, event: Event) -> None:
        self._site_of.pop(event.stream, None)
        self._forget(event.stream.partition("/")[2])

    def _forget(self, incident_id: str) -> None:
        of_it = [key for key in self._repeats if key[0] == incident_id]
        for key in of_it:
            del self._repeats[key]
            self._folded.pop(key, None)
            self._told_at.pop(key, None)
            self._untold.pop(key, None)

    def _shelved_one(self, event: Event) -> None:
        self._shelves.shelve(event.payload_as(AlarmShelved), event.at)

    def _unshelved(self, event: Event) -> None:
        self._shelves.unshelve(event.payload_as(AlarmUnshelved))

    def _chatter_told(self, event: Event) -> None:
        told = event.payload_as(ChatterFolded)
        key = (event.stream.partition("/")[2], told.account, told.zone, told.code)
        self._told_at[key] = self._last_told = event.at
        self._untold.pop(key, None)
        if self._folded.setdefault(key, told.count) > told.count:
            self._untold[key] = None  # behind those that wait for their first word

    def _table_set(self, event: Event) -> None:
        self.table = event.payload_as(PriorityTableSet).rules


_FOLDS = {
    IncidentOpened.__name__: Standing._opened,
    IncidentClosed.__name__: Standing._closed_one,
    IncidentMerged.__name__: Standing._merged_one,
    IncidentUnmerged.__name__: Standing._unmerged,
    ChatterFolded.__name__: Standing._chatter_told,
    AlarmShelved.__name__: Standing._shelved_one,
    AlarmUnshelved.__name__: Standing._unshelved,
    PriorityTableSet.__name__: Standing._table_set,
}
