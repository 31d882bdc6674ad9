"""How long a journal takes to open, with and without its checkpoint, and what walking it again in the background costs.

    python benchmarks/journal_open.py [--events 1000000] [--tail 5000] [--data DIR] [--small]

The journal is made first, in DATA. Openings are those of every program (gateway, console, desk), each in a process of
its own, since a start is one; the times are the opening's alone. Prints one JSON line: whole_ms (no checkpoint: the whole
chain), proved_ms (a checkpoint of the last event), tail_ms (one that is --tail events old), medians; audit_ms (`audit verify`,
which believes nothing); scrub: events a second in the background at the default share, the share of a core it took, and by
how much a thread that wants to run every 5 ms came later (late_p99_ms) than without it (idle_p99_ms).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from smartcity_console.clock import SystemClock
from smartcity_console.journal import SqliteJournal, scrub
from smartcity_console.journal.checkpoint import forget
from smartcity_console.journal.queries import walk
from smartcity_console.journal.scrub import Scrub
from smartcity_console.model.events import Draft, NoteAdded
from smartcity_console.settings import Settings

DATA = Path(tempfile.gettempdir()) / "smartcity-bench"
CLOCK = SystemClock()
_GROUP = 5_000
_SCRUB_S = 15.0
_ROOT = Path(__file__).resolve().parents[1]
_OPENING = """
import sys, time
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.journal import SqliteJournal
began = time.perf_counter()
journal = SqliteJournal(Path(sys.argv[1]), SystemClock())
print((time.perf_counter() - began) * 1000.0)
journal.close()
"""


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Make the journal where it is missing, open, walk, print the figures and return them."""
    args = _arguments(argv)
    path = made(args.data, args.events)
    figures: dict[str, Any] = {"events": args.events, "mib": path.stat().st_size >> 20}
    figures["whole_ms"] = round(_median(path, args.runs, before=lambda: forget(path)), 1)
    figures["proved_ms"] = round(_median(path, 2 * args.runs + 1), 1)
    grow(path, args.tail)
    figures["tail_ms"] = round(_median(path, 2 * args.runs + 1), 1)
    began_s = time.perf_counter()
    assert walk(path).why == ""
    figures["audit_ms"] = round((time.perf_counter() - began_s) * 1000.0, 1)
    figures["scrub"] = scrubbed(path, args.scrub_s)
    print(json.dumps(figures))
    return figures


def made(folder: Path, events: int) -> Path:
    """Return a journal of so many notes, made anew: what a run added is no part of the next."""
    path = folder / "journal-open" / "journal.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("journal.sqlite*"):
        old.unlink()
    grow(path, events)
    return path


def grow(path: Path, events: int) -> None:
    """Append notes of a hundred incidents, some 250 bytes each."""
    with closing(SqliteJournal(path, CLOCK, verify=False, checkpoint_every=events + 1)) as journal:
        for at in range(0, events, _GROUP):
            journal.append(*(_note(number) for number in range(at, min(at + _GROUP, events))))


def _note(number: int) -> Draft:
    text = f"메모 {number}: 남자 1명, 검은 옷, 은행로 쪽으로 감. " + "x" * 120
    return Draft(f"incident/incident-{number % 100}", NoteAdded(text=text, seat="1"), "seat/1")


def _median(path: Path, runs: int, before: Any = lambda: None) -> float:
    return statistics.median(_opened_ms(path, before) for _ in range(runs))


def _opened_ms(path: Path, before: Any) -> float:
    before()
    command = [sys.executable, "-c", _OPENING, str(path)]
    done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True, timeout=600)
    return float(done.stdout)


def scrubbed(path: Path, seconds: float) -> dict[str, float]:
    """Walk in the background for some seconds, as the gateway does a minute after its start."""
    idle_ms = _late_p99_ms(seconds / 3)
    scrub.FIRST_S = 0.0
    share = Settings().number("journal.verify_share")
    watched = Scrub(path, CLOCK, lambda _: None, every_s=3600.0, share=share)
    cpu_s, began_s = time.process_time(), time.perf_counter()
    watched.start()
    late_ms = _late_p99_ms(seconds)
    walked_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    watched.close()
    return {
        "events_per_s": round(int(watched.figures()["whole_to"]) / walked_s),
        "share": round(cpu_s / walked_s, 3),
        "idle_p99_ms": round(idle_ms, 2),
        "late_p99_ms": round(late_ms, 2),
    }


def _late_p99_ms(seconds: float) -> float:
    """Return how late a thread comes that wants its turn every 5 ms."""
    late, never = [], threading.Event()
    end_s = time.perf_counter() + seconds
    while (began_s := time.perf_counter()) < end_s:
        never.wait(0.005)
        late.append((time.perf_counter() - began_s - 0.005) * 1000.0)
    return statistics.quantiles(late, n=100)[98]


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--tail", type=int, default=5_000)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument(
        "--runs", type=int, default=3, help="openings over the whole chain; twice and one more with proof"
    )
    parser.add_argument("--small", action="store_true", help="thirty thousand events")
    args = parser.parse_args(argv)
    args.scrub_s = _SCRUB_S
    if args.small:
        args.events, args.runs, args.scrub_s = 30_000, 1, 1.5
    return args


if __name__ == "__main__":
    main()
