"""The sign of a drill: chevrons, the word in both languages, a colour that means nothing else on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartcity_console.console.theme import colour, font

WORD = "DRILL 훈련"
"""Not translated: whoever passes a screen must read it, whatever its language is set to."""

HEIGHT_PX = 24
CHEVRON_PX = 12.0
PAD_PX = 16.0


class DrillRibbon(QWidget):
    """A band as wide as its place; `show_text` says what stands beside the word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drill_ribbon")
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(WORD)
        self._left, self._right = "", ""

    def show_text(self, left: str, right: str = "") -> None:
        """`left` follows the word (the scenario's title); `right` stands at the end (the drill's time, a pause)."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.setAccessibleName(" · ".join(part for part in (WORD, left, right) if part))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(int(self._word_px()), HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT_PX)

    def _word_px(self) -> float:
        return QFontMetricsF(font(14, bold=True)).horizontalAdvance(WORD) + 6 * CHEVRON_PX + 2 * PAD_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("drill"))
        middle = self.width() / 2.0
        half = self._word_px() / 2.0
        self._paint_chevrons(painter, 0.0, middle - half + 2 * CHEVRON_PX, forward=True)
        self._paint_chevrons(painter, middle + half - 2 * CHEVRON_PX, float(self.width()), forward=False)
        painter.setPen(colour("on_accent"))
        painter.setFont(font(14, bold=True))
        painter.drawText(QRectF(middle - half, 0.0, 2 * half, HEIGHT_PX), Qt.AlignmentFlag.AlignCenter, WORD)
        self._paint_side(painter, self._left, PAD_PX, middle - half, Qt.AlignmentFlag.AlignLeft)
        self._paint_side(painter, self._right, middle + half, self.width() - PAD_PX, Qt.AlignmentFlag.AlignRight)

    def _paint_chevrons(self, painter: QPainter, left: float, right: float, *, forward: bool) -> None:
        """Paint slanted stripes; they lean towards the word."""
        painter.save()
        painter.setClipRect(QRectF(left, 0.0, max(0.0, right - left), HEIGHT_PX))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("drill_deep", 0.30))
        lean = HEIGHT_PX if forward else -HEIGHT_PX
        at = left - 2 * HEIGHT_PX
        while at < right + 2 * HEIGHT_PX:
            corners = ((at, HEIGHT_PX), (at + lean, 0), (at + lean + CHEVRON_PX, 0), (at + CHEVRON_PX, HEIGHT_PX))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
            at += 2 * CHEVRON_PX
        painter.restore()

    def _paint_side(self, painter: QPainter, text: str, left: float, right: float, side: Qt.AlignmentFlag) -> None:
        """Paint words on a plate of the ground, so that no stripe runs through them."""
        room = right - left - 4.0
        face = font(13, bold=True)
        if not text or room < 40.0:
            return
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, room - 12.0)
        width = QFontMetricsF(face).horizontalAdvance(shown) + 12.0
        at = left if side is Qt.AlignmentFlag.AlignLeft else right - width
        plate = QRectF(at, 2.0, width, HEIGHT_PX - 4.0)
        painter.fillRect(plate, colour("drill"))
        painter.setFont(face)
        painter.setPen(colour("on_accent"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, shown)
