"""The injects as a list: what comes, on what it waits, how it stands; the verbs for the marked one below it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.language import translate
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.trainer.drill_fold import InjectStanding, InjectState
from smartcity_console.console.trainer.forms.names import kind_name
from smartcity_console.console.trainer.inject_words import MARKS, TONES, due_text, standing_word, state_words
from smartcity_console.console.trainer.trainer_desk import TrainerDesk, TrainerRunner
from smartcity_console.console.trainer.whole_line import WholeLine
from smartcity_console.drill.scenario.model import AnyInject

STANDING, DUE, LABEL, WAITS = range(4)
WIDTHS_PX = (92, 66, 190, 200)
ROW_PX = 28
VERBS = ("drill.inject.fire", "drill.inject.hold", "drill.inject.release", "drill.inject.skip")
Index = QModelIndex | QPersistentModelIndex


class InjectModel(QAbstractTableModel):
    """Rows in the desk's order. `language` picks the scenario's own words."""

    def __init__(self, desk: TrainerDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.language = "ko"
        self.rows: list[tuple[AnyInject, InjectState]] = []

    def show(self, language: str) -> None:
        self.beginResetModel()
        self.language = language
        self.rows = [(inject, self._desk.fold.inject(inject.id)) for inject in self._desk.injects()]
        self.endResetModel()

    def row_of(self, inject_id: str) -> int:
        return next((row for row, (inject, _) in enumerate(self.rows) if inject.id == inject_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(WIDTHS_PX)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            translate("Injects", "Stands"),
            translate("Injects", "At"),
            translate("Injects", "Inject"),
            translate("Injects", "Waits on"),
        )[section]

    def data(self, index: Index, role: int = 0) -> object:
        inject, state = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(inject, state, index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            return colour(TONES[state.standing])
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = (
                inject.label.of(self.language),
                kind_name(type(inject).__name__.lower()),
                self._waits(inject, state),
            )
            return plain_tip("\n".join(part for part in parts if part))
        if role == Qt.ItemDataRole.FontRole:
            return font(13, bold=state.standing in (InjectStanding.HELD, InjectStanding.FAILED))
        return None

    def texts(self, row: int) -> list[str]:
        """Return what stands in a row."""
        return [self._text(*self.rows[row], column) for column in range(len(WIDTHS_PX))]

    def _text(self, inject: AnyInject, state: InjectState, column: int) -> str:
        if column == STANDING:
            return f"{MARKS[state.standing]} {standing_word(state.standing)}"
        if column == DUE:
            return due_text(inject, state)
        return inject.label.of(self.language) if column == LABEL else self._waits(inject, state)

    def _waits(self, inject: AnyInject, state: InjectState) -> str:
        plain = inject.when.at_s is not None and state.standing is InjectStanding.WAITING
        if plain and not (inject.when.needs or inject.when.unless):
            return ""
        return state_words(inject, state, self._desk.scenario, self.language)


class InjectPanel(QWidget):
    """The list with its verbs. `chosen(inject id)`: another one was marked."""

    chosen = Signal(str)

    def __init__(self, desk: TrainerDesk, runner: TrainerRunner) -> None:
        super().__init__()
        self._desk = desk
        self._head = label(15, bold=True)
        self.model = InjectModel(desk, self)
        self.table, self.whole = _table(self.model), WholeLine()
        self.buttons = [OperationButton(runner.operations[op_id], runner) for op_id in VERBS]
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in self.buttons:
            row.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 6, 10)
        box.setSpacing(8)
        box.addWidget(self._head)
        box.addWidget(self.table, 1)
        box.addWidget(self.whole)
        box.addLayout(row)
        self.table.selectionModel().currentRowChanged.connect(self._marked)

    def refresh(self, language: str) -> None:
        """Show the injects as they stand; the marked one stays marked."""
        rows = [(inject, self._desk.fold.inject(inject.id)) for inject in self._desk.injects()]
        if rows != self.model.rows or language != self.model.language:
            self.model.show(language)
            self.mark(self._desk.chosen_id)
        waiting = sum(state.standing in (InjectStanding.WAITING, InjectStanding.HELD) for _, state in rows)
        text = translate("Injects", "Injects · {waiting} to come of {count}")
        self._head.setText(text.format(waiting=waiting, count=len(rows)))
        self._show_whole()
        self.refresh_buttons()

    def refresh_buttons(self) -> None:
        state = self._desk.state()
        for button in self.buttons:
            button.refresh(state)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What an inject is called and what it waits on share what is left, on a small screen too."""
        super().resizeEvent(event)
        left_px = self.width() - WIDTHS_PX[STANDING] - WIDTHS_PX[DUE] - 20
        self.table.setColumnWidth(LABEL, max(110, min(WIDTHS_PX[LABEL], left_px // 2)))

    def mark(self, inject_id: str) -> None:
        """Mark a row; of none, the first that is still to come."""
        row = self.model.row_of(inject_id)
        if row < 0:
            open_ = (InjectStanding.WAITING, InjectStanding.HELD)
            row = next((n for n, (_, state) in enumerate(self.model.rows) if state.standing in open_), -1)
        if row >= 0:
            self.table.setCurrentIndex(self.model.index(row, LABEL))

    def _show_whole(self) -> None:
        index = self.table.currentIndex()
        self.whole.show_cells(self.model.texts(index.row()) if index.isValid() else ())

    def _marked(self, index: QModelIndex) -> None:
        self._show_whole()
        if index.isValid():
            self.chosen.emit(self.model.rows[index.row()][0].id)


def _table(model: InjectModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_PX)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width_px in enumerate(WIDTHS_PX):
        view.setColumnWidth(column, width_px)
    header.setSectionResizeMode(WAITS, QHeaderView.ResizeMode.Stretch)
    return view
