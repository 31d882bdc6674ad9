"""Every event that the journal may hold, with its payload.

The journal row is `events(seq, stream, version, type, at, actor, data, prev_hash, hash)`; the classes here are what
stands in `data`. `type` is the class's name. A payload never changes meaning: a new meaning is a new class.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Pose, SeenBy
from smartcity_console.model.geo import Position
from smartcity_console.model.masks import Polygons
from smartcity_console.model.priority import PriorityRule
from smartcity_console.model.sender import FirmRecord, SenderRecord
from smartcity_console.model.verdict import Grade


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what an event carries. `stream_kind` is the part of its stream before the slash."""

    stream_kind: ClassVar[str] = ""


# ---- alert/… ---------------------------------------------------------------------------------------------------


class AlertReceived(Payload, frozen=True, kw_only=True):
    """The commit of this event is what an ACK to the sender stands for."""

    stream_kind: ClassVar[str] = "alert"
    alert: Alert


# ---- incident/… ------------------------------------------------------------------------------------------------


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


class HandoffRequested(IncidentPayload, frozen=True, kw_only=True):
    """The operator's click. The gateway's outbox carries it out under `handoff_id` as idempotency key."""

    handoff_id: str
    agency_id: str
    agency_kind: AgencyKind
    agency_name: str
    camera_ids: tuple[str, ...]
    span_start: datetime
    span_end: datetime
    live_until: datetime
    basis: str
    note: str
    grade: Grade
    seat: str
    follows: str = ""  # the hand-off that this one adds to, under the same incident


class EvidenceFile(msgspec.Struct, frozen=True):
    """One file of a package: its name inside, size in bytes and SHA-256 in hex."""

    name: str
    size_bytes: int
    sha256: str


class HandoffPackaged(IncidentPayload, frozen=True, kw_only=True):
    """The sealed package lies at `path` (relative to the workspace) with this digest."""

    handoff_id: str
    path: str
    sha256: str
    files: tuple[EvidenceFile, ...]
    gaps: tuple[str, ...] = ()  # what was asked for and could not be had, in words


