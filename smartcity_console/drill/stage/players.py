"""A scenario's actors as people and vehicles with tracks: from way to way, staying where they are told to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from smartcity_console.city import plane
from smartcity_console.drill.scenario.model import Actor, Spot, Waypoint
from smartcity_console.drill.stage.block import Block
from smartcity_console.drill.stage.cast import Person, Vehicle
from smartcity_console.drill.stage.looks import VEHICLES, body_of, is_vehicle, paint_of
from smartcity_console.drill.stage.tracks import Point, Script, Track, towards
from smartcity_console.model.geo import Position

STANDS_S = 0.05  # somebody without a way stands at his start for the whole film


def players(actors: Sequence[Actor], block: Block, length_s: float, seed: int) -> tuple[list[Person], list[Vehicle]]:
    """Return the people and the vehicles of a scenario, in local metres."""
    people: list[Person] = []
    vehicles: list[Vehicle] = []
    for number, actor in enumerate(actors):
        rng = np.random.default_rng((seed, number))
        track = track_of(actor, lambda spot: local(block, spot), length_s)
        if is_vehicle(actor):
            vehicles.append(Vehicle(VEHICLES[actor.look], track, paint_of(actor, rng)))
            continue
        body = body_of(actor, rng)
        people.append(
            Person(actor.id, track, body.outfit, body.height_m, float(rng.uniform()), None, actor.holds, body.frail)
        )
    return people, vehicles


def local(block: Block, spot: Spot) -> Point:
    """Return a spot in the block's local metres."""
    return block.local(*plane.xy_of(Position(spot.lon_deg, spot.lat_deg)))


def track_of(actor: Actor, place: Callable[[Spot], Point], length_s: float) -> Track:
    """Return an actor's track. Waypoints where nobody stays are passed without stopping."""
    here = place(actor.start)
    script = Script(here, actor.appears_s)
    facing = 0.0
    for points, last in _stretches(actor.way, place):
        if math.dist(here, points[-1]) > 0.05 or len(points) > 1:
            facing = towards(points[-2] if len(points) > 1 else here, points[-1])
            script.go(points, last.speed_ms, last.act)
            here = points[-1]
        if last.facing_deg is not None:
            facing = math.radians(last.facing_deg)
        if last.stays_until_s is not None:
            script.stay(last.stays_until_s, facing, last.doing)
    if not actor.way:
        script.stay(max(length_s, actor.appears_s + STANDS_S), facing)
    return script.track()


def _stretches(way: Sequence[Waypoint], place: Callable[[Spot], Point]) -> Iterator[tuple[list[Point], Waypoint]]:
    """Yield runs of points that are passed in one go, each with the waypoint that ends it."""
    points: list[Point] = []
    for number, waypoint in enumerate(way):
        points.append(place(waypoint.at))
        after = way[number + 1] if number + 1 < len(way) else None
        on = after is not None and waypoint.stays_until_s is None
        if on and after is not None and (after.act, after.speed_ms) == (waypoint.act, waypoint.speed_ms):
            continue
        yield points, waypoint
        points = []
