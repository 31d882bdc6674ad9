"""The report of an unattended run: what was reached, and whether clips and packages stand a check from outside."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.console.unattended.acts import Played
from smartcity_console.drill.feeds.binding import plan_feeds
from smartcity_console.drill.feeds.convert import as_h264
from smartcity_console.drill.feeds.recording import UnreadableFeed, read_recording
from smartcity_console.drill.feeds.sdp import SENDABLE
from smartcity_console.drill.own_bits import ClipFindings, digests_of, examine
from smartcity_console.handoff.package import ManifestClip
from smartcity_console.handoff.verify import verify_package
from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.incident import Incident

WANTED_BEFORE_S = 25.0
"""A clip must begin at least so long before its alert."""

_ENOUGH = (HandoffStage.DELIVERED, HandoffStage.OPENED, HandoffStage.ACCEPTED, HandoffStage.UNITS_SENT)


class ClipLine(msgspec.Struct):
    """One clip: where it lies, whose it is, what a fresh look at it found."""

    path: str
    camera_id: str
    begins_before_alert_s: float
    findings: ClipFindings


class Report(msgspec.Struct):
    """`report.json`. `ok` is false as soon as there is one problem."""

    ok: bool
    alerts_received: int
    incidents_handed_off: int
    receipts: list[dict[str, Any]]
    packages: list[str]
    clips: list[str]
    screenshots: list[str]
    seconds: dict[str, float]
    clip_checks: list[ClipLine]
    problems: list[str]


def make_report(out: Path, workspace: Path, feeds: Path, played: Played) -> Report:
    """Check everything that the run left behind and write down what was found."""
    packages = [workspace / p.path for i in played.incidents for p in i.packages]
    clips = list(_clips(out, packages, played.incidents, served_recordings(feeds, workspace)))
    problems = [*_run_problems(played), *_package_problems(packages), *_clip_problems(clips)]
    handed_off = [i for i in played.incidents if i.handoffs]
    if not handed_off or not clips:
        problems.append("no incident was handed off with a clip")
    return Report(
        ok=not problems,
        alerts_received=played.alerts_received,
        incidents_handed_off=len(handed_off),
        receipts=list(_receipts(handed_off)),
        packages=[str(p) for p in packages],
        clips=[clip.path for clip in clips],
        screenshots=[str(p) for p in played.screenshots],
        seconds={name: round(value, 3) for name, value in played.seconds.items()},
        clip_checks=clips,
        problems=problems,
    )


def served_recordings(feeds: Path, workspace: Path) -> list[Path]:
    """Return the files whose packets went over RTSP: the recordings, or their H.264 copies where they had to be made."""
    served = []
    for path in sorted({binding.file for binding in plan_feeds(feeds).bindings}):
        try:
            plays_as_it_is = read_recording(path).codec in SENDABLE
            served.append(path if plays_as_it_is else as_h264(path, workspace / "cache" / "feeds", lambda _: None))
        except UnreadableFeed:
            continue  # it was told at the start and is played by no camera
    return served


def _receipts(incidents: Iterable[Incident]) -> Iterator[dict[str, Any]]:
    for incident in incidents:
        for handoff in incident.handoffs:
            yield {
                "handoff_id": handoff.id,
                "incident_id": incident.id,
                "agency": handoff.agency_kind.value,
                "units": list(handoff.units),
                "stages": [
                    {"stage": r.stage.value, "at": r.at.isoformat(), "detail": r.detail} for r in handoff.receipts
                ],
            }


def _clips(out: Path, packages: Iterable[Path], incidents: list[Incident], served: list[Path]) -> Iterator[ClipLine]:
    """Unpack each package's clips beside the report and look at each anew."""
    known = digests_of(served)
    for package in packages:
        manifest = verify_package(package).manifest
        incident = next(i for i in incidents if i.id == package.parent.name)
        for clip in manifest.clips if manifest else ():
            path = out / "clips" / package.stem / Path(clip.name).name
            _unpack(package, clip.name, path)
            yield ClipLine(str(path), clip.camera_id, _before_s(clip, incident.opened_at), examine(path, known))


def _unpack(package: Path, name: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package) as container:
        to.write_bytes(container.read(name))


def _before_s(clip: ManifestClip, alert_at: datetime) -> float:
    return round((alert_at - clip.start).total_seconds(), 3)


def _run_problems(played: Played) -> Iterator[str]:
    if played.error is not None:
        yield played.error.sentence("en")
    for incident in played.incidents:
        if incident.closed_at is None:
            yield f"incident {incident.id} was not closed"
        for handoff in incident.handoffs:
            missing = [stage.value for stage in _ENOUGH if not handoff.reached(stage)]
            if missing:
                yield f"hand-off {handoff.id} never was {', '.join(missing)}"


def _package_problems(packages: Iterable[Path]) -> Iterator[str]:
    for package in packages:
        report = verify_package(package)
        if not report.ok:
            yield f"{package}: " + " ".join(problem.sentence("en") for problem in report.problems)


def _clip_problems(clips: Iterable[ClipLine]) -> Iterator[str]:
    for clip in clips:
        if clip.begins_before_alert_s < WANTED_BEFORE_S:
            yield f"{clip.path} begins only {clip.begins_before_alert_s} s before the alert"
        if not clip.findings.good:
            yield f"{clip.path} is not the camera's own bits: {clip.findings}"
