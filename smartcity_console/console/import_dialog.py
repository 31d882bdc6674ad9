"""The dialog of an import: what kind it is, how far it is, what is wrong, what would change, apply."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.city.importers import KINDS_OF_DATA, kinds_for
from smartcity_console.city.importers.kinds import RASTER
from smartcity_console.city.importers.parts import Options, source_of
from smartcity_console.console.import_job import ImportJob, Row, Shown
from smartcity_console.console.language import translate
from smartcity_console.model.errors import ConsoleError, Language

SIZE_PX = (860, 620)
COLUMN_PX, FIRST_COLUMN_PX = 190, 90
PROGRESS_STEPS = 1000
_Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """Rows of texts under headings; outside text stays text."""

    def __init__(self, headings: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._headings, self._rows = tuple(headings), tuple[Row, ...]()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return self._rows[index.row()][index.column()] if role in wanted else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        return None


class ImportDialog(QDialog):
    """Not modal: the control room goes on. Closing it before "apply" changes nothing."""

    def __init__(self, files: Sequence[Path], job: ImportJob, language: Language, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._files, self._job, self._language = tuple(files), job, language
        self._busy = False
        self.setWindowTitle(translate("Import", "Import data"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._set_source()
        self.look()

    def _make_parts(self) -> None:
        self.kind = QComboBox()
        for name in kinds_for(self._files):
            self.kind.addItem(_kind_title(name, self._language), name)
        self.source = QLineEdit()
        self.progress = QProgressBar()
        self.progress.setRange(0, PROGRESS_STEPS)
        self.summary = _plain_label("")
        self.bad_rows = RowsModel(_bad_headings(), self)
        self.counts = RowsModel(_count_headings(), self)
        self.changes = RowsModel(_change_headings(), self)
        self.tabs = QTabWidget()
        for model in (self.counts, self.changes, self.bad_rows):
            self.tabs.addTab(_table(model), "")
        self.apply_button = QPushButton(translate("Import", "Apply"))
        self.apply_button.setEnabled(False)
        self.look_button = QPushButton(translate("Import", "Look again"))
        self.close_button = QPushButton(translate("Import", "Close"))
        self._title_tabs(None)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(translate("Import", "Files"), _plain_label("\n".join(str(path) for path in self._files)))
        form.addRow(translate("Import", "Kind of data"), self.kind)
        form.addRow(translate("Import", "Source"), self.source)
        buttons = QHBoxLayout()
        buttons.addWidget(self.look_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.apply_button)
        box = QVBoxLayout(self)
        box.addLayout(form)
        for widget in (self.progress, self.summary, self.tabs):
            box.addWidget(widget)
        box.setStretchFactor(self.tabs, 1)
        box.addLayout(buttons)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _index: self.look())
        self.look_button.clicked.connect(self.look)
        self.apply_button.clicked.connect(self._apply)
        self.close_button.clicked.connect(self.reject)
        self._job.progressed.connect(self._show_progress)
        self._job.looked.connect(self._show_look)
        self._job.applied.connect(self._show_applied)
        self._job.failed.connect(self._show_error)

    def _set_source(self) -> None:
        self.source.setText(source_of(self._files, Options()))

    def look(self) -> None:
        """Read the files again, as the kind and the source that are chosen."""
        kind = self.kind.currentData()
        if kind is None:
            self._show_idle(translate("Import", "No kind of data is kept in files of this name."), False)
            return
        self._set_busy(translate("Import", "Reading. Nothing is changed yet."))
        for model in (self.counts, self.changes, self.bad_rows):
            model.show_rows(())
        self._job.look(kind, self._files, self.source.text().strip(), self._language)

    def _apply(self) -> None:
        self._set_busy(translate("Import", "Applying"))
        self._job.apply()

    def _show_progress(self, _stage: str, done: float) -> None:
        self.progress.setValue(round(done * PROGRESS_STEPS))

    def _show_look(self, seen: Shown) -> None:
        self.bad_rows.show_rows(seen.bad_rows)
        self.changes.show_rows(seen.change_rows)
        self.counts.show_rows(seen.counts)
        self._title_tabs(seen)
        self.progress.setValue(PROGRESS_STEPS)
        self._show_idle(_summary(seen), seen.changes > 0)

    def _show_applied(self) -> None:
        self._show_idle(translate("Import", "Applied. The catalogue has the new data."), False)
        self.progress.setValue(PROGRESS_STEPS)

    def _show_error(self, error: ConsoleError) -> None:
        self._show_idle(error.sentence(self._language), False)

    def _set_busy(self, sentence: str) -> None:
        self._busy = True
        self.summary.setText(sentence)
        self.progress.setValue(0)
        for widget in (self.kind, self.source, self.look_button, self.apply_button):
            widget.setEnabled(False)

    def _show_idle(self, sentence: str, may_apply: bool) -> None:
        self._busy = False
        self.summary.setText(sentence)
        for widget in (self.kind, self.source, self.look_button):
            widget.setEnabled(True)
        self.apply_button.setEnabled(may_apply)

    def _title_tabs(self, seen: Shown | None) -> None:
        bad = seen.refused + seen.remarks if seen else 0
        changes = seen.changes if seen else 0
        self.tabs.setTabText(0, translate("Import", "Tables"))
        self.tabs.setTabText(1, translate("Import", "Changes ({number})").format(number=f"{changes:,}"))
        self.tabs.setTabText(2, translate("Import", "Bad rows ({number})").format(number=f"{bad:,}"))


def _summary(seen: Shown) -> str:
    text = translate("Import", "{rows} rows: {imported} can be imported, {refused} are refused, {remarks} remarks.")
    figures = {name: f"{getattr(seen, name):,}" for name in ("rows", "imported", "refused", "remarks")}
    lines = [text.format(**figures)]
    if seen.takes_most_away:
        lines.append(
            translate("Import", "Most of what this source had would go: give another city's file another source.")
        )
    if seen.report_path is not None:
        lines.append(translate("Import", "All bad rows: {path}").format(path=seen.report_path))
    return "\n".join(lines)


def _kind_title(name: str, language: Language) -> str:
    if name == RASTER:
        return translate("Import", "Raster base map")
    kind = KINDS_OF_DATA[name]
    return kind.ko if language == "ko" else kind.en


def _plain_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _table(model: RowsModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.verticalHeader().hide()
    view.setWordWrap(False)
    view.horizontalHeader().setStretchLastSection(True)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    view.horizontalHeader().setDefaultSectionSize(COLUMN_PX)
    view.setColumnWidth(0, FIRST_COLUMN_PX)
    return view


def _bad_headings() -> tuple[str, ...]:
    return (
        translate("Import", "Line"),
        translate("Import", "Column"),
        translate("Import", "Value"),
        translate("Import", "Why"),
    )


def _count_headings() -> tuple[str, ...]:
    return (
        translate("Import", "Table"),
        translate("Import", "added"),
        translate("Import", "changed"),
        translate("Import", "gone"),
        translate("Import", "as they were"),
    )


def _change_headings() -> tuple[str, ...]:
    return (
        translate("Import", "Table"),
        translate("Import", "Change"),
        translate("Import", "Id"),
        translate("Import", "What"),
    )
