"""What was handed off and has not arrived: the list that stays loud on the screen until it is empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.incident import Incident

PATIENCE_S = 5.0
"""A delivery that has not failed is not called undelivered for so long: it is under way."""


class Undelivered(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-off that its receiver does not have. `why` is the last failure's sentence, empty while there was none."""

    incident_id: str
    handoff_id: str
    agency_name: str
    since: datetime
    failed_attempts: int
    why: str


def undelivered(incidents: Iterable[Incident], now: datetime, patience_s: float = PATIENCE_S) -> list[Undelivered]:
    """Return every hand-off that failed or waits, longest waiting first; of closed incidents too. A recall ends it."""
    found = [
        Undelivered(
            incident_id=incident.id,
            handoff_id=handoff.id,
            agency_name=handoff.agency_name,
            since=handoff.receipts[0].at if handoff.receipts else incident.opened_at,
            failed_attempts=handoff.failed_attempts,
            why=handoff.last_failure,
        )
        for incident in incidents
        for handoff in incident.handoffs
        if handoff.recalled_at is None and not handoff.reached(HandoffStage.DELIVERED)
    ]
    late = timedelta(seconds=patience_s)
    return sorted((one for one in found if one.failed_attempts or now - one.since >= late), key=lambda one: one.since)
