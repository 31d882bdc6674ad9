"""Where a camera can be taken from: the map, the queue, the search, another tile."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from smartcity_console.city import City
from smartcity_console.city.search import Found, FoundKind
from smartcity_console.console.map import MapWidget, canvas, search_box
from smartcity_console.console.queue import panel
from smartcity_console.console.wall import WallPresenter, WallWidget, tile_widget

Carried = list[tuple[str, str]]


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Carried:
    """Note what is carried away: Qt's own drag would wait for a hand that lets go."""
    heard: Carried = []
    for module in (canvas, search_box, panel, tile_widget):
        monkeypatch.setattr(module, "drag_camera", lambda _source, camera_id, title: heard.append((camera_id, title)))
    return heard


def pull(widget: QWidget, start: QPoint, by: QPoint) -> None:
    """Press, move and let go, as a hand does."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for part in (3, 2, 1):
        QTest.mouseMove(widget, start + by / part)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + by)


def test_a_camera_is_carried_off_the_map_and_the_map_stays(carried: Carried, qtbot: Any) -> None:
    chart = MapWidget(City.open(), animated=False)
    qtbot.addWidget(chart)
    try:
        chart.resize(700, 600)
        chart.show()
        camera = chart._city.cameras["GN-0001"]
        chart.cameras_that_see(camera.position)
        chart.end_sight()
        chart.go_to(Found(FoundKind.CAMERA, camera.id, camera.name, "", *chart._city.camera_xy[0]))
        qtbot.waitUntil(chart.ready, timeout=20_000)
        x_px, y_px = chart.view.to_screen(*chart._city.camera_xy[chart._city.camera_ids.index("GN-0001")])
        at = QPoint(round(float(x_px)), round(float(y_px)))
        hit = chart.hit(at.toPointF())
        assert hit is not None and hit.kind == "camera"
        before = chart.view
        pull(chart, at, QPoint(60, 40))
        assert [camera_id for camera_id, _ in carried] == [hit.id] and chart.view == before
        empty = next(
            QPoint(x, y)
            for x in range(40, 600, 20)
            for y in range(200, 560, 20)
            if chart.hit(QPoint(x, y).toPointF()) is None
        )
        pull(chart, empty, QPoint(60, 40))
        assert len(carried) == 1 and chart.view != before
    finally:
        chart.close_map()


def test_a_card_carries_its_best_public_camera_and_a_click_still_chooses_it(
    day: Any, open_console: Any, carried: Carried, qtbot: Any
) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    day.open("inc-2", account="1702", site_id=None, site_name="")
    qtbot.waitUntil(lambda: console.window._panels.queue.model.rowCount() == 2, timeout=5000)
    cards = console.window._panels.queue.list
    first = cards.visualRect(cards.model().index(console.window._panels.queue.model.row_of("inc-1"), 0)).center()
    pull(cards.viewport(), first, QPoint(80, 0))
    assert carried == [("GN-0001", "은행로 85길 입구")]
    second = cards.visualRect(cards.model().index(console.window._panels.queue.model.row_of("inc-2"), 0)).center()
    QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, second)
    assert console.seat.incident.id == "inc-2"


def test_a_found_camera_is_carried_and_a_found_road_is_not(carried: Carried, qtbot: Any) -> None:
    places = search_box.FoundList()
    qtbot.addWidget(places)
    for found in (
        Found(FoundKind.CAMERA, "GN-0003", "은행로 66", "", 0.0, 0.0),
        Found(FoundKind.ROAD, "", "은행로", "", 0.0, 0.0),
    ):
        item = search_box.QListWidgetItem(found.title)
        item.setData(Qt.ItemDataRole.UserRole, found)
        places.addItem(item)
        places.setCurrentItem(item)
        places.startDrag(Qt.DropAction.CopyAction)
    assert carried == [("GN-0003", "은행로 66")]


def test_a_tile_is_carried_whole_and_a_magnified_picture_is_moved_under_the_hand(
    wall: WallWidget, presenter: WallPresenter, pool: Any, of: Any, carried: Carried, qtbot: Any
) -> None:
    presenter.show_cameras([of.seen(1), of.seen(2)], {})
    pool.put(0)
    first = wall.tile_widgets()[0]
    qtbot.waitUntil(lambda: first.frame is not None)
    pull(first, QPoint(100, 120), QPoint(60, 0))
    assert carried == [("GN-0001", "Eunhaeng-ro 1")]
    first.set_zoom(first.zoom.by(4, QPoint(0, 0).toPointF()))
    left = first.zoom.part().left()
    pull(first, QPoint(200, 120), QPoint(-60, 0))
    assert len(carried) == 1 and first.zoom.part().left() > left
    pull(first, QPoint(100, 10), QPoint(60, 0))  # by its bar it is carried all the same
    assert len(carried) == 2
