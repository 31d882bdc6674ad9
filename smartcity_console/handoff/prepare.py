"""Preparing a hand-off: cut the clips, take the stills, seal the package, say what could not be had."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartcity_console.clock import Clock
from smartcity_console.handoff.credentials import Credentials
from smartcity_console.handoff.documents.track import PlaceOf, track
from smartcity_console.handoff.errors import CredentialsFailed, PreparationFailed
from smartcity_console.handoff.keys import signing_certificate
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, StillPart
from smartcity_console.handoff.seal import seal_package
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.incident import Incident
from smartcity_console.model.masks import Polygons

Cut = Callable[[str, datetime, datetime, Path], ClipFacts]
"""Cut a camera's clip [start, end) into a file; blocking. Raises ConsoleError when there is nothing to cut."""

Still = Callable[[Path, str, float, datetime], tuple[bytes, bytes]]
"""Return the picture of a camera's clip at so many seconds, taken at a time, as two JPEGs: clean, and with camera and time
burned in. Blocking. Raises ConsoleError."""


Masks = Callable[[ev.HandoffRequested, str], Polygons]
"""What of a camera's picture the receiver of a request may not see; empty: it gets the original."""

BurnMasks = Callable[[Path, Polygons, Path], None]
"""Write a copy of a clip with areas covered; blocking. Raises ConsoleError, and then there is no copy."""


class Copies(msgspec.Struct, frozen=True):
    """How receivers who may not see everything get what they may."""

    masks: Masks
    burn: BurnMasks


class Preparer:
    """Makes packages under `workspace/packages/<incident>/<handoff>.zip`. One camera's failure is a gap in the
    package, told in its manifest, never a reason to send nothing."""

    def __init__(
        self,
        workspace: Path,
        key: Ed25519PrivateKey,
        clock: Clock,
        cut: Cut,
        still: Still,
        centre: str = "",
        copies: Copies | None = None,
        place_of: PlaceOf = lambda _: None,
        is_test: bool = False,
        credentials: Credentials | None = None,
    ) -> None:
        """`centre` is the name under which the packages go out; without `copies` everybody gets the originals;
        `is_test`: every document says that it is an exercise."""
        self._workspace = workspace
        self._key = key
        self._clock = clock
        self._cut = cut
        self._still = still
        self._centre, self._copies, self._place_of, self._is_test = centre, copies, place_of, is_test
        self._credentials = credentials

    async def __call__(self, incident: Incident, request: ev.HandoffRequested) -> ev.HandoffPackaged:
        """Return what was sealed. Raises PreparationFailed, or PackageRefused when it can never be sealed."""
        return await asyncio.to_thread(self._prepare, incident, request)

    def _prepare(self, incident: Incident, request: ev.HandoffRequested) -> ev.HandoffPackaged:
        relative = Path("packages") / incident.id / f"{request.handoff_id}.zip"
        out = self._workspace / relative
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".cutting-", dir=out.parent) as scratch:
                parts = self._parts(incident, request, Path(scratch))
                sealed = seal_package(parts, self._key, self._clock.now(), out)
        except OSError as error:
            raise PreparationFailed(why=error.strerror or type(error).__name__) from error
        return ev.HandoffPackaged(
            handoff_id=request.handoff_id,
            path=relative.as_posix(),
            sha256=sealed.sha256,
            files=sealed.files,
            gaps=parts.gaps,
        )

    def _parts(self, incident: Incident, request: ev.HandoffRequested, scratch: Path) -> PackageParts:
        """Cut every camera. A span that reaches past now is cut up to now: the delivery does not wait for it."""
        end = min(request.span_end, self._clock.now())
        clips: list[ClipPart] = []
        stills: list[StillPart] = []
        gaps: list[str] = []
        if end < request.span_end:
            gaps.append(f"span ends {(request.span_end - end).total_seconds():.1f} s early: sent before its end")
        for number, camera_id in enumerate(request.camera_ids):
            try:
                file = scratch / f"{number}.mp4"
                clip = self._fit_for(request, ClipPart(self._cut(camera_id, request.span_start, end, file), file))
                clips.append(clip)
                gaps += self._mark(clip, request.handoff_id)
                stills += self._take_stills(clip, incident.first_alert.occurred_at)
            except ConsoleError as error:
                gaps.append(f"{camera_id}: {error.sentence('ko')}")
        return PackageParts(
            incident=incident,
            request=request,
            clips=tuple(clips),
            stills=tuple(stills),
            gaps=tuple(gaps),
            centre=self._centre,
            track=track(incident, self._place_of),
            certificate=signing_certificate(self._workspace, self._key, self._centre, self._clock.now()),
            is_test=self._is_test,
        )

    def _mark(self, clip: ClipPart, handoff_id: str) -> list[str]:
        """Put content credentials into a clip where they are wanted; return what has to be said when that fails."""
        if self._credentials is not None:
            try:
                self._credentials.sign(clip.path, clip.facts, handoff_id)
            except CredentialsFailed as error:
                return [error.sentence("ko")]
        return []

    def _fit_for(self, request: ev.HandoffRequested, clip: ClipPart) -> ClipPart:
        """Return the clip, or its masked copy: an original that may not be seen goes nowhere, whatever fails."""
        polygons = self._copies.masks(request, clip.facts.camera_id) if self._copies else ()
        if self._copies is None or not polygons:
            return clip
        copy = clip.path.with_suffix(".masked.mp4")
        self._copies.burn(clip.path, polygons, copy)
        clip.path.unlink()
        return ClipPart(msgspec.structs.replace(clip.facts, masked=True), copy)

    def _take_stills(self, clip: ClipPart, alert_at: datetime) -> tuple[StillPart, StillPart]:
        """Take the picture at the alert, or at the clip's nearer end when the alert lies outside it."""
        facts = clip.facts
        at = min(max(alert_at, facts.start), facts.end)
        offset_s = (at - facts.start).total_seconds()
        clean, marked = self._still(clip.path, facts.camera_id, offset_s, at)
        return StillPart(facts.camera_id, at, clean), StillPart(facts.camera_id, at, marked, marked=True)
