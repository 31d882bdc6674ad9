"""From the map's right click, and from the city's ranking, to what cameras are asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF

from smartcity_console.city import City, city_path, plane
from smartcity_console.composition.ptz import candidates
from smartcity_console.console.map import MapWidget
from smartcity_console.model.camera import Mount


@pytest.fixture(scope="module")
def city() -> City:
    return City.open(city_path(Path("nowhere"), ""))


@pytest.fixture
def chart(city: City, qtbot: Any) -> Iterator[MapWidget]:
    made = MapWidget(city, animated=False)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    yield made
    made.close_map()


def test_the_maps_menu_asks_for_the_spot_under_the_pointer(chart: MapWidget, qtbot: Any) -> None:
    menu = chart._menu(QPointF(200.0, 150.0))
    action = next(a for a in menu.actions() if a.text() == "Turn every camera that can see this spot to it")
    with qtbot.waitSignal(chart.turnWanted, timeout=5000) as wanted:
        action.trigger()
    assert plane.xy_of(wanted.args[0]) == pytest.approx(chart._view.to_plane(200.0, 150.0), abs=0.01)


def test_candidates_are_the_domes_that_the_city_ranks(city: City) -> None:
    dome = next(camera for camera in city.cameras.values() if camera.mount is Mount.PTZ and camera.site_id is None)
    x, y = plane.xy_of(dome.position)
    found = candidates(city, plane.position_at(x + 15.0, y), streams=())
    assert found
    assert all(city.cameras[each.camera_id].mount is Mount.PTZ for each in found)
    own = next((each for each in found if each.camera_id == dome.id), None)
    assert own is not None
    assert own.aim.distance_m == pytest.approx(15.0, abs=0.5)
    assert own.aim.bearing_deg == pytest.approx(90.0, abs=1.0)
    assert own.aim.elevation_deg < 0.0