class HandoffAttemptFailed(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    attempt: int
    reason: str
    retry_in_s: float


class HandoffDelivered(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    attempt: int
    receiver: str


class ReceiptPayload(IncidentPayload, frozen=True, kw_only=True):
    """What a desk reports. `receipt_id` makes it idempotent; `reported_at` is the desk's own time of it."""

    handoff_id: str
    receipt_id: str = ""
    reported_at: datetime | None = None


class HandoffOpened(ReceiptPayload, frozen=True, kw_only=True):
    by: str


class HandoffAccepted(ReceiptPayload, frozen=True, kw_only=True):
    by: str


class HandoffRefused(ReceiptPayload, frozen=True, kw_only=True):
    by: str
    reason: str


class HandoffUnitsSent(ReceiptPayload, frozen=True, kw_only=True):
    units: tuple[str, ...]
    eta_min: float | None = None


class HandoffOnScene(ReceiptPayload, frozen=True, kw_only=True):
    """Units have arrived; none named: all that were sent."""

    by: str
    units: tuple[str, ...] = ()


class HandoffEnded(ReceiptPayload, frozen=True, kw_only=True):
    """The receiver is done with it. `outcome` is a code of the desk's list, or its own word."""

    by: str
    outcome: str
    note: str = ""


class MessageFromDesk(ReceiptPayload, frozen=True, kw_only=True):
    by: str
    text: str


class UnitPosition(msgspec.Struct, frozen=True):
    """Where a unit was at a time: WGS 84 degrees."""

    unit: str
    lon_deg: float
    lat_deg: float
    at: datetime


class UnitPositions(ReceiptPayload, frozen=True, kw_only=True):
    """Where a receiver's units are; the last of each unit counts."""

    positions: tuple[UnitPosition, ...]


class UpdatePayload(IncidentPayload, frozen=True, kw_only=True):
    """What the centre says after a hand-off was asked for; delivered once under `update_id`, after the notice."""

    handoff_id: str
    update_id: str
    seat: str


class HandoffRecalled(UpdatePayload, frozen=True, kw_only=True):
    """The centre takes the hand-off back. What was sent stays sent; the receiver is told and may not watch any more."""

    reason: str


class MessageToDesk(UpdatePayload, frozen=True, kw_only=True):
    text: str


class HandoffUpdateFailed(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    update_id: str
    attempt: int
    reason: str
    retry_in_s: float


class HandoffUpdateDelivered(IncidentPayload, frozen=True, kw_only=True):
    handoff_id: str
    update_id: str
    attempt: int


class LiveViewPayload(IncidentPayload, frozen=True, kw_only=True):
    """What concerns the live pictures that a hand-off lets its receiver watch."""

    handoff_id: str


class LiveViewOpened(LiveViewPayload, frozen=True, kw_only=True):
    """Somebody began to watch: on record before the first picture leaves. `remote` is the viewer's host."""

    view_id: str
    camera_id: str
    agency_kind: AgencyKind
    agency_name: str
    remote: str


class LiveViewClosed(LiveViewPayload, frozen=True, kw_only=True):
    """A view is over. Reconnections in quick succession are one view: `connections` counts them."""

    view_id: str
    camera_id: str
    reason: str
    watched_s: float | None  # None: not known, for the gateway was killed meanwhile
    connections: int = 1
    dropped: int = 0  # fragments that a slow viewer lost


class LiveViewRevoked(LiveViewPayload, frozen=True, kw_only=True):
    """The leave to watch live is taken back, whatever its time; clips that were sent stay sent."""

    reason: str
    seat: str


class IncidentSnapshotTaken(IncidentPayload, frozen=True, kw_only=True):
    """A still of a camera, taken at a seat for this incident; it lies at `path` (relative to the workspace)."""

    camera_id: str
    path: str
    sha256: str
    captured_at: datetime
    seat: str


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


# ---- camera/…, sender/…, seat/…, gateway/… ------------------------------------------------------------------------


class CameraConnected(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    codec: str
    width_px: int
    height_px: int


class CameraLost(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    reason: str


class CameraMaskPayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    seat: str
    reason: str


class MaskSet(CameraMaskPayload, frozen=True, kw_only=True):
    """What of a camera's picture is private from now on; no polygon: nothing. `before` is what it was."""

    polygons: Polygons
    before: Polygons


class MaskLifted(CameraMaskPayload, frozen=True, kw_only=True):
    """A supervisor has uncovered the consoles' live picture until a moment. What leaves the house stays covered."""

    until: datetime


class MaskLiftEnded(CameraMaskPayload, frozen=True, kw_only=True):
    """A lift is over, by its time or by a seat."""


class CameraSnapshotTaken(Payload, frozen=True, kw_only=True):
    """A still of a camera, taken at a seat that looked at no incident."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    path: str
    sha256: str
    captured_at: datetime
    seat: str


class ReplayFetched(Payload, frozen=True, kw_only=True):
    """A seat was given recorded pictures, on record before they left. `incident_ids`: what it verified then.

    What the same seat fetches again of the same pictures within ten minutes is not told again.
    """

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    start: datetime
    end: datetime
    seat: str
    remote: str
    is_private: bool
    incident_ids: tuple[str, ...] = ()


class CameraPoseSet(Payload, frozen=True, kw_only=True):
    """An operator has said how a camera stands. It outlives the next import; `before` is what the catalogue held."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    pose: Pose
    before: Pose
    seat: str


class AlarmShelved(Payload, frozen=True, kw_only=True):
    """An account's alarms (of one zone, or "" all) open nothing until then. They stay on record and are counted."""

    stream_kind: ClassVar[str] = "shelf"
    account: str
    zone: str
    until: datetime
    reason: str
    seat: str


class AlarmUnshelved(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "shelf"
    account: str
    zone: str
    seat: str


class PriorityTableSet(Payload, frozen=True, kw_only=True):
    """The supervisor's whole table, in order."""

    stream_kind: ClassVar[str] = "table"
    rules: tuple[PriorityRule, ...]
    seat: str


class SenderHeard(Payload, frozen=True, kw_only=True):
    """A sender's first message after silence; `interval_s` is when the next is due (0: not supervised)."""

    stream_kind: ClassVar[str] = "sender"
    account: str
    firm_id: str | None
    interval_s: float


class SenderLate(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "sender"
    account: str
    firm_id: str | None
    silent_s: float


class FrameRefused(Payload, frozen=True, kw_only=True):
    """A frame answered with NAK or DUH; the text is a diagnosis, never the frame."""

    stream_kind: ClassVar[str] = "sender"
    account: str
    protocol: str
    reason: str


class FirmRegistered(Payload, frozen=True, kw_only=True):
    """The centre registers a firm, or adds to what the catalogue says of it."""

    stream_kind: ClassVar[str] = "firm"
    firm: FirmRecord
    seat: str = ""


class FirmChanged(Payload, frozen=True, kw_only=True):
    """`before` is what the centre had registered."""

    stream_kind: ClassVar[str] = "firm"
    firm: FirmRecord
    before: FirmRecord
    seat: str = ""


class FirmRemoved(Payload, frozen=True, kw_only=True):
    """The centre's own entry goes; what the catalogue says of the firm holds again."""

    stream_kind: ClassVar[str] = "firm"
    before: FirmRecord
    seat: str = ""


class SenderRegistered(Payload, frozen=True, kw_only=True):
    """The centre registers an account, or adds to what the catalogue says of it. Keys are never part of it."""

    stream_kind: ClassVar[str] = "sender"
    sender: SenderRecord
    seat: str = ""


class SenderChanged(Payload, frozen=True, kw_only=True):
    """`before` is what the centre had registered."""

    stream_kind: ClassVar[str] = "sender"
    sender: SenderRecord
    before: SenderRecord
    seat: str = ""


class SenderRemoved(Payload, frozen=True, kw_only=True):
    """The centre's own entry goes; what the catalogue says of the account holds again."""

    stream_kind: ClassVar[str] = "sender"
    before: SenderRecord
    seat: str = ""


class StatusReturned(Payload, frozen=True, kw_only=True):
    """A firm has taken what became of its alert. `return_id` is the same however often it was sent."""

    stream_kind: ClassVar[str] = "status"
    return_id: str
    firm_id: str
    alert_id: str
    status: str
    attempt: int
    answer: int  # HTTP status


class StatusReturnFailed(Payload, frozen=True, kw_only=True):
    """A firm could not be told, in words without its address; `gave_up`: it is not tried again."""

    stream_kind: ClassVar[str] = "status"
    return_id: str
    firm_id: str
    alert_id: str
    status: str
    attempt: int
    reason: str
    retry_in_s: float = 0.0
    gave_up: bool = False


class SeatOpened(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "seat"
    seat: str
    user: str


class SeatClosed(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "seat"
    seat: str


class GatewayStarted(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "gateway"
    addresses: dict[str, str]
    version: str


class GatewayStopped(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "gateway"
    reason: str


# ---- desk/… : the receiver's own record, one stream a hand-off ----------------------------------------------------


class DeskPayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "desk"
    handoff_id: str


class DeskNoticeReceived(DeskPayload, frozen=True, kw_only=True):
    """A notice as it came, without its tokens: those lie in a 0600 file beside the journal."""

    notice: dict[str, Any]


class DeskPackageStored(DeskPayload, frozen=True, kw_only=True):
    """The package was verified and lies at `path` (relative to the desk's directory)."""

    path: str
    sha256: str
    size_bytes: int
    signer: str  # fingerprint of the key it was sealed with
    files: tuple[EvidenceFile, ...]


class DeskOpened(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str


class DeskAccepted(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str


class DeskRefused(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    reason: str


class DeskUnitsSent(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    units: tuple[str, ...]
    eta_min: float | None = None


class DeskOnScene(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    units: tuple[str, ...] = ()


class DeskEnded(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    outcome: str
    note: str = ""


class DeskMessageSent(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    text: str


class DeskUnitsMoved(DeskPayload, frozen=True, kw_only=True):
    receipt_id: str
    by: str
    positions: tuple[UnitPosition, ...]


class DeskUpdateReceived(DeskPayload, frozen=True, kw_only=True):
    """What the centre told later: `kind` recalled or message."""

    update_id: str
    kind: str
    text: str
    sent_by: str
    sent_at: datetime


class DeskReceiptSent(DeskPayload, frozen=True, kw_only=True):
    """The centre has acknowledged a receipt."""

    receipt_id: str


class DeskAccessed(Payload, frozen=True, kw_only=True):
    """Who used a desk for what (`act`), from where; the same again within a minute is one. `subject`: the hand-off or file."""

    stream_kind: ClassVar[str] = "access"
    who: str
    remote: str
    act: str
    subject: str = ""


class RecordingPaused(Payload, frozen=True, kw_only=True):
    """The disk is so full that recording waits; what is recorded stays."""

    stream_kind: ClassVar[str] = "gateway"
    free_mib: int


class RecordingResumed(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "gateway"
    free_mib: int


# ---- evidence, retention and the access register -------------------------------------------------------------------


class EvidencePayload(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "evidence"


class EvidenceReleased(EvidencePayload, frozen=True, kw_only=True):
    """A supervisor lets go of what is locked for a hand-off: the ring may forget its span, its package goes on its day."""

    incident_id: str
    handoff_id: str
    reason: str
    seat: str


class EvidenceVerified(EvidencePayload, frozen=True, kw_only=True):
    """Every package and snapshot that is kept was read and found as it was recorded."""

    files: int
    size_bytes: int


class EvidenceDamaged(EvidencePayload, frozen=True, kw_only=True):
    """A kept file is not what was recorded: missing, changed or unreadable. `path` is relative to the workspace."""

    path: str
    sha256: str
    why: str


class EvidenceRestored(EvidencePayload, frozen=True, kw_only=True):
    """A file that was damaged is as it was recorded again."""

    path: str
    sha256: str


class PersonalPurged(EvidencePayload, frozen=True, kw_only=True):
    """A record of the vault was removed when its time was over; its digest stays, and with it the chain."""

    sha256: str
    kept_days: float


class PackagePurged(EvidencePayload, frozen=True, kw_only=True):
    """A package that nothing locks any more was removed when its time was over."""

    handoff_id: str
    path: str
    sha256: str
    kept_days: float


class RegisterExported(EvidencePayload, frozen=True, kw_only=True):
    """The access register left the house as a file, which is an access itself."""

    start: datetime
    end: datetime
    rows: int
    sha256: str
    by: str


# ---- who steers a camera: appended by the gateway, one event for a whole hold and none for a single move ------------


class PtzTaken(Payload, frozen=True, kw_only=True):
    """A seat steers a camera from now on. `taken_from`: the seat that it goes before."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    seat: str
    rank: str
    taken_from: str = ""


class PtzReleased(Payload, frozen=True, kw_only=True):
    """A hold is over: `released`, `idle`, `taken_over`, `seat_gone`, `locked` or `gateway_stopped`; what was done in it."""

    stream_kind: ClassVar[str] = "camera"
    camera_id: str
    seat: str
    reason: str
    held_s: float
    moves: int
    turning_s: float
    acts: tuple[str, ...] = ()  # presets and absolute positions, in words; the first ones of many


class PtzSpotWanted(Payload, frozen=True, kw_only=True):
    """A seat wants every camera that turns and can see a spot turned to it."""

    stream_kind: ClassVar[str] = "seat"
    seat: str
    spot: Position
    incident_id: str = ""


def _leaves(kind: type[Payload]) -> list[type[Payload]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in _leaves(child)] if below else [kind]


PAYLOADS: Mapping[str, type[Payload]] = {leaf.__name__: leaf for leaf in _leaves(Payload)}
"""Payload class by event type."""

P = TypeVar("P", bound=Payload)


class Draft(msgspec.Struct, frozen=True):
    """An event before it is appended. `expected_version` None: append whatever the stream's version is;
    otherwise the number of events the stream must hold now (0: the stream must be new)."""

    stream: str
    payload: Payload
    actor: str
    expected_version: int | None = None


class Event(msgspec.Struct, frozen=True):
    """An event as stored. `seq` counts over the journal from 1, `version` over the stream from 1; `at` is UTC."""

    seq: int
    stream: str
    version: int
    type: str
    at: datetime
    actor: str
    data: bytes  # canonical JSON: keys sorted, UTF-8, no white space
    prev_hash: str
    hash: str

    def payload(self) -> Payload:
        """Decode `data` into its payload class. Raises KeyError for a type this version does not know."""
        return msgspec.json.decode(self.data, type=PAYLOADS[self.type])

    def payload_as(self, kind: builtins.type[P]) -> P:
        """Decode `data` as one payload class."""
        return msgspec.json.decode(self.data, type=kind)

    def as_json(self) -> dict[str, Any]:
        """Return the event as plain JSON values, for people and for other programs."""
        row = {name: getattr(self, name) for name in ("seq", "stream", "version", "type", "actor")}
        return row | {
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "data": msgspec.json.decode(self.data),
            "prev_hash": self.prev_hash,
            "hash": self.hash,
        }


def stream_of(payload_kind: type[Payload], key: str) -> str:
    """Return the stream's name for a payload class: `incident/…`."""
    return f"{payload_kind.stream_kind}/{key}"


def encode_payload(payload: Payload) -> bytes:
    """Return the canonical JSON of a payload: the bytes that are hashed."""
    return msgspec.json.encode(payload, order="sorted")
