"""Alerts of one thing are one incident. Pure: a decision for each arrival over what is open and what stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.open_incidents import OpenIncident, OpenIncidents
from smartcity_console.intake.relations import are_related, distance_m, is_near, may_meet
from smartcity_console.intake.standing import Standing
from smartcity_console.model.alert import Alert
from smartcity_console.model.events import AlertJoined, AlertReceived, Draft, IncidentOpened, stream_of
from smartcity_console.model.place import place_of

__all__ = ["OpenIncident", "OpenIncidents", "Rules", "correlate", "place_of"]

NEAR = "near"


class Rules(msgspec.Struct, frozen=True):
    """How far joining reaches in time and space, how new incidents are named, and who signs the events."""

    join_within: timedelta
    new_incident_id: Callable[[], str]
    actor: str
    join_m: float = 150.0


def correlate(
    incidents: OpenIncidents, arrival: Arrival, rules: Rules, standing: Standing | None = None
) -> list[Draft]:
    """Return the drafts of one arrival, AlertReceived first, and take the decision over into `incidents`.

    The drafts expect the versions on which the decision rests: when another program writes in between (an operator
    closes the incident), the append is refused and the decision is taken anew.
    """
    standing = standing or Standing()
    alert = arrival.alert
    received = Draft(stream_of(AlertReceived, alert.id), AlertReceived(alert=alert), rules.actor, 0)
    if arrival.role is Role.NOTES or alert.is_test or standing.is_shelved(alert):
        return [received]
    incident, why = _same(incidents, arrival, rules)
    if incident is not None:
        if standing.chatters(incident.id, alert):
            return [received]
        return [received, _join(incidents, incident, alert, why, rules, standing)]
    if arrival.role is Role.OPENS:
        return [received, _open(incidents, alert, rules, standing)]
    return [received]


def chatter_told(incidents: OpenIncidents, standing: Standing, rules: Rules, now: datetime) -> list[Draft]:
    """Return the drafts that tell how often detectors repeated themselves since it was last told."""
    drafts = []
    for fold in standing.untold(now):
        incident = incidents.get(fold.incident_id)
        if incident is not None:
            stream = stream_of(AlertJoined, incident.id)
            drafts.append(Draft(stream, fold.payload, rules.actor, incident.version))
            incidents.counted(incident.id)
    return drafts


def _same(incidents: OpenIncidents, arrival: Arrival, rules: Rules) -> tuple[OpenIncident | None, str]:
    """Return the open incident that an arrival belongs to, and why."""
    alert = arrival.alert
    incident = incidents.newest_at(place_of(alert))
    if incident is not None and _is_in_time(arrival, incident, rules):
        return incident, "same_site" if alert.site_id else "same_case" if alert.reference else "same_account"
    if arrival.role is Role.OPENS and may_meet(alert):
        return _nearest(incidents, alert, rules), NEAR
    return None, ""


def _is_in_time(arrival: Arrival, incident: OpenIncident, rules: Rules) -> bool:
    """A restoral belongs to the open incident however late, and so does what its sender calls the same case; an alarm
    only within the joining time."""
    if arrival.role is Role.JOINS or (arrival.alert.reference and not arrival.alert.site_id):
        return True
    return arrival.alert.received_at - incident.last_alert_at <= rules.join_within


def _nearest(incidents: OpenIncidents, alert: Alert, rules: Rules) -> OpenIncident | None:
    """Return the nearest open incident of another sender that may be the same thing.

    Two registered premises side by side stay two: only a caller, a camera or a telecom's fix, which name no premises,
    can speak of what a neighbour's detector reports.
    """
    assert alert.position is not None
    near = [
        (distance_m(alert.position, incident.position), incident)
        for incident in incidents.around(alert.position)
        if incident.position is not None
        and not (alert.site_id and incident.is_fixed)
        and not _is_another_case(alert, incident)
        and are_related(alert.kind, incident.kind)
        and alert.received_at - incident.last_alert_at <= rules.join_within
        and is_near(alert.position, incident.position, rules.join_m)
    ]
    return min(near, key=lambda found: (found[0], found[1].id), default=(0.0, None))[1]


def _is_another_case(alert: Alert, incident: OpenIncident) -> bool:
    """Whether the sender itself counts the alert and the incident as different cases."""
    sender = place_of(alert).rpartition(":")[0]
    return bool(alert.reference) and any(place.rpartition(":")[0] == sender for place in incident.places)


def _join(
    incidents: OpenIncidents, incident: OpenIncident, alert: Alert, why: str, rules: Rules, standing: Standing
) -> Draft:
    decided = standing.priority(alert).priority
    after_s = max(0.0, (alert.received_at - incident.last_alert_at).total_seconds())
    near = why == NEAR and alert.position is not None and incident.position is not None
    apart_m = round(distance_m(alert.position, incident.position), 1) if near else None  # type: ignore[arg-type]
    joined = AlertJoined(
        alert=alert,
        reason=_in_korean(why, after_s, apart_m),
        why=why,
        after_s=round(after_s, 1),
        distance_m=apart_m,
        priority=decided if decided is not alert.priority else None,
    )
    incidents.joined(incident.id, alert)
    return Draft(stream_of(AlertJoined, incident.id), joined, rules.actor, incident.version)


def _open(incidents: OpenIncidents, alert: Alert, rules: Rules, standing: Standing) -> Draft:
    incident_id, decided = rules.new_incident_id(), standing.priority(alert)
    incidents.opened(incident_id, alert)
    standing.chatters(incident_id, alert)  # it is the first of what may become many
    opened = IncidentOpened(
        incident_id=incident_id,
        alert=alert,
        kind=alert.kind,
        priority=decided.priority,
        position=alert.position,
        priority_reason_ko=decided.reason_ko,
        priority_reason_en=decided.reason_en,
    )
    return Draft(stream_of(IncidentOpened, incident_id), opened, rules.actor, 0)


_WHERE = {
    "same_site": "같은 현장",
    "same_case": "같은 사건 번호",
    "same_account": "같은 계정",
    NEAR: "가까운 다른 신고",
}


def _in_korean(why: str, after_s: float, apart_m: float | None) -> str:
    apart = f" {apart_m:.0f} m" if apart_m is not None else ""
    return f"{_WHERE[why]}{apart}, 앞 경보에서 {round(after_s)}초 뒤"
