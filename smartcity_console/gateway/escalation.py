"""What happens to an incident that nobody takes: it is brought before the supervisor; a technical fault that has
restored itself is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.events import Draft, IncidentClosed, IncidentEscalated, stream_of
from smartcity_console.model.incident import Incident

ACTOR = "gateway/escalation"
LONGER = {Priority.EMERGENCY: 1.0, Priority.HIGH: 3.0, Priority.NORMAL: 15.0}
"""How many times `intake.claim_s` each priority may wait."""

TECHNICAL = frozenset({AlertKind.POWER, AlertKind.TROUBLE, AlertKind.TAMPER, AlertKind.WATER})
QUIET = timedelta(seconds=30)
"""A fault that comes and goes within this time stays one incident with a count, and is not opened anew each time."""


def escalations_due(
    incidents: Iterable[Incident], now: datetime, claim_s: float, left: Mapping[str, datetime] = MappingProxyType({})
) -> list[Draft]:
    """Return one IncidentEscalated for each open incident that has waited too long. Each expects the version that was
    looked at: one that a seat has just claimed is not escalated. `left`: seats that nobody sits at, and since when;
    what they hold waits like what nobody has taken."""
    return [draft for incident in incidents if (draft := _escalate(incident, now, claim_s, left)) is not None]


def restored_due(incidents: Iterable[Incident], now: datetime) -> list[Draft]:
    """Return the closings of unclaimed technical incidents whose every detector has restored itself."""
    return [
        Draft(
            stream_of(IncidentClosed, incident.id),
            IncidentClosed(outcome="restored", seat=""),
            ACTOR,
            incident.version,
        )
        for incident in incidents
        if _closes_by_itself(incident, now)
    ]


def _escalate(incident: Incident, now: datetime, claim_s: float, left: Mapping[str, datetime]) -> Draft | None:
    since, holder = incident.waiting_since, incident.claimed_by
    if incident.closed_at is not None or incident.is_escalated or (holder is not None and holder not in left):
        return None
    if holder is not None:
        since = max(since, left[holder])
    waited_s = (now - since).total_seconds()
    if waited_s <= claim_s * LONGER[incident.priority]:
        return None
    payload = IncidentEscalated(waited_s=round(waited_s, 1))
    return Draft(stream_of(IncidentEscalated, incident.id), payload, ACTOR, incident.version)


def _closes_by_itself(incident: Incident, now: datetime) -> bool:
    """Whatever an operator has touched, or what somebody asked for help in, is closed by hand."""
    return (
        incident.closed_at is None
        and incident.claimed_by is None
        and incident.grade is None
        and not incident.handoffs
        and incident.priority is Priority.NORMAL
        and incident.kind in TECHNICAL
        and all(alert.kind in TECHNICAL or alert.kind is AlertKind.RESTORE for alert in incident.alerts)
        and now - incident.alerts[-1].received_at >= QUIET
        and incident.is_restored
    )
