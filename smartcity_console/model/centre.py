"""The whole centre at a glance: a fold over every event, for the queue, the header and a second seat's screen."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.incident import Incident, apply, open_incident
from smartcity_console.model.locked import LockedEvidence, locked_evidence
from smartcity_console.model.masks import CameraMask, MaskLift, Polygons
from smartcity_console.model.priority import DEFAULT_TABLE, PriorityRule
from smartcity_console.model.shelves import Shelves
from smartcity_console.model.undelivered import Undelivered, undelivered


class CameraState(msgspec.Struct, frozen=True):
    """Whether the recorder holds a camera, and why not."""

    connected: bool
    since: datetime
    detail: str = ""


class SenderState(msgspec.Struct, frozen=True):
    """A sender's supervision state."""

    late: bool
    since: datetime
    firm_id: str | None
    silent_s: float = 0.0


class PoseAct(msgspec.Struct, frozen=True):
    """A camera's pose that a seat has set, and when."""

    at: datetime
    said: ev.CameraPoseSet


JOURNAL = "journal.sqlite"
"""What the journal is called among the evidence that is not what was recorded."""

MOST_POSE_ACTS = 50
MOST_ALERT_TIMES = 10_000
RECENT_ALERTS = 100
"""Alerts that are kept for trying a rule of the priority table on."""


