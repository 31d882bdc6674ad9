"""One tiny picture through the real renderer. Needs libegl1 and libgl1-mesa-dri."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from smartcity_console.drill.stage.block import made_up_block
from smartcity_console.drill.stage.body import Outfit
from smartcity_console.drill.stage.cast import Person, contact_puffs, instances_of
from smartcity_console.drill.stage.mesh import Material, Mesh
from smartcity_console.drill.stage.render import Renderer, Stock, open_context
from smartcity_console.drill.stage.scenery import PUFF_COLUMNS, GroundSheet, Moment, Scenery
from smartcity_console.drill.stage.touched import TILE_PX, touched_tiles
from smartcity_console.drill.stage.tracks import Script
from smartcity_console.drill.stage.view import View, sun_direction
from smartcity_console.drill.stage.world import models

VIEW = View((0.0, -18.0, 5.0), 0.0, 12.0, 60.0, 160, 96)
EMPTY = Moment({}, np.zeros((0, PUFF_COLUMNS), np.float32))


def small_scenery() -> Scenery:
    """A grey yard with one building of the made-up block; the painted sheets are plain."""
    mesh = Mesh()
    mesh.quad([(-200, -200, 0), (200, -200, 0), (200, 200, 0), (-200, 200, 0)], (1, 1, 1), Material.GROUND)
    mesh.box((3.0, -4.0, 0.0), (9.0, 2.0, 6.0), (0.7, 0.3, 0.2))
    plain = np.full((16, 16, 4), (110, 110, 112, 255), np.uint8)
    sheet = GroundSheet(plain, (-200.0, -200.0, 400.0, 400.0))
    return Scenery(mesh.array(), sheet, sheet, plain)


def walker_at(second: float) -> Moment:
    track = Script((-3.0, -8.0), 0.0).go([(3.0, -8.0)], 1.2).track()
    person = Person("walker", track, Outfit((0.8, 0.1, 0.1), (0.1, 0.1, 0.1)))
    instances, contacts = instances_of([person], [], second)
    return Moment(instances, contact_puffs(contacts))


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    stock = Stock(open_context(), small_scenery())
    yield Renderer(stock, models(), VIEW, samples=2)
    stock.gl.release()


def test_the_still_picture_has_sky_ground_and_a_house(renderer: Renderer) -> None:
    picture = renderer.frame(EMPTY, 0)
    assert picture.shape == (96, 160, 3)
    house_px = VIEW.project(np.array([[5.0, -4.0, 3.0]]))[0].astype(int)
    sky, ground = picture[2, 20].astype(int), picture[90, 40].astype(int)
    house = picture[house_px[1], house_px[0]].astype(int)
    assert sky[2] > ground[2] + 30  # the sky is the brightest and bluish
    assert house[0] > house[2] + 25  # the house is brick red


def test_someone_who_walks_changes_the_picture_only_where_the_tiles_say(renderer: Renderer) -> None:
    moment = walker_at(2.5)
    empty, walked = renderer.frame(EMPTY, 5).astype(int), renderer.frame(moment, 5).astype(int)
    changed = np.abs(walked - empty).max(axis=2) > 2
    tiles = touched_tiles(VIEW, sun_direction(232.0, 36.0), moment)
    allowed = np.kron(tiles, np.ones((TILE_PX, TILE_PX), bool))[:96, :160]
    assert changed.sum() > 40
    assert not (changed & ~allowed).any()


def test_a_wall_hides_who_is_behind_it(renderer: Renderer) -> None:
    track = Script((6.0, 8.0), 0.0).stay(10.0, 0.0).track()
    hidden = instances_of([Person("hidden", track, Outfit((0.1, 0.9, 0.1), (0.1, 0.9, 0.1)))], [], 1.0)[0]
    empty, hid = renderer.frame(EMPTY, 7).astype(int), renderer.frame(Moment(hidden, EMPTY.puffs), 7).astype(int)
    assert np.abs(hid - empty).max() <= 2


def test_the_same_moment_gives_the_same_picture(renderer: Renderer) -> None:
    assert np.array_equal(renderer.frame(walker_at(3.0), 9), renderer.frame(walker_at(3.0), 9))


def test_the_made_up_block_has_a_crossroads() -> None:
    block = made_up_block()
    assert block.roadway.area > 3000.0
    assert not block.built.intersects(block.roadway)
