"""The console's threads: what they bring, what they hold back, how they end."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.console.background import Background, WorkFailed
from smartcity_console.console.session import CHANGED_AT_ONCE, FOLD_AT_ONCE, JournalFollower, JournalWriter, Session
from smartcity_console.journal import SqliteJournal, VersionConflict
from smartcity_console.model import events as ev
from smartcity_console.model.errors import DiskFull


@pytest.fixture
def follower(day: Any) -> Any:
    made = JournalFollower(day.path, poll_ms=5)
    yield made
    made.close()


@pytest.mark.usefixtures("qapp")
def test_what_was_there_and_what_comes_is_folded(day: Any, follower: JournalFollower, qtbot: Any) -> None:
    day.open("inc-1")
    session = Session(follower)
    with qtbot.waitSignal(session.caught_up, timeout=5000):
        follower.start()
    assert list(session.centre.incidents) == ["inc-1"]
    with qtbot.waitSignal(session.changed, timeout=5000, check_params_cb=lambda changed: changed == {"inc-2"}):
        day.open("inc-2")


@pytest.mark.usefixtures("qapp")
def test_a_storm_is_folded_in_bounded_batches(
    day: Any, follower: JournalFollower, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = ev.SenderHeard(account="1", firm_id="s1", interval_s=60)
    day.journal.append(*(ev.Draft("sender/1", payload, "gateway") for _ in range(FOLD_AT_ONCE * 3)))
    session = Session(follower)
    steps: list[int] = []
    taken = session.centre.take
    monkeypatch.setattr(session.centre, "take", lambda events: steps.append(len(events)) or taken(events))
    follower.start()
    qtbot.waitUntil(lambda: session.centre.last_seq == FOLD_AT_ONCE * 3, timeout=5000)
    assert max(steps) <= FOLD_AT_ONCE and len(steps) >= 3


@pytest.mark.usefixtures("qapp")
def test_a_storm_tells_the_screens_seldom_and_of_all(day: Any, follower: JournalFollower, qtbot: Any) -> None:
    session = Session(follower)
    told: list[set[str]] = []
    session.changed.connect(told.append)
    names = [f"inc-{number}" for number in range(5 * CHANGED_AT_ONCE)]
    for name in names:
        day.open(name)
    for event in day.journal.read():  # each as if the reader had just found it
        follower._hand_over([event], at_end=True)
    assert list(session.centre.incidents) == names
    assert len(told) <= 1 + CHANGED_AT_ONCE  # the first is that the past is folded
    qtbot.waitUntil(lambda: set().union(*told) == set(names), timeout=5000)


def test_what_this_seat_did_is_told_at_once(day: Any, follower: JournalFollower, qtbot: Any) -> None:
    session = Session(follower)
    follower.start()
    qtbot.waitUntil(lambda: session.is_live, timeout=5000)
    told: list[set[str]] = []
    session.changed.connect(told.append)
    alert = day.alert()
    for name in ("inc-1", "inc-2"):  # the second within the pause after the first
        opened = ev.IncidentOpened(
            incident_id=name, alert=alert, kind=alert.kind, priority=alert.priority, position=alert.position
        )
        session.take_written(day.journal.append(ev.Draft(f"incident/{name}", opened, "seat/3", 0)))
    assert {"inc-1"} in told and {"inc-2"} in told


@pytest.mark.usefixtures("qapp")
def test_a_missing_journal_is_told_not_swallowed(tmp_path: Path, qtbot: Any) -> None:
    follower = JournalFollower(tmp_path / "none" / "journal.sqlite", poll_ms=5)
    with qtbot.waitSignal(follower.failed, timeout=5000) as told:
        follower.start()
    assert told.args[0].sentence("ko")
    follower.close()


@pytest.fixture
def writer(day: Any, qapp: Any) -> Any:
    del qapp
    made = JournalWriter(lambda: SqliteJournal(day.path, day.clock))
    yield made
    made.close()


def test_an_append_answers_on_the_qt_thread(day: Any, writer: JournalWriter, qtbot: Any) -> None:
    answers: list[tuple[Any, int]] = []
    draft = ev.Draft("seat/3", ev.SeatOpened(seat="3", user="u"), "seat/3")
    writer.append([draft], lambda outcome: answers.append((outcome, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    (events, thread) = answers[0]
    assert events[0].type == "SeatOpened" and thread == threading.get_ident()
    assert day.journal.last_seq() == 1


def test_who_was_first_is_told(day: Any, writer: JournalWriter, qtbot: Any) -> None:
    day.open("inc-1")
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    answers: list[Any] = []
    draft = ev.Draft("incident/inc-1", ev.IncidentClaimed(seat="3"), "seat/3", 1)
    writer.append([draft], answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    assert isinstance(answers[0], VersionConflict) and "seat/1" in answers[0].sentence("ko")


def test_a_closed_writer_says_that_it_did_not_store(writer: JournalWriter) -> None:
    writer.close()
    answers: list[Any] = []
    writer.append([ev.Draft("seat/3", ev.SeatClosed(seat="3"), "seat/3")], answers.append)
    assert answers and answers[0].sentence("en")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("kind", ["told", "unknown"])
def test_work_that_fails_comes_back_as_a_sentence(qtbot: Any, caplog: Any, kind: str) -> None:
    background = Background()
    answers: list[Any] = []

    def work() -> None:
        raise DiskFull(path="/ring", free_mib=3) if kind == "told" else RuntimeError("boom")

    background.submit(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    background.close()
    assert isinstance(answers[0], DiskFull if kind == "told" else WorkFailed)
    caplog.clear()


@pytest.mark.usefixtures("qapp")
def test_work_is_bounded(qtbot: Any) -> None:
    background = Background(threads=1)
    gate, answers = threading.Event(), []
    for _ in range(70):
        background.submit(gate.wait, answers.append)
    assert background.refused == 70 - 64
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 70, timeout=5000)
    background.close()
