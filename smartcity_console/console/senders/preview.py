"""What a file would change of the register, before it does: the changes, the bad rows, apply."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTableView, QTabWidget, QVBoxLayout, QWidget

from smartcity_console.console.import_dialog import RowsModel
from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.intake.sender_table import Changes
from smartcity_console.model.errors import Language
from smartcity_console.model.events import FirmChanged, FirmRegistered, Payload, SenderChanged, SenderRegistered


class ImportPreview(QDialog):
    """Closing it changes nothing; `apply_wanted` says that the person wants it so."""

    apply_wanted = Signal()

    def __init__(self, path: Path, changes: Changes, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = path
        self.setWindowTitle(translate("Senders", "Import senders"))
        bad_rows = len({cell.line for cell in changes.bad})
        text = translate("Senders", "{added} are new, {changed} change, {same} stay, {bad} rows are refused.")
        said = label(14, wrap=True)
        figures = {"added": changes.added, "changed": changes.changed, "same": changes.same, "bad": bad_rows}
        said.setText(f"{path.name}\n" + text.format(**figures))
        self.changes = RowsModel((translate("Senders", "Change"), translate("Senders", "Id"), _name()), self)
        self.changes.show_rows([_row(payload) for payload in (*changes.firms, *changes.senders)])
        headings = (
            translate("Import", "Line"),
            translate("Import", "Column"),
            translate("Import", "Value"),
            translate("Import", "Why"),
        )
        self.bad = RowsModel(headings, self)
        self.bad.show_rows([(str(c.line), c.column, c.value, c.ko if language == "ko" else c.en) for c in changes.bad])
        tabs = QTabWidget()
        tabs.addTab(_table(self.changes), translate("Import", "Changes ({number})").format(number=len(figures)))
        tabs.setTabText(0, translate("Import", "Changes ({number})").format(number=self.changes.rowCount()))
        tabs.addTab(_table(self.bad), translate("Import", "Bad rows ({number})").format(number=self.bad.rowCount()))
        self.apply, self.shut = QPushButton(translate("Import", "Apply")), QPushButton(translate("Import", "Close"))
        self.apply.setEnabled(self.changes.rowCount() > 0)
        self.apply.clicked.connect(self.apply_wanted)
        self.shut.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.shut)
        row.addWidget(self.apply)
        box = QVBoxLayout(self)
        box.addWidget(said)
        box.addWidget(tabs, 1)
        box.addLayout(row)
        self.resize(820, 560)


def _name() -> str:
    return translate("Senders", "Site")


def _row(payload: Payload) -> tuple[str, str, str]:
    new, changed = translate("Senders", "new"), translate("Senders", "changed")
    match payload:
        case FirmRegistered(firm=firm):
            return new, firm.id, firm.name_ko
        case FirmChanged(firm=firm):
            return changed, firm.id, firm.name_ko
        case SenderRegistered(sender=sender):
            return new, sender.account, sender.site_name
        case SenderChanged(sender=sender):
            return changed, sender.account, sender.site_name
    return "", "", ""


def _table(model: RowsModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.verticalHeader().hide()
    view.horizontalHeader().setStretchLastSection(True)
    view.horizontalHeader().setDefaultSectionSize(180)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    return view
