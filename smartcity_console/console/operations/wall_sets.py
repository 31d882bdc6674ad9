"""Salvos, saved layouts and tours: nine of each, one key each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason
from smartcity_console.console.operations.wall_base import WallOperation
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.console.operations.wall_tile import TileVerb

MOST = 9
_KINDS = {"salvo": "Shift+F", "saved": "Ctrl+F", "tour": "Ctrl+Shift+F"}


class CallUp(WallOperation):
    """Call up the n-th of a kind. `names` tells what is kept, so that the label says what will come."""

    group = Group.SETS
    names: Callable[[], tuple[str, ...]]

    def __init__(self, kind: str, number: int) -> None:
        self._kind, self._number = kind, number
        self.names = tuple
        self.id = f"wall.{kind}.{number}"
        self.shortcut = f"{_KINDS[kind]}{number}"

    @property
    def kind(self) -> str:
        return self._kind

    def label(self) -> str:
        label = {
            "salvo": translate("Operation", "Salvo {number}"),
            "saved": translate("Operation", "Saved wall {number}"),
            "tour": translate("Operation", "Tour {number}"),
        }[self._kind].format(number=self._number)
        kept = self.names()
        return f"{label}: {kept[self._number - 1]}" if self._number <= len(kept) else label

    def possible(self, wall: WallFacts) -> Reason | None:
        if self._number <= len(self._kept(wall)):
            return None
        return Reason("not_kept", translate("Reason", "Nothing is kept in this place."))

    def _kept(self, wall: WallFacts) -> tuple[str, ...]:
        return {"salvo": wall.salvos, "saved": wall.layouts, "tour": wall.tours}[self._kind]


class Keep(WallOperation):
    """Keep what the wall shows under a name. `argument`: the name."""

    group = Group.SETS
    needs = "wall_name"

    def __init__(self, kind: str, source: str, key: str) -> None:
        self.id, self.shortcut, self._source = f"wall.keep.{kind}", key, source

    def label(self) -> str:
        return translate("Operation", self._source)

    def possible(self, wall: WallFacts) -> Reason | None:
        return None if wall.numbers else Reason("empty_wall", translate("Reason", "The wall shows no camera."))


def may_tour(wall: WallFacts) -> Reason | None:
    return None if wall.touring else Reason("no_tour", translate("Reason", "No tour runs."))


def may_remove(wall: WallFacts) -> Reason | None:
    if wall.salvos or wall.layouts or wall.tours:
        return None
    return Reason("not_kept", translate("Reason", "Nothing is kept yet."))


def set_operations() -> list[Operation]:
    """Return them in menu order."""
    verbs = (
        ("wall.tour.pause", QT_TRANSLATE_NOOP("Operation", "Tour: wait or go on"), "T", may_tour),
        ("wall.tour.stop", QT_TRANSLATE_NOOP("Operation", "Tour: end"), "Shift+T", may_tour),
        ("wall.sets", QT_TRANSLATE_NOOP("Operation", "Salvos, saved walls and tours …"), "Ctrl+Alt+S", lambda _: None),
    )
    keeps = (
        ("salvo", QT_TRANSLATE_NOOP("Operation", "Keep the wall's cameras as a salvo"), "Ctrl+Alt+C"),
        ("saved", QT_TRANSLATE_NOOP("Operation", "Keep the wall, layout and places"), "Ctrl+Alt+W"),
        ("tour", QT_TRANSLATE_NOOP("Operation", "Keep the wall's cameras as a tour"), "Ctrl+Alt+T"),
    )
    more = [TileVerb(*row) for row in verbs]
    for operation in more:
        operation.group = Group.SETS
    called = [CallUp(kind, number) for kind in _KINDS for number in range(1, MOST + 1)]
    return [*called, *more, *(Keep(*row) for row in keeps)]
