"""An incident: a fold over the events of its stream."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.geo import Position
from smartcity_console.model.handoff import Handoff, HandoffStage, LiveViewer, Message, Receipt, Update
from smartcity_console.model.verdict import Grade


class Step(enum.StrEnum):
    """The five steps of the strip: 접수 · 확인 · 이관 · 응답 · 종결."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    HANDED_OFF = "handed_off"
    ANSWERED = "answered"
    CLOSED = "closed"


class LogLine(msgspec.Struct, frozen=True):
    """One line of the incident's history: the event's type and what a screen needs to word it."""

    at: datetime
    type: str
    actor: str
    data: bytes  # as in the journal: read only when somebody looks, for a storm writes many lines

    @property
    def facts(self) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.json.decode(self.data)
        return told


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """State of one incident after `version` events."""

    id: str
    version: int
    opened_at: datetime
    kind: AlertKind
    priority: Priority
    position: Position | None
    alerts: tuple[Alert, ...]
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    released_at: datetime | None = None
    cameras: tuple[SeenBy, ...] = ()
    unlocked: dict[str, datetime] = {}  # private camera -> until
    grade: Grade | None = None
    grade_at: datetime | None = None
    notes: tuple[str, ...] = ()
    sightings: tuple[ev.SightingNoted, ...] = ()
    ticked: frozenset[str] = frozenset()
    evidence: ev.EvidenceSpanSet | None = None
    handoffs: tuple[Handoff, ...] = ()
    packages: tuple[ev.HandoffPackaged, ...] = ()
    closed_at: datetime | None = None
    outcome: str = ""
    merged_into: str | None = None
    chatter: dict[tuple[str, str, str], int] = {}  # account, zone, code -> alerts only counted
    chattered_at: datetime | None = None
    escalated_at: datetime | None = None
    log: tuple[LogLine, ...] = ()

    @property
    def first_alert(self) -> Alert:
        return self.alerts[0]

    @property
    def waiting_since(self) -> datetime:
        """Since when nobody has it: its opening, or when it was given back last."""
        return self.released_at or self.opened_at

    @property
    def is_escalated(self) -> bool:
        """Whether it is before the supervisor now: a claim after that acknowledges it."""
        if self.escalated_at is None or self.closed_at is not None:
            return False
        return self.claimed_at is None or self.claimed_at < self.escalated_at

    @property
    def folded(self) -> int:
        """Alerts of detectors that repeated themselves: on record and only counted here."""
        return sum(self.chatter.values())

    @property
    def is_restored(self) -> bool:
        """Whether every detector that alarmed has reported its restoral since."""
        last = {(alert.account, alert.zone): alert.kind is AlertKind.RESTORE for alert in self.alerts}
        if self.chattered_at is not None and self.chattered_at > self.alerts[-1].received_at:
            return False  # what was only counted came after it
        return bool(last) and all(last.values())

    @property
    def step(self) -> Step:
        """The step the incident stands at."""
        if self.closed_at is not None:
            return Step.CLOSED
        if any(h.reached(HandoffStage.ACCEPTED) or h.reached(HandoffStage.REFUSED) for h in self.handoffs):
            return Step.ANSWERED
        if self.handoffs:
            return Step.HANDED_OFF
        return Step.VERIFYING if self.claimed_by else Step.RECEIVED

    def handoff(self, handoff_id: str) -> Handoff | None:
        """Return a hand-off by its id."""
        return next((h for h in self.handoffs if h.id == handoff_id), None)


def open_incident(event: ev.Event) -> Incident:
    """Return the incident that an `IncidentOpened` event begins."""
    opened = event.payload_as(ev.IncidentOpened)
    return Incident(
        id=opened.incident_id,
        version=event.version,
        opened_at=event.at,
        kind=opened.kind,
        priority=opened.priority,
        position=opened.position,
        alerts=(opened.alert,),
        log=(_line(event),),
    )


def apply(incident: Incident, event: ev.Event) -> Incident:
    """Return the incident after one more event of its stream. An unknown type only counts and is logged."""
    change: dict[str, Any] = {"version": event.version}
    if event.type not in _UNTOLD:
        change["log"] = (*incident.log, _line(event))
    change_of = _CHANGES.get(event.type)
    if change_of is not None:
        change |= change_of(incident, event.payload(), event)
    return msgspec.structs.replace(incident, **change)


