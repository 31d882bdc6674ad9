"""The trainer's verbs: each appends one order, which the director carries out and answers in the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason
from smartcity_console.console.operations.registry import Operations
from smartcity_console.console.trainer.drill_fold import DrillFold, InjectStanding
from smartcity_console.drill.scenario.model import AnyInject
from smartcity_console.model.events import Draft, DrillOrdered


@dataclass(frozen=True)
class Speech:
    """Words for a seat; "": every seat."""

    seat: str
    text: str


@dataclass(frozen=True)
class TrainerState:
    """All that a trainer's operation may look at. `chosen`: the inject that is marked in the list."""

    drill_id: str
    by: str
    fold: DrillFold
    second: float = 0.0
    chosen: AnyInject | None = None
    incident_id: str = ""
    is_replay: bool = False  # the drill is over and its record is being looked at
    director_up: bool = True
    seats: tuple[str, ...] = ()
    has_report: bool = False
    has_scenario: bool = True
    new_id: Callable[[str], str] = field(default=lambda prefix: prefix)

    @property
    def standing(self) -> InjectStanding:
        return self.fold.inject(self.chosen.id if self.chosen else "").standing


class TrainerVerb(Operation):
    """Base of what the trainer does. `act` is the order's; an empty one moves the view only."""

    group = Group.DRILL
    act: ClassVar[str] = ""

    def __init__(self, op_id: str, source: str, shortcut: str) -> None:
        self.id, self._source, self.shortcut = op_id, source, shortcut

    def label(self) -> str:
        return translate("Operation", self._source)


class Order(TrainerVerb):
    """An order to the director."""

    def __init__(self, op_id: str, source: str, shortcut: str, act: str, needs: str = "") -> None:
        super().__init__(op_id, source, shortcut)
        self.act, self.needs = act, needs  # type: ignore[misc]

    def available(self, state: TrainerState) -> Reason | None:
        return _must_run(state) or _WHEN.get(self.act, _always)(state)

    def drafts(self, state: TrainerState, argument: Any = None) -> list[Draft]:
        order = DrillOrdered(
            at_s=round(state.second, 3),
            order_id=state.new_id("order"),
            act=self.act,
            by=state.by,
            **_facts(self, state, argument),
        )
        return [Draft(f"drill/{state.drill_id}", order, f"trainer/{state.by}")]


class View(TrainerVerb):
    """A verb that moves the view of the trainer's window."""

    group = Group.VIEW

    def __init__(
        self, op_id: str, source: str, shortcut: str, when: Callable[[TrainerState], Reason | None] | None = None
    ) -> None:
        super().__init__(op_id, source, shortcut)
        self._when = when or _always

    def available(self, state: TrainerState) -> Reason | None:
        return self._when(state)


def _facts(order: Order, state: TrainerState, argument: Any) -> dict[str, str]:
    if order.act in ("fire", "skip", "hold", "release"):
        assert state.chosen is not None
        return {"inject_id": state.chosen.id}
    if order.act == "add":
        return {"inject": msgspec.json.encode(argument).decode(), "inject_id": argument.id}
    if isinstance(argument, Speech):
        return {"seat": argument.seat, "text": argument.text}
    return {"text": str(argument), "incident_id": state.incident_id} if order.act == "mark" else {}


def _always(state: TrainerState) -> Reason | None:
    del state
    return None


def _must_run(state: TrainerState) -> Reason | None:
    if state.fold.ended is not None:
        return Reason("ended", translate("Reason", "The drill is over."))
    if state.fold.begun is None:
        return Reason("not_begun", translate("Reason", "The drill has not begun yet."))
    if not state.director_up:
        return Reason("no_director", translate("Reason", "The director does not run: nobody would carry this out."))
    return None


def _with_inject(state: TrainerState) -> Reason | None:
    if state.chosen is None:
        return Reason("no_inject", translate("Reason", "Choose an inject first."))
    if state.standing in (InjectStanding.FIRED, InjectStanding.FAILED):
        return Reason("fired", translate("Reason", "This inject was fired already."))
    return None


def _with_waiting(state: TrainerState) -> Reason | None:
    if reason := _with_inject(state):
        return reason
    if state.standing is InjectStanding.SKIPPED:
        return Reason("skipped", translate("Reason", "This inject was skipped."))
    return Reason("held", translate("Reason", "It is held already.")) if state.standing is InjectStanding.HELD else None


