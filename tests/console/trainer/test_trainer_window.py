"""The trainer's window: its orders stand in the journal, and it shows what the director made of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from smartcity_console.console.trainer.mirror import picture_path, wanted_path
from smartcity_console.console.trainer.orders import Speech
from smartcity_console.console.trainer.trainer_app import Trainer
from smartcity_console.console.trainer.trainer_desk import TrainerParts
from smartcity_console.drill.score.model import Score
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev


@pytest.fixture
def open_trainer(day: Any, director: Any, qapp: Any, qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., Trainer]]:
    from .conftest import FACTS

    made: list[Trainer] = []
    numbers = itertools.count(1)

    def make(language: str = "en", **changes: Any) -> Trainer:
        facts: dict[str, Any] = {
            "run_dir": tmp_path,
            "facts": FACTS,
            "by": "lee",
            "journal_path": day.path,
            "open_journal": lambda: SqliteJournal(day.path, day.clock),
            "judge": score,
            "look": lambda: {"director": True, "gateway": True, "desk-police": True, "desk-fire": False},
            "new_id": lambda prefix: f"{prefix}-{next(numbers)}",
            "language": language,
        }
        trainer = Trainer(qapp, TrainerParts(**(facts | changes)), day.clock)
        made.append(trainer)
        trainer.window.show()
        with qtbot.waitSignal(trainer.desk.session.caught_up, timeout=5000):
            trainer.start()
        qtbot.waitUntil(lambda: trainer.desk.scenario is not None, timeout=5000)
        return trainer

    yield make
    for trainer in made:
        trainer.window.close()
        trainer.window.deleteLater()


def score(scenario: Any, events: Any) -> Score:
    from .test_seat_drill import score as sample

    return sample(12.0)


def settled(trainer: Any, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not trainer.window._settle.isActive(), timeout=5000)
    trainer.window.refresh()


def ran(trainer: Any, qtbot: Any, op_id: str, argument: Any = None) -> None:
    with qtbot.waitSignal(trainer.runner.done, timeout=5000):
        trainer.runner.run(op_id, argument)


def rows(trainer: Any) -> list[str]:
    model = trainer.window.injects.model
    return [" ".join(str(model.index(r, c).data()) for c in range(4)) for r in range(model.rowCount())]


def test_what_comes_is_listed_with_its_time_or_its_condition(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    director.fire("panic", 10.0)
    trainer = open_trainer()
    settled(trainer, qtbot)
    assert rows(trainer) == [
        "● fired 00:10 Panic button by its time",
        "○ waiting 05:00 End ",
        "○ waiting  Call of the patrol car 30 s after: Robbery claimed",
    ]
    assert {mark.id: mark.shape for mark in trainer.window.strip.marks} == {"panic": "circle", "end": "square"}


def test_orders_stand_in_the_journal_and_nothing_else_does(
    day: Any, director: Any, open_trainer: Any, qtbot: Any
) -> None:
    director.begin()
    trainer = open_trainer()
    settled(trainer, qtbot)
    trainer.window.injects.mark("call")
    for op_id in ("drill.inject.hold", "drill.inject.fire", "drill.pause"):
        ran(trainer, qtbot, op_id)
    ran(trainer, qtbot, "drill.speak", Speech("3", "Listen"))
    ran(trainer, qtbot, "drill.mark", "good claim")
    ran(trainer, qtbot, "drill.end", True)
    told = [(order.act, order.inject_id, order.seat, order.text, order.by) for order in director.orders()]
    assert told == [
        ("hold", "call", "", "", "lee"),
        ("fire", "call", "", "", "lee"),
        ("pause", "", "", "", "lee"),
        ("speak", "", "3", "Listen", "lee"),
        ("mark", "", "", "good claim", "lee"),
        ("end", "", "", "", "lee"),
    ]
    others = {event.type for event in day.journal.read()} - {"DrillBegun", "DrillOrdered"}
    assert not others and len({order.order_id for order in director.orders()}) == 6


def test_a_verb_says_why_it_is_not_to_be_had(director: Any, open_trainer: Any, qtbot: Any) -> None:
    trainer = open_trainer()
    assert trainer.runner.reason("drill.pause").code == "not_begun"
    director.begin()
    director.fire("panic", 10.0)
    qtbot.waitUntil(lambda: trainer.desk.fold.inject("panic").cause == "time", timeout=5000)
    settled(trainer, qtbot)
    trainer.window.injects.mark("panic")
    codes = {op: trainer.runner.reason(f"drill.{op}") for op in ("inject.fire", "inject.release", "resume", "report")}
    assert {op: reason.code for op, reason in codes.items()} == {
        "inject.fire": "fired",
        "inject.release": "not_held",
        "resume": "going",
        "report": "no_report",
    }
    trainer.window.activateWindow()
    qtbot.keyClick(trainer.window, Qt.Key.Key_F5)
    assert "fired already" in trainer.window.notice.text


def test_without_a_director_nothing_is_ordered(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer(look=lambda: {"director": False})
    qtbot.waitUntil(lambda: trainer.desk.programs.get("director") is False, timeout=5000)
    trainer.runner.run("drill.pause")
    trainer.window.tick()
    assert trainer.runner.reason("drill.pause").code == "no_director" and not director.orders()
    assert trainer.window.lamps["director"].tone == "danger_text"


def test_what_the_director_could_not_do_is_said(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    director.write(ev.DrillOrderRefused(at_s=1.0, order_id="o", reason_ko="안 됩니다", reason_en="The desk is gone."))
    qtbot.waitUntil(lambda: trainer.window.notice.text == "The desk is gone.", timeout=5000)


def test_an_inject_is_added_by_its_form(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    trainer.runner.run("drill.inject.add")
    sheet = trainer.window.sheet
    sheet.accept()
    assert sheet.form.told == "What is to be said?" and not director.orders()
    sheet.form.edits["words"].parts["ko"].set("들립니까?")
    with qtbot.waitSignal(trainer.runner.done, timeout=5000):
        sheet.accept()
    qtbot.waitUntil(lambda: "trainer-speak-1" in trainer.desk.fold.added, timeout=5000)
    added = trainer.desk.fold.added["trainer-speak-1"]
    assert added.words.ko == "들립니까?" and added.when.at_s == 0.0


def test_an_inject_that_contradicts_the_scenario_is_not_ordered(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    trainer.runner.run("drill.inject.add")
    sheet = trainer.window.sheet
    sheet.form.edits["words"].parts["ko"].set("들립니까?")
    sheet.form.edits["seat"].set("9")
    sheet.accept()
    assert sheet.isVisible() and "there is no seat 9" in sheet.form.told and not director.orders()


def test_a_form_that_does_not_fit_says_where_and_orders_nothing(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    trainer.runner.run("drill.inject.add")
    sheet = trainer.window.sheet
    sheet.kind.setCurrentIndex(1)
    when = sheet.form.edits["when"]
    when.edits["at_s"].set(99_999.0)
    sheet.accept()
    assert sheet.isVisible() and "At second" in sheet.form._told.text() and not director.orders()


def test_the_mirror_is_asked_for_and_its_age_is_told(day: Any, director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    mirror = trainer.window.mirror
    settled(trainer, qtbot)
    assert mirror.seat == "3"
    qtbot.waitUntil(lambda: wanted_path(director.run_dir).exists(), timeout=5000)
    assert mirror.screen.image is None
    picture = QImage(96, 54, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    assert picture.save(str(picture_path(director.run_dir, "3")))
    qtbot.waitUntil(lambda: mirror.screen.image is not None, timeout=5000)
    assert mirror._age.text()


def test_incidents_and_what_the_seat_did_are_shown(day: Any, director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    day.clock.advance(10.0)
    day.open()
    day.clock.advance(6.0)
    day.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    trainer = open_trainer()
    settled(trainer, qtbot)
    assert "00:10" in trainer.window.incidents.texts()[0] and "verifying" in trainer.window.incidents.texts()[0]
    assert trainer.window.log.texts()[0].startswith("00:16 Seat 3")
    assert any(line.startswith("119 Fire ▲ not running") for line in trainer.window.desks.texts())


def test_marks_so_far_stand_beside_what_is_still_open(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    with qtbot.waitSignal(trainer.desk.judged, timeout=5000):
        trainer.desk.judge()
    claim, agency = trainer.window.marks.texts()
    assert claim.startswith("○") and "≤ 20 s" in claim
    assert agency.startswith("✘") and "never sent to 112" in agency
    assert trainer.window.marks.whole.text() == " · ".join(trainer.window.marks.cells(0))
    trainer.window.marks.table.setCurrentCell(1, 1)  # what the list cuts short stands below it in full
    assert trainer.window.marks.whole.text() == " · ".join(cell for cell in trainer.window.marks.cells(1) if cell)
    injects = trainer.window.injects
    qtbot.waitUntil(lambda: 0 <= injects.table.currentIndex().row() < len(injects.model.rows), timeout=15_000)
    assert injects.whole.text() == " · ".join(t for t in injects.model.texts(injects.table.currentIndex().row()) if t)


def test_the_language_turns_while_it_runs(director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    trainer = open_trainer()
    settled(trainer, qtbot)
    trainer.runner.run("view.language")
    settled(trainer, qtbot)
    assert any("비상벨" in row for row in rows(trainer))


def test_a_finished_drill_is_replayed_second_by_second(day: Any, director: Any, open_trainer: Any, qtbot: Any) -> None:
    director.begin()
    day.clock.advance(10.0)
    director.fire("panic", 10.0)
    day.open()
    day.clock.advance(10.0)
    day.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    day.clock.advance(10.0)
    director.write(ev.DrillEnded(at_s=30.0, reason="trainer"))
    history = director.run_dir / "mirror" / "history" / "seat-3"
    history.mkdir(parents=True)
    picture = QImage(96, 54, QImage.Format.Format_RGB32)
    assert all(picture.save(str(history / name)) for name in ("00005.jpg", "00015.jpg"))
    trainer = open_trainer()
    settled(trainer, qtbot)
    window = trainer.window
    with qtbot.waitSignal(window.replay.moved, timeout=5000):
        window.strip.scrubbed.emit(15.0)
    assert "unacknowledged" in window.incidents.texts()[0]
    assert not any("Seat 3" in line for line in window.log.texts())
    qtbot.waitUntil(lambda: window.mirror.screen.image is not None, timeout=5000)
    assert window.mirror._age.text() == "kept at 15 s"
    with qtbot.waitSignal(window.replay.moved, timeout=5000):
        trainer.runner.run("drill.replay.back")
    assert window.replay.second == 5.0 and window.incidents.texts() == []
    with qtbot.waitSignal(window.replay.moved, timeout=5000):
        window.replay.go(25.0)
    assert "verifying" in window.incidents.texts()[0]
    assert trainer.runner.reason("drill.pause").code == "ended"
