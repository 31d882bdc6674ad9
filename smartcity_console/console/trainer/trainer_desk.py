"""The trainer's end of a drill: folds its journal, judges it as it goes, and carries the trainer's verbs out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from smartcity_console.clock import Clock
from smartcity_console.console.background import Background
from smartcity_console.console.operations import Operations, Reason
from smartcity_console.console.session import JournalFollower, JournalWriter, Session
from smartcity_console.console.trainer.drill_fold import DrillFold, InjectStanding
from smartcity_console.console.trainer.happenings import Happening, happening_of
from smartcity_console.console.trainer.orders import TrainerState, trainer_operations
from smartcity_console.console.trainer.scenario_file import scenario_of_run
from smartcity_console.drill.facts import DrillFacts
from smartcity_console.drill.scenario.model import AnyInject, Scenario
from smartcity_console.drill.score.model import Score
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event

JUDGE_MS = 2000
LOOK_MS = 2000
MOST_EVENTS = 200_000


@dataclass(frozen=True)
class TrainerParts:
    """What the composition hands over. Callables marked (thread) are called off the Qt thread."""

    run_dir: Path
    facts: DrillFacts
    by: str
    journal_path: Path
    open_journal: Callable[[], SqliteJournal]
    judge: Callable[[Scenario, list[Event]], Score]  # (thread)
    look: Callable[[], Mapping[str, bool]]  # (thread) which programs of the run live, by name
    new_id: Callable[[str], str]
    poll_ms: int = 15
    language: str = "ko"
    open_url: Callable[[str], object] | None = None
    seats: tuple[str, ...] = field(default_factory=tuple)


class TrainerDesk(QObject):
    """`changed` when the journal went on, `chosen_changed` when another inject is marked, `judged` after each score."""

    changed = Signal()
    chosen_changed = Signal()
    judged = Signal()
    failed = Signal(object)  # ConsoleError

    def __init__(self, parts: TrainerParts, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts, self.clock = parts, clock
        self.background = Background(parent=self)
        self.writer = JournalWriter(parts.open_journal, self)
        self.follower = JournalFollower(parts.journal_path, parts.poll_ms, self)
        self.session = Session(self.follower, self)
        self.fold = DrillFold()
        self.scenario: Scenario | None = None
        self.score: Score | None = None
        self.programs: Mapping[str, bool] = {}
        self.events: list[Event] = []
        self.seconds: list[float] = []  # of the drill, for each of `events`
        self.happenings: list[Happening] = []
        self.chosen_id = ""
        self.incident_id = ""
        self._judged_seq, self._judging, self._looking = 0, False, False
        self._report = False
        self.session.taken.connect(self._take)
        self.session.failed.connect(self.failed)
        self._judge_timer, self._look_timer = QTimer(self), QTimer(self)
        self._judge_timer.timeout.connect(self.judge)
        self._look_timer.timeout.connect(self._look)

    def start(self) -> None:
        self.background.submit(lambda: scenario_of_run(self.parts.run_dir), self._take_scenario)
        self.follower.start()
        self._judge_timer.start(JUDGE_MS)
        self._look_timer.start(LOOK_MS)
        self._look()

    def close(self) -> None:
        """Stop every thread and wait for it."""
        self._judge_timer.stop()
        self._look_timer.stop()
        self.session.close()
        self.background.close()
        self.follower.close()
        self.writer.close()

    @property
    def second(self) -> float:
        return self.fold.second(self.clock.now())

    @property
    def length_s(self) -> float:
        """The strip's length: the scenario's, or as long as the drill went on beyond it."""
        planned = self.scenario.duration_s if self.scenario else 60.0
        return max(planned, self.second)

    @property
    def seats(self) -> tuple[str, ...]:
        """Those of the scenario, those who are trained by name, and who else has sat down."""
        planned = self.scenario.seats if self.scenario else ()
        centre = self.session.centre
        found = {*planned, *self.parts.facts.trainees, *centre.seats, *centre.closed_seats}
        return tuple(sorted(found, key=lambda seat: (len(seat), seat)))

    def injects(self) -> list[AnyInject]:
        """Return the scenario's injects and those added, by time; those that wait on something come last."""
        planned = [*(self.scenario.injects if self.scenario else ()), *self.fold.added.values()]
        own = {inject.id: inject for inject in planned}
        return sorted(own.values(), key=self._order)

    def inject(self, inject_id: str) -> AnyInject | None:
        return next((inject for inject in self.injects() if inject.id == inject_id), None)

    def choose(self, inject_id: str) -> None:
        if inject_id != self.chosen_id:
            self.chosen_id = inject_id
            self.chosen_changed.emit()

    def state(self) -> TrainerState:
        """Return what the trainer's operations look at."""
        return TrainerState(
            drill_id=self.parts.facts.drill_id,
            by=self.parts.by,
            fold=self.fold,
            second=self.second,
            chosen=self.inject(self.chosen_id),
            incident_id=self.incident_id,
            is_replay=self.fold.ended is not None,
            director_up=self.programs.get("director", True),
            seats=self.seats,
            has_report=self._report,
            has_scenario=self.scenario is not None,
            new_id=self.parts.new_id,
        )

    def judge(self) -> None:
        """Judge what happened so far, in a worker, where something has happened since."""
        scenario, last = self.scenario, self.events[-1].seq if self.events else 0
        if self._judging or scenario is None or self.fold.begun is None or last == self._judged_seq:
            return
        self._judging, self._judged_seq = True, last
        events = list(self.events)
        self.background.submit(lambda: self.parts.judge(scenario, events), self._take_score)

    def _order(self, inject: AnyInject) -> tuple[float, str]:
        state = self.fold.inject(inject.id)
        done = state.standing in (InjectStanding.FIRED, InjectStanding.FAILED, InjectStanding.SKIPPED)
        at_s = state.at_s if done else inject.when.at_s
        return (at_s if at_s is not None else float("inf"), inject.id)

    @Slot(object)
    def _take(self, events: list[Event]) -> None:
        """Fold one by one: an event's second is the drill's as it stood then."""
        for event in events:
            self.fold.take([event])
            second = self.fold.second(event.at)
            self.events.append(event)
            self.seconds.append(second)
            if (happening := happening_of(event, second)) is not None:
                self.happenings.append(happening)
        if len(self.events) > MOST_EVENTS:  # no drill comes near it; the journal keeps them all
            del self.events[: -MOST_EVENTS // 2], self.seconds[: -MOST_EVENTS // 2]
        self.changed.emit()

    def _take_scenario(self, outcome: Scenario | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
            return
        self.scenario = outcome
        self.changed.emit()

    def _take_score(self, outcome: Score | ConsoleError) -> None:
        self._judging = False
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
            return
        self.score = outcome
        self.judged.emit()

    def _look(self) -> None:
        if not self._looking:
            self._looking = True
            report = self.parts.run_dir / "report" / "report.html"
            self.background.submit(lambda: (self.parts.look(), report.exists()), self._take_look)

    def _take_look(self, outcome: Any) -> None:
        self._looking = False
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
            return
        programs, report = outcome
        if (programs, report) != (self.programs, self._report):
            self.programs, self._report = programs, report
            self.changed.emit()


class TrainerRunner(QObject):
    """The one way in for menu, button, key and palette of the trainer's window."""

    done = Signal(str, object)  # id, list[Event]
    refused = Signal(str, object)  # id, Reason
    failed = Signal(str, object)  # id, ConsoleError
    asked = Signal(str, str)  # id, what must be given with it
    moved = Signal(str)  # id of a verb that only moves the view

    def __init__(self, desk: TrainerDesk, operations: Operations | None = None) -> None:
        super().__init__(desk)
        self.operations = operations or trainer_operations()
        self._desk = desk

    def run(self, op_id: str, argument: Any = None) -> None:
        """Do it, ask for what is missing, or say why not."""
        operation, state = self.operations[op_id], self._desk.state()
        if reason := operation.available(state):
            self.refused.emit(op_id, reason)
        elif operation.needs and argument is None:
            self.asked.emit(op_id, operation.needs)
        elif drafts := operation.drafts(state, argument):
            self._desk.writer.append(drafts, lambda outcome: self._settle(op_id, outcome))
        else:
            self.moved.emit(op_id)

    def reason(self, op_id: str) -> Reason | None:
        return self.operations[op_id].available(self._desk.state())

    def _settle(self, op_id: str, outcome: list[Event] | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(op_id, outcome)
            return
        self._desk.session.take_written(outcome)
        self.done.emit(op_id, outcome)
