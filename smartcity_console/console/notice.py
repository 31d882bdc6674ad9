"""The line that tells: why something was not done, what went wrong, what was kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label, set_tone
from smartcity_console.model.errors import ConsoleError, Language

REASON_MS = 6000


class Notice(QFrame):
    """Hidden while there is nothing to tell. An error stays until it is put away; a reason goes by itself."""

    def __init__(self, language: Callable[[], Language]) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._language = language
        self._error: ConsoleError | None = None
        self._text = label(14, wrap=True)
        self._away = QPushButton()
        self._away.clicked.connect(self.put_away)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.put_away)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self._away, 0, Qt.AlignmentFlag.AlignTop)
        self._retranslate()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def tell(self, sentence: str) -> None:
        """Say something for a few seconds, unless an error stands there."""
        if self._error is None:
            self._say(sentence, "warn")
            self._timer.start(REASON_MS)

    def tell_error(self, error: ConsoleError) -> None:
        """Say what happened, what was kept and what to do, until it is put away."""
        self._error = error
        self._timer.stop()
        self._say(error.sentence(self._language()), "danger")

    def put_away(self) -> None:
        self._error = None
        self._timer.stop()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._away.setText(translate("Notice", "Seen"))
        if self._error is not None:
            self._text.setText(self._error.sentence(self._language()))

    def _say(self, sentence: str, tone: str) -> None:
        self._text.setText(sentence)
        set_tone(self._text, tone)
        self.setAccessibleName(sentence)
        self.show()
