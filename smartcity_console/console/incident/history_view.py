"""The history as a virtualised list: time, then words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartcity_console.console import history
from smartcity_console.console.language import translate
from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text
from smartcity_console.model.incident import Incident, LogLine

LINE_PX = 21
TIME_PX = 62
LINE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Lines of one incident; a longer log of the same incident only adds rows."""

    def __init__(self) -> None:
        super().__init__()
        self._incident_id = ""
        self._lines: tuple[LogLine, ...] = ()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == LINE:
            return line
        texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
        if role not in texts:
            return None
        told = f"{clock_text(line.at)} {history.sentence(line)}"
        return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told

    def show(self, incident: Incident | None) -> bool:
        """Show an incident's log; return whether there was anything new."""
        lines = incident.log if incident else ()
        same = incident is not None and incident.id == self._incident_id and len(lines) >= len(self._lines)
        if same and len(lines) == len(self._lines):
            return False
        self._append(lines) if same else self._replace(incident.id if incident else "", lines)
        return True

    def _append(self, lines: tuple[LogLine, ...]) -> None:
        self.beginInsertRows(QModelIndex(), len(self._lines), len(lines) - 1)
        self._lines = lines
        self.endInsertRows()

    def _replace(self, incident_id: str, lines: tuple[LogLine, ...]) -> None:
        self.beginResetModel()
        self._incident_id, self._lines = incident_id, lines
        self.endResetModel()


class LineDelegate(QStyledItemDelegate):
    """`14:03:04 words`; what went wrong is red and says so."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        return QSize(option.rect.width(), LINE_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: LogLine = index.data(LINE)
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect, colour("selected"))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
        painter.setFont(font(13, bold=True))
        painter.setPen(colour("text"))
        painter.drawText(QRect(rect.left(), rect.top(), TIME_PX, LINE_PX), flags, clock_text(line.at))
        face = font(13)
        box = rect.adjusted(TIME_PX, 0, -2, 0)
        text = QFontMetrics(face).elidedText(history.sentence(line), Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(face)
        painter.setPen(colour("danger_text" if history.is_loud(line) else "text_dim"))
        painter.drawText(box, flags, text)


class HistoryView(QListView):
    """Keeps its newest line in sight unless the operator scrolled up."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = HistoryModel()
        self.setModel(self.lines)
        self.setItemDelegate(LineDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Strip", "History of the incident"))
        self.viewport().update()

    def show_incident(self, incident: Incident | None) -> None:
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - LINE_PX
        if self.lines.show(incident) and at_end:
            self.scrollToBottom()
