"""The grade buttons, the procedure's boxes and the note line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from smartcity_console.console import words
from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.operations.note import MAX_NOTE
from smartcity_console.console.procedures import step_label, steps_for
from smartcity_console.console.runner import Runner
from smartcity_console.console.texts import ElidedLabel, label
from smartcity_console.console.theme import font
from smartcity_console.model.verdict import Grade


class GradeRow(QWidget):
    """Five buttons, the gravest first; the given one stays pressed."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._buttons: dict[Grade, OperationButton] = {}
        for grade in sorted(Grade, reverse=True):
            button = OperationButton(runner.operations[f"incident.grade.{int(grade)}"], runner, height_px=36)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self._buttons[grade] = button
            row.addWidget(button)
        row.addStretch(1)

    def show_state(self, state: SeatState) -> None:
        given = state.incident.grade if state.incident else None
        for grade, button in self._buttons.items():
            button.setChecked(grade is given)
            button.set_emphasis(bold=grade is given)
            button.refresh(state)


class ProcedureRow(QWidget):
    """Boxes by kind of incident. A box shows what is on record: a click asks, the record answers."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._title = label(13, tone="dim")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._boxes: dict[str, QCheckBox] = {}

    def focus_first(self) -> None:
        for box in self._boxes.values():
            if box.isEnabled() and not box.isChecked():
                box.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def show_state(self, state: SeatState) -> None:
        self._title.setText(translate("Procedure", "Procedure"))
        steps = steps_for(words.leading_alert(state.incident).kind) if state.incident else ()
        if tuple(self._boxes) != steps:
            self._rebuild(steps)
        reason = self._runner.operations["incident.step.tick"].available(state)
        for code, box in self._boxes.items():
            box.setText(step_label(code))
            box.setChecked(state.incident is not None and code in state.incident.ticked)
            box.setEnabled(reason is None)
            box.setToolTip(reason.text if reason else "")

    def _rebuild(self, steps: tuple[str, ...]) -> None:
        for box in self._boxes.values():
            self._row.removeWidget(box)
            box.deleteLater()
        self._boxes = {code: self._box(code) for code in steps}

    def _box(self, code: str) -> QCheckBox:
        box = QCheckBox()
        box.setFont(font(13))
        box.setObjectName(f"step:{code}")
        box.clicked.connect(lambda done: self._runner.run("incident.step.tick", (code, done)))
        self._row.insertWidget(self._row.count() - 1, box)
        return box


class _Line(QLineEdit):
    """Escape leaves it, so that keys are verbs again."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class NoteLine(QWidget):
    """The last note, and a line to write the next: Enter puts it on record."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._last = ElidedLabel(13)
        self.line = _Line()
        self.line.setFont(font(13))
        self.line.setMaxLength(MAX_NOTE)
        self.line.returnPressed.connect(self._write)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.line, 3)
        row.addWidget(self._last, 2)

    def show_state(self, state: SeatState) -> None:
        reason = self._runner.operations["incident.note"].available(state)
        self.line.setEnabled(reason is None)
        self.line.setToolTip(reason.text if reason else "")
        self.line.setPlaceholderText(reason.text if reason else translate("Note", "Note: what you see (N, then Enter)"))
        self.line.setAccessibleName(translate("Note", "Note"))
        notes = state.incident.notes if state.incident else ()
        self._last.setText(translate("Note", "Note: {text}").format(text=" / ".join(notes)) if notes else "")

    def focus_line(self) -> None:
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write(self) -> None:
        if text := self.line.text().strip():
            self._runner.run("incident.note", text)
            self.line.clear()
        self.line.clearFocus()  # the figures are grades again, not letters of a note
