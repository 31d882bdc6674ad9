"""Night, rain and infrared through the real renderer, on a small yard; and a film that can be stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import shapely

from smartcity_console.__main__ import EXIT_REFUSED, main
from smartcity_console.drill.scenario.model import Light, Weather
from smartcity_console.drill.scenario.read import find_scenario, read_scenario
from smartcity_console.drill.stage import shoot
from smartcity_console.drill.stage.block import Block
from smartcity_console.drill.stage.light import DAYLIGHT, daylight, sees_infrared
from smartcity_console.drill.stage.mesh import Material, Mesh
from smartcity_console.drill.stage.render import Renderer, Stock, open_context
from smartcity_console.drill.stage.scenery import GLOW_COLUMNS, PUFF_COLUMNS, GroundSheet, Moment, Scenery
from smartcity_console.drill.stage.view import View
from smartcity_console.drill.stage.world import Set, models

VIEW = View((0.0, -18.0, 5.0), 0.0, 12.0, 60.0, 160, 96)
EMPTY = Moment({}, np.zeros((0, PUFF_COLUMNS), np.float32))
LAMP = np.array([[-5.0, -6.0, 6.0, 30.0, 1.0, 1.0, 1.0]], np.float32)


def yard(light: Light, weather: Weather = Weather.CLEAR) -> Scenery:
    mesh = Mesh()
    mesh.quad([(-200, -200, 0), (200, -200, 0), (200, 200, 0), (-200, 200, 0)], (1, 1, 1), Material.GROUND)
    mesh.box((3.0, -4.0, 0.0), (9.0, 2.0, 6.0), (0.7, 0.3, 0.2))
    plain = np.full((16, 16, 4), (110, 110, 112, 255), np.uint8)
    sheet = GroundSheet(plain, (-200.0, -200.0, 400.0, 400.0))
    return Scenery(mesh.array(), sheet, sheet, plain, daylight(light, weather), LAMP)


@pytest.fixture
def renderers() -> Iterator[Any]:
    stocks: list[Stock] = []

    def make(light: Light, weather: Weather = Weather.CLEAR, **more: Any) -> Renderer:
        stocks.append(Stock(open_context(), yard(light, weather)))
        return Renderer(stocks[-1], models(), VIEW, samples=1, **more)

    yield make
    for stock in stocks:
        stock.gl.release()


def ground(picture: np.ndarray[Any, Any], x: float, y: float) -> float:
    """Mean grey of a few pixels about a spot of the yard."""
    at = VIEW.project(np.array([[x, y, 0.0]]))[0].astype(int)
    return float(picture[at[1] - 3 : at[1] + 4, at[0] - 3 : at[0] + 4].mean())


def test_by_night_the_ground_is_bright_only_under_the_lamp(renderers: Any) -> None:
    picture = renderers(Light.NIGHT).frame(EMPTY, 0)
    assert ground(picture, -5.0, -6.0) > 1.5 * ground(picture, 4.0, -7.0)
    day = renderers(Light.DAY).frame(EMPTY, 0)
    assert picture[:10].mean() < day[:10].mean() - 15.0  # the sky


def test_an_infrared_camera_sees_no_colours(renderers: Any) -> None:
    picture = renderers(Light.NIGHT, infrared=True).frame(EMPTY, 0).astype(int)
    assert np.abs(picture[..., 0] - picture[..., 2]).max() <= 12  # but for the encoder's slight tint
    assert picture[60:].mean() > 12.0  # its own lamp reaches the yard


def test_rain_falls_anew_in_every_picture_and_the_same_for_the_same_number(renderers: Any) -> None:
    wet = renderers(Light.DAY, Weather.RAIN)
    one, two, again = wet.frame(EMPTY, 1).astype(int), wet.frame(EMPTY, 2).astype(int), wet.frame(EMPTY, 1)
    assert np.array_equal(one, again) and np.abs(one - two).max() > 20


def test_a_headlight_lights_the_ground_before_it(renderers: Any) -> None:
    night = renderers(Light.NIGHT)
    glow = np.array([[4.0, -7.0, 0.4, 5.0, 2.0, 2.0, 2.0]], np.float32).reshape(-1, GLOW_COLUMNS)
    dark, lit = night.frame(EMPTY, 3), night.frame(replace(EMPTY, glows=glow), 3)
    assert ground(lit, 4.0, -7.0) > ground(dark, 4.0, -7.0) + 10.0


def test_rain_takes_the_sun_and_some_cameras_go_over_to_infrared_at_night_only() -> None:
    assert sum(daylight(Light.DAY, Weather.RAIN).sun) < 0.1 * sum(DAYLIGHT.sun)
    ids = [f"GN-{n:04d}" for n in range(1, 400)]
    share = sum(sees_infrared(i, Light.NIGHT) for i in ids) / len(ids)
    assert 0.3 < share < 0.5 and not any(sees_infrared(i, Light.DUSK) for i in ids)


def test_what_moves_is_drawn_without_the_anisotropic_filter(renderers: Any) -> None:
    """A roof seen edge on would otherwise take llvmpipe minutes: see Stock.sharpen."""
    renderer = renderers(Light.DAY)
    stock = renderer._stock
    assert {texture.anisotropy for texture in (stock.ground_near, stock.ground_far, stock.atlas)} == {1.0}


@pytest.fixture
def small_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set without a city: one camera before an empty yard."""

    class Yard(Set):
        def scenery(self) -> Scenery:
            return yard(Light.DAY)

    block = Block((0.0, 0.0), (), ())
    made = Yard(block, {"GN-0245": VIEW}, 1, sights_free=shapely.Polygon())
    monkeypatch.setattr(shoot, "set_of", lambda city, stage, loops: made)
    monkeypatch.setattr(shoot, "SAMPLES", 1)


