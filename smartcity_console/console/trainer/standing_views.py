"""How the drill stands: the marks so far, the incidents, the desks, and what happened, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.forms.names import enum_word
from smartcity_console.console.trainer.happenings import Happening, Name, happening_words, who_words
from smartcity_console.console.trainer.whole_line import WholeLine
from smartcity_console.console.words import agency_word, grade_word, incident_title, place, stage_word, state
from smartcity_console.drill.scenario.model import Expectation, Scenario
from smartcity_console.drill.score.model import Mark, Score, Standing
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.incident import Incident

MOST_LINES = 400
ROW_PX = 26
KEY = Qt.ItemDataRole.UserRole

MARK_SIGNS = {
    Standing.MET: ("✔", "ok"),
    Standing.LATE: ("◐", "warn"),
    Standing.MISSED: ("✘", "danger_text"),
    Standing.VOID: ("–", "text_off"),
}


class Lines(QWidget):
    """A heading over a table of plain lines. `chosen(key)`: a line was marked by the user."""

    chosen = Signal(str)

    def __init__(self, widths_px: Sequence[int], stretch: int) -> None:
        super().__init__()
        self.head = label(15, bold=True)
        self.table = QTableWidget(0, len(widths_px))
        self._shown: list[tuple[str, tuple[str, ...], str]] = []
        self._set_up(widths_px, stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 8, 10, 4)
        box.setSpacing(6)
        box.addWidget(self.head)
        box.addWidget(self.table, 1)
        self.add_below = box.addWidget

    def cells(self, row: int) -> tuple[str, ...]:
        """Return what stands in a line."""
        return self._shown[row][1] if row < len(self._shown) else ()

    def show_lines(self, lines: list[tuple[str, tuple[str, ...], str]]) -> None:
        """Show (key, cells, tone) a line; only what is another is touched."""
        if lines == self._shown:
            return
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            if row >= len(self._shown) or self._shown[row] != line:
                self._fill(row, line)
        self._shown = list(lines)

    def texts(self) -> list[str]:
        """Return each line as one text."""
        return [" ".join(cells) for _, cells, _ in self._shown]

    def _fill(self, row: int, line: tuple[str, tuple[str, ...], str]) -> None:
        key, cells, tone = line
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setData(KEY, key)
            item.setForeground(colour(tone or "text"))
            item.setToolTip(plain_tip(text))
            self.table.setItem(row, column, item)

    def _set_up(self, widths_px: Sequence[int], stretch: int) -> None:
        table = self.table
        table.setFont(font(13))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        for column, width in enumerate(widths_px):
            table.setColumnWidth(column, width)
        table.horizontalHeader().setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        table.itemClicked.connect(lambda item: self.chosen.emit(str(item.data(KEY))))


class MarksView(Lines):
    """Every expectation: how it was met so far, with its reason; one not decided yet waits."""

    def __init__(self) -> None:
        super().__init__((38, 190, 92, 120), 3)
        self.whole = WholeLine()
        self.add_below(self.whole)
        self.table.currentCellChanged.connect(self._show_whole)

    def _show_whole(self, *_changed: int) -> None:
        row = self.table.currentRow()
        self.whole.show_cells(self.cells(row) if row >= 0 else ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is expected and why it is judged so share what is left."""
        super().resizeEvent(event)
        self.table.setColumnWidth(1, max(110, min(190, (self.width() - 160) // 2)))

    def show_score(self, score: Score | None, scenario: Scenario | None, language: str) -> None:
        if scenario is None:
            return
        decided = {mark.id: mark for mark in score.marks} if score else {}
        earned = sum(mark.earned for mark in decided.values() if mark.standing is not Standing.VOID)
        whole = sum(expected.weight for expected in scenario.expectations)
        text = translate("Marks", "Expected · {earned:g} of {whole:g} so far")
        self.head.setText(text.format(earned=round(earned, 1), whole=round(whole, 1)))
        self.show_lines([_mark_line(each, decided.get(each.id), scenario, language) for each in scenario.expectations])
        if self.table.currentRow() < 0 and self.table.rowCount():
            self.table.setCurrentCell(0, 0)
        self._show_whole()


def _mark_line(
    expected: Expectation, mark: Mark | None, scenario: Scenario, language: str
) -> tuple[str, tuple[str, ...], str]:
    spec = scenario.incident(expected.incident)
    title = enum_word(expected.act) + (f" · {spec.title.of(language)}" if spec else "")
    weight = f"{expected.weight:g}{' ▲' if expected.critical else ''}"
    if mark is None:
        within = f"≤ {expected.within_s:g} s" if expected.within_s is not None else ""
        return expected.id, ("○", title, weight, within), "text_dim"
    sign, tone = MARK_SIGNS[mark.standing]
    share = f"{mark.earned:g} / {weight}"
    return expected.id, (sign, title, share, mark.reason.of(language)), tone


class IncidentsView(Lines):
    """Each incident of the drill: who has it, its grade, where it was handed off to."""

    def __init__(self) -> None:
        super().__init__((68, 200, 116, 130), 1)

    def show_incidents(self, incidents: Sequence[Incident], seconds: Callable[[Incident], float]) -> None:
        self.head.setText(translate("Trainer", "Incidents · {count}").format(count=len(incidents)))
        self.show_lines([_incident_line(incident, seconds(incident)) for incident in incidents])


def _incident_line(incident: Incident, second: float) -> tuple[str, tuple[str, ...], str]:
    grade = f"{int(incident.grade)} {grade_word(incident.grade)}" if incident.grade is not None else "–"
    title = f"{incident_title(incident)} · {place(incident)}"
    tone = "text_off" if incident.closed_at is not None else "text"
    return incident.id, (span_text(second), title, grade, state(incident)), tone


class DesksView(Lines):
    """The desks: whether their programs live, and how far each hand-off has come."""

    def __init__(self) -> None:
        super().__init__((104, 200, 110), 1)

    def show_desks(self, incidents: Sequence[Incident], up: Callable[[AgencyKind], bool | None]) -> None:
        self.head.setText(translate("Trainer", "Desks"))
        lines: list[tuple[str, tuple[str, ...], str]] = []
        for kind in AgencyKind:
            lives = up(kind)
            word = translate("Trainer", "connected") if lives else translate("Trainer", "▲ not running")
            lines.append((kind.value, (agency_word(kind), word, ""), "text" if lives else "warn"))
            for incident in incidents:
                for handoff in incident.handoffs:
                    if handoff.agency_kind is kind:
                        cells = ("", f"└ {incident_title(incident)}", stage_word(handoff.stage))
                        lines.append((incident.id, cells, "text_dim"))
        self.show_lines(lines)


class LogView(Lines):
    """What happened, newest first."""

    def __init__(self) -> None:
        super().__init__((68, 92, 200), 2)

    def show_happenings(self, happenings: Sequence[Happening], language: str, name: Name) -> None:
        self.head.setText(translate("Trainer", "What happened"))
        newest = list(reversed(happenings[-MOST_LINES:]))
        self.show_lines([_log_line(happening, language, name) for happening in newest])


def _log_line(happening: Happening, language: str, name: Name) -> tuple[str, tuple[str, ...], str]:
    tone = "warn" if happening.loud else "text" if happening.kind == "seat" else "text_dim"
    cells = (span_text(happening.second), who_words(happening), happening_words(happening, language, name))
    return str(happening.seq), cells, tone
