"""A scenario's stage: actors come when they are told to, and every camera that can see one has him in its picture."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from smartcity_console.city import City, plane
from smartcity_console.city.sight import in_picture
from smartcity_console.city.sightline import TARGET_HEIGHT_M, Eye, is_hidden
from smartcity_console.drill.scenario.model import Actor, Blaze, Scenario, Spot, Waypoint
from smartcity_console.drill.scenario.read import read_scenario, shipped
from smartcity_console.drill.stage.blazes import Gas, blazes_of
from smartcity_console.drill.stage.block import block_of, made_up_block
from smartcity_console.drill.stage.cast import Person
from smartcity_console.drill.stage.errors import SceneIncomplete
from smartcity_console.drill.stage.fire import Fire
from smartcity_console.drill.stage.location import set_of
from smartcity_console.drill.stage.looks import is_vehicle
from smartcity_console.drill.stage.loops import loops_of
from smartcity_console.drill.stage.place import view_of
from smartcity_console.drill.stage.players import players, track_of
from smartcity_console.drill.stage.view import View
from smartcity_console.model.geo import Position, bearing_deg, bearing_difference_deg

EDGE_PX = 40  # nearer to the picture's edge the catalogue's angles and the pinhole may differ
SCENARIOS = [read_scenario(folder) for folder in shipped()]
STAGED = [s for s in SCENARIOS if s.stage is not None and not s.stage.play]
HERE = Spot(127.45, 37.05)


def metres(spot: Spot) -> tuple[float, float]:
    """East and north of HERE, near enough for a test."""
    return (spot.lon_deg - HERE.lon_deg) * 88_900.0, (spot.lat_deg - HERE.lat_deg) * 111_000.0


def spot(east_m: float, north_m: float) -> Spot:
    return Spot(HERE.lon_deg + east_m / 88_900.0, HERE.lat_deg + north_m / 111_000.0)


@pytest.fixture(scope="module")
def city() -> City:
    return City.open("")


class Cast:
    """A scenario's people and views in local metres, without the block's furniture."""

    def __init__(self, city: City, scenario: Scenario) -> None:
        assert scenario.stage is not None
        self.city, self.stage = city, scenario.stage
        centre = Position(self.stage.centre.lon_deg, self.stage.centre.lat_deg)
        self.block = block_of(city.base, plane.xy_of(centre))
        self.people, self.vehicles = players(self.stage.actors, self.block, self.stage.length_s, self.stage.seed)

    def view(self, camera_id: str) -> View:
        return view_of(self.city.cameras[camera_id], self.block)

    def shows(self, camera_id: str, person: Person, second: float) -> bool:
        """Tell whether a camera truly shows somebody's chest: in its picture, and no wall before it."""
        state = person.state(second)
        if state is None or not self.view(camera_id).sees((state.x, state.y, 1.0)):
            return False
        x, y = state.x + self.block.origin[0], state.y + self.block.origin[1]
        return not is_hidden(Eye.of(self.city.cameras[camera_id]), x, y, self.city.base.buildings)


def test_the_eight_scenarios_have_their_stage_and_at_least_24_cameras() -> None:
    assert {s.id for s in SCENARIOS} >= {
        "robbery", "kitchen-fire", "lost-child", "dementia-night", "assault-park", "burglary-flood", "gas-leak", "privacy",
    }  # fmt: skip
    assert all(s.stage is not None for s in SCENARIOS)
    assert sum(len(s.stage.cameras) for s in SCENARIOS if s.stage is not None) >= 24


@pytest.mark.parametrize("scenario", STAGED, ids=lambda s: s.id)
def test_every_camera_of_an_incident_shows_one_of_its_actors_between_cue_and_end(
    city: City, scenario: Scenario
) -> None:
    cast = Cast(city, scenario)
    acts = {feed.camera: feed.act_s for feed in scenario.feeds}
    for incident in (i for i in scenario.incidents if i.cue and i.cameras):
        for camera_id in incident.cameras:
            act = acts[camera_id]
            assert act is not None
            seconds = np.arange(act[0], act[1], 0.5)
            shown = [s for s in seconds if any(cast.shows(camera_id, person, float(s)) for person in cast.people)]
            assert len(shown) >= 4, (incident.id, camera_id)


@pytest.mark.parametrize("scenario", STAGED, ids=lambda s: s.id)
def test_the_picture_and_the_catalogues_sight_agree_about_who_is_in_it(city: City, scenario: Scenario) -> None:
    """Project each actor into each camera and ask the catalogue's own computation the same."""
    cast = Cast(city, scenario)
    asked = 0
    for person in cast.people:
        for second in np.arange(0.0, cast.stage.length_s, 1.0):
            state = person.state(float(second))
            for camera_id in cast.stage.cameras if state is not None else ():
                assert state is not None
                x_px, y_px, depth_m = cast.view(camera_id).project(np.array([[state.x, state.y, TARGET_HEIGHT_M]]))[0]
                view, eye = cast.view(camera_id), Eye.of(city.cameras[camera_id])
                inside = min(x_px, view.width_px - x_px, y_px, view.height_px - y_px) if depth_m > 0.3 else -math.inf
                if abs(inside) < EDGE_PX * view.width_px / 640.0:
                    continue
                east, north = state.x - view.eye[0], state.y - view.eye[1]
                distance_m = math.hypot(east, north)
                off_axis = bearing_difference_deg(eye.azimuth_deg or 0.0, bearing_deg(east, north))
                if distance_m < eye.range_m:
                    assert in_picture(eye, distance_m, off_axis) == (inside > 0.0), (camera_id, person.name, second)
                    asked += 1
    assert asked > 100


