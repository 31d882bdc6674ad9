"""A trainee's record over months: every run, how the scores go, and where marks are lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import median

import msgspec

from smartcity_console.drill.report.content import LOCAL_TIME, local
from smartcity_console.drill.report.ratings import counting
from smartcity_console.drill.report.tables import csv_bytes
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import Act
from smartcity_console.drill.score.model import Mark, Score

WEAK = 0.9
"""Kinds of acts of which less than this was earned are called weak."""


class Month(msgspec.Struct, frozen=True):
    """The runs of one month in Korea."""

    month: str  # 2026-11
    runs: int
    median: float
    best: float


class Share(msgspec.Struct, frozen=True):
    """What was earned of what could be, 0..1, of one kind of act over some runs."""

    act: Act
    share: float
    marks: int


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One trainee. `trend`: mean of the newer half of the scores less that of the older half, None for a single run."""

    trainee: str
    runs: tuple[Score, ...]
    passed: int
    median: float
    best: float
    trend: float | None
    months: tuple[Month, ...]
    weak: tuple[Share, ...]


def records_of(runs: Sequence[Score], trainee: str = "") -> tuple[Record, ...]:
    """Return a record for each trainee by name, or for one. Runs of scripted operators are nobody's."""
    by_name: dict[str, list[Score]] = {}
    for run in runs:
        if run.operator == "human":
            for name in dict.fromkeys(run.trainees.values()):
                by_name.setdefault(name, []).append(run)
    return tuple(_record(name, found) for name, found in sorted(by_name.items()) if trainee in ("", name))


def _record(name: str, runs: Sequence[Score]) -> Record:
    scores = [run.of_trainee(name) for run in runs]
    return Record(
        trainee=name,
        runs=tuple(runs),
        passed=sum(run.passed for run in runs),
        median=round(median(scores), 1),
        best=max(scores),
        trend=_trend(scores),
        months=_months(runs, name),
        weak=_weak(runs, name),
    )


def _trend(scores: Sequence[float]) -> float | None:
    half = len(scores) // 2
    if not half:
        return None
    return round(sum(scores[-half:]) / half - sum(scores[:half]) / half, 1)


def _months(runs: Sequence[Score], name: str) -> tuple[Month, ...]:
    found: dict[str, list[float]] = {}
    for run in runs:
        begun = datetime.fromisoformat(run.begun_at).astimezone(LOCAL_TIME)
        found.setdefault(f"{begun:%Y-%m}", []).append(run.of_trainee(name))
    return tuple(Month(month, len(s), round(median(s), 1), max(s)) for month, s in sorted(found.items()))


def _weak(runs: Sequence[Score], name: str) -> tuple[Share, ...]:
    """Return the kinds of acts in which marks are lost, the worst first."""
    by_act: dict[Act, list[Mark]] = {}
    for run in runs:
        for mark in counting(run.marks):
            if not mark.seat or run.trainees.get(mark.seat) == name:
                by_act.setdefault(mark.act, []).append(mark)
    shares = [Share(act, _share(marks), len(marks)) for act, marks in by_act.items()]
    return tuple(sorted((s for s in shares if s.share < WEAK), key=lambda s: (s.share, s.act)))


def _share(marks: Sequence[Mark]) -> float:
    return round(sum(mark.earned for mark in marks) / sum(mark.weight for mark in marks), 3)


def record_json(record: Record, say: Say) -> dict[str, object]:
    """Return a record as plain values, its runs in short."""
    return {
        "trainee": record.trainee,
        "runs": len(record.runs),
        "passed": record.passed,
        "median": record.median,
        "best": record.best,
        "last": record.runs[-1].of_trainee(record.trainee),
        "trend": record.trend,
        "months": msgspec.to_builtins(record.months),
        "weak": [{"act": say.act(w.act), "share": w.share, "marks": w.marks} for w in record.weak],
        "history": [{"run": r.drill_id, "scenario": r.scenario_id, "at": r.begun_at, "score": r.of_trainee(record.trainee)} for r in record.runs],
    }  # fmt: skip


def record_csv(records: Sequence[Record], say: Say) -> bytes:
    """Return one line for each run of each trainee, as a spreadsheet in Korea opens it."""
    titles = ("trainees", "when", "scenario", "run", "score", "standing", "length")
    acts = list(Act)
    rows = [[*(say(title) for title in titles), *(say.act(act) for act in acts)]]
    for record in records:
        rows += [_row(record.trainee, run, acts, say) for run in record.runs]
    return csv_bytes(rows)


def _row(name: str, run: Score, acts: Sequence[Act], say: Say) -> list[str]:
    marks = counting(run.marks)
    shares = [[mark for mark in marks if mark.act is act] for act in acts]
    return [
        name,
        local(datetime.fromisoformat(run.begun_at)),
        say.of(run.title),
        run.drill_id,
        f"{run.of_trainee(name):g}",
        say("passed") if run.passed else say("failed"),
        f"{run.duration_s:.0f}",
        *(f"{_share(found) * 100:.0f}" if found else "" for found in shares),
    ]
