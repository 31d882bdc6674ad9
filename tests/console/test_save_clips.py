"""Clips of the span, by an operator who verifies the incident or a supervisor; a private camera asks what for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from smartcity_console.console.assembly import Console
from smartcity_console.console.history import is_loud, sentence
from smartcity_console.console.incident.clips_sheet import ClipsSheet
from smartcity_console.console.operations.save_clips import ClipsWish
from smartcity_console.model import events as ev
from smartcity_console.settings import Settings

OP = "evidence.save_clips"
LIMIT_MS = 15_000
PUBLIC, PRIVATE = "GN-0001", "PV-0001"


@pytest.fixture
def console(day: Any, open_console: Any, qtbot: Any) -> Console:
    """A seat that looks at an open incident a minute after its alarm."""
    day.open("inc-1")
    day.clock.advance(60)
    made: Console = open_console()
    qtbot.waitUntil(lambda: "inc-1" in made.session.centre.incidents, timeout=LIMIT_MS)
    made.seat.select("inc-1")
    return made


@pytest.fixture
def sheet(console: Console, qtbot: Any) -> ClipsSheet:
    """The sheet of a claimed incident whose private camera is open."""
    console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: offered(console) >= {PUBLIC, PRIVATE}, timeout=LIMIT_MS)
    console.runner.run(OP)
    made = console.acts.sheet
    assert isinstance(made, ClipsSheet)
    return made


def offered(console: Console) -> set[str]:
    incident = console.seat.incident
    assert incident is not None
    return {seen.camera_id for seen in incident.cameras if seen.has_stream}


def tick(sheet: ClipsSheet, *camera_ids: str) -> None:
    for row in range(sheet.cameras.count()):
        item = sheet.cameras.item(row)
        is_in = item.data(Qt.ItemDataRole.UserRole) in camera_ids
        item.setCheckState(Qt.CheckState.Checked if is_in else Qt.CheckState.Unchecked)


def reason(console: Console) -> str:
    found = console.runner.reason(OP)
    return found.code if found else ""


def saved(console: Console, **changes: Any) -> ev.IncidentClipsSaved:
    now = console.seat.state().now
    clip = ev.SavedClip(
        camera_id=PUBLIC,
        path="clips/inc-1/c/01-GN-0001.mp4",
        sha256="ab" * 32,
        start=now,
        end=now,
        codec="h264",
        es_sha256="cd" * 32,
        gaps=("a hole",),
    )
    facts: dict[str, Any] = {"clips": (clip,), "missing": (ev.ClipMissing(PRIVATE, "닫힘", "shut"),)}
    return ev.IncidentClipsSaved(
        clips_id="c", camera_ids=(PUBLIC, PRIVATE), folder="clips/inc-1/c", **({"seat": "3"} | facts | changes)
    )


def test_only_who_verifies_the_incident_may(console: Console, qtbot: Any) -> None:
    assert reason(console) == "unclaimed"
    console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: reason(console) == "", timeout=LIMIT_MS)
    console.seat.select(None)
    assert reason(console) == "no_incident"


def test_the_sheet_begins_with_the_evidence_and_asks_what_for(sheet: ClipsSheet, console: Console, day: Any) -> None:
    span = console.seat.state().evidence()
    wish = sheet.wish()
    assert set(wish.camera_ids) == set(span.camera_ids)
    assert (wish.start, wish.end) == (span.start.replace(microsecond=0), span.end.replace(microsecond=0))
    tick(sheet, PUBLIC)
    assert sheet.do.isEnabled() and sheet.trouble.text() == ""
    tick(sheet, PUBLIC, PRIVATE)
    assert not sheet.do.isEnabled() and "private camera" in sheet.trouble.text()
    sheet.reason.setText("   ")
    assert not sheet.do.isEnabled()
    sheet.reason.setText("절도 확인")
    assert sheet.do.isEnabled()
    tick(sheet)
    assert not sheet.do.isEnabled()
    assert day.payloads(ev.IncidentClipsWanted) == []


def test_a_span_must_be_over_and_an_hour_at_most(sheet: ClipsSheet) -> None:
    tick(sheet, PUBLIC)
    end = sheet.end.dateTime()
    for begin, until in ((end, end), (end.addSecs(-3700), end), (end, end.addSecs(600))):
        sheet.begin.setDateTime(begin)
        sheet.end.setDateTime(until)
        assert not sheet.do.isEnabled() and sheet.trouble.text()
    sheet.begin.setDateTime(end.addSecs(-3600))
    sheet.end.setDateTime(end)
    assert sheet.do.isEnabled()


def test_a_wish_is_on_record_and_what_came_of_it_is_told(
    sheet: ClipsSheet, console: Console, day: Any, qtbot: Any
) -> None:
    told: list[str] = []
    console.notice.tell = told.append  # type: ignore[method-assign]
    tick(sheet, PUBLIC, PRIVATE)
    sheet.reason.setText("절도 확인")
    sheet.do.click()
    qtbot.waitUntil(lambda: day.payloads(ev.IncidentClipsWanted) != [], timeout=LIMIT_MS)
    (wanted,) = day.payloads(ev.IncidentClipsWanted)
    assert (set(wanted.camera_ids), wanted.reason, wanted.seat) == ({PUBLIC, PRIVATE}, "절도 확인", "3")
    day.write("inc-1", saved(console), saved(console, seat="9"))
    qtbot.waitUntil(lambda: bool(told), timeout=LIMIT_MS)
    history = console.session.centre.incidents["inc-1"].log
    lines = [line for line in history if line.type.startswith("IncidentClips")]
    assert "절도 확인" in sentence(lines[0]) and not is_loud(lines[0])
    assert sentence(lines[1]) == told[0] == "Clips saved: 1 in clips/inc-1/c · gaps: 1 · nothing of PV-0001"
    assert is_loud(lines[1])
    assert len(told) == 1, "another seat's clips are its own news"


def test_a_camera_that_is_shut_meanwhile_is_not_wanted(
    sheet: ClipsSheet, console: Console, day: Any, qtbot: Any
) -> None:
    tick(sheet, PRIVATE)
    sheet.reason.setText("절도 확인")
    wish = sheet.wish()
    day.write("inc-1", ev.PrivateCamerasLocked(camera_ids=(PRIVATE,), reason="expired"))
    qtbot.waitUntil(lambda: not console.session.centre.incidents["inc-1"].unlocked, timeout=LIMIT_MS)
    sheet.do.click()
    assert not sheet.do.isEnabled()
    console.runner.run(OP, wish)
    assert day.payloads(ev.IncidentClipsWanted) == []


def test_a_supervisor_may_for_a_closed_incident(day: Any, tmp_path: Any, qapp: Any, qtbot: Any, sample: Any) -> None:
    day.open("inc-1")
    day.write("inc-1", ev.CamerasSelected(cameras=tuple(sample.PUBLIC_CAMERAS)))
    day.write("inc-1", ev.IncidentClosed(outcome="handed_off", seat="3"))
    day.clock.advance(60)
    settings = Settings().replaced({"ui.language": "en", "seat.role": "supervisor"})
    console = Console(qapp, tmp_path, settings, day.clock, sample.parts_for(day))
    console.window.show()
    try:
        with qtbot.waitSignal(console.session.caught_up, timeout=LIMIT_MS):
            console.start()
        console.seat.select("inc-1")
        assert reason(console) == ""
        now = day.clock.now()
        console.runner.run(OP, ClipsWish((PUBLIC,), now - timedelta(seconds=30), now))
        qtbot.waitUntil(lambda: day.payloads(ev.IncidentClipsWanted) != [], timeout=LIMIT_MS)
    finally:
        console.window.close()
        console.window.deleteLater()
