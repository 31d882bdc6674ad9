"""The on-screen stick: pulled with the mouse or a pen, it comes back when it is let go."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartcity_console.console.theme import colour

SIDE_PX, KNOB_SHARE, DEAD_SHARE = 168, 0.24, 0.08


class Stick(QWidget):
    """`pulled(pan, tilt)`, shares -1..1; (0, 0) when it is let go, disabled or hidden."""

    pulled = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self._knob = QPointF(0.0, 0.0)  # shares of the reach, y downwards
        self._is_pulled = False
        self.setFixedSize(QSize(SIDE_PX, SIDE_PX))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def release(self) -> None:
        """Let the stick go."""
        if self._is_pulled:
            self._is_pulled = False
            self._knob = QPointF(0.0, 0.0)
            self.pulled.emit(0.0, 0.0)
            self.update()

    def setEnabled(self, on: bool) -> None:
        super().setEnabled(on)
        self.setCursor(Qt.CursorShape.OpenHandCursor if on else Qt.CursorShape.ForbiddenCursor)
        if not on:
            self.release()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_pulled = True
            self._pull(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_pulled:
            self._pull(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.release()

    def hideEvent(self, event: QHideEvent) -> None:
        self.release()
        super().hideEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.release()
        super().focusOutEvent(event)

    def _reach_px(self) -> float:
        return SIDE_PX / 2.0 * (1.0 - KNOB_SHARE) - 4.0

    def _pull(self, at: QPointF) -> None:
        x, y = (at.x() - SIDE_PX / 2.0) / self._reach_px(), (at.y() - SIDE_PX / 2.0) / self._reach_px()
        length = math.hypot(x, y)
        scale = 1.0 / length if length > 1.0 else 1.0
        self._knob = QPointF(x * scale, y * scale)
        self.pulled.emit(_response(self._knob.x()), _response(-self._knob.y()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, reach = QPointF(SIDE_PX / 2.0, SIDE_PX / 2.0), self._reach_px()
        on = self.isEnabled()
        painter.setPen(QPen(colour("line_strong"), 1.5))
        painter.setBrush(colour("well"))
        painter.drawEllipse(middle, SIDE_PX / 2.0 - 2, SIDE_PX / 2.0 - 2)
        self._arrows(painter, middle)
        painter.setPen(QPen(colour("accent_edge" if on else "line_strong"), 1.5))
        painter.setBrush(colour("accent" if self._is_pulled else "accent_strong") if on else colour("panel_raised"))
        radius = SIDE_PX / 2.0 * KNOB_SHARE
        painter.drawEllipse(middle + self._knob * reach, radius, radius)
        painter.end()

    def _arrows(self, painter: QPainter, middle: QPointF) -> None:
        """Small marks for up, down, left, right."""
        painter.setPen(QPen(colour("text_dim" if self.isEnabled() else "line_strong"), 2.0))
        far = SIDE_PX / 2.0 - 15
        for angle in (0, 90, 180, 270):
            painter.save()
            painter.translate(middle)
            painter.rotate(angle)
            painter.drawPolyline([QPointF(far - 5, -5), QPointF(far, 0), QPointF(far - 5, 5)])
            painter.restore()


def _response(share: float) -> float:
    """Fine near the middle, fast at the rim: the square of the pull, with a dead zone."""
    if abs(share) < DEAD_SHARE:
        return 0.0
    return math.copysign(((abs(share) - DEAD_SHARE) / (1.0 - DEAD_SHARE)) ** 2, share)
