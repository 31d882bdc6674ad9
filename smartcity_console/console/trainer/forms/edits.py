"""One editor for each kind of value. `value()` returns plain values as TOML has them; what cannot be read raises ValueError."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label

LONG_PX = 74
DEGREES = 7  # decimal places of a degree: about a centimetre


class Edit(QWidget):
    """Base: `changed` when the user changed something; `set` does not send it."""

    changed = Signal()

    def set(self, value: Any) -> None:
        raise NotImplementedError

    def value(self) -> Any:
        raise NotImplementedError


class LineEdit(Edit):
    """One line of text; the others below read it in their way."""

    hint = ""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.hint)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        self.setFocusProxy(self.line)

    def set(self, value: Any) -> None:
        self.line.setText(self.text_of(value))

    def value(self) -> Any:
        return self.read(self.line.text().strip())

    def text_of(self, value: Any) -> str:
        return "" if value is None else str(value)

    def read(self, text: str) -> Any:
        return text


class NumberEdit(LineEdit):
    """A number, or nothing where the field may be empty."""

    def __init__(self, *, whole: bool, optional: bool) -> None:
        self._whole, self._optional = whole, optional
        self.hint = "–" if optional else ""
        super().__init__()

    def text_of(self, value: Any) -> str:
        return "" if value is None else f"{value:g}" if not self._whole else str(value)

    def read(self, text: str) -> Any:
        if not text and self._optional:
            return None
        try:
            return int(text) if self._whole else float(text)
        except ValueError:
            raise ValueError(translate("Form", "not a number: {text}").format(text=text or "–")) from None


class ListEdit(LineEdit):
    """Words, parted by commas."""

    def __init__(self) -> None:
        self.hint = translate("Form", "parted by commas")
        super().__init__()

    def text_of(self, value: Any) -> str:
        return ", ".join(str(part) for part in value or ())

    def read(self, text: str) -> Any:
        return [part.strip() for part in text.split(",") if part.strip()]


class SpanEdit(LineEdit):
    """Two seconds: from and to."""

    hint = "0 – 12"

    def text_of(self, value: Any) -> str:
        return "" if value is None else f"{value[0]:g} – {value[1]:g}"

    def read(self, text: str) -> Any:
        if not text:
            return None
        parts = [part for part in text.replace("–", " ").replace("~", " ").replace(",", " ").split() if part]
        try:
            start, end = (float(part) for part in parts)
        except ValueError:
            raise ValueError(translate("Form", "two seconds, like 4 – 20")) from None
        return [start, end]


class SpotEdit(LineEdit):
    """Longitude and latitude in degrees."""

    hint = "127.0301, 37.5002"

    def __init__(self, *, optional: bool) -> None:
        self._optional = optional
        super().__init__()

    def text_of(self, value: Any) -> str:
        return "" if value is None else f"{value['lon_deg']:.{DEGREES}f}, {value['lat_deg']:.{DEGREES}f}"

    def read(self, text: str) -> Any:
        if not text and self._optional:
            return None
        try:
            lon, lat = (float(part) for part in text.split(","))
        except ValueError:
            raise ValueError(translate("Form", "longitude, latitude in degrees")) from None
        return {"lon_deg": lon, "lat_deg": lat}


class HoldsEdit(LineEdit):
    """What an actor holds from a second on: `12 knife; 30 –` (nothing from 30 on)."""

    hint = "12 knife; 30 sack"

    def text_of(self, value: Any) -> str:
        return "; ".join(f"{second:g} {what or '–'}" for second, what in value or ())

    def read(self, text: str) -> Any:
        try:
            pairs = [part.split(maxsplit=1) for part in text.split(";") if part.strip()]
            return [[float(second), what.strip().removeprefix("–")] for second, what in pairs]
        except ValueError:
            raise ValueError(translate("Form", "second and thing, like 12 knife; 30 sack")) from None


class LongEdit(Edit):
    """Several lines of text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(LONG_PX)
        self.text.setMaximumHeight(2 * LONG_PX)
        self._quiet = False
        self.text.textChanged.connect(self._tell)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.text)
        self.setFocusProxy(self.text)

    def set(self, value: Any) -> None:
        text = self.text_of(value)
        if text != self.text.toPlainText():
            self._quiet = True
            self.text.setPlainText(text)
            self._quiet = False

    def value(self) -> Any:
        return self.read(self.text.toPlainText())

    def text_of(self, value: Any) -> str:
        return value or ""

    def read(self, text: str) -> Any:
        return text

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()


