"""What stands on the map to act with: buttons, search, layers, the ranked list. Placed over it, never painted by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QWidget

from smartcity_console.city import City
from smartcity_console.city.search import Finder, Found
from smartcity_console.console.language import translate
from smartcity_console.console.map.layer_panel import LayerPanel
from smartcity_console.console.map.search_box import SearchBox, kind_word
from smartcity_console.console.map.sight_panel import RankLine, SightPanel
from smartcity_console.console.map.stack import LayerStack
from smartcity_console.console.map.toolbar import KEYS, ToolBar
from smartcity_console.console.map.toolbox import ToolBox
from smartcity_console.model.camera import Dori

INSET_PX, GAP_PX = 10, 6
_TOOLS = ("measure", "rectangle", "lasso")


@dataclass(frozen=True)
class ChromeActs:
    """What the buttons have the map do."""

    go_to: Callable[[Found], None]
    follow: Callable[[bool], None]
    window: Callable[[], None]
    refresh: Callable[[], None]
    look_at: Callable[[str], None]  # a camera of the ranked list
    end_sight: Callable[[], None]
    to_wall: Callable[[], None]  # the cameras of the ranked list


class Chrome(QObject):
    """Owns the widgets on one map and the search behind them."""

    def __init__(
        self, chart: QWidget, city: City, stack: LayerStack, tools: ToolBox, acts: ChromeActs, folder: Path | None
    ) -> None:
        super().__init__(chart)
        self._chart, self._stack, self._tools, self._acts = chart, stack, tools, acts
        self.finder = Finder(city, folder)
        self.bar, self.layers = ToolBar(chart), LayerPanel(chart)
        self.search, self.sight = SearchBox(self.finder, stack.asking, chart), SightPanel(chart)
        for panel in self._panels():
            panel.hide()
        self._connect()
        self.show_layers()

    def serve(self, city: City, stack: LayerStack, folder: Path | None) -> Finder:
        """Act on another city's layers from now on; return the old search, which the caller closes."""
        old, self.finder, self._stack = self.finder, Finder(city, folder), stack
        self._watch_coverage()
        self.search.serve(self.finder, stack.asking)
        self.show_layers()
        return old

    def lay_out(self) -> None:
        """Put everything where it belongs on a map of this size."""
        wide, high = self._chart.width(), self._chart.height()
        self.bar.adjustSize()
        self.bar.move(wide - self.bar.width() - INSET_PX, INSET_PX)
        room = self.bar.x() - GAP_PX - INSET_PX
        self.search.setFixedWidth(max(160, min(360, room)))
        for panel in self._panels():
            panel.adjustSize()
            panel.resize(panel.width(), min(panel.height(), high - 2 * INSET_PX))
            panel.move(max(INSET_PX, self.bar.x() - GAP_PX - panel.width()), INSET_PX)

    def key(self, key: Qt.Key) -> bool:
        """Take a key of a button, and return whether it was one."""
        name = next((name for name, letter in KEYS.items() if key == Qt.Key(ord(letter))), None)
        if name is None:
            return False
        self._press(name, not self.bar.buttons[name].isChecked())
        return True

    def show_layers(self) -> None:
        """Bring the panel's boxes up to date."""
        present = {name for name, _ in self._stack.layers}
        shown = {name: name not in self._stack.hidden for name in (*present, "raster")}
        empty = {name: why for name, why in self._nothing().items() if why}
        self.layers.set_state(shown, empty)

    def retranslate(self) -> None:
        for part in (self.bar, self.layers, self.search):
            part.retranslate()
        self.show_layers()

    def close(self) -> None:
        """Join the search's thread."""
        self.finder.close()

    def open_only(self, wanted: QFrame | None) -> None:
        """Show one panel at most: a narrow map has no room for two."""
        for panel in self._panels():
            panel.setVisible(panel is wanted)
        self.bar.show_down("layers", wanted is self.layers)
        self.lay_out()
        if wanted is None:
            self._chart.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_sight(self, lines: list[RankLine], *, none_found: bool = False) -> None:
        """Show the ranked list of a spot; without cameras only when that is the answer."""
        self.sight.show_ranked(lines)
        if lines or none_found:
            self.open_only(self.sight)
        elif self.sight.isVisible():
            self.open_only(None)

    def _panels(self) -> tuple[LayerPanel, SearchBox, SightPanel]:
        return self.layers, self.search, self.sight

    def _connect(self) -> None:
        self.bar.pressed.connect(self._press)
        self.layers.switched.connect(self._switch)
        self.layers.left.connect(lambda: self.open_only(None))
        self.search.left.connect(lambda: self.open_only(None))
        self.search.grown.connect(self.lay_out)
        self.search.chosen.connect(self._choose)
        self.layers.coverage.asked.connect(self._ask_coverage)
        self.layers.coverage.private_wanted.connect(self._show_private)
        self.layers.coverage.halt_wanted.connect(self._halt_coverage)
        self._watch_coverage()
        self.sight.left.connect(self._acts.end_sight)
        self.sight.wall_wanted.connect(self._acts.to_wall)
        self.sight.chosen.connect(self._acts.look_at)
        self._tools.taken.connect(self._show_tool)

    def _press(self, name: str, down: bool) -> None:
        if name in _TOOLS:
            self._tools.take(name if down else "")
        elif name == "search":
            self.open_only(self.search)
            self.search.open()
        elif name == "layers":
            self.show_layers()
            self.open_only(self.layers if down else None)
            if down:
                self.layers.boxes["labels"].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif name == "follow":
            self.bar.show_down("follow", down)
            self._acts.follow(down)
        else:
            self._acts.window()

    def _switch(self, name: str, shown: bool) -> None:
        self._stack.set_shown(name, shown)
        if name == "coverage":
            self.layers.coverage.setVisible(shown)
            self.lay_out()
        self._acts.refresh()

    def _watch_coverage(self) -> None:
        self._stack.coverage.told = self._show_coverage
        self._show_coverage()

    def _show_coverage(self) -> None:
        self.layers.coverage.show_state(self._stack.coverage)

    def _ask_coverage(self, dori: Dori) -> None:
        layer = self._stack.coverage
        layer.ask(replace(layer.question, dori=dori))

    def _show_private(self, wanted: bool) -> None:
        self._stack.coverage.show_private(wanted)

    def _halt_coverage(self, halt: bool) -> None:
        (self._stack.coverage.halt if halt else self._stack.coverage.go_on)()

    def _choose(self, found: Found) -> None:
        self.open_only(None)
        self._acts.go_to(found)

    def _show_tool(self, taken: str) -> None:
        for name in _TOOLS:
            self.bar.show_down(name, name == taken)

    def _nothing(self) -> dict[str, str]:
        """Return why a layer has nothing to show."""
        present = {name for name, _ in self._stack.layers}
        return {
            "raster": "" if self._stack.raster else translate("Map", "No raster base map has been imported"),
            "coverage": "" if "coverage" in present else translate("Map", "Coverage has not been computed"),
            "traffic": "" if self._stack.traffic.known else translate("Map", "No traffic speeds have been imported"),
        }


def pin_title(found: Found) -> str:
    """Return what stands beside a found place's pin."""
    return f"{kind_word(found.kind)} · {found.title}"
