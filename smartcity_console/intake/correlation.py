"""Alerts at one place are one incident. Pure: a fold of the open incidents, and a decision for each arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.events import (
    AlertJoined,
    AlertReceived,
    Draft,
    Event,
    IncidentClosed,
    IncidentOpened,
    stream_of,
)


class OpenIncident(msgspec.Struct, frozen=True):
    """What joining rests on. `version` is how many events the incident's stream holds."""

    id: str
    place: str
    version: int
    last_alert_at: datetime


class OpenIncidents:
    """The open incidents by place, folded from the journal."""

    def __init__(self, incidents: Iterable[OpenIncident] = ()) -> None:
        self._by_id: dict[str, OpenIncident] = {}
        self._at_place: dict[str, tuple[str, ...]] = {}  # ids by place: a storm asks for its place at every alert
        for incident in incidents:
            self._put(incident)

    def copy(self) -> OpenIncidents:
        """Return a copy on which the decisions of one transaction can be tried."""
        twin = OpenIncidents()
        twin._by_id, twin._at_place = self._by_id.copy(), self._at_place.copy()
        return twin

    def newest_at(self, place: str) -> OpenIncident | None:
        """Return the open incident of a place with the latest alert."""
        here = [self._by_id[incident_id] for incident_id in self._at_place.get(place, ())]
        return max(here, key=lambda incident: incident.last_alert_at, default=None)

    def take(self, events: Iterable[Event]) -> None:
        """Fold events in, in the journal's order."""
        for event in events:
            kind, _, key = event.stream.partition("/")
            if kind == "incident":
                self._take_one(key, event)

    def opened(self, incident_id: str, alert: Alert) -> None:
        self._put(OpenIncident(incident_id, place_of(alert), 1, alert.received_at))

    def joined(self, incident_id: str, alert: Alert) -> None:
        incident = self._by_id[incident_id]
        # A restoral does not keep an incident young: only what alarms does.
        last = incident.last_alert_at if alert.kind is AlertKind.RESTORE else alert.received_at
        self._by_id[incident_id] = OpenIncident(
            incident.id, incident.place, incident.version + 1, max(last, incident.last_alert_at)
        )

    def _take_one(self, key: str, event: Event) -> None:
        if event.type == IncidentOpened.__name__:
            self.opened(key, event.payload_as(IncidentOpened).alert)
        elif event.type == IncidentClosed.__name__:
            self._remove(key)
        elif key in self._by_id:
            if event.type == AlertJoined.__name__:
                self.joined(key, event.payload_as(AlertJoined).alert)
            self._by_id[key] = msgspec.structs.replace(self._by_id[key], version=event.version)


    def _put(self, incident: OpenIncident) -> None:
        self._remove(incident.id)
        self._by_id[incident.id] = incident
        self._at_place[incident.place] = (*self._at_place.get(incident.place, ()), incident.id)

    def _remove(self, incident_id: str) -> None:
        incident = self._by_id.pop(incident_id, None)
        if incident is None:
            return
        rest = tuple(one for one in self._at_place[incident.place] if one != incident_id)
        if rest:
            self._at_place[incident.place] = rest
        else:
            del self._at_place[incident.place]


def place_of(alert: Alert) -> str:
    """Return what two alerts must share to be of one place: the site, the sender's own case, or else the account."""
    if alert.site_id:
        return f"site:{alert.site_id}"
    if alert.reference:
        return f"case:{alert.protocol.partition('/')[0]}:{alert.reference}"
    return f"account:{alert.protocol[:4]}:{alert.account.upper()}"


class Rules(msgspec.Struct, frozen=True):
    """How far joining reaches, how new incidents are named, and who signs the events."""

    join_within: timedelta
    new_incident_id: Callable[[], str]
    actor: str


def correlate(incidents: OpenIncidents, arrival: Arrival, rules: Rules) -> list[Draft]:
    """Return the drafts of one arrival, AlertReceived first, and take the decision over into `incidents`.

    The drafts expect the versions on which the decision rests: when another program writes in between (an operator
    closes the incident), the append is refused and the decision is taken anew.
    """
    alert = arrival.alert
    received = Draft(stream_of(AlertReceived, alert.id), AlertReceived(alert=alert), rules.actor, 0)
    incident = incidents.newest_at(place_of(alert))
    if incident and _joins(arrival, incident, rules.join_within):
        incidents.joined(incident.id, alert)
        joined = AlertJoined(alert=alert, reason=_reason(alert, incident))
        return [received, Draft(stream_of(AlertJoined, incident.id), joined, rules.actor, incident.version)]
    if arrival.role is Role.OPENS:
        incident_id = rules.new_incident_id()
        incidents.opened(incident_id, alert)
        opened = _opened(incident_id, alert)
        return [received, Draft(stream_of(IncidentOpened, incident_id), opened, rules.actor, 0)]
    return [received]


def _joins(arrival: Arrival, incident: OpenIncident, join_within: timedelta) -> bool:
    """A restoral belongs to the open incident however late; an alarm only within the joining time."""
    if arrival.role is Role.NOTES:
        return False
    return arrival.role is Role.JOINS or arrival.alert.received_at - incident.last_alert_at <= join_within


def _opened(incident_id: str, alert: Alert) -> IncidentOpened:
    return IncidentOpened(
        incident_id=incident_id, alert=alert, kind=alert.kind, priority=alert.priority, position=alert.position
    )


def _reason(alert: Alert, incident: OpenIncident) -> str:
    seconds = max(0, round((alert.received_at - incident.last_alert_at).total_seconds()))
    where = "같은 현장" if alert.site_id else "같은 사건 번호" if alert.reference else "같은 계정"
    return f"{where}, 앞 경보에서 {seconds}초 뒤"
