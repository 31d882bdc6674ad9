from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.events import Draft, LiveViewRevoked
from smartcity_console.model.handoff import Handoff

MAX_REASON = 200


class RevokeLive(Operation):
    """Take back the leave to watch live, at once and for every receiver. `argument`: the reason in words, if any."""

    id = "incident.revoke_live"
    group = Group.INCIDENT
    shortcut = "Ctrl+Shift+L"

    def label(self) -> str:
        return translate("Operation", "Take back the live view")

    def available(self, state: SeatState) -> Reason | None:
        """A closed incident's live views can be taken back too: they may outlast it."""
        reason = must_be_mine(state)
        if reason is not None and reason.code != "closed":
            return reason
        handoffs = state.chosen().handoffs
        if not handoffs:
            return Reason("no_handoff", translate("Reason", "Nothing has been handed off, so nobody may watch live."))
        if not _watchable(state):
            return Reason("no_live", translate("Reason", "No receiver may watch live any more."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        reason = str(argument or "").strip()[:MAX_REASON] or "seat"
        events = [LiveViewRevoked(handoff_id=h.id, reason=reason, seat=state.seat) for h in _watchable(state)]
        return [state.draft(event) for event in events]


def _watchable(state: SeatState) -> list[Handoff]:
    return [handoff for handoff in state.chosen().handoffs if handoff.may_watch(state.now)]
