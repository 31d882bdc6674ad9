"""The end of a drill: waiting for it, ordering it, score and report."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from smartcity_console.clock import Clock
from smartcity_console.composition.drill_folder import DrillFolder
from smartcity_console.drill.facts import DrillFacts
from smartcity_console.drill.report import write_report
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.score.judge import as_json, score_of
from smartcity_console.journal import Follower, SqliteJournal
from smartcity_console.journal.queries import all_events, events_of
from smartcity_console.model.events import Draft, DrillBegun, DrillEnded, DrillOrdered
from smartcity_console.model.ids import new_id
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings

_LOOK_S = 0.25
_JOIN_S = 5.0


class DrillWatch:
    """Follows a drill's journal in a thread until its end. `close` at the end."""

    def __init__(self, run_dir: Path, settings: Settings, clock: Clock) -> None:
        self._path, self._poll_ms, self._clock = run_dir / "journal.sqlite", settings.whole("journal.poll_ms"), clock
        self._news = threading.Condition()
        self._closing = False
        self.ended_s: float | None = None  # monotonic, when the end was seen
        SqliteJournal(self._path, clock).close()  # so that there is one to follow
        self._thread = threading.Thread(target=self._run, name="drill-watch", daemon=True)
        self._thread.start()

    def wait_for_end(self, limit_s: float | None) -> bool:
        """Return whether the drill has ended; False at the limit, or when the watch was closed before."""
        with self._news:
            self._news.wait_for(lambda: self.ended_s is not None or self._closing, limit_s)
        return self.ended_s is not None

    def close(self) -> None:
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        with closing(Follower(self._path, poll_ms=self._poll_ms)) as follower:
            while not self._closing and self.ended_s is None:
                if any(event.type == DrillEnded.__name__ for event in follower.wait(_LOOK_S)):
                    with self._news:
                        self.ended_s = self._clock.monotonic_s()
                        self._news.notify_all()


def order_end(run_dir: Path, drill_id: str, clock: Clock) -> bool:
    """Tell the director that the drill is over: the seat was left. Return whether an end is to be waited for: one that
    has ended is told nothing, and one that never began has no end."""
    journal = run_dir / "journal.sqlite"
    told = {event.type for event in events_of(journal, (DrillBegun.__name__, DrillEnded.__name__))}
    if DrillBegun.__name__ not in told or DrillEnded.__name__ in told:
        return DrillEnded.__name__ in told
    order = DrillOrdered(at_s=0.0, order_id=new_id("order", clock.now(), os.urandom), act="end", by="seat")
    with closing(SqliteJournal(journal, clock, verify=False)) as opened:
        opened.append(Draft(f"drill/{drill_id}", order, "seat"))
    return True


def finished(drill: DrillFolder, language: str, watch: DrillWatch, clock: Clock) -> dict[str, Any]:
    """Score and report a drill that ended; return what is printed last. Raises NoDrill and the report's own errors."""
    told = reported(drill.run_dir, drill.scenario, drill.facts, language, clock)
    if watch.ended_s is not None:
        told["report_s"] = round(clock.monotonic_s() - watch.ended_s, 2)
    return told


def reported(run_dir: Path, scenario: Scenario, facts: DrillFacts, language: str, clock: Clock) -> dict[str, Any]:
    """Judge a drill's journal and write its report; return the facts of it."""
    began_s = clock.monotonic_s()
    events = all_events(run_dir / "journal.sqlite")
    score = score_of(scenario, events)
    write_atomically(run_dir / "report" / "score.json", as_json(score))
    files = write_report(run_dir, scenario, events, score, language)
    told = {
        "score": score.score,
        "passed": score.passed,
        **({"seats": score.seats} if score.seats else {}),
        "operator": facts.operator,
        "scenario": scenario.id,
        "end": score.end_reason,
        "duration_s": score.duration_s,
        "report_s": round(clock.monotonic_s() - began_s, 2),
        "run": str(run_dir),
        "html": str(files.html),
        "pdf": str(files.pdf) if files.pdf else None,
        "missed": [mark.id for mark in score.marks if mark.share < 1.0 and mark.standing != "void"],
    }
    return told | ({"troubles": [trouble.sentence("en") for trouble in files.troubles]} if files.troubles else {})
