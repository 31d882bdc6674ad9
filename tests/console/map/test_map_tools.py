"""Tools in an operator's hands: measuring, taking cameras, turning a camera, asking a spot, searching, layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from smartcity_console.city import plane
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map.camera_field import Piece
from smartcity_console.console.map.measure import area_m2, way_m
from smartcity_console.console.map.posing import PoseTool
from smartcity_console.console.map.selecting import cameras_within
from smartcity_console.console.theme import COLOURS
from smartcity_console.model.camera import SeenBy

MakeMap = Callable[..., MapWidget]
LEFT = Qt.MouseButton.LeftButton
corners = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=3, max_size=9)


@pytest.fixture
def chart(qtbot: Any, make_map: MakeMap) -> MapWidget:
    made = make_map()
    qtbot.waitUntil(made.ready, timeout=20_000)
    return made


def _screen(chart: MapWidget, at: tuple[float, float]) -> QPoint:
    x, y = chart.view.to_screen(*at)
    return QPoint(round(x), round(y))


def _drag(chart: MapWidget, *path: QPoint) -> None:
    QTest.mousePress(chart, LEFT, pos=path[0])
    for at in path[1:]:
        QTest.mouseMove(chart, at)
    QTest.mouseRelease(chart, LEFT, pos=path[-1])


class Field:
    def __init__(self, xy: np.ndarray) -> None:
        self.xy = xy

    def pieces(self, bounds: tuple[float, ...]) -> Iterator[Piece]:
        x, y = self.xy.T
        rows = np.flatnonzero((x >= bounds[0]) & (x <= bounds[2]) & (y >= bounds[1]) & (y <= bounds[3]))
        for row in np.array_split(rows, 3):
            yield Piece(row, x[row], y[row], row % 2 == 0)

    def ids_of(self, rows: list[int]) -> list[str]:
        return [str(row) for row in rows]


@given(corners, st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=1, max_size=80))
def test_an_outline_takes_what_lies_in_it(outline: list[tuple[float, float]], points: list[tuple[int, int]]) -> None:
    xy = np.array(points, dtype=float)
    ids, piece, total = cameras_within(Field(xy), outline)
    shape = shapely.make_valid(shapely.Polygon(outline))
    assert sorted(map(int, ids)) == [n for n, p in enumerate(points) if shape.intersects(shapely.Point(p))]
    assert total == len(ids) == len(piece.rows)
    away = np.hypot(piece.x_m - shape.centroid.x, piece.y_m - shape.centroid.y)
    assert (np.diff(away) >= 0).all()


@given(corners)
def test_measures_are_shapelys(outline: list[tuple[float, float]]) -> None:
    far = [(x + 200_000.0, y + 550_000.0) for x, y in outline]
    ring = shapely.LinearRing(far)
    assert way_m([*far, far[0]]) == pytest.approx(ring.length, abs=1e-5)
    if ring.is_simple:
        assert area_m2(far) == pytest.approx(shapely.Polygon(far).area, abs=1e-2)


def test_clicks_measure_a_way_and_close_an_area(chart: MapWidget) -> None:
    QTest.keyClick(chart, Qt.Key.Key_M)
    points = [QPoint(100, 100), QPoint(300, 100), QPoint(300, 250)]
    for at in points:
        QTest.mouseClick(chart, LEFT, pos=at)
    per_m = chart.view.px_per_m
    assert chart.tools.tool is not None
    assert way_m(chart.tools.tool.points) == pytest.approx(350 / per_m, rel=1e-6)
    QTest.mouseClick(chart, LEFT, pos=points[0])
    assert chart.tools.tool.closed and "m²" in chart.tools.tool.result()
    assert area_m2(chart.tools.tool.points) == pytest.approx(200 * 150 / 2 / per_m**2, rel=1e-6)
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.tools.tool is None


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_O])
def test_rectangle_and_lasso_take_the_cameras_inside(
    qtbot: Any, chart: MapWidget, cameras_at: dict[str, tuple[float, float]], key: Qt.Key
) -> None:
    QTest.keyClick(chart, key)
    x, y = cameras_at["GN-0009"]
    path = [(x - 80, y + 80), (x + 80, y + 80), (x + 80, y - 80), (x - 80, y - 80)]
    corners = [path[0], path[2]] if key == Qt.Key.Key_B else path
    before = chart.view
    with qtbot.waitSignal(chart.camerasSelected, timeout=5000) as told:
        _drag(chart, *(_screen(chart, at) for at in corners))
    assert told.args == [["GN-0009"]] and chart.view == before
    assert "1" in chart.caption() or "1" in chart.tools.hint()


def test_a_cone_is_dragged_and_kept(
    qtbot: Any, chart: MapWidget, cameras_at: dict[str, tuple[float, float]], city: Any
) -> None:
    camera = city.cameras["GN-0009"]
    x, y = cameras_at["GN-0009"]
    chart.set_pose_of(camera)
    _drag(chart, _screen(chart, (x, y + 60.0)), _screen(chart, (x + 70.0, y - 70.0)))
    with qtbot.waitSignal(chart.poseDragged, timeout=1000) as told:
        QTest.keyClick(chart, Qt.Key.Key_Return)
    camera_id, pose, before = told.args
    assert camera_id == "GN-0009" and before == camera.pose
    assert pose.azimuth_deg == pytest.approx(135.0, abs=3.0)
    assert pose.range_m == pytest.approx(math.hypot(70, 70), abs=4.0)
    assert pose.hfov_deg == camera.pose.hfov_deg and chart.tools.tool is None


def test_a_pose_is_set_by_keys_and_given_up_by_escape(qtbot: Any, chart: MapWidget, city: Any) -> None:
    camera = city.cameras["GN-0001"]
    chart.set_pose_of(camera)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_BracketRight, Qt.Key.Key_Up):
        QTest.keyClick(chart, key)
    tool = chart.tools.tool
    assert isinstance(tool, PoseTool)
    assert (tool.pose.azimuth_deg, tool.pose.hfov_deg, tool.pose.range_m) == (100.0, 65.0, 155.0)
    with qtbot.assertNotEmitted(chart.poseDragged):
        QTest.keyClick(chart, Qt.Key.Key_Escape)


def test_a_spot_shows_its_ranked_cameras_until_escape(
    qtbot: Any, make_map: MakeMap, make_incident: Any, seen_by: list[SeenBy]
) -> None:
    chart = make_map(rank=lambda position: seen_by[1:])
    chart.show_incident(make_incident(), seen_by)
    chart.cameras_that_see(plane.position_at(200_900.0, 550_900.0))
    qtbot.waitUntil(chart._chrome.sight.isVisible, timeout=5000)
    rows = chart._chrome.sight.rows
    assert [rows.item(n).data(Qt.ItemDataRole.UserRole) for n in range(rows.count())] == ["GN-0002", "PV-0001"]
    assert "127 m" in rows.item(0).text() and "80 px/m" in rows.item(0).text()
    assert [seen.camera_id for seen in chart._stack.seen.seen_by] == ["GN-0002", "PV-0001"]
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert [seen.camera_id for seen in chart._stack.seen.seen_by] == ["GN-0001", "GN-0002", "PV-0001"]
    assert not chart._chrome.sight.isVisible()


@pytest.mark.parametrize(
    ("text", "title"), [("GN-0009", "GN-0009 앞"), ("은행지", "은행지구대"), ("동쪽", "동쪽동"), ("세로4", "세로4길")]
)
def test_names_are_found_and_gone_to_by_the_keyboard(qtbot: Any, chart: MapWidget, text: str, title: str) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Slash)
    box = chart._chrome.search
    QTest.keyClicks(box.line, "") if not text else box.line.setText(text)
    qtbot.waitUntil(lambda: box.places.count() > 0, timeout=5000)
    found = box.places.item(0).data(Qt.ItemDataRole.UserRole)
    assert found.title == title
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert (chart.view.x_m, chart.view.y_m) == pytest.approx((found.x_m, found.y_m), abs=0.5)
    assert not box.isVisible()


def test_a_hidden_layer_is_neither_painted_nor_hit(
    qtbot: Any, chart: MapWidget, cameras_at: dict[str, tuple[float, float]]
) -> None:
    at = _screen(chart, cameras_at["GN-0009"])
    assert chart.hit(at.toPointF()) is not None
    chart._chrome.layers.boxes["cameras"].setChecked(False)
    assert chart.hit(at.toPointF()) is None
    chart._chrome.layers.boxes["cameras"].setChecked(True)
    qtbot.waitUntil(chart.ready, timeout=5000)
    assert chart.hit(at.toPointF()) is not None


def test_without_following_the_map_stays(chart: MapWidget, make_incident: Any, seen_by: list[SeenBy]) -> None:
    QTest.keyClick(chart, Qt.Key.Key_F)
    before = chart.view
    chart.show_incident(make_incident(), seen_by)
    assert chart.view == before
    QTest.keyClick(chart, Qt.Key.Key_F)
    assert chart.view != before


def test_another_window_is_asked_for(qtbot: Any, chart: MapWidget) -> None:
    with qtbot.waitSignal(chart.newWindowWanted, timeout=1000):
        QTest.keyClick(chart, Qt.Key.Key_W)


def test_slow_links_are_amber_and_standing_ones_red(qtbot: Any, make_map: MakeMap) -> None:
    chart = make_map()
    layer = chart._stack.traffic
    line = shapely.LineString([chart.view.to_plane(100, 300), chart.view.to_plane(700, 300)])
    layer._city = type("Streets", (), {"base": type("B", (), {"graph": _one_link(line)})})
    for speed, name in ((5.0, "danger"), (20.0, "warn"), (50.0, "neutral")):
        chart.set_traffic({"L1": speed})
        qtbot.waitUntil(chart.ready, timeout=10_000)
        image = chart.grab().toImage()
        seen = {image.pixelColor(333, y).name() for y in range(294, 307)}
        near = [c for c in seen if _near(c, COLOURS[name])]
        assert near, (name, seen)


def _near(one: str, other: str) -> bool:
    parts = [(int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5)]
    return all(abs(a - b) < 32 for a, b in parts)


def _one_link(line: Any) -> Any:
    graph = type("Graph", (), {})()
    graph.link_id, graph.max_speed_kmh = ["L1"], np.array([50.0])
    graph.geometries = np.array([line], dtype=object)
    return graph
