"""What is locked for a hand-off: the span in the ring and the package, until a supervisor lets go of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from smartcity_console.model.incident import Incident


class LockedEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-off's evidence. `is_settled`: its incident is closed, so that it may be released."""

    incident_id: str
    handoff_id: str
    agency_name: str
    since: datetime
    camera_ids: tuple[str, ...]
    span_start: datetime
    span_end: datetime
    is_settled: bool


def locked_evidence(incidents: Iterable[Incident], released: Collection[str]) -> list[LockedEvidence]:
    """Return what nobody has released, longest locked first. `released`: ids of hand-offs."""
    found = [
        LockedEvidence(
            incident_id=incident.id,
            handoff_id=handoff.id,
            agency_name=handoff.agency_name,
            since=handoff.receipts[0].at if handoff.receipts else incident.opened_at,
            camera_ids=handoff.camera_ids,
            span_start=handoff.span_start,
            span_end=handoff.span_end,
            is_settled=incident.closed_at is not None,
        )
        for incident in incidents
        for handoff in incident.handoffs
        if handoff.id not in released
    ]
    return sorted(found, key=lambda one: (one.since, one.handoff_id))
