"""The cameras that see a spot, ranked, each with the reason for its rank."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate


@dataclass(frozen=True)
class RankLine:
    """A camera of the list and why it stands there."""

    camera_id: str
    name: str
    why: str
    sure: bool = True  # known to see it, now or after turning


WIDE_PX, MOST_ROWS = 400, 8
SIDES_PX, PADDING_PX = 72, 18  # of a row
FRAME_PX = 16


class SightPanel(QFrame):
    """`chosen(camera_id)` follows the current row; `left` when the operator is done."""

    chosen = Signal(str)
    wall_wanted = Signal()
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
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.title)
        column.addWidget(self.rows)
        self.button = QPushButton(self)
        self.button.clicked.connect(self.wall_wanted)
        column.addWidget(self.button)
        self.rows.itemActivated.connect(lambda _item: self.wall_wanted.emit())
        self.rows.currentItemChanged.connect(self._choose)

    def show_ranked(self, lines: list[RankLine]) -> None:
        """List cameras 1..n in rank order."""
        self.rows.blockSignals(True)
        self.rows.clear()
        for number, line in enumerate(lines, start=1):
            item = QListWidgetItem(f"{number} · {line.name}\n{line.why}")
            item.setData(Qt.ItemDataRole.UserRole, line.camera_id)
            item.setToolTip(line.why)
            item.setSizeHint(QSize(0, self._height_of(line)))
            self.rows.addItem(item)
        self.rows.blockSignals(False)
        self.title.setText(_title(lines))
        self.setAccessibleName(self.title.text())
        self.rows.setFixedHeight(sum(self._height_of(line) for line in lines[:MOST_ROWS]) + FRAME_PX)
        self.rows.setVisible(bool(lines))
        self.button.setText(translate("Map", "Show on the wall (Enter)"))
        self.button.setVisible(bool(lines))
        self.adjustSize()

    def _height_of(self, line: RankLine) -> int:
        """Return a row's height: a reason is never cut short, so it takes the lines that it needs."""
        room = QRect(0, 0, WIDE_PX - SIDES_PX, 400)
        wrapped = Qt.TextFlag.TextWordWrap
        metrics = self.rows.fontMetrics()
        return (
            metrics.boundingRect(room, wrapped, line.name).height()
            + PADDING_PX
            + metrics.boundingRect(room, wrapped, line.why).height()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _title(lines: list[RankLine]) -> str:
    """Return what the list comes to; a camera that only may see the spot is not counted as one that does."""
    sure = sum(line.sure for line in lines)
    told = [translate("Map", "Cameras that see this spot: {count}").format(count=sure)] if sure else []
    if sure < len(lines):
        told.append(translate("Map", "may see it: {count}").format(count=len(lines) - sure))
    return " · ".join(told or [translate("Map", "No camera sees this spot")])
