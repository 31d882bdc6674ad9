"""The track of sightings on the map: numbered in time's order, one line, told in the card, hidden with the tracks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPointF

from smartcity_console.console.language import LanguageSwitch
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map_windows import MapWindows
from smartcity_console.console.theme import colour
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.events import SightingNoted
from smartcity_console.model.incident import Incident

AT = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)  # 14:03:04 in Seoul


def sighting(camera_id: str, minute: int) -> SightingNoted:
    return SightingNoted(
        camera_id=camera_id, camera_name=f"{camera_id} 앞", seen_at=AT + timedelta(minutes=minute), seat="3"
    )


@pytest.fixture
def followed(make_incident: Any) -> Incident:
    """Seen on three cameras; noted out of order, and once on a camera that the catalogue no longer has."""
    noted = (sighting("GN-0002", 4), sighting("GN-0001", 1), sighting("GONE-1", 2), sighting("PV-0001", 3))
    return msgspec.structs.replace(make_incident(), sightings=noted)


@pytest.fixture
def chart(make_map: Any, followed: Incident, seen_by: list[SeenBy], qtbot: Any) -> MapWidget:
    made: MapWidget = make_map()
    made.show_incident(followed, seen_by)
    qtbot.waitUntil(made.is_complete, timeout=15_000)
    return made


def layer(chart: MapWidget) -> Any:
    return chart._stack.sightings


def is_line_at(chart: MapWidget, camera_ids: tuple[str, str], cameras_at: dict[str, tuple[float, float]]) -> bool:
    """Whether the line's colour is painted a third of the way from one camera to the other."""
    (x0, y0), (x1, y1) = (map(float, chart._view.to_screen(*cameras_at[id_])) for id_ in camera_ids)
    x, y, wanted = x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3, colour("warn")
    image = chart.grab().toImage()
    near = (image.pixelColor(round(x) + dx, round(y) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return any(
        abs(one.red() - wanted.red()) + abs(one.green() - wanted.green()) + abs(one.blue() - wanted.blue()) < 40
        for one in near
    )


def test_sightings_are_numbered_in_the_order_of_time_and_joined_by_a_line(
    chart: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    plates = layer(chart).plates(chart._view)
    assert [plate.seen.text for plate in plates] == ["4  14:07:04", "3  14:06:04", "1  14:04:04"]  # the newest first
    assert all(not a.box.intersects(b.box) for a in plates for b in plates if a is not b)
    discs = [(x, y) for _, _, x, y in chart._stack.numbers.places(chart._view)]
    assert discs and not any(plate.box.contains(QPointF(x, y)) for plate in plates for x, y in discs)
    assert is_line_at(chart, ("GN-0001", "PV-0001"), cameras_at)
    assert is_line_at(chart, ("PV-0001", "GN-0002"), cameras_at)
    assert not is_line_at(chart, ("GN-0002", "GN-0001"), cameras_at)
    chart._stack.set_shown("tracks", False)
    assert not is_line_at(chart, ("GN-0001", "PV-0001"), cameras_at)


def test_a_plate_under_the_pointer_tells_camera_and_time(chart: MapWidget, qapp: Any) -> None:
    plate = layer(chart).plates(chart._view)[0]
    switch = LanguageSwitch(qapp)
    try:
        for language, title in (("ko", "목격 4"), ("en", "Sighting 4")):
            switch.use(language)
            hit = layer(chart).hit(plate.box.center(), chart._view)
            assert (hit.title, hit.lines) == (title, ("GN-0002 앞", "14:07:04"))
    finally:
        switch.use("en")
    assert layer(chart).hit(QPointF(2.0, 2.0), chart._view) is None


def test_many_on_one_camera_leave_out_the_old_plates_and_keep_the_newest(make_map: Any, make_incident: Any) -> None:
    chart = make_map()
    noted = tuple(sighting("GN-0001", minute) for minute in range(120))
    chart.show_incident(msgspec.structs.replace(make_incident(), sightings=noted), [])
    numbers = [plate.seen.number for plate in layer(chart).plates(chart._view)]
    assert numbers == [120, 119, 118, 117, 116, 115]
    assert [layer(chart).seen[0].number, len(layer(chart).seen)] == [22, 99]


def test_no_incident_has_no_track_and_a_new_window_has_it_at_once(
    chart: MapWidget, make_map: Any, followed: Incident, seen_by: list[SeenBy]
) -> None:
    made: list[MapWidget] = []

    def make() -> MapWidget:
        made.append(make_map())
        return made[-1]

    windows = MapWindows(chart, make)
    windows.show_incident(followed, seen_by)
    windows.open()
    assert len(layer(made[0]).seen) == 3
    windows.show_incident(None, [])
    assert layer(chart).seen == [] and layer(made[0]).seen == []