def _line(event: ev.Event) -> LogLine:
    return LogLine(at=event.at, type=event.type, actor=event.actor, data=event.data)


_UNTOLD = frozenset({"UnitPositions", "HandoffUpdateDelivered"})  # many, and nobody reads them in a history


def _joined(incident: Incident, p: ev.AlertJoined, _: ev.Event) -> dict[str, Any]:
    """What is more urgent decides what the incident is: a burglar alarm followed by a panic button is a robbery."""
    change: dict[str, Any] = {"alerts": (*incident.alerts, p.alert)}
    priority = p.priority or p.alert.priority
    if priority.rank < incident.priority.rank and p.alert.kind is not AlertKind.RESTORE:
        change |= {"priority": priority, "kind": p.alert.kind}
    if incident.position is None and p.alert.position is not None:
        change["position"] = p.alert.position
    return change


def _absorbed(incident: Incident, p: ev.IncidentAbsorbed, _: ev.Event) -> dict[str, Any]:
    """Alerts of both in the order of their receipt; the more urgent decides what it is."""
    alerts = tuple(sorted((*incident.alerts, *p.alerts), key=lambda alert: (alert.received_at, alert.id)))
    worst = min(p.alerts, key=lambda alert: alert.priority.rank, default=None)
    change: dict[str, Any] = {"alerts": alerts}
    if worst is not None and worst.priority.rank < incident.priority.rank:
        change |= {"priority": worst.priority, "kind": worst.kind}
    return change


def _merged(_: Incident, p: ev.IncidentMerged, event: ev.Event) -> dict[str, Any]:
    return {"closed_at": event.at, "outcome": "merged", "merged_into": p.into}


def _unmerged(_: Incident, _p: ev.IncidentUnmerged, event: ev.Event) -> dict[str, Any]:
    return {"closed_at": None, "outcome": "", "merged_into": None, "released_at": event.at}


def _split_off(incident: Incident, p: ev.AlertsSplitOff, _: ev.Event) -> dict[str, Any]:
    """What it is follows from what is left; how urgent it is only a PriorityChanged may lower."""
    alerts = tuple(alert for alert in incident.alerts if alert.id not in p.alert_ids)
    gone = {(a.account, a.zone, a.code) for a in incident.alerts} - {(a.account, a.zone, a.code) for a in alerts}
    change: dict[str, Any] = {
        "alerts": alerts,
        "chatter": {detector: count for detector, count in incident.chatter.items() if detector not in gone},
    }
    if alerts and not any(alert.kind is incident.kind for alert in alerts):
        change["kind"] = min(alerts, key=lambda alert: alert.priority.rank).kind
    return change


def _chattered(incident: Incident, p: ev.ChatterFolded, event: ev.Event) -> dict[str, Any]:
    return {"chatter": incident.chatter | {(p.account, p.zone, p.code): p.count}, "chattered_at": event.at}


def _unlocked(incident: Incident, p: ev.PrivateCamerasUnlocked, _: ev.Event) -> dict[str, Any]:
    return {"unlocked": incident.unlocked | dict.fromkeys(p.camera_ids, p.until)}


def _locked(incident: Incident, p: ev.PrivateCamerasLocked, _: ev.Event) -> dict[str, Any]:
    return {"unlocked": {c: until for c, until in incident.unlocked.items() if c not in p.camera_ids}}


def _ticked(incident: Incident, p: ev.ProcedureStepTicked, _: ev.Event) -> dict[str, Any]:
    return {"ticked": incident.ticked | {p.step} if p.done else incident.ticked - {p.step}}


def _requested(incident: Incident, p: ev.HandoffRequested, event: ev.Event) -> dict[str, Any]:
    handoff = Handoff(
        id=p.handoff_id,
        incident_id=incident.id,
        agency_id=p.agency_id,
        agency_kind=p.agency_kind,
        agency_name=p.agency_name,
        requested_by=p.seat,
        camera_ids=p.camera_ids,
        span_start=p.span_start,
        span_end=p.span_end,
        live_until=p.live_until,
        follows=p.follows,
        receipts=(Receipt(HandoffStage.REQUESTED, event.at),),
    )
    return {"handoffs": (*incident.handoffs, handoff)}


