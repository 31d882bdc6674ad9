"""The trainer's words before the trainee: a card over the console, one at a time, until it is acknowledged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.docks import MAP_SHARE, WALL_SHARE, queue_width_px
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.operations.drill import SEEN
from smartcity_console.console.runner import Runner
from smartcity_console.console.texts import label
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.drill_fold import Spoken

WIDTH_PX = 620
TOP_PX = 84


class SpokenCard(QFrame):
    """Lies over the top of the map in its standard place: never over the queue, the pictures or the hand-off buttons."""

    def __init__(self, parent: QWidget, runner: Runner) -> None:
        super().__init__(parent)
        self.setObjectName("drill_card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._who, self._more = label(13, bold=True, tone="drill"), label(13, tone="dim")
        self.text = label(18, wrap=True)
        self.seen = OperationButton(runner.operations[SEEN], runner)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._who, 1)
        head.addWidget(self._more)
        foot.addStretch(1)
        foot.addWidget(self.seen)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(self.text)
        box.addLayout(foot)
        self.hide()
        parent.installEventFilter(self)

    def show_words(self, waiting: list[Spoken], language: str, state: SeatState) -> None:
        """Show the oldest that waits; none hides the card."""
        if not waiting:
            self.hide()
            return
        said = waiting[0].said
        who, text = (said.who_en, said.text_en) if language == "en" else (said.who_ko, said.text_ko)
        who = who or translate("Drill", "Trainer")
        self._who.setText(f"☎ {who} · {span_text(said.at_s)}")
        self.text.setText(text or said.text_ko or said.text_en)
        more = len(waiting) - 1
        self._more.setText(translate("Drill", "{count} more").format(count=more) if more else "")
        self.setAccessibleName(f"{who}: {self.text.text()}")
        self.seen.refresh(state)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        window_px = self.parentWidget().width()
        queue_px = queue_width_px(window_px)
        map_px = (window_px - queue_px) * MAP_SHARE // (MAP_SHARE + WALL_SHARE)
        width = min(WIDTH_PX, map_px - 24)
        self.setFixedWidth(width)
        self.layout().activate()
        height = self.layout().heightForWidth(width)
        self.resize(width, height if height > 0 else self.sizeHint().height())
        self.move(queue_px + (map_px - width) // 2, TOP_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
