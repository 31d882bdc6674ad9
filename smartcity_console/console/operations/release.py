from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.console.operations.private_cameras import lock
from smartcity_console.model.events import Draft, IncidentReleased


class Release(Operation):
    """Give the incident back to the queue; the private cameras close."""

    id = "incident.release"
    group = Group.INCIDENT
    shortcut = "F4"

    def label(self) -> str:
        return translate("Operation", "Give back to the queue")

    def short(self) -> str:
        return translate("Operation", "Give back")

    def available(self, state: SeatState) -> Reason | None:
        return must_be_mine(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        return [state.draft(IncidentReleased(seat=state.seat), exclusive=True), *lock(state, "released")]
