"""A scenario's stage as a set: the block round its centre, its actors, its fires, and the ordinary life about them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import shapely

from smartcity_console.city import City, plane
from smartcity_console.drill.scenario.model import Light, StageSpec, Weather
from smartcity_console.drill.stage import signs
from smartcity_console.drill.stage.ambience import Stroll, Way, through_traffic, walkers
from smartcity_console.drill.stage.blazes import blazes_of
from smartcity_console.drill.stage.block import Block, Street, block_of
from smartcity_console.drill.stage.cast import Person
from smartcity_console.drill.stage.errors import SceneIncomplete
from smartcity_console.drill.stage.jam import jam, kept_off
from smartcity_console.drill.stage.light import daylight
from smartcity_console.drill.stage.loops import NO_LOOPS, Loops
from smartcity_console.drill.stage.place import view_of, wedge
from smartcity_console.drill.stage.players import local, players
from smartcity_console.drill.stage.routes import drive_line, lane, street_at
from smartcity_console.drill.stage.view import View
from smartcity_console.drill.stage.world import SCENES, Set, World
from smartcity_console.model.geo import Position

PREMISES_WITHIN_M = 120.0
SIGHT_M, WALKERS, STREET_WITHIN_M, WAY_ROOM_M = 46.0, 20, 75.0, 1.7
EVERY_S = {"arterial": 5.0, "collector": 11.0, "alley": 47.0}  # how often something passes in one direction
SPEED_MS = {"arterial": 12.0, "collector": 8.5, "alley": 4.5}


def set_of(city: City, stage: StageSpec, loops: Loops = NO_LOOPS) -> Set:
    """Return what a scenario's stage films: its play, or its actors. Raises SceneIncomplete.

    `loops`: the spans in which its feeds loop; ordinary life (but not that of the written plays) is made to fit them.
    """
    unknown = [camera for camera in stage.cameras if camera not in city.cameras]
    if unknown:
        raise SceneIncomplete(what="no camera " + ", ".join(unknown))
    return _played(city, stage) if stage.play else _located(city, stage, loops)


def _played(city: City, stage: StageSpec) -> Set:
    spec = next((spec for spec in SCENES if spec.id == stage.play), None)
    if spec is None:
        raise SceneIncomplete(what=f"no play {stage.play!r}")
    world = World(city, spec, daylight(stage.light, stage.weather), driven_through=not stage.congested)
    people, vehicles = players(stage.actors, world.block, stage.length_s, stage.seed)
    world.people += people
    world.vehicles += vehicles
    world.burning += blazes_of(stage.blazes, world.block)
    _drive(
        world, city, stage, [world.place.street], max(stage.traffic, 1.0) if stage.congested else stage.traffic - 1.0
    )
    return world


def _drive(
    made: Set, city: City, stage: StageSpec, streets: Sequence[Street], share: float, loops: Loops = NO_LOOPS
) -> None:
    """Put vehicles on the streets, `share` of the usual: they queue on the centre's street when that is congested."""
    centre = street_at(made.block, (0.0, 0.0), main=True).name if stage.congested else ""
    queued = _ways(city, made.block, [street for street in streets if street.name == centre], share)
    driven = _ways(city, made.block, [street for street in streets if street.name != centre], share)
    actors = [person for person in made.people if person.offset_s is None]
    standing = jam(queued, actors, made.length_s, stage.seed + 2)
    made.people = [*actors, *kept_off(standing, made.people, made.length_s)]
    made.vehicles += standing
    made.vehicles += through_traffic(driven, made.people, made.length_s, stage.seed + 2, made.vehicles, loops)


