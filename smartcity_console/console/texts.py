"""Labels that take outside text as it is: plain, never markup."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from smartcity_console.console.theme import COLOURS, font


def label(size_px: int, *, bold: bool = False, tone: str = "", wrap: bool = False) -> QLabel:
    """Return an empty plain-text label; `tone` is one of the style sheet's."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(font(size_px, bold=bold))
    made.setWordWrap(wrap)
    set_tone(made, tone)
    return made


def plain_tip(text: str) -> str:
    """Return a text for a tooltip: Qt takes what looks like markup for markup there, and outside text is data."""
    return "<p>" + html.escape(text).replace("\n", "<br>") + "</p>" if set(text) & set("<&") else text


def set_tone(target: QLabel, tone: str) -> None:
    """Change a label's tone; the style is only worked out again when it is another one."""
    if target.property("tone") != tone:
        target.setProperty("tone", tone)
        target.style().unpolish(target)
        target.style().polish(target)


def rule(vertical: bool = False) -> QFrame:
    """Return a hairline."""
    line = QFrame()
    line.setStyleSheet(f"background: {COLOURS['line']}; border: none;")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class ElidedLabel(QLabel):
    """A plain one-line label that is cut with an ellipsis and tells the rest in its tooltip."""

    def __init__(self, size_px: int, *, bold: bool = False, tone: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(size_px, bold=bold))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tone(self, tone)

    def let_wrap(self, wrap: bool) -> None:
        """Go on in a second line instead of being cut, where there is room for it."""
        if wrap != self.wordWrap():
            self.setWordWrap(wrap)
            self._tell_rest()

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_rest()

    def _tell_rest(self) -> None:
        cut = not self.wordWrap() and self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(plain_tip(self.text()) if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.wordWrap():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
