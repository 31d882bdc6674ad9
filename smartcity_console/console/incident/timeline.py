"""The evidence span on a time line: two handles, moved by mouse or by key; the alarm stands on it as a mark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text

HEIGHT_PX = 64
GRIP_PX = 10
MARGIN_S = 30.0
KEY_STEP_S = 1.0
KEY_PAGE_S = 10.0
_NOTHING = datetime.fromtimestamp(0, UTC)


class Timeline(QWidget):
    """`start_set` / `end_set` carry a UTC time when a handle is let go or moved by a key."""

    start_set = Signal(object)
    end_set = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._alert: datetime | None = None
        self._start = self._end = self._now = self._left = self._right = _NOTHING
        self._edge = "start"
        self._dragging = False
        self._editable = False

    def show_span(self, alert: datetime, start: datetime, end: datetime, now: datetime, *, editable: bool) -> None:
        """Show a span around an alarm. While a handle is held, the operator's hand wins."""
        self._editable = editable
        if self._dragging:
            return
        self._alert, self._start, self._end, self._now = alert, start, end, now
        margin = timedelta(seconds=MARGIN_S)
        self._left = min(start, alert - margin) - margin
        self._right = max(end, alert + 2 * margin) + margin
        self._say()
        self.update()

    def clear(self) -> None:
        self._alert, self._dragging, self._editable = None, False, False
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT_PX)

    def _say(self) -> None:
        text = translate("Timeline", "Evidence from {start} to {end}")
        self.setAccessibleName(text.format(start=clock_text(self._start), end=clock_text(self._end)))
        self.setToolTip(translate("Timeline", "Drag a handle, or: arrow keys move it, Tab goes to the other one."))

    # ---- time and place --------------------------------------------------------------------------------------------

    def x_of(self, at: datetime) -> int:
        """Return the pixel of a time."""
        share = (at - self._left) / (self._right - self._left)
        return round(1 + share * (self.width() - 3))

    def at_x(self, x_px: float) -> datetime:
        """Return the time of a pixel, to the tenth of a second."""
        share = min(max((x_px - 1) / max(self.width() - 3, 1), 0.0), 1.0)
        tenths = round((self._right - self._left).total_seconds() * share * 10)
        return self._left + timedelta(seconds=tenths / 10)

    # ---- hand ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self._edge_near(event.position().x())
        if near and self._editable:
            self._edge, self._dragging = near, True
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._move(self.at_x(event.position().x()))
        grip = self._editable and self._edge_near(event.position().x())
        self.setCursor(Qt.CursorShape.SizeHorCursor if grip or self._dragging else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        if self._dragging:
            self._dragging = False
            self._send()

    def _edge_near(self, x_px: float) -> str:
        if self._alert is None:
            return ""
        gaps = {"start": abs(x_px - self.x_of(self._start)), "end": abs(x_px - self.x_of(self._end))}
        edge = min(gaps, key=lambda name: gaps[name])
        return edge if gaps[edge] <= GRIP_PX else ""

    def _move(self, at: datetime) -> None:
        """Move the held edge, kept on its side of the other and not into the future."""
        second = timedelta(seconds=1)
        if self._edge == "start":
            self._start = min(at, self._end - second)
        else:
            self._end = max(min(at, self._now), self._start + second)
        self._say()
        self.update()

    def _send(self) -> None:
        if self._edge == "start":
            self.start_set.emit(self._start)
        else:
            self.end_set.emit(self._end)

    # ---- keys ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tab goes to the other handle first, and out of the time line from there."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._tab(event):
            return True
        return super().event(event)

    def _tab(self, event: QKeyEvent) -> bool:
        other = {Qt.Key.Key_Tab: ("start", "end"), Qt.Key.Key_Backtab: ("end", "start")}.get(Qt.Key(event.key()))
        if other and self._edge == other[0] and self._editable:
            self._edge = other[1]
            self.update()
            return True
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self._edge = "start"
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._edge = "end"
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -KEY_STEP_S,
            Qt.Key.Key_Right: KEY_STEP_S,
            Qt.Key.Key_PageDown: -KEY_PAGE_S,
            Qt.Key.Key_PageUp: KEY_PAGE_S,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._editable or self._alert is None:
            super().keyPressEvent(event)
            return
        self._move((self._start if self._edge == "start" else self._end) + timedelta(seconds=step))
        self._send()

    # ---- picture ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("well"))
        if self._alert is not None:
            self._paint_future(painter)
            self._paint_span(painter)
            self._paint_alert(painter)
            self._paint_handle(painter, "start", self._start)
            self._paint_handle(painter, "end", self._end)
        painter.setPen(colour("line_strong"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_future(self, painter: QPainter) -> None:
        left = max(0, self.x_of(min(self._now, self._right)))
        painter.fillRect(
            QRect(left, 0, self.width() - left, self.height()),
            QBrush(colour("panel_raised"), Qt.BrushStyle.BDiagPattern),
        )

    def _paint_span(self, painter: QPainter) -> None:
        left, right = self.x_of(self._start), self.x_of(self._end)
        painter.fillRect(QRect(left, 0, right - left, self.height()), colour("selected"))

    def _paint_alert(self, painter: QPainter) -> None:
        assert self._alert is not None
        x = self.x_of(self._alert)
        painter.fillRect(QRect(x - 1, 0, 2, self.height()), colour("danger"))
        text = translate("Timeline", "Alarm {time}").format(time=clock_text(self._alert))
        painter.setFont(font(12))
        painter.setPen(colour("danger_text"))
        painter.drawText(QRect(x + 6, 4, 200, 18), int(Qt.AlignmentFlag.AlignLeft), text)

    def _paint_handle(self, painter: QPainter, edge: str, at: datetime) -> None:
        x = self.x_of(at)
        active = self.hasFocus() and self._edge == edge and self._editable
        ink = colour("text" if active else "accent" if self._editable else "neutral")
        painter.fillRect(QRect(x - 2, 0, 5 if active else 3, self.height()), ink)
        painter.setFont(font(12))
        painter.setPen(colour("text_dim"))
        box = QRect(x + 6, self.height() - 20, 90, 18) if edge == "start" else QRect(x - 96, self.height() - 20, 90, 18)
        side = Qt.AlignmentFlag.AlignLeft if edge == "start" else Qt.AlignmentFlag.AlignRight
        painter.drawText(box, int(side), clock_text(at))
