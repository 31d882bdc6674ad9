"""The record of a person sought: shown to who verifies the incident, for a purpose that stands in the record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.operations.report_acts import MAX_WHY, PersonalItem
from smartcity_console.console.texts import label

PICTURE_PX = QSize(420, 420)


class PersonDialog(QDialog):
    """`wanted(PersonalItem, why)` asks for one item; `show_record` and `show_picture` bring it once it is on record."""

    wanted = Signal(object, str)

    def __init__(self, items: Sequence[PersonalItem], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Person", "Record of the person"))
        self.why = QComboBox()
        self.why.setEditable(True)
        self.why.addItems(_purposes())
        self.why.lineEdit().setMaxLength(MAX_WHY)
        self.why.setAccessibleName(translate("Person", "What for"))
        self.why.editTextChanged.connect(lambda _text: self._refresh())
        records = sum(item.what == "record" for item in items)
        self.buttons = [self._button(number - records, item) for number, item in enumerate(items)]
        self._told = QVBoxLayout()
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self._refresh()
        self.resize(620, 640)

    def show_record(self, data: bytes) -> None:
        """Show the fields of a record, as plain text."""
        self._add(_record_label(data))

    def show_picture(self, image: QImage) -> None:
        shown = QLabel()
        shown.setAccessibleName(translate("Person", "Picture of the person"))
        fitted = QPixmap.fromImage(image).scaled(
            PICTURE_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setPixmap(fitted)
        self._add(shown)

    def shown(self) -> list[QLabel]:
        """Return what is on the sheet."""
        widgets = (self._told.itemAt(n).widget() for n in range(self._told.count()))
        return [widget for widget in widgets if isinstance(widget, QLabel)]

    def _add(self, part: QWidget) -> None:
        self._told.addWidget(part)

    def _refresh(self) -> None:
        for button in self.buttons:
            button.setEnabled(bool(self.why.currentText().strip()))

    def _button(self, number: int, item: PersonalItem) -> QPushButton:
        record = item.what == "record"
        text = translate("Person", "Show the record") if record else translate("Person", "Show picture {number}")
        button = QPushButton(text.format(number=number + 1))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.wanted.emit(item, self.why.currentText().strip()))
        return button

    def _lay_out(self) -> None:
        hint, name = label(13, tone="warn", wrap=True), label(13, tone="dim")
        hint.setText(translate("Person", "Each item that is shown is on record with this seat, the time and what for."))
        name.setText(translate("Person", "What for"))
        purpose, shows = QHBoxLayout(), QHBoxLayout()
        purpose.addWidget(name)
        purpose.addWidget(self.why, 1)
        for button in self.buttons:
            shows.addWidget(button)
        shows.addStretch(1)
        inner, area = QWidget(), QScrollArea()
        inner.setLayout(self._told)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(10)
        box.addWidget(hint)
        box.addLayout(purpose)
        box.addLayout(shows)
        box.addWidget(area, 1)


def _purposes() -> list[str]:
    return [
        translate("Person", "Search for the person on cameras"),
        translate("Person", "Compare with a person on camera"),
        translate("Person", "Call the guardian back"),
    ]


def _record_label(data: bytes) -> QLabel:
    shown = label(14, wrap=True)
    shown.setText("\n".join(f"{name}: {value}" for name, value in _fields(data)))
    return shown


def _fields(data: bytes) -> list[tuple[str, str]]:
    try:
        told = json.loads(data)
    except ValueError:
        return [(translate("Person", "Record"), translate("Person", "cannot be read"))]
    words = _words()
    return [(words.get(name, name), _text(value)) for name, value in told.items()] if isinstance(told, dict) else []


def _text(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _words() -> Mapping[str, str]:
    """Field names of the linked service 사회적약자."""
    return {
        "SVC_TYP": translate("Person", "Service"),
        "REF_ID": translate("Person", "Case"),
        "DSC_NM": translate("Person", "Name"),
        "DSC_PHONE": translate("Person", "Phone"),
        "DSC_BIRTH": translate("Person", "Born"),
        "DSC_SEX": translate("Person", "Sex"),
        "DSC_ADDR": translate("Person", "Address"),
        "GUARD_NM": translate("Person", "Guardian"),
        "GUARD_PHONE": translate("Person", "Guardian's phone"),
        "INFO": translate("Person", "Description"),
        "NOTE": translate("Person", "Note"),
        "IMAGE_URL": translate("Person", "Pictures not sent"),
    }