def _with_skippable(state: TrainerState) -> Reason | None:
    if reason := _with_inject(state):
        return reason
    skipped = state.standing is InjectStanding.SKIPPED
    return Reason("skipped", translate("Reason", "This inject was skipped.")) if skipped else None


def _with_held(state: TrainerState) -> Reason | None:
    if state.chosen is None:
        return Reason("no_inject", translate("Reason", "Choose an inject first."))
    held = state.standing is InjectStanding.HELD
    return None if held else Reason("not_held", translate("Reason", "It is not held."))


def _while_going(state: TrainerState) -> Reason | None:
    return Reason("paused", translate("Reason", "The drill is paused already.")) if state.fold.is_paused else None


def _while_paused(state: TrainerState) -> Reason | None:
    return None if state.fold.is_paused else Reason("going", translate("Reason", "The drill is not paused."))


def _with_report(state: TrainerState) -> Reason | None:
    return None if state.has_report else Reason("no_report", translate("Reason", "There is no report yet."))


def _in_replay(state: TrainerState) -> Reason | None:
    if state.is_replay:
        return None
    return Reason("running", translate("Reason", "A replay is to be had when the drill is over."))


def _with_scenario(state: TrainerState) -> Reason | None:
    if state.has_scenario:
        return None
    return Reason("no_scenario", translate("Reason", "The scenario has not been read yet."))


_WHEN: dict[str, Callable[[TrainerState], Reason | None]] = {
    "fire": _with_skippable,
    "skip": _with_skippable,
    "hold": _with_waiting,
    "release": _with_held,
    "pause": _while_going,
    "resume": _while_paused,
    "add": _with_scenario,
}


def trainer_operations() -> Operations:
    """Return every verb of the trainer's window, in menu order."""
    return Operations(
        [
            Order("drill.inject.fire", QT_TRANSLATE_NOOP("Operation", "Fire now"), "F5", "fire"),
            Order("drill.inject.skip", QT_TRANSLATE_NOOP("Operation", "Skip"), "Del", "skip"),
            Order("drill.inject.hold", QT_TRANSLATE_NOOP("Operation", "Hold"), "H", "hold"),
            Order("drill.inject.release", QT_TRANSLATE_NOOP("Operation", "Let go"), "Shift+H", "release"),
            Order("drill.inject.add", QT_TRANSLATE_NOOP("Operation", "Add an inject …"), "Ctrl+N", "add", "inject"),
            Order("drill.pause", QT_TRANSLATE_NOOP("Operation", "Pause"), "P", "pause"),
            Order("drill.resume", QT_TRANSLATE_NOOP("Operation", "Go on"), "Shift+P", "resume"),
            Order("drill.speak", QT_TRANSLATE_NOOP("Operation", "Speak to a seat …"), "S", "speak", "speech"),
            Order("drill.mark", QT_TRANSLATE_NOOP("Operation", "Mark this moment …"), "M", "mark", "text"),
            Order("drill.end", QT_TRANSLATE_NOOP("Operation", "End the drill …"), "Ctrl+End", "end", "sure"),
            View("drill.report", QT_TRANSLATE_NOOP("Operation", "Open the report"), "Ctrl+R", _with_report),
            View("drill.replay.play", QT_TRANSLATE_NOOP("Operation", "Play or stop the replay"), "K", _in_replay),
            View("drill.replay.back", QT_TRANSLATE_NOOP("Operation", "Ten seconds back"), "J", _in_replay),
            View("drill.replay.forward", QT_TRANSLATE_NOOP("Operation", "Ten seconds on"), "L", _in_replay),
            View("drill.mirror.next", QT_TRANSLATE_NOOP("Operation", "Next seat"), "Ctrl+Right"),
            View("view.language", QT_TRANSLATE_NOOP("Operation", "한국어 / English"), "Ctrl+L"),
            View("view.full_screen", QT_TRANSLATE_NOOP("Operation", "Full screen"), "F11"),
            View("notice.seen", QT_TRANSLATE_NOOP("Operation", "Put the message away"), "F8"),
            View("palette.open", QT_TRANSLATE_NOOP("Operation", "Find a command"), "Ctrl+K"),
            View("app.quit", QT_TRANSLATE_NOOP("Operation", "Leave the trainer's window"), "Ctrl+Shift+Q"),
        ]
    )
