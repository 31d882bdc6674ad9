"""The map under an operator's hands: what is drawn where, what is activated, and that a frame waits for nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import shapely
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from smartcity_console.city import plane
from smartcity_console.clock import SystemClock
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.theme import COLOURS
from smartcity_console.model.alert import Priority
from smartcity_console.model.camera import Camera, SeenBy
from smartcity_console.model.centre import CameraState
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

MakeMap = Callable[..., MapWidget]
MakeIncident = Callable[..., Incident]
FRAME_LIMIT_S = 0.5  # generous for a loaded machine; the blocked painter holds for longer


def _painted(qtbot: Any, chart: MapWidget) -> QImage:
    qtbot.waitUntil(chart.ready, timeout=20_000)
    return chart.grab().toImage()


def _screen(chart: MapWidget, at: tuple[float, float]) -> QPoint:
    x, y = chart.view.to_screen(*at)
    return QPoint(round(x), round(y))


def _colours_near(image: QImage, at: QPoint, radius: int) -> set[str]:
    span = range(-radius, radius + 1)
    return {image.pixelColor(at.x() + dx, at.y() + dy).name() for dx in span for dy in span}


@pytest.fixture
def shown(qtbot: Any, make_map: MakeMap, make_incident: MakeIncident, seen_by: list[SeenBy]) -> MapWidget:
    """A map that shows an incident and its three cameras."""
    chart = make_map()
    chart.show_incident(make_incident(), seen_by)
    qtbot.waitUntil(chart.ready, timeout=20_000)
    return chart


def test_it_tells_once_when_all_that_is_visible_is_painted(qtbot: Any, make_map: MakeMap) -> None:
    chart = make_map()
    with qtbot.waitSignal(chart.painted, timeout=20_000):
        pass
    assert chart.ready()


def test_numbered_cameras_stand_at_their_places(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    image = _painted(qtbot, shown)
    edges = {"GN-0001": "map_cone", "GN-0002": "map_cone", "PV-0001": "map_cone_private"}
    for camera_id, edge in edges.items():
        at = _screen(shown, cameras_at[camera_id])
        found = _colours_near(image, at, 13)
        assert COLOURS["map_mark_ground"] in found and COLOURS[edge] in found, camera_id
        assert COLOURS["map_mark_ground"] not in _colours_near(image, at + QPoint(40, 30), 3)


def test_the_incident_and_its_cameras_are_in_sight(
    shown: MapWidget, cameras_at: dict[str, tuple[float, float]], city: Any
) -> None:
    west, south, east, north = city.base.bounds_m
    middle = ((west + east) / 2, (south + north) / 2)
    for at in [cameras_at["GN-0001"], cameras_at["GN-0002"], cameras_at["PV-0001"], middle]:
        assert shown.rect().adjusted(20, 20, -20, -20).contains(_screen(shown, at))


def test_the_incident_is_a_red_diamond_with_a_white_edge(qtbot: Any, shown: MapWidget, city: Any) -> None:
    west, south, east, north = city.base.bounds_m
    at = _screen(shown, ((west + east) / 2, (south + north) / 2))
    image = _painted(qtbot, shown)
    assert image.pixelColor(at + QPoint(-7, 0)).name() == COLOURS["danger"]
    assert COLOURS["text"] in _colours_near(image, at + QPoint(-13, 0), 3)


def test_cones_lighten_the_ground_that_is_seen(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    x, y = cameras_at["GN-0001"]
    inside, outside = _screen(shown, (x - 45.0, y + 16.0)), _screen(shown, (x - 45.0, y + 29.0))
    image = _painted(qtbot, shown)
    assert _blueness(image, inside) > _blueness(image, outside) + 10


def _blueness(image: QImage, at: QPoint) -> float:
    colours = [image.pixelColor(at + QPoint(dx, dy)) for dx in range(-3, 4) for dy in range(-3, 4)]
    return sum(c.blue() for c in colours) / len(colours)


def test_the_selected_camera_is_filled(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    shown.set_selected_camera("GN-0002")
    image = _painted(qtbot, shown)
    assert image.pixelColor(_screen(shown, cameras_at["GN-0002"]) + QPoint(7, 0)).name() == COLOURS["map_cone"]
    shown.set_selected_camera(None)
    image = _painted(qtbot, shown)
    assert image.pixelColor(_screen(shown, cameras_at["GN-0002"]) + QPoint(7, 0)).name() == COLOURS["map_mark_ground"]


def test_a_lost_camera_is_told_by_shape_and_word(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    before = _painted(qtbot, shown)
    shown.set_camera_states({"GN-0001": CameraState(False, datetime(2026, 11, 23, tzinfo=UTC), "timeout")})
    after = _painted(qtbot, shown)
    at = _screen(shown, cameras_at["GN-0001"])
    assert COLOURS["warn"] in _colours_near(after, at, 13) and COLOURS["warn"] not in _colours_near(before, at, 13)
    assert any("timeout" in line for line in _hit_lines(shown, at))


def _hit_lines(chart: MapWidget, at: QPoint) -> tuple[str, ...]:
    hit = chart.hit(QPointF(at))
    assert hit is not None
    return (hit.title, *hit.lines)


def test_the_card_says_which_camera_and_why(shown: MapWidget, cameras_at: dict[str, tuple[float, float]]) -> None:
    title, *lines = _hit_lines(shown, _screen(shown, cameras_at["GN-0001"]))
    assert title == "1 · GN-0001 앞"
    assert "100 m" in lines[0] and "observe 80 px/m" in lines[0] and "in view now" in lines[0]


def test_a_click_on_a_number_activates_its_camera(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    with qtbot.waitSignal(shown.cameraActivated, timeout=1000) as told:
        QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=_screen(shown, cameras_at["PV-0001"]))
    assert told.args == ["PV-0001"]


def test_a_click_on_an_open_incident_activates_it(qtbot: Any, make_map: MakeMap, make_incident: MakeIncident) -> None:
    chart = make_map()
    west, south, *_ = chart._city.base.bounds_m
    spot = (west + 410.0, south + 1310.0)
    chart.set_open_incidents([make_incident("incident-7", spot, Priority.HIGH), make_incident("lost", None)])
    with qtbot.waitSignal(chart.incidentActivated, timeout=1000) as told:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=_screen(chart, spot))
    assert told.args == ["incident-7"]


def test_a_drag_moves_the_map_and_activates_nothing(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    camera = _screen(shown, cameras_at["GN-0001"])
    start = camera + QPoint(0, 40)  # beside it: a drag that begins on a camera carries it to the wall
    assert shown.hit(start.toPointF()) is None
    with qtbot.assertNotEmitted(shown.cameraActivated):
        QTest.mousePress(shown, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(shown, start + QPoint(60, 25))
        QTest.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 25))
    assert _screen(shown, cameras_at["GN-0001"]) == camera + QPoint(60, 25)


def test_the_wheel_zooms_about_the_pointer(shown: MapWidget) -> None:
    at, scale = QPointF(200.0, 150.0), shown.view.px_per_m
    spot = shown.view.to_plane(at.x(), at.y())
    none, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, shown.mapToGlobal(at), QPoint(), QPoint(0, 120), buttons, none, phase, False)
    QApplication.sendEvent(shown, event)
    assert shown.view.px_per_m == pytest.approx(scale * 2**0.5)
    assert shown.view.to_screen(*spot) == pytest.approx((200.0, 150.0), abs=1.01)


def test_everything_is_reached_by_the_keyboard(
    qtbot: Any, shown: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    home = shown.view
    QTest.keyClick(shown, Qt.Key.Key_Left)
    QTest.keyClick(shown, Qt.Key.Key_Plus)
    assert shown.view.px_per_m > home.px_per_m and shown.view.x_m < home.x_m
    QTest.keyClick(shown, Qt.Key.Key_Home)
    assert shown.view == home
    x, y = shown.view.to_screen(*cameras_at["GN-0001"])
    shown.pan_by(shown.width() / 2 - x, shown.height() / 2 - y)
    with qtbot.waitSignal(shown.cameraActivated, timeout=1000) as told:
        QTest.keyClick(shown, Qt.Key.Key_Return)
    assert told.args == ["GN-0001"]


def test_a_right_click_asks_which_cameras_see_the_spot(qtbot: Any, shown: MapWidget) -> None:
    at = QPoint(300, 200)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(shown, QContextMenuEvent(reason, at, shown.mapToGlobal(at)))
    menu = shown.findChild(QMenu)
    assert menu is not None and menu.isVisible()
    with qtbot.waitSignal(shown.positionPicked, timeout=1000) as told:
        menu.actions()[0].trigger()
    menu.close()
    position = told.args[0]
    assert isinstance(position, Position)
    assert shown.view.to_screen(*plane.xy_of(position)) == pytest.approx((300.0, 200.0), abs=0.1)


def test_the_caption_counts_the_cameras_and_their_reach(shown: MapWidget) -> None:
    assert "6" not in shown.caption()
    assert "3" in shown.caption() and "130 m" in shown.caption()
    assert shown.caption() in shown.accessibleDescription() and shown.accessibleName()


def test_an_incident_without_a_place_says_so(make_map: MakeMap, make_incident: MakeIncident) -> None:
    chart = make_map()
    chart.show_incident(make_incident("lost", None), [])
    assert "not known" in chart.caption()


def test_the_operators_own_view_is_kept_until_another_incident_comes(
    shown: MapWidget, make_incident: MakeIncident, seen_by: list[SeenBy]
) -> None:
    shown.pan_by(90, 0)
    own = shown.view
    shown.show_incident(make_incident(), seen_by[:2])
    assert shown.view == own
    west, south, *_ = shown._city.base.bounds_m
    shown.show_incident(make_incident("incident-2", (west + 300, south + 300)), [])
    assert shown.rect().contains(_screen(shown, (west + 300, south + 300)))


def test_an_animated_fit_ends_at_its_target(qtbot: Any, make_map: MakeMap, make_incident: MakeIncident) -> None:
    calm, lively = make_map(), make_map(animated=True)
    for chart in (calm, lively):
        chart.show_incident(make_incident(), [])
    qtbot.waitUntil(lambda: lively.view == calm.view, timeout=5000)
    assert lively.view.at_rest


def _stuck_painter(go_on: threading.Event) -> Callable[[TileKey, float], QImage]:
    def paint(key: TileKey, ratio: float) -> QImage:
        go_on.wait(30.0)
        image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
        image.fill(QColor("#123456"))
        return image

    return paint


def test_a_frame_never_waits_for_a_tile(qtbot: Any, make_map: MakeMap) -> None:
    go_on, clock = threading.Event(), SystemClock()
    chart = make_map(tile_painter=_stuck_painter(go_on))
    try:
        for step in range(6):
            chart.zoom_by(2 if step % 2 else -2)
            began = clock.monotonic_s()
            image = chart.grab().toImage()
            assert clock.monotonic_s() - began < FRAME_LIMIT_S
            assert image.pixelColor(5, 300).name() == COLOURS["map_ground"]
        assert not chart.ready()
    finally:
        go_on.set()
    assert "#123456" in _colours_near(_painted(qtbot, chart), QPoint(5, 300), 2)


def test_a_missing_tile_shows_another_zoom_step_meanwhile(qtbot: Any, make_map: MakeMap) -> None:
    go_on = threading.Event()
    go_on.set()
    chart = make_map(tile_painter=_stuck_painter(go_on))
    _painted(qtbot, chart)
    go_on.clear()
    try:
        chart.zoom_by(6)
        assert not chart.ready()
        assert chart.grab().toImage().pixelColor(400, 300).name() == "#123456"
    finally:
        go_on.set()


def test_closing_joins_its_threads_and_may_be_done_twice(make_map: MakeMap) -> None:
    chart = make_map()
    chart.close_map()
    chart.close_map()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("map-")]
    chart.zoom_by(2)  # what still arrives finds nobody, and does no harm
    chart.grab()


def test_a_change_of_language_words_the_caption_anew(shown: MapWidget) -> None:
    shown._stack.hud.caption = "old"
    QApplication.sendEvent(shown, QEvent(QEvent.Type.LanguageChange))
    assert shown.caption() != "old"


def test_a_camera_that_must_turn_is_shown_as_it_would_then_look(
    qtbot: Any, make_map: MakeMap, make_incident: MakeIncident, seen_by: list[SeenBy]
) -> None:
    asked: list[float | None] = []

    def view_polygon(camera: Camera) -> Any:
        asked.append(camera.pose.azimuth_deg)
        return shapely.Polygon()

    turning = msgspec.structs.replace(seen_by[0], in_view=False, turn_s=1.2, bearing_deg=271.0)
    chart = make_map(view_polygon=view_polygon)
    chart.show_incident(make_incident(), [turning, seen_by[1]])
    qtbot.waitUntil(chart.ready, timeout=20_000)
    assert sorted(asked, key=str) == [271.0, 90.0]
