"""A hand-off: what was sent to whom, and every receipt that came back. A fold over `Handoff*` events."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from smartcity_console.model.agency import AgencyKind


class HandoffStage(enum.StrEnum):
    """How far a hand-off has come; each stage has a receipt of its own."""

    REQUESTED = "requested"
    DELIVERED = "delivered"
    OPENED = "opened"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNITS_SENT = "units_sent"


class Receipt(msgspec.Struct, frozen=True):
    """One step of a hand-off's life: when, and what the receiver said with it."""

    stage: HandoffStage
    at: datetime
    detail: str = ""


class LiveViewer(msgspec.Struct, frozen=True):
    """Somebody who watches a camera live now."""

    view_id: str
    camera_id: str
    since: datetime
    remote: str


class Handoff(msgspec.Struct, frozen=True, kw_only=True):
    """State of one hand-off."""

    id: str
    incident_id: str
    agency_id: str
    agency_kind: AgencyKind
    agency_name: str
    requested_by: str
    camera_ids: tuple[str, ...]
    span_start: datetime
    span_end: datetime
    receipts: tuple[Receipt, ...] = ()
    failed_attempts: int = 0
    last_failure: str = ""
    units: tuple[str, ...] = ()
    live_until: datetime | None = None
    live_revoked_at: datetime | None = None
    viewers: tuple[LiveViewer, ...] = ()

    def may_watch(self, now: datetime) -> bool:
        """Return whether the receiver may watch live now."""
        return self.live_revoked_at is None and self.live_until is not None and now < self.live_until

    @property
    def stage(self) -> HandoffStage:
        """The furthest stage reached (a refusal ends it)."""
        return self.receipts[-1].stage if self.receipts else HandoffStage.REQUESTED

    def reached(self, stage: HandoffStage) -> bool:
        """Return whether a receipt of this stage has come."""
        return any(receipt.stage is stage for receipt in self.receipts)

    def with_receipt(self, receipt: Receipt) -> Handoff:
        """Return the hand-off with one more receipt; the same stage twice counts once, except further units."""
        if self.reached(receipt.stage) and receipt.stage is not HandoffStage.UNITS_SENT:
            return self
        return msgspec.structs.replace(self, receipts=(*self.receipts, receipt))
