"""A drill at the trainee's seat: nobody can miss it, and nothing of it is in the way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog

from smartcity_console.console.operations import Group, standard_operations
from smartcity_console.console.operations.drill import drill_operations
from smartcity_console.console.trainer.mirror import picture_path, wanted_path
from smartcity_console.console.trainer.ribbon import WORD, DrillRibbon
from smartcity_console.drill.scenario.model import Act, Words
from smartcity_console.drill.score.model import Mark, Score, Standing
from smartcity_console.model import events as ev


def begun(director: Any, open_drill: Any) -> Any:
    director.begin()
    console = open_drill()
    console.drill.put_away()
    return console


def marked(window: Any) -> bool:
    return any(ribbon.isVisible() and ribbon.accessibleName() == WORD for ribbon in window.findChildren(DrillRibbon))


def test_a_console_that_is_in_no_drill_shows_nothing_of_one(open_console: Any) -> None:
    console = open_console()
    assert console.drill is None and not console.window.findChildren(DrillRibbon)
    assert "drill.start_work" not in {operation.id for operation in console.runner.operations}


def test_the_word_stands_on_the_window_and_on_every_other(director: Any, open_drill: Any, qtbot: Any) -> None:
    console = begun(director, open_drill)
    assert console.drill.ribbon.isVisible() and WORD in console.drill.ribbon.accessibleName()
    dock = console.window.docks["map"]
    dock.setFloating(True)
    dialog = QDialog(console.window)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: marked(dock) and marked(dialog), timeout=5000)
    assert dialog.windowTitle().startswith(WORD) and dock.windowTitle().startswith(WORD)
    dock.setFloating(False)
    qtbot.waitUntil(lambda: not marked(dock), timeout=5000)


def test_one_key_starts_the_work(director: Any, open_drill: Any, qtbot: Any) -> None:
    director.begin()
    console = open_drill()
    assert console.drill.briefing.isVisible()
    assert console.runner.reason("drill.start_work") is None
    console.window.activateWindow()
    qtbot.keyClick(console.window, Qt.Key.Key_F12)
    assert not console.drill.briefing.isVisible()
    assert console.runner.reason("drill.start_work").code == "no_sheet"
    console.runner.run("drill.briefing")
    assert console.drill.briefing.isVisible()


def test_the_work_begins_with_the_trainees_word_which_is_on_record(day: Any, open_drill: Any, qtbot: Any) -> None:
    console = open_drill()
    qtbot.waitUntil(console.drill.briefing.isVisible, timeout=5000)
    console.window.activateWindow()
    qtbot.keyClick(console.window, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: any(e.type == "DrillWorkBegun" for e in day.journal.read()), timeout=5000)
    said = next(e for e in day.journal.read() if e.type == "DrillWorkBegun")
    assert said.payload_as(ev.DrillWorkBegun).seat == console.seat.name


def test_words_stay_until_they_are_acknowledged_which_is_on_record(
    day: Any, director: Any, open_drill: Any, qtbot: Any
) -> None:
    console = begun(director, open_drill)
    director.speak("Which way?")
    director.speak("<b>He is armed</b>")
    director.speak("not for this seat", seat="9")
    qtbot.waitUntil(lambda: len(console.drill.waiting()) == 2 and console.drill.card.isVisible(), timeout=5000)
    assert console.drill.card.text.text() == "Which way?"
    console.runner.run("drill.words_seen")
    assert console.drill.card.text.text() == "<b>He is armed</b>"
    assert console.drill.card.text.textFormat() is Qt.TextFormat.PlainText
    console.runner.run("drill.words_seen")
    assert not console.drill.card.isVisible()
    qtbot.waitUntil(lambda: len(seen(day)) == 2, timeout=5000)
    assert [said.seat for said in seen(day)] == ["3", "3"]


def seen(day: Any) -> list[ev.DrillWordsSeen]:
    events = day.journal.read(stream="drill/d-1")
    return [event.payload_as(ev.DrillWordsSeen) for event in events if event.type == "DrillWordsSeen"]


def test_a_pause_covers_the_wall_until_it_is_over(director: Any, open_drill: Any, qtbot: Any) -> None:
    console = begun(director, open_drill)
    director.write(ev.DrillPaused(at_s=5.0, by="trainer"))
    qtbot.waitUntil(lambda: any(v.isVisible() for v in console.drill._veils.values()), timeout=5000)
    veil = next(iter(console.drill._veils.values()))
    assert veil.parentWidget() is console.wall_view and veil.geometry() == console.wall_view.rect()
    director.write(ev.DrillResumed(at_s=5.0, by="trainer", paused_s=1.0))
    qtbot.waitUntil(lambda: not veil.isVisible(), timeout=5000)


def score(points: float) -> Score:
    missed = Mark(
        id="agency",
        act=Act.AGENCY,
        incident="robbery",
        weight=20.0,
        share=0.0,
        standing=Standing.MISSED,
        critical=True,
        reason=Words("112에 보내지 않음", "never sent to 112"),
        title=Words("이관 기관", "Right agency"),
    )
    return Score(
        drill_id="d-1",
        scenario_id="small-robbery",
        scenario_sha256="",
        title=Words("편의점 강도", "Robbery of a shop"),
        operator="human",
        trainees={},
        begun_at="",
        duration_s=300.0,
        paused_s=0.0,
        end_reason="inject",
        score=points,
        passed=False,
        marks=(missed,),
        timeline=(),
    )


def test_the_end_shows_the_score_and_where_the_report_lies(director: Any, open_drill: Any, qtbot: Any) -> None:
    opened: list[str] = []
    director.begin()
    console = open_drill(open_url=opened.append)
    console.drill.put_away()
    director.write(ev.DrillEnded(at_s=300.0, reason="inject"))
    qtbot.waitUntil(console.drill.result.isVisible, timeout=5000)
    assert console.drill.score is None and not console.drill.result.open.isEnabled()
    report = director.run_dir / "report"
    report.mkdir()
    (report / "report.html").write_text("<p>", "utf-8")
    (report / "score.json").write_bytes(msgspec.json.encode(score(33.3)))
    console.drill.tick()
    qtbot.waitUntil(lambda: console.drill.result._score.text() == "33.3", timeout=5000)
    assert "never sent to 112" in console.drill.result._marks.text()
    console.drill.result.open.click()
    assert opened == [(report / "report.html").as_uri()]


def test_the_mirror_is_written_only_while_somebody_looks(day: Any, director: Any, open_drill: Any, qtbot: Any) -> None:
    console = open_drill()
    console.drill.put_away()
    mirror, path = console.drill.mirror, picture_path(director.run_dir, "3")
    mirror.look()
    assert not mirror._busy and not path.exists()
    look_at(director.run_dir, day.clock.now().timestamp())
    mirror.look()
    qtbot.waitUntil(path.exists, timeout=5000)
    assert QImage(str(path)).width() == 960 and path.stat().st_mode & 0o077 == 0
    qtbot.waitUntil(lambda: not mirror._busy, timeout=5000)
    day.clock.advance(60.0)
    written = mirror.written
    mirror.look()
    assert not mirror._busy and mirror.written == written


def test_pictures_for_the_replay_are_kept_while_the_drill_runs(
    day: Any, director: Any, open_drill: Any, qtbot: Any
) -> None:
    console = begun(director, open_drill)
    history = director.run_dir / "mirror" / "history" / "seat-3"
    qtbot.waitUntil(lambda: console.drill.fold.is_running, timeout=5000)
    console.drill.mirror.look()
    qtbot.waitUntil(lambda: bool(list(history.glob("*.jpg"))), timeout=5000)
    qtbot.waitUntil(lambda: not console.drill.mirror._busy, timeout=5000)
    day.clock.advance(30.0)
    console.drill.mirror.look()
    qtbot.waitUntil((history / "00030.jpg").exists, timeout=5000)


def look_at(run_dir: Path, at_s: float) -> None:
    wanted = wanted_path(run_dir)
    wanted.parent.mkdir(exist_ok=True)
    wanted.touch()
    os.utime(wanted, (at_s, at_s))


def test_the_verbs_of_a_drill_have_keys_of_their_own() -> None:
    operations = standard_operations(drill_operations())
    assert {operation.id for operation in operations.of(Group.DRILL)} == {o.id for o in drill_operations()}
