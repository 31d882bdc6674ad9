"""What an operation is. Menu, button, key, palette, drill score and audit all use its one id."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import msgspec

from smartcity_console.console.language import translate
from smartcity_console.console.operations.drill_facts import SeatDrillFacts
from smartcity_console.console.operations.ptz_facts import PtzFacts
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.model.centre import PoseAct
from smartcity_console.model.events import Draft, EvidenceSpanSet, Payload
from smartcity_console.model.incident import Incident
from smartcity_console.model.locked import LockedEvidence
from smartcity_console.model.masks import CameraMask
from smartcity_console.model.priority import DEFAULT_TABLE, PriorityRule
from smartcity_console.model.recipient import Recipient
from smartcity_console.model.shelves import Shelves


class Group(enum.StrEnum):
    """Which menu an operation stands in."""

    INCIDENT = "incident"
    VERDICT = "verdict"
    EVIDENCE = "evidence"
    WALL = "wall"
    TILE = "tile"
    REPLAY = "replay"
    PTZ = "ptz"
    SETS = "sets"
    SUPERVISOR = "supervisor"
    DRILL = "drill"
    VIEW = "view"


class Role(enum.StrEnum):
    """Who sits at a seat (setting `seat.role`)."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Reason:
    """Why an operation is not to be had now: a code for tests and the audit, a sentence for the operator."""

    code: str
    text: str


@dataclass(frozen=True)
class SeatState:
    """All that an operation may look at. `agencies` are those that answer for the selected incident's place."""

    seat: str
    now: datetime
    incident: Incident | None = None
    queue: tuple[Incident, ...] = ()
    agencies: Mapping[AgencyKind, Agency] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()  # who may be handed the selected incident, the fittest of each kind first
    private_cameras: tuple[str, ...] = ()
    before_s: float = 30.0
    after_s: float = 30.0
    live_min: float = 30.0
    private_min: float = 10.0
    last_pose: PoseAct | None = None  # this seat's last pose of a camera that is not taken back
    new_id: Callable[[str], str] = lambda prefix: prefix
    is_supervisor: bool = False
    role: Role = Role.OPERATOR
    find: Callable[[str], Incident | None] = lambda _: None  # any incident by its id, closed ones too
    private_of: Callable[[Incident], tuple[str, ...]] = lambda _: ()  # private cameras of an incident's sites
    gone: Callable[[str], str] = lambda _: ""  # how a seat left: seat_closed, seat_lost; "" while it is taken
    shelves: Shelves = field(default_factory=Shelves)
    locked: Callable[[], list[LockedEvidence]] = list  # evidence of hand-offs that nobody has released
    table: tuple[PriorityRule, ...] = DEFAULT_TABLE
    mask: CameraMask | None = None  # of the chosen tile's camera
    wall: WallFacts = field(default_factory=WallFacts)
    ptz: PtzFacts = field(default_factory=PtzFacts)
    drill: SeatDrillFacts = field(default_factory=SeatDrillFacts)

    @property
    def actor(self) -> str:
        return f"seat/{self.seat}"

    @property
    def is_mine(self) -> bool:
        """Whether this seat holds the selected incident."""
        return self.incident is not None and self.incident.claimed_by == self.seat

    def chosen(self) -> Incident:
        """Return the selected incident; only called after `available` said that there is one."""
        assert self.incident is not None
        return self.incident

    def draft(self, payload: Payload, *, exclusive: bool = False) -> Draft:
        """Return a draft on the selected incident's stream; `exclusive` names the version that was looked at."""
        incident = self.chosen()
        return Draft(f"incident/{incident.id}", payload, self.actor, incident.version if exclusive else None)

    def evidence(self) -> EvidenceSpanSet:
        """Return the evidence span: what the operator set, else from before the alert to now (bounded)."""
        incident = self.chosen()
        if incident.evidence is not None:
            return self._with_cameras(incident.evidence)
        end = min(self.now, incident.opened_at + timedelta(seconds=self.after_s))
        start = incident.opened_at - timedelta(seconds=self.before_s)
        end = max(end, start + timedelta(seconds=1))
        return EvidenceSpanSet(camera_ids=default_cameras(incident), start=start, end=end)

    def _with_cameras(self, span: EvidenceSpanSet) -> EvidenceSpanSet:
        """A span that was set before the cameras were ranked takes those that are best now."""
        if span.camera_ids:
            return span
        return msgspec.structs.replace(span, camera_ids=default_cameras(self.chosen()))


def default_cameras(incident: Incident, limit: int = 2) -> tuple[str, ...]:
    """Return the best ranked cameras that have a stream: a hand-off's default."""
    return tuple(seen.camera_id for seen in incident.cameras if may_be_sent(incident, seen))[:limit]


def may_be_sent(incident: Incident, seen: SeenBy) -> bool:
    """Return whether a camera has pictures that may go out: a private one must be open for the incident."""
    return seen.has_stream and (seen.ownership is Ownership.PUBLIC or seen.camera_id in incident.unlocked)


class Operation:
    """One verb. `needs` names what must be given with it ("text", "time", …); empty: nothing."""

    id: str = ""
    group: ClassVar[Group] = Group.VIEW
    shortcut: str = ""
    needs: ClassVar[str] = ""

    def label(self) -> str:
        """Return the verb in the language of the screen."""
        raise NotImplementedError

    def short(self) -> str:
        """Return the verb for a narrow button."""
        return self.label()

    def available(self, state: SeatState) -> Reason | None:
        """Return None when it can be done now, else why not."""
        del state
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        """Return what to append. An operation that only moves the view appends nothing."""
        del state, argument
        return []


def no_incident() -> Reason:
    return Reason("no_incident", translate("Reason", "No incident is selected."))


def closed() -> Reason:
    return Reason("closed", translate("Reason", "The incident is closed."))


def unclaimed() -> Reason:
    return Reason("unclaimed", translate("Reason", "Begin to verify the incident first (F2)."))


def held_by(seat: str) -> Reason:
    return Reason("held", translate("Reason", "Seat {seat} is verifying this incident.").format(seat=seat))


def only_supervisor(state: SeatState) -> Reason | None:
    """Return why an operator may not do what is a supervisor's."""
    if state.role is Role.SUPERVISOR:
        return None
    return Reason("no_supervisor", translate("Reason", "Only a supervisor's seat may do this."))


def must_be_open(state: SeatState) -> Reason | None:
    """Return why there is no open incident to act on."""
    if state.incident is None:
        return no_incident()
    return closed() if state.incident.closed_at is not None else None


def must_be_mine(state: SeatState) -> Reason | None:
    """Return why the selected incident is not this seat's to act on."""
    if reason := must_be_open(state):
        return reason
    holder = state.chosen().claimed_by
    if holder is None:
        return unclaimed()
    return None if state.is_mine else held_by(holder)
