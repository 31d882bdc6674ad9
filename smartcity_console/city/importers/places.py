"""Judges coordinates: numbers, inside Korea, no stand-ins, and not far from all else that their owner runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.importers.fields import Findings
from smartcity_console.city.importers.report import Why

Degrees = NDArray[np.float64]

# The territory with its islands: 마라도, 가거도, 백령도, 독도, and the northern end of 고성군.
SOUTH_DEG, NORTH_DEG, WEST_DEG, EAST_DEG = 33.0, 38.7, 124.5, 132.0
MIN_SAMPLE = 12  # an owner with fewer rows has no middle to be far from
MIN_REACH_KM = 30.0  # 대전 서구 reaches 21 km from the middle of its cameras
REACH_FACTOR = 6.0  # times the median distance from the middle: islands lie far apart, their owner's median says so
KM_PER_DEG_LAT = 111.2


@dataclass(frozen=True)
class Reach:
    """Where an owner's things lie: the middle and how far from it one may still lie."""

    lon_deg: float
    lat_deg: float
    limit_km: float


def degrees(texts: Sequence[str]) -> Degrees:
    """Return numbers, NaN for what is none."""
    values: list[float] = []
    rest = iter(texts)
    while len(values) < len(texts):
        try:
            values.extend(map(float, rest))
        except ValueError:  # of the text after those taken in: one bad cell must not slow thousands down
            values.append(_degree(texts[len(values)]))
    return np.array(values, dtype=float)


def _degree(text: str) -> float:
    try:
        return float(text.strip().rstrip("°") or "nan")
    except ValueError:
        return np.nan


def coarse(lon_deg: Degrees, lat_deg: Degrees) -> NDArray[np.bool_]:
    """Tell which coordinates have at most one decimal in both: somebody filled the cell."""
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = (np.round(lon_deg, 1) == lon_deg) & (np.round(lat_deg, 1) == lat_deg)
    return found


def in_korea(lon_deg: Degrees, lat_deg: Degrees) -> NDArray[np.bool_]:
    return (lat_deg >= SOUTH_DEG) & (lat_deg <= NORTH_DEG) & (lon_deg >= WEST_DEG) & (lon_deg <= EAST_DEG)


def distances_km(lon_deg: Degrees, lat_deg: Degrees, of_lon: Degrees | float, of_lat: Degrees | float) -> Degrees:
    """Return distances on a plane that touches the place: good to 1 % within a city."""
    east = (lon_deg - of_lon) * KM_PER_DEG_LAT * np.cos(np.radians(lat_deg))
    return np.asarray(np.hypot(east, (lat_deg - of_lat) * KM_PER_DEG_LAT), dtype=float)


def reaches(owners: Sequence[str], lon_deg: Degrees, lat_deg: Degrees) -> dict[str, Reach]:
    """Return each owner's reach from a sample of rows."""
    good = in_korea(lon_deg, lat_deg) & ~coarse(lon_deg, lat_deg)
    names, group = np.unique(np.array(owners, dtype=object)[good].astype(str), return_inverse=True)
    lon, lat = lon_deg[good], lat_deg[good]
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(group, minlength=len(names)))[:-1])
    return {str(name): _reach(lon[p], lat[p]) for name, p in zip(names, parts, strict=False) if len(p) >= MIN_SAMPLE}


def _reach(lon_deg: Degrees, lat_deg: Degrees) -> Reach:
    lon, lat = float(np.median(lon_deg)), float(np.median(lat_deg))
    usual_km = float(np.median(distances_km(lon_deg, lat_deg, lon, lat)))
    return Reach(lon, lat, max(MIN_REACH_KM, REACH_FACTOR * usual_km))


@dataclass(frozen=True)
class Judge:
    """Refuses rows by their coordinates. Titles are the columns' names in this file."""

    lon_title: str
    lat_title: str
    reach_of: Mapping[str, Reach]

    def __call__(
        self, lon_texts: Sequence[str], lat_texts: Sequence[str], owners: Sequence[str], findings: Findings
    ) -> tuple[Degrees, Degrees]:
        """Return longitudes and latitudes of all rows; those of refused rows mean nothing."""
        lon, lat = degrees(lon_texts), degrees(lat_texts)
        doubtful = ~in_korea(lon, lat) | coarse(lon, lat) | self._far(lon, lat, owners)
        for place in np.flatnonzero(doubtful).tolist():
            texts = (lon_texts[place], lat_texts[place])
            findings.refuse(place, *self._reason(texts, float(lon[place]), float(lat[place])))
        return lon, lat

    def _far(self, lon: Degrees, lat: Degrees, owners: Sequence[str]) -> NDArray[np.bool_]:
        if not self.reach_of:
            return np.zeros(len(lon), dtype=bool)
        place = {name: number for number, name in enumerate(set(owners))}
        known = (self.reach_of.get(name) for name in place)
        table = np.array([(r.lon_deg, r.lat_deg, r.limit_km) if r else (0.0, 0.0, np.inf) for r in known])
        row = np.fromiter(map(place.__getitem__, owners), dtype=np.int64, count=len(owners))
        of_lon, of_lat, limit = table.reshape(-1, 3)[row].T
        with np.errstate(invalid="ignore"):
            far: NDArray[np.bool_] = distances_km(lon, lat, of_lon, of_lat) > limit
        return far

    def _reason(self, texts: tuple[str, str], lon: float, lat: float) -> tuple[str, str, Why]:
        both, pair = f"{self.lat_title}, {self.lon_title}", f"{texts[1]}, {texts[0]}"
        for title, text, value in ((self.lat_title, texts[1], lat), (self.lon_title, texts[0], lon)):
            if not np.isfinite(value):
                return title, text, Why.NOT_A_NUMBER if text.strip() else Why.BLANK
        if SOUTH_DEG <= lon <= NORTH_DEG and WEST_DEG <= lat <= EAST_DEG:
            return both, pair, Why.SWAPPED
        if not (SOUTH_DEG <= lat <= NORTH_DEG and WEST_DEG <= lon <= EAST_DEG):
            return both, pair, Why.OUTSIDE_KOREA
        stand_in = round(lon, 1) == lon and round(lat, 1) == lat
        return both, pair, Why.PLACEHOLDER if stand_in else Why.FAR_FROM_CITY
