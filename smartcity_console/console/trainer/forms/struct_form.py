"""A form for one struct of the scenario's model: every field has an editor by its type, made from the model itself."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import inspect
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QGroupBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.trainer.forms import edits
from smartcity_console.console.trainer.forms.names import enum_word, field_name, fixed_word, fixed_words
from smartcity_console.drill.scenario import model as m

LONG_WORDS = frozenset(("briefing", "debriefing"))


class StructForm(QWidget):
    """`changed` after each change by the user; `value()` returns the struct. `show_problem` marks one field."""

    changed = Signal()

    def __init__(self, kind: type[msgspec.Struct], leave_out: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.kind = kind
        self._kept: dict[str, Any] = {}
        self.edits: dict[str, edits.Edit | StructForm | OptionalForm | WayEdit] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(6)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        info = inspect.type_info(kind)
        assert isinstance(info, inspect.StructType)
        for field in info.fields:
            if field.name not in leave_out:
                self._add(field.name, field.type)
        self._told = label(13, tone="warn", wrap=True)
        self._form.addRow(self._told)
        self._told.hide()

    def set(self, value: Any) -> None:
        """Show a struct, or its plain values."""
        plain = msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else dict(value or {})
        plain = _defaults(self.kind) | plain
        self._kept = plain
        for name, edit in self.edits.items():
            edit.set(plain.get(name))
        self.tell("")

    def plain(self) -> dict[str, Any]:
        """Return the plain values. Raises ValueError naming the field that cannot be read."""
        plain = dict(self._kept)
        for name, edit in self.edits.items():
            try:
                plain[name] = edit.value() if not isinstance(edit, StructForm) else edit.plain()
            except ValueError as error:
                raise ValueError(f"{field_name(name)}: {error}") from None
        return plain

    def value(self) -> msgspec.Struct:
        """Return the struct. Raises ValueError with a sentence of what does not fit."""
        try:
            return msgspec.convert(self.plain(), self.kind)
        except msgspec.ValidationError as error:
            raise ValueError(_named(str(error))) from None

    def try_value(self) -> msgspec.Struct | None:
        """Return the struct, or None after saying under the form what does not fit."""
        try:
            made = self.value()
        except ValueError as error:
            self.tell(str(error))
            return None
        self.tell("")
        return made

    def tell(self, text: str) -> None:
        self._told.setText(f"▲ {text}" if text else "")
        self._told.setVisible(bool(text))

    @property
    def told(self) -> str:
        """What stands under the form as wrong; empty: nothing."""
        return self._told.text().removeprefix("▲ ")

    def _add(self, name: str, kind: inspect.Type) -> None:
        edit = edit_for(name, kind, self.kind)
        if edit is None:
            return
        self.edits[name] = edit
        edit.changed.connect(self.changed)
        edit.setAccessibleName(field_name(name))
        tag = label(13, tone="dim")
        tag.setText(field_name(name))
        if isinstance(edit, StructForm | WayEdit):
            box = QGroupBox(field_name(name))
            QVBoxLayout(box).addWidget(edit)
            self._form.addRow(box)
        elif isinstance(edit, OptionalForm):
            self._form.addRow(edit)
        else:
            self._form.addRow(tag, edit)


class OptionalForm(QGroupBox):
    """A form that counts only while its box is ticked."""

    changed = Signal()

    def __init__(self, name: str, kind: type[msgspec.Struct]) -> None:
        super().__init__(field_name(name))
        self.form = StructForm(kind)
        self.setCheckable(True)
        self.setChecked(False)
        QVBoxLayout(self).addWidget(self.form)
        self.form.changed.connect(self.changed)
        self.clicked.connect(lambda _on: self.changed.emit())

    def set(self, value: Any) -> None:
        self.setChecked(value is not None)
        self.form.set(value if value is not None else _defaults(self.form.kind))

    def value(self) -> Any:
        return self.form.plain() if self.isChecked() else None


class WayEdit(QWidget):
    """The places of an actor's way, one at a time: how fast there, in which manner, what is done there until when.

    Places are added and moved on the map; here one is taken out.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._way: list[dict[str, Any]] = []
        self.number, self.remove, self.form = QComboBox(), QPushButton(), StructForm(m.Waypoint)
        self.remove.setText(translate("Form", "Take this place out"))
        self.number.activated.connect(self._turn)
        self.remove.clicked.connect(self._remove)
        self.form.changed.connect(self.changed)
        row = QHBoxLayout()
        row.addWidget(self.number, 1)
        row.addWidget(self.remove)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)
        box.addWidget(self.form)

    def set(self, value: Any) -> None:
        at = min(max(0, self.number.currentIndex()), max(0, len(value or ()) - 1))
        self._way = [dict(step) for step in value or ()]
        self.number.clear()
        for number, step in enumerate(self._way):
            self.number.addItem(
                translate("Form", "Place {number} · {act}").format(
                    number=number + 1, act=fixed_word("act", step.get("act", "walk"))
                )
            )
        self._show(at)

    def value(self) -> Any:
        at = self.number.currentIndex()
        if 0 <= at < len(self._way):
            self._way[at] = self.form.plain()
        return [dict(step) for step in self._way]

    def _turn(self, at: int) -> None:
        self._show(at)

    def _show(self, at: int) -> None:
        there = at < len(self._way)
        self.form.setVisible(there)
        self.number.setVisible(there)
        self.remove.setVisible(there)
        if there:
            self.number.setCurrentIndex(at)
            self.form.set(self._way[at])

    def _remove(self) -> None:
        at = self.number.currentIndex()
        if 0 <= at < len(self._way):
            self.set(self._way[:at] + self._way[at + 1 :])
            self.changed.emit()


