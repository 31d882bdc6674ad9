"""A flood is calm and hides nothing; a card says all that an operator must weigh."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from smartcity_console.console import words
from smartcity_console.console.queue.calm import lines
from smartcity_console.console.queue.chips import chips
from smartcity_console.console.queue.load import Load, LoadGauge
from smartcity_console.console.queue.model import ROW, QueueModel
from smartcity_console.model import events as ev
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.geo import Position

DONGS = ("은행동", "중앙동", "도곡동")


def centre_of(day: Any) -> Centre:
    centre = Centre()
    centre.take(day.journal.read())
    return centre


@pytest.fixture
def busy(day: Any) -> Any:
    """Two dozen incidents of two kinds in three neighbourhoods within ten minutes."""
    for number in range(24):
        fire = number % 4 == 0
        day.open(
            f"inc-{number}",
            kind=AlertKind.FIRE if fire else AlertKind.INTRUSION,
            priority=Priority.EMERGENCY if fire else Priority.HIGH,
            account=f"{2000 + number}",
            site_id=f"site-{number}",
            site_name=f"대상처 {number}",
            address=f"가온시 {DONGS[number % 3]} {number}길 8",
        )
        day.clock.advance(5)
    return day


@pytest.mark.usefixtures("qapp")
def test_every_incident_is_in_one_lines_count(busy: Any) -> None:
    queue = centre_of(busy).open_incidents()
    rows = lines(queue, ())
    assert sorted(m.id for row in rows for m in row.members) == sorted(i.id for i in queue)
    assert len(rows) == 6 and [row.incident.priority for row in rows[:3]] == [Priority.EMERGENCY] * 3
    assert {row.area for row in rows} == set(DONGS)


@pytest.mark.usefixtures("qapp")
def test_an_open_group_lists_its_members_and_what_is_chosen_is_in_sight(busy: Any) -> None:
    queue = centre_of(busy).open_incidents()
    head = lines(queue, ())[0]
    opened = lines(queue, {head.id})
    assert [row.id for row in opened[1 : 1 + len(head.members)]] == [m.id for m in head.members]
    chosen = head.members[-1].id
    assert any(row.id == chosen for row in lines(queue, (), chosen))
    assert not any(row.id == head.members[0].id for row in lines(queue, (), head.members[0].id))


@pytest.mark.parametrize(("seats", "load"), [(1, Load.FLOOD), (2, Load.FLOOD), (3, Load.NORMAL)])
def test_the_limits_hold_for_each_seat(day: Any, seats: int, load: Load) -> None:
    now = day.clock.now()
    times = [now - timedelta(seconds=n) for n in range(24)]
    assert LoadGauge().figures([], times, now, seats).load is load


def test_restorals_shelved_and_counted_alerts_are_no_load(day: Any) -> None:
    day.open("inc-1", priority=Priority.HIGH)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(kind=AlertKind.RESTORE), reason="", why="same_site"))
    held = day.alert()
    day.write(held.id, ev.AlertReceived(alert=held))
    centre = centre_of(day)
    assert len(centre.shown_times) == 1 and len(centre.alert_times) == 2
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="", why="same_site"))
    assert len(centre_of(day).shown_times) == 2


def test_the_console_goes_calm_and_back(busy: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    panel, header = console.window._panels.queue, console.window._panels.header
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0 and panel.model.index(0).data(ROW).is_calm, timeout=5000)
    assert header.flood.isVisible() and "flood" in header.flood.text
    total = sum(len(panel.model.row(n).members) for n in range(panel.model.rowCount()) if not _is_member(panel, n))
    assert total == 24 and panel.model.rowCount() < 24
    busy.clock.advance(601)
    console.window.tick()
    assert panel.model.rowCount() == 24 and not panel.model.index(0).data(ROW).is_calm
    assert not header.flood.isVisible()


def _is_member(panel: Any, number: int) -> bool:
    return panel.model.row(number).is_member


def test_groups_open_and_shut_by_keys(busy: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    panel = console.window._panels.queue
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0 and panel.model.index(0).data(ROW).is_calm, timeout=5000)
    shut = panel.model.rowCount()
    console.seat.select(panel.model.row(0).incident.id)
    console.window.activateWindow()
    panel.focus_list()
    qtbot.keyClick(panel.list, Qt.Key.Key_Right)
    members = len(panel.model.row(0).members)
    assert panel.model.rowCount() == shut + members
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert console.seat.incident.id == panel.model.row(0).members[1].id
    qtbot.keyClick(panel.list, Qt.Key.Key_Left)
    assert panel.model.rowCount() == shut and console.seat.incident.id == panel.model.row(0).incident.id


def marks(day: Any, incident_id: str = "inc-1") -> list[str]:
    return [chip.text for chip in chips(centre_of(day).incidents[incident_id], day.clock.now())]


@pytest.mark.usefixtures("qapp")
def test_a_card_marks_what_an_operator_must_weigh(day: Any) -> None:
    day.open("plain")
    assert marks(day, "plain") == []
    day.open("inc-1", known=False, position=Position(127.0, 37.5, 150.0))
    day.write("inc-1", ev.IncidentEscalated(waited_s=121))
    back = day.alert(kind=AlertKind.RESTORE)
    day.write("inc-1", ev.AlertJoined(alert=back, reason="", why="same_site"))
    day.clock.advance(25 * 3600)
    assert marks(day) == ["Escalated", "Unknown", "Restored", "1 d", "±150 m"]
    day.write("inc-1", ev.IncidentClaimed(seat="3"))
    assert "Escalated" not in marks(day)
    day.open("nowhere", position=None)
    assert marks(day, "nowhere") == ["No place"]


@pytest.mark.usefixtures("qapp")
def test_chatter_is_in_the_count_and_the_tooltip_says_why_it_is_urgent(day: Any) -> None:
    alert = day.alert(site_name="<b>가온</b>")
    opened = ev.IncidentOpened(
        incident_id="inc-1",
        alert=alert,
        kind=alert.kind,
        priority=Priority.HIGH,
        position=None,
        priority_reason_ko="심야 침입",
        priority_reason_en="intrusion at night",
    )
    day.write("inc-1", opened, ev.ChatterFolded(account="1701", zone="9", code="PA", count=41))
    incident = centre_of(day).incidents["inc-1"]
    assert words.reports(incident) == 42
    model = QueueModel(day.clock)
    model.show([incident])
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "intrusion at night" in tip and "41 repeated" in tip
    assert "&lt;b&gt;가온" in tip and "<b>" not in tip


@pytest.mark.usefixtures("qapp")
def test_who_set_the_priority_last_is_named(day: Any) -> None:
    day.open()
    assert "에스원" in words.priority_reason(centre_of(day).incidents["inc-1"])
    day.write("inc-1", ev.PriorityChanged(priority=Priority.NORMAL, reason="operator", seat="2"))
    assert words.priority_reason(centre_of(day).incidents["inc-1"]) == "Priority set at seat 2"


def test_an_escalation_is_loud_at_every_seat_until_it_is_claimed(day: Any, open_console: Any, qtbot: Any) -> None:
    heard: list[str] = []
    day.open("inc-0", priority=Priority.HIGH)
    day.write("inc-0", ev.IncidentEscalated(waited_s=361))
    console = open_console(sound=heard.append)
    header = console.window._panels.header
    assert heard == [] and header.escalated.isVisible()  # it was there before: seen, not heard
    day.open("inc-1")
    day.clock.advance(121)
    day.write("inc-1", ev.IncidentEscalated(waited_s=121))
    qtbot.waitUntil(lambda: header.escalated.text == "2 escalated · waiting 02:01", timeout=5000)
    assert heard == ["escalated"] and header.escalated.tone == "danger_text"
    for incident_id in ("inc-0", "inc-1"):
        day.write(incident_id, ev.IncidentClaimed(seat="1"), actor="seat/1")
    qtbot.waitUntil(lambda: not header.escalated.isVisible(), timeout=5000)
    assert heard == ["escalated"]


@pytest.mark.usefixtures("qapp")
def test_a_claim_whose_seat_is_gone_does_not_look_cared_for(day: Any) -> None:
    day.open()
    day.write("inc-1", ev.IncidentClaimed(seat="1"))
    incident = centre_of(day).incidents["inc-1"]
    assert chips(incident, day.clock.now()) == []
    (chip,) = chips(incident, day.clock.now(), lambda seat: "seat_lost" if seat == "1" else "")
    assert chip.tone == "danger" and "seat 1" in chip.whole


def test_motion_is_off_while_a_flood_is_on(busy: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    qtbot.waitUntil(lambda: not console.maps._is_animated, timeout=5000)
    busy.clock.advance(601)
    console.window.tick()
    assert console.maps._is_animated
