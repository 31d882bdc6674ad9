"""The two tables of the window: accounts and firms, with health and figures. Outside text stays text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from smartcity_console.console.language import translate
from smartcity_console.console.senders.ports import FirmLine, SenderLine
from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour
from smartcity_console.console.times import clock_text, date_text, span_text
from smartcity_console.model.centre import SenderState
from smartcity_console.model.sender_figures import Figures

HAYSTACK = Qt.ItemDataRole.UserRole
ORDER = Qt.ItemDataRole.UserRole + 1
LINE = Qt.ItemDataRole.UserRole + 2
LATE, NEVER, UNWATCHED, HEARD = range(4)
_Index = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_TEXTS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


class LinesModel(QAbstractTableModel):
    """Lines under headings; subclasses say what stands in a cell and by what it is ordered."""

    figures_from = 0  # the first column of figures: those stand at the right

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: tuple[Any, ...] = ()

    def show(self, lines: Sequence[Any]) -> None:
        """Show these lines instead."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def headings(self) -> tuple[str, ...]:
        raise NotImplementedError

    def cell(self, line: Any, column: int) -> str:
        raise NotImplementedError

    def order(self, line: Any, column: int) -> Any:
        return self.cell(line, column).casefold()

    def haystack(self, line: Any) -> str:
        raise NotImplementedError

    def tone(self, line: Any, column: int) -> str:
        del line, column
        return ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.headings())

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role in _TEXTS:
            text = self.cell(line, column)
            return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= self.figures_from:
            return _RIGHT
        if role == Qt.ItemDataRole.ForegroundRole and (tone := self.tone(line, column)):
            return colour(tone)
        given = {LINE: lambda: line, HAYSTACK: lambda: self.haystack(line), ORDER: lambda: self.order(line, column)}
        return given[role]() if role in given else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.headings()[section]
        return None


class SendersModel(LinesModel):
    """One line an account. `states` are the fold's, looked at whenever a cell is drawn."""

    figures_from = 5

    def __init__(
        self, states: Callable[[], Mapping[str, SenderState]], now: Callable[[], datetime], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._states, self._now = states, now

    def tick(self) -> None:
        """Time passed: who is silent has been so for longer."""
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0))

    def headings(self) -> tuple[str, ...]:
        return (
            translate("Senders", "Health"),
            translate("Senders", "Account"),
            translate("Senders", "Firm"),
            translate("Senders", "Site"),
            translate("Senders", "Key"),
            translate("Senders", "Expected every"),
            *figure_headings(),
        )

    def state(self, line: SenderLine) -> SenderState | None:
        return self._states().get(line.account.upper())

    def health(self, line: SenderLine) -> int:
        """Return LATE, NEVER, UNWATCHED or HEARD: the gravest first, as the table is ordered."""
        state = self.state(line)
        if state is not None:
            return LATE if state.late else HEARD
        return NEVER if line.interval_s > 0 else UNWATCHED

    def cell(self, line: SenderLine, column: int) -> str:
        if column == 0:
            return self._health_words(line)
        if column >= 6:
            return figure_cell(line.figures, column - 6)
        interval = span_text(line.interval_s) if line.interval_s else "–"
        key = translate("Senders", "has a key") if line.has_key else "–"
        return (line.account, line.firm_name or line.firm_id, line.site_name or line.address, key, interval)[column - 1]

    def order(self, line: SenderLine, column: int) -> Any:
        if column == 0:
            return self.health(line)
        if column == 5:
            return line.interval_s
        return figure_order(line.figures, column - 6) if column >= 6 else super().order(line, column)

    def haystack(self, line: SenderLine) -> str:
        return " ".join((line.account, line.firm_id, line.firm_name, line.site_name, line.address))

    def tone(self, line: SenderLine, column: int) -> str:
        return "warn" if column == 0 and self.health(line) == LATE else ""

    def _health_words(self, line: SenderLine) -> str:
        state, now = self.state(line), self._now()
        if state is None:
            return translate("Senders", "never heard")
        if not state.late:
            since = clock_text(state.since) if now.date() == state.since.date() else date_text(state.since)
            return translate("Senders", "● heard since {time}").format(time=since)
        silent = span_text(state.silent_s + (now - state.since).total_seconds())
        return translate("Senders", "▲ late: silent for {time}").format(time=silent)


class FirmsModel(LinesModel):
    """One line a firm."""

    figures_from = 2

    def headings(self) -> tuple[str, ...]:
        return (
            translate("Senders", "Firm"),
            translate("Senders", "Call-back number"),
            translate("Senders", "Accounts"),
            *figure_headings(),
        )

    def cell(self, line: FirmLine, column: int) -> str:
        if column >= 3:
            return figure_cell(line.figures, column - 3)
        return (line.name or line.id, line.call_back or "–", f"{line.accounts:,}")[column]

    def order(self, line: FirmLine, column: int) -> Any:
        if column == 2:
            return line.accounts
        return figure_order(line.figures, column - 3) if column >= 3 else super().order(line, column)

    def haystack(self, line: FirmLine) -> str:
        return f"{line.id} {line.name} {line.call_back}"


def figure_headings() -> tuple[str, ...]:
    return (
        translate("Senders", "Alerts"),
        translate("Senders", "Incidents"),
        translate("Senders", "False"),
        translate("Senders", "To claim"),
        translate("Senders", "To verdict"),
        translate("Senders", "Handed off"),
    )


def figure_cell(figures: Figures, number: int) -> str:
    """Return a figure in words; a dash where there is nothing to count."""
    share = figures.false_share
    false = f"{share:.0%} ({figures.false_alarms:,}/{figures.judged:,})" if share is not None else "–"
    claim, verdict = (_seconds(value) for value in (figures.claim_s, figures.verdict_s))
    return (f"{figures.alerts:,}", f"{figures.incidents:,}", false, claim, verdict, f"{figures.handed_off:,}")[number]


def figure_order(figures: Figures, number: int) -> float:
    """Return by what a figure is ordered; what is not known comes last when the largest come first."""
    values = (figures.alerts, figures.incidents, figures.false_share, figures.claim_s, figures.verdict_s)
    value = (*values, figures.handed_off)[number]
    return -1.0 if value is None else float(value)


def _seconds(value: float | None) -> str:
    return "–" if value is None else translate("Senders", "{seconds} s").format(seconds=f"{value:,.0f}")
