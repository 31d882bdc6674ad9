"""Keys and the stick: what they say to the gateway, and that it ends when the hand does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from smartcity_console.console.ptz.driver import PtzDriver
from smartcity_console.console.ptz.keys import SteeringKeys
from smartcity_console.console.ptz.stick import SIDE_PX, Stick
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.ptz import Rank, Velocity

STILL = Velocity()


@pytest.fixture
def window(driver: PtzDriver, qtbot: Any) -> Iterator[QWidget]:
    made = QWidget()
    made.field = QLineEdit()
    made.plain = QWidget()
    made.plain.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box = QVBoxLayout(made)
    box.addWidget(made.field)
    box.addWidget(made.plain)
    qtbot.addWidget(made)
    keys = SteeringKeys(driver)
    made.show()
    made.activateWindow()
    made.plain.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.plain)
    yield made
    keys.close()


def test_an_arrow_turns_for_as_long_as_it_is_down(driver: PtzDriver, window: QWidget, link: Any, qtbot: Any) -> None:
    driver.set_mode(True)
    QTest.keyPress(window.plain, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: link.moves().count(Velocity(pan=1.0)) >= 3)
    QTest.keyPress(window.plain, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: link.moves()[-1] == Velocity(pan=1.0, zoom=1.0))
    QTest.keyRelease(window.plain, Qt.Key.Key_PageUp)
    QTest.keyRelease(window.plain, Qt.Key.Key_Right)
    assert link.moves()[-1] == STILL
    said = len(link.moves())
    QTest.qWait(3 * 150)
    assert len(link.moves()) == said, "nothing is said while nothing is held"


def test_shift_is_slow_and_so_is_the_slider(driver: PtzDriver, window: QWidget, link: Any, qtbot: Any) -> None:
    driver.set_mode(True)
    driver.speed = 0.5
    QTest.keyPress(window.plain, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: link.moves()[-1:] == [Velocity(tilt=0.125)])
    QTest.keyRelease(window.plain, Qt.Key.Key_Up)
    assert link.moves()[-1] == STILL


def test_without_the_mode_keys_are_the_windows(driver: PtzDriver, window: QWidget, link: Any) -> None:
    QTest.keyClick(window.plain, Qt.Key.Key_Right)
    assert link.moves() == []


def test_a_field_that_is_typed_into_keeps_its_keys(driver: PtzDriver, window: QWidget, link: Any, qtbot: Any) -> None:
    driver.set_mode(True)
    window.field.setText("abc")
    window.field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.field)
    QTest.keyClick(window.field, Qt.Key.Key_Left)
    QTest.keyClick(window.field, Qt.Key.Key_Backspace)
    assert (window.field.text(), link.moves()) == ("ac", [])


def test_escape_ends_the_mode_and_the_move(driver: PtzDriver, window: QWidget, link: Any, qtbot: Any) -> None:
    driver.set_mode(True)
    QTest.keyPress(window.plain, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: Velocity(pan=-1.0) in link.moves())
    QTest.keyClick(window.plain, Qt.Key.Key_Escape)
    assert not driver.mode
    assert link.moves()[-1] == STILL


def test_a_window_that_loses_the_keyboard_lets_go(driver: PtzDriver, window: QWidget, link: Any, qtbot: Any) -> None:
    driver.set_mode(True)
    QTest.keyPress(window.plain, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: Velocity(pan=-1.0) in link.moves())
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    assert link.moves()[-1] == STILL


def test_the_stick_pulls_and_comes_back(driver: PtzDriver, link: Any, qtbot: Any) -> None:
    stick = Stick()
    qtbot.addWidget(stick)
    stick.pulled.connect(lambda pan, tilt: driver.hold("stick", Velocity(pan, tilt)))
    stick.show()
    middle = SIDE_PX // 2
    QTest.mousePress(stick, Qt.MouseButton.LeftButton, pos=QPoint(SIDE_PX - 1, middle))
    qtbot.waitUntil(lambda: [m.pan for m in link.moves()][-1:] == [pytest.approx(1.0)])
    QTest.mouseMove(stick, QPoint(middle, 0))
    qtbot.waitUntil(lambda: link.moves()[-1].tilt == pytest.approx(1.0))
    QTest.mouseRelease(stick, Qt.MouseButton.LeftButton, pos=QPoint(middle, 0))
    assert link.moves()[-1] == STILL
    QTest.mousePress(stick, Qt.MouseButton.LeftButton, pos=QPoint(1, middle))
    qtbot.waitUntil(lambda: link.moves()[-1].pan == pytest.approx(-1.0))
    stick.hide()
    assert link.moves()[-1] == STILL


def test_another_camera_is_not_moved_by_the_hand_on_the_first(driver: PtzDriver, link: Any, qtbot: Any) -> None:
    driver.hold("pad", Velocity(pan=0.5))
    qtbot.waitUntil(lambda: link.moves() == [Velocity(pan=0.5)])
    driver.choose("GN-2", "후문")
    moves = [(wish.camera_id, wish.velocity) for wish in link.said if isinstance(wish, wire.Move)]
    assert moves == [("GN-1", Velocity(pan=0.5)), ("GN-1", STILL)]
    assert [type(wish).__name__ for wish in link.said[-2:]] == ["Unwatch", "Watch"]


def test_a_refusal_and_a_take_over_end_the_move_and_are_told(driver: PtzDriver, link: Any, qtbot: Any) -> None:
    told: list[str] = []
    driver.told.connect(told.append)
    for message in (
        wire.Refused("GN-1", "move", "ptz_held", "2번 좌석", "Seat 2 steers camera GN-1."),
        wire.TakenOver("GN-1", wire.Holder("9", Rank.SUPERVISOR)),
    ):
        driver.hold("keys", Velocity(pan=1.0))
        qtbot.waitUntil(lambda: link.moves()[-1:] == [Velocity(pan=1.0)])
        link.tell(message)
        qtbot.waitUntil(lambda: not driver._timer.isActive())
    assert told[0] == "Seat 2 steers camera GN-1."
    assert "Seat 9 (supervisor) has taken over 정문" in told[1]


def test_a_link_that_falls_ends_the_move(driver: PtzDriver, link: Any, qtbot: Any) -> None:
    driver.hold("keys", Velocity(pan=1.0))
    qtbot.waitUntil(lambda: link.moves() == [Velocity(pan=1.0)])
    link.tell(wire.LinkDown("gone"))
    qtbot.waitUntil(lambda: driver.link_up is False)
    assert link.moves()[-1] == STILL
    link.said.clear()
    link.tell(wire.LinkUp())
    qtbot.waitUntil(lambda: link.said == [wire.Watch("GN-1")])


def test_who_steers_other_cameras_is_known_until_the_link_falls(driver: PtzDriver, link: Any, qtbot: Any) -> None:
    held = wire.Steered("GN-7", wire.Holder("2", Rank.OTHER))
    link.tell(held)
    qtbot.waitUntil(lambda: driver.steered("GN-7") == held)
    assert driver.steered("GN-1") is None
    link.tell(wire.Steered("GN-7"))
    qtbot.waitUntil(lambda: driver.steered("GN-7") is None)
    for end in (wire.LinkDown("gone"), wire.LinkUp()):  # a link that comes back is told every hold anew
        link.tell(held)
        qtbot.waitUntil(lambda: driver.steered("GN-7") == held)
        link.tell(end)
        qtbot.waitUntil(lambda: driver.steered("GN-7") is None)
