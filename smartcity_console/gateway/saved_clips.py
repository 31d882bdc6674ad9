"""Clips that a seat wants kept for an incident: cut, digested, on record, or gone. A wish outlives the program.

Every file is the camera's own bits; where a camera has privacy masks, a copy with them burned in lies beside it for
whoever passes it on. `note.json` says in words what lies there, who wanted it, when and what for.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.gateway.deliveries import Submit
from smartcity_console.gateway.ports import Parts
from smartcity_console.gateway.state import GatewayState
from smartcity_console.handoff.container import Member
from smartcity_console.handoff.package import ClipPart
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.model.evidence import NOTE
from smartcity_console.model.masks import Polygons

ACTOR = "gateway/clips"
FOLDER = "clips"
MOST_WAITING = 256
_TRIES, _AGAIN_S = 5, 2.0
_log = logging.getLogger(__name__)


class CameraShut(ConsoleError):
    code = "clip_camera_shut"
    ko = "민간 카메라 {camera_id}은(는) 닫혀 있어 영상을 저장하지 않았습니다. 사건을 확인하는 동안 열고 다시 하십시오."
    en = "The private camera {camera_id} is shut, so nothing of it was saved. Open it for the incident and try again."


class NotSaved(ConsoleError):
    code = "clip_not_saved"
    ko = "카메라 {camera_id}: 영상을 저장하지 못했습니다({why}). 녹화 원본은 그대로입니다. 다시 하십시오."
    en = "Camera {camera_id}: the clip could not be saved ({why}). The recording is kept as it is. Try again."


class Wish(msgspec.Struct, frozen=True):
    """What was wanted, and for which incident."""

    incident_id: str
    wanted: ev.IncidentClipsWanted

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.incident_id}/{self.wanted.clips_id}"


class SavedClips:
    """Lives on the gateway's event loop; one wish at a time is cut, in a thread."""

    def __init__(self, workspace: Path, state: GatewayState, parts: Parts, submit: Submit, clock: Clock) -> None:
        self._workspace, self._state, self._parts = workspace, state, parts
        self._submit, self._clock = submit, clock
        self._waiting: dict[str, Wish] = {}
        self._tries: Counter[str] = Counter()
        self._something = asyncio.Event()
        self.dropped = 0

    def take(self, events: Iterable[ev.Event]) -> None:
        """Note what is wanted and what has been done."""
        for event in events:
            if event.type == ev.IncidentClipsWanted.__name__:
                self._want(Wish(event.stream.partition("/")[2], event.payload_as(ev.IncidentClipsWanted)))
            elif event.type == ev.IncidentClipsSaved.__name__:
                self._waiting.pop(event.payload_as(ev.IncidentClipsSaved).clips_id, None)

    def _want(self, wish: Wish) -> None:
        self._waiting[wish.wanted.clips_id] = wish
        if len(self._waiting) > MOST_WAITING:
            gone = next(iter(self._waiting))
            del self._waiting[gone]
            self.dropped += 1
            _log.error("too many clips are wanted at once: %s is let go", gone)
        self._something.set()

    async def run(self) -> None:
        """Carry wishes out in their order, until cancelled."""
        while True:
            self._something.clear()
            while self._waiting:
                await self._carry_out(next(iter(self._waiting.values())))
            await self._something.wait()

    async def _carry_out(self, wish: Wish) -> None:
        """Cut and put on record; what cannot be put on record does not stay."""
        clips_id = wish.wanted.clips_id
        saved = await self._saved(wish)
        try:
            draft = ev.Draft(ev.stream_of(ev.IncidentClipsSaved, wish.incident_id), saved, ACTOR)
            await asyncio.wrap_future(self._submit(draft))
        except ConsoleError as error:
            await asyncio.to_thread(shutil.rmtree, self._workspace / wish.folder, True)
            self._tries[clips_id] += 1
            if self._tries[clips_id] < _TRIES:
                await asyncio.sleep(_AGAIN_S)
                return
            _log.error("clips %s are given up until the next start: %s", clips_id, error.sentence("en"))
        self._waiting.pop(clips_id, None)

    async def _saved(self, wish: Wish) -> ev.IncidentClipsSaved:
        wanted, now = wish.wanted, self._clock.now()
        shut = [c for c in wanted.camera_ids if self._parts.places.is_private(c) and not self._state.unlocked(c, now)]
        masks = {c: mask.polygons for c, mask in self._state.centre.masks.items() if mask.polygons}
        open_ones = [camera_id for camera_id in wanted.camera_ids if camera_id not in shut]
        work = Saving(self._workspace, wish, self._parts, masks)
        clips, missing = await asyncio.to_thread(work.save, open_ones)
        failed: dict[str, ConsoleError] = {camera_id: CameraShut(camera_id=camera_id) for camera_id in shut} | missing
        saved = ev.IncidentClipsSaved(
            clips_id=wanted.clips_id,
            camera_ids=wanted.camera_ids,
            seat=wanted.seat,
            folder=wish.folder,
            clips=tuple(clips),
            missing=tuple(ev.ClipMissing(c, e.sentence("ko"), e.sentence("en")) for c, e in failed.items()),
        )
        note_sha256 = await asyncio.to_thread(work.write_note, saved, now) if clips else ""
        return msgspec.structs.replace(saved, note_sha256=note_sha256)


