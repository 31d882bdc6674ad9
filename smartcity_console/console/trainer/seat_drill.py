"""A drill at the trainee's seat: the sign on every window, briefing, the trainer's words, pause, result, mirror."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.background import Background
from smartcity_console.console.language import translate
from smartcity_console.console.main_window import MainWindow
from smartcity_console.console.notice import Notice
from smartcity_console.console.operations.drill import BRIEFING, RESULT, SEEN, START
from smartcity_console.console.operations.drill_facts import SeatDrillFacts
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.session import JournalWriter
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.drill_fold import DrillFold, Spoken
from smartcity_console.console.trainer.mirror import Mirror
from smartcity_console.console.trainer.ribbon import DrillRibbon
from smartcity_console.console.trainer.scenario_file import scenario_of_run
from smartcity_console.console.trainer.seat_sheets import BriefingSheet, ResultSheet
from smartcity_console.console.trainer.spoken_card import SpokenCard
from smartcity_console.console.trainer.veil import PauseVeil
from smartcity_console.console.trainer.window_marks import WindowMarks
from smartcity_console.drill.facts import DrillFacts
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.score.model import Score
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, DrillPayload, DrillWordsSeen, DrillWorkBegun, Event

SCORE_FILE = Path("report", "score.json")


class SeatDrill(QObject):
    """Follows the journal. `walls` returns every wall that is open now: a pause covers each."""

    def __init__(
        self,
        facts: DrillFacts,
        run_dir: Path,
        window: MainWindow,
        seat: Seat,
        runner: Runner,
        writer: JournalWriter,
        background: Background,
        clock: Clock,
        notice: Notice,
        language: Callable[[], str],
        open_url: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._facts, self._run_dir, self._seat, self._clock = facts, run_dir, seat, clock
        self._writer, self._background, self._notice, self._language = writer, background, notice, language
        self.walls: Callable[[], list[QWidget]] = list
        self.fold = DrillFold()
        self.scenario: Scenario | None = None
        self.score: Score | None = None
        self._seen: set[int] = set()
        self._veils: dict[int, PauseVeil] = {}
        self._asked_score = self._was_ended = False
        self._spoke = language()
        self.ribbon = DrillRibbon()
        self.briefing, self.result = BriefingSheet(window, runner), ResultSheet(window, runner)
        self.card = SpokenCard(window, runner)
        self.marks = WindowMarks((window,), self)
        self.mirror = self._make_mirror(window)
        seat.drill_facts = self.facts
        window.add_ribbon(self.ribbon)
        window.extra_verbs.update(
            {START: self.put_away, SEEN: self.hear, BRIEFING: self.brief, RESULT: self.show_result}
        )
        self.result.report_wanted.connect(lambda path: open_url(path.as_uri()))
        seat.session.taken.connect(self._take)
        seat.session.caught_up.connect(self._show_card)
        window.ticked.connect(self.tick)

    def start(self) -> None:
        """Show the sign at once; the briefing follows when the scenario has been read."""
        self.tick()
        self.marks.start()
        self.mirror.start()
        self._background.submit(lambda: scenario_of_run(self._run_dir), self._take_scenario)

    def close(self) -> None:
        self.marks.stop()
        self.mirror.stop()

    def facts(self) -> SeatDrillFacts:
        """Return what operations look at."""
        sheet = "briefing" if self.briefing.isVisible() else "result" if self.result.isVisible() else ""
        return SeatDrillFacts(sheet, len(self.waiting()), self.fold.ended is not None)

    def waiting(self) -> list[Spoken]:
        """Return the words that this seat has not acknowledged; those of an earlier sitting count as heard."""
        name = self._seat.name
        said = self.fold.spoken_to(name)
        return [w for w in said if w.seq not in self._seen and name not in self.fold.seen.get(w.seq, ())]

    def tick(self) -> None:
        """A second passed: the band shows the drill's time; after the end the score is looked for."""
        self.ribbon.show_text(self._title(), self._time_words())
        self._show_pause()  # a wall that was opened meanwhile is covered too
        if self._spoke != self._language():
            self._spoke = self._language()
            self._turn_language()
        if self.fold.ended is not None and self.score is None and not self._asked_score:
            self._asked_score = True
            self._background.submit(lambda: read_score(self._run_dir), self._take_score)

    def _turn_language(self) -> None:
        """What lies over the console is said anew."""
        self._show_card()
        if self.briefing.isVisible():
            self.brief()
        elif self.result.isVisible():
            self.show_result()

    def put_away(self) -> None:
        """Take the sheet away and give the keys back to the queue; before the drill that is the word to begin it."""
        if self.briefing.isVisible() and self.fold.begun is None:
            self._put_on_record(DrillWorkBegun(at_s=0.0, seat=self._seat.name))
        self.briefing.hide()
        self.result.hide()
        self._seat_window().carry_out("queue.focus")

    def hear(self) -> None:
        """The trainee has read the oldest words: put it on record."""
        waiting = self.waiting()
        if waiting:
            self._seen.add(waiting[0].seq)
            self._put_on_record(DrillWordsSeen(at_s=self._second(), seat=self._seat.name, spoken_seq=waiting[0].seq))
        self._show_card()

    def _put_on_record(self, payload: DrillPayload) -> None:
        draft = Draft(f"drill/{self._facts.drill_id}", payload, f"seat/{self._seat.name}")
        self._writer.append([draft], self._tell)

    def brief(self) -> None:
        """Show the briefing."""
        language = self._language()
        text = self.scenario.briefing.of(language) if self.scenario else ""
        self.result.hide()
        self.briefing.show_briefing(self._title(), text, self._who_words(), self._seat.state())
        self.briefing.begin.refresh(self._seat.state())

    def show_result(self) -> None:
        """Show the score, or that it is being worked out."""
        self.briefing.hide()
        self.result.cover()
        self.result.show_result(self.score, self.scenario, self._run_dir, self._language(), self._seat.state())
        self.result.away.setFocus()

    @Slot(object)
    def _take(self, events: list[Event]) -> None:
        if not self.fold.take(events):
            return
        self._show_pause()
        if self._seat.session.is_live:
            self._show_card()
        if self.fold.ended is not None and not self._was_ended:
            self._was_ended = True
            self.show_result()
        self.tick()

    def _take_scenario(self, outcome: Scenario | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self._notice.tell_error(outcome)
            return
        self.scenario = outcome
        if self.fold.ended is None:
            self.brief()
        else:
            self.show_result()

    def _take_score(self, outcome: Score | ConsoleError | None) -> None:
        self._asked_score = False
        if isinstance(outcome, ConsoleError):
            self._asked_score = True  # it is there and cannot be read: told once
            self._notice.tell_error(outcome)
        elif outcome is not None:
            self.score = outcome
            if self.result.isVisible():
                self.show_result()

    def _show_card(self) -> None:
        self.card.show_words(self.waiting(), self._language(), self._seat.state())

    def _show_pause(self) -> None:
        for wall in self.walls():
            veil = self._veils.get(id(wall))
            if veil is None and self.fold.is_paused:
                veil = self._veils[id(wall)] = PauseVeil(wall)
                wall.destroyed.connect(lambda *_, key=id(wall): self._veils.pop(key, None))
            if veil is not None:
                veil.cover() if self.fold.is_paused else veil.hide()

    def _second(self) -> float:
        return self.fold.second(self._clock.now())

    def _title(self) -> str:
        return self._facts.title_en if self._language() == "en" else self._facts.title_ko

    def _who_words(self) -> str:
        name = self._facts.trainees.get(self._seat.name, "")
        parts = [translate("Header", "Seat {seat}").format(seat=self._seat.name), name]
        if self._facts.trainer:
            parts.append(translate("Drill", "Trainer: {name}").format(name=self._facts.trainer))
        if self.scenario is not None:
            parts.append(translate("Drill", "about {minutes:.0f} min").format(minutes=self.scenario.duration_s / 60))
        return " · ".join(part for part in parts if part)

    def _time_words(self) -> str:
        if self.fold.begun is None:
            return translate("Drill", "Not begun yet")
        time = span_text(self._second())
        if self.fold.ended is not None:
            return translate("Drill", "Over after {time}").format(time=time)
        return f"❚❚ {translate('Drill', 'Paused')} {time}" if self.fold.is_paused else time

    def _make_mirror(self, window: MainWindow) -> Mirror:
        made = Mirror(window, self._run_dir, self._seat.name, self._clock, self._background.submit)
        made.second = self._second
        made.running = lambda: self.fold.is_running
        made.failed = self._notice.tell_error
        return made

    def _seat_window(self) -> MainWindow:
        parent = self.parent()
        assert isinstance(parent, MainWindow)
        return parent

    def _tell(self, outcome: list[Event] | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self._notice.tell_error(outcome)


class ScoreUnread(ConsoleError):
    code = "score_unread"
    ko = "훈련 점수 {file} 을(를) 읽을 수 없습니다({why}). 기록은 그대로이니 보고서를 다시 만드십시오."
    en = "The drill's score {file} cannot be read ({why}). The record is kept: have the report made again."


def read_score(run_dir: Path) -> Score | None:
    """Return the score that the report left; None while there is none. Raises ScoreUnread."""
    file = run_dir / SCORE_FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Score)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ScoreUnread(file=file, why=str(error)) from error
