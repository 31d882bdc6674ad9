"""Every event that the journal may hold, with its payload.

The journal row is `events(seq, stream, version, type, at, actor, data, prev_hash, hash)`; the classes here are what
stands in `data`. `type` is the class's name. A payload never changes meaning: a new meaning is a new class.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec

from smartcity_console.model.events.alert import (
    AlertReceived,
)
from smartcity_console.model.events.base import (
    Payload,
)
from smartcity_console.model.events.camera import (
    CameraConnected,
    CameraLost,
    CameraMaskPayload,
    CameraPoseSet,
    CameraSnapshotTaken,
    MaskLifted,
    MaskLiftEnded,
    MaskSet,
    PtzReleased,
    PtzSpotWanted,
    PtzTaken,
    ReplayFetched,
)
from smartcity_console.model.events.desk import (
    DeskAccepted,
    DeskAccessed,
    DeskEnded,
    DeskMessageSent,
    DeskNoticeReceived,
    DeskOnScene,
    DeskOpened,
    DeskPackageStored,
    DeskPayload,
    DeskReceiptSent,
    DeskRefused,
    DeskUnitsMoved,
    DeskUnitsSent,
    DeskUpdateReceived,
)
from smartcity_console.model.events.drill import (
    DrillBegun,
    DrillEnded,
    DrillOrdered,
    DrillOrderRefused,
    DrillPaused,
    DrillPayload,
    DrillResumed,
    DrillSpoken,
    DrillWordsSeen,
    DrillWorkBegun,
    InjectFailed,
    InjectFired,
    InjectHeld,
    InjectSkipped,
    MomentMarked,
)
from smartcity_console.model.events.evidence import (
    ChainBroken,
    ChainVerified,
    EvidenceDamaged,
    EvidencePayload,
    EvidenceReleased,
    EvidenceRestored,
    EvidenceVerified,
    PackagePurged,
    PersonalPurged,
    RegisterExported,
)
from smartcity_console.model.events.handoff import (
    EvidenceFile,
    HandoffAccepted,
    HandoffAttemptFailed,
    HandoffDelivered,
    HandoffEnded,
    HandoffLinkFetched,
    HandoffLinkSent,
    HandoffOnScene,
    HandoffOpened,
    HandoffPackaged,
    HandoffRecalled,
    HandoffRefused,
    HandoffRequested,
    HandoffUnitsSent,
    HandoffUpdateDelivered,
    HandoffUpdateFailed,
    LiveViewClosed,
    LiveViewOpened,
    LiveViewPayload,
    LiveViewRevoked,
    MessageFromDesk,
    MessageToDesk,
    ReceiptPayload,
    UnitPosition,
    UnitPositions,
    UpdatePayload,
)
from smartcity_console.model.events.incident import (
    AlertJoined,
    AlertsSplitOff,
    CamerasSelected,
    ChatterFolded,
    ClipMissing,
    EvidenceSpanSet,
    IncidentAbsorbed,
    IncidentClaimed,
    IncidentClipsSaved,
    IncidentClipsWanted,
    IncidentClosed,
    IncidentEscalated,
    IncidentMerged,
    IncidentOpened,
    IncidentPayload,
    IncidentReleased,
    IncidentSnapshotTaken,
    IncidentUnmerged,
    NoteAdded,
    PersonalRecordShown,
    PriorityChanged,
    PrivateCamerasLocked,
    PrivateCamerasUnlocked,
    ProcedureStepTicked,
    ReportLinkUsed,
    SavedClip,
    SightingNoted,
    VerdictGiven,
)
from smartcity_console.model.events.program import (
    GatewayStarted,
    GatewayStopped,
    RecordingPaused,
    RecordingResumed,
    SeatClosed,
    SeatOpened,
)
from smartcity_console.model.events.sender import (
    AlarmShelved,
    AlarmUnshelved,
    FirmChanged,
    FirmRegistered,
    FirmRemoved,
    FrameRefused,
    PriorityTableSet,
    SenderChanged,
    SenderHeard,
    SenderLate,
    SenderRegistered,
    SenderRemoved,
    StatusReturned,
    StatusReturnFailed,
)

__all__ = [
    "PAYLOADS",
    "AlarmShelved",
    "AlarmUnshelved",
    "AlertJoined",
    "AlertReceived",
    "AlertsSplitOff",
    "CameraConnected",
    "CameraLost",
    "CameraMaskPayload",
    "CameraPoseSet",
    "CameraSnapshotTaken",
    "CamerasSelected",
    "ChainBroken",
    "ChainVerified",
    "ChatterFolded",
    "ClipMissing",
    "DeskAccepted",
    "DeskAccessed",
    "DeskEnded",
    "DeskMessageSent",
    "DeskNoticeReceived",
    "DeskOnScene",
    "DeskOpened",
    "DeskPackageStored",
    "DeskPayload",
    "DeskReceiptSent",
    "DeskRefused",
    "DeskUnitsMoved",
    "DeskUnitsSent",
    "DeskUpdateReceived",
    "Draft",
    "DrillBegun",
    "DrillEnded",
    "DrillOrderRefused",
    "DrillOrdered",
    "DrillPaused",
    "DrillPayload",
    "DrillResumed",
    "DrillSpoken",
    "DrillWordsSeen",
    "DrillWorkBegun",
    "Event",
    "EvidenceDamaged",
    "EvidenceFile",
    "EvidencePayload",
    "EvidenceReleased",
    "EvidenceRestored",
    "EvidenceSpanSet",
    "EvidenceVerified",
    "FirmChanged",
    "FirmRegistered",
    "FirmRemoved",
    "FrameRefused",
    "GatewayStarted",
    "GatewayStopped",
    "HandoffAccepted",
    "HandoffAttemptFailed",
    "HandoffDelivered",
    "HandoffEnded",
    "HandoffLinkFetched",
    "HandoffLinkSent",
    "HandoffOnScene",
    "HandoffOpened",
    "HandoffPackaged",
    "HandoffRecalled",
    "HandoffRefused",
    "HandoffRequested",
    "HandoffUnitsSent",
    "HandoffUpdateDelivered",
    "HandoffUpdateFailed",
    "IncidentAbsorbed",
    "IncidentClaimed",
    "IncidentClipsSaved",
    "IncidentClipsWanted",
    "IncidentClosed",
    "IncidentEscalated",
    "IncidentMerged",
    "IncidentOpened",
    "IncidentPayload",
    "IncidentReleased",
    "IncidentSnapshotTaken",
    "IncidentUnmerged",
    "InjectFailed",
    "InjectFired",
    "InjectHeld",
    "InjectSkipped",
    "LiveViewClosed",
    "LiveViewOpened",
    "LiveViewPayload",
    "LiveViewRevoked",
    "MaskLiftEnded",
    "MaskLifted",
    "MaskSet",
    "MessageFromDesk",
    "MessageToDesk",
    "MomentMarked",
    "NoteAdded",
    "PackagePurged",
    "Payload",
    "PersonalPurged",
    "PersonalRecordShown",
    "PriorityChanged",
    "PriorityTableSet",
    "PrivateCamerasLocked",
    "PrivateCamerasUnlocked",
    "ProcedureStepTicked",
    "PtzReleased",
    "PtzSpotWanted",
    "PtzTaken",
    "ReceiptPayload",
    "RecordingPaused",
    "RecordingResumed",
    "RegisterExported",
    "ReplayFetched",
    "ReportLinkUsed",
    "SavedClip",
    "SeatClosed",
    "SeatOpened",
    "SenderChanged",
    "SenderHeard",
    "SenderLate",
    "SenderRegistered",
    "SenderRemoved",
    "SightingNoted",
    "StatusReturnFailed",
    "StatusReturned",
    "UnitPosition",
    "UnitPositions",
    "UpdatePayload",
    "VerdictGiven",
    "encode_payload",
    "stream_of",
]


def _leaves(kind: type[Payload]) -> list[type[Payload]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in _leaves(child)] if below else [kind]


def _branches(kind: type[Payload]) -> list[type[Payload]]:
    """Return what payloads have in common: classes that have some below them."""
    below = kind.__subclasses__()
    return [kind, *(branch for child in below for branch in _branches(child))] if below else []


PAYLOADS: Mapping[str, type[Payload]] = {leaf.__name__: leaf for leaf in _leaves(Payload)}
"""Payload class by event type."""

P = TypeVar("P", bound=Payload)
# Made here, under the import lock: msgspec builds what it knows of a class at the class's first use, and two threads that
# come first at once crash the process (seen with 0.22; tests/model/test_first_use.py).
_DECODERS: Mapping[type[Payload], msgspec.json.Decoder[Payload]] = {
    kind: msgspec.json.Decoder(kind) for kind in (*PAYLOADS.values(), *_branches(Payload))
}


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
        return _DECODERS[PAYLOADS[self.type]].decode(self.data)

    def payload_as(self, kind: builtins.type[P]) -> P:
        """Decode `data` as one payload class."""
        decoder = cast("msgspec.json.Decoder[P]", _DECODERS[kind])
        return decoder.decode(self.data)

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
