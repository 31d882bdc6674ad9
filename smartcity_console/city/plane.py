"""WGS 84 degrees (EPSG:4326) to and from the city's plane: metres of Korea 2000 / Central Belt 2010 (EPSG:5186)."""

from __future__ import annotations

from functools import cache
from typing import overload

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from smartcity_console.model.geo import Position

Metres = NDArray[np.float64]

GEOGRAPHIC = "EPSG:4326"
PLANE = "EPSG:5186"


@cache
def _transformer(source: str, target: str) -> Transformer:
    """Return a transformer with longitude first; making one costs 50 ms, so it is kept."""
    return Transformer.from_crs(source, target, always_xy=True)


@overload
def to_xy(lon_deg: float, lat_deg: float) -> tuple[float, float]: ...
@overload
def to_xy(lon_deg: Metres, lat_deg: Metres) -> tuple[Metres, Metres]: ...
def to_xy(lon_deg: float | Metres, lat_deg: float | Metres) -> tuple[float, float] | tuple[Metres, Metres]:
    """Return (x, y) in metres, east and north, for degrees; scalars or arrays of one shape."""
    x, y = _transformer(GEOGRAPHIC, PLANE).transform(lon_deg, lat_deg)
    return x, y


@overload
def to_lonlat(x_m: float, y_m: float) -> tuple[float, float]: ...
@overload
def to_lonlat(x_m: Metres, y_m: Metres) -> tuple[Metres, Metres]: ...
def to_lonlat(x_m: float | Metres, y_m: float | Metres) -> tuple[float, float] | tuple[Metres, Metres]:
    """Return (longitude, latitude) in degrees for metres; scalars or arrays of one shape."""
    lon, lat = _transformer(PLANE, GEOGRAPHIC).transform(x_m, y_m)
    return lon, lat


def xy_of(position: Position) -> tuple[float, float]:
    """Return a position's (x, y) in metres."""
    return to_xy(position.lon_deg, position.lat_deg)


def position_at(x_m: float, y_m: float, uncertainty_m: float = 0.0) -> Position:
    """Return the position of a point of the plane."""
    lon, lat = to_lonlat(x_m, y_m)
    return Position(lon, lat, uncertainty_m)
