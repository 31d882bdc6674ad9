"""What lies over a part of the screen during a drill, and follows its size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.theme import colour
from smartcity_console.console.trainer.ribbon import HEIGHT_PX


class Veil(QFrame):
    """Covers its parent while it is shown, but for the band at its top."""

    TOP_PX = 0

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drill_veil")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.setGeometry(self.parentWidget().rect().adjusted(0, self.TOP_PX, 0, 0))

    def cover(self) -> None:
        self._fit()
        self.show()
        self.raise_()


class PauseVeil(Veil):
    """Covers a wall while the drill stands still: nobody may go on looking while the clock does not count."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._word, self._text = label(44, bold=True, tone="drill"), label(16, tone="dim", wrap=True)
        for text in (self._word, self._text):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setStyleSheet(f"QFrame#drill_veil {{ background: {colour('well').name()}; }}")
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(self._word)
        box.addWidget(self._text)
        box.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        self._word.setText("❚❚ " + translate("Drill", "Paused"))
        self._text.setText(
            translate("Drill", "The trainer has stopped the drill. Its clock and its pictures stand still.")
        )
        self.setAccessibleName(f"{self._word.text()}. {self._text.text()}")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class Sheet(Veil):
    """A sheet of paper in the middle of the console; `body` takes what stands on it."""

    TOP_PX = HEIGHT_PX
    WIDTH_PX = 760

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.paper = QFrame()
        self.paper.setObjectName("drill_sheet")
        self.paper.setMinimumWidth(self.WIDTH_PX)
        self.paper.setMaximumWidth(self.WIDTH_PX)
        self.paper.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.body = QVBoxLayout(self.paper)
        self.body.setContentsMargins(36, 28, 36, 28)
        self.body.setSpacing(12)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(self.paper, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
