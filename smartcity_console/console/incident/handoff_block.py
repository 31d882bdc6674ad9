"""The two hand-off buttons, and beside them, before the click: what is sent, to whom and on what basis."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.incident.handoff_words import likely, preview
from smartcity_console.console.incident.messages import MessageRow, Messages, message_lines
from smartcity_console.console.incident.receipts import Receipts
from smartcity_console.console.operations import SeatState
from smartcity_console.console.runner import Runner
from smartcity_console.console.texts import ElidedLabel
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind

BUTTON_PX = 60
OTHERS_PX = 88
LEAST_ANSWERS_PX = 24


class HandoffBlock(QWidget):
    """The preview follows the button that is pointed at or focused; else the one that the incident's kind calls for."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._aimed: AgencyKind | None = None
        self._state: SeatState | None = None
        self._buttons = {kind: self._button(runner, kind) for kind in EMERGENCY_SERVICES}
        for button in self._buttons.values():
            button.beside = tuple(self._buttons.values())
        self.others = OperationButton(
            runner.operations["incident.hand_off.others"], runner, size_px=13, height_px=BUTTON_PX
        )
        self._reason = ElidedLabel(13, tone="warn")
        self._lines = [ElidedLabel(13, tone="dim") for _ in range(3)]
        self._receipts, self.messages, self.message = Receipts(), Messages(), MessageRow(runner)
        self.latest = ElidedLabel(13)
        self._lay_out()

    def show_state(self, state: SeatState) -> None:
        self._state = state
        likely = self._likely(state)
        for kind, button in self._buttons.items():
            agency = state.agencies.get(kind)
            button.set_emphasis(strong=kind is likely and self._free(button, state))
            button.refresh(state, agency.name if agency else "")
        self.others.refresh(state)
        self._preview(state)
        handoffs = state.incident.handoffs if state.incident else ()
        self._receipts.show_handoffs(handoffs)
        self.messages.show_handoffs(handoffs)
        self.message.show_state(state)
        newest = next(iter(message_lines(handoffs)), "")
        self.latest.setText(newest)
        self.latest.setVisible(bool(newest))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Aim the preview at the button under the hand or the keys."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self._aim(next(kind for kind, button in self._buttons.items() if button is watched))
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self._aim(None)
        return super().eventFilter(watched, event)

    def _aim(self, kind: AgencyKind | None) -> None:
        self._aimed = kind
        if self._state is not None:
            self._preview(self._state)

    def _button(self, runner: Runner, kind: AgencyKind) -> OperationButton:
        operation = runner.operations[f"incident.hand_off.{kind.value}"]
        button = OperationButton(operation, runner, size_px=18, height_px=BUTTON_PX)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.installEventFilter(self)
        return button

    def _free(self, button: OperationButton, state: SeatState) -> bool:
        return button.operation.available(state) is None

    def _likely(self, state: SeatState) -> AgencyKind:
        return likely(state.incident) if state.incident else AgencyKind.POLICE

    def _subject(self, state: SeatState) -> AgencyKind | None:
        """Return whose hand-off to preview: not one that is under way, for that the receipts tell."""
        order = [self._aimed, self._likely(state), *EMERGENCY_SERVICES]
        return next((kind for kind in order if kind and not self._is_under_way(kind, state)), None)

    def _is_under_way(self, kind: AgencyKind, state: SeatState) -> bool:
        reason = self._buttons[kind].operation.available(state)
        return reason is not None and reason.code == "handed_off"

    def _preview(self, state: SeatState) -> None:
        kind = self._subject(state)
        reason = self._buttons[kind].operation.available(state) if kind else None
        self._reason.setText(reason.text if reason else "")
        self._reason.setVisible(reason is not None)
        texts = preview(state, kind) if state.incident and kind else ("", "", "")
        for line, text in zip(self._lines, texts, strict=True):
            line.let_wrap(not (state.incident and state.incident.handoffs))  # receipts need the room
            line.setText(text)
            line.setVisible(bool(text))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in self._buttons.values():
            row.addWidget(button, 1)
        self.others.setFixedWidth(OTHERS_PX)  # the two services keep their size
        row.addWidget(self.others)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._answers())
        area.viewport().setAutoFillBackground(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self._reason)
        for line in self._lines:
            box.addWidget(line)
        area.setMinimumHeight(LEAST_ANSWERS_PX)
        box.addWidget(area, 1)
        box.addWidget(self.latest)
        box.addWidget(self.message)

    def _answers(self) -> QWidget:
        """What came back: the receipts of each hand-off, and below them what was said."""
        answers = QWidget()
        answers.setAutoFillBackground(False)
        box = QVBoxLayout(answers)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self._receipts)
        box.addWidget(self.messages)
        box.addStretch(1)
        return answers
