"""The bottom strip: what the incident is (left), what is seen of it (middle), to whom it goes (right)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from smartcity_console.console import words
from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.incident.evidence import EvidenceBlock
from smartcity_console.console.incident.handoff_block import HandoffBlock
from smartcity_console.console.incident.history_view import HistoryView
from smartcity_console.console.incident.pictures_view import PicturesView
from smartcity_console.console.incident.steps import StepBar
from smartcity_console.console.incident.told import Told
from smartcity_console.console.incident.verdict import GradeRow, NoteLine, ProcedureRow
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.texts import ElidedLabel, rule
from smartcity_console.model.incident import Incident, Step
from smartcity_console.model.verdict import Grade

LEFT_PX = 352
RIGHT_PX = 430


class Strip(QFrame):
    """Follows the seat's selection."""

    def __init__(self, seat: Seat, runner: Runner, pictures: PicturesView) -> None:
        super().__init__()
        self.setObjectName("strip_panel")
        self.setMinimumHeight(236)
        self._seat = seat
        self._steps, self._title, self.history = StepBar(), ElidedLabel(14, bold=True), HistoryView()
        self.told = Told(self._title, self.history, pictures)
        ids = ("incident.claim", "incident.release", "incident.close")
        self._acts = [OperationButton(runner.operations[op_id], runner, size_px=13, height_px=30) for op_id in ids]
        for button in self._acts:
            button.beside = tuple(self._acts)
        self.evidence, self.grades = EvidenceBlock(runner), GradeRow(runner)
        self.procedure, self.note, self.handoff = ProcedureRow(runner), NoteLine(runner), HandoffBlock(runner)
        self._lay_out()
        seat.selected.connect(self.refresh)
        seat.updated.connect(self.refresh)
        runner.asked.connect(self._asked)
        runner.refused.connect(self.refresh)
        runner.failed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the selected incident as it is now."""
        state = self._seat.state()
        self._show_left(state)
        for block in (self.evidence, self.grades, self.procedure, self.note, self.handoff):
            block.show_state(state)

    def tick(self) -> None:
        """A second passed: the span's end and what may be done move with it."""
        if self._seat.incident is not None:
            state = self._seat.state()
            self.evidence.show_state(state)
            self.handoff.show_state(state)

    @Slot(str)
    def set_replaying(self, camera_id: str) -> None:
        self.evidence.set_replaying(camera_id)
        self.refresh()

    def set_left_width(self, width_px: int) -> None:
        """Stand under the queue: the same width."""
        self._left_column.setFixedWidth(width_px)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.told.retranslate()
            self.refresh()
        super().changeEvent(event)

    def _show_left(self, state: SeatState) -> None:
        incident = state.incident
        self._steps.show_step(incident.step if incident else None)
        nothing = translate("Strip", "No incident is selected")
        title = f"{words.incident_title(incident)} — {words.place(incident)}" if incident else nothing
        self._title.setText(title)
        self.told.show_incident(incident)
        for button in self._acts:
            button.refresh(state)
        claim, _, close = self._acts
        claim.set_emphasis(strong=claim.isEnabled())
        close.set_emphasis(strong=close.isEnabled() and _is_settled(incident))

    @Slot(str, str)
    def _asked(self, op_id: str, needs: str) -> None:
        del op_id
        if needs == "note":
            self.note.focus_line()
        elif needs == "step":
            self.procedure.focus_first()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(rule(vertical=True))
        row.addWidget(self._middle(), 56)
        row.addWidget(rule(vertical=True))
        row.addWidget(self._right(), 26)

    def _left(self) -> QWidget:
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for button in self._acts:
            acts.addWidget(button, 1)
        column, box = _column()
        column.setFixedWidth(LEFT_PX)
        self._left_column = column
        box.addWidget(self._steps)
        box.addWidget(self.told, 1)
        box.addLayout(acts)
        return column

    def _middle(self) -> QWidget:
        column, box = _column()
        for widget in (self.evidence, self.grades, self.procedure, self.note):
            box.addWidget(widget)
        box.addStretch(1)
        return column

    def _right(self) -> QWidget:
        column, box = _column()
        column.setMinimumWidth(380)
        column.setMaximumWidth(RIGHT_PX + 90)
        box.addWidget(self.handoff)
        return column


def _is_settled(incident: Incident | None) -> bool:
    """Return whether closing is the likely next act: a false alarm, or a hand-off that was answered."""
    return incident is not None and (incident.grade is Grade.FALSE_ALARM or incident.step is Step.ANSWERED)


def _column() -> tuple[QFrame, QVBoxLayout]:
    column = QFrame()
    column.setObjectName("strip_column")
    box = QVBoxLayout(column)
    box.setContentsMargins(16, 12, 16, 12)
    box.setSpacing(9)
    return column, box
