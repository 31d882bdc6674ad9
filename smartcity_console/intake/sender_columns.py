"""The columns of a senders' CSV, by their Korean or English names, and what a cell of each must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from smartcity_console.intake.plain import printable
from smartcity_console.model.geo import Position
from smartcity_console.model.sender import (
    LONGEST_INTERVAL_S,
    SHORTEST_INTERVAL_S,
    Door,
    is_account,
    network_of,
    url_trouble,
)
from smartcity_console.model.site import Sensor, Zone

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "firm_id": ("업체코드", "업체ID", "firm_id", "firm"),
    "firm_name": ("업체명", "업체", "firm_name"),
    "call_back": ("관제실전화", "관제실전화번호", "call_back"),
    "status_url": ("상태회신주소", "상태회신URL", "status_url"),
    "account": ("계정", "계정번호", "account"),
    "site_name": ("대상처명", "대상처", "상호", "site_name", "site"),
    "address": ("주소", "도로명주소", "address"),
    "lon": ("경도", "WGS84경도", "lon"),
    "lat": ("위도", "WGS84위도", "lat"),
    "zones": ("존", "구역", "zones"),
    "interval_s": ("감시주기", "감시주기(초)", "interval_s"),
    "networks": ("허용대역", "허용네트워크", "networks"),
    "doors": ("프로토콜", "수신방식", "protocols"),
    "contact_name": ("담당자", "담당자명", "contact_name"),
    "contact_phone": ("담당자전화", "담당자전화번호", "contact_phone"),
}
"""Field by column; the first name is what an export writes."""

MOST_CHARACTERS = 200
MOST_ZONES, MOST_NETWORKS = 256, 16
_LIST = ("|", ";")
_DOORS = {"sia": Door.DC09, "sia dc-09": Door.DC09, "dc-09": Door.DC09, "http": Door.WEBHOOK, "웹훅": Door.WEBHOOK}


class CellRefused(Exception):
    """A cell cannot be what its column holds; both sentences say why, without the cell."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko, self.en = ko, en


def column_of(title: str) -> str | None:
    """Return which field a header names, whatever its case and blanks; None for none of ours."""
    plain = title.replace(" ", "").casefold()
    return next((field for field, names in COLUMNS.items() if plain in {n.casefold() for n in names}), None)


def text_of(cell: str) -> str:
    """Return plain text. Raises CellRefused for what is too long, or would move or reverse the words around it."""
    told = cell.strip()
    if len(told) > MOST_CHARACTERS:
        raise CellRefused(f"{MOST_CHARACTERS}자를 넘습니다", f"longer than {MOST_CHARACTERS} characters")
    if printable(told) != told:
        raise CellRefused("제어 문자나 방향 문자가 있습니다", "it holds control or direction characters")
    return told


def account_of(cell: str) -> str:
    told = text_of(cell)
    if told and not is_account(told):
        raise CellRefused("계정은 영문자·숫자 3~32자입니다", "an account is 3 to 32 letters or digits")
    return told


def firm_of(cell: str) -> str:
    told = text_of(cell)
    if not told or len(told) > 32 or not all(letter.isalnum() or letter in "-_:" for letter in told):
        raise CellRefused("업체코드는 문자·숫자 1~32자입니다", "a firm's id is 1 to 32 letters or digits")
    return told


def phone_of(cell: str) -> str:
    told = text_of(cell)
    if told and not (set(told) <= set("0123456789+-() ") and sum(map(str.isdigit, told)) >= 3):
        raise CellRefused("전화번호가 아닙니다", "no telephone number")
    return told


def url_of(cell: str) -> str:
    told = text_of(cell)
    if told and (why := url_trouble(told)):
        raise CellRefused("https 주소가 아닙니다(이 컴퓨터만 http)", why)
    return told


def interval_of(cell: str) -> float:
    """Seconds; 0 or blank: not supervised."""
    told = text_of(cell).removesuffix("초").removesuffix("s").strip()
    try:
        seconds = float(told or 0)
    except ValueError:
        raise CellRefused("초 단위 숫자가 아닙니다", "no number of seconds") from None
    if seconds and not SHORTEST_INTERVAL_S <= seconds <= LONGEST_INTERVAL_S:
        low, high = SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S
        raise CellRefused(f"{low:.0f}~{high:.0f}초여야 합니다", f"not within {low:.0f} to {high:.0f} seconds")
    return seconds


