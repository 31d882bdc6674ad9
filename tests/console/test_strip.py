"""The incident's strip: words, evidence by hand and by key, preview before the click, loud receipts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from smartcity_console.console import history
from smartcity_console.console.incident.handoff_words import preview
from smartcity_console.console.incident.receipts import status
from smartcity_console.console.incident.timeline import Timeline
from smartcity_console.console.procedures import step_label, steps_for
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind


@pytest.fixture
def verifying(day: Any, open_console: Any, qtbot: Any) -> Any:
    """A console that has claimed the sample robbery and graded it 4."""
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    do(console, qtbot, "incident.claim")
    qtbot.waitUntil(lambda: "PV-0001" in console.wall.cameras, timeout=5000)
    do(console, qtbot, "incident.grade.4")
    day.clock.advance(20)
    console.window.tick()
    return console


def do(console: Any, qtbot: Any, op_id: str, argument: Any = None) -> None:
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run(op_id, argument)


def strip(console: Any) -> Any:
    return console.window._panels.strip


def test_every_event_of_an_incident_has_a_sentence() -> None:
    types = {kind.__name__ for kind in ev.PAYLOADS.values() if kind.stream_kind == "incident"}
    assert types == set(history.SENTENCES)


def test_the_history_tells_the_whole_story_in_words(day: Any, verifying: Any, qtbot: Any) -> None:
    do(verifying, qtbot, "incident.step.tick", ("weapon", True))
    do(verifying, qtbot, "evidence.set_end", day.clock.now())
    do(verifying, qtbot, "incident.priority.high")
    do(verifying, qtbot, "incident.hand_off.police")
    handoff_id = verifying.seat.incident.handoffs[0].id
    file = ev.EvidenceFile("clip.mp4", 1, "00")
    day.write(
        "inc-1",
        ev.HandoffAttemptFailed(handoff_id=handoff_id, attempt=1, reason="연결 거부", retry_in_s=1),
        ev.HandoffPackaged(handoff_id=handoff_id, path="p", sha256="0", files=(file,), gaps=("PV-0001",)),
        ev.HandoffDelivered(handoff_id=handoff_id, attempt=2, receiver="은행지구대"),
        ev.HandoffOpened(handoff_id=handoff_id, by="김경사"),
        ev.HandoffAccepted(handoff_id=handoff_id, by="김경사"),
        ev.HandoffUnitsSent(handoff_id=handoff_id, units=("순21",), eta_min=3),
    )
    qtbot.waitUntil(lambda: bool(verifying.seat.incident.handoffs[0].units), timeout=5000)
    model = strip(verifying).history.lines
    told = "\n".join(model.data(model.index(row)) for row in range(model.rowCount()))
    for part in ("Done: Weapon", "Grade 4", "High", "112 Police hand-off requested: 은행지구대", "try 1: 연결 거부",
                 "missing: PV-0001", "Opened by 김경사", "Units sent: 순21 · 3 min", "14:03:"):  # fmt: skip
        assert part in told
    assert "{" not in told


def test_a_long_log_only_adds_rows(day: Any, verifying: Any, qtbot: Any) -> None:
    model = strip(verifying).history.lines
    before = model.rowCount()
    with qtbot.assertNotEmitted(model.modelReset):
        do(verifying, qtbot, "incident.note", "첫째")
        do(verifying, qtbot, "incident.note", "둘째")
    assert model.rowCount() == before + 2
    assert len(day.payloads(ev.NoteAdded)) == 2


def test_what_is_sent_to_whom_and_on_what_basis_stands_there_before_the_click(verifying: Any) -> None:
    what, whom, basis = preview(verifying.seat.state(), AgencyKind.POLICE)
    assert "grade 4" in what and "2 clips" in what and "50 s" in what and "30 min" in what
    assert "은행지구대" in whom and "112상황실" in whom
    assert "18(2)" in basis
    shown = [line.text() for line in strip(verifying).handoff._lines if not line.isHidden()]
    assert shown == [what, whom, basis]


def test_the_preview_follows_the_button_under_the_keys(verifying: Any, qtbot: Any) -> None:
    block = strip(verifying).handoff
    verifying.window.activateWindow()
    block._buttons[AgencyKind.FIRE].setFocus()
    qtbot.waitUntil(lambda: "은행119안전센터" in block._lines[1].text(), timeout=5000)


def test_the_reason_stands_beside_the_disabled_buttons(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    block = strip(console).handoff
    assert not block._buttons[AgencyKind.POLICE].isEnabled()
    assert "F2" in block._reason.text() and block._buttons[AgencyKind.POLICE].toolTip() == block._reason.text()


def test_a_click_on_the_button_hands_off(day: Any, verifying: Any, qtbot: Any) -> None:
    with qtbot.waitSignal(verifying.runner.done, timeout=5000):
        qtbot.mouseClick(strip(verifying).handoff._buttons[AgencyKind.POLICE], Qt.MouseButton.LeftButton)
    (sent,) = day.payloads(ev.HandoffRequested)
    assert sent.agency_kind is AgencyKind.POLICE and sent.camera_ids == ("PV-0001", "GN-0001")


def test_a_receipt_is_loud_until_it_is_delivered(day: Any, verifying: Any, qtbot: Any) -> None:
    do(verifying, qtbot, "incident.hand_off.police")
    handoff_id = verifying.seat.incident.handoffs[0].id

    def after(*payloads: ev.Payload) -> tuple[str, str]:
        version = verifying.seat.incident.version
        day.write("inc-1", *payloads)
        qtbot.waitUntil(lambda: verifying.seat.incident.version == version + len(payloads), timeout=5000)
        return status(verifying.seat.incident.handoffs[0])

    assert status(verifying.seat.incident.handoffs[0]) == ("being sent …", "warn")
    text, ink = after(ev.HandoffAttemptFailed(handoff_id=handoff_id, attempt=2, reason="연결 거부", retry_in_s=1))
    assert ink == "danger_text" and "연결 거부" in text and "2" in text
    header = verifying.window._panels.header
    assert header.desks[AgencyKind.POLICE].tone == "danger_text"
    assert after(ev.HandoffDelivered(handoff_id=handoff_id, attempt=3, receiver="desk"))[1] == "text_dim"
    assert header.desks[AgencyKind.POLICE].tone == ""
    text, ink = after(ev.HandoffRefused(handoff_id=handoff_id, by="김경사", reason="관할 아님"))
    assert ink == "danger_text" and "관할 아님" in text


def test_a_handle_is_dragged_and_put_on_record_when_it_is_let_go(day: Any, verifying: Any, qtbot: Any) -> None:
    line = strip(verifying).evidence.timeline
    before = verifying.seat.state().evidence()
    x, y = line.x_of(before.start), line.height() // 2
    target = line.at_x(x - 60)
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    qtbot.mouseMove(line, QPoint(x - 60, y))
    assert day.payloads(ev.EvidenceSpanSet) == []
    with qtbot.waitSignal(verifying.runner.done, timeout=5000):
        qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(x - 60, y))
    (span,) = day.payloads(ev.EvidenceSpanSet)
    assert abs((span.start - target).total_seconds()) < 0.2 and span.end == before.end


def test_a_handle_is_moved_by_keys(day: Any, verifying: Any, qtbot: Any) -> None:
    line = strip(verifying).evidence.timeline
    before = verifying.seat.state().evidence()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Tab, Qt.Key.Key_Left):
        if key is Qt.Key.Key_Tab:
            qtbot.keyClick(line, key)
            continue
        with qtbot.waitSignal(verifying.runner.done, timeout=5000):
            qtbot.keyClick(line, key)
    span = day.payloads(ev.EvidenceSpanSet)[-1]
    assert span.start == before.start - timedelta(seconds=1) and span.end == before.end - timedelta(seconds=1)


def test_nobody_moves_the_span_of_an_incident_that_is_not_theirs(day: Any, qtbot: Any) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.resize(600, 64)
    now = day.clock.now()
    line.show_span(now, now - timedelta(seconds=30), now, now, editable=False)
    with qtbot.assertNotEmitted(line.start_set):
        qtbot.keyClick(line, Qt.Key.Key_Left)
        qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(line.x_of(now - timedelta(seconds=30)), 20))
        qtbot.mouseRelease(line, Qt.MouseButton.LeftButton)


def test_pixels_and_times_agree_both_ways(day: Any, qtbot: Any) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.resize(900, 64)
    now = day.clock.now()
    line.show_span(now, now - timedelta(seconds=30), now, now, editable=True)
    for second in range(-60, 60, 7):
        at = now + timedelta(seconds=second)
        assert abs((line.at_x(line.x_of(at)) - at).total_seconds()) < 0.2


def test_a_tick_asks_and_the_record_answers(day: Any, verifying: Any, qtbot: Any) -> None:
    box = strip(verifying).procedure._boxes["weapon"]
    with qtbot.waitSignal(verifying.runner.done, timeout=5000):
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert box.isChecked() and day.payloads(ev.ProcedureStepTicked)[0].step == "weapon"


def test_enter_in_the_note_line_puts_the_note_on_record(day: Any, verifying: Any, qtbot: Any) -> None:
    line = strip(verifying).note.line
    qtbot.keyClicks(line, "4 men")
    with qtbot.waitSignal(verifying.runner.done, timeout=5000):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [note.text for note in day.payloads(ev.NoteAdded)] == ["4 men"]
    assert line.text() == "" and len(day.payloads(ev.VerdictGiven)) == 1
    assert not line.hasFocus()


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_has_a_procedure_in_words(kind: AlertKind) -> None:
    steps = steps_for(kind)
    assert 3 <= len(steps) <= 4 and all(step_label(step) != step for step in steps)
