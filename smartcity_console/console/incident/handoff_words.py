"""What will be sent, to whom and why to them, and on which legal basis: the words that stand beside the buttons."""

from __future__ import annotations

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.incident import Incident
from smartcity_console.model.recipient import Recipient, Why

FOR_FIRE = (AlertKind.FIRE, AlertKind.GAS, AlertKind.MEDICAL, AlertKind.DISASTER)


def likely(incident: Incident) -> AgencyKind:
    """Return the emergency service that the incident's kind calls for."""
    return AgencyKind.FIRE if words.leading_alert(incident).kind in FOR_FIRE else AgencyKind.POLICE


def preview(state: SeatState, kind: AgencyKind) -> tuple[str, str, str]:
    """Return what a hand-off would send now, to whom, and on what basis."""
    return what_words(state), _to_whom(state, kind), basis_words(kind)


def what_words(state: SeatState) -> str:
    """Return what would be sent now."""
    incident, span = state.chosen(), state.evidence()
    grade = (
        translate("Handoff", "grade {grade}").format(grade=int(incident.grade)) if incident.grade is not None else ""
    )
    note = translate("Handoff", "note") if incident.notes else ""
    facts = ", ".join(part for part in (translate("Handoff", "place"), grade, note) if part)
    seconds = (span.end - span.start).total_seconds()
    text = translate(
        "Handoff", "Sends: {facts} · {clips} clips ({seconds:.0f} s, signed) · live view {minutes:.0f} min"
    )
    return text.format(facts=facts, clips=len(span.camera_ids), seconds=seconds, minutes=state.live_min)


def _to_whom(state: SeatState, kind: AgencyKind) -> str:
    agency = state.agencies.get(kind)
    if agency is None:
        return translate("Handoff", "To: no {agency} station is known here").format(agency=words.agency_word(kind))
    text = translate("Handoff", "To: {name} · {room}").format(name=agency.name, room=agency.control_room)
    chosen = next((one for one in state.recipients if one.agency == agency), None)
    return f"{text} · {_chosen_because(state, chosen)}" if chosen is not None else text


def _chosen_because(state: SeatState, one: Recipient) -> str:
    """Return why it is proposed; when nobody is there now, that first."""
    return " · ".join(part for part in (duty_words(state, one), why_words(one)) if part)


def basis_words(kind: AgencyKind) -> str:
    """Return the legal basis in the language of the screen; the record has the law's own words."""
    if kind in (AgencyKind.CENTRE, AgencyKind.FACILITY):
        return translate("Handoff", "Basis: PIPA 18(2) items 3 urgent danger, 10 public safety · access on record")
    if kind is AgencyKind.POLICE:
        return translate("Handoff", "Basis: PIPA 18(2) items 3 urgent danger, 7 crime · access on record")
    return translate("Handoff", "Basis: PIPA 18(2) item 3 urgent danger · access on record")


def why_words(one: Recipient) -> str:
    """Return why this recipient: its area, or the nearest."""
    if one.why is Why.AREA:
        return translate("Recipients", "its area")
    km = one.distance_m / 1000.0
    if one.why is Why.OFF_DUTY_NEXT:
        return translate("Recipients", "nearest on duty, {km:.1f} km").format(km=km)
    return translate("Recipients", "nearest, {km:.1f} km").format(km=km)


def duty_words(state: SeatState, one: Recipient) -> str:
    """Return the duty hours where there are any, and whether they are over."""
    if not one.duty:
        return ""
    hours = ", ".join(one.duty_words)
    text = translate("Recipients", "on duty ({hours})")
    if not one.on_duty(state.now):
        text = translate("Recipients", "OFF DUTY now ({hours})")
    return text.format(hours=hours)
