"""desk/… : the receiver's own record, one stream a hand-off."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from smartcity_console.model.events.base import Payload
from smartcity_console.model.events.handoff import EvidenceFile, UnitPosition


class DeskPayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "desk"
    handoff_id: str


class DeskNoticeReceived(DeskPayload, frozen=True, kw_only=True):
    """A notice as it came, without its tokens: those lie in a 0600 file beside the journal."""

    notice: dict[str, Any]


class DeskPackageStored(DeskPayload, frozen=True, kw_only=True):
    """The package was verified and lies at `path` (relative to the desk's directory)."""

    path: str
    sha256: str
    size_bytes: int
    signer: str  # fingerprint of the key it was sealed with
    files: tuple[EvidenceFile, ...]


class DeskOpened(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str


class DeskAccepted(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str


class DeskRefused(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    reason: str


class DeskUnitsSent(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    units: tuple[str, ...]
    eta_min: float | None = None


class DeskOnScene(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    units: tuple[str, ...] = ()


class DeskEnded(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    outcome: str
    note: str = ""


class DeskMessageSent(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    text: str


class DeskUnitsMoved(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    positions: tuple[UnitPosition, ...]


class DeskUpdateReceived(DeskPayload, frozen=True, kw_only=True):
    """What the centre told later: `kind` recalled or message."""

    update_id: str
    kind: str
    text: str
    sent_by: str
    sent_at: datetime


class DeskReceiptSent(DeskPayload, frozen=True, kw_only=True):
    """The centre has acknowledged a receipt."""

    receipt_id: str


class DeskAccessed(Payload, frozen=True, kw_only=True):
    """Who used a desk for what (`act`), from where; the same again within a minute is one. `subject`: the hand-off or file."""

    stream_kind: ClassVar[str] = "access"
    who: str
    remote: str
    act: str
    subject: str = ""
