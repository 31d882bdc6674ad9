from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.console.operations.hand_off import BASIS
from smartcity_console.console.operations.recall import undelivered
from smartcity_console.model.events import Draft, HandoffRequested
from smartcity_console.model.handoff import Handoff


class FollowUp(Operation):
    """Send what is known now (grade, notes, the span as it stands) after a hand-off that runs: to whoever has it."""

    id = "incident.follow_up"
    group = Group.INCIDENT
    shortcut = "Ctrl+Shift+F"

    def label(self) -> str:
        return translate("Operation", "Send a follow-up")

    def short(self) -> str:
        return translate("Operation", "Follow-up")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state):
            return reason
        running = _running(state)
        if not running:
            return Reason("no_receiver", translate("Reason", "Nobody has this incident whom more could be sent to."))
        if any(undelivered(handoff) for handoff in state.chosen().handoffs):
            return Reason("undelivered", translate("Reason", "A hand-off is not delivered yet."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        requests = [_request(state, handoff) for handoff in _running(state)]
        return [state.draft(request, exclusive=number == 0) for number, request in enumerate(requests)]


def _running(state: SeatState) -> list[Handoff]:
    """Return the last hand-off of each receiver, as far as it still acts on it."""
    last = {handoff.agency_id: handoff for handoff in state.chosen().handoffs}
    return [handoff for handoff in last.values() if not handoff.is_over]


def _request(state: SeatState, handoff: Handoff) -> HandoffRequested:
    incident, evidence = state.chosen(), state.evidence()
    assert incident.grade is not None
    return HandoffRequested(
        handoff_id=state.new_id("handoff"),
        agency_id=handoff.agency_id,
        agency_kind=handoff.agency_kind,
        agency_name=handoff.agency_name,
        camera_ids=evidence.camera_ids,
        span_start=evidence.start,
        span_end=evidence.end,
        live_until=state.now + timedelta(minutes=state.live_min),
        basis=BASIS[handoff.agency_kind],
        note="\n".join(incident.notes),
        grade=incident.grade,
        seat=state.seat,
        follows=handoff.id,
    )
