"""Positions and bearings."""

from __future__ import annotations

import math

import msgspec


class Position(msgspec.Struct, frozen=True):
    """A WGS 84 position (EPSG:4326) with the radius within which it is believed to lie."""

    lon_deg: float
    lat_deg: float
    uncertainty_m: float = 0.0


def bearing_difference_deg(a_deg: float, b_deg: float) -> float:
    """Return the unsigned smallest angle between two bearings, 0..180 degrees."""
    return abs((a_deg - b_deg + 180.0) % 360.0 - 180.0)


def bearing_deg(east_m: float, north_m: float) -> float:
    """Return the bearing of a planar vector, degrees clockwise from north, 0..360."""
    return math.degrees(math.atan2(east_m, north_m)) % 360.0
