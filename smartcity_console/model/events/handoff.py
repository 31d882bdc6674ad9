"""incident/… : hand-offs, their receipts, updates and live views."""

from __future__ import annotations

from datetime import datetime

import msgspec

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.events.incident import IncidentPayload
from smartcity_console.model.verdict import Grade


class HandoffRequested(IncidentPayload, frozen=True, kw_only=True):
    """The operator's click. The gateway's outbox carries it out under `handoff_id` as idempotency key."""

    handoff_id: str
    agency_id: str
    agency_kind: AgencyKind
    agency_name: str
    camera_ids: tuple[str, ...]
    span_start: datetime
    span_end: datetime
    live_until: datetime
    basis: str
    note: str
    grade: Grade
    seat: str
    follows: str = ""  # the hand-off that this one adds to, under the same incident


class EvidenceFile(msgspec.Struct, frozen=True):
    """One file of a package: its name inside, size in bytes and SHA-256 in hex."""

    name: str
    size_bytes: int
    sha256: str


class HandoffPackaged(IncidentPayload, frozen=True, kw_only=True):
    """The sealed package lies at `path` (relative to the workspace) with this digest."""

    handoff_id: str
    path: str
    sha256: str
    files: tuple[EvidenceFile, ...]
    gaps: tuple[str, ...] = ()  # what was asked for and could not be had, in words


class HandoffAttemptFailed(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    attempt: int
    reason: str
    retry_in_s: float


class HandoffDelivered(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    attempt: int
    receiver: str


class HandoffLinkSent(IncidentPayload, frozen=True, kw_only=True):
    """A link to the package was mailed, which is no delivery. It holds for exactly this package until `until`."""

    handoff_id: str
    sha256: str
    to: tuple[str, ...]
    until: datetime


class HandoffLinkFetched(IncidentPayload, frozen=True, kw_only=True):
    """Somebody fetches the package by its link: on record before the first byte leaves. `remote` is the fetcher's host."""

    handoff_id: str
    remote: str


class ReceiptPayload(IncidentPayload, frozen=True, kw_only=True):
    """What a desk reports. `receipt_id` makes it idempotent; `reported_at` is the desk's own time of it."""

    handoff_id: str
    receipt_id: str = ""
    reported_at: datetime | None = None


class HandoffOpened(ReceiptPayload, frozen=True, kw_only=True):
    by: str


class HandoffAccepted(ReceiptPayload, frozen=True, kw_only=True):
    by: str


class HandoffRefused(ReceiptPayload, frozen=True, kw_only=True):
    by: str
    reason: str


class HandoffUnitsSent(ReceiptPayload, frozen=True, kw_only=True):
    units: tuple[str, ...]
    eta_min: float | None = None


class HandoffOnScene(ReceiptPayload, frozen=True, kw_only=True):
    """Units have arrived; none named: all that were sent."""

    by: str
    units: tuple[str, ...] = ()


class HandoffEnded(ReceiptPayload, frozen=True, kw_only=True):
    """The receiver is done with it. `outcome` is a code of the desk's list, or its own word."""

    by: str
    outcome: str
    note: str = ""


class MessageFromDesk(ReceiptPayload, frozen=True, kw_only=True):
    by: str
    text: str


class UnitPosition(msgspec.Struct, frozen=True):
    """Where a unit was at a time: WGS 84 degrees."""

    unit: str
    lon_deg: float
    lat_deg: float
    at: datetime


class UnitPositions(ReceiptPayload, frozen=True, kw_only=True):
    """Where a receiver's units are; the last of each unit counts."""

    positions: tuple[UnitPosition, ...]


class UpdatePayload(IncidentPayload, frozen=True, kw_only=True):
    """What the centre says after a hand-off was asked for; delivered once under `update_id`, after the notice."""

    handoff_id: str
    update_id: str
    seat: str


class HandoffRecalled(UpdatePayload, frozen=True, kw_only=True):
    """The centre takes the hand-off back. What was sent stays sent; the receiver is told and may not watch any more."""

    reason: str


class MessageToDesk(UpdatePayload, frozen=True, kw_only=True):
    text: str


class HandoffUpdateFailed(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    update_id: str
    attempt: int
    reason: str
    retry_in_s: float


class HandoffUpdateDelivered(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    update_id: str
    attempt: int


class LiveViewPayload(IncidentPayload, frozen=True, kw_only=True):
    """What concerns the live pictures that a hand-off lets its receiver watch."""

    handoff_id: str


class LiveViewOpened(LiveViewPayload, frozen=True, kw_only=True):
    """Somebody began to watch: on record before the first picture leaves. `remote` is the viewer's host."""

    view_id: str
    camera_id: str
    agency_kind: AgencyKind
    agency_name: str
    remote: str


class LiveViewClosed(LiveViewPayload, frozen=True, kw_only=True):
    """A view is over. Reconnections in quick succession are one view: `connections` counts them."""

    view_id: str
    camera_id: str
    reason: str
    watched_s: float | None  # None: not known, for the gateway was killed meanwhile
    connections: int = 1
    dropped: int = 0  # fragments that a slow viewer lost


class LiveViewRevoked(LiveViewPayload, frozen=True, kw_only=True):
    """The leave to watch live is taken back, whatever its time; clips that were sent stay sent."""

    reason: str
    seat: str
