"""Extended data (DC-09 §5.5.1.8, Annex I): what follows the data in brackets of its own, one letter and a value."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.intake.dc09.text import decode_text
from smartcity_console.intake.dc09.timestamp import parse_timestamp
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Sensor

FIX_UNCERTAINTY_M = 10.0
"""What a position with three decimals of a minute (1.9 m) and a common receiver is worth."""

_PLACES = "SOLR"  # site, building, location, room: from the whole to the part
_DEGREES_MINUTES = re.compile(r"([0-9]{1,3})([NSEW])([0-9]{1,2}(?:\.[0-9]*)?)")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?")
_ALTITUDE = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*([MmFf]?)")
_FEET_M = 0.3048
# Annex I, "T": what set the alarm off. M (manual) is a person pressing something.
_TRIGGERS = {
    "F": Sensor.SMOKE,
    "G": Sensor.GAS,
    "W": Sensor.WATER,
    "S": Sensor.MOTION,
    "C": Sensor.DOOR,
    "M": Sensor.PANIC,
}


class Extended(msgspec.Struct, frozen=True, kw_only=True):
    """The extended data that a centre can use; `others` keeps the rest by letter, decoded, nothing is dropped."""

    alarm_text: str = ""  # I
    places: tuple[str, ...] = ()  # S site, O building, L location, R room: from the whole to the part
    verification_url: str = ""  # V
    longitude_deg: float | None = None  # X
    latitude_deg: float | None = None  # Y
    altitude_m: float | None = None  # Z
    occurred_at: datetime | None = None  # H
    trigger: Sensor | None = None  # T
    supervision: str = ""  # C
    others: dict[str, str] = {}

    @property
    def position(self) -> Position | None:
        """Where the sender says it is; None when it does not, or says 0/0 (a receiver without a fix)."""
        lon, lat = self.longitude_deg, self.latitude_deg
        if lon is None or lat is None or (lon == 0.0 and lat == 0.0):
            return None
        if abs(lat) > 90.0 >= abs(lon):  # a sender that has them the wrong way round; only one way is on the globe
            lon, lat = lat, lon
        return Position(lon, lat, FIX_UNCERTAINTY_M) if abs(lat) <= 90.0 and abs(lon) <= 180.0 else None


_NOTHING = Extended()


def parse_extended(items: tuple[bytes, ...]) -> Extended:
    """Return what the extended data says. A value that cannot be read is kept in `others`, never an error."""
    if not items:
        return _NOTHING
    texts = [(raw[:1].decode("ascii", "replace"), decode_text(raw[1:])) for raw in items]
    fields: dict[str, Any] = {}
    others: dict[str, str] = {}
    for letter, text in texts:
        if letter not in _READERS:
            others[letter] = text
            continue
        name, read = _READERS[letter]
        value = _read(read, text)
        if value is None:
            others[letter] = text
        else:
            fields[name] = value
    named = {letter: text for letter, text in reversed(texts) if text and letter in _PLACES}
    places = tuple(named[letter] for letter in _PLACES if letter in named) if named else ()
    return Extended(places=places, others=others, **fields)


def parse_degrees(text: str) -> float:
    """Return decimal degrees of `093W23.456`, `45N23.456` or `126.978`. Raises ValueError."""
    if match := _DEGREES_MINUTES.fullmatch(text):
        minutes = float(match[3])
        if minutes >= 60.0:
            raise ValueError("sixty minutes or more")
        degrees = int(match[1]) + minutes / 60.0
        return -degrees if match[2] in "SW" else degrees
    if _DECIMAL.fullmatch(text):
        return float(text)
    raise ValueError("neither degrees-hemisphere-minutes nor decimal degrees")


def format_longitude(lon_deg: float) -> str:
    """Return a longitude as DC-09 writes it: `126E58.680`."""
    return _degrees_minutes(lon_deg, "E", "W", 3)


def format_latitude(lat_deg: float) -> str:
    """Return a latitude as DC-09 writes it: `37N33.960`."""
    return _degrees_minutes(lat_deg, "N", "S", 2)


def _degrees_minutes(degrees: float, positive: str, negative: str, digits: int) -> str:
    thousandths = round(abs(degrees) * 60_000)
    whole, minutes = divmod(thousandths, 60_000)
    hemisphere = negative if degrees < 0 else positive
    return f"{whole:0{digits}d}{hemisphere}{minutes / 1000:06.3f}"


def _read(read: Callable[[str], object], text: str) -> object | None:
    with contextlib.suppress(ValueError, KeyError):
        return read(text)
    return None


def _altitude_m(text: str) -> float:
    match = _ALTITUDE.fullmatch(text)
    if match is None:
        raise ValueError("no altitude")
    return float(match[1]) * (_FEET_M if match[2] in ("F", "f") else 1.0)


_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "I": ("alarm_text", str),
    "V": ("verification_url", str),
    "X": ("longitude_deg", parse_degrees),
    "Y": ("latitude_deg", parse_degrees),
    "Z": ("altitude_m", _altitude_m),
    "H": ("occurred_at", parse_timestamp),
    "T": ("trigger", lambda text: _TRIGGERS[text[:1]]),
    "C": ("supervision", str),
}
