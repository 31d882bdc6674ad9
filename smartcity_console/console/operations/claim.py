from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, held_by, must_be_open
from smartcity_console.console.operations.private_cameras import unlock
from smartcity_console.model.events import Draft, IncidentClaimed


class Claim(Operation):
    """Take the incident: nobody else can, and the site's private cameras open."""

    id = "incident.claim"
    group = Group.INCIDENT
    shortcut = "F2"

    def label(self) -> str:
        return translate("Operation", "Begin to verify")

    def short(self) -> str:
        return translate("Operation", "Verify")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_open(state):
            return reason
        if state.is_mine:
            return Reason("mine", translate("Reason", "This seat is verifying it already."))
        holder = state.chosen().claimed_by
        return held_by(holder) if holder else None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        claim = state.draft(IncidentClaimed(seat=state.seat), exclusive=True)
        return [claim, *unlock(state, "verification")]
