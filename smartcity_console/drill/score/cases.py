"""What became of each incident of a scenario: the events of the journal's incidents that are it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from smartcity_console.city import plane
from smartcity_console.drill.scenario.model import IncidentSpec, Scenario
from smartcity_console.drill.score.timebase import TimeBase
from smartcity_console.model import events as ev
from smartcity_console.model.alert import Alert
from smartcity_console.model.incident import Incident, apply, open_incident

P = TypeVar("P", bound=ev.Payload)


class Told(msgspec.Struct, frozen=True):
    """An event with its second of the drill."""

    at_s: float
    event: ev.Event

    def payload(self, kind: type[P]) -> P:
        return self.event.payload_as(kind)

    @property
    def seq(self) -> int:
        return self.event.seq


class Case(msgspec.Struct, frozen=True):
    """A scenario's incident in the journal. `incidents`: all that were opened for it, in order; merged ones too."""

    spec: IncidentSpec
    incidents: tuple[Incident, ...]
    told: tuple[Told, ...]  # events of all of them, in the journal's order

    @property
    def came(self) -> bool:
        return bool(self.incidents)

    @property
    def main(self) -> Incident:
        """The one that the others were merged into, or else the first that somebody took on."""
        live = [one for one in self.incidents if one.merged_into is None] or list(self.incidents)
        return next((one for one in live if one.handoffs), next((one for one in live if one.claimed_at), live[0]))

    @property
    def opened(self) -> Told:
        return self.told[0]

    def of(self, kind: type[P]) -> list[tuple[Told, P]]:
        """Return the events of a kind with their payloads."""
        return [(told, told.payload(kind)) for told in self.told if told.event.type == kind.__name__]

    def first(self, kind: type[P]) -> tuple[Told, P] | None:
        return next(iter(self.of(kind)), None)


class Record(msgspec.Struct, frozen=True):
    """Everything that the marks look at."""

    scenario: Scenario
    base: TimeBase
    cases: dict[str, Case]
    strangers: tuple[Incident, ...]  # incidents that the scenario does not name
    told: tuple[Told, ...]  # the whole drill, from its beginning to its end

    def of(self, kind: type[P]) -> list[tuple[Told, P]]:
        return [(told, told.payload(kind)) for told in self.told if told.event.type == kind.__name__]

    def cue_s(self, cue: str) -> float | None:
        """Return the second at which a cue was given."""
        return next((told.at_s for told, fired in self.of(ev.InjectFired) if fired.inject_id == cue), None)

    def failed(self, inject_id: str) -> bool:
        return any(failed.inject_id == inject_id for _, failed in self.of(ev.InjectFailed))


def record_of(scenario: Scenario, events: Sequence[ev.Event], base: TimeBase) -> Record:
    """Return what happened, sorted by what the scenario calls it."""
    told = tuple(Told(base.second(e.at), e) for e in events if base.begun <= e.at <= base.ended)
    incidents = _folded(told)
    cases: dict[str, Case] = {}
    taken: set[str] = set()
    for spec in scenario.incidents:
        ours = [one for one in incidents if one.id not in taken and is_of(spec, one)]
        taken |= {one.id for one in ours}
        streams = {f"incident/{one.id}" for one in ours}
        cases[spec.id] = Case(spec, tuple(ours), tuple(t for t in told if t.event.stream in streams))
    return Record(scenario, base, cases, tuple(one for one in incidents if one.id not in taken), told)


def _folded(told: Iterable[Told]) -> list[Incident]:
    state: dict[str, Incident] = {}
    for one in told:
        stream = one.event.stream
        if one.event.type == "IncidentOpened":
            state[stream] = open_incident(one.event)
        elif stream in state:
            state[stream] = apply(state[stream], one.event)
    return list(state.values())


def is_of(spec: IncidentSpec, incident: Incident) -> bool:
    """Return whether an incident of the journal is the one that a scenario means."""
    return any(_matches(spec, alert) for alert in incident.alerts)


def _matches(spec: IncidentSpec, alert: Alert) -> bool:
    if spec.site and alert.site_id == spec.site:
        return True
    if spec.account and alert.account.upper() == spec.account.upper():
        return True
    if spec.at is None or alert.position is None:
        return False
    ours = plane.to_xy(spec.at.lon_deg, spec.at.lat_deg)
    theirs = plane.xy_of(alert.position)
    return math.dist(ours, theirs) <= spec.within_m


def seat_of(case: Case) -> str:
    """Return the seat that took the case on first; empty where nobody did."""
    claimed = case.first(ev.IncidentClaimed)
    return claimed[1].seat if claimed else ""


def span_s(record: Record, start: datetime, end: datetime) -> tuple[float, float]:
    """Return a span of time in seconds of the drill."""
    return record.base.second(start), record.base.second(end)
