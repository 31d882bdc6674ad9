"""Starting everything on one machine: the programs as children, then a seat in this process."""

from __future__ import annotations

import json
import resource
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.composition.programs import Programs, other_seats
from smartcity_console.composition.seat import Look, SeatParts, take_seat
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import announce
from smartcity_console.settings import Settings


def run_everything(
    workspace: Path, feeds: Path | None, settings: Settings, overrides: Sequence[str], clock: Clock
) -> int:
    """Start what is not running yet and take a seat; the last seat to close stops the programs."""
    programs = Programs(workspace, feeds, settings, overrides, clock)
    starter = threading.Thread(target=_start, args=(programs,), name="start-programs")
    starter.start()
    try:
        return run_seat(workspace, settings, clock, programs.next_trouble)
    finally:
        starter.join()
        if other_seats(workspace, "-"):
            programs.leave_running()
        else:
            programs.stop()


def run_seat(workspace: Path, settings: Settings, clock: Clock, trouble: Look = lambda: None, wanted: str = "") -> int:
    """Run one seat on a workspace until its window closes; return the exit code. `wanted`: which; "": the first free."""
    from smartcity_console.console.app import run_console

    seat, lock = take_seat(workspace, wanted)
    try:
        parts = SeatParts(workspace, settings, clock, seat, trouble).parts()
        announce(workspace, f"seat-{seat}", {})
        return run_console(workspace, settings, clock, parts, lambda: _say_painted(seat))
    finally:
        lock.release()


def _say_painted(seat: str) -> None:
    """Tell whoever started this that the operator sees the map now; benchmarks/start.py waits for it."""
    rss_mib = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps({"program": f"seat-{seat}", "painted": True, "rss_mib": rss_mib}), flush=True)


def _start(programs: Programs) -> None:
    """Start the programs behind the opening window; what fails is told there, and here."""
    try:
        programs.start()
        print(json.dumps({"program": "all", "addresses": programs.addresses}), flush=True)
    except ConsoleError as error:
        print(error.sentence("ko"), file=sys.stderr)