class Saving:
    """The files of one wish. Blocks: runs off the event loop."""

    def __init__(self, workspace: Path, wish: Wish, parts: Parts, masks: Mapping[str, Polygons]) -> None:
        self._workspace, self._wish, self._parts, self._masks = workspace, wish, parts, masks
        self._folder = workspace / wish.folder

    def save(self, camera_ids: Sequence[str]) -> tuple[list[ev.SavedClip], dict[str, ConsoleError]]:
        """Return what was cut, and why there is nothing of a camera. One camera's failure costs the others nothing."""
        wanted = self._wish.wanted
        if not camera_ids:
            return [], {}
        try:
            shutil.rmtree(self._folder, ignore_errors=True)  # what a killed gateway left there is on no record
            self._folder.mkdir(parents=True, mode=0o700)
        except OSError as error:
            return [], {camera_id: _told(error, camera_id, self._folder) for camera_id in camera_ids}
        parts, missing = self._parts.cut_all(camera_ids, wanted.start, wanted.end, self._folder)
        clips: list[ev.SavedClip] = []
        for part in parts:
            try:
                clips.append(self._kept(part))
            except OSError as error:
                missing[part.facts.camera_id] = _told(error, part.facts.camera_id, self._folder)
        return clips, missing

    def _kept(self, part: ClipPart) -> ev.SavedClip:
        """Bring a file to the disk for good and return what it is, with a masked copy where the camera has masks."""
        facts, masked, gaps = part.facts, "", part.facts.gaps
        polygons = self._masks.get(facts.camera_id, ())
        if polygons:
            try:
                masked = self._relative(self._copy(part, polygons))
            except ConsoleError as error:
                gaps = (*gaps, error.sentence("ko"))
        return ev.SavedClip(
            camera_id=facts.camera_id,
            path=self._relative(part.path),
            sha256=_settled(part.path),
            start=facts.start,
            end=facts.end,
            codec=facts.codec,
            es_sha256=facts.es_sha256,
            gaps=gaps,
            masked=masked,
            masked_sha256=_settled(self._workspace / masked) if masked else "",
        )

    def _copy(self, part: ClipPart, polygons: Polygons) -> Path:
        copy = part.path.with_suffix(".masked.mp4")
        if self._parts.burn_masks is None:
            raise NotSaved(camera_id=part.facts.camera_id, why="no masked copy can be made here")
        self._parts.burn_masks(part.path, polygons, copy)
        return copy

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._workspace).as_posix()

    def write_note(self, saved: ev.IncidentClipsSaved, at: datetime) -> str:
        """Write what lies there and return the note's SHA-256; "" when the disk does not take it."""
        wanted = self._wish.wanted
        facts = {
            "incident_id": self._wish.incident_id,
            **{"clips_id": saved.clips_id, "seat": saved.seat, "reason": wanted.reason},
            **{"wanted_from": wanted.start, "wanted_to": wanted.end, "written_at": at},
            **{"clips": saved.clips, "missing": saved.missing},
        }
        path = self._folder / NOTE
        try:
            path.write_bytes(msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")
            return _settled(path)
        except OSError as error:
            _log.error("the note beside saved clips could not be written: %s", error)
            path.unlink(missing_ok=True)
            return ""


def _settled(path: Path) -> str:
    """Make a file the owner's alone, bring it to the disk and return its SHA-256."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return Member("", path).digest().sha256


def _told(error: OSError, camera_id: str, folder: Path) -> ConsoleError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path=folder, free_mib=0)
    return NotSaved(camera_id=camera_id, why=error.strerror or type(error).__name__)
