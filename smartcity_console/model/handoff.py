"""A hand-off: what was sent to whom, and every receipt that came back. A fold over `Handoff*` events."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.events import UnitPosition


class HandoffStage(enum.StrEnum):
    """How far a hand-off has come; each stage has a receipt of its own."""

    REQUESTED = "requested"
    DELIVERED = "delivered"
    OPENED = "opened"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNITS_SENT = "units_sent"
    ON_SCENE = "on_scene"
    ENDED = "closed"


_REPEATED = (HandoffStage.UNITS_SENT, HandoffStage.ON_SCENE)


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


class Message(msgspec.Struct, frozen=True):
    """One message of the conversation about a hand-off. `update_id` is empty for one that came from the desk."""

    at: datetime
    by: str
    text: str
    update_id: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the centre wrote it."""
        return bool(self.update_id)


class Update(msgspec.Struct, frozen=True):
    """What the receiver is still to be told, and how often that failed. `recall` comes before any message."""

    id: str
    kind: str  # recalled or message
    text: str
    seat: str
    at: datetime
    failed_attempts: int = 0
    last_failure: str = ""


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
    follows: str = ""
    messages: tuple[Message, ...] = ()
    positions: tuple[UnitPosition, ...] = ()  # the last of each unit
    updates: tuple[Update, ...] = ()  # not delivered yet, in the order in which they were given
    recalled_at: datetime | None = None
    recall_reason: str = ""
    outcome: str = ""
    link_until: datetime | None = None  # of the last link that was mailed
    link_sha256: str = ""

    def may_watch(self, now: datetime) -> bool:
        """Return whether the receiver may watch live now."""
        return self.live_revoked_at is None and self.live_until is not None and now < self.live_until

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected of its receiver: refused, done, or taken back."""
        ended = self.reached(HandoffStage.REFUSED) or self.reached(HandoffStage.ENDED)
        return ended or self.recalled_at is not None

    @property
    def recall_told(self) -> bool:
        """Whether the receiver knows of the recall."""
        return self.recalled_at is not None and not any(update.kind == "recalled" for update in self.updates)

    @property
    def stage(self) -> HandoffStage:
        """The furthest stage reached (a refusal ends it)."""
        return self.receipts[-1].stage if self.receipts else HandoffStage.REQUESTED

    def reached(self, stage: HandoffStage) -> bool:
        """Return whether a receipt of this stage has come."""
        return any(receipt.stage is stage for receipt in self.receipts)

    def with_receipt(self, receipt: Receipt) -> Handoff:
        """Return the hand-off with one more receipt; the same stage twice counts once, except further units and arrivals."""
        if self.reached(receipt.stage) and receipt.stage not in _REPEATED:
            return self
        return msgspec.structs.replace(self, receipts=(*self.receipts, receipt))
