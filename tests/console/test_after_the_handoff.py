"""What comes after a hand-off: messages both ways, a recall, a follow-up, and units on the map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.city import plane
from smartcity_console.console.incident.chooser import Chooser
from smartcity_console.console.incident.messages import message_lines
from smartcity_console.console.incident.receipts import status
from smartcity_console.console.map.unit_layer import units_of
from smartcity_console.console.operations import SeatState, standard_operations
from smartcity_console.console.operations.recall import RecallWish
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.centre import Centre
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade

OPERATIONS = standard_operations()


def state(day: Any, seat: str = "3") -> SeatState:
    centre = Centre()
    centre.take(day.journal.read())
    return SeatState(seat=seat, now=day.clock.now(), incident=centre.incidents.get("inc-1"))


def code(day: Any, op_id: str, seat: str = "3") -> str | None:
    reason = OPERATIONS[op_id].available(state(day, seat))
    return reason.code if reason else None


def do(day: Any, op_id: str, argument: Any = None) -> list[ev.Payload]:
    drafts = OPERATIONS[op_id].drafts(state(day), argument)
    day.journal.append(*drafts)
    return [draft.payload for draft in drafts]


def incident(day: Any) -> Incident:
    return state(day).chosen()


def hand_off(
    day: Any, handoff_id: str = "h-1", kind: AgencyKind = AgencyKind.POLICE, *, delivered: bool = True
) -> None:
    now = day.clock.now()
    request = ev.HandoffRequested(
        handoff_id=handoff_id,
        agency_id=f"{kind}-1",
        agency_kind=kind,
        agency_name="가온경찰서",
        camera_ids=("GN-0001",),
        span_start=now - timedelta(seconds=30),
        span_end=now,
        live_until=now + timedelta(minutes=30),
        basis="",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="3",
    )
    day.write("inc-1", request, actor="seat/3")
    if delivered:
        day.write("inc-1", ev.HandoffDelivered(handoff_id=handoff_id, attempt=1, receiver="112"))


def begin(day: Any) -> None:
    day.open()
    day.write("inc-1", ev.IncidentClaimed(seat="3"), ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="3"), actor="seat/3")


def test_a_recall_names_its_reason_ends_the_live_view_and_frees_the_button(day: Any) -> None:
    begin(day)
    assert code(day, "incident.recall") == "no_handoff"
    hand_off(day)
    assert code(day, "incident.recall", "1") == "held"
    assert do(day, "incident.recall", "") == []
    recalled, revoked = do(day, "incident.recall", " false_alarm ")
    assert isinstance(recalled, ev.HandoffRecalled) and recalled.reason == "false_alarm"
    assert revoked == ev.LiveViewRevoked(handoff_id="h-1", reason="false_alarm", seat="3")
    assert code(day, "incident.recall") == "over"
    said, ink = status(incident(day).handoffs[0])
    assert "RECALLED" in said and "NOT TOLD" in said and ink == "danger_text"
    told = ev.HandoffUpdateDelivered(handoff_id="h-1", update_id=recalled.update_id, attempt=1)
    day.write("inc-1", told)
    assert "NOT TOLD" not in status(incident(day).handoffs[0])[0]


def test_one_of_two_receivers_can_be_recalled(day: Any) -> None:
    begin(day)
    hand_off(day)
    hand_off(day, "h-2", AgencyKind.FIRE)
    do(day, "incident.recall", RecallWish("wrong_receiver", ("h-2",)))
    police, fire = incident(day).handoffs
    assert police.recalled_at is None and fire.recall_reason == "wrong_receiver"


def test_what_was_recalled_on_its_way_does_not_hold_up_the_closing(day: Any) -> None:
    begin(day)
    hand_off(day, delivered=False)
    assert code(day, "incident.close") == "undelivered"
    do(day, "incident.recall", "false_alarm")
    assert code(day, "incident.close") is None
    assert "before it arrived" in status(incident(day).handoffs[0])[0]


def test_a_message_goes_to_every_receiver_that_did_not_refuse(day: Any) -> None:
    begin(day)
    assert code(day, "incident.message") == "no_receiver"
    hand_off(day)
    hand_off(day, "h-2", AgencyKind.FIRE)
    day.write("inc-1", ev.HandoffRefused(handoff_id="h-2", by="119", reason="관할 아님"))
    (sent,) = do(day, "incident.message", " 남쪽으로 이동 ")
    assert isinstance(sent, ev.MessageToDesk)
    assert (sent.handoff_id, sent.text, sent.seat) == ("h-1", "남쪽으로 이동", "3")
    assert do(day, "incident.message", "   ") == []
    day.clock.advance(5)
    day.write("inc-1", ev.MessageFromDesk(handoff_id="h-1", receipt_id="r-1", by="김경사", text="<b>확인</b>"))
    newest, oldest = message_lines(incident(day).handoffs)
    assert "112" in newest and "김경사: <b>확인</b>" in newest
    assert "seat 3: 남쪽으로 이동" in oldest and "not there yet" in oldest


def test_a_follow_up_names_what_it_follows(day: Any) -> None:
    begin(day)
    assert code(day, "incident.follow_up") == "no_receiver"
    hand_off(day, delivered=False)
    assert code(day, "incident.follow_up") == "undelivered"
    day.write("inc-1", ev.HandoffDelivered(handoff_id="h-1", attempt=1, receiver="112"))
    (request,) = do(day, "incident.follow_up")
    assert isinstance(request, ev.HandoffRequested)
    assert (request.follows, request.agency_id) == ("h-1", "police-1")
    do(day, "incident.recall", "false_alarm")
    assert code(day, "incident.follow_up") == "no_receiver"


def test_the_newest_place_of_a_unit_is_on_the_map(day: Any) -> None:
    begin(day)
    hand_off(day)
    hand_off(day, "h-2")
    now = day.clock.now()
    old = ev.UnitPosition("순21", 127.0, 37.4, now)
    new = ev.UnitPosition("순21", 127.03, 37.5, now + timedelta(seconds=9))
    day.write("inc-1", ev.UnitPositions(handoff_id="h-2", positions=(new,)))
    day.write("inc-1", ev.UnitPositions(handoff_id="h-1", positions=(old,)))
    assert units_of(None) == []
    (unit,) = units_of(incident(day))
    assert (unit.name, unit.kind) == ("순21", AgencyKind.POLICE)
    assert unit.xy_m == tuple(plane.xy_of(Position(127.03, 37.5)))


def test_the_panel_tells_what_the_desk_says_and_recalls_by_a_sheet(day: Any, open_console: Any, qtbot: Any) -> None:
    begin(day)
    hand_off(day)
    day.write("inc-1", ev.MessageFromDesk(handoff_id="h-1", receipt_id="r-1", by="김경사", text="정문 잠김"))
    console = open_console()
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    block = console.window._panels.strip.handoff
    qtbot.waitUntil(lambda: any("정문 잠김" in line.text() for line in block.messages.lines), timeout=5000)
    block.message.line.setText("알겠습니다")
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        block.message.line.returnPressed.emit()
    assert day.payloads(ev.MessageToDesk)[0].text == "알겠습니다"
    console.runner.run("incident.recall")
    sheet = console.acts.sheet
    assert isinstance(sheet, Chooser)
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        sheet.chosen.emit(("|duplicate",))
    assert day.payloads(ev.HandoffRecalled)[0].reason == "duplicate"