class FieldsEdit(LongEdit):
    """Named words, one a line: `what = 강도`."""

    def text_of(self, value: Any) -> str:
        return "\n".join(f"{name} = {text}" for name, text in (value or {}).items())

    def read(self, text: str) -> Any:
        pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
        if any(not sign for _, sign, _ in pairs):
            raise ValueError(translate("Form", "one name = text a line"))
        return {name.strip(): words.strip() for name, _, words in pairs}


class JsonEdit(LongEdit):
    """A JSON object, for what has a form of its own elsewhere."""

    def text_of(self, value: Any) -> str:
        return json.dumps(value or {}, ensure_ascii=False, indent=1)

    def read(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError(translate("Form", "not JSON: {why}").format(why=error)) from None


class TickEdit(Edit):
    """Yes or no."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.clicked.connect(lambda _on: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addStretch(1)
        self.setFocusProxy(self.box)

    def set(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def value(self) -> Any:
        return self.box.isChecked()


class ChecksEdit(Edit):
    """Any of a few."""

    def __init__(self, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__()
        self.boxes: dict[Any, QCheckBox] = {}
        self._order: tuple[Any, ...] = ()  # in which they stand in the file
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for value, text in choices:
            self.boxes[value] = box = QCheckBox(text)
            box.clicked.connect(lambda _on: self.changed.emit())
            row.addWidget(box)
        row.addStretch(1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def set(self, value: Any) -> None:
        self._order = tuple(value or ())
        for each, box in self.boxes.items():
            box.setChecked(each in self._order)

    def value(self) -> Any:
        ticked = [each for each, box in self.boxes.items() if box.isChecked()]
        kept = [each for each in self._order if each in ticked]
        return kept + [each for each in ticked if each not in kept]


class ChoiceEdit(Edit):
    """One of a list; `open_` ones also take what is typed. `optional`: the empty choice means nothing."""

    def __init__(self, choices: Sequence[tuple[Any, str]], *, optional: bool, open_: bool = False) -> None:
        super().__init__()
        self.combo = QComboBox()
        self._open = open_
        self.combo.setEditable(open_)
        if optional:
            self.combo.addItem("–", None)
        for value, text in choices:
            self.combo.addItem(text, value)
        self.combo.activated.connect(lambda _index: self.changed.emit())
        if open_:
            self.combo.lineEdit().textEdited.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo)
        self.setFocusProxy(self.combo)

    def set(self, value: Any) -> None:
        at = self.combo.findData(value)
        if at >= 0:
            self.combo.setCurrentIndex(at)
        elif self._open:
            self.combo.setEditText("" if value is None else str(value))

    def value(self) -> Any:
        text, at = self.combo.currentText(), self.combo.currentIndex()
        if self._open and (at < 0 or self.combo.itemText(at) != text):
            return text.strip()
        return self.combo.itemData(at)


class WordsEdit(Edit):
    """The same in both languages; `long` ones have several lines each. `optional`: both empty means nothing."""

    def __init__(self, *, long: bool, optional: bool = False) -> None:
        super().__init__()
        self._optional = optional
        self.parts: dict[str, LineEdit | LongEdit] = {name: LongEdit() if long else LineEdit() for name in ("ko", "en")}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for name, text in (("ko", "한"), ("en", "En")):
            row = QHBoxLayout()
            tag = label(12, tone="dim")
            tag.setText(text)
            tag.setFixedWidth(22)
            row.addWidget(tag)
            row.addWidget(self.parts[name])
            box.addLayout(row)
            self.parts[name].changed.connect(self.changed)
        self.setFocusProxy(self.parts["ko"])

    def set(self, value: Any) -> None:
        for name, part in self.parts.items():
            part.set((value or {}).get(name, ""))

    def value(self) -> Any:
        texts = {name: part.value() for name, part in self.parts.items()}
        return None if self._optional and not any(texts.values()) else texts
