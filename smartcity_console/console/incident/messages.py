"""The conversation with the receivers, and the line with which the seat writes to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from smartcity_console.console import words
from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.operations.message import MAX_MESSAGE
from smartcity_console.console.runner import Runner
from smartcity_console.console.texts import ElidedLabel
from smartcity_console.console.theme import font
from smartcity_console.console.times import clock_text
from smartcity_console.model.handoff import Handoff, Message

MOST_SHOWN = 30
LINE_PX = 28


class Messages(QWidget):
    """Who said what when, the newest first; what the desk has not got yet says so."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self.lines: list[ElidedLabel] = []

    def show_handoffs(self, handoffs: tuple[Handoff, ...]) -> None:
        texts = message_lines(handoffs)
        while len(self.lines) < len(texts):
            line = ElidedLabel(13)
            line.let_wrap(True)
            self.lines.append(line)
            self._box.addWidget(line)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(texts))
            if number < len(texts):
                line.setText(texts[number])


def message_lines(handoffs: tuple[Handoff, ...]) -> list[str]:
    """Return the conversation of all hand-offs of an incident, newest first; a word to several receivers stands once."""
    said = [(message, handoff) for handoff in handoffs for message in handoff.messages]
    said.sort(key=lambda pair: pair[0].at, reverse=True)
    lines = dict.fromkeys(_line(message, handoff) for message, handoff in said[: MOST_SHOWN * 2])
    return list(lines)[:MOST_SHOWN]


def _line(message: Message, handoff: Handoff) -> str:
    if not message.is_ours:
        return f"{clock_text(message.at)}  ◂ {words.agency_word(handoff.agency_kind)} · {message.by}: {message.text}"
    seat = translate("Message", "seat {seat}").format(seat=message.by)
    waits = any(update.id == message.update_id for update in handoff.updates)
    told = translate("Message", " (not there yet)") if waits else ""
    return f"{clock_text(message.at)}  ▸ {seat}: {message.text}{told}"


class _Line(QLineEdit):
    """Escape leaves it, so that keys are verbs again."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class MessageRow(QWidget):
    """A line to write to the receivers (Enter sends it), and beside it what else can be done with a hand-off."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self.line = _Line()
        self.line.setFont(font(13))
        self.line.setMaxLength(MAX_MESSAGE)
        self.line.returnPressed.connect(self._send)
        ids = ("incident.follow_up", "incident.recall")
        self.buttons = [OperationButton(runner.operations[key], runner, size_px=12, height_px=LINE_PX) for key in ids]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        for button in self.buttons:
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        runner.asked.connect(self._asked)

    def show_state(self, state: SeatState) -> None:
        self.setVisible(state.incident is not None and bool(state.incident.handoffs))
        reason = self._runner.operations["incident.message"].available(state)
        self.line.setEnabled(reason is None)
        self.line.setToolTip(reason.text if reason else "")
        self.line.setPlaceholderText(reason.text if reason else translate("Message", "To the receivers (Enter sends)"))
        self.line.setAccessibleName(translate("Message", "Message to the receivers"))
        for button in self.buttons:
            button.refresh(state)

    def _asked(self, op_id: str, needs: str) -> None:
        del op_id
        if needs == "message":
            self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _send(self) -> None:
        if text := self.line.text().strip():
            self._runner.run("incident.message", text)
            self.line.clear()
        self.line.clearFocus()
