"""Private cameras open for an incident and close with it: at its end, or when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smartcity_console.model.events import Draft, PrivateCamerasLocked, stream_of
from smartcity_console.model.incident import Incident

ACTOR = "gateway/privacy"


def locks_due(incidents: Iterable[Incident], now: datetime) -> list[Draft]:
    """Return the lockings that are due. Each expects the incident's version: one that was unlocked anew stays open."""
    return [draft for incident in incidents if (draft := _lock(incident, now)) is not None]


def _lock(incident: Incident, now: datetime) -> Draft | None:
    if incident.closed_at is not None:
        due, reason = tuple(sorted(incident.unlocked)), "사건 종결"
    else:
        due, reason = tuple(sorted(c for c, until in incident.unlocked.items() if until <= now)), "열람 시간 만료"
    if not due:
        return None
    payload = PrivateCamerasLocked(camera_ids=due, reason=reason)
    return Draft(stream_of(PrivateCamerasLocked, incident.id), payload, ACTOR, incident.version)
