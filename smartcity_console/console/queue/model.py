"""The queue as a list model. Rows move, come and go one by one; only what changed is drawn again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from smartcity_console.clock import Clock
from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.queue.calm import Row, cards
from smartcity_console.console.queue.chips import chips
from smartcity_console.console.texts import plain_tip
from smartcity_console.console.times import elapsed_s, span_text
from smartcity_console.model.incident import Incident

INCIDENT = Qt.ItemDataRole.UserRole
ELAPSED = Qt.ItemDataRole.UserRole + 1
ROW = Qt.ItemDataRole.UserRole + 2
CHIPS = Qt.ItemDataRole.UserRole + 3
_SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)

Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractListModel):
    """Open incidents in queue order: a card each, or the calm lines of a flood."""

    def __init__(self, clock: Clock, parent: QObject | None = None, gone: Callable[[str], str] = lambda _: "") -> None:
        """`gone` tells how a seat was left; empty while somebody sits there."""
        super().__init__(parent)
        self._clock, self._gone = clock, gone
        self._rows: list[Row] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == INCIDENT:
            return row.incident
        if role == ROW:
            return row
        if role == ELAPSED:
            return self.elapsed(row.incident)
        if role == CHIPS:
            return chips(row.incident, self._clock.now(), self._gone)
        if role in _SPOKEN:
            return self._spoken_row(row)
        return plain_tip(self.told(row.incident)) if role == Qt.ItemDataRole.ToolTipRole else None

    def elapsed(self, incident: Incident) -> str:
        """Return how long ago it came: `mm:ss`."""
        return span_text(elapsed_s(incident.opened_at, self._clock.now()))

    def spoken(self, incident: Incident) -> str:
        """Return the card as one sentence for a screen reader."""
        parts = (
            words.priority_word(incident.priority),
            words.incident_title(incident),
            words.place(incident),
            words.source(incident),
            words.state(incident),
            *(chip.whole for chip in chips(incident, self._clock.now(), self._gone)),
            words.count_words(incident),
            translate("Card", "{elapsed} ago").format(elapsed=self.elapsed(incident)),
        )
        return ", ".join(part for part in parts if part)

    def told(self, incident: Incident) -> str:
        """Return what the tooltip says: place and sources whole, every mark, and why it has its priority."""
        parts = (
            f"{words.priority_word(incident.priority)} · {words.incident_title(incident)}",
            words.place(incident),
            incident.first_alert.address,
            words.source(incident),
            words.count_words(incident),
            *(chip.whole for chip in chips(incident, self._clock.now(), self._gone)),
            words.priority_reason(incident),
        )
        return "\n".join(dict.fromkeys(part for part in parts if part))

    def row(self, number: int) -> Row | None:
        """Return a row of the queue; None beyond its end."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def row_of(self, incident_id: str | None) -> int:
        """Return an incident's own row, else that of the group which counts it; -1 when it is not in the queue."""
        own = next((n for n, row in enumerate(self._rows) if row.id == incident_id), -1)
        if own >= 0 or not (self._rows and self._rows[0].is_calm):
            return own
        return next((n for n, row in enumerate(self._rows) if any(m.id == incident_id for m in row.members)), -1)

    def show(self, wanted: list[Incident]) -> None:
        """Become a card for each incident, with the fewest row changes."""
        self.show_rows(cards(wanted))

    def show_rows(self, wanted: list[Row]) -> None:
        """Become `wanted` with the fewest row changes; between cards and lines, all at once."""
        if self._rows and wanted and self._rows[0].is_calm is not wanted[0].is_calm:
            self.beginResetModel()
            self._rows = list(wanted)
            self.endResetModel()
            return
        self._remove_missing({row.id for row in wanted})
        here = {row.id for row in self._rows}
        for number, row in enumerate(wanted):
            if row.id in here:
                self._place(number, row)
            else:
                self._insert(number, row)

    def tick(self) -> None:
        """A second passed: the elapsed times changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [ELAPSED])

    def _spoken_row(self, row: Row) -> str:
        if not row.is_group:
            return self.spoken(row.incident)
        return f"{words.group_title(row.incident, row.area)}, {words.group_count(len(row.members))}"

    def _remove_missing(self, kept: set[str]) -> None:
        for number in reversed(range(len(self._rows))):
            if self._rows[number].id not in kept:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()

    def _insert(self, number: int, row: Row) -> None:
        self.beginInsertRows(QModelIndex(), number, number)
        self._rows.insert(number, row)
        self.endInsertRows()

    def _place(self, number: int, row: Row) -> None:
        """Bring a row that is here to where it should be, and up to date."""
        if self._rows[number].id != row.id:
            now_at = next(n for n, here in enumerate(self._rows) if here.id == row.id)
            self.beginMoveRows(QModelIndex(), now_at, now_at, QModelIndex(), number)
            self._rows.insert(number, self._rows.pop(now_at))
            self.endMoveRows()
        if not _is_same(self._rows[number], row):
            self._rows[number] = row
            self.dataChanged.emit(self.index(number), self.index(number))


def _is_same(a: Row, b: Row) -> bool:
    """Return whether two rows show the same; incidents are compared by identity, for the fold makes new ones."""
    if (a.is_open, a.is_member, len(a.members)) != (b.is_open, b.is_member, len(b.members)):
        return False
    return all(one is other for one, other in zip(a.members, b.members, strict=True))
