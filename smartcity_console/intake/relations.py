"""Whether two alerts of different senders may speak of one thing: kinds that go together, near in space and time."""

from __future__ import annotations

import math

from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.geo import Position

_TOGETHER: tuple[frozenset[AlertKind], ...] = (
    frozenset({AlertKind.ROBBERY, AlertKind.INTRUSION, AlertKind.TAMPER, AlertKind.OTHER}),
    frozenset({AlertKind.FIRE, AlertKind.GAS, AlertKind.OTHER}),
    frozenset({AlertKind.FIRE, AlertKind.MEDICAL}),
    frozenset({AlertKind.ROBBERY, AlertKind.MEDICAL}),
    frozenset({AlertKind.WATER, AlertKind.DISASTER}),
)
"""A panic button and a call to 112; smoke and gas; a fire and who is hurt in it. A person sought is never anything else."""

_MOST_UNCERTAIN_M = 300.0
_METRES_PER_DEGREE = 111_320.0


def are_related(a: AlertKind, b: AlertKind) -> bool:
    """Return whether two kinds may be one incident when they come from different senders."""
    if AlertKind.MISSING_PERSON in (a, b):
        return False
    return a is b or any(a in group and b in group for group in _TOGETHER)


def is_near(a: Position, b: Position, join_m: float) -> bool:
    """Return whether two positions may be one place: within `join_m`, plus what both are unsure of (bounded)."""
    unsure_m = min(a.uncertainty_m + b.uncertainty_m, _MOST_UNCERTAIN_M)
    return distance_m(a, b) <= join_m + unsure_m


def distance_m(a: Position, b: Position) -> float:
    """Equirectangular distance: good to some metres over the few kilometres asked about."""
    east = (a.lon_deg - b.lon_deg) * math.cos(math.radians((a.lat_deg + b.lat_deg) / 2.0))
    return math.hypot(east, a.lat_deg - b.lat_deg) * _METRES_PER_DEGREE


def may_meet(alert: Alert) -> bool:
    """Return whether an alert may join one of another sender: of known origin, with a position, and no mere signal."""
    return alert.known and alert.position is not None and alert.kind is not AlertKind.RESTORE
