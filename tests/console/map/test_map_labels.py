"""Names: none on another, none on a mark, none that jumps, none on its head."""

from __future__ import annotations

import math

import numpy as np
import pytest

from smartcity_console.city import City
from smartcity_console.console.map.label import LabelStyle, Line, glyphs_along
from smartcity_console.console.map.label_layout import LabelLayout, Obstacle, PlaceName, lay_out
from smartcity_console.console.map.scene import Scene, scene_of
from smartcity_console.console.map.view import scale_of

pytestmark = pytest.mark.usefixtures("qapp")
STYLE = LabelStyle(0, 12, "map_label")


@pytest.fixture
def scene(city: City) -> Scene:
    return scene_of(city.base)


def _boxes(layout: LabelLayout) -> list[np.ndarray]:
    """Return each label's boxes in pixels from the plane's zero."""
    scale = scale_of(layout.level)
    corners = [np.array([la.x_m * scale, -la.y_m * scale] * 2) for la in layout.labels]
    return [label.boxes + corner for label, corner in zip(layout.labels, corners, strict=True)]


def _touch(a: np.ndarray, b: np.ndarray) -> bool:
    left, top, right, bottom = (a[:, n, None] for n in range(4))
    return bool(((left < b[:, 2]) & (right > b[:, 0]) & (top < b[:, 3]) & (bottom > b[:, 1])).any())


@pytest.mark.parametrize("level", [-9, -5, -2, 0, 3, 7])
def test_no_name_lies_on_another(scene: Scene, level: int) -> None:
    boxes = _boxes(lay_out(scene, level, scene.base.bounds_m))
    assert len(boxes) >= 4
    assert not [(i, j) for i in range(len(boxes)) for j in range(i) if _touch(boxes[i], boxes[j])]


def test_names_keep_clear_of_marks(scene: Scene) -> None:
    free = lay_out(scene, -2, scene.base.bounds_m)
    mark = Obstacle(free.labels[0].x_m, free.labels[0].y_m, 15.0)
    x, y = mark.x_m * scale_of(-2), -mark.y_m * scale_of(-2)
    disc = np.array([[x - 15, y - 15, x + 15, y + 15]])
    crowded = lay_out(scene, -2, scene.base.bounds_m, (mark,))
    assert any(_touch(boxes, disc) for boxes in _boxes(free))
    assert not any(_touch(boxes, disc) for boxes in _boxes(crowded))


def test_names_stay_where_they_are_when_the_map_is_dragged(scene: Scene) -> None:
    west, south, east, north = scene.base.bounds_m
    before = lay_out(scene, 0, (west, south, east - 600, north))
    after = lay_out(scene, 0, (west + 300, south, east, north), (), before)
    at = {label.key: (label.x_m, label.y_m) for label in after.labels}
    shared = [label for label in before.labels if label.x_m > west + 400]
    assert shared and all(at.get(label.key) == (label.x_m, label.y_m) for label in shared)


def test_district_names_come_before_streets_and_leave_when_near(scene: Scene) -> None:
    far, near = lay_out(scene, -8, scene.base.bounds_m), lay_out(scene, 6, scene.base.bounds_m)
    assert {"서쪽동", "동쪽동", "가온강"} <= {label.text for label in far.labels}
    assert "서쪽동" not in {label.text for label in near.labels}


def test_alleys_are_named_only_when_near(scene: Scene) -> None:
    names = {level: {label.text for label in lay_out(scene, level, scene.base.bounds_m).labels} for level in (-5, 2)}
    assert "가로1길" not in names[-5] and "가로1길" in names[2]


def test_a_place_is_named_below_its_mark(scene: Scene) -> None:
    west, south = scene.base.bounds_m[:2]
    place = PlaceName("은행지구대", west + 700, south + 700)
    label = next(
        la for la in lay_out(scene, 2, scene.base.bounds_m, (), None, (place,)).labels if la.text == place.text
    )
    assert label.y_m < place.y_m and label.x_m == pytest.approx(place.x_m)


def test_letters_follow_the_line_and_read_from_left_to_right() -> None:
    backwards = Line(np.array([[300.0, 40.0], [0.0, 0.0]]))
    glyphs = glyphs_along("은행로", STYLE, backwards, 150.0)
    assert glyphs is not None
    assert [g.x_px for g in glyphs] == sorted(g.x_px for g in glyphs)
    assert all(g.turn_rad == pytest.approx(math.atan2(40.0, 300.0)) for g in glyphs)


def test_a_corner_carries_no_name() -> None:
    corner = Line(np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]]))
    assert glyphs_along("가온대로", STYLE, corner, 100.0) is None
    assert glyphs_along("가온대로", STYLE, corner, 50.0) is not None


def test_a_district_is_named_once_and_aside_where_its_middle_is_taken(scene: Scene) -> None:
    free = lay_out(scene, -8, scene.base.bounds_m)
    middle = next(label for label in free.labels if label.text == "서쪽동")
    crowded = lay_out(scene, -8, scene.base.bounds_m, (Obstacle(middle.x_m, middle.y_m, 6.0),))
    names = [label for label in crowded.labels if label.text == "서쪽동"]
    assert len(names) == 1 and (names[0].x_m, names[0].y_m) != (middle.x_m, middle.y_m)
