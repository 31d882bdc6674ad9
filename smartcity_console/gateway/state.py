"""What the gateway knows of the journal while it runs: the centre's fold, hand-offs by id, receipts already taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.centre import Centre
from smartcity_console.model.incident import Incident

_RECEIPTS = frozenset(kind.__name__ for kind in ev.ReceiptPayload.__subclasses__())


class KnownHandoff(msgspec.Struct, frozen=True):
    """Where a hand-off belongs, and what it lets its receiver watch until when."""

    incident_id: str
    request: ev.HandoffRequested


class GatewayState:
    """Lives on the gateway's event loop; fed by one follower, in the journal's order."""

    def __init__(self) -> None:
        self.centre = Centre()
        self.handoffs: dict[str, KnownHandoff] = {}
        self.receipt_ids: set[str] = set()

    def take(self, events: Iterable[ev.Event]) -> None:
        """Fold events in."""
        events = list(events)
        self.centre.take(events)
        for event in events:
            if event.type == ev.HandoffRequested.__name__:
                request = event.payload_as(ev.HandoffRequested)
                self.handoffs[request.handoff_id] = KnownHandoff(event.stream.partition("/")[2], request)
            elif event.type in _RECEIPTS:
                self.receipt_ids.add(event.payload_as(ev.ReceiptPayload).receipt_id)

    def incident_of(self, handoff_id: str) -> Incident | None:
        """Return the incident that a hand-off belongs to."""
        known = self.handoffs.get(handoff_id)
        return self.centre.incidents.get(known.incident_id) if known else None

    def unlocked(self, camera_id: str, now: datetime) -> bool:
        """Return whether some incident holds a private camera open now."""
        return any(incident.unlocked.get(camera_id, now) > now for incident in self.centre.open_incidents())
