"""What an evidence package holds: its parts, its manifest, and the incident as a document."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.incident import Incident, LogLine

FORMAT = "smartcity-evidence/1"
_MARKED = ".marked"
_PLAIN_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,71}")  # with the mark still a name that a container takes


class ClipFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A clip as it was cut: the span it really covers (UTC), its codec as RFC 6381 or a plain name, the SHA-256 of
    its elementary stream (the camera's own bits, whatever the container), and what is missing in it, in words.

    `masked`: the file is a copy, encoded anew with the camera's privacy masks burned in; `es_sha256` stays that of the
    original, which the centre keeps."""

    camera_id: str
    start: datetime
    end: datetime
    codec: str
    es_sha256: str
    gaps: tuple[str, ...] = ()
    masked: bool = False


class ClipPart(msgspec.Struct, frozen=True):
    facts: ClipFacts
    path: Path


class StillPart(msgspec.Struct, frozen=True):
    """A picture as JPEG, as the camera took it or `marked` with camera and time."""

    camera_id: str
    at: datetime
    jpeg: bytes
    marked: bool = False


class PackageParts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that goes under the seal; `gaps` says what was asked for and could not be had."""

    incident: Incident
    request: ev.HandoffRequested
    clips: tuple[ClipPart, ...] = ()
    stills: tuple[StillPart, ...] = ()
    gaps: tuple[str, ...] = ()
    centre: str = ""  # the name under which the centre hands off
    is_test: bool = False  # a drill's package says so in every document
    track: dict[str, Any] | None = None  # of sightings, as GeoJSON
    certificate: bytes = b""  # X.509, PEM, of the key that seals


class ManifestClip(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    camera_id: str
    start: datetime
    end: datetime
    codec: str
    es_sha256: str
    gaps: tuple[str, ...]
    masked: bool = False


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed. `files` is every file of the package but the manifest and its signature."""

    format: str
    package_id: str
    incident_id: str
    created_at: datetime
    files: tuple[ev.EvidenceFile, ...]
    clips: tuple[ManifestClip, ...]
    gaps: tuple[str, ...]


def clip_name(camera_id: str) -> str:
    """Return the name of a camera's clip inside the package."""
    return f"clips/{_stem(camera_id)}.mp4"


def still_name(camera_id: str, marked: bool = False) -> str:
    """Return the name of a camera's still inside the package."""
    return f"stills/{_stem(camera_id)}{_MARKED * marked}.jpg"


def _stem(camera_id: str) -> str:
    """A camera's number may be any text in the catalogue; what is not plain gets a name made from its digest."""
    if _PLAIN_STEM.fullmatch(camera_id) and not camera_id.endswith(_MARKED):
        return camera_id
    return "camera-" + hashlib.sha256(camera_id.encode()).hexdigest()[:16]


def manifest_clip(facts: ClipFacts) -> ManifestClip:
    """Return what the manifest says of a clip."""
    return ManifestClip(name=clip_name(facts.camera_id), **msgspec.structs.asdict(facts))


def pretty_json(value: object) -> bytes:
    """Return JSON for machine and eye: keys sorted, one-space indent, UTF-8, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def request_of(incident: Incident, handoff_id: str) -> ev.HandoffRequested | None:
    """Return the request of a hand-off with all that the operator asked for, out of the incident's history."""
    for line in reversed(incident.log):
        if line.type == "HandoffRequested" and line.facts.get("handoff_id") == handoff_id:
            return msgspec.convert(line.facts, ev.HandoffRequested)
    return None


def incident_document(incident: Incident, request: ev.HandoffRequested) -> dict[str, Any]:
    """Return the incident as plain values: what happened, who judged it, what was sent to whom on what basis."""
    alert = incident.first_alert
    document = {
        "format": FORMAT,
        "incident": {
            "id": incident.id,
            "kind": incident.kind,
            "priority": incident.priority,
            "opened_at": incident.opened_at,
            "position": incident.position,
        },
        "site": {"id": alert.site_id, "name": alert.site_name, "address": alert.address, "firm": alert.firm_name},
        "alerts": incident.alerts,
        "verdict": verdict_facts(incident, request),
        "note": request.note,
        "notes": incident.notes,
        "timeline": [timeline_line(line) for line in told_lines(incident)],
        "cameras": [camera for camera in incident.cameras if camera.camera_id in request.camera_ids],
        "legal_basis": request.basis,
        "recipients": [{"id": request.agency_id, "kind": request.agency_kind, "name": request.agency_name}],
        "handoff": request,
    }
    plain: dict[str, Any] = msgspec.to_builtins(document)
    return plain


def verdict_facts(incident: Incident, request: ev.HandoffRequested) -> dict[str, Any]:
    """Return the grade under which the incident is handed off and who gave it, when (TMA-AVS-01 levels)."""
    given = [line for line in incident.log if line.type == "VerdictGiven"]
    last = given[-1] if given else None
    return {
        "grade": int(request.grade),
        "scale": "TMA-AVS-01",
        "given_by": last.facts.get("seat", last.actor) if last else request.seat,
        "given_at": last.at if last else None,
    }


_WATCHING = frozenset({"LiveViewOpened", "LiveViewClosed"})


def told_lines(incident: Incident) -> list[LogLine]:
    """Return the history that a receiver is told: who watched from which address is the centre's own record."""
    return [line for line in incident.log if line.type not in _WATCHING]


def timeline_line(line: LogLine) -> dict[str, Any]:
    """Return a line of the history as plain values."""
    return {"at": line.at, "type": line.type, "actor": line.actor, "facts": line.facts}
