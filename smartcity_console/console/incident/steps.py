"""The five steps of an incident, the one it stands at marked by ground and by word."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.theme import colour, font
from smartcity_console.model.incident import Step

HEIGHT_PX = 30
GAP_PX = 2
_ORDER = tuple(Step)


def _size_px(room_px: float) -> int:
    """Return the largest size, 13 to 10 pixels, in which the longest of the words fits a segment."""
    texts = [words.step_word(step) for step in Step]
    for size_px in range(13, 10, -1):
        metrics = QFontMetrics(font(size_px, bold=True))
        if max(metrics.horizontalAdvance(text) for text in texts) <= room_px - 4:
            return size_px
    return 10


class StepBar(QWidget):
    """Shows; it is not pressed: a step is reached by what is done, not by a click on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self._step: Step | None = None

    def show_step(self, step: Step | None) -> None:
        self._step = step
        word = words.step_word(step) if step else translate("Strip", "none")
        self.setAccessibleName(translate("Strip", "Step: {step}").format(step=word))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        reached = _ORDER.index(self._step) if self._step else -1
        width = (self.width() - GAP_PX * (len(_ORDER) - 1)) / len(_ORDER)
        size_px = _size_px(width)
        for number, step in enumerate(_ORDER):
            box = QRect(round(number * (width + GAP_PX)), 0, round(width), HEIGHT_PX)
            self._segment(painter, box, step, number - reached, size_px)

    def _segment(self, painter: QPainter, box: QRect, step: Step, ahead: int, size_px: int) -> None:
        """Draw one step; `ahead` < 0 lies behind, 0 is where the incident stands."""
        ground = "accent" if ahead == 0 else "line_strong" if ahead < 0 else "panel_raised"
        painter.fillRect(box, colour(ground))
        painter.setPen(colour("on_accent" if ahead == 0 else "text" if ahead < 0 else "text_dim"))
        painter.setFont(font(size_px, bold=ahead == 0))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words.step_word(step))
