"""The robbery at a shop: who does what at which second of the loop.

33 s the man leaves where he waited, 40 s he enters with a blade, 46 s he runs out with a sack, 53 s he reaches his
motorbike and rides off along the street; the clerk follows to the door, passers-by turn, one calls, one films.
"""

from __future__ import annotations

import numpy as np
import shapely
import shapely.ops

from smartcity_console.drill.stage.body import Outfit
from smartcity_console.drill.stage.cast import LOOP_S, Person, Vehicle
from smartcity_console.drill.stage.place import Place
from smartcity_console.drill.stage.routes import door_near, lane
from smartcity_console.drill.stage.tracks import Point, Script, towards

ACT_S = 40.0
INSIDE: Point = (1.9, -2.6)  # beside the opening, hidden by the shop's glass: metres along the street, before the door
WAIT_AT, BIKE_AT = -15.0, 31.0  # metres along the street, away being positive
BLACK = (0.12, 0.12, 0.13)


def robber(place: Place) -> Person:
    """Return the man in the black padded jacket."""
    spot = place.spot
    start = door_near(place.block, spot(-34.0, 2.5)) or spot(-60.0, 2.5)
    script = Script(start, 4.0).go([spot(-32.0, 2.4), spot(WAIT_AT, 1.6)], 1.25)
    script.stay(32.6, place.heading(0.5, 1.0)).go([spot(-4.0, 1.5), spot(-0.6, 1.0), spot(0.0, 0.2)], 2.2)
    script.stay(40.2, place.heading(0.0, -1.0), "threaten").go([spot(0.0, -1.6), spot(*INSIDE)], 2.6)
    script.stay(45.3, place.heading(0.0, -1.0)).go([spot(0.0, -1.5), spot(0.1, 0.6), spot(2.2, 1.9)], 4.4, "run")
    script.go(
        [spot(12.0, 2.6), spot(BIKE_AT - 2.0, place.kerb_m - 0.5), spot(BIKE_AT, place.kerb_m + 0.25)], 5.2, "run"
    )
    mounted = script.second
    script.stay(mounted + 1.3, place.heading(1.0, 0.0), "ride")
    ride = getaway(place, mounted + 1.3)
    script.go([(float(x), float(y)) for x, y in ride.track.legs[-1].path[1:]], _ride_speed(ride), "ride")
    outfit = Outfit(top=BLACK, bottom=(0.10, 0.10, 0.11), shoes=(0.55, 0.55, 0.55), padded=True, hood=True)
    holds = ((0.0, ""), (37.2, "knife"), (44.0, "sack"))
    return Person("robber", script.track(), outfit, 1.76, 0.2, None, holds)


def getaway(place: Place, leaves_s: float) -> Vehicle:
    """Return the motorbike: it waits at the kerb the whole loop and leaves with the man."""
    start = place.spot(BIKE_AT, place.kerb_m + 0.45)
    way = lane(place.drive, place.street.roadway_m * 0.2 * _keeps(place))
    line = shapely.LineString(way)
    joins = line.project(shapely.Point(place.spot(BIKE_AT + 14.0, place.kerb_m + 2.0)))
    rest = shapely.ops.substring(line, joins, line.length)
    points = [(float(x), float(y)) for x, y in np.asarray(rest.coords)[:, :2]]
    script = Script(start, 0.0).stay(leaves_s, place.heading(1.0, 0.0), "parked").go(points, 11.0, "drive")
    return Vehicle("motorbike", script.track(), (0.12, 0.16, 0.34))


def _keeps(place: Place) -> float:
    """Return +1 when the door's side of the street drives `away`, else -1: the man rides against the traffic."""
    right = np.array([place.away[1], -place.away[0]])
    return 1.0 if float(right @ -place.out) > 0 else -1.0


def _ride_speed(bike: Vehicle) -> float:
    leg = bike.track.legs[-1]
    return leg.length_m() / (leg.end_s - leg.start_s)


