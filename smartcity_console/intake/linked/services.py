"""The services and their fields, in the order of the wire; a table tolerant of what senders leave out."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import msgspec

from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.linked.message import DISPATCH, INCIDENT, ITEM, Message
from smartcity_console.intake.plain import printable

Fields = Mapping[str, str]
MOST_CHARACTERS = 1000
"""Of a field that is no list: what is longer is cut, and ends with an ellipsis."""


class Service(enum.StrEnum):
    """Named by the platform's event type ids where it has one."""

    VIDEO_112 = "112UC001"
    DISPATCH_112 = "112UC120"
    DISPATCH_119 = "119UC001"
    DISASTER = "DUCDP110"
    PERSON = "WPSSF110"


class Layout(msgspec.Struct, frozen=True):
    """The field names of a service. `optional` may be left out of the wire; `lists` hold several items."""

    names: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()


_CASE = ("SEND_NUM", "EVT_NM", "EVT_DTL", "LON", "LAT", "ADDR", "BJD_CD", "EVT_DTM", "SENDER_ID")
_POLICE = ("SEND_NUM", "EVT_GRD", "EVT_TYP", "LON", "LAT", "ADDR", "BJD_CD", "EVT_DTM", "SENDER_ID")
_PERSON = (
    *("SEND_NUM", "SVC_TYP", "LON", "LAT", "ADDR", "BJD_CD", "REF_ID", "DSC_NM", "DSC_PHONE", "DSC_BIRTH", "DSC_SEX"),
    *("DSC_ADDR", "GUARD_NM", "GUARD_PHONE", "EVT_DTM", "IMAGE", "INFO", "NOTE", "SENDER_ID"),
)
LAYOUTS: Mapping[Service, Layout] = {
    Service.VIDEO_112: Layout(_POLICE, ("EVT_DTM",)),
    Service.DISPATCH_112: Layout(_POLICE, ("EVT_DTM",)),
    Service.DISPATCH_119: Layout(_CASE, ("EVT_DTM",)),
    Service.DISASTER: Layout(_CASE, ("EVT_DTM",)),
    Service.PERSON: Layout(_PERSON, lists=frozenset({"DSC_ADDR", "GUARD_NM", "GUARD_PHONE", "IMAGE", "INFO", "NOTE"})),
}
FIRES, POLICE_CODES, DISASTER_CODES = ("119",), ("112",), ("DPS", "NDM", "DIS", "UDP")


def service_of(message: Message) -> Service:
    """Return which service a message belongs to: by its sender, its type and, where both leave it open, its fields."""
    sender, kind = message.header.sender, message.header.type
    if kind not in (INCIDENT, DISPATCH):
        raise LinkedRefused("its type reports no event")
    if sender in FIRES:
        return Service.DISPATCH_119
    if sender in POLICE_CODES:
        return Service.DISPATCH_112 if kind == DISPATCH else Service.VIDEO_112
    if sender in DISASTER_CODES:
        return Service.DISASTER
    if len(message.fields) >= len(_PERSON) - 1:
        return Service.PERSON
    raise LinkedRefused("its sender code is not known here")


def read_fields(service: Service, fields: Sequence[str]) -> Fields:
    """Return the fields by name. Raises LinkedRefused when too few came or too many."""
    layout = LAYOUTS[service]
    missing = len(layout.names) - len(fields)
    if missing < 0 or missing > len(layout.optional):
        raise LinkedRefused(f"{service.value} has {len(layout.names)} fields, not {len(fields)}")
    left_out = set(layout.optional[:missing])
    names = [name for name in layout.names if name not in left_out]
    told = zip(names, fields, strict=True)
    return {name: text if name in layout.lists else printable(text, MOST_CHARACTERS) for name, text in told}


def items(fields: Fields, name: str) -> list[str]:
    """Return the items of a list field, blanks left out."""
    return [part.strip() for part in fields.get(name, "").split(ITEM) if part.strip()]
