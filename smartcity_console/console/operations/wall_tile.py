"""What is done to one tile: choose, enlarge, swap, magnify, freeze, take away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason
from smartcity_console.console.operations.wall_base import WallOperation, must_be_chosen, must_show, no_tile
from smartcity_console.console.operations.wall_facts import WallFacts

KEYED_TILES = 9


class ChooseTile(WallOperation):
    """Choose a tile by its number. On a large wall a second digit within a second makes it a number of two."""

    group = Group.TILE

    def __init__(self, number: int) -> None:
        self._number = number
        self.id = f"wall.tile.{number}"
        self.shortcut = f"Shift+{number}"

    def label(self) -> str:
        return translate("Operation", "Choose tile {number}").format(number=self._number)

    def possible(self, wall: WallFacts) -> Reason | None:
        starts = any(str(number).startswith(str(self._number)) for number in wall.numbers)
        if starts or any(number > KEYED_TILES for number in wall.numbers):
            return None
        return Reason("no_tile", translate("Reason", "No tile has this number."))


class TileVerb(WallOperation):
    """A verb on the chosen tile; `source` is its English label, marked for translation where the table stands."""

    group = Group.TILE

    def __init__(self, op_id: str, source: str, key: str, when: Callable[[WallFacts], Reason | None]) -> None:
        self.id, self.shortcut, self._source, self._when = op_id, key, source, when

    def label(self) -> str:
        return translate("Operation", self._source)

    def possible(self, wall: WallFacts) -> Reason | None:
        return self._when(wall)


def may_swap(wall: WallFacts) -> Reason | None:
    if reason := must_be_chosen(wall):
        return reason
    if len(wall.numbers) < 2:
        return Reason("one_tile", translate("Reason", "There is no other tile to swap with."))
    return None


def may_enlarge(wall: WallFacts) -> Reason | None:
    return None if wall.maximised or wall.chosen is not None else no_tile()


def may_shrink(wall: WallFacts) -> Reason | None:
    if reason := must_show(wall):
        return reason
    return None if wall.zoom > 1.0 else Reason("no_zoom", translate("Reason", "The picture is not magnified."))


def may_freeze(wall: WallFacts) -> Reason | None:
    return None if wall.pane == "frozen" else must_show(wall)


def tile_operations() -> list[Operation]:
    """Return them in menu order."""
    table = (
        ("wall.maximise", QT_TRANSLATE_NOOP("Operation", "Enlarge the tile, or show all again"), "E", may_enlarge),
        ("wall.swap", QT_TRANSLATE_NOOP("Operation", "Swap the tile with the one chosen next"), "X", may_swap),
        ("wall.clear", QT_TRANSLATE_NOOP("Operation", "Take the camera off the wall"), "Shift+Del", must_be_chosen),
        ("wall.zoom.in", QT_TRANSLATE_NOOP("Operation", "Digital zoom in"), "Ctrl+=", must_show),
        ("wall.zoom.out", QT_TRANSLATE_NOOP("Operation", "Digital zoom out"), "Ctrl+-", may_shrink),
        ("wall.zoom.whole", QT_TRANSLATE_NOOP("Operation", "The whole picture again"), "Ctrl+0", may_shrink),
        ("wall.freeze", QT_TRANSLATE_NOOP("Operation", "Freeze a picture beside the live one"), "Z", may_freeze),
    )
    return [*(ChooseTile(number) for number in range(1, KEYED_TILES + 1)), *(TileVerb(*row) for row in table)]
