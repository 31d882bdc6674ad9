"""Ordinary life of a street: people who walk from door to door and vehicles that drive through. Repeats every loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from smartcity_console.drill.stage.block import Block, Street
from smartcity_console.drill.stage.cast import LOOP_S, Person, Vehicle, passer_by
from smartcity_console.drill.stage.loops import NO_LOOPS, Loops, passes_of
from smartcity_console.drill.stage.markings import Crosswalk, crosswalks
from smartcity_console.drill.stage.place import Place
from smartcity_console.drill.stage.routes import door_near, lane, pavement_line
from smartcity_console.drill.stage.street import CAR_COLOURS
from smartcity_console.drill.stage.tracks import Point, Points, Script, Track

WALKERS, ELBOW_ROOM_M, ROAD_ROOM_M, CAR_ROOM_M = 22, 0.9, 3.4, 5.6
WALKS_MS, TO_THE_DOOR_S = 1.1, 8.0  # the slowest walk; what doors and corners add to a way along the street
CROSSING_S = (12.0, 24.0)  # the traffic leaves this gap at the scene for who crosses
DRIVE_MS = 8.0
# When vehicles pass the door, per direction: clear of the crossing gap and of what the scenes do in the road.
PASSING_S: tuple[tuple[float, ...], tuple[float, ...]] = (
    (2.5, 8.0, 29.0, 34.0, 64.0, 71.0, 83.0),
    (0.5, 7.0, 28.0, 37.0, 44.0, 61.0, 69.0, 78.0),
)


@dataclass(frozen=True)
class Stroll:
    """Where and how passers-by walk: along these streets (a street may stand there twice) about the block's origin."""

    block: Block
    streets: tuple[Street, ...]
    count: int = WALKERS
    loop_s: float = LOOP_S
    umbrellas: bool = False
    loops: Loops = NO_LOOPS

    @property
    def period_s(self) -> float:
        """After how long a walker comes again: a walk must be over by then."""
        return self.loops.period_s or self.loop_s


def stroll_of(place: Place) -> Stroll:
    """Return the usual passers-by of a site's street: four in five on it, the others in the side streets."""
    near = [s for s in place.block.streets if s is not place.street and s.line.distance(shapely.Point(0, 0)) < 45.0]
    return Stroll(place.block, (place.street,) * (4 * max(len(near), 1)) + tuple(near))


def walkers(stroll: Stroll, others: Sequence[Person], seed: int) -> list[Person]:
    """Return passers-by on both sides of the streets who keep clear of `others` and each other."""
    rng = np.random.default_rng(seed)
    people: list[Person] = []
    taken = [sampled(person, stroll.loop_s) for person in others]
    for number in range(stroll.count if stroll.streets else 0):
        for _ in range(12):
            person = _walker(stroll, rng, number)
            passes = passes_of(person, stroll.loops, stroll.loop_s) if person is not None else []
            ways = [sampled(one, stroll.loop_s) for one in passes]
            if ways and not any(comes_near(way, taken) for way in ways):
                people += passes
                taken += ways
                break
    return people


def _walker(stroll: Stroll, rng: np.random.Generator, number: int) -> Person | None:
    street = stroll.streets[int(rng.integers(len(stroll.streets)))]
    spot = street.line.project(shapely.Point(0.0, 0.0)) + rng.normal(0.0, 14.0)
    side, reach_m = float(rng.choice((-1.0, 1.0))), float(rng.uniform(34.0, 52.0))
    reach_m = min(reach_m, 0.5 * WALKS_MS * (stroll.period_s - TO_THE_DOOR_S))
    line = pavement_line(street, side, float(rng.uniform()), float(spot), reach_m)
    points = [(float(x), float(y)) for x, y in line]
    if rng.uniform() < 0.5:
        points.reverse()
    track = _from_door_to_door(stroll, points, float(rng.uniform(1.1, 1.55)))
    outfit, height_m = passer_by(rng, stroll.umbrellas)
    offset = float(rng.uniform(0.0, stroll.period_s))
    seed = float(rng.uniform())
    if track is None:
        return None
    return Person(f"walker-{number}", track, outfit, height_m, seed, offset, loop_s=stroll.period_s)


def _from_door_to_door(stroll: Stroll, points: list[Point], speed_ms: float) -> Track | None:
    if len(points) < 2:
        return None
    start, end = door_near(stroll.block, points[0]), door_near(stroll.block, points[-1])
    if start is None or end is None:
        return None
    track = Script(start, 0.0).go([*points, end], speed_ms).track()
    return track if track.end_s < stroll.period_s - 1.0 else None