def _located(city: City, stage: StageSpec, loops: Loops) -> Set:
    origin = plane.xy_of(Position(stage.centre.lon_deg, stage.centre.lat_deg))
    block = block_of(city.base, origin)
    views = {camera: view_of(city.cameras[camera], block) for camera in stage.cameras}
    made = Set(block, views, stage.seed, stage.length_s, daylight(stage.light, stage.weather))
    made.people, made.vehicles = players(stage.actors, block, stage.length_s, stage.seed)
    made.burning = blazes_of(stage.blazes, block)
    _name_premises(made, city)
    made.closed = stage.light is Light.NIGHT
    _free_ground(made, stage)
    _ordinary_life(made, city, stage, loops)
    return made


def _name_premises(made: Set, city: City) -> None:
    """Give guarded premises near the centre their own fronts and names, the nearest first."""
    doors = sorted(
        (math.hypot(*door), site.id, door, shop)
        for site in city.sites.values()
        if (shop := signs.own_shop(site.name, site.category)) is not None
        and math.hypot(*(door := made.block.local(*plane.xy_of(site.position)))) < PREMISES_WITHIN_M
    )
    taken = list(zip(signs.OWN_SLOTS, doors, strict=False))
    made.named = {door: slot for slot, (_, _, door, _) in taken}
    made.own_shops = tuple(shop for _, (_, _, _, shop) in taken)


def _free_ground(made: Set, stage: StageSpec) -> None:
    """Keep sight lines and the actors' ways free; poles are thin and only keep off eyes and ways."""
    trails = [_trail(made.block, stage, number) for number in range(len(stage.actors))]
    ways = shapely.union_all([trail.buffer(WAY_ROOM_M) for trail in trails])
    eyes = shapely.union_all([shapely.Point(view.eye[:2]).buffer(7.0) for view in made.views.values()])
    seen = shapely.union_all([wedge(view, SIGHT_M, 0.36) for view in made.views.values()])
    made.sights_free = shapely.union_all([seen, ways, eyes])
    made.poles_free = shapely.union_all([ways.buffer(-0.6), eyes])


def _trail(block: Block, stage: StageSpec, number: int) -> shapely.Geometry:
    actor = stage.actors[number]
    points = [local(block, actor.start), *(local(block, waypoint.at) for waypoint in actor.way)]
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])


def _ordinary_life(made: Set, city: City, stage: StageSpec, loops: Loops) -> None:
    streets = [s for s in made.block.streets if s.line.distance(shapely.Point(0.0, 0.0)) < STREET_WITHIN_M]
    walked = tuple(s for s in streets for _ in range(3 if s.pavement_m else 1))
    count = round(WALKERS * stage.walkers)
    stroll = Stroll(made.block, walked, count, stage.length_s, stage.weather is Weather.RAIN, loops)
    made.people += walkers(stroll, made.people, stage.seed)
    _drive(made, city, stage, streets, stage.traffic, loops)


def _ways(city: City, block: Block, streets: Sequence[Street], share: float) -> list[Way]:
    """Return the lanes through the block: both directions of every street that is wide enough for it."""
    if share <= 0.0:
        return []
    seen: set[str] = set()
    found: list[Way] = []
    for street in streets:
        if street.name not in seen and street.roadway_m >= 5.0:
            seen.add(street.name)
            found += list(_lanes(city, block, street, share))
    return found


def _lanes(city: City, block: Block, street: Street, share: float) -> Iterator[Way]:
    middle = drive_line(city.base.graph, block.origin, street)
    every_s, speed_ms = EVERY_S[street.rank] / share, SPEED_MS[street.rank]
    if street.roadway_m < 7.0:
        yield Way(lane(middle, 0.3), every_s, speed_ms)
        return
    for line in (middle, middle[::-1]):
        yield Way(lane(line, street.roadway_m * 0.2), every_s, speed_ms)


def shown(made: Set, person: Person, second: float) -> list[str]:
    """Return the cameras into whose picture (walls left aside) somebody's chest falls at a second."""
    state = person.state(second)
    if state is None:
        return []
    return [camera for camera, view in made.views.items() if _in(view, state.x, state.y, 0.7 * person.height_m)]


def _in(view: View, x: float, y: float, z: float) -> bool:
    return view.sees((x, y, z))
