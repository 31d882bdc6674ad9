"""The bar over what the ring holds of a camera: recorded stretches, gaps, playhead. A press or a drag goes there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text
from smartcity_console.console.wall.ring_port import Span

SHORTEST_S = 30.0
_EDGE_PX = 6


class ScrubBar(QWidget):
    """Shows the ring from its oldest second to now."""

    sought = Signal(object)  # datetime

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._spans: tuple[Span, ...] = ()
        self._playhead: datetime | None = None
        self._from = self._to = datetime.fromtimestamp(0).astimezone()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_state(self, spans: Sequence[Span], playhead: datetime, now: datetime) -> None:
        """Show what is recorded and where the playhead is."""
        oldest = min([playhead, *(start for start, _ in spans)])
        state = (tuple(spans), playhead, min(oldest, now - timedelta(seconds=SHORTEST_S)), max(now, playhead))
        if state != (self._spans, self._playhead, self._from, self._to):
            self._spans, self._playhead, self._from, self._to = state
            self.setAccessibleName(f"{translate('Wall', 'Recorded time')}: {clock_text(playhead)}")
            self.update()

    def time_at(self, x: float) -> datetime:
        """Return the time under a pixel."""
        part = (x - _EDGE_PX) / max(1, self.width() - 2 * _EDGE_PX)
        return self._from + (self._to - self._from) * min(1.0, max(0.0, part))

    def _x(self, at: datetime) -> float:
        part = (at - self._from) / max(self._to - self._from, timedelta(seconds=1))
        return _EDGE_PX + (self.width() - 2 * _EDGE_PX) * min(1.0, max(0.0, part))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.time_at(event.position().x())
        QToolTip.showText(event.globalPosition().toPoint(), clock_text(at), self)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("well"))
        for start, end in self._spans:
            left, right = self._x(start), self._x(end)
            painter.fillRect(QRectF(left, 9, max(1.0, right - left), self.height() - 14), colour("accent_strong"))
        painter.setFont(font(11))
        painter.setPen(colour("text"))
        room = self.rect().adjusted(_EDGE_PX + 4, 4, -_EDGE_PX - 4, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), clock_text(self._from))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), clock_text(self._to))
        if self._playhead is not None:
            self._paint_playhead(painter, self._x(self._playhead))

    def _paint_playhead(self, painter: QPainter, x: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("warn"))
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 0), QPointF(x + 6, 0), QPointF(x, 9)]))
        painter.drawRect(QRectF(x - 1, 6, 2, self.height() - 8))
