"""More than one map window: the same incident on all, each with a view of its own, threads given back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from smartcity_console.console.map import MapWidget
from smartcity_console.console.map_windows import MOST_WINDOWS, MapWindows
from smartcity_console.model.camera import SeenBy

MakeMap = Callable[..., MapWidget]


def test_a_second_window_shows_the_same_and_stays_where_it_is(
    qtbot: Any, make_map: MakeMap, make_incident: Any, seen_by: list[SeenBy]
) -> None:
    first, opened = make_map(), []
    maps = MapWindows(first, make_map)
    maps.opened.connect(opened.append)
    maps.show_incident(make_incident(), seen_by)
    maps.open()
    (second,) = opened
    assert "3" in second.caption()
    before = second.view
    maps.show_incident(make_incident("incident-2", (200_300.0, 550_300.0)), seen_by[:1])
    assert second.view == before and first.view != before
    assert [seen.camera_id for seen in second._stack.seen.seen_by] == ["GN-0001"]
    maps.close_map()


def test_windows_are_bounded_and_a_closed_one_joins_its_threads(qtbot: Any, make_map: MakeMap) -> None:
    maps = MapWindows(make_map(), make_map)
    opened: list[MapWidget] = []
    maps.opened.connect(opened.append)
    for _ in range(MOST_WINDOWS + 2):
        maps.open()
    assert len(opened) == MOST_WINDOWS
    running = [t for t in threading.enumerate() if t.name.startswith("map-")]
    opened[0].close()
    maps.set_selected_camera(None)
    assert len([t for t in threading.enumerate() if t.name.startswith("map-")]) < len(running)
    maps.close_map()
