"""What is kept as evidence, what locks it, what was found damaged, and what is due to go. A fold over few events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model import events as ev

NOTE = "note.json"
"""The name of what lies beside saved clips and says in words what they are."""


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the journal vouches for: where it lies (relative to the workspace) and what it must be."""

    path: str
    sha256: str
    at: datetime
    handoff_id: str = ""  # of a package


class PersonalRecord(msgspec.Struct, frozen=True):
    """A record of the vault and since when it is kept: the last alert that names it."""

    sha256: str
    since: datetime
    alert_ids: frozenset[str]


class EvidenceRecord:
    """Feed it the events of `TYPES` in the journal's order."""

    TYPES = (
        *("AlertReceived", "HandoffPackaged", "IncidentSnapshotTaken", "CameraSnapshotTaken", "EvidenceReleased"),
        "IncidentClipsSaved",
        *("EvidenceDamaged", "EvidenceRestored", "PersonalPurged", "PackagePurged"),
    )

    def __init__(self) -> None:
        self.files: dict[str, KeptFile] = {}
        self.personal: dict[str, PersonalRecord] = {}
        self.released: dict[str, datetime] = {}  # by hand-off
        self.damaged: dict[str, ev.EvidenceDamaged] = {}  # by path

    def take(self, events: Iterable[ev.Event]) -> None:
        for event in events:
            if event.type in self.TYPES and not _names_nobody(event):
                self._fold(event)

    def _fold(self, event: ev.Event) -> None:
        match event.payload():
            case ev.HandoffPackaged() as p:
                self.files[p.path] = KeptFile(path=p.path, sha256=p.sha256, at=event.at, handoff_id=p.handoff_id)
            case ev.IncidentSnapshotTaken() | ev.CameraSnapshotTaken() as p:
                self.files[p.path] = KeptFile(path=p.path, sha256=p.sha256, at=event.at)
            case ev.IncidentClipsSaved() as p:
                self.files |= {file.path: file for file in _files_of(p, event.at)}
            case ev.AlertReceived() as p:
                for digest in _personal_of(p):
                    known = self.personal.get(digest, PersonalRecord(digest, event.at, frozenset()))
                    self.personal[digest] = PersonalRecord(digest, event.at, known.alert_ids | {p.alert.id})
            case ev.EvidenceReleased() as p:
                self.released[p.handoff_id] = event.at
            case ev.EvidenceDamaged() as p:
                self.damaged[p.path] = p
            case ev.EvidenceRestored() as p:
                self.damaged.pop(p.path, None)
            case ev.PersonalPurged() as p:
                self.personal.pop(p.sha256, None)
            case ev.PackagePurged() as p:
                self.files.pop(p.path, None)
                self.damaged.pop(p.path, None)

    def personal_due(self, now: datetime, days: float, in_use: frozenset[str]) -> list[PersonalRecord]:
        """Return the personal records whose time is over. `in_use`: alerts of open incidents, which keep theirs."""
        due = timedelta(days=days)
        return [r for r in self.personal.values() if now - r.since >= due and not r.alert_ids & in_use]

    def packages_due(self, now: datetime, days: float) -> list[KeptFile]:
        """Return the packages whose time is over; one that nobody has released is locked, whatever its age."""
        due = timedelta(days=days)
        packages = (file for file in self.files.values() if file.handoff_id)
        return [file for file in packages if file.handoff_id in self.released and now - file.at >= due]


def _files_of(saved: ev.IncidentClipsSaved, at: datetime) -> Iterator[KeptFile]:
    for clip in saved.clips:
        yield KeptFile(path=clip.path, sha256=clip.sha256, at=at)
        if clip.masked:
            yield KeptFile(path=clip.masked, sha256=clip.masked_sha256, at=at)
    if saved.note_sha256:
        yield KeptFile(path=f"{saved.folder}/{NOTE}", sha256=saved.note_sha256, at=at)


def _names_nobody(event: ev.Event) -> bool:
    """Most alerts name no person, and a storm brings many: told by their text, without reading them."""
    is_alert = event.type == ev.AlertReceived.__name__
    return is_alert and b'"personal_sha256":""' in event.data and b'"is_personal":true' not in event.data


def _personal_of(received: ev.AlertReceived) -> Iterator[str]:
    alert = received.alert
    if alert.personal_sha256:
        yield alert.personal_sha256
    yield from (one.sha256 for one in alert.attachments if one.is_personal)
