from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.events import Draft, MessageToDesk
from smartcity_console.model.handoff import Handoff, HandoffStage

MAX_MESSAGE = 400


class SendMessage(Operation):
    """Write to the desks that have the incident. `argument`: the text. It goes to every receiver that did not refuse."""

    id = "incident.message"
    group = Group.INCIDENT
    shortcut = "Shift+N"
    needs = "message"

    def label(self) -> str:
        return translate("Operation", "Write to the receivers")

    def short(self) -> str:
        return translate("Operation", "Message")

    def available(self, state: SeatState) -> Reason | None:
        """A closed incident's receivers can be written to: they may still be on scene."""
        reason = must_be_mine(state)
        if reason is not None and reason.code != "closed":
            return reason
        if not _listening(state):
            return Reason("no_receiver", translate("Reason", "Nobody has this incident whom you could write to."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        text = str(argument or "").strip()[:MAX_MESSAGE]
        events = [
            MessageToDesk(handoff_id=h.id, update_id=state.new_id("update"), seat=state.seat, text=text)
            for h in _listening(state)
        ]
        return [state.draft(event) for event in events] if text else []


def _listening(state: SeatState) -> list[Handoff]:
    """Return the last hand-off of each receiver that did not refuse it: one conversation each."""
    last = {handoff.agency_id: handoff for handoff in state.chosen().handoffs}
    return [handoff for handoff in last.values() if not handoff.reached(HandoffStage.REFUSED)]
