"""The window: keys, palette, menus, docks, languages, header, and a clean end."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QWidget

from smartcity_console.console.app import run_console
from smartcity_console.console.layout_store import LayoutStore
from smartcity_console.console.surroundings import Surroundings
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import DiskFull
from smartcity_console.settings import Settings


def settle(console: Any, qtbot: Any) -> Any:
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    console.window.activateWindow()
    return console


def test_the_key_of_a_verb_that_is_not_to_be_had_says_why(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = settle(open_console(), qtbot)
    qtbot.keyClick(console.window, Qt.Key.Key_F5)
    assert console.notice.isVisible() and "F2" in console.notice.text
    assert "HandoffRequested" not in day.incident()


def test_the_whole_job_is_done_by_keys(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = settle(open_console(), qtbot)
    for key in (Qt.Key.Key_F2, Qt.Key.Key_4, Qt.Key.Key_F5):
        with qtbot.waitSignal(console.runner.done, timeout=5000):
            qtbot.keyClick(console.window, key)
    handoff_id = console.seat.incident.handoffs[0].id
    day.write("inc-1", ev.HandoffDelivered(handoff_id=handoff_id, attempt=1, receiver="desk"))
    qtbot.waitUntil(lambda: console.runner.reason("incident.close") is None, timeout=5000)
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        qtbot.keyClick(console.window, Qt.Key.Key_F9)
    assert day.payloads(ev.IncidentClosed)[0].outcome == "handed_off"


def test_the_palette_finds_runs_and_says_why_not(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = settle(open_console(), qtbot)
    palette = console.window.palette_view
    qtbot.keyClick(console.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert palette.isVisible()
    qtbot.keyClicks(palette.line, "112")
    assert palette.list.count() == 1 and "F2" in palette.list.item(0).text()
    palette.line.setText("incident.claim")
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible() and "IncidentClaimed" in day.incident()


def test_every_operation_stands_in_a_menu_and_a_disabled_one_says_why(open_console: Any) -> None:
    console = open_console()
    menus = console.window.menus
    menus.refresh()
    assert set(menus.actions) == {operation.id for operation in console.runner.operations}
    claim = menus.actions["incident.claim"]
    assert not claim.isEnabled() and claim.toolTip() == "No incident is selected."


@pytest.mark.parametrize(("language", "other", "word"), [("ko", "en", "접수 대기 1"), ("en", "ko", "Waiting 1")])
def test_the_language_switches_while_it_runs(
    day: Any, open_console: Any, qtbot: Any, language: str, other: str, word: str
) -> None:
    day.open()
    console = settle(open_console(language), qtbot)
    queue = console.window._panels.queue
    assert queue._heading.text() == word
    console.runner.run("view.language")
    assert console.languages.language == other
    qtbot.waitUntil(lambda: queue._heading.text() != word, timeout=5000)
    button = console.window.findChild(QAbstractButton, "button:incident.hand_off.police")
    assert button.text() == ("112 경찰 이관" if other == "ko" else "112 Police hand-off")
    console.runner.run("view.language")


def test_an_error_stays_until_it_is_seen_and_changes_its_language(open_console: Any, qtbot: Any) -> None:
    console = open_console("ko")
    console.notice.tell_error(DiskFull(path="/ring", free_mib=3))
    console.notice.tell("something smaller")
    assert "디스크가 가득" in console.notice.text
    console.runner.run("view.language")
    qtbot.waitUntil(lambda: "disk is full" in console.notice.text, timeout=5000)
    qtbot.keyClick(console.window, Qt.Key.Key_F8)
    assert console.notice.isHidden()


def test_panels_leave_and_come_back(open_console: Any, qtbot: Any) -> None:
    console = open_console()
    for name in ("map", "wall", "strip"):
        console.runner.run(f"view.detach.{name}")
        assert console.window.docks[name].isFloating()
    console.runner.run("view.home")
    assert not any(console.window.docks[name].isFloating() for name in ("map", "wall", "strip"))
    qtbot.waitUntil(lambda: all(console.window.docks[n].isVisible() for n in ("map", "wall", "strip")), timeout=5000)


def test_the_layout_comes_back_and_a_damaged_one_does_no_harm(tmp_path: Path) -> None:
    store = LayoutStore(tmp_path, "3")
    assert store.load() is None
    store.save(b"geometry", b"state")
    assert LayoutStore(tmp_path, "3").load() == (b"geometry", b"state")
    (tmp_path / "layout-3.json").write_text('{"version": 1, "geometry": 5}', "utf-8")
    assert store.load() is None


def test_every_control_has_a_name_for_a_screen_reader(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = settle(open_console(), qtbot)
    kinds = (QAbstractButton, QLineEdit, QListView)
    nameless = [
        f"{type(w).__name__} {w.objectName()}"
        for w in console.window.findChildren(QWidget)
        if isinstance(w, kinds) and w.isVisible() and not (w.accessibleName() or getattr(w, "text", str)())
    ]
    assert nameless == []


def test_the_header_tells_what_is_wrong_by_word_and_shape(day: Any, open_console: Any, qtbot: Any) -> None:
    day.write("g", ev.GatewayStarted(addresses={}, version="1"))
    for number, firm in enumerate(("s1", "adt")):
        day.write(str(number), ev.SenderHeard(account=str(number), firm_id=firm, interval_s=60))
    day.write("9", ev.SenderLate(account="9", firm_id="kt", silent_s=30))
    for camera_id in ("GN-0001", "GN-0002"):
        day.write(camera_id, ev.CameraConnected(camera_id=camera_id, codec="h264", width_px=640, height_px=360))
    console = open_console()
    header = console.window._panels.header
    qtbot.waitUntil(lambda: header.recorder.text == "Recording 2/2", timeout=5000)
    qtbot.waitUntil(lambda: header.desks[AgencyKind.POLICE].text == "112 connected", timeout=5000)
    day.clock.advance(8)
    day.write("GN-0002", ev.CameraLost(camera_id="GN-0002", reason="no answer"))
    day.write("g", ev.GatewayStopped(reason="asked"))
    qtbot.waitUntil(header.gateway.isVisible, timeout=5000)
    assert header.recorder.text == "Recording 1/2"
    assert header.senders.text == "2 senders well"
    assert (header.late.text, header.late.tone) == ("KT텔레캅 late by 00:38", "warn")
    assert header.recorder.tone == "warn"
    assert header.gateway.tone == "danger_text"


def test_a_desk_that_is_gone_is_amber(open_console: Any, qtbot: Any) -> None:
    console = open_console(look_around=lambda: Surroundings({AgencyKind.FIRE: False}, 0))
    desks = console.window._panels.header.desks
    qtbot.waitUntil(lambda: desks[AgencyKind.FIRE].tone == "warn", timeout=5000)
    assert desks[AgencyKind.POLICE].text == "112 not tried yet"


def test_closing_leaves_the_seat_and_no_thread(day: Any, open_console: Any) -> None:
    before = threading.active_count()
    console = open_console()
    console.window.close()
    types = [event.type for event in day.journal.read(stream="seat/3")]
    assert types == ["SeatOpened", "SeatClosed"]
    assert threading.active_count() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_closes_the_console(day: Any, tmp_path: Path, qapp: Any, sample: Any, number: int) -> None:
    before = signal.getsignal(number)
    QTimer.singleShot(300, lambda: os.kill(os.getpid(), number))
    code = run_console(tmp_path, Settings().replaced({"ui.language": "en"}), day.clock, sample.parts_for(day))
    assert code == 0
    assert [event.type for event in day.journal.read(stream="seat/3")][-1] == "SeatClosed"
    assert signal.getsignal(number) == before
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del qapp


def test_what_the_queue_gives_up_goes_to_map_and_wall(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    window = settle(open_console("ko"), qtbot).window
    queue = window.centralWidget()

    def gap_px() -> int:
        return int(window.docks["map"].x() - queue.geometry().right())

    qtbot.waitUntil(lambda: 0 < gap_px() < 12, timeout=15_000)
    queue.setMinimumWidth(150)
    queue.setMaximumWidth(150)  # as on a screen that shrinks: Qt leaves its old place empty
    qtbot.waitUntil(lambda: gap_px() > 50, timeout=15_000)
    window.docks.close_gap()
    qtbot.waitUntil(lambda: 0 < gap_px() < 12, timeout=15_000)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (2560, 1440)])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_window_fits_the_screens_it_is_meant_for(
    day: Any, open_console: Any, qtbot: Any, size: tuple[int, int], language: str
) -> None:
    day.open()
    console = settle(open_console(language), qtbot)
    console.window.resize(*size)
    qtbot.waitUntil(lambda: console.window.width() == size[0], timeout=5000)
    assert (console.window.width(), console.window.height()) == size
