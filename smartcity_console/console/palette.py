"""Every verb by its name: Ctrl+K. What is not to be had stays in the list and says why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from smartcity_console.console.buttons import key_text
from smartcity_console.console.language import translate
from smartcity_console.console.operations import Operation, SeatState
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.theme import colour, font

WIDTH_PX, HEIGHT_PX = 620, 420
OP_ID = Qt.ItemDataRole.UserRole


class Palette(QFrame):
    """A pop-up in the window. Enter runs the marked verb, Escape goes away."""

    def __init__(self, runner: Runner, seat: Seat, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette_frame")
        self._runner, self._seat = runner, seat
        self.line, self.list = QLineEdit(), QListWidget()
        self.line.setFont(font(16))
        self.list.setObjectName("palette")
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._run)
        self.list.itemActivated.connect(lambda _item: self._run())
        self.line.installEventFilter(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.addWidget(self.line)
        box.addWidget(self.list)
        self.hide()

    def open_at_top(self) -> None:
        """Show over the window, empty, with the keys in the line."""
        parent = self.parentWidget()
        self.resize(min(WIDTH_PX, parent.width() - 40), HEIGHT_PX)
        self.move(QPoint((parent.width() - self.width()) // 2, 70))
        self.line.clear()
        self.line.setPlaceholderText(translate("Palette", "What do you want to do?"))
        self.line.setAccessibleName(translate("Palette", "Find a command"))
        self.list.setAccessibleName(translate("Palette", "Commands"))
        self._fill("")
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move the mark while the keys stay in the line; Escape closes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.hide()
                return True
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
                return True
        return super().eventFilter(watched, event)

    def _fill(self, wanted: str) -> None:
        self.list.clear()
        state = self._seat.state()
        for operation in self._runner.operations:
            if operation.id != "palette.open" and matches(operation, wanted):
                self.list.addItem(_item(operation, state))
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.hide()
            self._runner.run(item.data(OP_ID))


def matches(operation: Operation, wanted: str) -> bool:
    """Return whether every word that was typed stands in the verb's label, id or key."""
    haystack = f"{operation.label()} {operation.id} {key_text(operation.shortcut)}".casefold()
    return all(word in haystack for word in wanted.casefold().split())


def _item(operation: Operation, state: SeatState) -> QListWidgetItem:
    reason = operation.available(state)
    key = key_text(operation.shortcut)
    text = operation.label() + (f"    {key}" if key else "")
    item = QListWidgetItem(text if reason is None else f"{text}    — {reason.text}")
    item.setData(OP_ID, operation.id)
    item.setFont(font(14))
    item.setSizeHint(QSize(0, 32))
    if reason is not None:
        item.setForeground(colour("text_off"))
        item.setToolTip(reason.text)
    return item
