from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, held_by, must_be_open
from smartcity_console.console.operations.private_cameras import unlock
from smartcity_console.model.events import Draft, IncidentClaimed


class Claim(Operation):
    """Take the incident: nobody else can, and the site's private cameras open.

    What a seat holds that is gone (left, or its console does not run any more) may be taken over; that stands on record.
    """

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
        return held_by(holder) if holder and not state.gone(holder) else None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        holder = state.chosen().claimed_by or ""
        taken_over = IncidentClaimed(seat=state.seat, taken_from=holder, reason=state.gone(holder) if holder else "")
        return [state.draft(taken_over, exclusive=True), *unlock(state, "verification")]
