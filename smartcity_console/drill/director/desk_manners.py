"""What a desk that plays by itself does when: a pure machine over one hand-off and the seconds since it came."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from smartcity_console.drill.scenario.model import DeskManner, Spot

MOVES_EVERY_S = 3.0
_METRES_A_DEGREE = 111_320.0


class DeskAct(msgspec.Struct, frozen=True):
    """One act of the desk's page: its name in the address, and its JSON body without `by`."""

    at_s: float  # after the hand-off came
    name: str
    body: dict[str, Any] = {}


def acts_of(manner: DeskManner, start: Spot | None, scene: Spot | None) -> list[DeskAct]:
    """Return all that a desk will do with a hand-off, in order of time. `start`: where its units stand now."""
    acts = list(_answers(manner))
    if not manner.refuses and manner.units and manner.units_s is not None and start and scene:
        acts += _moves(manner, start, scene)
    return sorted(acts, key=lambda act: act.at_s)


def follow_up_of(manner: DeskManner) -> DeskManner:
    """Return how what adds to an earlier hand-off is answered: read and taken; the units are on their way already."""
    return msgspec.structs.replace(manner, units=(), asks="", ends_s=None)


def _answers(manner: DeskManner) -> Iterator[DeskAct]:
    if manner.opens_s is not None:
        yield DeskAct(manner.opens_s, "opened")
    if manner.accepts_s is None:
        return
    if manner.refuses:
        yield DeskAct(manner.accepts_s, "refused", {"reason": manner.refuses})
        return
    yield DeskAct(manner.accepts_s, "accepted")
    if manner.asks:
        yield DeskAct(manner.accepts_s, "message", {"text": manner.asks})
    if manner.units and manner.units_s is not None:
        yield DeskAct(manner.units_s, "units_sent", {"units": list(manner.units), "eta_min": manner.eta_min})
        if manner.on_scene_s is not None:
            yield DeskAct(manner.on_scene_s, "on_scene", {"units": list(manner.units)})
    if manner.ends_s is not None:
        yield DeskAct(manner.ends_s, "closed", {"outcome": manner.outcome or "done"})


def _moves(manner: DeskManner, start: Spot, scene: Spot) -> Iterator[DeskAct]:
    """The units drive from their station to the scene, one behind the other, until they are there."""
    assert manner.units_s is not None
    arrives_s = manner.on_scene_s if manner.on_scene_s is not None else manner.units_s + manner.eta_min * 60.0
    whole_s = arrives_s - manner.units_s
    if whole_s <= MOVES_EVERY_S:
        return
    for number in range(1, math.ceil(whole_s / MOVES_EVERY_S)):
        gone_s = number * MOVES_EVERY_S
        places = [_place(unit, n, start, scene, gone_s / whole_s) for n, unit in enumerate(manner.units)]
        yield DeskAct(manner.units_s + gone_s, "positions", {"positions": places})


def _place(unit: str, number: int, start: Spot, scene: Spot, share: float) -> dict[str, Any]:
    """Return where a unit is after a share of its way; each further one is 30 m behind."""
    east_m = (scene.lon_deg - start.lon_deg) * _METRES_A_DEGREE * math.cos(math.radians(scene.lat_deg))
    north_m = (scene.lat_deg - start.lat_deg) * _METRES_A_DEGREE
    way_m = math.hypot(east_m, north_m) or 1.0
    share = max(0.0, min(1.0, share - number * 30.0 / way_m))
    lon = start.lon_deg + (scene.lon_deg - start.lon_deg) * share
    lat = start.lat_deg + (scene.lat_deg - start.lat_deg) * share
    return {"unit": unit, "lon_deg": round(lon, 7), "lat_deg": round(lat, 7)}
