"""How many tiles, which are kept by name, and the second wall."""

from __future__ import annotations

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Operation, Reason
from smartcity_console.console.operations.wall_base import WallOperation
from smartcity_console.console.operations.wall_facts import WallFacts

LAYOUT_IDS = ("1", "4", "6", "9", "16", "25", "1+5", "1+7")


class UseLayout(WallOperation):
    """Show exactly so many tiles."""

    def __init__(self, layout: str, key: int) -> None:
        self._layout = layout
        self.id = f"wall.layout.{layout}"
        self.shortcut = f"Ctrl+Alt+{key}"

    def label(self) -> str:
        return translate("Operation", "Wall of {tiles}").format(tiles=self._layout)


class AutoLayout(WallOperation):
    id = "wall.layout.auto"
    shortcut = "Ctrl+Alt+0"

    def label(self) -> str:
        return translate("Operation", "As many tiles as there are cameras")

    def possible(self, wall: WallFacts) -> Reason | None:
        if wall.fixed:
            return None
        return Reason("is_so", translate("Reason", "The wall has as many tiles as there are cameras."))


class RestoreRank(WallOperation):
    """Undo what was dragged, swapped or called up."""

    id = "wall.rank"
    shortcut = "Shift+Backspace"

    def label(self) -> str:
        return translate("Operation", "The incident's cameras in rank order")

    def possible(self, wall: WallFacts) -> Reason | None:
        if wall.arranged:
            return None
        return Reason("is_so", translate("Reason", "The wall shows the cameras in rank order."))


class WallWindow(WallOperation):
    id = "wall.window"
    shortcut = "Ctrl+Shift+4"

    def label(self) -> str:
        return translate("Operation", "Second wall on another monitor, open or close")


def layout_operations() -> list[Operation]:
    """Return them in menu order."""
    return [
        *(UseLayout(layout, n + 1) for n, layout in enumerate(LAYOUT_IDS)),
        AutoLayout(),
        RestoreRank(),
        WallWindow(),
    ]
