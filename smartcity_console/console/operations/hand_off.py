from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.events import Draft, HandoffRequested
from smartcity_console.model.verdict import Grade

BASIS = {
    AgencyKind.POLICE: "개인정보 보호법 제18조제2항제3호(급박한 생명·신체·재산의 이익), 제7호(범죄 수사)",
    AgencyKind.FIRE: "개인정보 보호법 제18조제2항제3호(급박한 생명·신체·재산의 이익)",
}
"""The legal basis as it goes on record: Personal Information Protection Act, article 18(2), items 3 and 7."""


class HandOff(Operation):
    """Send the incident, its clips and a live view to police or fire. It can be recalled, never unsent."""

    group = Group.INCIDENT

    def __init__(self, kind: AgencyKind, shortcut: str) -> None:
        self.kind = kind
        self.id = f"incident.hand_off.{kind.value}"
        self.shortcut = shortcut

    def label(self) -> str:
        return translate("Operation", "{agency} hand-off").format(agency=words.agency_word(self.kind))

    def available(self, state: SeatState) -> Reason | None:
        return must_be_mine(state) or self._grade(state) or self._agency(state) or self._running(state)

    def _grade(self, state: SeatState) -> Reason | None:
        grade = state.chosen().grade
        if grade is None:
            return Reason("no_grade", translate("Reason", "Give a grade first (keys 1 to 4)."))
        if grade is Grade.FALSE_ALARM:
            return Reason("false_alarm", translate("Reason", "Graded a false alarm: close it, or give another grade."))
        return None

    def _agency(self, state: SeatState) -> Reason | None:
        if self.kind not in state.agencies:
            return Reason("no_agency", translate("Reason", "No station is known that answers for this place."))
        return None

    def _running(self, state: SeatState) -> Reason | None:
        sent = [h for h in state.chosen().handoffs if h.agency_kind is self.kind]
        if sent and not sent[-1].is_over:
            return Reason("handed_off", translate("Reason", "Handed off to them already; see the receipts."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        incident, agency, evidence = state.chosen(), state.agencies[self.kind], state.evidence()
        before = [h.id for h in incident.handoffs if h.agency_id == agency.id]
        assert incident.grade is not None
        payload = HandoffRequested(
            handoff_id=state.new_id("handoff"),
            agency_id=agency.id,
            agency_kind=self.kind,
            agency_name=agency.name,
            camera_ids=evidence.camera_ids,
            span_start=evidence.start,
            span_end=evidence.end,
            live_until=state.now + timedelta(minutes=state.live_min),
            basis=BASIS[self.kind],
            note="\n".join(incident.notes),
            grade=incident.grade,
            seat=state.seat,
            follows=before[-1] if before else "",
        )
        return [state.draft(payload, exclusive=True)]
