"""The open incidents, folded from the journal: by place, and by where they are on the map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.intake.relations import may_meet
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.events import (
    AlertJoined,
    AlertsSplitOff,
    Event,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentMerged,
    IncidentOpened,
    IncidentUnmerged,
)
from smartcity_console.model.geo import Position
from smartcity_console.model.place import place_of

_CELL_DEG = 0.01
"""Side of a cell of the map's index: about a kilometre, more than two places are ever believed to be one."""
Cell = tuple[int, int]


class OpenIncident(msgspec.Struct, frozen=True):
    """What joining rests on. `version` is how many events the incident's stream holds, `places` all that its alerts
    named; `is_fixed` while every alert came from registered premises."""

    id: str
    places: tuple[str, ...]
    version: int
    last_alert_at: datetime
    kind: AlertKind
    position: Position | None = None
    is_fixed: bool = True


class OpenIncidents:
    """The open incidents."""

    def __init__(self, incidents: Iterable[OpenIncident] = ()) -> None:
        self._by_id: dict[str, OpenIncident] = {}
        self._at_place: dict[str, tuple[str, ...]] = {}  # ids by place: a storm asks for its place at every alert
        self._in_cell: dict[Cell, tuple[str, ...]] = {}
        for incident in incidents:
            self._put(incident)

    def copy(self) -> OpenIncidents:
        """Return a copy on which the decisions of one transaction can be tried."""
        twin = OpenIncidents()
        twin._by_id, twin._at_place = self._by_id.copy(), self._at_place.copy()
        twin._in_cell = self._in_cell.copy()
        return twin

    def get(self, incident_id: str) -> OpenIncident | None:
        return self._by_id.get(incident_id)

    def newest_at(self, place: str) -> OpenIncident | None:
        """Return the open incident of a place with the latest alert."""
        here = [self._by_id[incident_id] for incident_id in self._at_place.get(place, ())]
        return max(here, key=lambda incident: incident.last_alert_at, default=None)

    def around(self, position: Position) -> Iterator[OpenIncident]:
        """Yield the open incidents within about a kilometre, in no order."""
        x, y = _cell(position)
        for cell in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            for incident_id in self._in_cell.get(cell, ()):
                yield self._by_id[incident_id]

    def take(self, events: Iterable[Event]) -> None:
        """Fold events in, in the journal's order."""
        for event in events:
            kind, _, key = event.stream.partition("/")
            if kind == "incident":
                self._take_one(key, event)

    def opened(self, incident_id: str, alert: Alert) -> None:
        """Take an incident over that an alert has opened."""
        place, position = place_of(alert), alert.position
        self._put(OpenIncident(incident_id, (place,), 1, alert.received_at, alert.kind, position, bool(alert.site_id)))

    def joined(self, incident_id: str, alert: Alert) -> None:
        """Take over that an alert has joined."""
        incident = self._by_id[incident_id]
        # A restoral does not keep an incident young: only what alarms does.
        last = incident.last_alert_at if alert.kind is AlertKind.RESTORE else alert.received_at
        place, last = place_of(alert), max(last, incident.last_alert_at)
        if place in incident.places and incident.position is not None:
            changed = OpenIncident(
                incident.id,
                incident.places,
                incident.version + 1,
                last,
                incident.kind,
                incident.position,
                incident.is_fixed,
            )
            self._by_id[incident_id] = changed  # the usual case, and the one of a storm: no index changes
            return
        self._put(_widened(incident, alert, place, last))

    def counted(self, incident_id: str) -> None:
        """One more event is on the incident's stream."""
        incident = self._by_id[incident_id]
        self._by_id[incident_id] = msgspec.structs.replace(incident, version=incident.version + 1)

    def _take_one(self, key: str, event: Event) -> None:
        if event.type == IncidentOpened.__name__:
            self.opened(key, event.payload_as(IncidentOpened).alert)
        elif event.type in (IncidentClosed.__name__, IncidentMerged.__name__):
            self._remove(key)
        elif event.type == IncidentUnmerged.__name__:
            self._reopened(key, event)
        elif key in self._by_id:
            self._change(key, event)
            self._by_id[key] = msgspec.structs.replace(self._by_id[key], version=event.version)

    def _reopened(self, key: str, event: Event) -> None:
        first, *more = event.payload_as(IncidentUnmerged).alerts
        self.opened(key, first)
        for alert in more:
            self.joined(key, alert)
        self._by_id[key] = msgspec.structs.replace(self._by_id[key], version=event.version)

    def _change(self, key: str, event: Event) -> None:
        if event.type == AlertJoined.__name__:
            self.joined(key, event.payload_as(AlertJoined).alert)
        elif event.type == IncidentAbsorbed.__name__:
            for alert in event.payload_as(IncidentAbsorbed).alerts:
                self.joined(key, alert)
        elif event.type == AlertsSplitOff.__name__:
            # Its further alerts go where the operator sent these: the place is the new incident's from now on.
            places = event.payload_as(AlertsSplitOff).places
            incident = self._by_id[key]
            rest = tuple(place for place in incident.places if place not in places)
            self._put(msgspec.structs.replace(incident, places=rest))

    def _put(self, incident: OpenIncident) -> None:
        self._remove(incident.id)
        self._by_id[incident.id] = incident
        for place in incident.places:
            self._at_place[place] = (*self._at_place.get(place, ()), incident.id)
        if incident.position is not None:
            cell = _cell(incident.position)
            self._in_cell[cell] = (*self._in_cell.get(cell, ()), incident.id)

    def _remove(self, incident_id: str) -> None:
        incident = self._by_id.pop(incident_id, None)
        if incident is None:
            return
        for place in incident.places:
            _drop(self._at_place, place, incident_id)
        if incident.position is not None:
            _drop(self._in_cell, _cell(incident.position), incident_id)


def _widened(incident: OpenIncident, alert: Alert, place: str, last: datetime) -> OpenIncident:
    """Return the incident with one more place, and a position where it had none."""
    places = incident.places if place in incident.places else (*incident.places, place)
    position = incident.position or (alert.position if may_meet(alert) else None)
    fixed = incident.is_fixed and bool(alert.site_id)
    return OpenIncident(incident.id, places, incident.version + 1, last, incident.kind, position, fixed)


def _drop(index: dict[Any, tuple[str, ...]], key: Any, incident_id: str) -> None:
    rest = tuple(one for one in index[key] if one != incident_id)
    if rest:
        index[key] = rest
    else:
        del index[key]


def _cell(position: Position) -> Cell:
    return math.floor(position.lon_deg / _CELL_DEG), math.floor(position.lat_deg / _CELL_DEG)
