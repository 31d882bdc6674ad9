"""Looking back at the chosen tile, beside its live picture."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason
from smartcity_console.console.operations.wall_base import must_be_chosen
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.console.operations.wall_tile import TileVerb


def may_look_back(wall: WallFacts) -> Reason | None:
    """Return why nothing can be replayed: with a pane open it is about that one."""
    if wall.pane == "replay":
        return None
    if reason := must_be_chosen(wall):
        return reason
    if wall.shut:
        return Reason("shut", translate("Reason", "This private camera is shut."))
    if not wall.has_stream:
        return Reason("no_stream", translate("Reason", "This camera has no stream, so nothing of it is recorded."))
    return None


def looking_back(wall: WallFacts) -> Reason | None:
    if wall.pane == "replay":
        return None
    return Reason("no_replay", translate("Reason", "No replay is open (J opens one)."))


def may_go_live(wall: WallFacts) -> Reason | None:
    return None if wall.pane else Reason("is_live", translate("Reason", "Every tile is live."))


def replay_operations() -> list[Operation]:
    """Return them in menu order."""
    table = (
        ("wall.replay.back.5", QT_TRANSLATE_NOOP("Operation", "Replay: 5 s back"), "J", may_look_back),
        ("wall.replay.back.30", QT_TRANSLATE_NOOP("Operation", "Replay: 30 s back"), "Shift+J", may_look_back),
        ("wall.replay.pause", QT_TRANSLATE_NOOP("Operation", "Replay: pause or play"), "K", looking_back),
        ("wall.replay.step.back", QT_TRANSLATE_NOOP("Operation", "Replay: the picture before"), ",", looking_back),
        ("wall.replay.step.forward", QT_TRANSLATE_NOOP("Operation", "Replay: the next picture"), ".", looking_back),
        ("wall.replay.live", QT_TRANSLATE_NOOP("Operation", "Back to live"), "Shift+K", may_go_live),
    )
    operations = [TileVerb(*row) for row in table]
    for operation in operations:
        operation.group = Group.REPLAY
    return list(operations)
