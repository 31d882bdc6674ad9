"""Who receives a hand-off: police, fire, a neighbouring centre, a facility; and for which part of the city."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.model.geo import Position


class AgencyKind(enum.StrEnum):
    POLICE = "police"  # 112
    FIRE = "fire"  # 119
    CENTRE = "centre"  # a neighbouring smart-city centre
    FACILITY = "facility"  # a subway operator, a hospital, a road office …


EMERGENCY_SERVICES = (AgencyKind.POLICE, AgencyKind.FIRE)
"""Those that answer everywhere and have a key, a lamp and a desk of their own on this workspace."""


class Agency(msgspec.Struct, frozen=True):
    """A station with the district it answers for (`area_wkb` in the catalogue, not here)."""

    id: str
    kind: AgencyKind
    name: str
    control_room: str
    position: Position