@pytest.mark.parametrize("scenario", STAGED, ids=lambda s: s.id)
def test_the_ordinary_picture_before_the_cue_shows_nobody_appear(city: City, scenario: Scenario) -> None:
    """What loops before the cue must not show an actor who was not there when the loop began."""
    cast = Cast(city, scenario)
    for feed in (f for f in scenario.feeds if f.before_s is not None):
        assert feed.before_s is not None and feed.act_s is not None
        late = [p for p in cast.people if feed.before_s[0] < p.track.start_s < feed.before_s[1]]
        assert not [p.name for p in late if cast.shows(feed.camera, p, feed.before_s[1] - 0.1)], feed.camera


def test_an_actor_passes_waypoints_without_stopping_and_stays_where_told() -> None:
    way = (
        Waypoint(at=spot(10, 0), speed_ms=2.0),
        Waypoint(at=spot(20, 0), speed_ms=2.0, stays_until_s=30.0, doing="phone", facing_deg=90.0),
        Waypoint(at=spot(20, 12), speed_ms=4.0, act="run"),
    )
    track = track_of(Actor(id="one", look="man", start=HERE, appears_s=5.0, way=way), metres, 60.0)
    assert track.at(4.9) is None
    passing, staying, running = track.at(10.0), track.at(20.0), track.at(31.5)
    assert passing and staying and running
    assert passing.speed_ms > 1.5  # half way, at the first waypoint
    assert (staying.x, staying.y) == pytest.approx((20.0, 0.0), abs=0.05) and staying.act == "phone"
    assert staying.heading_rad == pytest.approx(math.pi / 2) and staying.speed_ms == 0.0
    assert running.act == "run" and running.y > 1.0
    assert track.at(34.0) is None  # he went in


def test_actors_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    block = made_up_block()
    centre = plane.to_lonlat(np.array([0.0]), np.array([0.0]))
    actor = Actor(id="one", look="woman", start=Spot(float(centre[0][0]), float(centre[1][0])))
    one, same, other = (players([actor], block, 10.0, seed)[0][0] for seed in (4, 4, 5))
    assert one.outfit == same.outfit != other.outfit
    assert one.seed == same.seed != other.seed


@pytest.mark.parametrize(("look", "tall_m"), [("child", 1.3), ("elder", 1.65), ("firefighter", 1.9)])
def test_people_are_built_as_they_are_said_to_be(look: str, tall_m: float) -> None:
    person = players([Actor(id="one", look=look, start=Spot(127.0, 37.0))], made_up_block(), 10.0, 1)[0][0]
    tops = [float(place[2, 3]) for name, place, _ in person.parts(1.0) if name in ("head", "helmet")]
    assert 0.6 * tall_m < max(tops) < tall_m


def test_who_falls_lies_on_the_ground() -> None:
    way = (Waypoint(at=Spot(127.0, 37.0), stays_until_s=20.0, doing="fall"),)
    person = players([Actor(id="one", look="man", start=Spot(127.0, 37.0), way=way)], made_up_block(), 20.0, 1)[0][0]
    heights = [float(place[2, 3]) for name, place, _ in person.parts(10.0) if name in ("head", "pelvis", "neck")]
    assert max(heights) < 0.5


def test_a_fire_needs_its_time_and_gas_stays_low() -> None:
    block = made_up_block()
    lon, lat = plane.to_lonlat(np.array([8.0]), np.array([-30.0]))
    at = Spot(float(lon[0]), float(lat[0]))
    burning, leak = blazes_of([Blaze(at=at, begins_s=20.0, full_s=30.0), Blaze(at=at, kind="gas", begins_s=5.0)], block)
    assert isinstance(burning, Fire) and isinstance(leak, Gas)
    assert len(burning.puffs(19.0)) == 0 and burning.flames(45.0) == 1.0
    assert burning.glow(45.0)[4] > 1.0 > burning.glow(10.0)[4]
    assert len(leak.puffs(20.0)) > 10 and leak.puffs(20.0)[:, 2].max() < 3.0


def test_a_stage_with_a_camera_that_nobody_has_is_refused(city: City) -> None:
    stage = STAGED[0].stage
    assert stage is not None
    with pytest.raises(SceneIncomplete, match="GN-9999"):
        set_of(city, msgspec.structs.replace(stage, cameras=("GN-9999",)))


@pytest.mark.parametrize("name", ["lost-child", "burglary-flood", "gas-leak"])
def test_nobody_jumps_where_a_feeds_span_begins_again(city: City, name: str) -> None:
    scenario = next(s for s in STAGED if s.id == name)
    loops = loops_of(scenario.feeds)
    assert scenario.stage is not None and loops.before is not None and loops.after is not None
    made = set_of(city, scenario.stage, loops)
    actors = {actor.id for actor in scenario.stage.actors}
    walkers = [person for person in made.people if person.name not in actors]
    through = made.vehicles[sum(is_vehicle(actor) for actor in scenario.stage.actors) :]

    def stand(second: float) -> list[tuple[float, float]]:
        states = [one.state(second) for one in (*walkers, *through)]
        return sorted((s.x, s.y) for s in states if s is not None)

    before, after = (loops.before[0], loops.before[1] - 1e-6), loops.after
    assert np.allclose(stand(before[0]), stand(before[1]), atol=0.01) and stand(after[0]) == stand(after[1]) == []
    assert np.mean([len(stand(float(s))) for s in np.arange(*loops.before, 1.0)]) > 2.0  # and the street is not empty


def test_two_sets_of_one_stage_are_equal(city: City) -> None:
    stage = next(s.stage for s in STAGED if s.id == "privacy")
    assert stage is not None
    one, other = set_of(city, stage).moment(40.0), set_of(city, stage).moment(40.0)
    assert one.instances.keys() == other.instances.keys()
    assert all(np.array_equal(one.instances[name], other.instances[name]) for name in one.instances)
