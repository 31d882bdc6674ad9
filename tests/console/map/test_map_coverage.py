"""The coverage layer in an operator's hands: class, whose cameras count, progress, stop and go on, the cache on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from smartcity_console.city import City
from smartcity_console.city.coverage import CoverageStopped, DistrictCoverage, Question, ViewCache, survey
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map.coverage_controls import CLASSES
from smartcity_console.console.map.coverage_layer import Progress, survey_of
from smartcity_console.model.camera import Dori

MakeMap = Callable[..., MapWidget]


class Surveyor:
    """Answers as the real survey does, in this process; `hold` keeps it in the middle of its work."""

    def __init__(self, city: City) -> None:
        self._city = city
        self.hold = threading.Event()
        self.hold.set()
        self.asked: list[tuple[Dori, str]] = []
        self.stopped = 0

    def __call__(self, question: Question, name: str, stop: Callable[[], bool], told: Progress) -> DistrictCoverage:
        self.asked.append((question.dori, name))
        told(1, 4)
        while not self.hold.wait(0.01):
            if stop():
                self.stopped += 1
                raise CoverageStopped
        return survey(self._city, question, [name], processes=0, stop=stop).districts[0]


@pytest.fixture
def surveyor(city: City) -> Surveyor:
    return Surveyor(city)


@pytest.fixture
def chart(qtbot: Any, make_map: MakeMap, surveyor: Surveyor) -> MapWidget:
    return make_map(survey=surveyor)


def _answered(chart: MapWidget) -> list[str]:
    answer = chart.coverage.answer
    return sorted(district.name for district in answer.districts) if answer else []


def test_nothing_is_surveyed_before_it_is_asked_for(qtbot: Any, chart: MapWidget, surveyor: Surveyor) -> None:
    qtbot.waitUntil(chart.ready, timeout=20_000)
    assert not surveyor.asked
    chart.set_layer_shown("coverage", True)
    qtbot.waitUntil(lambda: _answered(chart) == ["동쪽동", "서쪽동"], timeout=20_000)
    qtbot.waitUntil(chart.ready, timeout=20_000)
    assert [dori for dori, _ in surveyor.asked] == [Dori.OBSERVE] * 2


def test_the_layer_shows_what_the_survey_says(
    qtbot: Any, chart: MapWidget, city: City, cameras_at: dict[str, tuple[float, float]]
) -> None:
    """Of the picture itself: a public camera's ground, a private one's, and blind ground look different."""
    chart.coverage.ask(Question(Dori.DETECT))
    for name in ("cameras", "cones", "labels", "agencies"):
        chart.set_layer_shown(name, False)
    before = {}
    spots = {"public": cameras_at["GN-0009"], "private": cameras_at["PV-0001"]}
    qtbot.waitUntil(chart.ready, timeout=20_000)
    truth = survey(city, Question(Dori.DETECT), processes=0)
    seen = shapely.union_all([d.seen_public for d in truth.districts])
    by_private = shapely.union_all([d.seen_all for d in truth.districts]).difference(seen)
    inside = {"public": seen, "private": by_private}
    points = {k: shapely.point_on_surface(max(shapely.get_parts(inside[k]), key=lambda p: p.area)) for k in spots}
    chart._go(chart.view, 0)
    image = chart.grab().toImage()
    for key, at in points.items():
        before[key] = image.pixelColor(*(round(v) for v in chart.view.to_screen(at.x, at.y)))
    chart.set_layer_shown("coverage", True)
    qtbot.waitUntil(lambda: len(_answered(chart)) == 2 and chart.ready(), timeout=20_000)
    image = chart.grab().toImage()
    after = {k: image.pixelColor(*(round(v) for v in chart.view.to_screen(p.x, p.y))) for k, p in points.items()}
    assert after["public"].blue() > before["public"].blue() + 20  # blue over the ground
    assert after["private"].red() > after["public"].red()  # violet
    chart.coverage.show_private(False)
    qtbot.waitUntil(chart.ready, timeout=20_000)
    image = chart.grab().toImage()
    at = points["private"]
    alone = image.pixelColor(*(round(v) for v in chart.view.to_screen(at.x, at.y)))
    assert alone.blue() < after["private"].blue()  # blind to the public's cameras


def test_class_and_ownership_are_chosen_in_the_panel(qtbot: Any, chart: MapWidget, surveyor: Surveyor) -> None:
    QTest.keyClick(chart, Qt.Key.Key_L)
    panel = chart._chrome.layers
    assert not panel.coverage.isVisible()
    panel.boxes["coverage"].click()
    assert panel.coverage.isVisible()
    qtbot.waitUntil(lambda: len(_answered(chart)) == 2, timeout=20_000)
    shares = {}
    for dori in (Dori.IDENTIFY, Dori.MONITOR):
        panel.coverage.classes.setFocus()
        index = CLASSES.index(dori)
        panel.coverage.classes.setCurrentIndex(index)
        panel.coverage.classes.activated.emit(index)
        qtbot.waitUntil(lambda: len(_answered(chart)) == 2, timeout=20_000)
        assert chart.coverage.answer is not None and chart.coverage.answer.question.dori is dori
        shares[dori] = chart.coverage.answer.share("seen_all")
    assert shares[Dori.MONITOR] > shares[Dori.IDENTIFY] > 0
    asked = len(surveyor.asked)
    rows = dict(chart.coverage.legend())
    panel.coverage.whose.activated.emit(1)
    alone = dict(chart.coverage.legend())
    assert "private" in rows and "private" not in alone and rows["blind"] != alone["blind"]
    assert len(surveyor.asked) == asked  # both answers were there already


def test_a_survey_tells_how_far_it_is_stops_and_goes_on(qtbot: Any, chart: MapWidget, surveyor: Surveyor) -> None:
    surveyor.hold.clear()
    chart.set_layer_shown("coverage", True)
    controls = chart._chrome.layers.coverage
    qtbot.waitUntil(lambda: controls.bar.value() == 1 and controls.bar.maximum() == 4, timeout=10_000)
    assert any("1 of 4" in text for _, text in chart.coverage.legend())
    controls.button.click()
    qtbot.waitUntil(lambda: surveyor.stopped == 1, timeout=10_000)
    assert chart.coverage.halted and controls.button.text() == "Go on" and not _answered(chart)
    assert any("stopped" in text for _, text in chart.coverage.legend())
    qtbot.waitUntil(chart.ready, timeout=20_000)  # a stopped survey keeps no frame waiting
    surveyor.hold.set()
    controls.button.click()
    qtbot.waitUntil(lambda: len(_answered(chart)) == 2, timeout=20_000)
    assert not chart.coverage.halted and not controls.button.isEnabled()


def test_a_new_question_calls_the_old_one_off(qtbot: Any, chart: MapWidget, surveyor: Surveyor) -> None:
    surveyor.hold.clear()
    chart.set_layer_shown("coverage", True)
    qtbot.waitUntil(lambda: len(surveyor.asked) == 1, timeout=10_000)
    chart.coverage.ask(Question(Dori.IDENTIFY))
    qtbot.waitUntil(lambda: surveyor.stopped == 1, timeout=10_000)
    surveyor.hold.set()
    qtbot.waitUntil(lambda: len(_answered(chart)) == 2, timeout=20_000)
    assert chart.coverage.answer is not None and chart.coverage.answer.question.dori is Dori.IDENTIFY


def test_a_pose_makes_the_answers_void(qtbot: Any, chart: MapWidget, surveyor: Surveyor) -> None:
    chart.set_layer_shown("coverage", True)
    qtbot.waitUntil(lambda: len(_answered(chart)) == 2, timeout=20_000)
    chart.poses_changed(["GN-0009"])
    assert not _answered(chart)
    qtbot.waitUntil(lambda: len(_answered(chart)) == 2, timeout=20_000)
    assert len(surveyor.asked) == 4


def test_what_cameras_see_is_kept_on_disk_between_runs(city: City, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "coverage" / "views.sqlite"
    first = survey_of(city, path)(Question(Dori.DETECT), "서쪽동", lambda: False, lambda *way: told.append(way))
    assert told[0][0] == 0 and told[-1][0] == told[-1][1] > 0
    with ViewCache(path) as views:
        assert len(views) == told[-1][1]
    again: list[tuple[int, int]] = []
    second = survey_of(city, path)(Question(Dori.DETECT), "서쪽동", lambda: False, lambda *way: again.append(way))
    assert again[0][0] == again[0][1]  # all of it was known at once
    assert shapely.equals(first.seen_all, second.seen_all)
