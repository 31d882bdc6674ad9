from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.console.operations.private_cameras import unlock
from smartcity_console.model.events import Draft


class Unlock(Operation):
    """Open the site's private cameras again, or for longer."""

    id = "incident.unlock"
    group = Group.INCIDENT
    shortcut = "F3"

    def label(self) -> str:
        return translate("Operation", "Extend the private cameras")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state):
            return reason
        if not state.private_cameras:
            return Reason("no_private", translate("Reason", "This place has no private camera."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        return unlock(state, "extended")
