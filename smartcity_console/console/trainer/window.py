"""The trainer's window: time line, injects, what the trainees see, marks, incidents, desks, what happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QMenuBar, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.header import Lamp
from smartcity_console.console.language import LanguageSwitch, translate
from smartcity_console.console.menus import Menus
from smartcity_console.console.notice import Notice
from smartcity_console.console.operations import Reason
from smartcity_console.console.palette import Palette
from smartcity_console.console.texts import ElidedLabel, label
from smartcity_console.console.theme import ICONS
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.inject_list import InjectPanel
from smartcity_console.console.trainer.mirror_view import MirrorView
from smartcity_console.console.trainer.order_sheets import AddSheet, EndSheet, MarkSheet, OrderSheet, SpeakSheet
from smartcity_console.console.trainer.replay_bar import ReplayControl
from smartcity_console.console.trainer.ribbon import WORD, DrillRibbon
from smartcity_console.console.trainer.standing_views import DesksView, IncidentsView, LogView, MarksView
from smartcity_console.console.trainer.strip_marks import happening_marks, inject_marks, lanes
from smartcity_console.console.trainer.time_strip import TimeStrip
from smartcity_console.console.trainer.trainer_desk import TrainerDesk, TrainerRunner
from smartcity_console.drill.score.model import Score
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.incident import Incident

TICK_MS = 500
SETTLE_MS = 60
"""Redraw so long after the first change of a burst: a flood of events costs a few redraws, not hundreds."""
VERBS = ("drill.pause", "drill.resume", "drill.speak", "drill.mark", "drill.inject.add", "drill.end", "drill.report")
AFTER = ("drill.replay.back", "drill.replay.play", "drill.replay.forward", "drill.report")


class TrainerWindow(QMainWindow):
    """Shows the desk's fold; every act goes through the runner. `closing` when it closes."""

    closing = Signal()

    def __init__(self, desk: TrainerDesk, runner: TrainerRunner, languages: LanguageSwitch) -> None:
        super().__init__()
        self._desk, self._runner, self._languages = desk, runner, languages
        self.setObjectName("trainer")
        self.setWindowIcon(QIcon((ICONS / "console.svg").as_posix()))
        self.resize(1920, 1080)
        self.ribbon, self.notice = DrillRibbon(), Notice(lambda: languages.language)
        self._title, self._time = ElidedLabel(15, bold=True), label(22)
        self.lamps = {name: Lamp() for name in ("director", "gateway")}
        self.bar = QMenuBar()
        self.strip = TimeStrip()
        self.injects = InjectPanel(desk, runner)
        self.mirror = MirrorView(desk.parts.run_dir, desk.clock, desk.background.submit)
        self.marks, self.incidents, self.desks, self.log = MarksView(), IncidentsView(), DesksView(), LogView()
        self.buttons = {op_id: OperationButton(runner.operations[op_id], runner) for op_id in (*VERBS, *AFTER[:3])}
        self.replay = ReplayControl(desk, self)
        self.sheet: OrderSheet | None = None
        self._lay_out()
        self.palette_view = Palette(runner, desk, self)  # type: ignore[arg-type]
        self.menus = Menus(self.bar, runner, desk)  # type: ignore[arg-type]
        self._keys = [self._key(operation.shortcut, operation.id) for operation in runner.operations]
        self._settle, self._timer = QTimer(self), QTimer(self)
        self._settle.setSingleShot(True)
        self._connect()
        self.retranslate()

    def start(self) -> None:
        self._timer.start(TICK_MS)
        self.mirror.start()
        self.injects.table.setFocus()

    @property
    def language(self) -> str:
        return self._languages.language

    # ---- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the drill as it stands, or as it stood where the replay looks."""
        desk, language = self._desk, self.language
        self.injects.refresh(language)
        self.mirror.show_seats(desk.seats, desk.parts.facts.trainees)
        self._show_strip()
        upto = self.replay.upto(desk.happenings)
        names = {inject.id: inject.label.of(language) for inject in desk.injects()}
        self.log.show_happenings(upto, language, lambda inject_id: names.get(inject_id, inject_id))
        self._show_incidents()
        self.marks.show_score(self._score(), desk.scenario, language)
        self._show_buttons()
        self.tick()

    def tick(self) -> None:
        """Half a second passed."""
        desk = self._desk
        self._time.setText(f"{span_text(self.replay.second)} / {span_text(desk.length_s)}")
        self.ribbon.show_text(self._drill_title(), self._state_words())
        self.strip.show_now(self.replay.second if desk.fold.begun else None)
        self._show_lamp("director", translate("Trainer", "Director"))
        self._show_lamp("gateway", translate("Trainer", "Gateway"))

    def _show_lamp(self, name: str, word: str) -> None:
        lives = self._desk.programs.get(name)
        over = self._desk.fold.ended is not None
        if lives is False and not over:
            self.lamps[name].show_state(
                translate("Trainer", "{program} does not run").format(program=word), "danger_text"
            )
        else:
            self.lamps[name].show_state(word)

    def _show_strip(self) -> None:
        desk, language = self._desk, self.language
        marks = inject_marks(desk.injects(), self.replay.fold, language)
        marks += happening_marks(self.replay.upto(desk.happenings), language)
        self.strip.show_marks(marks, desk.length_s, self.replay.second if desk.fold.begun else None)
        self.strip.let_scrub(desk.fold.ended is not None)

    def _show_incidents(self) -> None:
        desk = self._desk
        incidents = sorted(self.replay.centre.incidents.values(), key=lambda incident: incident.opened_at)
        self.incidents.show_incidents(incidents, self._opened_second)
        up = {AgencyKind.POLICE: desk.programs.get("desk-police"), AgencyKind.FIRE: desk.programs.get("desk-fire")}
        self.desks.show_desks(incidents, up.get)

    def _opened_second(self, incident: Incident) -> float:
        begun_at = self._desk.fold.begun_at
        opened = next((h.second for h in self._desk.happenings if h.incident_id == incident.id), None)
        if opened is not None or begun_at is None:
            return opened or 0.0
        return max(0.0, (incident.opened_at - begun_at).total_seconds())

    def _score(self) -> Score | None:
        return self.replay.score(self._desk.score)

    def _show_buttons(self) -> None:
        state = self._desk.state()
        over = state.is_replay
        for op_id, button in self.buttons.items():
            shown = op_id in AFTER if over else op_id in VERBS[:-1]
            if op_id in ("drill.pause", "drill.resume") and not over:
                shown = (op_id == "drill.resume") == state.fold.is_paused
            button.setVisible(shown)
            button.refresh(state)  # type: ignore[arg-type]
        self.buttons["drill.resume"].set_emphasis(strong=state.fold.is_paused)

    def _drill_title(self) -> str:
        facts = self._desk.parts.facts
        return facts.title_en if self.language == "en" else facts.title_ko

    def _state_words(self) -> str:
        fold = self._desk.fold
        if fold.begun is None:
            return translate("Drill", "Not begun yet")
        if fold.ended is not None:
            return translate("Trainer", "Replay")
        return f"❚❚ {translate('Drill', 'Paused')}" if fold.is_paused else translate("Trainer", "Running")

    # ---- what the trainer does -----------------------------------------------------------------------------------

    def _asked(self, op_id: str, needs: str) -> None:
        """Ask on a sheet for what an order needs; one sheet at a time."""
        desk = self._desk

        def give(argument: object) -> None:
            self._runner.run(op_id, argument)

        makers: dict[str, Callable[[], OrderSheet]] = {
            "speech": lambda: SpeakSheet(self, desk.seats, desk.parts.facts.trainees, give),
            "text": lambda: MarkSheet(self, give),
            "sure": lambda: EndSheet(self, give),
            "inject": lambda: self._add_sheet(give),
        }
        if self.sheet is not None:
            self.sheet.close()
        self.sheet = makers[needs]()
        self.sheet.finished.connect(self._forget_sheet)
        self.sheet.show()

    def _add_sheet(self, give: Callable[[object], None]) -> AddSheet:
        desk = self._desk
        assert desk.scenario is not None
        return AddSheet(self, desk.second, desk.scenario, [i.id for i in desk.injects()], self.language, give)

    def _forget_sheet(self, _result: int) -> None:
        self.sheet = None

    def _moved(self, op_id: str) -> None:
        verbs: dict[str, Callable[[], object]] = {
            "drill.report": self._open_report,
            "drill.replay.play": self.replay.toggle,
            "drill.replay.back": lambda: self.replay.step(-10.0),
            "drill.replay.forward": lambda: self.replay.step(10.0),
            "drill.mirror.next": self.mirror.next_seat,
            "view.language": self._turn_language,
            "view.full_screen": lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen(),
            "notice.seen": self.notice.put_away,
            "palette.open": self.palette_view.open_at_top,
            "app.quit": self.close,
        }
        verbs[op_id]()

    def _turn_language(self) -> None:
        self._languages.use(self._languages.other())

    def _open_report(self) -> None:
        report = self._desk.parts.run_dir / "report" / "report.html"
        if self._desk.parts.open_url is not None:
            self._desk.parts.open_url(report.as_uri())

    def _picked(self, mark_id: str) -> None:
        """A mark on the strip: an inject is marked in the list; in a replay an event's second is gone to."""
        if not mark_id.startswith("event-"):
            self.injects.mark(mark_id)
        mark = next((mark for mark in self.strip.marks if mark.id == mark_id), None)
        if mark is not None and self._desk.fold.ended is not None:
            self.replay.go(mark.at_s)

    def _tell_reason(self, op_id: str, reason: Reason) -> None:
        self.notice.tell(f"{self._runner.operations[op_id].label()}: {reason.text}")

    def _tell_error(self, _op_id: str, error: ConsoleError) -> None:
        self.notice.tell_error(error)

    def _told_refusals(self) -> None:
        """Say what the director could not do, once each."""
        refusals = [each for each in self._desk.fold.refusals if each.seq > self._refused_seq]
        if refusals and self._desk.session.is_live:
            last = refusals[-1]
            self._refused_seq = last.seq
            self.notice.tell(last.reason_en if self.language == "en" else last.reason_ko)

    # ---- how it is put together ----------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._refused_seq = 0
        desk, runner = self._desk, self._runner
        desk.changed.connect(lambda: self._settle.isActive() or self._settle.start(SETTLE_MS))
        desk.changed.connect(self._told_refusals)
        desk.judged.connect(lambda: self.marks.show_score(self._score(), desk.scenario, self.language))
        desk.chosen_changed.connect(self._chosen)
        desk.failed.connect(self.notice.tell_error)
        self._settle.timeout.connect(self.refresh)
        self._timer.timeout.connect(self.tick)
        self.replay.moved.connect(self._replayed)
        self.injects.chosen.connect(desk.choose)
        self.strip.picked.connect(self._picked)
        self.strip.scrubbed.connect(self.replay.go)
        self.mirror.failed.connect(self.notice.tell_error)
        self.log.chosen.connect(lambda seq: self._picked(f"event-{seq}"))
        self.incidents.chosen.connect(lambda incident_id: setattr(desk, "incident_id", incident_id))
        runner.asked.connect(self._asked)
        runner.moved.connect(self._moved)
        runner.refused.connect(self._tell_reason)
        runner.failed.connect(self._tell_error)

    def _chosen(self) -> None:
        self.strip.choose(self._desk.chosen_id)
        self.injects.refresh_buttons()

    def _replayed(self) -> None:
        self.mirror.show_second(self.replay.second if self._desk.fold.ended is not None else None)
        self.refresh()

    def _lay_out(self) -> None:
        top = QWidget()
        head = QVBoxLayout(top)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self.ribbon)
        head.addWidget(self._header())
        head.addWidget(self.notice)
        self.setMenuWidget(top)
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._verb_row())
        box.addWidget(self.strip)
        box.addWidget(self._columns(), 1)
        self.setCentralWidget(body)

    def _header(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("header")
        frame.setFixedHeight(44)
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 0, 18, 0)
        row.setSpacing(18)
        self.bar.setNativeMenuBar(False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._title.setMinimumWidth(160)
        row.addWidget(self._title, 1)
        for lamp in self.lamps.values():
            row.addWidget(lamp)
        row.addStretch(2)
        row.addWidget(self.bar)
        row.addWidget(self._time)
        return frame

    def _verb_row(self) -> QWidget:
        frame = QFrame()
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(8)
        for op_id in ("drill.pause", "drill.resume", *AFTER[:3], "drill.speak", "drill.mark", "drill.inject.add"):
            row.addWidget(self.buttons[op_id])
        row.addStretch(1)
        row.addWidget(self.buttons["drill.report"])
        row.addWidget(self.buttons["drill.end"])
        return frame

    def _columns(self) -> QWidget:
        middle, right = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Vertical)
        for part, share in ((self.mirror, 3), (self.incidents, 2), (self.desks, 1)):
            middle.addWidget(part)
            middle.setStretchFactor(middle.count() - 1, share)
        for part in (self.marks, self.log):
            right.addWidget(part)
            right.setStretchFactor(right.count() - 1, 1)
        columns = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((self.injects, 36), (middle, 34), (right, 30)):
            columns.addWidget(part)
            columns.setStretchFactor(columns.count() - 1, share)
        columns.setSizes([620, 680, 620])
        return columns

    def _key(self, shortcut: str, op_id: str) -> QShortcut:
        key = QShortcut(QKeySequence(shortcut), self)
        key.setContext(Qt.ShortcutContext.WindowShortcut)
        key.setAutoRepeat(op_id.startswith("drill.replay."))
        key.activated.connect(lambda: self._runner.run(op_id))
        return key

    def retranslate(self) -> None:
        title = translate("Trainer", "Trainer · {drill}").format(drill=self._drill_title())
        self.setWindowTitle(f"{WORD} · {title}")
        self._title.setText(title)
        self.strip.show_lanes(lanes())
        self.strip.setAccessibleName(translate("Trainer", "Time line"))
        self.menus.retranslate()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._settle.stop()
        self.mirror.stop()
        self.replay.stop()
        if self.sheet is not None:
            self.sheet.close()
        super().closeEvent(event)
        self.closing.emit()
