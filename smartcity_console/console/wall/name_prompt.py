"""A line over the window in which a name is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.theme import font
from smartcity_console.console.wall.sets import NAME_CHARS, clean_name

WIDTH_PX = 460


class NamePrompt(QFrame):
    """Enter takes the name, Escape goes away. A name that is kept already is offered, and is replaced."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette_frame")
        self.line = QLineEdit()
        self._title: QLabel = label(14)
        self._done: Callable[[str], None] = lambda _name: None
        self.line.setMaxLength(NAME_CHARS)
        self.line.setFont(font(16))
        self.line.returnPressed.connect(self._take)
        self.line.installEventFilter(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 12)
        box.addWidget(self._title)
        box.addWidget(self.line)
        self.hide()

    def ask(self, title: str, known: Sequence[str], done: Callable[[str], None]) -> None:
        """Ask for a name; `done` gets it, cleaned, unless the operator goes away."""
        self._done = done
        self._title.setText(title)
        self.line.clear()
        self.line.setCompleter(QCompleter(list(known), self))
        self.line.setPlaceholderText(translate("Wall", "Name, then Enter"))
        self.line.setAccessibleName(title)
        self.adjustSize()
        self.resize(WIDTH_PX, self.height())
        self.move(QPoint((self.parentWidget().width() - WIDTH_PX) // 2, 70))
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        return super().eventFilter(watched, event)

    def _take(self) -> None:
        name = clean_name(self.line.text())
        if name:
            self.hide()
            self._done(name)
