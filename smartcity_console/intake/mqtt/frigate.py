"""Frigate's `frigate/events`: a JSON object with `type` new / update / end, and `before` and `after` of one event."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.mqtt.rules import Rules
from smartcity_console.intake.plain import printable
from smartcity_console.intake.report import MOST_FILE_BYTES, KeepFile, ReportRefused, Source
from smartcity_console.model.alert import Alert, AlertKind, Attachment, Priority
from smartcity_console.model.geo import Position

_LATEST, _OLDEST = timedelta(minutes=2), timedelta(days=1)
_URGENT = frozenset({AlertKind.FIRE, AlertKind.ROBBERY, AlertKind.GAS, AlertKind.MEDICAL})
_IN_KOREAN = {
    "person": "사람",
    "face": "얼굴",
    "car": "승용차",
    "truck": "화물차",
    "bus": "버스",
    "motorcycle": "오토바이",
    "bicycle": "자전거",
    "license_plate": "차량 번호판",
    "package": "놓인 물건",
    "dog": "개",
    "cat": "고양이",
    "knife": "칼",
    "gun": "총",
    "fire": "불꽃",
    "smoke": "연기",
    "fall": "쓰러짐",
}
"""Frigate's own labels, and those of models in use for a centre's work; any other is shown as it came."""
PlaceOf = Callable[[str], tuple[str, Position] | None]
"""Name and position of a camera of the catalogue; None when it knows none of that id."""


class Tracked(msgspec.Struct, frozen=True):
    """What is used of Frigate's object; the rest is passed over."""

    id: str
    camera: str
    label: str
    score: float = 0.0
    top_score: float = 0.0
    start_time: float = 0.0
    false_positive: bool = False
    current_zones: list[str] = []
    entered_zones: list[str] = []
    thumbnail: str | None = None


class FrigateEvent(msgspec.Struct, frozen=True):
    type: str
    after: Tracked


def read_event(raw: bytes) -> FrigateEvent:
    """Decode an event. Raises ReportRefused."""
    try:
        return msgspec.json.decode(raw, type=FrigateEvent)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ReportRefused("it is no event of Frigate's shape") from None


def is_wanted(event: FrigateEvent, rules: Rules) -> bool:
    """Whether an event is an alert here: believed, of a label that means something, and not over already.

    Frigate tells an object as new before it is sure of it; an update may be the first that can be believed.
    """
    after = event.after
    sure = not after.false_positive and max(after.score, after.top_score) >= rules.filter.least_score
    return event.type in ("new", "update") and sure and after.label in rules.labels


def arrival_of(
    event: FrigateEvent,
    rules: Rules,
    place_of: PlaceOf,
    source: Source,
    new_id: Callable[[], str],
    received_at: datetime,
    keep: KeepFile,
) -> Arrival:
    """Return the alert of a wanted event; blocks while its picture is kept."""
    after = event.after
    camera_id = rules.cameras.get(after.camera, after.camera)
    place, kind = place_of(camera_id), rules.labels[after.label]
    score = max(after.score, after.top_score)
    alert = Alert(
        id=new_id(),
        protocol=source.protocol,
        account=printable(f"camera:{camera_id}", 64),
        sequence=printable(after.id, 64),
        code=printable(after.label, 64),
        kind=kind,
        priority=Priority.HIGH if kind in _URGENT else Priority.NORMAL,
        occurred_at=_occurred_at(after.start_time, received_at),
        received_at=received_at,
        known=place is not None,
        firm_name=source.firm_name,
        site_name=place[0] if place else printable(after.camera, 64),
        zone_name=printable(", ".join(after.current_zones or after.entered_zones), 200),
        position=place[1] if place else None,
        text=f"{_IN_KOREAN.get(after.label) or printable(after.label, 64)} {score:.0%}",
        wire_digest=source.digest,
        attachments=_thumbnail(after.thumbnail, keep),
    )
    return Arrival(alert, Role.OPENS)


def _occurred_at(start_s: float, received_at: datetime) -> datetime:
    low, high = (received_at - _OLDEST).timestamp(), (received_at + _LATEST).timestamp()
    return datetime.fromtimestamp(start_s, UTC) if low <= start_s <= high else received_at


def _thumbnail(text: str | None, keep: KeepFile) -> tuple[Attachment, ...]:
    if not text or len(text) > MOST_FILE_BYTES:
        return ()
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ()
    if not data.startswith(b"\xff\xd8\xff"):
        return ()
    return (Attachment(sha256=keep(data), media_type="image/jpeg", size_bytes=len(data)),)
