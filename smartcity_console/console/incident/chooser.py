"""A sheet with a list to choose from: by arrows and Enter, or by the hand. What cannot be chosen says why."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import colour, font

_ID = Qt.ItemDataRole.UserRole
ROW_PX = 40


class Choice(msgspec.Struct, frozen=True):
    """One line; `reason` tells why it cannot be chosen."""

    id: str
    text: str
    reason: str = ""
    is_ticked: bool = False  # among several: proposed


class Chooser(QDialog):
    """`chosen(tuple of ids)`: one, or with `several` those that are ticked. Not modal: the wall goes on beside it."""

    chosen = Signal(object)

    def __init__(
        self, title: str, hint: str, do: str, choices: Sequence[Choice], several: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._several = several
        self.list, self.button, away = QListWidget(), QPushButton(do), QPushButton(translate("Chooser", "Cancel"))
        self.list.setAccessibleName(title)
        self.list.itemActivated.connect(lambda _item: None if several else self._choose())
        self.list.itemChanged.connect(lambda _item: self._refresh())
        self.list.currentRowChanged.connect(lambda _row: self._refresh())
        self.button.clicked.connect(self._choose)
        away.clicked.connect(self.reject)
        self.button.setDefault(True)
        self.button.setProperty("strong", True)
        said = label(13, tone="dim", wrap=True)
        said.setText(hint)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(away)
        foot.addWidget(self.button)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.addWidget(said)
        box.addWidget(self.list, 1)
        box.addLayout(foot)
        self._fill(choices)
        rows_px = sum(self.list.item(row).sizeHint().height() for row in range(self.list.count()))
        self.resize(640, min(150 + max(3 * ROW_PX, rows_px), 620))

    def _fill(self, choices: Sequence[Choice]) -> None:
        self.list.blockSignals(True)
        for choice in choices:
            item = QListWidgetItem(choice.text if not choice.reason else f"{choice.text}\n   — {choice.reason}")
            item.setData(_ID, choice.id)
            item.setFont(font(14))
            lines = item.text().count("\n") + 1
            item.setSizeHint(QSize(0, ROW_PX if lines == 1 else ROW_PX + 14 * (lines - 1)))
            item.setToolTip(plain_tip(choice.reason or choice.text))
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
            if choice.reason:
                flags = Qt.ItemFlag.ItemIsSelectable
                item.setForeground(colour("text_off"))
            elif self._several:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
                item.setCheckState(Qt.CheckState.Checked if choice.is_ticked else Qt.CheckState.Unchecked)
            item.setFlags(flags)
            self.list.addItem(item)
        self.list.blockSignals(False)
        free = next((n for n, choice in enumerate(choices) if not choice.reason), -1)
        self.list.setCurrentRow(free)
        self._refresh()

    def ids(self) -> tuple[str, ...]:
        """Return what is chosen now."""
        items = [self.list.item(row) for row in range(self.list.count())]
        if self._several:
            return tuple(item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked)
        item = self.list.currentItem()
        free = item is not None and bool(item.flags() & Qt.ItemFlag.ItemIsEnabled)
        return (item.data(_ID),) if item is not None and free else ()

    def _refresh(self) -> None:
        self.button.setEnabled(bool(self.ids()))

    def _choose(self) -> None:
        if ids := self.ids():
            self.chosen.emit(ids)
            self.accept()
