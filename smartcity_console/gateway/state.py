"""What the gateway knows of the journal while it runs: the centre's fold, hand-offs by id, receipts already taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.centre import Centre
from smartcity_console.model.incident import Incident

_LIVE = frozenset(kind.__name__ for kind in ev.LiveViewPayload.__subclasses__())
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
        self.revoked: set[str] = set()  # hand-offs whose live view was taken back
        self.open_views: dict[str, tuple[str, ev.LiveViewOpened]] = {}  # by view: incident, opening
        self.views_opened: Counter[str] = Counter()  # by hand-off, ever

    def take(self, events: Iterable[ev.Event]) -> set[str]:
        """Fold events in, those already seen aside; return the ids of the incidents that changed."""
        events = [event for event in events if event.seq > self.centre.last_seq]
        changed = self.centre.take(events)
        for event in events:
            if event.type == ev.HandoffRequested.__name__:
                request = event.payload_as(ev.HandoffRequested)
                self.handoffs[request.handoff_id] = KnownHandoff(event.stream.partition("/")[2], request)
            elif event.type in _LIVE:
                self._take_live(event)
            elif event.type in _RECEIPTS:
                self.receipt_ids.add(event.payload_as(ev.ReceiptPayload).receipt_id)
        return changed

    def _take_live(self, event: ev.Event) -> None:
        payload = event.payload()
        if isinstance(payload, ev.LiveViewRevoked):
            self.revoked.add(payload.handoff_id)
        elif isinstance(payload, ev.LiveViewOpened):
            self.open_views[payload.view_id] = (event.stream.partition("/")[2], payload)
            self.views_opened[payload.handoff_id] += 1
        elif isinstance(payload, ev.LiveViewClosed):
            self.open_views.pop(payload.view_id, None)

    def incident_of(self, handoff_id: str) -> Incident | None:
        """Return the incident that a hand-off belongs to."""
        known = self.handoffs.get(handoff_id)
        return self.centre.incidents.get(known.incident_id) if known else None

    def unlocked(self, camera_id: str, now: datetime) -> bool:
        """Return whether some incident holds a private camera open now."""
        return any(incident.unlocked.get(camera_id, now) > now for incident in self.centre.open_incidents())
