"""The drill's time as a strip: marks by second on lanes, the line of now; injects can be dragged, a replay scrubbed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import span_text

RULER_PX, LANE_PX, LEFT_PX, PAD_PX = 24, 28, 92, 18
MARK_PX = 7.0
GRAB_PX = 11.0
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800)
LEAST_STEP_PX = 70.0
FINE_S, COARSE_S = 1.0, 10.0


@dataclass(frozen=True)
class StripMark:
    """`shape`: circle, ring, square, diamond, triangle, bars or flag. `movable`: it may be dragged to another second."""

    id: str
    at_s: float
    lane: int
    shape: str
    tone: str
    text: str
    movable: bool = False
    tip: str = ""


class TimeStrip(QWidget):
    """`picked(id)`; `moved(id, second)` once, when a drag ends; `scrubbed(second)` while the line of now is pulled."""

    picked = Signal(str)
    moved = Signal(str, float)
    scrubbed = Signal(float)

    def __init__(self, lanes: Sequence[str] = ()) -> None:
        super().__init__()
        self._lanes: tuple[str, ...] = tuple(lanes)
        self._marks: tuple[StripMark, ...] = ()
        self._length_s, self._now_s = 60.0, None
        self._chosen, self._scrubs = "", False
        self._drag: tuple[str, float] | None = None  # a mark's id and its second under the pointer
        self._pulling = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lanes(self, lanes: Sequence[str]) -> None:
        self._lanes = tuple(lanes)
        self.updateGeometry()
        self.update()

    def show_marks(self, marks: Sequence[StripMark], length_s: float, now_s: float | None) -> None:
        """Show marks over a length; `now_s` None: no line of now."""
        self._marks, self._length_s, self._now_s = tuple(marks), max(10.0, length_s), now_s
        self.update()

    def show_now(self, now_s: float | None) -> None:
        self._now_s = now_s
        self.update()

    def choose(self, mark_id: str) -> None:
        self._chosen = mark_id
        self.update()

    def let_scrub(self, scrubs: bool) -> None:
        """Let the line of now be pulled and stepped by keys."""
        self._scrubs = scrubs

    @property
    def marks(self) -> tuple[StripMark, ...]:
        return self._marks

    def sizeHint(self) -> QSize:
        return QSize(600, RULER_PX + LANE_PX * max(1, len(self._lanes)) + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.sizeHint().height())

    def x_of(self, second: float) -> float:
        return LEFT_PX + PAD_PX + (self.width() - LEFT_PX - 2 * PAD_PX) * second / self._length_s

    def second_at(self, x: float) -> float:
        room = max(1.0, self.width() - LEFT_PX - 2 * PAD_PX)
        return min(self._length_s, max(0.0, (x - LEFT_PX - PAD_PX) / room * self._length_s))

    def y_of(self, lane: int) -> float:
        return RULER_PX + LANE_PX * (lane + 0.5)

    # ---- pointer and keys ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        mark = self._mark_at(event.position())
        if mark is not None:
            self.choose(mark.id)
            self.picked.emit(mark.id)
            self._drag = (mark.id, mark.at_s) if mark.movable else None
        elif self._scrubs:
            self._pulling = True
            self._scrub_to(self.second_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = (self._drag[0], float(round(self.second_at(event.position().x()))))
            self.update()
        elif self._pulling:
            self._scrub_to(self.second_at(event.position().x()))
        else:
            self._hover(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        drag, self._drag, self._pulling = self._drag, None, False
        if drag is not None and any(mark.id == drag[0] and mark.at_s != drag[1] for mark in self._marks):
            self.moved.emit(*drag)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the chosen mark, or the line of now, by ten seconds; with Shift by one."""
        step = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        step *= FINE_S if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else COARSE_S
        mark = next((mark for mark in self._marks if mark.id == self._chosen and mark.movable), None)
        if mark is not None:
            self.moved.emit(mark.id, min(self._length_s, max(0.0, mark.at_s + step)))
        elif self._scrubs:
            self._scrub_to(min(self._length_s, max(0.0, (self._now_s or 0.0) + step)))

    def _scrub_to(self, second: float) -> None:
        self.show_now(second)
        self.scrubbed.emit(second)

    def _hover(self, event: QMouseEvent) -> None:
        mark = self._mark_at(event.position())
        tip = plain_tip(mark.tip or f"{span_text(mark.at_s)} {mark.text}") if mark is not None else ""
        if tip:
            QToolTip.showText(event.globalPosition().toPoint(), tip, self)
        self.setCursor(Qt.CursorShape.SizeHorCursor if mark and mark.movable else Qt.CursorShape.ArrowCursor)

    def _mark_at(self, at: QPointF) -> StripMark | None:
        near = [
            (abs(self.x_of(mark.at_s) - at.x()), mark)
            for mark in self._marks
            if abs(self.y_of(mark.lane) - at.y()) <= LANE_PX / 2
        ]
        away, mark = min(near, key=lambda pair: pair[0], default=(GRAB_PX + 1, None))
        return mark if away <= GRAB_PX else None

    # ---- paint ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("well"))
        self._paint_ruler(painter)
        self._paint_lanes(painter)
        if self._now_s is not None:
            self._paint_now(painter, self._now_s)
        for lane in range(len(self._lanes)):
            self._paint_marks(painter, [mark for mark in self._marks if mark.lane == lane])
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_ruler(self, painter: QPainter) -> None:
        px_per_s = (self.width() - LEFT_PX - 2 * PAD_PX) / self._length_s
        step = next((step for step in STEPS_S if step * px_per_s >= LEAST_STEP_PX), STEPS_S[-1])
        painter.setFont(font(11))
        for second in range(0, int(self._length_s) + 1, step):
            x = round(self.x_of(second)) + 0.5
            painter.setPen(QPen(colour("line_strong"), 1.0))
            painter.drawLine(QPointF(x, RULER_PX - 5), QPointF(x, self.height()))
            painter.setPen(colour("text_dim"))
            painter.drawText(QRectF(x - 40, 2, 80, RULER_PX - 6), Qt.AlignmentFlag.AlignCenter, span_text(second))

    def _paint_lanes(self, painter: QPainter) -> None:
        painter.setFont(font(12))
        for lane, name in enumerate(self._lanes):
            top = RULER_PX + LANE_PX * lane
            painter.setPen(QPen(colour("line_strong"), 1.0))
            painter.drawLine(QPointF(0, top + 0.5), QPointF(self.width(), top + 0.5))
            painter.setPen(colour("text_dim"))
            box = QRectF(12, top, LEFT_PX - 14, LANE_PX)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)

    def _paint_now(self, painter: QPainter, now_s: float) -> None:
        x = self.x_of(min(now_s, self._length_s))
        painter.fillRect(QRectF(LEFT_PX, RULER_PX, max(0.0, x - LEFT_PX), self.height()), colour("accent", 0.07))
        painter.setPen(QPen(colour("drill"), 2.0))
        painter.drawLine(QPointF(x, 4), QPointF(x, self.height()))
        painter.setBrush(colour("drill"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 2), QPointF(x + 6, 2), QPointF(x, 11)]))

    def _paint_marks(self, painter: QPainter, marks: list[StripMark]) -> None:
        """Paint a lane's marks; a label stands only where the next mark leaves it room."""
        placed = sorted(marks, key=self._second_of)
        for number, mark in enumerate(placed):
            x, y = self.x_of(self._second_of(mark)), self.y_of(mark.lane)
            chosen = mark.id == self._chosen
            if chosen:
                painter.setPen(QPen(colour("accent"), 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(x - 11, y - 11, 22, 22), 4, 4)
            paint_mark(painter, mark.shape, mark.tone, QPointF(x, y))
            room = (
                (self.x_of(self._second_of(placed[number + 1])) if number + 1 < len(placed) else self.width()) - x - 24
            )
            self._paint_label(painter, mark, x + 14, y, room)

    def _paint_label(self, painter: QPainter, mark: StripMark, x: float, y: float, room: float) -> None:
        if room < 26:
            return
        face = font(12)
        painter.setFont(face)
        dragged = self._drag is not None and self._drag[0] == mark.id
        text = f"{span_text(self._second_of(mark))} {mark.text}" if dragged else mark.text
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setPen(
            colour("accent" if dragged else mark.tone if mark.tone in ("warn", "danger_text") else "text_dim")
        )
        painter.drawText(QRectF(x, y - 12, room, 24), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _second_of(self, mark: StripMark) -> float:
        return self._drag[1] if self._drag is not None and self._drag[0] == mark.id else mark.at_s


def paint_mark(painter: QPainter, shape: str, tone: str, at: QPointF) -> None:
    """Paint one of the strip's shapes."""
    ink = colour(tone)
    painter.setPen(QPen(ink, 2.0))
    painter.setBrush(ink)
    r = MARK_PX
    match shape:
        case "ring":
            painter.setBrush(colour("well"))
            painter.drawEllipse(at, r - 1, r - 1)
        case "circle":
            painter.drawEllipse(at, r - 1, r - 1)
        case "square":
            painter.drawRect(QRectF(at.x() - r + 2, at.y() - r + 2, 2 * r - 4, 2 * r - 4))
        case "bars":
            painter.drawRect(QRectF(at.x() - r + 2, at.y() - r + 1, 3, 2 * r - 2))
            painter.drawRect(QRectF(at.x() + 2, at.y() - r + 1, 3, 2 * r - 2))
        case "flag":
            painter.drawLine(at + QPointF(-4, -r), at + QPointF(-4, r))
            painter.drawPolygon(QPolygonF([at + QPointF(-4, -r), at + QPointF(6, -r + 4), at + QPointF(-4, 1)]))
        case "triangle":
            painter.drawPolygon(QPolygonF([at + QPointF(0, -r), at + QPointF(r, r - 1), at + QPointF(-r, r - 1)]))
        case "cross":
            painter.drawLine(at + QPointF(-r + 2, -r + 2), at + QPointF(r - 2, r - 2))
            painter.drawLine(at + QPointF(-r + 2, r - 2), at + QPointF(r - 2, -r + 2))
        case _:
            painter.drawPolygon(
                QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
            )
