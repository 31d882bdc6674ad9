"""Two lists of the supervisor: what is shelved, and which senders are late."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import font
from smartcity_console.console.times import clock_text, elapsed_s, span_text
from smartcity_console.model.centre import SenderState
from smartcity_console.model.shelves import Shelf

_KEY = Qt.ItemDataRole.UserRole


class Sheet(QTableWidget):
    """Rows of plain text; what is pointed at stays pointed at while the figures run."""

    def __init__(self, columns: int, widest: int) -> None:
        super().__init__(0, columns)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setFont(font(14))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: list[tuple[object, tuple[str, ...]]]) -> None:
        """Show rows of (key, texts)."""
        chosen = self.key()
        self.setRowCount(len(rows))
        for number, (key, texts) in enumerate(rows):
            for column, text in enumerate(texts):
                item = self.item(number, column) or QTableWidgetItem()
                item.setText(text)
                item.setToolTip(plain_tip(text))
                item.setData(_KEY, key)
                if self.item(number, column) is None:
                    self.setItem(number, column, item)
            if key == chosen and number != self.currentRow():
                self.selectRow(number)

    def key(self) -> object:
        """Return the key of the row that is pointed at."""
        item = self.item(self.currentRow(), 0)
        return tuple(item.data(_KEY)) if item is not None and isinstance(item.data(_KEY), (tuple, list)) else None


class ShelvesList(QWidget):
    """`wanted(account, zone)` takes the shelf that is pointed at away; `new_wanted` asks for another one."""

    wanted = Signal(str, str)
    new_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sheet, self.take_away, self.shelve = Sheet(6, widest=4), QPushButton(), QPushButton()
        self._nothing, self._reason = label(13, tone="dim"), label(13, tone="warn")
        self._why_not = ""
        foot = QHBoxLayout()
        foot.addWidget(self._reason, 1)
        foot.addWidget(self.shelve)
        foot.addWidget(self.take_away)
        box = QVBoxLayout(self)
        for part in (self._nothing, self.sheet):
            box.addWidget(part)
        box.addLayout(foot)
        self.sheet.itemSelectionChanged.connect(self._refresh)
        self.take_away.clicked.connect(self._take)
        self.shelve.clicked.connect(self.new_wanted)
        self.retranslate()

    def retranslate(self) -> None:
        self.sheet.setAccessibleName(translate("Shelves", "Alarms that are shelved"))
        self.sheet.setHorizontalHeaderLabels(
            [
                translate("Shelves", "Account"),
                translate("Shelves", "Zone"),
                translate("Shelves", "Time left"),
                translate("Shelves", "Held back"),
                translate("Shelves", "Reason"),
                translate("Shelves", "Seat"),
            ]
        )
        self._nothing.setText(
            translate("Shelves", "Held-back alarms are on record and counted. Emergencies are never shelved.")
        )
        self.take_away.setText(translate("Shelves", "Take off the shelf"))
        self.shelve.setText(translate("Shelves", "Shelve…"))

    def show_shelves(self, shelves: list[Shelf], now: datetime, why_not: str) -> None:
        self._why_not = why_not
        self.sheet.show_rows([((s.said.account, s.said.zone), _shelf_texts(s, now)) for s in shelves])
        self._refresh()

    def _refresh(self) -> None:
        self._reason.setText(self._why_not)
        self.shelve.setEnabled(not self._why_not)
        self.take_away.setEnabled(not self._why_not and self.sheet.key() is not None)

    def _take(self) -> None:
        if isinstance(key := self.sheet.key(), tuple):
            self.wanted.emit(*key)


class LateList(QWidget):
    """Senders that should have been heard of."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet, self._head = Sheet(4, widest=1), label(13, tone="dim")
        box = QVBoxLayout(self)
        box.addWidget(self._head)
        box.addWidget(self.sheet)
        self.retranslate()

    def retranslate(self) -> None:
        self.sheet.setAccessibleName(translate("Late", "Senders that are late"))
        self.sheet.setHorizontalHeaderLabels(
            [
                translate("Late", "Account"),
                translate("Late", "Firm"),
                translate("Late", "Late since"),
                translate("Late", "Silent for"),
            ]
        )

    def show_senders(self, senders: dict[str, SenderState], firm_name: object, now: datetime) -> None:
        late = sorted(((key, s) for key, s in senders.items() if s.late), key=lambda pair: pair[1].since)
        text = translate("Late", "{late} of {count} supervised senders are late")
        self._head.setText(text.format(late=len(late), count=len(senders)))
        assert callable(firm_name)
        rows: list[tuple[object, tuple[str, ...]]] = []
        for key, sender in late:
            silent_s = sender.silent_s + elapsed_s(sender.since, now)
            name = firm_name(sender.firm_id or "") or "–"
            rows.append(((key,), (key, name, clock_text(sender.since), span_text(silent_s))))
        self.sheet.show_rows(rows)


def _shelf_texts(shelf: Shelf, now: datetime) -> tuple[str, ...]:
    said = shelf.said
    zone = said.zone or translate("Shelves", "all zones")
    left = span_text((said.until - now).total_seconds())
    return said.account, zone, left, str(shelf.held), said.reason, said.seat
