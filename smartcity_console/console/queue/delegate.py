"""Paints one card of the queue. Nothing is laid out or allocated for cards that are not on the screen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.marks import paint_priority
from smartcity_console.console.queue.model import ELAPSED, INCIDENT
from smartcity_console.console.theme import PRIORITY_COLOUR, colour, font
from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.incident import Incident

CARD_HEIGHT_PX = 86
BAR_PX = 5
LEFT_PX = 42
MARK_X_PX = 27
RIGHT_PX = 14
LINES_PX = (21, 44, 66)  # centres of the three lines

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CardDelegate(QStyledItemDelegate):
    """Shape and bar say the priority, words the rest."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del index
        return QSize(option.rect.width(), CARD_HEIGHT_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        incident = index.data(INCIDENT)
        if incident is None:
            return
        painter.save()
        self._ground(painter, option, incident)
        paint_priority(painter, incident.priority, QPointF(MARK_X_PX, option.rect.top() + LINES_PX[0]), 7)
        self._first_line(painter, option.rect, incident, index.data(ELAPSED))
        self._text(painter, option.rect, LINES_PX[1], words.place(incident), "")
        self._text(painter, option.rect, LINES_PX[2], words.source(incident), words.state(incident), _tone(incident))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, incident: Incident) -> None:
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, colour("selected" if chosen else "panel"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour("line"))
        if chosen:
            painter.setPen(colour("accent"))
            painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -1.5))
            painter.drawRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -2.5))
        painter.fillRect(QRect(rect.left(), rect.top(), BAR_PX, rect.height() - 1), _bar(incident))

    def _first_line(self, painter: QPainter, rect: QRect, incident: Incident, elapsed: str) -> None:
        room = self._text(painter, rect, LINES_PX[0], words.incident_title(incident), elapsed, bold=True, size_px=15)
        if len(incident.alerts) > 1:
            self._pill(painter, rect, room, len(incident.alerts))

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        line_px: int,
        left: str,
        right: str,
        tone: str = "",
        *,
        bold: bool = False,
        size_px: int = 14,
    ) -> tuple[int, int]:
        """Draw one line; return where the left text ends and the right one begins."""
        quiet = line_px == LINES_PX[2]
        face = font(13 if quiet else size_px, bold=bold)
        right_face = font(14 if bold else 13, bold=False)
        right_px = QFontMetrics(right_face).horizontalAdvance(right) if right else 0
        left_px = rect.width() - LEFT_PX - RIGHT_PX - right_px - (10 if right else 0)
        box = QRect(LEFT_PX, rect.top() + line_px - 12, left_px, 24)
        painter.setPen(colour("text_dim" if quiet else "text"))
        shown = self._draw(painter, face, box, left, _LEFT)
        painter.setPen(colour(tone or ("text_dim" if quiet else "text")))
        right_box = QRect(rect.width() - RIGHT_PX - right_px - 2, box.top(), right_px + 2, 24)
        self._draw(painter, right_face, right_box, right, _RIGHT)
        return LEFT_PX + shown, rect.width() - RIGHT_PX - right_px

    def _draw(self, painter: QPainter, face: QFont, box: QRect, text: str, align: Qt.AlignmentFlag) -> int:
        """Draw a text, cut with an ellipsis where it must be; return its width."""
        metrics = QFontMetrics(face)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(face)
        painter.drawText(box, int(align | Qt.TextFlag.TextSingleLine), shown)
        return metrics.horizontalAdvance(shown)

    def _pill(self, painter: QPainter, rect: QRect, room: tuple[int, int], count: int) -> None:
        """Say how many alerts are bundled; where there is no room for the words, the bare figure."""
        face, left, right = font(12), room[0] + 8, room[1] - 8
        metrics = QFontMetrics(face)
        text = translate("Card", "{count} bundled").format(count=count)
        if left + metrics.horizontalAdvance(text) + 16 > right:
            text = f"×{count}"
        box = QRect(left, rect.top() + LINES_PX[0] - 10, metrics.horizontalAdvance(text) + 16, 20)
        if box.right() > right:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("pill"))
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(colour("text_dim"))
        painter.setFont(face)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def _bar(incident: Incident) -> QColor:
    return QColor(PRIORITY_COLOUR[incident.priority])


def _tone(incident: Incident) -> str:
    """An undelivered or refused hand-off is the one loud thing that a card can say."""
    if not incident.handoffs:
        return ""
    last = incident.handoffs[-1]
    if last.stage is HandoffStage.REFUSED:
        return "danger_text"
    return "danger_text" if last.stage is HandoffStage.REQUESTED and last.failed_attempts else ""
