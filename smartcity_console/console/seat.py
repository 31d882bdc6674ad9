"""One seat: which incident it looks at, and all that its operations may look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from smartcity_console.clock import Clock
from smartcity_console.console.operations.base import Role, SeatState
from smartcity_console.console.operations.drill_facts import SeatDrillFacts
from smartcity_console.console.operations.ptz_facts import PtzFacts
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.console.session import Session
from smartcity_console.intake.relations import distance_m
from smartcity_console.model.agency import EMERGENCY_SERVICES, Agency, AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.recipient import Recipient, Why
from smartcity_console.settings import Settings


@dataclass(frozen=True)
class Places:
    """What the city knows about an incident's place, injected. `agency_for` returns None where nobody answers."""

    agency_for: Callable[[AgencyKind, Position], Agency | None]
    private_cameras: Callable[[Incident], tuple[str, ...]]
    recipients: Callable[[AlertKind, Position, datetime], Sequence[Recipient]] = lambda _kind, _place, _now: ()


PlaceKey = tuple[str, int, AlertKind, int]
"""Incident, its alerts, what it is, the minute: who answers is asked again when one of them changes."""


class Seat(QObject):
    """Holds the selection. `selected` is sent when it moves, `updated` when the selected incident's state changed."""

    selected = Signal(object)  # Incident | None
    updated = Signal(object)  # Incident
    queue_changed = Signal(object)  # set[str]

    def __init__(
        self,
        name: str,
        session: Session,
        places: Places,
        settings: Settings,
        clock: Clock,
        new_id: Callable[[str], str],
    ) -> None:
        super().__init__(session)
        self.name, self.session = name, session
        self._places, self._settings, self._clock, self._new_id = places, settings, clock, new_id
        self.wall_facts: Callable[[], WallFacts] = WallFacts  # the wall's own, once there is one
        self.ptz_facts: Callable[[], PtzFacts] = PtzFacts
        self.drill_facts: Callable[[], SeatDrillFacts] = SeatDrillFacts
        self.taken_seats: Callable[[], frozenset[str] | None] = lambda: None  # whose console runs; None: not known
        self._selected_id: str | None = None
        self._place_of: tuple[PlaceKey, tuple[tuple[Recipient, ...], tuple[str, ...]]] | None = None
        session.changed.connect(self._follow)

    @property
    def incident(self) -> Incident | None:
        """The selected incident as it is now."""
        return self.session.centre.incidents.get(self._selected_id or "")

    def queue(self) -> list[Incident]:
        return self.session.centre.open_incidents()

    def select(self, incident_id: str | None) -> None:
        """Look at an incident; None looks at none."""
        if incident_id != self._selected_id:
            self._selected_id = incident_id
            self.selected.emit(self.incident)

    def step(self, by: int) -> None:
        """Move the selection along the queue; from nothing, to its top."""
        ids = [incident.id for incident in self.queue()]
        if ids:
            at = ids.index(self._selected_id) + by if self._selected_id in ids else 0
            self.select(ids[max(0, min(at, len(ids) - 1))])

    def state(self) -> SeatState:
        """Return what operations look at."""
        incident = self.incident
        recipients, private = self._place(incident) if incident else ((), ())
        wall, role = self.wall_facts(), Role(self._settings.text("seat.role"))
        centre = self.session.centre
        return SeatState(
            seat=self.name,
            now=self._clock.now(),
            incident=incident,
            queue=tuple(self.queue()),
            agencies=_answering(recipients),
            recipients=recipients,
            private_cameras=private,
            before_s=self._settings.number("evidence.before_s"),
            after_s=self._settings.number("evidence.after_s"),
            live_min=self._settings.number("handoff.live_min"),
            private_min=self._settings.number("private.unlock_min"),
            last_pose=next(reversed(self.session.centre.pose_acts.get(self.name, ())), None),
            new_id=self._new_id,
            wall=wall,
            is_supervisor=role is Role.SUPERVISOR or self.name in _names(self._settings.text("mask.supervisors")),
            role=role,
            find=centre.incidents.get,
            private_of=self._places.private_cameras,
            gone=self.gone,
            shelves=centre.shelves,
            locked=centre.locked_evidence,
            table=centre.priority_table,
            mask=self.session.centre.masks.get(wall.camera_id),
            ptz=self.ptz_facts(),
            drill=self.drill_facts(),
        )

    def gone(self, seat: str) -> str:
        """Return how a seat's operator left it; "" while somebody sits there, as far as is known."""
        if seat in self.session.centre.closed_seats:
            return "seat_closed"
        taken = self.taken_seats()
        return "seat_lost" if taken is not None and seat != self.name and seat not in taken else ""

    def _place(self, incident: Incident) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
        """Return who may receive it and which private cameras stand there; asked again when an alert joins, and
        each minute, for duty hours end."""
        now = self._clock.now()
        key = (incident.id, len(incident.alerts), incident.kind, int(now.timestamp()) // 60)
        if self._place_of is None or self._place_of[0] != key:
            self._place_of = (key, (self._recipients(incident, now), self._places.private_cameras(incident)))
        return self._place_of[1]

    def _recipients(self, incident: Incident, now: datetime) -> tuple[Recipient, ...]:
        place = incident.position
        if place is None:
            return ()
        found = tuple(self._places.recipients(incident.kind, place, now))
        missing = [kind for kind in EMERGENCY_SERVICES if all(one.agency.kind is not kind for one in found)]
        usual = [agency for kind in missing if (agency := self._places.agency_for(kind, place)) is not None]
        more = tuple(Recipient(agency=a, why=Why.NEAREST, distance_m=distance_m(a.position, place)) for a in usual)
        return (*more, *found)

    @Slot(object)
    def _follow(self, changed: set[str]) -> None:
        self.queue_changed.emit(changed)
        incident = self.incident
        if incident is not None and incident.id in changed:
            self.updated.emit(incident)


def _answering(recipients: tuple[Recipient, ...]) -> dict[AgencyKind, Agency]:
    """Return the fittest of each kind: recipients come in this order."""
    return {one.agency.kind: one.agency for one in reversed(recipients)}


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}
