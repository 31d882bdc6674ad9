"""Verbs of cameras that turn. The driver carries them out by their id; turning to a spot is on record first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, no_incident
from smartcity_console.console.operations.ptz_facts import PtzFacts
from smartcity_console.model.events import Draft, PtzSpotWanted, stream_of
from smartcity_console.model.geo import Position


def not_wired(ptz: PtzFacts) -> Reason | None:
    """Return why this console steers no camera at all."""
    if ptz.wired:
        return None
    return Reason("no_ptz", translate("Reason", "This console is not connected to a gateway that steers cameras."))


def may_steer(ptz: PtzFacts) -> Reason | None:
    """Return why the chosen camera cannot be steered."""
    if reason := not_wired(ptz):
        return reason
    if not ptz.camera_id:
        return Reason("no_camera", translate("Reason", "Choose a camera first, on the map or on the wall."))
    return Reason("cannot_turn", ptz.reason) if ptz.reason else None


def may_take(ptz: PtzFacts) -> Reason | None:
    if reason := may_steer(ptz):
        return reason
    if ptz.is_mine:
        return Reason("is_mine", translate("Reason", "This seat steers the camera already."))
    return None


def may_release(ptz: PtzFacts) -> Reason | None:
    if ptz.is_mine:
        return None
    return Reason("not_mine", translate("Reason", "This seat does not steer the camera."))


def may_leave_or_steer(ptz: PtzFacts) -> Reason | None:
    """The mode can always be left."""
    return None if ptz.mode else may_steer(ptz)


_TABLE = (
    ("view.ptz", QT_TRANSLATE_NOOP("Operation", "Panel for steering cameras"), "Ctrl+Shift+5", not_wired),
    ("ptz.mode", QT_TRANSLATE_NOOP("Operation", "Steer by keys, on or off"), "Ctrl+D", may_leave_or_steer),
    ("ptz.take", QT_TRANSLATE_NOOP("Operation", "Take the camera"), "", may_take),
    ("ptz.release", QT_TRANSLATE_NOOP("Operation", "Give the camera up"), "", may_release),
)


class PtzOperation(Operation):
    """A verb that appends nothing of its own: the gateway puts on record who steers."""

    group = Group.PTZ

    def __init__(self, op_id: str, source: str, shortcut: str, when: Any) -> None:
        self.id, self.shortcut, self._source, self._when = op_id, shortcut, source, when

    def label(self) -> str:
        return translate("Operation", self._source)

    def available(self, state: SeatState) -> Reason | None:
        return self._when(state.ptz)


class TurnToSpot(Operation):
    """Turn every camera that can see a spot to it. `argument`: the Position, from the map's menu."""

    id = "ptz.turn_to_spot"
    group = Group.PTZ
    needs = "spot"

    def label(self) -> str:
        return translate("Operation", "Turn every camera that can see a spot to it")

    def available(self, state: SeatState) -> Reason | None:
        return not_wired(state.ptz)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        if not isinstance(argument, Position):
            return []
        incident_id = state.incident.id if state.incident is not None else ""
        payload = PtzSpotWanted(seat=state.seat, spot=argument, incident_id=incident_id)
        return [Draft(stream_of(PtzSpotWanted, state.seat), payload, state.actor)]


class TurnToIncident(TurnToSpot):
    """The same for the selected incident's place."""

    id = "ptz.turn_to_incident"
    shortcut = "Ctrl+G"
    needs = ""

    def label(self) -> str:
        return translate("Operation", "Turn every camera that can see the incident to it")

    def available(self, state: SeatState) -> Reason | None:
        if reason := not_wired(state.ptz):
            return reason
        if state.incident is None:
            return no_incident()
        if state.incident.position is None:
            return Reason("no_place", translate("Reason", "The place of this incident is not known."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        return super().drafts(state, state.chosen().position)


def ptz_operations() -> list[Operation]:
    """Return the verbs of cameras that turn, in menu order."""
    return [*(PtzOperation(*row) for row in _TABLE), TurnToIncident(), TurnToSpot()]
