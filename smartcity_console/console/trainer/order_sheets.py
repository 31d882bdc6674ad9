"""What a trainer is asked for an order: words for a seat, a name for a moment, an inject, whether to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.trainer.forms.names import kind_name
from smartcity_console.console.trainer.forms.struct_form import StructForm
from smartcity_console.console.trainer.orders import Speech
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.check import contradictions

MOST_CHARS = 400
KINDS: tuple[type[m.Inject], ...] = (
    *(m.Speak, m.Dc09, m.Linked, m.Webhook, m.Cap, m.Cue, m.Camera, m.Desk, m.Sender, m.End),
)


class OrderSheet(QDialog):
    """Base: a sheet whose OK gives `argument()`; not modal, for the drill goes on."""

    def __init__(self, parent: QWidget, title: str, done: Callable[[Any], None]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._done = done
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 14, 16, 14)
        self.box.setSpacing(10)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(translate("Trainer", "Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def finish(self, verb: str) -> None:
        """Put the buttons below what was added."""
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(verb)
        self.box.addWidget(self.buttons)

    def argument(self) -> Any:
        raise NotImplementedError

    def accept(self) -> None:
        argument = self.argument()
        if argument is not None:
            super().accept()
            self._done(argument)


class SpeakSheet(OrderSheet):
    """Words for one seat, or for all."""

    def __init__(
        self, parent: QWidget, seats: Sequence[str], names: dict[str, str], done: Callable[[Any], None]
    ) -> None:
        super().__init__(parent, translate("Trainer", "Speak to a seat"), done)
        self.seat, self.text = QComboBox(), QPlainTextEdit()
        self.seat.addItem(translate("Trainer", "All seats"), "")
        for seat in seats:
            self.seat.addItem(
                f"{translate('Header', 'Seat {seat}').format(seat=seat)} {names.get(seat, '')}".strip(), seat
            )
        if len(seats) == 1:
            self.seat.setCurrentIndex(1)
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(translate("Trainer", "What the trainee is told"))
        self.box.addWidget(self.seat)
        self.box.addWidget(self.text)
        self.finish(translate("Trainer", "Speak"))
        self.resize(520, 240)
        self.text.setFocus()

    def argument(self) -> Speech | None:
        text = self.text.toPlainText().strip()[:MOST_CHARS]
        return Speech(str(self.seat.currentData()), text) if text else None


class MarkSheet(OrderSheet):
    """A name for a moment that the debriefing comes back to."""

    def __init__(self, parent: QWidget, done: Callable[[Any], None]) -> None:
        super().__init__(parent, translate("Trainer", "Mark this moment"), done)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(translate("Trainer", "What is to be spoken about"))
        self.box.addWidget(self.text)
        self.finish(translate("Trainer", "Mark"))
        self.resize(480, 180)
        self.text.setFocus()

    def argument(self) -> str | None:
        return self.text.toPlainText().strip()[:MOST_CHARS] or None


class EndSheet(OrderSheet):
    """Whether the drill is to end now."""

    def __init__(self, parent: QWidget, done: Callable[[Any], None]) -> None:
        super().__init__(parent, translate("Trainer", "End the drill"), done)
        text: QLabel = label(15, wrap=True)
        text.setText(
            translate(
                "Trainer", "The drill ends for every seat, and is judged as it stands. It cannot go on afterwards."
            )
        )
        self.box.addWidget(text)
        self.finish(translate("Trainer", "End the drill"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setFocus()
        self.resize(440, 130)

    def argument(self) -> bool:
        return True


class AddSheet(OrderSheet):
    """A form for each kind of inject; it fires at once, or at a second of the drill."""

    def __init__(
        self,
        parent: QWidget,
        second: float,
        scenario: m.Scenario,
        known: Sequence[str],
        language: str,
        done: Callable[[Any], None],
    ) -> None:
        super().__init__(parent, translate("Trainer", "Add an inject"), done)
        self._language = language
        self._second, self._scenario, self._known = second, scenario, frozenset(known)
        self.kind, self.area = QComboBox(), QScrollArea()
        for number, kind in enumerate(KINDS):
            self.kind.addItem(kind_name(kind.__name__.lower()), number)
        self.kind.currentIndexChanged.connect(self._turn)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.box.addWidget(self.kind)
        self.box.addWidget(self.area, 1)
        self.finish(translate("Trainer", "Add"))
        self.resize(620, 640)
        self.form: StructForm
        self._turn(0)

    def argument(self) -> msgspec.Struct | None:
        inject = self.form.try_value()
        if inject is None or (why := self._contradiction(inject)):
            self.form.tell(why if inject is not None else self.form.told)
            return None
        return inject

    def _contradiction(self, inject: msgspec.Struct) -> str:
        """Return why the inject cannot be meant in this scenario; empty: it can."""
        assert isinstance(inject, m.Inject)
        if inject.id in self._known:
            return translate("Trainer", "An inject of this name is there already.")
        if isinstance(inject, m.Speak) and not (inject.words.ko or inject.words.en):
            return translate("Trainer", "What is to be said?")
        injects = (*self._scenario.injects, inject)
        grown = msgspec.structs.replace(self._scenario, injects=injects)
        here = f"injects[{len(injects) - 1}]"
        found = [p for p in contradictions(grown) if p.where.startswith(here) and not p.is_warning]
        return "; ".join(problem.words.of(self._language) for problem in found)

    def _turn(self, index: int) -> None:
        kind = KINDS[index]
        self.form = StructForm(kind)
        name = kind_name(kind.__name__.lower())
        first = {"id": self._free_id(kind.__name__.lower()), "label": {"ko": name, "en": name}}
        self.form.set(first | {"when": {"at_s": float(round(self._second))}})
        self.form.setContentsMargins(0, 0, 12, 0)
        self.area.setWidget(self.form)

    def _free_id(self, kind: str) -> str:
        return next(name for n in range(1, 10_000) if (name := f"trainer-{kind}-{n}") not in self._known)
