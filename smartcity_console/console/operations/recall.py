from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.events import Draft, HandoffRecalled, LiveViewRevoked, Payload
from smartcity_console.model.handoff import Handoff, HandoffStage

REASONS = ("false_alarm", "wrong_receiver", "duplicate", "corrected")
MAX_REASON = 200


@dataclass(frozen=True)
class RecallWish:
    """Why, and which hand-offs: none named, all that can be taken back."""

    reason: str
    handoff_ids: tuple[str, ...] = ()


class Recall(Operation):
    """Take hand-offs back: their receivers are told, their live views end. What was sent is on record and stays sent.

    `argument`: a RecallWish, or the reason alone."""

    id = "incident.recall"
    group = Group.INCIDENT
    shortcut = "Ctrl+Shift+R"
    needs = "recall"

    def label(self) -> str:
        return translate("Operation", "Recall the hand-off")

    def short(self) -> str:
        return translate("Operation", "Recall")

    def available(self, state: SeatState) -> Reason | None:
        """A closed incident's hand-off can be recalled too: the mistake may be seen later."""
        reason = must_be_mine(state)
        if reason is not None and reason.code != "closed":
            return reason
        if not state.chosen().handoffs:
            return Reason("no_handoff", translate("Reason", "Nothing has been handed off."))
        if not recallable(state):
            return Reason("over", translate("Reason", "Every hand-off is recalled, refused or closed already."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        wish = argument if isinstance(argument, RecallWish) else RecallWish(str(argument or ""))
        reason = wish.reason.strip()[:MAX_REASON]
        chosen = [h for h in recallable(state) if not wish.handoff_ids or h.id in wish.handoff_ids]
        if not reason:
            return []
        events = [event for handoff in chosen for event in _events(state, handoff, reason)]
        return [state.draft(event, exclusive=number == 0) for number, event in enumerate(events)]


def recallable(state: SeatState) -> list[Handoff]:
    """Return the hand-offs of the incident that their receivers still act on."""
    return [handoff for handoff in state.chosen().handoffs if not handoff.is_over]


def _events(state: SeatState, handoff: Handoff, reason: str) -> list[Payload]:
    events: list[Payload] = [
        HandoffRecalled(handoff_id=handoff.id, update_id=state.new_id("update"), seat=state.seat, reason=reason)
    ]
    if handoff.may_watch(state.now):
        events.append(LiveViewRevoked(handoff_id=handoff.id, reason=reason, seat=state.seat))
    return events


def undelivered(handoff: Handoff) -> bool:
    """Return whether a hand-off is still on its way; one that was recalled goes nowhere any more."""
    return handoff.stage is HandoffStage.REQUESTED and handoff.recalled_at is None
