"""Writes everything that a drill leaves behind into `RUN/report/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.report.content import content_of
from smartcity_console.drill.report.html import html_page
from smartcity_console.drill.report.moments import key_moments
from smartcity_console.drill.report.pdf import pdf_report
from smartcity_console.drill.report.runs import history_of, runs_of
from smartcity_console.drill.report.stills import Still, StillMaker
from smartcity_console.drill.report.tables import marks_csv, timeline_csv
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.score.judge import as_json
from smartcity_console.drill.score.model import Score
from smartcity_console.drill.score.timebase import time_base
from smartcity_console.handoff.documents.fonts import FontMissing
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event
from smartcity_console.runtime import write_atomically


class ReportFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What was written. `pdf` is None where it could not be made: `troubles` say why, and what else is missing."""

    html: Path
    pdf: Path | None
    score: Path
    marks: Path
    timeline: Path
    stills: tuple[Path, ...]
    troubles: tuple[ConsoleError, ...] = ()


def write_report(
    run_dir: Path, scenario: Scenario, events: Sequence[Event], score: Score, language: str
) -> ReportFiles:
    """Write report.html, report.pdf, score.json, marks.csv, timeline.csv and stills into `run_dir/report`.

    `run_dir` is a drill's workspace below `drills/`: earlier runs are looked for beside it, pictures in its ring. The
    score is written first. Deterministic for the same inputs. Raises NoDrill, OSError.
    """
    time, say, folder = time_base(events), Say(language), run_dir / "report"
    write_atomically(folder / "score.json", as_json(score))
    moments = key_moments(scenario, score, events, time, say)
    stills = StillMaker(run_dir, scenario, events, time, feed_folders(run_dir, scenario)).stills(moments)
    runs, troubles = runs_of(run_dir.parent)
    content = content_of(scenario, events, score, time, stills, history_of(score, runs), say)
    write_atomically(folder / "report.html", html_page(content, say).encode())
    write_atomically(folder / "marks.csv", marks_csv(scenario, score, say))
    write_atomically(folder / "timeline.csv", timeline_csv(score, time, say))
    paths = _write_stills(folder / "stills", stills)
    pdf: Path | None = folder / "report.pdf"
    told: list[ConsoleError] = list(troubles)
    try:
        write_atomically(folder / "report.pdf", pdf_report(content, say))
    except FontMissing as error:
        (folder / "report.pdf").unlink(missing_ok=True)  # of an earlier report: it would tell another story
        told.append(error)
        pdf = None
    return ReportFiles(
        html=folder / "report.html",
        pdf=pdf,
        score=folder / "score.json",
        marks=folder / "marks.csv",
        timeline=folder / "timeline.csv",
        stills=paths,
        troubles=tuple(told),
    )


def feed_folders(run_dir: Path, scenario: Scenario) -> tuple[Path, ...]:
    """Return where a scenario's recordings may lie: with the run, among the workspace's own, with what ships."""
    shipped = SAMPLE_FEEDS / "scenarios" / scenario.id
    own = run_dir.parent.parent / "scenarios" / scenario.id
    return (run_dir, run_dir / "feeds", own, shipped, SAMPLE_FEEDS)


def _write_stills(folder: Path, stills: Sequence[Still]) -> tuple[Path, ...]:
    """Write the pictures there are; those of an earlier report go."""
    kept = [still for still in stills if still.jpeg]
    for old in folder.glob("*.jpg"):
        if old.name not in {still.name for still in kept}:
            old.unlink()
    for still in kept:
        write_atomically(folder / still.name, still.jpeg)
    return tuple(folder / still.name for still in kept)
