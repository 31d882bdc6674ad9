"""What is kept for the walls, on one sheet: call up, delete, and make a tour of salvos."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.wall.sets import DWELL_S, NAME_CHARS, Tour, WallSets, clean_name

_KINDS = ("salvo", "saved", "tour")
_FIELD = {"salvo": "salvos", "saved": "layouts", "tour": "tours"}


class SetsDialog(QDialog):
    """Three lists. Not modal: the wall goes on beside it."""

    def __init__(
        self,
        change: Callable[[Callable[[WallSets], WallSets]], None],
        call_up: Callable[[str, int], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._change, self._call_up = change, call_up
        self._kept = WallSets()
        self.lists = {kind: QListWidget() for kind in _KINDS}
        self._titles = {kind: label(14, bold=True) for kind in _KINDS}
        self._calls = {kind: QPushButton() for kind in _KINDS}
        self._deletes = {kind: QPushButton() for kind in _KINDS}
        self.name, self.dwell, self.make = QLineEdit(), QDoubleSpinBox(), QPushButton()
        self._hint = label(13, tone="dim", wrap=True)
        self._lay_out()
        self._connect()
        self._retranslate()
        self.resize(760, 420)

    def show_sets(self, kept: WallSets) -> None:
        """Show what is kept now."""
        self._kept = kept
        for kind, view in self.lists.items():
            row = view.currentRow()
            view.clear()
            for number, one in enumerate(getattr(kept, _FIELD[kind])):
                view.addItem(QListWidgetItem(f"{number + 1}  {one.name}{_detail(one)}"))
            view.setCurrentRow(min(max(row, 0), view.count() - 1))
        self._refresh()

    def _refresh(self) -> None:
        for kind, view in self.lists.items():
            chosen = view.currentRow() >= 0
            self._calls[kind].setEnabled(chosen)
            self._deletes[kind].setEnabled(chosen)
        self.make.setEnabled(bool(clean_name(self.name.text())) and bool(self.lists["salvo"].selectedItems()))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for column, kind in enumerate(_KINDS):
            row = QHBoxLayout()
            row.addWidget(self._calls[kind])
            row.addWidget(self._deletes[kind])
            grid.addWidget(self._titles[kind], 0, column)
            grid.addWidget(self.lists[kind], 1, column)
            grid.addLayout(row, 2, column)
        foot = QHBoxLayout()
        foot.addWidget(self.name, 1)
        foot.addWidget(self.dwell)
        foot.addWidget(self.make)
        box = QVBoxLayout(self)
        box.addLayout(grid, 1)
        box.addWidget(self._hint)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.lists["salvo"].setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.name.setMaxLength(NAME_CHARS)
        self.dwell.setRange(*DWELL_S)
        self.dwell.setDecimals(0)
        self.dwell.setValue(10.0)
        self.name.textChanged.connect(lambda _text: self._refresh())
        self.make.clicked.connect(self._make_tour)
        for kind, view in self.lists.items():
            view.itemSelectionChanged.connect(self._refresh)
            view.itemActivated.connect(lambda _item, kind=kind: self._call(kind))
            self._calls[kind].clicked.connect(lambda _down=False, kind=kind: self._call(kind))
            self._deletes[kind].clicked.connect(lambda _down=False, kind=kind: self._delete(kind))
            for button in (self._calls[kind], self._deletes[kind], self.make):
                button.setAutoDefault(False)

    def _call(self, kind: str) -> None:
        if (row := self.lists[kind].currentRow()) >= 0:
            self._call_up(kind, row + 1)

    def _delete(self, kind: str) -> None:
        if (row := self.lists[kind].currentRow()) >= 0:
            name = getattr(self._kept, _FIELD[kind])[row].name
            self._change(lambda kept: kept.without(_FIELD[kind], name))

    def _make_tour(self) -> None:
        """A tour of the chosen salvos, in the order in which they are listed."""
        rows = sorted(index.row() for index in self.lists["salvo"].selectedIndexes())
        steps = tuple(self._kept.salvos[row].name for row in rows)
        tour = Tour(clean_name(self.name.text()), self.dwell.value(), steps)
        self._change(lambda kept: kept.keeping("tours", tour))
        self.name.clear()

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Wall", "Salvos, saved walls and tours"))
        titles = {
            "salvo": translate("Wall", "Salvos (Shift+F1 to F9)"),
            "saved": translate("Wall", "Saved walls (Ctrl+F1 to F9)"),
            "tour": translate("Wall", "Tours (Ctrl+Shift+F1 to F9)"),
        }
        for kind in _KINDS:
            self._titles[kind].setText(titles[kind])
            self.lists[kind].setAccessibleName(titles[kind])
            self._calls[kind].setText(translate("Wall", "Call up"))
            self._deletes[kind].setText(translate("Wall", "Delete"))
        self.name.setPlaceholderText(translate("Wall", "Name of a new tour"))
        self.name.setAccessibleName(translate("Wall", "Name of a new tour"))
        self.dwell.setSuffix(translate("Wall", " s each"))
        self.dwell.setAccessibleName(translate("Wall", "Seconds for each step"))
        self.make.setText(translate("Wall", "Make a tour of the chosen salvos"))
        self._hint.setText(translate("Wall", "Choose several salvos with Ctrl or Shift to make a tour of them."))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.show_sets(self._kept)


def _detail(one: object) -> str:
    """Return what an entry holds, in a few letters."""
    if isinstance(one, Tour):
        return f"  · {len(one.steps)} × {one.dwell_s:g} s"
    cameras = [camera_id for camera_id in getattr(one, "cameras", ()) if camera_id]
    return f"  · {len(cameras)}"
