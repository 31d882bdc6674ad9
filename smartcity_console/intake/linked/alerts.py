"""From a message's fields to an alert. What a field means when it is blank or odd is decided here, never guessed twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.linked.message import BEGUN, CANCELLED, CHANGED, Message, read_stamp
from smartcity_console.intake.linked.people import KeepRecord, Person, read_person
from smartcity_console.intake.linked.services import Fields, Service, read_fields
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.geo import Position

_WORDS: tuple[tuple[AlertKind, tuple[str, ...]], ...] = (
    (AlertKind.ROBBERY, ("강도", "납치", "인질", "흉기", "살인", "폭행", "성폭력")),
    (AlertKind.MISSING_PERSON, ("실종", "미아", "치매", "가출", "배회")),
    (AlertKind.GAS, ("가스",)),
    (AlertKind.FIRE, ("화재", "폭발", "연기", "산불")),
    (AlertKind.MEDICAL, ("구급", "구조", "심정지", "응급", "부상")),
    (AlertKind.WATER, ("침수", "홍수", "누수")),
    (AlertKind.INTRUSION, ("절도", "침입", "도난")),
    (AlertKind.DISASTER, ("지진", "태풍", "붕괴", "재난", "호우", "산사태", "대설")),
)
_BY_DEFAULT = {
    Service.VIDEO_112: AlertKind.OTHER,
    Service.DISPATCH_112: AlertKind.OTHER,
    Service.DISPATCH_119: AlertKind.FIRE,
    Service.DISASTER: AlertKind.DISASTER,
    Service.PERSON: AlertKind.MISSING_PERSON,
}
_NAMES = {
    Service.VIDEO_112: "112 긴급영상",
    Service.DISPATCH_112: "112 긴급출동",
    Service.DISPATCH_119: "119 긴급출동",
    Service.DISASTER: "재난상황",
    Service.PERSON: "사회적약자",
}
_STATES = {CHANGED: "변경", "50": "해제", CANCELLED: "취소", "91": "종료"}
_EMERGENCY_KINDS = frozenset({AlertKind.ROBBERY, AlertKind.FIRE, AlertKind.GAS, AlertKind.MEDICAL})
_LONGITUDES, _LATITUDES = (124.0, 132.5), (32.5, 39.5)  # Korea with its islands
_LATEST = timedelta(minutes=2)


class Reader:
    """Makes alerts. `new_id` names them, `keep` puts personal records away, `fix_m` is a telecom fix's usual radius."""

    def __init__(self, new_id: Callable[[], str], keep: KeepRecord, fix_m: float) -> None:
        self._new_id, self._keep, self._fix_m = new_id, keep, fix_m

    def read(self, service: Service, message: Message, raw: bytes, received_at: datetime) -> Arrival:
        """Return the alert of one message. Raises LinkedRefused. Blocks while a personal record is written."""
        fields = read_fields(service, message.fields)
        if not fields["SEND_NUM"]:
            raise LinkedRefused("it names no case")
        person = read_person(fields, self._keep) if service is Service.PERSON else Person()
        return Arrival(self._alert(service, message, fields, raw, received_at, person), _role(message))

    def _alert(
        self, service: Service, message: Message, fields: Fields, raw: bytes, received_at: datetime, person: Person
    ) -> Alert:
        kind = kind_of(service, fields)
        begins = message.header.state in (BEGUN, CHANGED)
        return Alert(
            id=self._new_id(),
            protocol=f"linked/{service.value}",
            account=f"{message.header.sender}:{fields['SENDER_ID']}",
            sequence=fields["SEND_NUM"],
            code=service.value,
            kind=kind if begins else AlertKind.RESTORE,
            priority=priority_of(kind, fields.get("EVT_GRD", "")) if begins else Priority.NORMAL,
            occurred_at=_occurred_at(fields.get("EVT_DTM", ""), message, received_at),
            received_at=received_at,
            known=True,
            firm_id=f"agency:{message.header.sender}",
            firm_name=_NAMES[service],
            site_name=fields.get("EVT_NM", "") or fields.get("EVT_TYP", "") or fields.get("SVC_TYP", ""),
            address=fields["ADDR"],
            position=position_of(fields, self._fix_m if service is Service.PERSON else 0.0),
            text=_text(fields, message.header.state),
            wire_digest=hashlib.sha256(raw).hexdigest(),
            reference=f"{message.header.sender}:{fields['SEND_NUM']}",
            attachments=person.pictures,
            personal_sha256=person.record_sha256,
        )


def kind_of(service: Service, fields: Fields) -> AlertKind:
    """Return what the event's name and text say that it is, else what its service reports as a rule."""
    if service is Service.PERSON:
        return AlertKind.MISSING_PERSON
    for source in ("EVT_NM", "EVT_TYP", "EVT_DTL"):
        told = fields.get(source, "")
        for kind, words in _WORDS:
            if any(word in told for word in words):
                return kind
    return _BY_DEFAULT[service]


def priority_of(kind: AlertKind, grade: str) -> Priority:
    """Grades in use: 10 urgent / 20 ordinary, and 112's codes C0 to C4."""
    if grade in ("10", "C0", "C1", "0", "1", "긴급"):
        return Priority.EMERGENCY
    if kind in _EMERGENCY_KINDS:
        return Priority.EMERGENCY
    return Priority.NORMAL if grade in ("C4", "4") else Priority.HIGH


def position_of(fields: Fields, uncertainty_m: float) -> Position | None:
    """Return where it is; swapped coordinates are put right, what lies outside Korea is no position."""
    try:
        a, b = float(fields["LON"]), float(fields["LAT"])
    except ValueError:
        return None
    for lon_deg, lat_deg in ((a, b), (b, a)):
        if _within(lon_deg, _LONGITUDES) and _within(lat_deg, _LATITUDES):
            return Position(lon_deg, lat_deg, uncertainty_m)
    return None


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _role(message: Message) -> Role:
    return Role.OPENS if message.header.state == BEGUN else Role.JOINS


def _occurred_at(text: str, message: Message, received_at: datetime) -> datetime:
    told = read_stamp(text) or message.header.state_at
    return told if told <= received_at + _LATEST else received_at


def _text(fields: Fields, state: str) -> str:
    """What the operator reads: the state when it is no new case, then the details. Never a person's data."""
    parts = (_STATES.get(state, ""), fields.get("EVT_DTL", ""))
    return " · ".join(part for part in parts if part)
