"""From a CAP document to an alert: what kind, how urgent, where."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from datetime import UTC, datetime

from cap_tools.models import Alert as CapAlert
from cap_tools.models import Area, Category, Certainty, Info, MsgType, Severity, Status, Urgency

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.cap.document import CapRefused
from smartcity_console.intake.plain import printable
from smartcity_console.intake.report import MOST_FILE_BYTES, KeepFile, Source
from smartcity_console.model.alert import Alert, AlertKind, Attachment, Priority
from smartcity_console.model.geo import Position

_KINDS = {
    Category.FIRE: AlertKind.FIRE,
    Category.HEALTH: AlertKind.MEDICAL,
    Category.RESCUE: AlertKind.MEDICAL,
    Category.SECURITY: AlertKind.INTRUSION,
    Category.CBRNE: AlertKind.GAS,
    Category.GEO: AlertKind.DISASTER,
    Category.MET: AlertKind.DISASTER,
    Category.ENV: AlertKind.DISASTER,
    Category.INFRA: AlertKind.DISASTER,
    Category.TRANSPORT: AlertKind.DISASTER,
    Category.SAFETY: AlertKind.DISASTER,
}
_WORDS = (
    (AlertKind.MISSING_PERSON, ("실종", "missing person", "missing child")),
    (AlertKind.GAS, ("가스", "gas leak")),
    (AlertKind.FIRE, ("화재", "산불", "fire")),
)
_ROLES = {MsgType.ALERT: Role.OPENS, MsgType.UPDATE: Role.JOINS, MsgType.CANCEL: Role.JOINS}
_PICTURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
_MOST_TEXT, _MOST_PICTURES = 1000, 4
_METRES_PER_DEGREE = 111_320.0


def arrival_of(
    document: CapAlert, source: Source, new_id: Callable[[], str], received_at: datetime, keep: KeepFile
) -> Arrival:
    """Return the alert of a document; blocks while its pictures are kept. Raises CapRefused for a draft."""
    if document.status is Status.DRAFT:
        raise CapRefused("it is a draft")
    info = _info(document)
    is_test = document.status in (Status.EXERCISE, Status.TEST)
    ends = document.msg_type is MsgType.CANCEL
    kind = kind_of(info)
    alert = Alert(
        id=new_id(),
        protocol=source.protocol,
        account=printable(f"cap:{document.sender}", 64),
        sequence=printable(document.identifier, 64),
        code=printable(info.event, 64) if info else document.msg_type.value,
        kind=AlertKind.RESTORE if ends else kind,
        priority=Priority.NORMAL if ends else priority_of(info),
        occurred_at=_occurred_at(document, info, received_at),
        received_at=received_at,
        known=True,
        firm_id=source.firm_id or None,
        firm_name=source.firm_name or printable((info and info.sender_name) or document.sender, 64),
        site_name=printable((info and (info.headline or info.event)) or "", 200),
        address=printable(", ".join(area.area_desc for area in info.areas) if info else "", 200),
        position=position_of(info.areas) if info else None,
        text=_text(info),
        wire_digest=source.digest,
        reference=_reference(document, source.firm_id),
        is_test=is_test,
        attachments=_pictures(info, keep),
    )
    return Arrival(alert, Role.NOTES if is_test else _ROLES.get(document.msg_type, Role.NOTES))


def kind_of(info: Info | None) -> AlertKind:
    """Return what the event's name says, else its first category that says anything."""
    if info is None:
        return AlertKind.OTHER
    told = info.event.lower()
    for kind, words in _WORDS:
        if any(word in told for word in words):
            return kind
    return next((_KINDS[category] for category in info.categories if category in _KINDS), AlertKind.DISASTER)


def priority_of(info: Info | None) -> Priority:
    """CAP's severity and urgency on EEMUA 191's three levels; what is unlikely or past is never urgent."""
    if info is None or info.certainty is Certainty.UNLIKELY or info.urgency is Urgency.PAST:
        return Priority.NORMAL
    if info.severity in (Severity.EXTREME, Severity.SEVERE):
        return Priority.EMERGENCY if info.urgency is Urgency.IMMEDIATE else Priority.HIGH
    return Priority.HIGH if info.severity is Severity.MODERATE else Priority.NORMAL


def position_of(areas: list[Area]) -> Position | None:
    """Return the middle of the first circle or polygon, and the radius that covers it."""
    for area in areas:
        for circle in area.circles:
            if (found := _circle(circle)) is not None:
                return found
        for polygon in area.polygons:
            if (found := _polygon(polygon)) is not None:
                return found
    return None


def _circle(text: str) -> Position | None:
    """`lat,lon radius` with the radius in kilometres (CAP 1.2 §3.2.4)."""
    try:
        place, radius_km = text.split()
        lat, lon = (float(part) for part in place.split(","))
        return _sound(lon, lat, float(radius_km) * 1000)
    except ValueError:
        return None


def _polygon(text: str) -> Position | None:
    try:
        points = [tuple(float(part) for part in pair.split(",")) for pair in text.split()]
        lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    except ValueError:
        return None
    if len(points) < 4:
        return None
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    narrow = math.cos(math.radians(lat))
    radius = max(math.hypot((x - lon) * narrow, y - lat) for y, x in points) * _METRES_PER_DEGREE
    return _sound(lon, lat, radius)


def _sound(lon: float, lat: float, radius_m: float) -> Position | None:
    fits = math.isfinite(radius_m) and radius_m >= 0 and -180 <= lon <= 180 and -90 <= lat <= 90
    return Position(lon, lat, round(radius_m, 1)) if fits else None


def _info(document: CapAlert) -> Info | None:
    """Return the Korean block where there is one, else the first."""
    korean = (info for info in document.infos if (info.language or "").lower().startswith("ko"))
    return next(korean, document.infos[0] if document.infos else None)


def _text(info: Info | None) -> str:
    if info is None:
        return ""
    parts = (info.description, info.instruction)
    return printable(" · ".join(dict.fromkeys(part.strip() for part in parts if part)), _MOST_TEXT)


def _reference(document: CapAlert, firm_id: str) -> str:
    """Updates and cancellations speak of the first message they refer to; those of a firm's key of that firm's alone."""
    first = (document.references or "").split()
    identifier = first[0].split(",")[1] if first and first[0].count(",") == 2 else document.identifier
    told = f"{document.sender}:{identifier}"
    return printable(f"{firm_id}:{told}" if firm_id else told, 200)


def _occurred_at(document: CapAlert, info: Info | None, received_at: datetime) -> datetime:
    told = (info and (info.onset or info.effective)) or document.sent
    try:
        at = told.to_datetime()
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):  # XML's years go beyond those of any calendar here
        return received_at
    return min(at, received_at)


def _pictures(info: Info | None, keep: KeepFile) -> tuple[Attachment, ...]:
    """Keep the pictures that came inside; one that is only named by an address is not fetched."""
    kept: list[Attachment] = []
    for resource in info.resources if info else []:
        magic = _PICTURES.get(resource.mime_type)
        data = _decoded(resource.deref_uri) if magic and len(kept) < _MOST_PICTURES else b""
        if magic and data.startswith(magic):
            kept.append(Attachment(sha256=keep(data), media_type=resource.mime_type, size_bytes=len(data)))
    return tuple(kept)


def _decoded(text: str | None) -> bytes:
    if not text or len(text) > MOST_FILE_BYTES * 4 // 3 + 4:
        return b""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
