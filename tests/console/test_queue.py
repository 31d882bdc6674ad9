"""The queue: order, fewest changes, figures, keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt

from smartcity_console.console import words
from smartcity_console.console.queue.load import Load, LoadGauge
from smartcity_console.console.queue.model import QueueModel
from smartcity_console.model import events as ev
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.site import Sensor


def centre_of(day: Any) -> Centre:
    centre = Centre()
    centre.take(day.journal.read())
    return centre


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((10,), Load.NORMAL), ((11,), Load.FLOOD), ((11, 5), Load.FLOOD), ((11, 4), Load.NORMAL), ((4, 8), Load.NORMAL)],
)
def test_a_flood_starts_above_ten_and_ends_below_five(day: Any, counts: tuple[int, ...], expected: Load) -> None:
    gauge, now = LoadGauge(), day.clock.now()
    for count in counts:
        figures = gauge.figures([], [now - timedelta(seconds=n) for n in range(count)], now)
    assert figures.load is expected and figures.received == counts[-1]


def test_alerts_older_than_ten_minutes_do_not_count(day: Any) -> None:
    now = day.clock.now()
    assert LoadGauge().figures([], [now - timedelta(minutes=10)], now).received == 0


def test_the_longest_wait_is_of_what_nobody_has_claimed(day: Any) -> None:
    day.open("inc-1")
    day.clock.advance(30)
    day.open("inc-2")
    day.clock.advance(10)
    gauge = LoadGauge()
    assert gauge.figures(centre_of(day).open_incidents(), [], day.clock.now()).longest_s == 40
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    assert gauge.figures(centre_of(day).open_incidents(), [], day.clock.now()).longest_s == 10
    day.write("inc-2", ev.IncidentClaimed(seat="1"), actor="seat/1")
    assert gauge.figures(centre_of(day).open_incidents(), [], day.clock.now()).longest_s is None


def test_only_the_rows_that_changed_are_drawn_again(day: Any, qtbot: Any) -> None:
    for number in range(5):
        day.open(f"inc-{number}")
    model, centre = QueueModel(day.clock), centre_of(day)
    model.show(centre.open_incidents())
    drawn: list[int] = []
    model.dataChanged.connect(lambda first, last, _roles: drawn.extend(range(first.row(), last.row() + 1)))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.rowsInserted):
        day.write("inc-3", ev.IncidentClaimed(seat="1"), actor="seat/1")
        centre.take(day.journal.read())
        model.show(centre.open_incidents())
    assert drawn == [3]


def test_rows_come_go_and_move_one_by_one(day: Any) -> None:
    day.open("inc-1", priority=Priority.NORMAL)
    day.open("inc-2", priority=Priority.NORMAL)
    model, centre = QueueModel(day.clock), centre_of(day)
    model.show(centre.open_incidents())
    steps: list[str] = []
    model.rowsMoved.connect(lambda *_: steps.append("moved"))
    model.rowsInserted.connect(lambda *_: steps.append("came"))
    model.rowsRemoved.connect(lambda *_: steps.append("went"))
    day.write("inc-2", ev.PriorityChanged(priority=Priority.EMERGENCY, reason="operator", seat="1"))
    day.write("inc-1", ev.IncidentClosed(outcome="resolved", seat="1"))
    day.open("inc-3")
    centre.take(day.journal.read())
    model.show(centre.open_incidents())
    assert [model.row_of(f"inc-{n}") for n in (1, 2, 3)] == [-1, 0, 1]
    assert steps == ["went", "came"]
    day.write("inc-2", ev.PriorityChanged(priority=Priority.NORMAL, reason="operator", seat="1"))
    centre.take(day.journal.read())
    model.show(centre.open_incidents())
    assert model.row_of("inc-3") == 0 and steps[-1] == "moved"


@pytest.mark.usefixtures("qapp")
def test_a_card_tells_what_where_who_and_how_long(day: Any) -> None:
    day.open(priority=Priority.HIGH, kind=AlertKind.INTRUSION, sensor=Sensor.MOTION)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="site"))
    day.clock.advance(83)
    model = QueueModel(day.clock)
    model.show(centre_of(day).open_incidents())
    spoken = model.data(model.index(0))
    for part in ("Emergency", "Robbery · panic button", "가온마트 은행로점", "에스원", "unacknowledged", "01:23"):
        assert part in spoken


def test_an_unknown_account_says_so(day: Any) -> None:
    day.open(known=False, account="9F9F", site_name="", address="", firm_name="")
    (incident,) = centre_of(day).open_incidents()
    assert words.place(incident) == "Unknown account 9F9F"
    assert words.source(incident) == "dc09/SIA-DCS"


def test_markup_from_outside_stays_text(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open(site_name="<b>가온</b><img src=x>")
    console = open_console()
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    strip = console.window._panels.strip
    assert "<b>가온</b>" in strip._title.text()
    assert strip._title.textFormat() is Qt.TextFormat.PlainText


def test_the_queue_is_walked_by_keys(day: Any, open_console: Any, qtbot: Any) -> None:
    for number in range(3):
        day.open(f"inc-{number}")
        day.clock.advance(1)
    console = open_console()
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    panel = console.window._panels.queue
    console.window.activateWindow()
    console.runner.run("queue.focus")
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert console.seat.incident.id == "inc-1"
    console.runner.run("queue.next")
    console.runner.run("queue.next")
    assert console.seat.incident.id == "inc-2"
    assert panel.list.currentIndex().row() == 2
    console.runner.run("queue.previous")
    assert console.seat.incident.id == "inc-1"


def test_only_cards_in_sight_are_asked_for_their_text(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    panel, incident = console.window._panels.queue, console.seat.incident
    asked: set[int] = set()
    data = panel.model.data
    panel.model.data = lambda index, role=0: (asked.add(index.row()), data(index, role))[1]
    panel.model.show([msgspec.structs.replace(incident, id=f"x-{n:05}") for n in range(1000)])
    panel.list.viewport().repaint()
    assert 0 < len(asked) < 40


def test_only_the_operator_points_at_a_card(day: Any, open_console: Any, qtbot: Any) -> None:
    for number in (1, 2):
        day.open(f"inc-{number}", priority=Priority.NORMAL)
        day.clock.advance(1)
    console = open_console()
    panel = console.window._panels.queue
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2, timeout=5000)
    console.window.activateWindow()
    panel.focus_list()
    qtbot.waitUntil(panel.list.hasFocus, timeout=5000)
    assert console.seat.incident is None
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert console.seat.incident.id == "inc-1"
    day.write("inc-1", ev.IncidentClosed(outcome="resolved", seat="1"), actor="seat/1")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1, timeout=5000)
    assert console.seat.incident.id == "inc-1"
