"""Kills gateway and desk again and again while hand-offs are delivered over a bad line, and counts what arrived.

    python benchmarks/handoff_faults.py [--kills 200] [--seconds 12] [--small]

Clicks come all the time. Between gateway and desk lies a line that cuts, stalls, drips and refuses by chance
(handoff_proxy.py); every now and then one of the two programs is killed (SIGKILL) and started again on the same workspace.
At the end the line is well again and what is still under way is given time.

Prints one JSON line. requested: clicks. complete: exactly one package at the desk, on its disk as it was sealed, and one
HandoffDelivered. visibly_undelivered: stands in the list of the undelivered. lost: neither of the two. duplicated: stored or
recorded more than once. chains: whether both journals verify. kills and faults: what was done to them.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.handoff_programs import CLOCK, Clicks, fill_ring, make_desk, make_gateway
from benchmarks.handoff_proxy import BadLine
from benchmarks.recorder import encode
from smartcity_console.handoff.verify import verify_package
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.centre import Centre
from smartcity_console.model.undelivered import undelivered
from smartcity_console.runtime import read_announcement

LIFE_S = (0.1, 1.5)
"""Between these both programs live together before one is killed."""
CLICK_EVERY_S = (0.1, 0.8)
MOST_WAITING = 30
"""Nobody clicks while so many are under way: the machine must have something to do at every kill, not ever more."""
SETTLE_S = 180.0
QUICK = ("handoff.retry_first_s=0.1", "handoff.retry_max_s=1.0", "handoff.timeout_s=2.0")


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Kill, start again, count; print the figures and return them."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="handoff-faults-", dir=args.folder) as made:
        figures = run(Path(made), args)
    print(json.dumps(figures))
    return figures


def run(workspace: Path, args: argparse.Namespace) -> dict[str, Any]:
    start = CLOCK.now() - timedelta(seconds=args.seconds + 60)
    fill_ring(workspace / "ring", encode(workspace / "loop.h264", 4.0), start, args.seconds + 20)
    span = start + timedelta(seconds=2), start + timedelta(seconds=2 + args.seconds)
    line = BadLine(lambda: _desk_of(workspace), args.seed)
    gateway = make_gateway(workspace, *QUICK, f"handoff.police_url=http://127.0.0.1:{line.port}")
    programs = {"gateway": gateway, "desk": make_desk(workspace)}
    clicker = None
    try:
        for program in programs.values():
            program.start()
        clicker = Clicker(workspace, Clicks(workspace, span), random.Random(args.seed))
        kills = _kill_by_turns(programs, args)
        clicker.stop()
        line.bad = False
        _settle(workspace, clicker.asked)
    finally:
        if clicker is not None:
            clicker.stop()
        for program in programs.values():
            program.end()
        line.close()
    return count(workspace, clicker.asked) | {"kills": dict(kills), "faults": dict(line.faults)}


class Clicker:
    """Hands off all the time, in a thread of its own."""

    def __init__(self, workspace: Path, clicks: Clicks, chance: random.Random) -> None:
        self._journal, self._clicks, self._chance = workspace / "journal.sqlite", clicks, chance
        self.asked: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clicks")
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._chance.uniform(*CLICK_EVERY_S)):
            if len(self.asked) - len(_told(self._journal, "HandoffDelivered")) >= MOST_WAITING:
                continue
            name = f"handoff-{len(self.asked)}"
            self._clicks.open_incident(f"incident-{name}")
            self._clicks.hand_off(f"incident-{name}", name)
            self.asked.append(name)
        self._clicks.close()


def _kill_by_turns(programs: dict[str, Any], args: argparse.Namespace) -> Counter[str]:
    chance, kills = random.Random(args.seed + 1), Counter[str]()
    while kills.total() < args.kills:
        time.sleep(chance.uniform(*LIFE_S))
        name = chance.choice(sorted(programs))
        programs[name].end(signal.SIGKILL)
        kills[name] += 1
        programs[name].start()
    return kills


def _desk_of(workspace: Path) -> tuple[str, int] | None:
    told = read_announcement(workspace, "desk-police")
    if told is None:
        return None
    host, _, port = str(told["addresses"]["http"]).removeprefix("http://").rpartition(":")
    return host, int(port)


def _settle(workspace: Path, asked: list[str]) -> None:
    """Wait until everything is recorded as delivered, or the time is up."""
    end_s = time.monotonic() + SETTLE_S
    while time.monotonic() < end_s and set(_told(workspace / "journal.sqlite", "HandoffDelivered")) < set(asked):
        time.sleep(0.25)


def count(workspace: Path, asked: list[str]) -> dict[str, Any]:
    desk = workspace / "desk-police"
    stored = Counter(_told(desk / "journal.sqlite", "DeskPackageStored"))
    delivered = Counter(_told(workspace / "journal.sqlite", "HandoffDelivered"))
    whole = {name for name in asked if verify_package(desk / "packages" / f"{name}.zip").ok}
    complete = {name for name in asked if stored[name] == delivered[name] == 1 and name in whole}
    visible = _undelivered(workspace)
    return {
        "requested": len(asked),
        "complete": len(complete),
        "visibly_undelivered": len(visible),
        "lost": sum(name not in complete and name not in visible for name in asked),
        "duplicated": sum(stored[name] > 1 or delivered[name] > 1 for name in asked),
        "failed_tries": len(_told(workspace / "journal.sqlite", "HandoffAttemptFailed")),
        "chains": "whole" if _whole(workspace / "journal.sqlite") and _whole(desk / "journal.sqlite") else "broken",
    }


def _told(journal: Path, kind: str) -> list[str]:
    connection = sqlite3.connect(journal)
    rows = connection.execute(
        "SELECT json_extract(data, '$.handoff_id') FROM events WHERE type = ?", (kind,)
    ).fetchall()
    connection.close()
    return [name for (name,) in rows]


def _undelivered(workspace: Path) -> set[str]:
    journal, centre = SqliteJournal(workspace / "journal.sqlite", CLOCK, verify=False), Centre()
    centre.take(journal.read())
    journal.close()
    return {one.handoff_id for one in undelivered(centre.incidents.values(), CLOCK.now())}


def _whole(path: Path) -> bool:
    journal = SqliteJournal(path, CLOCK, verify=False)
    try:
        return journal.verify() is None
    finally:
        journal.close()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=12.0, help="length of each clip, of 4 Mbit/s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="four kills")
    parser.add_argument("--folder", type=Path, help="where everything is written; the system's temporary one otherwise")
    args = parser.parse_args(argv)
    if args.small:
        args.kills = 4
    return args


if __name__ == "__main__":
    main()
