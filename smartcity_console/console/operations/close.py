from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.console.operations.private_cameras import lock
from smartcity_console.model.events import Draft, IncidentClosed
from smartcity_console.model.handoff import Handoff, HandoffStage
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade


class Close(Operation):
    """Close the incident: it leaves the queue and its private cameras close. The outcome follows from what was done."""

    id = "incident.close"
    group = Group.INCIDENT
    shortcut = "F9"

    def label(self) -> str:
        return translate("Operation", "Close the incident")

    def short(self) -> str:
        return translate("Operation", "Close")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state):
            return reason
        incident = state.chosen()
        if incident.grade is None:
            return Reason("no_grade", translate("Reason", "Give a grade first (keys 0 to 4)."))
        if any(_on_its_way(handoff) for handoff in incident.handoffs):
            return Reason("undelivered", translate("Reason", "A hand-off is not delivered yet."))
        if incident.grade >= Grade.PROPERTY_THREAT and not incident.handoffs:
            return Reason("not_handed_off", translate("Reason", "A threat must be handed off before it is closed."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        payload = IncidentClosed(outcome=outcome(state.chosen()), seat=state.seat)
        return [state.draft(payload, exclusive=True), *lock(state, "closed")]


def outcome(incident: Incident) -> str:
    """Return the outcome's code."""
    if incident.grade is Grade.FALSE_ALARM and not incident.handoffs:
        return "false_alarm"
    return "handed_off" if incident.handoffs else "resolved"


def _on_its_way(handoff: Handoff) -> bool:
    return handoff.stage is HandoffStage.REQUESTED and handoff.recalled_at is None
