"""Handing off to others and to several at once: reasons, duty hours and basis stand before the click."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from smartcity_console.model import events as ev
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.geo import Position
from smartcity_console.model.recipient import Recipient, Why, parse_duty
from smartcity_console.model.verdict import Grade

HERE = Position(127.03, 37.5)


def recipients(_kind: Any, _place: Any, _now: Any) -> list[Recipient]:
    def one(id_: str, kind: AgencyKind, name: str, **more: Any) -> Recipient:
        facts: dict[str, Any] = {"why": Why.AREA, "distance_m": 400.0}
        return Recipient(agency=Agency(id_, kind, name, "상황실", HERE), **(facts | more))

    night = {"duty": (parse_duty("18:00-09:00"),), "duty_words": ("18:00-09:00",)}
    return [
        one("pol-1", AgencyKind.POLICE, "은행지구대"),
        one("pol-2", AgencyKind.POLICE, "중앙지구대", why=Why.NEAREST, distance_m=1234.0),
        one("fire-1", AgencyKind.FIRE, "은행119안전센터"),
        one("centre-haneul", AgencyKind.CENTRE, "하늘시 스마트도시센터", is_masked=True, **night),
    ]


@pytest.fixture
def console(day: Any, open_console: Any) -> Any:
    day.open("inc-1")
    day.write("inc-1", ev.IncidentClaimed(seat="3"), ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="3"))
    made = open_console(recipients=recipients)
    made.seat.select("inc-1")
    return made


def test_the_sheet_says_why_and_proposes_one(console: Any) -> None:
    console.runner.run("incident.hand_off.others")
    sheet = console.acts.sheet
    rows = [sheet.list.item(row) for row in range(sheet.list.count())]
    assert [row.checkState() is Qt.CheckState.Checked for row in rows] == [True, False, False, False]
    police, other, _, centre = (row.text() for row in rows)
    assert "its area" in police and "PIPA" in police and "nearest, 1.2 km" in other
    assert "OFF DUTY now (18:00-09:00)" in centre and "masked copies" in centre and "10 public safety" in centre


def test_several_get_it_at_once_and_once(console: Any, day: Any, qtbot: Any) -> None:
    console.runner.run("incident.hand_off.others")
    sheet = console.acts.sheet
    for row in (2, 3):
        sheet.list.item(row).setCheckState(Qt.CheckState.Checked)
    sheet.button.click()
    qtbot.waitUntil(lambda: len(day.payloads(ev.HandoffRequested)) == 3, timeout=5000)
    sent = {p.agency_id: p for p in day.payloads(ev.HandoffRequested)}
    assert set(sent) == {"pol-1", "fire-1", "centre-haneul"} and len({p.handoff_id for p in sent.values()}) == 3
    assert "제10호" in sent["centre-haneul"].basis and "제7호" in sent["pol-1"].basis
    qtbot.waitUntil(lambda: len(console.seat.incident.handoffs) == 3, timeout=5000)
    assert console.runner.reason("incident.hand_off.police").code == "handed_off"
    console.runner.run("incident.hand_off.others")
    sheet = console.acts.sheet
    assert [sheet.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled for row in (0, 2, 3)] == [
        Qt.ItemFlag.NoItemFlags
    ] * 3
    assert sheet.list.item(1).flags() & Qt.ItemFlag.ItemIsEnabled and sheet.ids() == ()


def test_the_reason_stands_beside_the_button(console: Any) -> None:
    lines = " ".join(line.text() for line in console.window.strip.handoff._lines)
    assert "은행지구대 · 상황실 · its area" in lines


def test_a_recipient_that_is_not_reached_is_loud(console: Any, day: Any, qtbot: Any) -> None:
    console.runner.run("incident.hand_off.others", ("centre-haneul",))
    qtbot.waitUntil(lambda: len(day.payloads(ev.HandoffRequested)) == 1, timeout=5000)
    (sent,) = day.payloads(ev.HandoffRequested)
    lamp = console.window._panels.header.others
    assert not lamp.isVisible()
    failed = ev.HandoffAttemptFailed(handoff_id=sent.handoff_id, attempt=1, reason="away", retry_in_s=1.0)
    day.write("inc-1", failed)
    qtbot.waitUntil(lamp.isVisible, timeout=5000)
    assert lamp.tone == "danger_text" and "하늘시 스마트도시센터" in lamp.text
    day.write("inc-1", ev.HandoffDelivered(handoff_id=sent.handoff_id, attempt=2, receiver="하늘시"))
    qtbot.waitUntil(lambda: not lamp.isVisible(), timeout=5000)


def test_without_a_grade_nothing_goes(day: Any, open_console: Any) -> None:
    day.open("inc-1")
    day.write("inc-1", ev.IncidentClaimed(seat="3"))
    console = open_console(recipients=recipients)
    console.seat.select("inc-1")
    assert console.runner.reason("incident.hand_off.others").code == "no_grade"
