"""Paints one card of the queue. Nothing is laid out or allocated for cards that are not on the screen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.marks import paint_priority
from smartcity_console.console.queue.calm import Row
from smartcity_console.console.queue.chips import Chip
from smartcity_console.console.queue.model import CHIPS, ELAPSED, ROW
from smartcity_console.console.theme import PRIORITY_COLOUR, colour, font
from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.incident import Incident

CARD_HEIGHT_PX = 86
LINE_HEIGHT_PX = 34
BAR_PX = 5
LEFT_PX = 42
MARK_X_PX = 27
RIGHT_PX = 14
MEMBER_PX = 18  # a member of a group stands in by so much
CHIP_PAD_PX, CHIP_GAP_PX, CHIP_HEIGHT_PX = 6, 5, 19
LINES_PX = (21, 44, 66)  # centres of the three lines
PLACE_SHARE = 0.42  # of a card's second line stays the place's, however many marks there are

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CardDelegate(QStyledItemDelegate):
    """Shape and bar say the priority, words the rest."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(ROW)
        return QSize(option.rect.width(), LINE_HEIGHT_PX if row is not None and row.is_calm else CARD_HEIGHT_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row | None = index.data(ROW)
        if row is None:
            return
        painter.save()
        self._ground(painter, option, row.incident)
        if row.is_calm:
            self._line(painter, option.rect, row, index.data(ELAPSED))
        else:
            self._card(painter, option.rect, row.incident, index.data(ELAPSED), index.data(CHIPS))
        painter.restore()

    def _card(self, painter: QPainter, rect: QRect, incident: Incident, elapsed: str, marks: list[Chip]) -> None:
        paint_priority(painter, incident.priority, QPointF(MARK_X_PX, rect.top() + LINES_PX[0]), 7)
        self._first_line(painter, rect, incident, elapsed)
        room = rect.width() - LEFT_PX - RIGHT_PX
        used = self._chips(painter, rect, LINES_PX[1], marks, round(room * (1.0 - PLACE_SHARE)))
        box = QRect(LEFT_PX, rect.top() + LINES_PX[1] - 12, room - used, 24)
        painter.setPen(colour("text"))
        self._draw(painter, font(14), box, words.place(incident), _LEFT)
        self._text(painter, rect, LINES_PX[2], words.source(incident), words.state(incident), _tone(incident))

    def _line(self, painter: QPainter, rect: QRect, row: Row, elapsed: str) -> None:
        """A line of the calm screen: what, where, how many, how long the first of them waits. Only the text is ever
        cut, never a count."""
        middle, indent = LINE_HEIGHT_PX // 2, MEMBER_PX if row.is_member else 0
        paint_priority(painter, row.incident.priority, QPointF(MARK_X_PX + indent, rect.top() + middle), 6)
        right = self._right_of(painter, rect, rect.width() - RIGHT_PX, elapsed, font(13)) - 10
        if row.is_group:
            right = self._right_of(painter, rect, right, f"×{len(row.members)}", font(14, bold=True)) - 8
        if any(member.is_escalated for member in row.members):
            box = QRect(right - 18, rect.top() + middle - CHIP_HEIGHT_PX // 2, 18, CHIP_HEIGHT_PX)
            self._chip(painter, box, Chip("!", "danger", ""))
            right = box.left() - 6
        left = LEFT_PX + indent
        painter.setPen(colour("text" if row.incident.claimed_by is None else "text_dim"))
        box = QRect(left, rect.top(), right - left, LINE_HEIGHT_PX)
        self._draw(painter, font(14, bold=row.is_group), box, _line_words(row), _LEFT)

    def _right_of(self, painter: QPainter, rect: QRect, right: int, text: str, face: QFont) -> int:
        """Draw a text that ends at `right`; return where it begins."""
        width = QFontMetrics(face).horizontalAdvance(text) + 2
        painter.setPen(colour("text"))
        self._draw(painter, face, QRect(right - width, rect.top(), width, LINE_HEIGHT_PX), text, _RIGHT)
        return right - width

    def _chips(self, painter: QPainter, rect: QRect, line_px: int, marks: list[Chip], room_px: int) -> int:
        """Draw marks from the right, the gravest first to get room; return the width that they took. Those without
        room are counted."""
        face = font(12)
        metrics, shown, left = QFontMetrics(face), [], room_px
        for chip in marks:
            width = metrics.horizontalAdvance(chip.text) + 2 * CHIP_PAD_PX
            more = metrics.horizontalAdvance("+9") + CHIP_GAP_PX if len(shown) + 1 < len(marks) else 0
            if width + more > left:
                break
            shown.append((chip, width))
            left -= width + CHIP_GAP_PX
        hidden = len(marks) - len(shown)
        if hidden:
            text = f"+{hidden}"
            shown.append((Chip(text, "", text), metrics.horizontalAdvance(text) + 2 * CHIP_PAD_PX))
        at = rect.width() - RIGHT_PX
        for chip, width in reversed(shown):
            at -= width
            self._chip(painter, QRect(at, rect.top() + line_px - CHIP_HEIGHT_PX // 2, width, CHIP_HEIGHT_PX), chip)
            at -= CHIP_GAP_PX
        return rect.width() - RIGHT_PX - at if shown else 0

    def _chip(self, painter: QPainter, box: QRect, chip: Chip) -> None:
        """The gravest is filled; the others are an outline, so that a screen full of them stays quiet."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        filled = chip.tone == "danger"
        painter.setPen(Qt.PenStyle.NoPen if filled else colour(chip.tone or "neutral"))
        painter.setBrush(colour("danger") if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(colour("on_accent" if filled else chip.tone or "text_dim"))
        painter.setFont(font(12, bold=filled))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), chip.text)

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
        """The title is cut before the count is: how many alerts stand behind a card is never hidden."""
        count = words.reports(incident)
        kept_px = QFontMetrics(font(12)).horizontalAdvance(f"×{count}") + 24 if count > 1 else 0
        title = words.incident_title(incident)
        room = self._text(painter, rect, LINES_PX[0], title, elapsed, bold=True, size_px=15, kept_px=kept_px)
        if count > 1:
            self._pill(painter, rect, room, count)

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
        kept_px: int = 0,
    ) -> tuple[int, int]:
        """Draw one line, `kept_px` between both texts left free; return where the left text ends and the right begins."""
        quiet = line_px == LINES_PX[2]
        face = font(13 if quiet else size_px, bold=bold)
        right_face = font(14 if bold else 13, bold=False)
        right_px = QFontMetrics(right_face).horizontalAdvance(right) if right else 0
        left_px = rect.width() - LEFT_PX - RIGHT_PX - right_px - (10 if right else 0) - kept_px
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


def _line_words(row: Row) -> str:
    if row.is_member:
        return f"{words.place(row.incident)} · {words.source(row.incident)}"
    title = words.group_title(row.incident, row.area)
    return f"{'▾' if row.is_open else '▸'} {title}" if row.is_group else title


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
