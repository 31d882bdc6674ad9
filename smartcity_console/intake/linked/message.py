"""One message: header, fields, and its form on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.plain import printable

HEADER_BYTES = 48
FIELD, ITEM, END = "\x1e", "\x1f", b";"
LOGIN, INCIDENT, DISPATCH, VEHICLES = "99", "10", "20", "30"
BEGUN, CHANGED, RELEASED, CANCELLED, ENDED = "10", "40", "50", "90", "91"
LOCAL_TIME = ZoneInfo("Asia/Seoul")
_TYPES = frozenset({LOGIN, INCIDENT, DISPATCH, VEHICLES})
_STATES = frozenset({LOGIN, BEGUN, CHANGED, RELEASED, CANCELLED, ENDED})


class Header(msgspec.Struct, frozen=True):
    """MSG_TYP_CD(2) STA_TYP_CD(2) MSG_STA_DTM(14) SND_SYS_CD(3) RCV_SYS_CD(3) SND_DTM(14) DATA_LEN(10); times are UTC."""

    type: str
    state: str
    state_at: datetime
    sender: str
    receiver: str
    sent_at: datetime


class Message(msgspec.Struct, frozen=True):
    """A header and its fields; a list keeps its 0x1F until its service's table says that it is one."""

    header: Header
    fields: tuple[str, ...]


def parse_message(raw: bytes) -> Message:
    """Read one framed message, `;` included. Raises LinkedRefused."""
    if len(raw) < HEADER_BYTES + 1 or not raw.endswith(END):
        raise LinkedRefused("it is shorter than its header")
    header = _header(_ascii(raw[:HEADER_BYTES]))
    body = _text(raw[HEADER_BYTES:-1])
    return Message(header, tuple(_plain(part) for part in body.split(FIELD)) if body else ())


def encode_message(header: Header, fields: tuple[str, ...]) -> bytes:
    """Return the message as UTF-8 with DATA_LEN in bytes of the body, `;` included."""
    body = FIELD.join(fields).encode() + END
    head = (
        header.type
        + header.state
        + stamp(header.state_at)
        + f"{header.sender[:3]:<3}{header.receiver[:3]:<3}"
        + stamp(header.sent_at)
        + f"{len(body):010}"
    )
    return head.encode("ascii") + body


def stamp(at: datetime) -> str:
    """Return yyyyMMddHHmmss in Korean time, as the services write it."""
    return at.astimezone(LOCAL_TIME).strftime("%Y%m%d%H%M%S")


def read_stamp(text: str) -> datetime | None:
    """Return what yyyyMMddHHmmss in Korean time means, in UTC; None when it is no time."""
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=LOCAL_TIME).astimezone(UTC)
    except (ValueError, OverflowError):  # the year 1 has no beginning in UTC
        return None


def _header(text: str) -> Header:
    kind, state, sender, receiver = text[0:2], text[2:4], text[18:21].strip(), text[21:24].strip()
    state_at, sent_at = read_stamp(text[4:18]), read_stamp(text[24:38])
    if kind not in _TYPES or state not in _STATES:
        raise LinkedRefused("its type or state is not known here")
    if sent_at is None:
        raise LinkedRefused("its sending time is no time")
    return Header(kind, state, state_at or sent_at, sender, receiver, sent_at)


def _plain(field: str) -> str:
    return ITEM.join(printable(item) for item in field.split(ITEM))


def _ascii(raw: bytes) -> str:
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError:
        raise LinkedRefused("its header is not plain text") from None


def _text(raw: bytes) -> str:
    """UTF-8 by the book; CP949 is what an old system sends all the same."""
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LinkedRefused("its text is neither UTF-8 nor CP949")
