"""incident/… : what happened to an incident and what its operators did."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.events.base import Payload
from smartcity_console.model.geo import Position
from smartcity_console.model.verdict import Grade


class IncidentPayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "incident"


class IncidentOpened(IncidentPayload, frozen=True, kw_only=True):
    """The first alert at a place opens an incident, in the alert's own transaction."""

    incident_id: str
    alert: Alert
    kind: AlertKind
    priority: Priority
    position: Position | None
    priority_reason_ko: str = ""  # the rule of the priority table that decided; "": the sender's code did
    priority_reason_en: str = ""


class AlertJoined(IncidentPayload, frozen=True, kw_only=True):
    """A further alert is taken as the same incident; `reason` says why in Korean, `why` as a code.

    `why`: same_site, same_case, same_account, near (another sender, `distance_m` away). `priority` is what the table
    made of it, where that is more urgent than the sender's code.
    """

    alert: Alert
    reason: str
    why: str = ""
    after_s: float = 0.0
    distance_m: float | None = None
    priority: Priority | None = None


class ChatterFolded(IncidentPayload, frozen=True, kw_only=True):
    """A detector repeats itself; its further alerts are on record and only counted here. `count` is the total."""

    account: str
    zone: str
    code: str
    count: int


class SightingNoted(IncidentPayload, frozen=True, kw_only=True):
    """The operator sees on a camera whom or what the incident is about: one point of its track."""

    camera_id: str
    camera_name: str
    seen_at: datetime
    seat: str


class IncidentEscalated(IncidentPayload, frozen=True, kw_only=True):
    """Nobody has claimed the incident for so long that the supervisor is told."""

    waited_s: float


class IncidentMerged(IncidentPayload, frozen=True, kw_only=True):
    """This incident is the same as another and ends here; its alerts go on there."""

    into: str
    seat: str


class IncidentAbsorbed(IncidentPayload, frozen=True, kw_only=True):
    """Another incident turned out to be this one: its alerts are taken over. Written with its IncidentMerged."""

    from_incident: str
    alerts: tuple[Alert, ...]
    seat: str


class IncidentUnmerged(IncidentPayload, frozen=True, kw_only=True):
    """A merging is taken back: the incident is open again, with the alerts that it had. Written with the other's
    AlertsSplitOff."""

    from_incident: str
    alerts: tuple[Alert, ...]
    seat: str


class AlertsSplitOff(IncidentPayload, frozen=True, kw_only=True):
    """Some alerts are another incident's after all. Written with the opening of `to_incident`.

    `places`: what the intake knows these alerts' places by; what comes from there next joins the new incident.
    """

    alert_ids: tuple[str, ...]
    places: tuple[str, ...]
    to_incident: str
    seat: str


class CamerasSelected(IncidentPayload, frozen=True, kw_only=True):
    """The cameras put on the wall for the incident, in rank order."""

    cameras: tuple[SeenBy, ...]


class IncidentClaimed(IncidentPayload, frozen=True, kw_only=True):
    """A seat verifies the incident. `taken_from`: the seat that had it and is gone; `reason` says how that is known:
    seat_closed (it left) or seat_lost (its console does not run any more)."""

    seat: str
    taken_from: str = ""
    reason: str = ""


class IncidentReleased(IncidentPayload, frozen=True, kw_only=True):
    seat: str


class PrivateCamerasUnlocked(IncidentPayload, frozen=True, kw_only=True):
    camera_ids: tuple[str, ...]
    seat: str
    reason: str
    until: datetime


class PrivateCamerasLocked(IncidentPayload, frozen=True, kw_only=True):
    camera_ids: tuple[str, ...]
    reason: str


class VerdictGiven(IncidentPayload, frozen=True, kw_only=True):
    grade: Grade
    seat: str


class NoteAdded(IncidentPayload, frozen=True, kw_only=True):
    text: str
    seat: str


class ProcedureStepTicked(IncidentPayload, frozen=True, kw_only=True):
    step: str
    done: bool
    seat: str


class EvidenceSpanSet(IncidentPayload, frozen=True, kw_only=True):
    camera_ids: tuple[str, ...]
    start: datetime
    end: datetime


class PriorityChanged(IncidentPayload, frozen=True, kw_only=True):
    priority: Priority
    reason: str
    seat: str


class IncidentClosed(IncidentPayload, frozen=True, kw_only=True):
    outcome: str
    seat: str


class IncidentSnapshotTaken(IncidentPayload, frozen=True, kw_only=True):
    """A still of a camera, taken at a seat for this incident; it lies at `path` (relative to the workspace)."""

    camera_id: str
    path: str
    sha256: str
    captured_at: datetime
    seat: str


class IncidentClipsWanted(IncidentPayload, frozen=True, kw_only=True):
    """A seat wants clips of a span of some cameras kept for this incident, and says what for."""

    clips_id: str
    camera_ids: tuple[str, ...]
    start: datetime
    end: datetime
    reason: str
    seat: str


class SavedClip(msgspec.Struct, frozen=True, kw_only=True):
    """A file of one camera and one picture format. `path` is relative to the workspace; `start` and `end` are what it
    really shows; `es_sha256` is the digest of the camera's own bits; `masked` names a copy with its masks burned in."""

    camera_id: str
    path: str
    sha256: str
    start: datetime
    end: datetime
    codec: str
    es_sha256: str
    gaps: tuple[str, ...] = ()
    masked: str = ""
    masked_sha256: str = ""


class ClipMissing(msgspec.Struct, frozen=True):
    """A camera of which there is nothing, and why, in both languages."""

    camera_id: str
    ko: str
    en: str


class IncidentClipsSaved(IncidentPayload, frozen=True, kw_only=True):
    """What came of an IncidentClipsWanted. The files lie in `folder` (relative to the workspace) with a note, `note.json`."""

    clips_id: str
    camera_ids: tuple[str, ...]
    seat: str
    folder: str
    clips: tuple[SavedClip, ...] = ()
    missing: tuple[ClipMissing, ...] = ()
    note_sha256: str = ""


class PersonalRecordShown(IncidentPayload, frozen=True, kw_only=True):
    """A seat was shown what the vault holds of a person (`what`: record or picture), and says what for."""

    alert_id: str
    what: str
    sha256: str
    why: str
    seat: str


class ReportLinkUsed(IncidentPayload, frozen=True, kw_only=True):
    """A seat opened or copied an address that a sender told (`link`: live or verification; `act`: opened or copied)."""

    alert_id: str
    link: str
    act: str
    seat: str
