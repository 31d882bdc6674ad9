"""What a trainee reads before and after a drill: the briefing; then the score and where the report lies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QWidget

from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.operations.drill import START
from smartcity_console.console.runner import Runner
from smartcity_console.console.texts import label, rule, set_tone
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.ribbon import WORD
from smartcity_console.console.trainer.veil import Sheet
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.score.model import Mark, Score, Standing

MOST_TEXT_PX = 340
MOST_MARKS = 4


class BriefingSheet(Sheet):
    """The briefing, and one key to start work."""

    def __init__(self, parent: QWidget, runner: Runner) -> None:
        super().__init__(parent)
        self._sign, self._title = label(14, bold=True, tone="drill"), label(24, bold=True, wrap=True)
        self._facts, self._text = label(14, tone="dim", wrap=True), label(16, wrap=True)
        self.begin = OperationButton(runner.operations[START], runner, size_px=16, height_px=44)
        self.begin.set_emphasis(strong=True)
        for part in (self._sign, self._title, self._facts, rule(), _scrolled(self._text), self.begin):
            self.body.addWidget(part)

    def show_briefing(self, title: str, text: str, facts: str, state: SeatState) -> None:
        """Fill in and lie down; the keys go to the one button."""
        self._sign.setText(WORD)
        self._title.setText(title)
        self._facts.setText(facts)
        self._text.setText(text)
        self.setAccessibleName(f"{WORD} {title}")
        self.cover()
        self.begin.refresh(state)
        self.begin.setFocus(Qt.FocusReason.PopupFocusReason)


class ResultSheet(Sheet):
    """The drill is over: the score as soon as it is there, the marks that were missed, the way to the report."""

    report_wanted = Signal(object)  # Path

    def __init__(self, parent: QWidget, runner: Runner) -> None:
        super().__init__(parent)
        self._report: Path | None = None
        self._sign, self._title = label(14, bold=True, tone="drill"), label(24, bold=True, wrap=True)
        self._score, self._verdict = label(56, bold=True), label(16, wrap=True)
        self._marks, self._text, self._where = (label(14, wrap=True) for _ in range(3))
        set_tone(self._where, "dim")
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open, self.away = QPushButton(), OperationButton(runner.operations[START], runner, height_px=40)
        self.open.clicked.connect(lambda: self.report_wanted.emit(self._report) if self._report else None)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        row.addWidget(self.away)
        top = QHBoxLayout()
        top.addWidget(self._score)
        top.addSpacing(24)
        top.addWidget(self._verdict, 1)
        self.body.addWidget(self._sign)
        self.body.addWidget(self._title)
        self.body.addLayout(top)
        for part in (self._marks, rule(), _scrolled(self._text), self._where):
            self.body.addWidget(part)
        self.body.addLayout(row)

    def show_result(
        self, score: Score | None, scenario: Scenario | None, run_dir: Path, language: str, state: SeatState
    ) -> None:
        """Fill in what is known so far; without a score the sheet says that it is being worked out."""
        self._sign.setText(f"{WORD} · {translate('Drill', 'The drill is over')}")
        self._title.setText(scenario.title.of(language) if scenario else "")
        self._text.setText(scenario.debriefing.of(language) if scenario else "")
        self._show_score(score, language)
        report = run_dir / "report" / "report.html"
        self._report = report if report.exists() else None
        self.open.setText(translate("Drill", "Open the report"))
        self.open.setEnabled(self._report is not None)
        lies = translate("Drill", "The report lies in {path}")
        where = lies if score else translate("Drill", "The report will lie in {path}")
        self._where.setText(where.format(path=run_dir / "report"))
        self.away.refresh(state, label=translate("Drill", "Put away"))

    def _show_score(self, score: Score | None, language: str) -> None:
        if score is None:
            self._score.setText("…")
            self._verdict.setText(translate("Drill", "The score is being worked out."))
            self._marks.setText("")
            return
        self._score.setText(f"{score.score:g}")
        passed = translate("Drill", "✔ Passed") if score.passed else translate("Drill", "✘ Not passed")
        text = translate("Drill", "{passed} · of 100 · {time} of drill")
        self._verdict.setText(text.format(passed=passed, time=span_text(score.duration_s)))
        set_tone(self._verdict, "ok" if score.passed else "warn")
        lost = sorted(
            (mark for mark in score.marks if _is_lost(mark)), key=lambda mark: (not mark.critical, -_lost(mark))
        )
        lines = [
            f"{'▲' if mark.critical else '–'} {mark.title.of(language)}: {mark.reason.of(language)}" for mark in lost
        ]
        more = translate("Drill", "and {count} more in the report").format(count=len(lost) - MOST_MARKS)
        lines = lines[:MOST_MARKS] + ([more] if len(lost) > MOST_MARKS else [])
        self._marks.setText("\n".join(lines) or translate("Drill", "Every mark was earned in full."))


def _scrolled(text: QLabel) -> QScrollArea:
    """Return a text that scrolls where it is longer than the screen has room for."""
    text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    area = QScrollArea()
    area.setWidget(text)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setMaximumHeight(MOST_TEXT_PX)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _is_lost(mark: Mark) -> bool:
    return mark.standing in (Standing.MISSED, Standing.LATE)


def _lost(mark: Mark) -> float:
    return mark.weight - mark.earned
