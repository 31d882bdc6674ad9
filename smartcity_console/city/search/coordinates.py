"""Reads coordinates as people write them: degrees in either order, degrees-minutes-seconds, metres of the plane."""

from __future__ import annotations

import re

from smartcity_console.city import plane

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"^\s*({_NUMBER})\s*°?\s*([NSEW]?)\s*[,;/ ]\s*({_NUMBER})\s*°?\s*([NSEW]?)\s*$", re.IGNORECASE)
_DMS = re.compile(r"(\d{1,3})\s*[°d]\s*(\d{1,2})\s*['′m]\s*(\d{1,2}(?:\.\d+)?)?\s*[\"″s]?\s*([NSEW])", re.IGNORECASE)
SMALLEST_METRES = 1_000.0  # no pair of degrees is that large


def coordinates_in(text: str) -> tuple[float, float] | None:
    """Return (longitude, latitude) in degrees, or None when the text is no pair of coordinates.

    Without letters, latitude comes first unless only the other order is a place on earth (or in Korea).
    """
    if (dms := _from_dms(text)) is not None:
        return dms
    pair = _PAIR.match(text.replace("，", ","))
    if pair is None:
        return None
    first, second = float(pair[1]), float(pair[3])
    if min(first, second) >= SMALLEST_METRES:
        return _on_earth(*plane.to_lonlat(first, second))
    swapped = pair[2].upper() in ("E", "W") or (not pair[2] and _is_longitude_of_korea(first))
    lat, lon = (second, first) if swapped else (first, second)
    lon_sign, lat_sign = (pair[2], pair[4]) if swapped else (pair[4], pair[2])
    return _on_earth(_signed(lon, lon_sign), _signed(lat, lat_sign))


def _from_dms(text: str) -> tuple[float, float] | None:
    found = {m[4].upper(): int(m[1]) + int(m[2]) / 60 + float(m[3] or 0) / 3600 for m in _DMS.finditer(text)}
    lat, lon = found.get("N", -found.get("S", 0.0)), found.get("E", -found.get("W", 0.0))
    return _on_earth(lon, lat) if len(found) == 2 and ({"N", "S"} & set(found)) and ({"E", "W"} & set(found)) else None


def _is_longitude_of_korea(value: float) -> bool:
    return 124.0 <= value <= 132.0


def _signed(value: float, letter: str) -> float:
    return -abs(value) if letter.upper() in ("S", "W") else value


def _on_earth(lon: float, lat: float) -> tuple[float, float] | None:
    return (lon, lat) if abs(lon) <= 180.0 and abs(lat) <= 90.0 else None
