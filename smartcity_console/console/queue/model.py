"""The queue as a list model. Rows move, come and go one by one; only what changed is drawn again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from smartcity_console.clock import Clock
from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.times import elapsed_s, span_text
from smartcity_console.model.incident import Incident

INCIDENT = Qt.ItemDataRole.UserRole
ELAPSED = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractListModel):
    """Open incidents in queue order."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: list[Incident] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        incident = self._rows[index.row()]
        if role == INCIDENT:
            return incident
        if role == ELAPSED:
            return self.elapsed(incident)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(incident)
        return None

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
            translate("Card", "{elapsed} ago").format(elapsed=self.elapsed(incident)),
        )
        return ", ".join(parts)

    def row_of(self, incident_id: str | None) -> int:
        """Return an incident's row, -1 when it is not in the queue."""
        return next((row for row, incident in enumerate(self._rows) if incident.id == incident_id), -1)

    def show(self, wanted: list[Incident]) -> None:
        """Become `wanted` with the fewest row changes."""
        self._remove_missing({incident.id for incident in wanted})
        here = {incident.id for incident in self._rows}
        for row, incident in enumerate(wanted):
            if incident.id in here:
                self._place(row, incident)
            else:
                self._insert(row, incident)

    def tick(self) -> None:
        """A second passed: the elapsed times changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [ELAPSED])

    def _remove_missing(self, kept: set[str]) -> None:
        for row in reversed(range(len(self._rows))):
            if self._rows[row].id not in kept:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._rows[row]
                self.endRemoveRows()

    def _insert(self, row: int, incident: Incident) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, incident)
        self.endInsertRows()

    def _place(self, row: int, incident: Incident) -> None:
        """Bring an incident that has a row to the row that it should have, and up to date."""
        if self._rows[row].id != incident.id:
            now_at = self.row_of(incident.id)
            self.beginMoveRows(QModelIndex(), now_at, now_at, QModelIndex(), row)
            self._rows.insert(row, self._rows.pop(now_at))
            self.endMoveRows()
        if self._rows[row] is not incident:
            self._rows[row] = incident
            self.dataChanged.emit(self.index(row), self.index(row))
