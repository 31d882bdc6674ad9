"""A report in JSON, as the webhook and MQTT take it, and the alert that it becomes."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.plain import printable
from smartcity_console.model.alert import Alert, AlertKind, Attachment, Priority
from smartcity_console.model.geo import Position

MOST_FILES = 4
MOST_FILE_BYTES = 12 << 20
_MOST_TEXT = 1000
_LATEST, _OLDEST = timedelta(minutes=2), timedelta(days=7)
_QUOTED = re.compile(r"value '.*'", re.DOTALL)
_SCHEMES = frozenset({"https", "http", "rtsp", "rtsps"})
_MAGIC: tuple[tuple[str, int, bytes], ...] = (
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("video/mp4", 4, b"ftyp"),
)
_EMERGENCY = frozenset({AlertKind.ROBBERY, AlertKind.FIRE, AlertKind.GAS, AlertKind.MEDICAL})
_HIGH = frozenset({AlertKind.INTRUSION, AlertKind.MISSING_PERSON, AlertKind.DISASTER, AlertKind.OTHER})
_NOTED = frozenset({AlertKind.TEST})

Short = Annotated[str, Meta(max_length=64)]
Line = Annotated[str, Meta(max_length=_MOST_TEXT)]
KeepFile = Callable[[bytes], str]


class ReportRefused(Exception):
    """A report is not taken; `reason` may be told to its sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class State(enum.StrEnum):
    """What became of an event: it began, it is restored, it was cancelled by the sender."""

    BEGUN = "begun"
    RESTORED = "restored"
    CANCELLED = "cancelled"


class ReportedPosition(msgspec.Struct, frozen=True):
    """WGS 84 degrees, and the radius in metres within which it holds."""

    lon_deg: Annotated[float, Meta(ge=-180, le=180)]
    lat_deg: Annotated[float, Meta(ge=-90, le=90)]
    uncertainty_m: Annotated[float, Meta(ge=0, le=50_000)] = 0.0


class ReportedFile(msgspec.Struct, frozen=True):
    """A JPEG, PNG or MP4; `data` is base64 in JSON."""

    data: bytes
    name: Short = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One event. The same `event_id` again is the same event, however often it is sent."""

    event_id: Annotated[str, Meta(min_length=1, max_length=64)]
    account: Annotated[str, Meta(min_length=1, max_length=32)]
    kind: AlertKind
    occurred_at: Annotated[datetime, Meta(tz=True)]
    state: State = State.BEGUN
    code: Short = ""
    zone: Short = ""
    text: Line = ""
    reference: Short = ""
    position: ReportedPosition | None = None
    is_test: bool = False
    live_url: Line = ""
    verification_url: Line = ""
    attachments: Annotated[tuple[ReportedFile, ...], Meta(max_length=MOST_FILES)] = ()


class Source(msgspec.Struct, frozen=True):
    """Who a report came from, as its door knows it: protocol, firm, and the digest by which repeats are known."""

    protocol: str
    digest: str
    firm_id: str = ""
    firm_name: str = ""
    known: bool = False


def read_report(raw: bytes) -> Report:
    """Decode a report. Raises ReportRefused naming the field."""
    try:
        report = msgspec.json.decode(raw, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        told = _QUOTED.sub("value", str(error))  # a diagnosis goes on record, what was sent does not
        raise ReportRefused(printable(told, 200)) from None
    if not _is_plain_account(report.account):
        raise ReportRefused("account - letters, digits and - _ . alone")
    return report


def _is_plain_account(account: str) -> bool:
    """Whether an account is what it looks like: blanks or signs that vanish later would make it another's, and a colon
    stands in the names of cases, cameras and documents."""
    plain = unicodedata.normalize("NFKC", account) == account  # fullwidth digits look like another's number
    return plain and all(letter.isalnum() or letter in "-_." for letter in account)


def arrival_of(report: Report, source: Source, alert_id: str, received_at: datetime, keep: KeepFile) -> Arrival:
    """Return the alert of a report; blocks while its files are kept. Raises ReportRefused."""
    begun = report.state is State.BEGUN
    alert = Alert(
        id=alert_id,
        protocol=source.protocol,
        account=printable(report.account),
        sequence=printable(report.event_id),
        code=printable(report.code) or report.kind.value,
        kind=report.kind if begun else AlertKind.RESTORE,
        priority=_priority(report.kind) if begun else Priority.NORMAL,
        occurred_at=_believed(report.occurred_at, received_at),
        received_at=received_at,
        known=source.known,
        firm_id=source.firm_id or None,
        firm_name=source.firm_name,
        zone=printable(report.zone),
        position=_position(report.position),
        text=printable(report.text),
        verification_url=_url(report.verification_url),
        wire_digest=source.digest,
        reference=_reference(report, source),
        is_test=report.is_test,
        attachments=tuple(_kept(file, keep) for file in report.attachments),
        live_url=_url(report.live_url),
    )
    return Arrival(alert, _role(report))


def _reference(report: Report, source: Source) -> str:
    """Return the sender's own number of the case, under its name: nobody's number may meet another's."""
    told = printable(report.reference)
    return f"{source.firm_id or report.account}:{told}" if told else ""


def _role(report: Report) -> Role:
    if report.is_test or report.kind in _NOTED:
        return Role.NOTES
    return Role.OPENS if report.state is State.BEGUN else Role.JOINS


def _priority(kind: AlertKind) -> Priority:
    return Priority.EMERGENCY if kind in _EMERGENCY else Priority.HIGH if kind in _HIGH else Priority.NORMAL


def _position(told: ReportedPosition | None) -> Position | None:
    return Position(told.lon_deg, told.lat_deg, told.uncertainty_m) if told else None


def _believed(told: datetime, received_at: datetime) -> datetime:
    # Compared first: a time at the calendar's edge has none in UTC.
    return told.astimezone(UTC) if received_at - _OLDEST <= told <= received_at + _LATEST else received_at


def _url(text: str) -> str:
    """Return an address that an operator may open. Raises ReportRefused for anything that is none."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ReportRefused("an address cannot be read") from None
    if parts.scheme not in _SCHEMES or not parts.hostname or printable(text) != text:
        raise ReportRefused("an address must be http(s) or rtsp(s) and name a host")
    if parts.username or parts.password:
        raise ReportRefused("an address must not hold a password")
    return text


def _kept(file: ReportedFile, keep: KeepFile) -> Attachment:
    if len(file.data) > MOST_FILE_BYTES:
        raise ReportRefused(f"an attachment is longer than {MOST_FILE_BYTES} bytes")
    media_type = next((kind for kind, at, magic in _MAGIC if file.data[at : at + len(magic)] == magic), "")
    if not media_type:
        raise ReportRefused("an attachment is neither JPEG, PNG nor MP4")
    name = printable(file.name.replace("/", "_").replace("\\", "_"))
    return Attachment(sha256=keep(file.data), media_type=media_type, size_bytes=len(file.data), name=name)