def edit_for(name: str, kind: inspect.Type, owner: type[msgspec.Struct]) -> Any:
    """Return the editor of a field; None for what is edited elsewhere."""
    kind, optional = _bare(kind)
    match kind:
        case inspect.BoolType():
            return edits.TickEdit()
        case inspect.FloatType() | inspect.IntType():
            return edits.NumberEdit(whole=isinstance(kind, inspect.IntType), optional=optional)
        case inspect.EnumType():
            return edits.ChoiceEdit([(each.value, enum_word(str(each.value))) for each in kind.cls], optional=optional)
        case inspect.StrType():
            words = fixed_words(name) if owner is not m.Expectation else ()
            known = [(word, fixed_word(name, word) or "–") for word in words]
            return edits.ChoiceEdit(known, optional=False, open_=True) if known else edits.LineEdit()
        case inspect.StructType():
            return _struct_edit(name, kind.cls, optional)
        case inspect.DictType():
            return edits.FieldsEdit() if isinstance(kind.value_type, inspect.StrType) else edits.JsonEdit()
        case inspect.TupleType():
            return edits.SpanEdit()
        case inspect.VarTupleType():
            return _list_edit(kind.item_type)
    return None


def _struct_edit(name: str, kind: type[msgspec.Struct], optional: bool) -> Any:
    if kind is m.Words:
        return edits.WordsEdit(long=name in LONG_WORDS, optional=optional)
    if kind is m.Spot:
        return edits.SpotEdit(optional=optional)
    if kind is m.StageSpec:
        return None
    return OptionalForm(name, kind) if optional else StructForm(kind)


def _list_edit(item: inspect.Type) -> Any:
    if isinstance(item, inspect.TupleType):
        return edits.HoldsEdit()
    if isinstance(item, inspect.StructType) and item.cls is m.Waypoint:
        return WayEdit()
    if isinstance(item, inspect.StrType):
        return edits.ListEdit()
    if isinstance(item, inspect.EnumType):
        return edits.ChecksEdit([(each.value, enum_word(str(each.value))) for each in item.cls])
    return None


def _bare(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """Return a type without None and constraints, and whether None was allowed."""
    if isinstance(kind, inspect.UnionType):
        rest = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return (rest[0] if len(rest) == 1 else kind), len(rest) < len(kind.types)
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    return kind, False


def _defaults(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {f.name: f.default for f in msgspec.structs.fields(kind) if f.default is not msgspec.NODEFAULT}


def _named(told: str) -> str:
    """Return msgspec's sentence with the field as the form calls it."""
    why, sign, path = told.partition(" - at `$.")
    if not sign:
        return translate("Form", "something is missing: {why}").format(why=told)
    return f"{' › '.join(field_name(part) for part in path.rstrip('`').split('.'))}: {why}"
