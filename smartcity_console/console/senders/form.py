"""The form of one account or firm: a line a field, each refusal beside the field it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.intake.sender_columns import COLUMNS, MOST_CHARACTERS, Contact, zones_text
from smartcity_console.intake.sender_table import BadCell
from smartcity_console.model.errors import Language
from smartcity_console.model.sender import FirmRecord, SenderRecord

OF_SENDER = (
    *("account", "firm_id", "site_name", "address", "lon", "lat", "zones", "interval_s", "networks", "doors"),
    *("contact_name", "contact_phone"),
)
OF_FIRM = ("firm_id", "firm_name", "call_back", "status_url", "networks", "contact_name", "contact_phone")
_LISTS = frozenset({"zones", "networks"})


class EntryForm(QWidget):
    """Texts by the fields' names. `changed`: the person has altered something that is not saved."""

    changed = Signal()

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__()
        self.edits = {field: QLineEdit() for field in fields}
        self._names = {field: QLabel() for field in fields}
        self._errors = {field: label(12, tone="danger", wrap=True) for field in fields}
        self._kept = dict.fromkeys(fields, "")
        self.is_locked = False
        form = QFormLayout(self)
        form.setContentsMargins(8, 8, 8, 8)
        form.setVerticalSpacing(6)
        for field, edit in self.edits.items():
            edit.setMaxLength(MOST_CHARACTERS * (50 if field in _LISTS else 1))
            edit.textEdited.connect(lambda _text: self.changed.emit())
            self._names[field].setBuddy(edit)
            box = QVBoxLayout()
            box.setSpacing(1)
            box.addWidget(edit)
            box.addWidget(self._errors[field])
            self._errors[field].hide()
            form.addRow(self._names[field], box)

    @property
    def texts(self) -> dict[str, str]:
        """Return what stands in the form."""
        return {field: edit.text() for field, edit in self.edits.items()}

    @property
    def is_changed(self) -> bool:
        return self.texts != self._kept

    def show_texts(self, texts: Mapping[str, str], fixed: str = "") -> None:
        """Show texts, as they are kept; the field `fixed` tells which entry it is and stays as it is."""
        for field, edit in self.edits.items():
            edit.setText(texts.get(field, ""))
            edit.setReadOnly(self.is_locked or field == fixed)
        self._kept = self.texts
        self.show_bad((), "en")

    def hint(self, texts: Mapping[str, str]) -> None:
        """Show in empty fields what holds there without an entry: the catalogue's words."""
        for field, text in texts.items():
            if text and field in self.edits:
                self.edits[field].setPlaceholderText(text)

    def lock(self, locked: bool) -> None:
        """Let a person only look."""
        self.is_locked = locked
        for edit in self.edits.values():
            edit.setReadOnly(locked)

    def show_bad(self, bad: Sequence[BadCell], language: Language) -> None:
        """Say what is wrong beside its field, and go to the first of them."""
        for note in self._errors.values():
            note.hide()
        found = [(field, cell) for cell in bad for field in _fields_of(cell) if field in self.edits]
        for field, cell in found:
            self._errors[field].setText(cell.ko if language == "ko" else cell.en)
            self._errors[field].show()
        if found:
            self.edits[found[0][0]].setFocus()

    def error(self, field: str) -> str:
        """Return what is said beside a field; empty when nothing is."""
        return self._errors[field].text() if self._errors[field].isVisibleTo(self) else ""

    def retranslate(self) -> None:
        names = field_names()
        hints = {
            "zones": translate("Senders", "9:counter bell:panic|3:back door:motion"),
            "networks": translate("Senders", "10.20.0.0/16|203.0.113.7; empty: any"),
            "doors": translate("Senders", "dc09|webhook; empty: any"),
            "interval_s": translate("Senders", "seconds; empty: not supervised"),
            "status_url": "https://",
        }
        for field, name in self._names.items():
            name.setText(names[field])
            self.edits[field].setAccessibleName(names[field])
            self.edits[field].setPlaceholderText(hints.get(field, ""))


def field_names() -> dict[str, str]:
    """Return the fields' names in the language of the screen."""
    return {
        "account": translate("Senders", "Account"),
        "firm_id": translate("Senders", "Firm's id"),
        "firm_name": translate("Senders", "Firm's name"),
        "call_back": translate("Senders", "Call-back number"),
        "status_url": translate("Senders", "Status returns to"),
        "site_name": translate("Senders", "Site"),
        "address": translate("Senders", "Address"),
        "lon": translate("Senders", "Longitude"),
        "lat": translate("Senders", "Latitude"),
        "zones": translate("Senders", "Zones"),
        "interval_s": translate("Senders", "Expected every"),
        "networks": translate("Senders", "Allowed networks"),
        "doors": translate("Senders", "Protocols"),
        "contact_name": translate("Senders", "Contact"),
        "contact_phone": translate("Senders", "Contact's phone"),
    }


def texts_of_sender(record: SenderRecord, contact: Contact) -> dict[str, str]:
    """Return an account's entry as the form holds it."""
    place = record.position
    return {
        "account": record.account,
        "firm_id": record.firm_id,
        "site_name": record.site_name,
        "address": record.address,
        "lon": f"{place.lon_deg:.7f}" if place else "",
        "lat": f"{place.lat_deg:.7f}" if place else "",
        "zones": zones_text(record.zones),
        "interval_s": f"{record.interval_s:g}" if record.interval_s else "",
        "networks": "|".join(record.networks),
        "doors": "|".join(record.doors),
        "contact_name": contact.name,
        "contact_phone": contact.phone,
    }


def texts_of_firm(record: FirmRecord, contact: Contact) -> dict[str, str]:
    """Return a firm's entry as the form holds it."""
    return {
        "firm_id": record.id,
        "firm_name": record.name_ko,
        "call_back": record.call_back,
        "status_url": record.status_url,
        "networks": "|".join(record.networks),
        "contact_name": contact.name,
        "contact_phone": contact.phone,
    }


def _fields_of(cell: BadCell) -> list[str]:
    """Return the fields that a refusal is of; the form's columns bear the first of their names."""
    titles = {names[0]: field for field, names in COLUMNS.items()}
    return [titles[title] for title in cell.column.split(", ") if title in titles]
