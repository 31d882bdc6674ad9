"""What a clip costs: cut out of the ring, checked, sealed; and cut alone against `ffmpeg -c copy` on the same span.

    python benchmarks/clip.py [--seconds 60] [--mbps 4] [--rounds 20] [--small]

The ring holds three times the span of one camera. Each round cuts another span of the asked length, as a hand-off does,
and seals it with a pair of stills into a signed package. ffmpeg copies the same span out of an MP4 of the same packets, in turn with
us, so that both meet the same machine. Prints one JSON line: p95_ms (cut, checked, sealed), cut_p50_ms and ffmpeg_p50_ms
(wall time, written to the same file system), ratio (their quotient), and the same quotient of processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from recorder import encode

from smartcity_console.handoff.documents.fonts import make_cuts
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, StillPart
from smartcity_console.handoff.seal import seal_package
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.incident import Incident, open_incident
from smartcity_console.model.verdict import Grade
from smartcity_console.video.clip import ClipReport, cut_clip
from smartcity_console.video.clip.cut import remux_clip
from smartcity_console.video.describe import picture_size
from smartcity_console.video.nal import annexb_parameters
from smartcity_console.video.ring import Record, RingReader, RingWriter, SegmentHead
from smartcity_console.video.ring.format import KEY, NO_DTS, to_us
from smartcity_console.video.still import still_caption, still_pair

FPS = 25
START = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
_STILL_S = 1.0


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory(dir=args.folder) as made:
        folder = Path(made)
        span_s = args.seconds * 3
        fill(folder / "ring", folder / "whole.mp4", encode(folder / "loop.h264", args.mbps), span_s)
        figures = measure(folder, args)
    print(json.dumps(figures))
    return figures


def measure(folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    ring, key, incident = RingReader(folder / "ring"), Ed25519PrivateKey.generate(), an_incident()
    make_cuts()  # as a gateway does when it starts
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    whole: list[float] = []
    for number in range(args.rounds):
        start_s = args.seconds * number / args.rounds + 0.3
        span = START + timedelta(seconds=start_s), START + timedelta(seconds=start_s + args.seconds)
        ours.append(timed(partial(remux_clip, ring, "A", *span, folder / "cut.mp4"), resource.RUSAGE_SELF))
        theirs.append(timed(partial(ffmpeg_copy, folder, start_s, args.seconds), resource.RUSAGE_CHILDREN))
        whole.append(timed(partial(hand_off, ring, *span, folder, key, incident), resource.RUSAGE_SELF)[0])
        forget(folder)
    ours_ms, theirs_ms = (float(np.median([wall for wall, _ in side])) for side in (ours, theirs))
    ours_cpu_ms, theirs_cpu_ms = (float(np.median([cpu for _, cpu in side])) for side in (ours, theirs))
    return {
        "seconds": args.seconds,
        "mbps": args.mbps,
        "rounds": args.rounds,
        "p95_ms": round(float(np.percentile(whole, 95)), 1),
        "p50_ms": round(float(np.median(whole)), 1),
        "cut_p50_ms": round(ours_ms, 1),
        "ffmpeg_p50_ms": round(theirs_ms, 1),
        "ratio": round(ours_ms / theirs_ms, 3),
        "ratio_cpu": round(ours_cpu_ms / theirs_cpu_ms, 3),
    }


def forget(folder: Path) -> None:
    """Remove what a round wrote: nobody hands off over an older package, and a file system writes at once what replaces
    a file (ext4, auto_da_alloc)."""
    for name in ("cut.mp4", "theirs.mp4", "clip.mp4", "package.zip"):
        (folder / name).unlink()


def timed(work: Callable[[], object], who: int) -> tuple[float, float]:
    """Return (wall time, processor time of `who`) in ms."""
    before, began_s = resource.getrusage(who), time.perf_counter()
    work()
    wall_s, after = time.perf_counter() - began_s, resource.getrusage(who)
    return wall_s * 1e3, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def ffmpeg_copy(folder: Path, start_s: float, seconds: float) -> None:
    """Copy the span in the plainest way: the index stays at the end, which ours has in front."""
    span = ["-ss", f"{start_s:.3f}", "-i", str(folder / "whole.mp4"), "-t", f"{seconds:.3f}"]
    out = ["-c", "copy", str(folder / "theirs.mp4")]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-nostdin", "-y", *span, *out], check=True)


def hand_off(
    ring: RingReader, start: datetime, end: datetime, folder: Path, key: Ed25519PrivateKey, incident: Incident
) -> None:
    """Cut, check, take the pair of stills and seal, as a hand-off does."""
    report = cut_clip(ring, "A", start, end, folder / "clip.mp4")
    pair = still_pair(report.path, _STILL_S, still_caption("A", report.start))
    stills = StillPart("A", report.start, pair.clean), StillPart("A", report.start, pair.marked, marked=True)
    facts = facts_of(report)
    parts = PackageParts(
        incident=incident, request=a_request(start, end), clips=(ClipPart(facts, report.path),), stills=stills
    )
    seal_package(parts, key, START, folder / "package.zip")


def facts_of(report: ClipReport) -> ClipFacts:
    return ClipFacts(
        camera_id=report.camera_id,
        start=report.start,
        end=report.end,
        codec=report.codec,
        es_sha256=report.es_sha256,
        gaps=(),
    )


def fill(root: Path, whole: Path, loop: Path, seconds: float) -> None:
    """Record the loop over and over as if received live; write the same packets into one MP4 for ffmpeg."""
    with av.open(str(loop), "r", format="h264") as container:
        stream = container.streams.video[0]
        codec, extradata = (
            stream.codec_context.name,
            annexb_parameters("h264", bytes(stream.codec_context.extradata or b"")),
        )
        packets = [(bytes(p), p.is_keyframe) for p in container.demux(stream) if p.size]
    head = SegmentHead("A", "s1", codec, *picture_size(codec, extradata, packets[0][0]), 1, 90_000, extradata)
    with RingWriter(root, "A", 10.0) as writer:
        for number in range(round(seconds * FPS)):
            data, is_key = packets[number % len(packets)]
            at_us, pts = to_us(START) + number * 1_000_000 // FPS, number * 90_000 // FPS
            writer.append(head, Record(data, KEY * is_key | NO_DTS, pts, pts, at_us, at_us * 1000))
    cut_clip(RingReader(root), "A", START, START + timedelta(seconds=seconds), whole)
    os.sync()


def an_incident() -> Incident:
    alert = Alert(
        id="alert-1",
        protocol="dc09/SIA-DCS",
        account="1234",
        code="BA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=START,
        received_at=START,
        known=True,
    )
    opened = ev.IncidentOpened(
        incident_id="incident-1", alert=alert, kind=alert.kind, priority=alert.priority, position=None
    )
    data = ev.encode_payload(opened)
    return open_incident(ev.Event(1, "incident/incident-1", 1, "IncidentOpened", START, "gateway", data, "", ""))


def a_request(start: datetime, end: datetime) -> ev.HandoffRequested:
    return ev.HandoffRequested(
        handoff_id="handoff-1",
        agency_id="police-1",
        agency_kind=AgencyKind.POLICE,
        agency_name="강남경찰서",
        camera_ids=("A",),
        span_start=start,
        span_end=end,
        live_until=end,
        basis="개인정보 보호법 제18조",
        note="",
        grade=max(Grade),
        seat="1",
    )


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--mbps", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--small", action="store_true", help="six seconds, three rounds: does the bench itself work?")
    parser.add_argument("--folder", type=Path, help="where everything is written; the system's temporary one otherwise")
    args = parser.parse_args(argv)
    if args.small:
        args.seconds, args.rounds = 6.0, 3
    return args


if __name__ == "__main__":
    main()
