"""Police stations and 119 centres, each in an office building of its area."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from smartcity_console.city.builder.doors import front_towards
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.records import AgencyRow

POLICE_ROOM, FIRE_ROOM = "가온경찰서 112치안종합상황실", "가온소방서 119상황실"

# (id, kind, name, districts it answers for); every district has one of each kind.
STATIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("police-eunhaeng", "police", "은행지구대", ("은행동", "송현동")),
    ("police-neuti", "police", "느티파출소", ("느티동", "장승동")),
    ("police-maebong", "police", "매봉파출소", ("매봉동",)),
    ("police-solnae", "police", "솔내지구대", ("솔내동", "도담동")),
    ("police-hanbit", "police", "한빛지구대", ("한빛동", "가람동", "청석동")),
    ("fire-eunhaeng", "fire", "은행119안전센터", ("은행동", "송현동", "매봉동")),
    ("fire-neuti", "fire", "느티119안전센터", ("느티동", "장승동")),
    ("fire-solnae", "fire", "솔내119안전센터", ("솔내동", "도담동")),
    ("fire-hanbit", "fire", "한빛119안전센터", ("한빛동", "가람동", "청석동")),
)


def found_agencies(ground: Ground, used: set[int]) -> list[AgencyRow]:
    """Return the stations; marks their buildings as used."""
    built = {block.district for block in ground.layout.blocks}
    return [_station(ground, used, *station) for station in STATIONS if station[3][0] in built]


def _station(
    ground: Ground, used: set[int], agency_id: str, kind: str, name: str, districts: tuple[str, ...]
) -> AgencyRow:
    building = _building(ground, ground.districts[districts[0]].centroid, used)
    used.add(building)
    shape = ground.buildings.geometries[building]
    street = ground.layout.streets[ground.street_near(shape.centroid.x, shape.centroid.y)]
    front = front_towards(shape, street.line)
    x, y = front.door if front is not None else shapely.get_coordinates(shape.centroid)[0]
    room = POLICE_ROOM if kind == "police" else FIRE_ROOM
    return AgencyRow(agency_id, kind, name, room, float(x), float(y), districts)


def _building(ground: Ground, near: Any, used: set[int]) -> int:
    """Return the office nearest to a point that nobody has yet."""
    offices = [i for i, kind in enumerate(ground.buildings.kind) if kind == "office" and i not in used]
    away_m = shapely.distance(ground.buildings.geometries[offices], near)
    return offices[int(np.argmin(away_m))]
