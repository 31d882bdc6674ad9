"""Two incidents that are one thing, and back. Streams of both are written in one append, each at the version seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, held_by, must_be_open
from smartcity_console.model.events import (
    AlertsSplitOff,
    Draft,
    IncidentAbsorbed,
    IncidentMerged,
    IncidentReleased,
    IncidentUnmerged,
    Payload,
    PriorityChanged,
    PrivateCamerasLocked,
)
from smartcity_console.model.grading import Grading, grading
from smartcity_console.model.incident import Incident
from smartcity_console.model.place import places_leaving


class Merge(Operation):
    """Take another open incident into the selected one. `argument`: the other's id; it ends, its alerts go on here."""

    id = "incident.merge"
    group = Group.INCIDENT
    shortcut = "M"
    needs = "other_incident"

    def label(self) -> str:
        return translate("Operation", "Merge another incident into this one")

    def short(self) -> str:
        return translate("Operation", "Merge")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_free(state):
            return reason
        if all(other.id == state.chosen().id for other in state.queue):
            return Reason("alone", translate("Reason", "There is no other open incident."))
        return None

    def refuses(self, state: SeatState, other: Incident) -> Reason | None:
        """Return why one incident may not end in the selected one."""
        if other.handoffs:
            text = translate("Reason", "It is handed off: merge this one into it, so that its receipts stay with it.")
            return Reason("other_handed_off", text)
        holder = other.claimed_by
        return held_by(holder) if holder not in (None, state.seat) and not state.gone(holder or "") else None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        other = next((one for one in state.queue if one.id == argument), None)
        if other is None or other.id == state.chosen().id or self.refuses(state, other) is not None:
            return []
        return merging(state, state.chosen(), other)


def must_be_free(state: SeatState) -> Reason | None:
    """Return why the selected incident is not to be changed from this seat: it is closed, or another seat's."""
    if reason := must_be_open(state):
        return reason
    holder = state.chosen().claimed_by
    return held_by(holder) if holder not in (None, state.seat) else None


def merging(state: SeatState, target: Incident, other: Incident) -> list[Draft]:
    """Return what makes `other` end in `target`. Its private cameras close: they are the other site's."""
    taken = IncidentAbsorbed(from_incident=other.id, alerts=other.alerts, seat=state.seat)
    ends: list[Payload] = []
    if other.unlocked:
        ends.append(PrivateCamerasLocked(camera_ids=tuple(sorted(other.unlocked)), reason="merged"))
    if other.claimed_by is not None:
        ends.append(IncidentReleased(seat=other.claimed_by))
    ends.append(IncidentMerged(into=target.id, seat=state.seat))
    return [*on(state, target, [taken]), *on(state, other, ends)]


def unmerging(state: SeatState, target: Incident, taken: IncidentAbsorbed, other: Incident) -> list[Draft]:
    """Return what opens `other` again with the alerts that it had, and takes them off `target`."""
    parting = parted(state, target, {alert.id for alert in taken.alerts}, other.id)
    reopened = IncidentUnmerged(from_incident=target.id, alerts=other.alerts, seat=state.seat)
    return [*parting, *on(state, other, [reopened])]


def parted(state: SeatState, incident: Incident, ids: set[str], to_incident: str) -> list[Draft]:
    """Return what takes some alerts off an incident: the priority falls back to what the rest comes to, and the
    private cameras of sites that leave close."""
    leaving = tuple(alert for alert in incident.alerts if alert.id in ids)
    staying = tuple(alert for alert in incident.alerts if alert.id not in ids)
    places = places_leaving(leaving, staying)
    split = AlertsSplitOff(
        alert_ids=tuple(a.id for a in leaving), places=places, to_incident=to_incident, seat=state.seat
    )
    payloads: list[Payload] = [split]
    now = grading(incident.log, ids) or Grading(incident.priority, incident.kind)
    if now.priority is not incident.priority:
        payloads.append(PriorityChanged(priority=now.priority, reason="split", seat=state.seat))
    shut = set(incident.unlocked) - set(state.private_of(msgspec.structs.replace(incident, alerts=staying)))
    if shut:
        payloads.append(PrivateCamerasLocked(camera_ids=tuple(sorted(shut)), reason="split"))
    return on(state, incident, payloads)


def on(state: SeatState, incident: Incident, payloads: Sequence[Payload]) -> list[Draft]:
    """Return drafts on an incident's stream; the first names the version that was looked at."""
    stream = f"incident/{incident.id}"
    return [
        Draft(stream, payload, state.actor, incident.version if number == 0 else None)
        for number, payload in enumerate(payloads)
    ]
