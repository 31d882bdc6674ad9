"""The card beside the pointer: what lies there, in plain text."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour, font

PADDING_PX, LINE_PX, WIDEST_PX, AWAY_PX = 10.0, 19.0, 340.0, 16.0


def card_rect(hit: Hit, view: MapView) -> QRectF:
    """Return where the card stands: right below its mark, turned over where the screen ends."""
    title, body = QFontMetricsF(font(13, bold=True)), QFontMetricsF(font(12))
    widest = max([title.horizontalAdvance(hit.title), *(body.horizontalAdvance(line) for line in hit.lines)])
    width = min(widest, WIDEST_PX) + 2 * PADDING_PX
    height = LINE_PX * (1 + len(hit.lines)) + 2 * PADDING_PX - 4.0
    left, top = hit.x_px + AWAY_PX, hit.y_px + AWAY_PX
    if left + width > view.width_px - 4:
        left = hit.x_px - AWAY_PX - width
    if top + height > view.height_px - 4:
        top = hit.y_px - AWAY_PX - height
    return QRectF(round(max(4.0, left)), round(max(4.0, top)), round(width), round(height))


def paint_card(painter: QPainter, hit: Hit, view: MapView) -> None:
    """Paint the card of what lies under the pointer."""
    box = card_rect(hit, view)
    painter.setPen(QPen(colour("line_strong"), 1.0))
    painter.setBrush(colour("panel_raised", 0.97))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0)
    _line(painter, box, 0, hit.title, bold=True)
    for number, line in enumerate(hit.lines, start=1):
        _line(painter, box, number, line, bold=False)


def _line(painter: QPainter, box: QRectF, number: int, text: str, *, bold: bool) -> None:
    painter.setFont(font(13 if bold else 12, bold=bold))
    painter.setPen(colour("text" if bold else "text_dim"))
    room = QRectF(box.left() + PADDING_PX, box.top() + 7.0 + number * LINE_PX, box.width() - 2 * PADDING_PX, LINE_PX)
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1.0)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def centre_of(hit: Hit) -> QPointF:
    return QPointF(hit.x_px, hit.y_px)