def networks_of(cell: str) -> tuple[str, ...]:
    """CIDR networks or single addresses, parted by `|` or `;`."""
    parts = _parts(cell)
    try:
        found = tuple(dict.fromkeys(str(network_of(part)) for part in parts))
    except ValueError:
        raise CellRefused("네트워크(CIDR)가 아닙니다", "no network (CIDR)") from None
    if len(found) > MOST_NETWORKS:
        raise CellRefused(f"{MOST_NETWORKS}개를 넘습니다", f"more than {MOST_NETWORKS}")
    return found


def doors_of(cell: str) -> tuple[Door, ...]:
    parts = [part.casefold() for part in _parts(cell)]
    try:
        return tuple(dict.fromkeys(_DOORS.get(part) or Door(part) for part in parts))
    except ValueError:
        known = ", ".join(Door)
        raise CellRefused(f"프로토콜은 {known} 입니다", f"a protocol is one of {known}") from None


def zones_of(cell: str) -> tuple[Zone, ...]:
    """`9:계산대 비상벨:panic|3:뒷문`: number, name and, where it is known, what the detector is."""
    zones = [_zone(part) for part in _parts(cell)]
    if len(zones) > MOST_ZONES or len({zone.number for zone in zones}) < len(zones):
        raise CellRefused("존이 너무 많거나 번호가 겹칩니다", "too many zones, or a number twice")
    return tuple(zones)


def position_of(lon: str, lat: str) -> Position | None:
    """Degrees of WGS 84, in Korea; None when both are blank."""
    if not lon.strip() and not lat.strip():
        return None
    try:
        lon_deg, lat_deg = float(lon), float(lat)
    except ValueError:
        raise CellRefused("좌표가 숫자가 아닙니다", "no number of degrees") from None
    if not (124.0 <= lon_deg <= 132.5 and 32.5 <= lat_deg <= 39.5):
        raise CellRefused("대한민국 밖의 좌표입니다", "outside Korea")
    return Position(lon_deg, lat_deg)


def zones_text(zones: tuple[Zone, ...]) -> str:
    """Return zones as a cell holds them."""
    return "|".join(f"{zone.number}:{zone.name}:{zone.sensor}" for zone in zones)


def _zone(part: str) -> Zone:
    number, _, rest = text_of(part).partition(":")
    name, _, sensor = rest.partition(":")
    plain = number.strip().lstrip("0") or "0"
    try:
        kind = Sensor(sensor.strip().lower()) if sensor.strip() else Sensor.OTHER
    except ValueError:
        known = ", ".join(Sensor)
        raise CellRefused(f"감지기 종류는 {known} 입니다", f"a detector is one of {known}") from None
    if not number.strip().isalnum() or len(number) > 8:
        raise CellRefused("존은 번호:이름:감지기 입니다", "a zone is number:name:detector")
    return Zone(plain, name.strip(), kind)


def _parts(cell: str) -> list[str]:
    told = text_of(cell) if len(cell) <= MOST_CHARACTERS else _long(cell)
    for mark in _LIST[1:]:
        told = told.replace(mark, _LIST[0])
    return [part.strip() for part in told.split(_LIST[0]) if part.strip()]


def _long(cell: str) -> str:
    """A list may be longer than a text, each of its items not."""
    if len(cell) > 50 * MOST_CHARACTERS or printable(cell) != cell.strip():
        raise CellRefused("너무 길거나 제어 문자가 있습니다", "too long, or with control characters")
    return cell.strip()


PARSERS: Mapping[str, Callable[[str], object]] = {
    "firm_id": firm_of,
    "firm_name": text_of,
    "call_back": phone_of,
    "status_url": url_of,
    "account": account_of,
    "site_name": text_of,
    "address": text_of,
    "zones": zones_of,
    "interval_s": interval_of,
    "networks": networks_of,
    "doors": doors_of,
    "contact_name": text_of,
    "contact_phone": phone_of,
}


class Contact(msgspec.Struct, frozen=True):
    """A person to be called: kept in the vault, never in the journal."""

    name: str = ""
    phone: str = ""