class Centre:
    """Mutable holder of the folds. `take` returns which incidents changed, so that views redraw only those."""

    def __init__(self) -> None:
        self.last_seq = 0
        self.incidents: dict[str, Incident] = {}
        self.cameras: dict[str, CameraState] = {}
        self.masks: dict[str, CameraMask] = {}
        self.senders: dict[str, SenderState] = {}
        self.seats: dict[str, str] = {}
        self.pose_acts: dict[str, tuple[PoseAct, ...]] = {}  # by seat, since it was taken: what can be undone
        self.gateway_up = False
        self.recording_paused = False
        self.alert_times: deque[datetime] = deque(maxlen=MOST_ALERT_TIMES)
        self.shown_times: deque[datetime] = deque(maxlen=MOST_ALERT_TIMES)  # of alarms that came before an operator
        self.recent_alerts: deque[ev.Event] = deque(maxlen=RECENT_ALERTS)  # AlertReceived, read only when asked for
        self._open: list[Incident] | None = None  # the queue in order, until an incident changes: it is asked for often
        self.closed_seats: dict[str, datetime] = {}  # when each was left that has not been taken since
        self.shelves = Shelves()
        self.released: set[str] = set()  # hand-offs whose evidence a supervisor let go of
        self.damaged_evidence: dict[str, str] = {}  # kept files that are not what was recorded: path -> why
        self.priority_table: tuple[PriorityRule, ...] = DEFAULT_TABLE

    def take(self, batch: Iterable[ev.Event]) -> set[str]:
        """Fold events in; an event already seen is passed over. Returns the ids of the incidents it touched."""
        changed: set[str] = set()
        for event in batch:
            if event.seq > self.last_seq:
                self.last_seq = event.seq
                self._fold(event, changed)
        return changed

    def mask_polygons(self, camera_id: str, now: datetime) -> Polygons:
        """Return what of a camera's live picture a console covers now."""
        mask = self.masks.get(camera_id)
        return mask.shown(now) if mask is not None else ()

    def open_incidents(self) -> list[Incident]:
        """Return the queue: not closed, most urgent first, then oldest first."""
        if self._open is None:
            waiting = [i for i in self.incidents.values() if i.closed_at is None]
            self._open = sorted(waiting, key=lambda i: (i.priority.rank, i.opened_at, i.id))
        return list(self._open)

    def undelivered(self, now: datetime) -> list[Undelivered]:
        """Return the hand-offs that their receivers do not have, longest waiting first."""
        return undelivered(self.incidents.values(), now)

    def locked_evidence(self) -> list[LockedEvidence]:
        """Return the evidence of hand-offs that no supervisor has released, longest locked first."""
        return locked_evidence(self.incidents.values(), self.released)

    def _fold(self, event: ev.Event, changed: set[str]) -> None:
        kind, _, key = event.stream.partition("/")
        if kind == "incident":
            changed.add(key)
            self._fold_incident(key, event)
        elif event.type == "AlertReceived":  # only its time counts here; the alert itself is in its incident
            self.alert_times.append(event.at)
            self.recent_alerts.append(event)
            if len(self.shelves):
                self._count_shelved(event)
        elif event.type in ev.PAYLOADS:
            self._fold_other(key, event)

    def _fold_incident(self, key: str, event: ev.Event) -> None:
        self._open = None
        if event.type == "IncidentOpened":
            self.incidents[key] = open_incident(event)
            self.shown_times.append(event.at)
        elif key in self.incidents:
            self.incidents[key] = incident = apply(self.incidents[key], event)
            if event.type == "AlertJoined" and incident.alerts[-1].kind is not AlertKind.RESTORE:
                self.shown_times.append(event.at)

    def _count_shelved(self, event: ev.Event) -> None:
        alert = event.payload_as(ev.AlertReceived).alert
        if alert.kind is not AlertKind.TEST and not alert.is_test:  # those never open anything
            self.shelves.count(alert)

    def _lift(self, camera_id: str, lift: MaskLift | None) -> None:
        if camera_id in self.masks:
            self.masks[camera_id] = msgspec.structs.replace(self.masks[camera_id], lift=lift)

    def _fold_other(self, key: str, event: ev.Event) -> None:
        match event.payload():
            case ev.CameraConnected() as p:
                self.cameras[p.camera_id] = CameraState(True, event.at, p.codec)
            case ev.CameraLost() as p:
                self.cameras[p.camera_id] = CameraState(False, event.at, p.reason)
            case ev.MaskSet() as p:
                self.masks[p.camera_id] = CameraMask(p.polygons, event.at, p.seat)
            case ev.MaskLifted() as p:
                self._lift(p.camera_id, MaskLift(p.until, p.reason, p.seat))
            case ev.MaskLiftEnded() as p:
                self._lift(p.camera_id, None)
            case ev.SenderHeard() as p:
                self.senders[key] = SenderState(False, event.at, p.firm_id)
            case ev.SenderLate() as p:
                self.senders[key] = SenderState(True, event.at, p.firm_id, p.silent_s)
            case ev.SenderRemoved():
                self.senders.pop(key, None)
            case ev.SenderChanged(sender=sender) if sender.interval_s <= 0 and key in self.senders:
                if self.senders[key].late:
                    del self.senders[key]
            case ev.CameraPoseSet() as p:
                self.pose_acts[p.seat] = _with_act(self.pose_acts.get(p.seat, ()), PoseAct(event.at, p))
            case ev.SeatOpened() as p:
                self.seats[p.seat] = p.user
                self.closed_seats.pop(p.seat, None)
                self.pose_acts.pop(p.seat, None)
            case ev.SeatClosed() as p:
                self.seats.pop(p.seat, None)
                self.closed_seats[p.seat] = event.at
            case ev.AlarmShelved() as p:
                self.shelves.shelve(p, event.at)
            case ev.AlarmUnshelved() as p:
                self.shelves.unshelve(p)
            case ev.PriorityTableSet() as p:
                self.priority_table = p.rules
            case ev.EvidenceReleased() as p:
                self.released.add(p.handoff_id)
            case ev.EvidenceDamaged() as p:
                self.damaged_evidence[p.path] = p.why
            case ev.EvidenceRestored() | ev.PackagePurged() as p:
                self.damaged_evidence.pop(p.path, None)
            case ev.ChainBroken() as p:
                self.damaged_evidence[JOURNAL] = f"event {p.event}: {p.why}"
            case ev.ChainVerified():
                self.damaged_evidence.pop(JOURNAL, None)
            case ev.GatewayStarted():
                self.gateway_up, self.recording_paused = True, False
            case ev.RecordingPaused():
                self.recording_paused = True
            case ev.RecordingResumed():
                self.recording_paused = False
            case ev.GatewayStopped():
                self.gateway_up = False


def _with_act(acts: tuple[PoseAct, ...], act: PoseAct) -> tuple[PoseAct, ...]:
    """Return a seat's acts after another one; the inverse of the last takes that one back."""
    last, now = (acts[-1].said if acts else None), act.said
    if last and (last.camera_id, last.pose, last.before) == (now.camera_id, now.before, now.pose):
        return acts[:-1]
    return (*acts[1 - MOST_POSE_ACTS :], act)
