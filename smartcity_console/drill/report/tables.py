"""Marks and time line as CSV that a spreadsheet in Korea opens: UTF-8 with a mark, titles in the report's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from smartcity_console.drill.report.content import LOCAL_TIME, entry_kind, event_numbers
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.score.model import Mark, Score
from smartcity_console.drill.score.timebase import TimeBase

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def marks_csv(scenario: Scenario, score: Score, say: Say) -> bytes:
    """Return one line for each mark."""
    titles = (
        "mark",
        "act",
        "incident",
        "journal_id",
        "seat",
        "objective",
        "standing",
        "is_critical",
        "weight",
        "earned",
    )
    more = ("within", "late_after", "actual", "second", "reason", "events")
    rows = [["id", *(say(title) for title in (*titles, *more))]]
    return csv_bytes([*rows, *(_mark(mark, scenario, score, say) for mark in score.marks)])


def _mark(mark: Mark, scenario: Scenario, score: Score, say: Say) -> list[str]:
    spec = scenario.incident(mark.incident)
    return [
        mark.id,
        say.of(mark.title),
        say.act(mark.act),
        say.of(spec.title) if spec else say("whole_drill"),
        score.incident_ids.get(mark.incident, ""),
        mark.seat,
        mark.objective,
        say.standing(mark.standing),
        "1" if mark.critical else "0",
        f"{mark.weight:g}",
        f"{mark.earned:.2f}",
        *(_number(value) for value in (mark.within_s, mark.late_s, mark.actual_s, mark.at_s)),
        say.of(mark.reason),
        event_numbers(mark.events),
    ]


def timeline_csv(score: Score, time: TimeBase, say: Say) -> bytes:
    """Return one line for each entry of the time line, with the second of the drill and the time in Korea."""
    titles = ("second", "at", "kind", "incident", "seat", "what", "events")
    rows = [[say(title) for title in titles]]
    for entry in score.timeline:
        at = time.moment(entry.at_s).astimezone(LOCAL_TIME)
        number = f"#{entry.seq}" if entry.seq is not None else ""
        kind, words = entry_kind(entry, say), say.of(entry.words)
        rows.append([f"{entry.at_s:.1f}", _to_the_tenth(at), kind, entry.incident, entry.seat, words, number])
    return csv_bytes(rows)


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a spreadsheet opens them; outside text is never taken for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _to_the_tenth(at: datetime) -> str:
    rounded = at + timedelta(microseconds=50_000)
    return f"{rounded:%Y-%m-%d %H:%M:%S}.{rounded.microsecond // 100_000}"
