"""The world that the cameras film: the same every time, gaits that stand on the ground, scenes that play in time."""

from __future__ import annotations

import math
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from smartcity_console.city import City
from smartcity_console.drill.scenario.read import read_scenario, shipped
from smartcity_console.drill.stage import gait
from smartcity_console.drill.stage.body import Outfit, figure
from smartcity_console.drill.stage.cast import LOOP_S
from smartcity_console.drill.stage.location import set_of
from smartcity_console.drill.stage.tracks import Script
from smartcity_console.drill.stage.world import SCENES, Set, World

ROBBERY, FIRE = SCENES


@pytest.fixture(scope="module")
def city() -> City:
    return City.open("")


@pytest.fixture(scope="module")
def robbery(city: City) -> World:
    return World(city, ROBBERY)


@pytest.fixture(scope="module")
def burning(city: City) -> World:
    return World(city, FIRE)


@pytest.mark.parametrize("spec", SCENES, ids=lambda spec: spec.id)
def test_two_worlds_of_one_seed_are_equal(city: City, spec: object) -> None:
    one, other = World(city, spec), World(city, spec)  # type: ignore[arg-type]
    for second in (0.0, 41.2, 63.0):
        a, b = one.moment(second), other.moment(second)
        assert a.instances.keys() == b.instances.keys()
        assert all(np.array_equal(a.instances[name], b.instances[name]) for name in a.instances)
        assert np.array_equal(a.puffs, b.puffs)


def test_the_robber_enters_at_forty_and_runs_out_southwards_with_a_sack(robbery: World) -> None:
    man = next(person for person in robbery.people if person.name == "robber")
    before, inside, out, gone = (man.state(s) for s in (39.0, 43.0, 46.5, 52.0))
    assert before and inside and out and gone
    door_out = robbery.place.out

    def ahead(state: object) -> float:
        return float(np.array((state.x, state.y)) @ door_out)  # type: ignore[attr-defined]

    assert ahead(before) > 0.0 > ahead(inside)
    assert ahead(out) > 0.0 and out.speed_ms > 3.0
    assert gone.y < out.y - 3.0
    assert [name for name, _, _ in man.parts(38.5) if name in ("knife", "sack")] == ["knife"]
    assert [name for name, _, _ in man.parts(48.0) if name in ("knife", "sack")] == ["sack"]


def test_all_six_cameras_have_the_robbery_in_their_picture(robbery: World) -> None:
    man = next(person for person in robbery.people if person.name == "robber")
    for camera_id, view in robbery.views.items():
        seen = [
            second
            for second in np.arange(38.0, 52.0, 0.25)
            if (s := man.state(float(second))) and view.sees((s.x, s.y, 1.0))
        ]
        assert len(seen) >= 12, camera_id


def test_the_man_rides_on_the_motorbike(robbery: World) -> None:
    man = next(person for person in robbery.people if person.name == "robber")
    bike = next(vehicle for vehicle in robbery.vehicles if vehicle.model == "motorbike")
    for second in (56.0, 58.0, 60.0):
        rider, ridden = man.state(second), bike.state(second)
        assert rider and ridden
        assert math.hypot(rider.x - ridden.x, rider.y - ridden.y) < 1.0


def test_smoke_comes_before_flames_and_both_are_gone_at_the_end(burning: World) -> None:
    fire = burning.fire
    assert fire is not None
    assert len(fire.puffs(36.0)) == 0 and fire.flames(36.0) == 0.0
    assert fire.smoke(41.0) > 0.0 and fire.flames(41.0) == 0.0
    assert fire.flames(60.0) == 1.0 and len(fire.puffs(60.0)) > 40
    assert fire.puffs(89.9)[:, 8].sum() < 0.02 * fire.puffs(60.0)[:, 8].sum()


@pytest.mark.parametrize("name", ["robbery", "burning"])
def test_the_loop_closes(name: str, request: pytest.FixtureRequest) -> None:
    """Nobody who is in a picture in the last instant is elsewhere in the first."""
    world: World = request.getfixturevalue(name)
    for person in world.people:
        end, start = person.state(LOOP_S - 0.02), person.state(0.0)
        shown = [s for s in (end, start) if s and any(v.sees((s.x, s.y, 1.0)) for v in world.views.values())]
        if len(shown) == 2:
            assert end and start and math.hypot(end.x - start.x, end.y - start.y) < 0.3, person.name


@pytest.mark.parametrize("motion", [gait.walking, gait.running])
def test_a_gait_repeats_and_mirrors_after_half_a_cycle(motion: object) -> None:
    for phase in np.linspace(0.0, 0.95, 20):
        now, later, half = (motion(float(p)) for p in (phase, phase + 1.0, (phase + 0.5) % 1.0))  # type: ignore[operator]
        for field in fields(gait.Pose):
            assert np.allclose(getattr(now, field.name), getattr(later, field.name), atol=1e-9)
        assert np.allclose(now.hip, half.hip[::-1]) and np.allclose(now.knee, half.knee[::-1], atol=1e-6)


@pytest.mark.parametrize("phase", np.linspace(0.0, 1.0, 9))
def test_a_walker_stands_on_the_ground(phase: float) -> None:
    parts = figure(0.0, 0.0, 0.0, 0.3, 1.7, gait.walking(float(phase)), Outfit((0.5, 0.5, 0.5), (0.2, 0.2, 0.2)))
    soles = [float(place[2, 3]) - 0.03 * 1.7 for name, place, _ in parts if name == "shoe"]
    assert -0.06 < min(soles) < 0.06


def test_a_track_covers_its_path_and_stops_smoothly() -> None:
    track = Script((0.0, 0.0), 2.0).go([(0.0, 12.0)], 1.5).stay(14.0, math.pi / 2).track()
    assert track.at(1.9) is None and track.at(14.1) is None
    speeds = [state.speed_ms for second in np.arange(2.0, 10.0, 0.05) if (state := track.at(float(second)))]
    assert max(abs(b - a) for a, b in pairwise(speeds)) < 0.4
    last = track.at(12.0)
    assert last and (last.x, last.y) == pytest.approx((0.0, 12.0)) and last.heading_rad == pytest.approx(math.pi / 2)


def test_a_congested_street_creeps_stands_and_closes_its_loops(city: City) -> None:
    stage = read_scenario(next(folder for folder in shipped() if folder.name == "kitchen-fire")).stage
    assert stage is not None
    made = set_of(city, stage)
    moved = [a.state(0.0).y - a.state(66.0).y for a in made.vehicles]  # type: ignore[union-attr]
    assert len(moved) > 40 and min(abs(m) for m in moved) > 40.0 and len({m > 0 for m in moved}) == 2  # both directions
    near = [v for v in made.vehicles if (s := v.state(30.0)) and math.hypot(s.x, s.y) < 60.0]
    assert len(near) >= 16
    for second in np.arange(0.0, 90.0, 1.5):  # nobody drives into anybody
        spots = np.array([(s.x, s.y) for v in made.vehicles if (s := v.state(float(second)))])
        apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) + np.eye(len(spots)) * 99.0
        assert apart.min() > 2.3
    for begin, end in ((0.0, 36.0), (62.0, 70.0)):  # the spans that loop
        assert np.allclose(_near(made, begin), _near(made, end), atol=0.05)


def _near(made: Set, second: float) -> list[tuple[float, ...]]:
    """Where the vehicles near the scene stand, which they are and in which colour."""
    states = [(v, s) for v in made.vehicles if (s := v.state(second)) and math.hypot(s.x, s.y) < 100.0]
    return sorted((s.x, s.y, float(len(v.model)), *v.colour) for v, s in states)
