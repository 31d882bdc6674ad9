"""Who plays a real incident on the stage: as many as were told of, at its spot, along the track that was seen. No I/O.

The kind and the verdict say what is played, the notes how many and in what (`told.py`), the sightings where they went and
when; without sightings they pass the other cameras of the incident, the nearest first. Seconds are the film's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from smartcity_console.city import City, plane
from smartcity_console.drill.export.injects import LEAD_S, coarse
from smartcity_console.drill.export.scenario import Cast, Film
from smartcity_console.drill.export.told import Told, told_of
from smartcity_console.drill.export.ways import Point, Ways
from smartcity_console.drill.scenario.model import Actor, Blaze, Spot, Waypoint
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.camera import Ownership
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade

WALKS_MS, RUNS_MS, DRIVES_MS = 1.3, 3.4, 9.0
COMES_FROM_M, VEHICLE_AT_M, APART_M, WATCHES_M = 22.0, 12.0, 1.3, 9.0
LEAVES_AFTER_S = 6.0  # behind the alarm
_BURNING = {AlertKind.FIRE: "fire", AlertKind.DISASTER: "fire", AlertKind.GAS: "gas"}
_FLEEING = (AlertKind.ROBBERY, AlertKind.INTRUSION)


class Passing(msgspec.Struct, frozen=True):
    """A point of a track; `at_s` None: whenever he comes there."""

    at: Point
    at_s: float | None = None


def cast_of(incident: Incident, film: Film, cameras: Sequence[str], city: City) -> Cast:
    """Return who and what the stage shows. `cameras` are those that are filmed."""
    first = incident.alerts[0]
    site = city.sites.get(first.site_id) if first.site_id else None
    place = site.position if site is not None else coarse(first) or incident.position
    if place is None:
        return Cast()
    return _Play(incident, film, cameras, city, plane.xy_of(place)).cast()


class _Play:
    def __init__(self, incident: Incident, film: Film, cameras: Sequence[str], city: City, spot: Point) -> None:
        self._incident, self._film, self._cameras, self._city = incident, film, cameras, city
        self._ways = Ways(city, spot)
        self._door = spot
        self._street = self._ways.kerb(spot)
        self._told: Told = told_of(incident.notes, incident.ticked)
        self._comes_s = max(film.act_s, 2.0)
        self._alarm_s = max(LEAD_S, self._comes_s + 2.0)

    def cast(self) -> Cast:
        kind, grade = self._incident.kind, self._incident.grade
        if grade == Grade.FALSE_ALARM:
            return Cast(tuple(self._visitors(1)))
        if kind in _BURNING:
            return Cast(tuple(self._burning()), (self._blaze(_BURNING[kind]),))
        if kind is AlertKind.MEDICAL:
            return Cast(tuple(self._fallen()))
        if kind is AlertKind.MISSING_PERSON:
            return Cast(tuple(self._wandering()))
        if kind in _FLEEING or self._told.is_armed or self._incident.sightings:
            return Cast(tuple(self._fleeing()))
        return Cast(tuple(self._visitors(self._told.people)))

    # ---- who comes, does it and is gone ------------------------------------------------------------------------------

    def _fleeing(self) -> Iterator[Actor]:
        driven = self._told.vehicle
        leaves_s = self._alarm_s + LEAVES_AFTER_S
        if driven:
            yield self._getaway(driven, leaves_s)
        for number in range(self._told.people):
            door = self._beside(self._door, number)
            come = [*self._way_in(number, door), self._stays(self._ways.indoors(door), leaves_s + number)]
            to_car = [self._walks(self._vehicle_spot(), RUNS_MS, "run")]
            flight = to_car if driven else list(self._flight(door, leaves_s + number, RUNS_MS, "run"))
            armed = ((self._alarm_s - 8.0, "knife"), (leaves_s, "sack")) if self._told.is_armed and not number else ()
            yield self._actor(
                number, self._told.look, self._start(number), (*come, *flight), holds=armed, wears=("hood",)
            )

    def _getaway(self, vehicle: str, leaves_s: float) -> Actor:
        spot = self._vehicle_spot()
        here = self._stays(spot, leaves_s + 3.0, speed_ms=DRIVES_MS, act="drive")
        way = (here, *self._flight(spot, leaves_s + 3.0, DRIVES_MS, "drive"))
        return Actor(
            id="vehicle",
            look=vehicle,
            start=_spot(self._off(self._street, -COMES_FROM_M)),
            appears_s=self._comes_s,
            way=way,
        )

    # ---- fire, gas ---------------------------------------------------------------------------------------------------

    def _blaze(self, kind: str) -> Blaze:
        begins_s = max(self._comes_s, self._alarm_s - 8.0)
        return Blaze(at=_spot(self._door), kind=kind, begins_s=begins_s, full_s=begins_s + 22.0)

    def _burning(self) -> Iterator[Actor]:
        """People come out of the house, two stop in the street and look."""
        until_s = self._film.length_s
        for number in range(max(2, self._told.people)):
            side = 1.0 if number % 2 else -1.0
            away = self._off(self._street, side * (WATCHES_M + 2.0 * number))
            out = (
                self._walks(self._beside(self._door, number), RUNS_MS, "run"),
                self._stays(away, until_s, "point", RUNS_MS, "run"),
            )
            yield self._actor(
                number, "man", self._ways.indoors(self._door), out, appears_s=self._alarm_s + 3.0 + 1.5 * number
            )
        for number, doing in enumerate(("film", "stand")):
            at = self._off(self._street, (3.0 - 6.0 * number))
            way = (self._stays(at, until_s, doing, WALKS_MS, "walk"),)
            start = self._off(self._street, COMES_FROM_M * (1.0 - 2.0 * number))
            yield self._actor(10 + number, ("woman", "man")[number], start, way, appears_s=self._alarm_s)

    # ---- the sick, the lost, and those who only come by --------------------------------------------------------------

    def _fallen(self) -> Iterator[Actor]:
        until_s, at = self._film.length_s, self._street
        look = self._told.look if self._told.look != "man" else "elder"
        way = (self._stays(at, self._alarm_s - 5.0, "look_round", 0.9, "walk"), self._stays(at, until_s, "fall"))
        yield self._actor(0, look, self._off(self._street, 0.4 * COMES_FROM_M), way)
        helper = (self._stays(self._beside(at, 1), until_s, "phone", WALKS_MS, "walk"),)
        yield self._actor(1, "woman", self._off(self._street, -COMES_FROM_M), helper, appears_s=self._alarm_s + 4.0)

    def _wandering(self) -> Iterator[Actor]:
        look = self._told.look
        way = list(self._flight(self._street, self._comes_s + 2.0, 0.9, "walk"))
        first = self._stays(self._street, self._comes_s + 2.0, "look_round", 0.9, "walk")
        yield self._actor(0, look, self._off(self._street, 1.5), (first, *way))

    def _visitors(self, count: int) -> Iterator[Actor]:
        """Somebody at the door for a while, who goes on as he came."""
        for number in range(count):
            door = self._beside(self._door, number)
            stays = self._stays(door, self._alarm_s + 12.0, "look_round")
            leave = self._walks(self._off(self._street, COMES_FROM_M), WALKS_MS, "walk")
            yield self._actor(number, self._told.look, self._start(number), (*self._way_in(number, door), stays, leave))

    # ---- ways --------------------------------------------------------------------------------------------------------

    def _start(self, number: int) -> Point:
        time_s = self._alarm_s - 8.0 - self._comes_s
        return self._off(self._street, -min(COMES_FROM_M, max(time_s, 1.0) * WALKS_MS) - number * APART_M)

    def _way_in(self, number: int, door: Point) -> tuple[Waypoint, ...]:
        """To the door, and a look round before it until the alarm is near."""
        return (self._stays(door, self._alarm_s - 3.0 + 0.5 * number, "look_round", WALKS_MS, "walk"),)

    def _flight(self, start: Point, leaves_s: float, speed_ms: float, act: str) -> Iterator[Waypoint]:
        """Along the track, each point at its second as far as legs or wheels allow it, and out of the picture."""
        here, second = start, leaves_s
        for passing in self._track(leaves_s):
            points = self._ways.route(here, passing.at)
            metres = _length([here, *points])
            wanted_s = passing.at_s - second if passing.at_s is not None else metres / speed_ms
            speed = min(max(metres / max(wanted_s, 0.1), min(speed_ms, WALKS_MS)), speed_ms * 1.3)
            yield from (self._walks(point, speed, act) for point in points[:-1])
            second += metres / speed
            late = passing.at_s is None or second >= passing.at_s
            yield (
                self._walks(points[-1], speed, act)
                if late
                else self._stays(points[-1], passing.at_s or second, "look_round", speed, act)
            )
            here, second = points[-1], max(second, passing.at_s or 0.0)
        for point in self._ways.route(here, self._off(here, 60.0)):
            yield self._walks(point, speed_ms, act)

    def _track(self, leaves_s: float) -> list[Passing]:
        seen = [(s.camera_id, (s.seen_at - self._film.start).total_seconds()) for s in self._incident.sightings]
        passed = [(camera, second) for camera, second in seen if second > leaves_s]
        if not passed:
            return [Passing(spot) for camera in self._others() if (spot := self._before(camera)) is not None]
        return [Passing(spot, second) for camera, second in passed if (spot := self._before(camera)) is not None]

    def _others(self) -> list[str]:
        """Return the filmed cameras that do not look at the spot, the nearest first."""
        ranked: Mapping[str, float] = {s.camera_id: s.distance_m for s in self._incident.cameras if not s.in_view}
        return sorted((c for c in self._cameras if c in ranked), key=lambda c: ranked[c])

    def _before(self, camera_id: str) -> Point | None:
        camera = self._city.cameras.get(camera_id)
        return self._ways.seen_from(camera) if camera is not None and camera.ownership is Ownership.PUBLIC else None

    def _vehicle_spot(self) -> Point:
        return self._off(self._street, VEHICLE_AT_M)

    def _off(self, spot: Point, metres: float) -> Point:
        """Return the point so far along the street from a spot, whichever way it leads on."""
        return self._ways.along(spot, metres)

    def _beside(self, spot: Point, number: int) -> Point:
        """Return a place of its own for each of several people at a spot, along the street."""
        east, north = self._ways.heading(self._street)
        shift = APART_M * ((number + 1) // 2) * (1.0 if number % 2 else -1.0)
        return spot[0] + east * shift, spot[1] + north * shift

    # ---- as the scenario writes it -----------------------------------------------------------------------------------

    def _walks(self, at: Point, speed_ms: float, act: str) -> Waypoint:
        return Waypoint(at=_spot(at), speed_ms=round(speed_ms, 2), act=act)

    def _stays(
        self, at: Point, until_s: float, doing: str = "stand", speed_ms: float = WALKS_MS, act: str = "walk"
    ) -> Waypoint:
        return Waypoint(
            at=_spot(at), speed_ms=round(speed_ms, 2), act=act, stays_until_s=round(until_s, 1), doing=doing
        )

    def _actor(
        self, number: int, look: str, start: Point, way: Sequence[Waypoint], *,
        appears_s: float | None = None, holds: tuple[tuple[float, str], ...] = (), wears: tuple[str, ...] = (),
    ) -> Actor:  # fmt: skip
        begins_s = self._comes_s if appears_s is None else appears_s
        return Actor(
            id=f"person-{number + 1}",
            look=look,
            start=_spot(start),
            appears_s=round(begins_s, 1),
            way=tuple(way),
            holds=holds,
            wears=wears,
        )


def _spot(at: Point) -> Spot:
    lon_deg, lat_deg = plane.to_lonlat(*at)
    return Spot(lon_deg=round(float(lon_deg), 7), lat_deg=round(float(lat_deg), 7))


def _length(points: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(points))