def comes_near(mine: Points, others: Sequence[Points], room_m: float = ELBOW_ROOM_M) -> bool:
    """Tell whether two sampled ways ever come closer than that (comparisons with NaN are false)."""
    return any(bool((np.sum((mine - theirs) ** 2, axis=1) < room_m**2).any()) for theirs in others)


def sampled(moving: Person | Vehicle, loop_s: float) -> Points:
    """Return somebody's or something's place every half second of the loop, NaN while out of sight."""
    states = [moving.state(float(second)) for second in np.arange(0.0, loop_s, 0.5)]
    return np.array([(s.x, s.y) if s is not None else (np.nan, np.nan) for s in states])


def crossers(place: Place, seed: int) -> list[Person]:
    """Return people who cross at the nearest crosswalk in the gap that the traffic leaves."""
    near = sorted(crosswalks(place.block), key=lambda w: float(np.hypot(*w.at)))[:2]
    rng = np.random.default_rng(seed)
    return [_crosser(place, walk, rng, n) for walk in near for n in range(2)]


def _crosser(place: Place, walk: Crosswalk, rng: np.random.Generator, number: int) -> Person:
    over, along = np.array([-walk.along[1], walk.along[0]]), np.array(walk.along)
    half = walk.over_m / 2.0 + 1.4
    flip = 1.0 if number % 2 else -1.0
    shift = along * (0.9 * flip + rng.uniform(-0.3, 0.3))
    a, b = np.array(walk.at) - over * half * flip + shift, np.array(walk.at) + over * half * flip + shift
    start = door_near(place.block, (float(a[0]), float(a[1]))) or (float(a[0]), float(a[1]))
    end = door_near(place.block, (float(b[0]), float(b[1]))) or (float(b[0]), float(b[1]))
    script = Script(start, 3.0 + number).go([(float(a[0]), float(a[1]))], 1.1)
    facing = float(np.arctan2(over[0] * flip, over[1] * flip))
    script.stay(CROSSING_S[0] + rng.uniform(0.2, 1.5), facing).go([(float(b[0]), float(b[1]))], 1.35).go([end], 1.2)
    outfit, height_m = passer_by(rng)
    return Person(f"crosser-{walk.at[0]:.0f}-{number}", script.track(), outfit, height_m, float(rng.uniform()))


def traffic(place: Place, seed: int) -> list[Vehicle]:
    """Return vehicles in both directions, each passing the door at its second of every loop."""
    rng = np.random.default_rng(seed)
    vehicles = []
    for direction, seconds in zip((1.0, -1.0), PASSING_S, strict=True):
        middle = place.drive if direction > 0 else place.drive[::-1]
        line = lane(middle, place.street.roadway_m * 0.185)
        vehicles += [_vehicle(line, second, rng) for second in seconds]
    return vehicles


def through_traffic(
    ways: Sequence[Way],
    people: Sequence[Person],
    loop_s: float,
    seed: int,
    others: Sequence[Vehicle] = (),
    loops: Loops = NO_LOOPS,
) -> list[Vehicle]:
    """Return vehicles on several ways, at chance seconds of the loop, none of which comes near anybody or another."""
    rng = np.random.default_rng(seed)
    walked, driven = [sampled(one, loop_s) for one in people], [sampled(one, loop_s) for one in others]
    found: list[Vehicle] = []
    period_s = loops.period_s or loop_s
    for way in ways:
        for passing_s in np.arange(0.0, period_s, way.every_s) + rng.uniform(0.0, way.every_s * 0.6):
            vehicle = _vehicle(way.line, float(passing_s), rng, way.speed_ms, period_s)
            passes = passes_of(vehicle, loops, loop_s)
            courses = [sampled(one, loop_s) for one in passes]
            if not any(comes_near(c, walked, ROAD_ROOM_M) or comes_near(c, driven, CAR_ROOM_M) for c in courses):
                found += passes
                driven += courses
    return found


@dataclass(frozen=True)
class Way:
    """One lane: its line (n, 2) in the direction of travel, how often something passes, and how fast."""

    line: Points
    every_s: float
    speed_ms: float


def _vehicle(
    line: Points, passing_s: float, rng: np.random.Generator, speed_ms: float = DRIVE_MS, loop_s: float = LOOP_S
) -> Vehicle:
    points = [(float(x), float(y)) for x, y in line]
    track = Script(points[0], 0.0).go(points[1:], speed_ms, "drive").track()
    shape = shapely.LineString(points)
    reach_s = shape.project(shapely.Point(0.0, 0.0)) / speed_ms
    model = ("sedan", "suv", "sedan", "hatch", "van", "lorry", "suv", "sedan")[int(rng.integers(8))]
    colour = CAR_COLOURS[int(rng.integers(len(CAR_COLOURS)))]
    return Vehicle(model, track, colour, (reach_s - passing_s) % loop_s, loop_s)
