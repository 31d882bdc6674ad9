"""Which incident of the journal is which of the scenario, and when what happened to it. A fold, like every other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from smartcity_console.drill.scenario.model import Happening, IncidentSpec
from smartcity_console.intake.relations import distance_m
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert
from smartcity_console.model.geo import Position
from smartcity_console.model.sender import canonical_account

_PLAIN = {
    "IncidentClaimed": Happening.CLAIMED,
    "VerdictGiven": Happening.GRADED,
    "IncidentClosed": Happening.CLOSED,
}
_OF_HANDOFF = {"HandoffDelivered": Happening.DELIVERED, "HandoffAccepted": Happening.ACCEPTED}


def is_of(spec: IncidentSpec, alert: Alert) -> bool:
    """Return whether an alert belongs to an incident of the scenario: by its site, its account, or its place."""
    if spec.site and alert.site_id == spec.site:
        return True
    if spec.account and canonical_account(alert.account) == canonical_account(spec.account):
        return True
    if spec.at is None or alert.position is None:
        return False
    return distance_m(alert.position, Position(spec.at.lon_deg, spec.at.lat_deg)) <= spec.within_m


class Happenings:
    """`take` each event with its second of the drill. A merged incident's scenario goes on with what it was merged into."""

    def __init__(self, specs: Sequence[IncidentSpec]) -> None:
        self._specs = specs
        self._first: dict[tuple[Happening, str, AgencyKind | None], float] = {}
        self._kinds: dict[str, AgencyKind] = {}  # by hand-off
        self.specs_of: dict[str, set[str]] = {}  # by incident of the journal
        self.incident_ids: dict[str, str] = {}  # of the scenario -> of the journal
        self.open: set[str] = set()
        self.opened_s: float | None = None  # when the newest was opened

    def first_s(self, happening: Happening, of: str, to: AgencyKind | None = None) -> float | None:
        """Return the second at which it first happened to an incident of the scenario ("": to any)."""
        return self._first.get((happening, of, to))

    def take(self, event: ev.Event, at_s: float) -> None:
        """Fold an event of an incident's stream; others are passed over."""
        kind, _, incident_id = event.stream.partition("/")
        if kind != "incident":
            return
        payload = event.payload()
        match payload:
            case ev.IncidentOpened() | ev.AlertJoined():
                self._alert(incident_id, payload.alert, at_s)
            case ev.IncidentMerged():
                self._merged(incident_id, payload.into)
            case ev.IncidentUnmerged():
                self.open.add(incident_id)
            case ev.HandoffRequested():
                self._kinds[payload.handoff_id] = payload.agency_kind
                self._note(Happening.HANDED_OFF, incident_id, at_s, payload.agency_kind)
            case ev.HandoffDelivered() | ev.HandoffAccepted():
                self._note(_OF_HANDOFF[event.type], incident_id, at_s, self._kinds.get(payload.handoff_id))
            case ev.IncidentClaimed() | ev.VerdictGiven() | ev.IncidentClosed():
                self._note(_PLAIN[event.type], incident_id, at_s)
        if event.type == "IncidentClosed":
            self.open.discard(incident_id)

    def _alert(self, incident_id: str, alert: Alert, at_s: float) -> None:
        if incident_id not in self.specs_of:
            self.specs_of[incident_id] = set()
            self.open.add(incident_id)
            self.opened_s = at_s
        for spec in self._specs:
            if spec.id not in self.incident_ids and is_of(spec, alert):
                self.specs_of[incident_id].add(spec.id)
                self.incident_ids[spec.id] = incident_id
                self._keep((Happening.OPENED, spec.id, None), at_s)
        self._keep((Happening.OPENED, "", None), at_s)

    def _merged(self, incident_id: str, into: str) -> None:
        self.open.discard(incident_id)
        for spec_id in self.specs_of.get(incident_id, ()):
            self.incident_ids[spec_id] = into
            self.specs_of.setdefault(into, set()).add(spec_id)

    def _note(self, happening: Happening, incident_id: str, at_s: float, to: AgencyKind | None = None) -> None:
        for of in ("", *self.specs_of.get(incident_id, ())):
            self._keep((happening, of, None), at_s)
            if to is not None:
                self._keep((happening, of, to), at_s)

    def _keep(self, key: tuple[Happening, str, AgencyKind | None], at_s: float) -> None:
        self._first.setdefault(key, at_s)


def matching(specs: Iterable[IncidentSpec], alerts: Iterable[Any]) -> IncidentSpec | None:
    """Return the first incident of the scenario that one of the alerts belongs to."""
    known = list(alerts)
    return next((spec for spec in specs if any(is_of(spec, alert) for alert in known)), None)
