"""Congestion: in each lane a queue of vehicles that creeps forward place by place, and at last stands for good.

The vehicles repeat every `PATTERN` places, so that after `PATTERN * STEP_S` seconds the street looks as it did at first: a
feed's span of that length loops without a jump. From `STANDS_FROM_S` on every span does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
import shapely.ops

from smartcity_console.drill.stage.ambience import Way, comes_near, sampled
from smartcity_console.drill.stage.cast import Person, Vehicle
from smartcity_console.drill.stage.street import CAR_COLOURS
from smartcity_console.drill.stage.tracks import Point, Script, Track

PLACE_M, REACH_M = 7.2, 150.0  # a vehicle with its gap; how far from the centre the queue goes both ways
MODELS = ("sedan", "suv", "van", "hatch", "sedan", "")  # of a pattern's places, the hindmost first; the last is a gap
PATTERN = len(MODELS)
STEP_S, STEPS, MOVES_S = 6.0, 10, 2.6  # every so many seconds a place forward; so often; within so many seconds
STANDS_FROM_S = STEP_S * STEPS
WAVE_S = 0.5  # how much later than the one before it a vehicle moves off
PERSON_ROOM_M = 1.4


def jam(ways: Sequence[Way], actors: Sequence[Person], length_s: float, seed: int) -> list[Vehicle]:
    """Return the vehicles that creep and stand on the ways; where one would touch an actor there is a gap instead."""
    rng = np.random.default_rng(seed)
    walked = [sampled(actor, length_s) for actor in actors]
    queued = [vehicle for way in ways for vehicle in _queue(way, rng, length_s)]
    return [one for one in queued if not comes_near(sampled(one, length_s), walked, PERSON_ROOM_M)]


def kept_off(vehicles: Sequence[Vehicle], people: Sequence[Person], length_s: float) -> list[Person]:
    """Return the passers-by (who walk again and again) whose way no vehicle touches."""
    driven = [sampled(vehicle, length_s) for vehicle in vehicles]
    again = [person for person in people if person.offset_s is not None]
    return [one for one in again if not comes_near(sampled(one, length_s), driven, PERSON_ROOM_M)]


def _queue(way: Way, rng: np.random.Generator, length_s: float) -> Iterator[Vehicle]:
    line = shapely.LineString(way.line)
    colours = [CAR_COLOURS[int(n)] for n in rng.permutation(len(CAR_COLOURS))]
    here, whole_m = float(line.project(shapely.Point(0.0, 0.0))), STEPS * PLACE_M
    hindmost_m = max(here - REACH_M - whole_m, 0.0)
    foremost_m = min(here + REACH_M, line.length - whole_m)
    for number, at_m in enumerate(np.arange(hindmost_m, foremost_m, PLACE_M)):
        kind = number % PATTERN
        if MODELS[kind]:
            yield Vehicle(MODELS[kind], _creeping(line, float(at_m), kind, length_s), colours[kind])


def _creeping(line: shapely.LineString, at_m: float, kind: int, length_s: float) -> Track:
    def point(metres: float) -> Point:
        spot = line.interpolate(metres)
        return float(spot.x), float(spot.y)

    script = Script(point(at_m), 0.0)
    for step in range(STEPS):
        script.stay(step * STEP_S + (PATTERN - 2 - kind) * WAVE_S, _heading(line, at_m), "drive")
        ahead = shapely.ops.substring(line, at_m, at_m + PLACE_M)
        script.go([(float(x), float(y)) for x, y in list(ahead.coords)[1:]], PLACE_M / MOVES_S, "drive")
        at_m += PLACE_M
    return script.stay(max(length_s, STANDS_FROM_S) + STEP_S, _heading(line, at_m), "drive").track()


def _heading(line: shapely.LineString, at_m: float) -> float:
    a, b = line.interpolate(max(at_m - 0.3, 0.0)), line.interpolate(at_m + 0.3)
    return float(np.arctan2(b.x - a.x, b.y - a.y))
