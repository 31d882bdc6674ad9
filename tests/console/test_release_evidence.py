"""A supervisor releases what was locked for a hand-off; damaged evidence is loud until it is restored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.console.assembly import Console
from smartcity_console.console.operations.release_evidence import ReleaseWish
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.verdict import Grade
from smartcity_console.settings import Settings


def hand_off(day: Any, incident_id: str, handoff_id: str) -> None:
    now = day.clock.now()
    request = ev.HandoffRequested(
        handoff_id=handoff_id,
        agency_id="pol-1",
        agency_kind=AgencyKind.POLICE,
        agency_name="은행지구대",
        camera_ids=("GN-0001", "GN-0002"),
        span_start=now - timedelta(seconds=30),
        span_end=now,
        live_until=now + timedelta(minutes=30),
        basis="pipa_18_2_3",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="3",
    )
    day.write(incident_id, request)


def open_seat(day: Any, tmp_path: Any, qapp: Any, qtbot: Any, sample: Any) -> Console:
    settings = Settings().replaced({"ui.language": "en", "seat.role": "supervisor"})
    console = Console(qapp, tmp_path, settings, day.clock, sample.parts_for(day))
    console.window.show()
    with qtbot.waitSignal(console.session.caught_up, timeout=5000):
        console.start()
    return console


def test_a_supervisor_releases_settled_evidence_with_a_reason(
    day: Any, tmp_path: Any, qapp: Any, qtbot: Any, sample: Any
) -> None:
    for number in (1, 2, 3):
        day.open(f"inc-{number}")
        hand_off(day, f"inc-{number}", f"handoff-{number}")
        day.clock.advance(60)
    for number in (1, 2):
        day.write(f"inc-{number}", ev.IncidentClosed(outcome="handed_off", seat="3"))
    console = open_seat(day, tmp_path, qapp, qtbot, sample)
    try:
        console.runner.run("evidence.release")
        page = console.supervisor.window.evidence
        assert page.isVisible() and page.sheet.rowCount() == 3
        page.sheet.selectAll()
        page.reason.setText("송치 완료")
        assert not page.release.isEnabled()  # the third incident is open
        page._choose(("handoff-1", "handoff-2"))
        page.release.click()
        qtbot.waitUntil(lambda: console.session.centre.released == {"handoff-1", "handoff-2"}, timeout=5000)
        qtbot.waitUntil(lambda: page.sheet.rowCount() == 1, timeout=5000)
        (first, _) = (e.payload_as(ev.EvidenceReleased) for e in day.journal.read() if e.type == "EvidenceReleased")
        assert (first.incident_id, first.reason, first.seat) == ("inc-1", "송치 완료", "3")
        assert console.runner.reason("evidence.release").code == "all_open"
    finally:
        console.window.close()
        console.window.deleteLater()


def test_what_is_chosen_stays_chosen_when_the_rows_move(
    day: Any, tmp_path: Any, qapp: Any, qtbot: Any, sample: Any
) -> None:
    for number in (1, 2):
        day.open(f"inc-{number}")
        hand_off(day, f"inc-{number}", f"handoff-{number}")
        day.clock.advance(60)
        day.write(f"inc-{number}", ev.IncidentClosed(outcome="handed_off", seat="3"))
    console = open_seat(day, tmp_path, qapp, qtbot, sample)
    try:
        console.runner.run("evidence.release")
        page = console.supervisor.window.evidence
        page.sheet.selectRow(1)
        assert page.chosen() == ("handoff-2",)
        other = ev.EvidenceReleased(incident_id="inc-1", handoff_id="handoff-1", reason="만료", seat="9")
        day.write("handoff-1", other)
        qtbot.waitUntil(lambda: page.sheet.rowCount() == 1, timeout=5000)
        assert page.chosen() == ("handoff-2",)
    finally:
        console.window.close()
        console.window.deleteLater()


def test_neither_an_operator_nor_a_release_without_reason_gets_through(day: Any, open_console: Any) -> None:
    day.open("inc-1")
    hand_off(day, "inc-1", "handoff-1")
    day.write("inc-1", ev.IncidentClosed(outcome="handed_off", seat="3"))
    console = open_console()
    assert console.runner.reason("evidence.release").code == "no_supervisor"
    operation = console.runner.operations["evidence.release"]
    assert operation.drafts(console.seat.state(), ReleaseWish(("handoff-1",), "  ")) == []
    console.runner.run("supervisor.open")
    assert not console.supervisor.window.evidence.reason.isEnabled()


def test_damaged_evidence_is_loud_until_it_is_restored(day: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    header = console.window._panels.header
    assert not header.evidence.isVisible()
    damaged = ev.EvidenceDamaged(path="packages/inc-1/handoff-1.zip", sha256="ab" * 32, why="SHA-256 differs")
    day.write("handoff-1", damaged)
    qtbot.waitUntil(header.evidence.isVisible, timeout=5000)
    assert header.evidence.tone == "danger_text" and "1" in header.evidence.text
    assert "packages/inc-1/handoff-1.zip" in header.evidence.toolTip()
    day.write("handoff-1", ev.EvidenceRestored(path=damaged.path, sha256=damaged.sha256))
    qtbot.waitUntil(lambda: not header.evidence.isVisible(), timeout=5000)


def test_a_broken_journal_is_as_loud_as_damaged_evidence(day: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    header = console.window._panels.header
    day.write("journal", ev.ChainBroken(event=7, why="its content was changed"))
    qtbot.waitUntil(header.evidence.isVisible, timeout=15000)
    assert header.evidence.tone == "danger_text"
    assert "journal.sqlite (event 7: its content was changed)" in header.evidence.toolTip()
    day.write("journal", ev.ChainVerified(events=30, last_hash="ab" * 32))
    qtbot.waitUntil(lambda: not header.evidence.isVisible(), timeout=15000)