def _update(incident: Incident, handoff_id: str, new: Callable[[Handoff], Handoff]) -> dict[str, Any]:
    return {"handoffs": tuple(new(h) if h.id == handoff_id else h for h in incident.handoffs)}


def _attempt_failed(incident: Incident, p: ev.HandoffAttemptFailed, _: ev.Event) -> dict[str, Any]:
    return _update(
        incident,
        p.handoff_id,
        lambda h: msgspec.structs.replace(h, failed_attempts=p.attempt, last_failure=p.reason),
    )


def _link_sent(incident: Incident, p: ev.HandoffLinkSent, _: ev.Event) -> dict[str, Any]:
    facts = {"link_until": p.until, "link_sha256": p.sha256}
    return _update(incident, p.handoff_id, lambda h: msgspec.structs.replace(h, **facts))


def _receipt(stage: HandoffStage, detail: Callable[[Any], str]) -> Callable[..., dict[str, Any]]:
    def change(incident: Incident, p: Any, event: ev.Event) -> dict[str, Any]:
        receipt = Receipt(stage, event.at, detail(p))
        return _update(incident, p.handoff_id, lambda h: h.with_receipt(receipt))

    return change


def _units(incident: Incident, p: ev.HandoffUnitsSent, event: ev.Event) -> dict[str, Any]:
    receipt = Receipt(HandoffStage.UNITS_SENT, event.at, ", ".join(p.units))
    return _update(
        incident,
        p.handoff_id,
        lambda h: msgspec.structs.replace(h.with_receipt(receipt), units=(*h.units, *p.units)),
    )


def _on_scene(p: ev.HandoffOnScene) -> str:
    return ", ".join(p.units) or p.by


def _ended(incident: Incident, p: ev.HandoffEnded, event: ev.Event) -> dict[str, Any]:
    receipt = Receipt(HandoffStage.ENDED, event.at, p.outcome)
    return _update(
        incident, p.handoff_id, lambda h: msgspec.structs.replace(h.with_receipt(receipt), outcome=p.outcome)
    )


def _desk_said(incident: Incident, p: ev.MessageFromDesk, event: ev.Event) -> dict[str, Any]:
    message = Message(event.at, p.by, p.text)
    return _update(incident, p.handoff_id, lambda h: msgspec.structs.replace(h, messages=(*h.messages, message)))


def _units_moved(incident: Incident, p: ev.UnitPositions, _: ev.Event) -> dict[str, Any]:
    """Reports may overtake each other: the newest of each unit counts."""

    def moved(h: Handoff) -> Handoff:
        newest = {position.unit: position for position in h.positions}
        for position in p.positions:
            if position.unit not in newest or newest[position.unit].at <= position.at:
                newest[position.unit] = position
        return msgspec.structs.replace(h, positions=tuple(newest.values()))

    return _update(incident, p.handoff_id, moved)


def _told(incident: Incident, p: ev.MessageToDesk, event: ev.Event) -> dict[str, Any]:
    message = Message(event.at, p.seat, p.text, p.update_id)
    update = Update(p.update_id, "message", p.text, p.seat, event.at)
    return _update(
        incident,
        p.handoff_id,
        lambda h: msgspec.structs.replace(h, messages=(*h.messages, message), updates=(*h.updates, update)),
    )


def _recalled(incident: Incident, p: ev.HandoffRecalled, event: ev.Event) -> dict[str, Any]:
    def recalled(h: Handoff) -> Handoff:
        if h.recalled_at is not None:
            return h
        update = Update(p.update_id, "recalled", p.reason, p.seat, event.at)
        facts = {"recalled_at": event.at, "recall_reason": p.reason, "updates": (update, *h.updates)}
        return msgspec.structs.replace(h, **facts)

    return _update(incident, p.handoff_id, recalled)


def _update_failed(incident: Incident, p: ev.HandoffUpdateFailed, _: ev.Event) -> dict[str, Any]:
    def failed(h: Handoff) -> Handoff:
        facts = {"failed_attempts": p.attempt, "last_failure": p.reason}
        updates = tuple(msgspec.structs.replace(u, **facts) if u.id == p.update_id else u for u in h.updates)
        return msgspec.structs.replace(h, updates=updates)

    return _update(incident, p.handoff_id, failed)


