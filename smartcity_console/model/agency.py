"""Police and fire: who receives a hand-off, and for which part of the city."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.model.geo import Position


class AgencyKind(enum.StrEnum):
    POLICE = "police"  # 112
    FIRE = "fire"  # 119


class Agency(msgspec.Struct, frozen=True):
    """A station with the district it answers for (`area_wkb` in the catalogue, not here)."""

    id: str
    kind: AgencyKind
    name: str
    control_room: str
    position: Position
