"""The scenario's parts as a tree, with a mark where a part contradicts another."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.trainer.editor.parts import (
    LISTS,
    SECTIONS,
    STAGED,
    Place,
    items,
    part_name,
    section_name,
)
from smartcity_console.drill.scenario.model import Scenario

PLACE = Qt.ItemDataRole.UserRole


class PartsTree(QTreeWidget):
    """`chosen(place)` when the user goes to another part."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setFont(font(13))
        self._shown: object = None
        self._quiet = False
        self.currentItemChanged.connect(self._tell)

    def show_parts(self, scenario: Scenario, bad: Collection[Place], place: Place, language: str) -> None:
        """Show the parts as they are; `bad` ones carry a mark."""
        shown = (scenario, frozenset(bad), language)
        if shown != self._shown:
            self._shown = shown
            self._quiet = True
            self.clear()
            for section in SECTIONS:
                if section not in STAGED or scenario.stage is not None:
                    self._add_section(scenario, section, bad, language)
            self._quiet = False
        self.go_to(place)

    def go_to(self, place: Place) -> None:
        """Mark a part without telling of it."""
        self._quiet = True
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            for item in [top, *(top.child(n) for n in range(top.childCount()))]:
                if item.data(0, PLACE) == tuple(place):
                    self.setCurrentItem(item)
        self._quiet = False

    def _add_section(self, scenario: Scenario, section: str, bad: Collection[Place], language: str) -> None:
        parts = items(scenario, section)
        count = f"  {len(parts)}" if section in (*LISTS, *STAGED) else ""
        top = self._item(section_name(section) + count, Place(section), Place(section) in bad)
        top.setFont(0, font(13, bold=True))
        self.addTopLevelItem(top)
        for number, each in enumerate(parts):
            place = Place(section, number)
            top.addChild(self._item(part_name(each, scenario, language), place, place in bad))
        top.setExpanded(True)

    def _item(self, text: str, place: Place, bad: bool) -> QTreeWidgetItem:
        item = QTreeWidgetItem([f"▲ {text}" if bad else text])
        item.setData(0, PLACE, tuple(place))
        item.setToolTip(0, plain_tip(text))
        if bad:
            item.setForeground(0, colour("warn"))
        return item

    def _tell(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None and not self._quiet:
            self.chosen.emit(Place(*item.data(0, PLACE)))