def _update_delivered(incident: Incident, p: ev.HandoffUpdateDelivered, _: ev.Event) -> dict[str, Any]:
    def delivered(h: Handoff) -> Handoff:
        return msgspec.structs.replace(h, updates=tuple(u for u in h.updates if u.id != p.update_id))

    return _update(incident, p.handoff_id, delivered)


def _viewer_came(incident: Incident, p: ev.LiveViewOpened, event: ev.Event) -> dict[str, Any]:
    viewer = LiveViewer(p.view_id, p.camera_id, event.at, p.remote)
    return _update(incident, p.handoff_id, lambda h: msgspec.structs.replace(h, viewers=(*h.viewers, viewer)))


def _viewer_left(incident: Incident, p: ev.LiveViewClosed, _: ev.Event) -> dict[str, Any]:
    def without(h: Handoff) -> Handoff:
        return msgspec.structs.replace(h, viewers=tuple(v for v in h.viewers if v.view_id != p.view_id))

    return _update(incident, p.handoff_id, without)


def _live_revoked(incident: Incident, p: ev.LiveViewRevoked, event: ev.Event) -> dict[str, Any]:
    return _update(incident, p.handoff_id, lambda h: msgspec.structs.replace(h, live_revoked_at=event.at))


_CHANGES: dict[str, Callable[[Incident, Any, ev.Event], dict[str, Any]]] = {
    "AlertJoined": _joined,
    "ChatterFolded": _chattered,
    "IncidentEscalated": lambda _i, _p, e: {"escalated_at": e.at},
    "IncidentMerged": _merged,
    "IncidentAbsorbed": _absorbed,
    "IncidentUnmerged": _unmerged,
    "AlertsSplitOff": _split_off,
    "CamerasSelected": lambda _i, p, _e: {"cameras": p.cameras},
    "IncidentClaimed": lambda _i, p, e: {"claimed_by": p.seat, "claimed_at": e.at},
    "IncidentReleased": lambda _i, _p, e: {"claimed_by": None, "claimed_at": None, "released_at": e.at},
    "PrivateCamerasUnlocked": _unlocked,
    "PrivateCamerasLocked": _locked,
    "SightingNoted": lambda i, p, _e: {"sightings": (*i.sightings, p)},
    "VerdictGiven": lambda _i, p, e: {"grade": p.grade, "grade_at": e.at},
    "NoteAdded": lambda i, p, _e: {"notes": (*i.notes, p.text)},
    "ProcedureStepTicked": _ticked,
    "EvidenceSpanSet": lambda _i, p, _e: {"evidence": p},
    "PriorityChanged": lambda _i, p, _e: {"priority": p.priority},
    "IncidentClosed": lambda _i, p, e: {"closed_at": e.at, "outcome": p.outcome},
    "HandoffRequested": _requested,
    "HandoffPackaged": lambda i, p, _e: {"packages": (*i.packages, p)},
    "HandoffAttemptFailed": _attempt_failed,
    "HandoffLinkSent": _link_sent,
    "HandoffDelivered": _receipt(HandoffStage.DELIVERED, lambda p: p.receiver),
    "HandoffOpened": _receipt(HandoffStage.OPENED, lambda p: p.by),
    "HandoffAccepted": _receipt(HandoffStage.ACCEPTED, lambda p: p.by),
    "HandoffRefused": _receipt(HandoffStage.REFUSED, lambda p: p.reason),
    "HandoffUnitsSent": _units,
    "HandoffOnScene": _receipt(HandoffStage.ON_SCENE, _on_scene),
    "HandoffEnded": _ended,
    "MessageFromDesk": _desk_said,
    "UnitPositions": _units_moved,
    "MessageToDesk": _told,
    "HandoffRecalled": _recalled,
    "HandoffUpdateFailed": _update_failed,
    "HandoffUpdateDelivered": _update_delivered,
    "LiveViewOpened": _viewer_came,
    "LiveViewClosed": _viewer_left,
    "LiveViewRevoked": _live_revoked,
}
