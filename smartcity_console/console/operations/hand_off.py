from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.events import Draft, HandoffRequested
from smartcity_console.model.verdict import Grade

_URGENT = "개인정보 보호법 제18조제2항제3호(급박한 생명·신체·재산의 이익)"
BASIS = {
    AgencyKind.POLICE: f"{_URGENT}, 제7호(범죄 수사)",
    AgencyKind.FIRE: _URGENT,
    AgencyKind.CENTRE: f"{_URGENT}, 제10호(공공의 안전과 안녕)",
    AgencyKind.FACILITY: f"{_URGENT}, 제10호(공공의 안전과 안녕)",
}
"""The legal basis as it goes on record: Personal Information Protection Act, article 18(2), items 3, 7 and 10."""


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
        return must_be_mine(state) or graded(state) or self._agency(state) or self._running(state)

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
        return [state.draft(request(state, state.agencies[self.kind]), exclusive=True)]


class HandOffToOthers(Operation):
    """Send it to one or several recipients at once: other stations, a neighbouring centre, a facility.

    `argument`: the ids of the chosen agencies, as they stand in the state's recipients."""

    id = "incident.hand_off.others"
    group = Group.INCIDENT
    shortcut = "F7"
    needs = "recipients"

    def label(self) -> str:
        return translate("Operation", "Hand off to others or to several")

    def short(self) -> str:
        return translate("Operation", "Others")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state) or graded(state):
            return reason
        if not state.recipients:
            return Reason("no_agency", translate("Reason", "No station is known that answers for this place."))
        if all(has_it(state, one.agency) for one in state.recipients):
            return Reason("handed_off", translate("Reason", "Handed off to them already; see the receipts."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        chosen = tuple(argument or ())
        agencies = [one.agency for one in state.recipients if one.agency.id in chosen]
        requests = [request(state, agency) for agency in agencies if not has_it(state, agency)]
        return [state.draft(one, exclusive=number == 0) for number, one in enumerate(requests)]


def graded(state: SeatState) -> Reason | None:
    """Return why the grade forbids a hand-off."""
    grade = state.chosen().grade
    if grade is None:
        return Reason("no_grade", translate("Reason", "Give a grade first (keys 1 to 4)."))
    if grade is Grade.FALSE_ALARM:
        return Reason("false_alarm", translate("Reason", "Graded a false alarm: close it, or give another grade."))
    return None


def has_it(state: SeatState, agency: Agency) -> bool:
    """Return whether an agency has the incident and still acts on it."""
    sent = [h for h in state.chosen().handoffs if h.agency_id == agency.id]
    return bool(sent) and not sent[-1].is_over


def request(state: SeatState, agency: Agency) -> HandoffRequested:
    """Return what a click asks for: what is known now, to one agency."""
    incident, evidence = state.chosen(), state.evidence()
    before = [h.id for h in incident.handoffs if h.agency_id == agency.id]
    assert incident.grade is not None
    return HandoffRequested(
        handoff_id=state.new_id("handoff"),
        agency_id=agency.id,
        agency_kind=agency.kind,
        agency_name=agency.name,
        camera_ids=evidence.camera_ids,
        span_start=evidence.start,
        span_end=evidence.end,
        live_until=state.now + timedelta(minutes=state.live_min),
        basis=BASIS[agency.kind],
        note="\n".join(incident.notes),
        grade=incident.grade,
        seat=state.seat,
        follows=before[-1] if before else "",
    )