def test_a_film_is_whole_and_tells_how_far_it_is(tmp_path: Path, small_set: None) -> None:
    scenario = read_scenario(find_scenario("privacy"))
    told: list[shoot.Progress] = []
    asked = shoot.Shot(("GN-0245",), seconds=0.8, draft=True)
    (file,) = shoot.film(scenario, tmp_path, asked, on_progress=told.append)
    assert [p.drawn for p in told] == [1, 2, 3, 4] and told[-1].share == 1.0
    with av.open(str(file)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    assert len(packets) == 12 and packets[0].is_keyframe


def test_a_cancelled_film_leaves_nothing_new_and_what_was_there(tmp_path: Path, small_set: None) -> None:
    (tmp_path / "GN-0245.mp4").write_bytes(b"before")
    told: list[shoot.Progress] = []
    files = shoot.film(
        read_scenario(find_scenario("privacy")),
        tmp_path,
        shoot.Shot(("GN-0245",), seconds=2.0),
        on_progress=told.append,
        is_cancelled=lambda: len(told) >= 2,
    )
    assert files == [] and len(told) == 2
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("GN-0245.mp4", b"before")]


def test_the_command_films_one_camera_and_prints_what_it_made(
    tmp_path: Path, small_set: None, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "drill",
        "film",
        "privacy",
        "--camera",
        "GN-0245",
        "--seconds",
        "0.4",
        "--out",
        str(tmp_path / "films"),
    ]
    assert main([*arguments, "--workspace", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scenario"] == "privacy" and told["bytes"]["GN-0245.mp4"] > 500
    assert (tmp_path / "films" / "GN-0245.mp4").stat().st_size == told["bytes"]["GN-0245.mp4"]


def test_the_command_refuses_a_camera_that_is_not_on_the_stage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["drill", "film", "privacy", "--camera", "GN-0001", "--out", str(tmp_path / "films")]
    assert main([*arguments, "--workspace", str(tmp_path)]) == EXIT_REFUSED
    assert "GN-0245" in capsys.readouterr().err and not (tmp_path / "films").exists()
