"""Evidence, retention and the access register."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from smartcity_console.model.events.base import Payload


class EvidencePayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "evidence"


class EvidenceReleased(EvidencePayload, frozen=True, kw_only=True):
    """A supervisor lets go of what is locked for a hand-off: the ring may forget its span, its package goes on its day."""

    incident_id: str
    handoff_id: str
    reason: str
    seat: str


class EvidenceVerified(EvidencePayload, frozen=True, kw_only=True):
    """Every package and snapshot that is kept was read and found as it was recorded."""

    files: int
    size_bytes: int


class EvidenceDamaged(EvidencePayload, frozen=True, kw_only=True):
    """A kept file is not what was recorded: missing, changed or unreadable. `path` is relative to the workspace."""

    path: str
    sha256: str
    why: str


class EvidenceRestored(EvidencePayload, frozen=True, kw_only=True):
    """A file that was damaged is as it was recorded again."""

    path: str
    sha256: str


class ChainVerified(EvidencePayload, frozen=True, kw_only=True):
    """The journal's whole chain was walked again and holds up to an event; `last_hash` is that event's."""

    events: int
    last_hash: str


class ChainBroken(EvidencePayload, frozen=True, kw_only=True):
    """The journal's chain does not hold any more. `event` is the number of the first that does not verify."""

    event: int
    why: str


class PersonalPurged(EvidencePayload, frozen=True, kw_only=True):
    """A record of the vault was removed when its time was over; its digest stays, and with it the chain."""

    sha256: str
    kept_days: float


class PackagePurged(EvidencePayload, frozen=True, kw_only=True):
    """A package that nothing locks any more was removed when its time was over."""

    handoff_id: str
    path: str
    sha256: str
    kept_days: float


class RegisterExported(EvidencePayload, frozen=True, kw_only=True):
    """The access register left the house as a file, which is an access itself."""

    start: datetime
    end: datetime
    rows: int
    sha256: str
    by: str
