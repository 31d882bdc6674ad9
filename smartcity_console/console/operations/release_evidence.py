"""A supervisor lets go of what is locked for hand-offs: the ring may forget it, its package goes on its day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, only_supervisor
from smartcity_console.model.events import Draft, EvidenceReleased, stream_of

MAX_REASON = 200


@dataclass(frozen=True)
class ReleaseWish:
    """Which hand-offs' evidence goes, and why."""

    handoff_ids: tuple[str, ...]
    reason: str


class ReleaseEvidence(Operation):
    """`argument`: a ReleaseWish with a reason. Evidence of an incident that is open stays locked."""

    id = "evidence.release"
    group = Group.SUPERVISOR
    needs = "evidence_release"

    def label(self) -> str:
        return translate("Operation", "Release locked evidence")

    def short(self) -> str:
        return translate("Operation", "Release")

    def available(self, state: SeatState) -> Reason | None:
        if reason := only_supervisor(state):
            return reason
        locked = state.locked()
        if not locked:
            return Reason("nothing_locked", translate("Reason", "No evidence is locked."))
        if not any(one.is_settled for one in locked):
            return Reason("all_open", translate("Reason", "Every locked piece belongs to an open incident."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        wish = argument
        if not isinstance(wish, ReleaseWish) or not wish.reason.strip():
            return []
        reason = wish.reason.strip()[:MAX_REASON]
        chosen = [one for one in state.locked() if one.is_settled and one.handoff_id in wish.handoff_ids]
        payloads = [
            EvidenceReleased(incident_id=one.incident_id, handoff_id=one.handoff_id, reason=reason, seat=state.seat)
            for one in chosen
        ]
        return [Draft(stream_of(EvidenceReleased, p.handoff_id), p, state.actor) for p in payloads]
