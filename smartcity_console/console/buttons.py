"""A button of an operation: its label, its key as a key cap, and why it is not to be had."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton

from smartcity_console.console.operations import Operation, SeatState
from smartcity_console.console.runner import Runner
from smartcity_console.console.theme import colour, font

CAP_PAD_PX = 5
GAP_PX = 8
SMALLEST_PX = 11


def key_text(shortcut: str) -> str:
    """Return a key as the operator's keyboard names it."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


class OperationButton(QPushButton):
    """Runs one operation. The label and availability come from the operation alone."""

    def __init__(self, operation: Operation, runner: Runner, *, size_px: int = 14, height_px: int = 34) -> None:
        super().__init__()
        self.operation = operation
        self._size_px = size_px
        self._fit(size_px, bold=False)
        self._second = ""
        self.beside: tuple[OperationButton, ...] = ()
        self.setObjectName(f"button:{operation.id}")
        self.setMinimumHeight(height_px)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: runner.run(operation.id))

    def refresh(self, state: SeatState, second_line: str = "", label: str = "") -> None:
        """Take over label (unless given), availability and reason; `second_line` stands small under the label."""
        reason = self.operation.available(state)
        whole, key = label or self.operation.label(), key_text(self.operation.shortcut)
        self._second = second_line
        self.setText(label or self.operation.short())
        self.setEnabled(reason is None)
        self.setToolTip(reason.text if reason else f"{whole} ({key})")
        self.setAccessibleName(whole)
        self.setAccessibleDescription(reason.text if reason else second_line)
        self.update()

    def set_emphasis(self, *, strong: bool = False, bold: bool = False) -> None:
        """Mark the button as the likely next act (`strong`), or as the chosen one (`bold`)."""
        self._fit(self._size_px, bold=bold or strong)
        if self.property("strong") != strong:
            self.setProperty("strong", strong)
            self.style().unpolish(self)
            self.style().polish(self)

    def _fit(self, size_px: int, *, bold: bool) -> None:
        self._face, self._cap_face = font(size_px, bold=bold), font(max(10, size_px - 4))

    def fitting_px(self) -> int:
        """Return the largest size, down to the smallest readable one, in which label and key fit the width."""
        bold = self._face.bold()
        for size_px in range(self._size_px, SMALLEST_PX, -1):
            self._fit(size_px, bold=bold)
            if self._content_px() + 10 <= self.width():
                return size_px
        return SMALLEST_PX

    def _shrink_to_width(self) -> None:
        """Take the size that fits here and in the buttons that stand beside it."""
        size_px = min(button.fitting_px() for button in (self, *self.beside))
        self._fit(size_px, bold=self._face.bold())

    def sizeHint(self) -> QSize:
        self._fit(self._size_px, bold=self._face.bold())
        return QSize(self._content_px() + 28, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        self._fit(SMALLEST_PX, bold=self._face.bold())
        return QSize(self._content_px() + 12, self.minimumHeight())

    def changeEvent(self, event: QEvent) -> None:
        self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        self._shrink_to_width()
        painter.setPen(colour("text" if self.isEnabled() else "text_off"))
        first = self.rect().adjusted(0, 0, 0, -self.height() * 2 // 5 + 6) if self._second else self.rect()
        self._paint_label(painter, first)
        if self._second:
            self._paint_second(painter)

    def _paint_label(self, painter: QPainter, box: QRect) -> None:
        left = max(4, (self.width() - self._content_px()) // 2)
        text_px = QFontMetrics(self._face).horizontalAdvance(self.text())
        painter.setFont(self._face)
        painter.drawText(QRect(left, box.top(), text_px + 2, box.height()), _FLAGS, self.text())
        if cap := key_text(self.operation.shortcut):
            self._paint_cap(painter, cap, left + text_px + GAP_PX, box)

    def _paint_cap(self, painter: QPainter, cap: str, left: int, box: QRect) -> None:
        metrics = QFontMetrics(self._cap_face)
        height = metrics.height() + 1
        cap_box = QRect(
            left, box.center().y() - height // 2 + 1, metrics.horizontalAdvance(cap) + 2 * CAP_PAD_PX, height
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._cap_face)
        painter.setPen(colour("text_dim" if self.isEnabled() else "text_off"))
        painter.drawText(cap_box, int(Qt.AlignmentFlag.AlignCenter), cap)
        painter.setPen(colour("neutral"))
        painter.drawRoundedRect(cap_box, 3, 3)

    def _paint_second(self, painter: QPainter) -> None:
        face = font(12)
        box = self.rect().adjusted(8, self.height() // 2 + 4, -8, -5)
        text = QFontMetrics(face).elidedText(self._second, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(face)
        painter.setPen(colour("text_dim" if self.isEnabled() else "text_off"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _content_px(self) -> int:
        cap = key_text(self.operation.shortcut)
        cap_px = QFontMetrics(self._cap_face).horizontalAdvance(cap) + 2 * CAP_PAD_PX + GAP_PX if cap else 0
        return QFontMetrics(self._face).horizontalAdvance(self.text()) + cap_px


_FLAGS = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
