"""sender/…, firm/…, shelf/…, table/… : who reports, how it is registered, shelved and weighed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from smartcity_console.model.events.base import Payload
from smartcity_console.model.priority import PriorityRule
from smartcity_console.model.sender import FirmRecord, SenderRecord


class AlarmShelved(Payload, frozen=True, kw_only=True):
    """An account's alarms (of one zone, or "" all) open nothing until then. They stay on record and are counted."""

    stream_kind: ClassVar[str] = "shelf"
    account: str
    zone: str
    until: datetime
    reason: str
    seat: str


class AlarmUnshelved(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "shelf"
    account: str
    zone: str
    seat: str


class PriorityTableSet(Payload, frozen=True, kw_only=True):
    """The supervisor's whole table, in order."""

    stream_kind: ClassVar[str] = "table"
    rules: tuple[PriorityRule, ...]
    seat: str


class SenderHeard(Payload, frozen=True, kw_only=True):
    """A sender's first message after silence; `interval_s` is when the next is due (0: not supervised)."""

    stream_kind: ClassVar[str] = "sender"
    account: str
    firm_id: str | None
    interval_s: float


class SenderLate(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "sender"
    account: str
    firm_id: str | None
    silent_s: float


class FrameRefused(Payload, frozen=True, kw_only=True):
    """A frame answered with NAK or DUH; the text is a diagnosis, never the frame."""

    stream_kind: ClassVar[str] = "sender"
    account: str
    protocol: str
    reason: str


class FirmRegistered(Payload, frozen=True, kw_only=True):
    """The centre registers a firm, or adds to what the catalogue says of it."""

    stream_kind: ClassVar[str] = "firm"
    firm: FirmRecord
    seat: str = ""


class FirmChanged(Payload, frozen=True, kw_only=True):
    """`before` is what the centre had registered."""

    stream_kind: ClassVar[str] = "firm"
    firm: FirmRecord
    before: FirmRecord
    seat: str = ""


class FirmRemoved(Payload, frozen=True, kw_only=True):
    """The centre's own entry goes; what the catalogue says of the firm holds again."""

    stream_kind: ClassVar[str] = "firm"
    before: FirmRecord
    seat: str = ""


class SenderRegistered(Payload, frozen=True, kw_only=True):
    """The centre registers an account, or adds to what the catalogue says of it. Keys are never part of it."""

    stream_kind: ClassVar[str] = "sender"
    sender: SenderRecord
    seat: str = ""


class SenderChanged(Payload, frozen=True, kw_only=True):
    """`before` is what the centre had registered."""

    stream_kind: ClassVar[str] = "sender"
    sender: SenderRecord
    before: SenderRecord
    seat: str = ""


class SenderRemoved(Payload, frozen=True, kw_only=True):
    """The centre's own entry goes; what the catalogue says of the account holds again."""

    stream_kind: ClassVar[str] = "sender"
    before: SenderRecord
    seat: str = ""


class StatusReturned(Payload, frozen=True, kw_only=True):
    """A firm has taken what became of its alert. `return_id` is the same however often it was sent."""

    stream_kind: ClassVar[str] = "status"
    return_id: str
    firm_id: str
    alert_id: str
    status: str
    attempt: int
    answer: int  # HTTP status


class StatusReturnFailed(Payload, frozen=True, kw_only=True):
    """A firm could not be told, in words without its address; `gave_up`: it is not tried again."""

    stream_kind: ClassVar[str] = "status"
    return_id: str
    firm_id: str
    alert_id: str
    status: str
    attempt: int
    reason: str
    retry_in_s: float = 0.0
    gave_up: bool = False
