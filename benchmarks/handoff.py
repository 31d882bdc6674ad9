"""How soon a hand-off arrives: from the click to the desk's disk, with the real gateway, desk and ring.

    python benchmarks/handoff.py [--seconds 60] [--mbps 4] [--rounds 20] [--burst 50] [--small]

A click is the moment before `HandoffRequested` is appended. The desk has the text and the position when its journal holds
`DeskNoticeReceived`, and the sealed clip when it holds `DeskPackageStored`; both are read off the desk's journal by a third
process. First one hand-off after the other, then many at one moment, each of another incident with a clip of its own.

Prints one JSON line: text_p95_ms, package_p95_s (click to the package verified and stored), burst (how many at once),
burst_s (first click to the last package), burst_text_s (to the last text), lost (asked for and not complete at the desk),
duplicated (stored more than once), unsaid (complete at the desk but not on record as delivered), gateway_cpu_s, desk_cpu_s.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.handoff_programs import CLOCK, Clicks, Program, Witness, fill_ring, make_desk, make_gateway
from benchmarks.recorder import encode

ONE_LIMIT_S = 60.0
BURST_LIMIT_S = 300.0


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="handoff-", dir=args.folder) as made:
        workspace = Path(made)
        start = CLOCK.now() - timedelta(seconds=args.seconds + 60)
        fill_ring(workspace / "ring", encode(workspace / "loop.h264", args.mbps), start, args.seconds + 30)
        span = start + timedelta(seconds=5.3), start + timedelta(seconds=5.3 + args.seconds)
        gateway, desk = make_gateway(workspace), make_desk(workspace)
        try:
            gateway.start()
            desk.start()
            figures = measure(workspace, Clicks(workspace, span), args) | _cpu(gateway, desk)
        finally:
            gateway.end()
            desk.end()
    print(json.dumps(figures))
    return figures


def measure(workspace: Path, clicks: Clicks, args: argparse.Namespace) -> dict[str, Any]:
    at_desk, at_home = Witness(workspace / "desk-police/journal.sqlite"), Witness(workspace / "journal.sqlite")
    asked: list[str] = []
    texts_ms, packages_s = [], []
    for number in range(args.rounds + 1):  # the first one warms both programs and does not count
        text_s, package_s = one(clicks, at_desk, f"one-{number}", asked)
        if number:
            texts_ms.append(text_s * 1e3)
            packages_s.append(package_s)
    burst = many(clicks, at_desk, args.burst, asked)
    stored = at_desk.count("DeskPackageStored")
    told = at_home.wait(lambda: all(at_home.has("HandoffDelivered", name) for name in asked), ONE_LIMIT_S)
    delivered = at_home.count("HandoffDelivered")
    for part in (clicks, at_desk, at_home):
        part.close()
    return {
        "seconds": args.seconds,
        "mbps": args.mbps,
        "rounds": args.rounds,
        "text_p95_ms": round(float(np.percentile(texts_ms, 95)), 1),
        "text_p50_ms": round(float(np.median(texts_ms)), 1),
        "package_p95_s": round(float(np.percentile(packages_s, 95)), 3),
        "package_p50_s": round(float(np.median(packages_s)), 3),
        **burst,
        "lost": sum(name not in stored for name in asked),
        "duplicated": sum(stored.get(name, 0) > 1 or delivered.get(name, 0) > 1 for name in asked),
        "unsaid": 0 if told else sum(name not in delivered for name in asked),
    }


def one(clicks: Clicks, desk: Witness, name: str, asked: list[str]) -> tuple[float, float]:
    """Hand off once and wait for it; return seconds to the text and to the package."""
    clicks.open_incident(f"incident-{name}")
    desk.wait(lambda: False, 0.3)  # the last one's end is not this one's beginning
    began_s = time.perf_counter()
    clicks.hand_off(f"incident-{name}", name)
    asked.append(name)
    desk.wait(lambda: desk.has("DeskPackageStored", name), ONE_LIMIT_S)
    never = began_s + ONE_LIMIT_S
    text_s, package_s = (desk.seen_s.get((kind, name), never) for kind in ("DeskNoticeReceived", "DeskPackageStored"))
    return text_s - began_s, package_s - began_s


def many(clicks: Clicks, desk: Witness, count: int, asked: list[str]) -> dict[str, Any]:
    """Hand off many at one moment."""
    names = [f"burst-{number}" for number in range(count)]
    for name in names:
        clicks.open_incident(f"incident-{name}")
    began_s = time.perf_counter()
    for name in names:
        clicks.hand_off(f"incident-{name}", name)
    asked += names
    desk.wait(lambda: all(desk.has("DeskPackageStored", name) for name in names), BURST_LIMIT_S)
    never = began_s + BURST_LIMIT_S
    return {
        "burst": count,
        "burst_s": round(max(desk.seen_s.get(("DeskPackageStored", n), never) for n in names) - began_s, 2),
        "burst_text_s": round(max(desk.seen_s.get(("DeskNoticeReceived", n), never) for n in names) - began_s, 2),
    }


def _cpu(gateway: Program, desk: Program) -> dict[str, float]:
    return {f"{name}_cpu_s": round(_cpu_s(program), 2) for name, program in (("gateway", gateway), ("desk", desk))}


def _cpu_s(program: Program) -> float:
    process = psutil.Process(program.pid)
    return float(sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True))))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--mbps", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--burst", type=int, default=50)
    parser.add_argument("--small", action="store_true", help="six seconds, three rounds, a burst of five")
    parser.add_argument("--folder", type=Path, help="where everything is written; the system's temporary one otherwise")
    args = parser.parse_args(argv)
    if args.small:
        args.seconds, args.rounds, args.burst = min(args.seconds, 6.0), min(args.rounds, 3), min(args.burst, 5)
    return args


if __name__ == "__main__":
    main()
