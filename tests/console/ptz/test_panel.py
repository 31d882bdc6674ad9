"""The panel: what it shows of a camera, and that a control that cannot be had says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from smartcity_console.console.ptz.driver import PtzDriver
from smartcity_console.console.ptz.panel import PtzPanel
from smartcity_console.console.ptz.spot_turner import SpotTurner, Turned
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.geo import Position as Place
from smartcity_console.model.ptz import DEGREES_SPACE, Abilities, Aim, Position, Preset, Rank, Velocity, Verb

PRESETS = (Preset("p1", "정문"), Preset("p2", "<b>후문</b>"))


@pytest.fixture
def run() -> list[str]:
    return []


@pytest.fixture
def panel(driver: PtzDriver, run: list[str], qtbot: Any) -> Iterator[PtzPanel]:
    made = PtzPanel(driver, run.append)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hide()


def test_it_shows_who_steers_and_where_it_looks(panel: PtzPanel, link: Any, run: list[str], qtbot: Any) -> None:
    link.state(
        holder=wire.Holder("2", Rank.INCIDENT_HOLDER), position=Position(41.25, -12.0, 0.5, DEGREES_SPACE, False)
    )
    qtbot.waitUntil(lambda: "Seat 2" in panel.holder.text())
    assert panel.where.text() == "pan 41.2° · tilt -12.0° · zoom 0.50"
    QTest.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    link.state(holder=wire.Holder("1", Rank.OTHER), is_yours=True)
    qtbot.waitUntil(lambda: "This seat" in panel.holder.text())
    QTest.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    assert run == ["ptz.take", "ptz.release"]


def test_a_device_that_lacks_something_says_so(panel: PtzPanel, link: Any, qtbot: Any) -> None:
    link.state(abilities=Abilities(frozenset((Verb.MOVE, Verb.STATUS))))
    qtbot.waitUntil(lambda: not panel.zoom_in.isEnabled())
    assert panel.stick.isEnabled()
    assert panel.zoom_in.toolTip() == "This device does not zoom."
    assert panel.presets.go_button.toolTip() == "This device keeps no presets."
    assert "does not zoom" in panel.missing.text()
    assert panel.missing.isVisible()


def test_a_device_that_refuses_says_why_and_can_be_tried_again(panel: PtzPanel, link: Any, qtbot: Any) -> None:
    link.state(connected=False, abilities=Abilities(), code="x", ko="거절", en="The login was refused.")
    qtbot.waitUntil(lambda: panel.trouble.text() == "The login was refused.")
    assert panel.again.isVisible()
    assert not panel.stick.isEnabled()
    QTest.mouseClick(panel.again, Qt.MouseButton.LeftButton)
    assert link.said[-1] == wire.Watch("GN-1", again=True)


def test_presets_are_used_kept_renamed_and_removed(
    panel: PtzPanel, link: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    link.state(presets=PRESETS)
    qtbot.waitUntil(lambda: panel.presets.rows.count() == 2)
    assert panel.presets.rows.item(1).text() == "<b>후문</b>"
    panel.presets.rows.setCurrentRow(1)
    QTest.mouseClick(panel.presets.go_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.presets.rows, Qt.Key.Key_Return)
    panel.presets.name.setText("공원")
    QTest.mouseClick(panel.presets.keep_button, Qt.MouseButton.LeftButton)
    answer = ("북문", True)
    monkeypatch.setattr("smartcity_console.console.ptz.presets.QInputDialog.getText", lambda *_, **__: answer)
    QTest.mouseClick(panel.presets.rename_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.presets.remove_button, Qt.MouseButton.LeftButton)
    assert link.said[-5:] == [
        wire.UsePreset("GN-1", "p2"),
        wire.UsePreset("GN-1", "p2"),
        wire.SetPreset("GN-1", "공원"),
        wire.RenamePreset("GN-1", "북문", "p2"),
        wire.RemovePreset("GN-1", "p2"),
    ]


def test_zoom_buttons_zoom_while_they_are_down(panel: PtzPanel, link: Any, qtbot: Any) -> None:
    QTest.mousePress(panel.zoom_out, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: link.moves()[-1:] == [Velocity(zoom=-1.0)])
    QTest.mouseRelease(panel.zoom_out, Qt.MouseButton.LeftButton)
    assert link.moves()[-1] == Velocity()


def test_a_hidden_panel_asks_for_no_connection(panel: PtzPanel, link: Any) -> None:
    panel.hide()
    assert link.said[-1] == wire.Unwatch("GN-1")
    panel.show()
    assert link.said[-1] == wire.Watch("GN-1")


def test_every_camera_that_can_see_a_spot_is_asked_and_told_of(
    driver: PtzDriver, panel: PtzPanel, link: Any, qtbot: Any
) -> None:
    from smartcity_console.console.ptz.ports import Candidate

    aim = Aim(90.0, -5.0, 40.0)
    found = [Candidate("A", "가", aim), Candidate("B", "나", aim), Candidate("C", "다", aim, hidden=True)]
    turner = SpotTurner(driver, lambda _: found, lambda work, done: done(work()), lambda: "en")
    turner.finished.connect(panel.show_turned)
    with qtbot.waitSignal(turner.finished, timeout=5000) as finished:
        turner.turn_to(Place(127.0, 37.5))
        assert link.said[-2:] == [wire.Point("A", aim), wire.Point("B", aim)]
        link.tell(wire.Done("A", "point"))
        link.tell(wire.Refused("B", "point", "ptz_not_aimed", "안 됨", "Camera B cannot be turned."))
    assert finished.args[0] == [
        Turned("A", "가", ""),
        Turned("B", "나", "Camera B cannot be turned."),
        Turned("C", "다", "a building is in the way"),
    ]
    assert panel.outcome.text().splitlines()[0] == "1 of 3 cameras that turn now look at the spot."