def clerk(place: Place) -> Person:
    """Return the clerk who runs to the door after the man and telephones."""
    spot = place.spot
    script = Script(spot(-1.7, -3.0), 44.0).stay(47.6, place.heading(0.0, 1.0))
    script.go([spot(0.0, -1.6), spot(0.1, 0.9), spot(1.4, 2.4)], 3.2, "run").stay(
        51.5, place.heading(1.0, 0.1), "point"
    )
    script.stay(72.0, place.heading(1.0, 0.4), "phone").go([spot(0.1, 0.9), spot(0.0, -1.6), spot(-1.7, -3.0)], 1.2)
    outfit = Outfit(top=(0.72, 0.72, 0.70), bottom=(0.16, 0.18, 0.24), apron=(0.12, 0.44, 0.24))
    return Person("clerk", script.track(), outfit, 1.68, 0.6, None, ((0.0, ""), (51.5, "phone")))


def bystanders(place: Place) -> list[Person]:
    """Return the people near the shop who notice."""
    far = place.kerb_m + place.street.roadway_m
    return [
        _startled(place, "woman", (11.5, 2.6), -1.0, 46.4, "phone", Outfit((0.62, 0.20, 0.24), (0.12, 0.12, 0.14), long_hair=True, coat=True), 1.62),
        _startled(place, "student", (-9.0, 2.9), 1.0, 46.8, "film", Outfit((0.25, 0.40, 0.62), (0.20, 0.22, 0.28), held="backpack"), 1.74),
        _startled(place, "couple-a", (3.0, far + 1.6), 1.0, 47.2, "film", Outfit((0.82, 0.78, 0.66), (0.24, 0.26, 0.34), padded=True), 1.72),
        _startled(place, "couple-b", (3.9, far + 2.2), 1.0, 47.4, "stand", Outfit((0.88, 0.86, 0.84), (0.30, 0.24, 0.22), long_hair=True, padded=True), 1.60),
        _startled(place, "old-man", (22.0, far + 1.8), -1.0, 48.6, "point", Outfit((0.34, 0.33, 0.30), (0.26, 0.25, 0.24), hair=(0.72, 0.72, 0.71)), 1.64),
    ]  # fmt: skip


def _startled(
    place: Place,
    name: str,
    at: tuple[float, float],
    way: float,
    notices_s: float,
    act: str,
    outfit: Outfit,
    height_m: float,
) -> Person:
    """Someone walks along the street in direction `way`, is at `at` when it happens, stops, watches and walks on."""
    spot = place.spot
    speed, here = 1.25, spot(*at)
    lead_s = min(notices_s - 2.0, 36.0)
    begin = spot(at[0] - way * speed * lead_s * 0.8, at[1])
    door, last = door_near(place.block, begin), spot(at[0] + way * 26.0, at[1])
    leave = door_near(place.block, last) or spot(at[0] + way * 60.0, at[1])
    probe = Script(door or begin, 0.0).go([begin, here], speed)
    script = Script(door or begin, notices_s - probe.second).go([begin, here], speed)
    script.stay(notices_s + 2.6, towards(here, (0.0, 0.0)))
    script.stay(notices_s + 7.5, towards(here, spot(BIKE_AT, place.kerb_m)), "stand" if act == "film" else act)
    script.stay(62.0 + (notices_s * 7.0) % 5.0, towards(here, (0.0, 0.0)), act).go([last, leave], 1.3)
    return Person(name, script.track(), outfit, height_m, (notices_s * 3.7) % 1.0, None)


def play(place: Place) -> tuple[list[Person], list[Vehicle]]:
    """Return everyone and everything of the robbery."""
    man = robber(place)
    mounted = next(leg for leg in man.track.legs if leg.act == "ride")
    people = [man, clerk(place), *bystanders(place)]
    late = [person.name for person in people if person.track.start_s < 0.0 or _stays_out(person)]
    assert not late, late
    return people, [getaway(place, mounted.end_s)]


def _stays_out(person: Person) -> bool:
    """Tell whether someone would still be about when the loop ends."""
    return person.name != "robber" and person.track.end_s > LOOP_S


def kept_free(place: Place) -> shapely.Geometry:
    """Return the ground that street furniture must leave to the scene."""
    line = [place.spot(-34.0, 2.2), place.spot(0.0, 1.5), place.spot(BIKE_AT + 16.0, place.kerb_m + 0.8)]
    return shapely.LineString(line).buffer(2.2)
