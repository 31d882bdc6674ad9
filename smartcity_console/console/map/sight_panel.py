"""The cameras that see a spot, ranked, each with the reason for its rank."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.map.wording import why_line
from smartcity_console.model.camera import SeenBy

LINE_PX, WIDE_PX, MOST_ROWS = 52, 380, 8


class SightPanel(QFrame):
    """`chosen(camera_id)` follows the current row; `left` when the operator is done."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel")
        self.setAutoFillBackground(True)
        self.setFixedWidth(WIDE_PX)
        self.title, self.rows = QLabel(self), QListWidget(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.rows.setObjectName("palette")
        self.rows.setWordWrap(True)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setUniformItemSizes(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.title)
        column.addWidget(self.rows)
        self.rows.currentItemChanged.connect(self._choose)

    def show_ranked(self, seen_by: list[SeenBy]) -> None:
        """List cameras 1..n in rank order."""
        self.rows.blockSignals(True)
        self.rows.clear()
        for number, seen in enumerate(seen_by, start=1):
            item = QListWidgetItem(f"{number} · {seen.name}\n{why_line(seen)}")
            item.setData(Qt.ItemDataRole.UserRole, seen.camera_id)
            self.rows.addItem(item)
        self.rows.blockSignals(False)
        told = translate("Map", "Cameras that see this spot: {count}").format(count=len(seen_by))
        self.title.setText(told if seen_by else translate("Map", "No camera sees this spot"))
        self.setAccessibleName(self.title.text())
        self.rows.setFixedHeight(LINE_PX * min(len(seen_by), MOST_ROWS) + 8)
        self.rows.setVisible(bool(seen_by))
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
