"""The form of the chosen part; what is typed goes into the document as soon as it fits."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import ElidedLabel
from smartcity_console.console.trainer.editor.parts import Place, section_name
from smartcity_console.console.trainer.forms.names import kind_name
from smartcity_console.console.trainer.forms.struct_form import StructForm
from smartcity_console.drill.scenario import model as m

_ELSEWHERE = frozenset(("format", "feeds", "stage", "incidents", "injects", "expectations", "objectives"))


class PartPane(QWidget):
    """`edited(place, part)` for each change that fits; one that does not is told under the form, and kept in it."""

    edited = Signal(object, object)
    stage_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.form: StructForm | None = None
        self._place: Place | None = None
        self._shown: Any = None
        self._head, self._area, self.stage = ElidedLabel(15, bold=True), QScrollArea(), QPushButton()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.stage.clicked.connect(self.stage_wanted)
        self.stage.hide()
        row = QHBoxLayout()
        row.addWidget(self._head, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 6, 8)
        box.setSpacing(8)
        box.addLayout(row)
        box.addWidget(self.stage)
        box.addWidget(self._area, 1)

    def show_part(self, place: Place, part: Any) -> None:
        """Show a part's form; the same part anew only where it is another than what the form holds."""
        self._head.setText(_title(place, part))
        self.stage.setText(translate("Editor", "Give the scenario a stage"))
        self.stage.setVisible(place.section == "stage" and part is None)
        if part is None or (place.index < 0 and place.section not in ("scenario", "stage")):
            self._drop()
            return
        if self.form is None or self._place != place or self.form.kind is not type(part):
            self._make(place, type(part))
            self._shown = None
        if part != self._shown and self.form is not None:
            self._shown = part
            self.form.set(part)

    def retranslate(self) -> None:
        """Field names are born with the form: the next showing makes it anew."""
        self._drop()

    def _make(self, place: Place, kind: type[msgspec.Struct]) -> None:
        self._drop()
        self._place = place
        self.form = StructForm(kind, _ELSEWHERE if kind is m.Scenario else frozenset())
        self.form.setContentsMargins(0, 0, 12, 0)
        self.form.changed.connect(self._edit)
        self._area.setWidget(self.form)

    def _drop(self) -> None:
        old = self._area.takeWidget()
        if old is not None:
            old.deleteLater()
        self.form, self._place, self._shown = None, None, None

    def _edit(self) -> None:
        assert self.form is not None
        made = self.form.try_value()
        if made is not None and self._place is not None:
            self._shown = made
            self.edited.emit(self._place, made)


def _title(place: Place, part: Any) -> str:
    if isinstance(part, m.Inject):
        return f"{section_name(place.section)} · {kind_name(type(part).__name__.lower())}"
    return section_name(place.section)
