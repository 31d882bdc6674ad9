"""What a report says, worked out once for HTML and PDF: everything that is not layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.drill.report import charts
from smartcity_console.drill.report.drawing import Drawing
from smartcity_console.drill.report.ratings import Rating, critical_misses, improvements, ratings, strengths
from smartcity_console.drill.report.runs import History, Standings, standings
from smartcity_console.drill.report.series import inject_seconds, lanes, queue_steps
from smartcity_console.drill.report.stills import Still
from smartcity_console.drill.report.texts import ENDS, KINDS, OPERATORS, Say, named
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.score.model import Mark, Score, TimelineEntry
from smartcity_console.drill.score.timebase import TimeBase
from smartcity_console.model.events import DrillBegun, Event

LOCAL_TIME = ZoneInfo("Asia/Seoul")


class MarkGroup(msgspec.Struct, frozen=True):
    """The marks of one incident, under its title and its number in the journal."""

    title: str
    journal_id: str
    marks: tuple[Mark, ...]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report in one language. Every text is plain: the pages escape it."""

    title: str
    score: Score
    facts: tuple[tuple[str, str], ...]
    briefing: str
    debriefing: str
    critical: tuple[Mark, ...]
    ratings: tuple[Rating, ...]
    strengths: tuple[str, ...]
    improvements: tuple[str, ...]
    timelines: tuple[Drawing, ...]
    times: Drawing | None
    queue: Drawing
    runs: Drawing | None
    history: History
    comparison: tuple[tuple[str, Standings], ...]
    stills: tuple[Still, ...]
    groups: tuple[MarkGroup, ...]


def content_of(
    scenario: Scenario,
    events: Sequence[Event],
    score: Score,
    time: TimeBase,
    stills: Sequence[Still],
    history: History,
    say: Say,
) -> Content:
    """Put everything together. Pure: the same inputs give the same content."""
    found = lanes(score, events, time)
    return Content(
        title=say.of(scenario.title),
        score=score,
        facts=_facts(score, events, say),
        briefing=say.of(scenario.briefing),
        debriefing=say.of(scenario.debriefing),
        critical=critical_misses(score.marks),
        ratings=ratings(scenario, score.marks, say),
        strengths=strengths(score.marks, say),
        improvements=improvements(scenario, score.marks, say),
        timelines=tuple(charts.timelines(scenario, found, inject_seconds(score), time.duration_s, say)),
        times=charts.times(scenario, found, say),
        queue=charts.queue(queue_steps(events, time), say),
        runs=charts.scores(score, history, say),
        history=history,
        comparison=((say("own_runs"), standings(history.own)), (say("group_runs"), standings(history.group))),
        stills=tuple(stills),
        groups=_groups(scenario, score, say),
    )


def _facts(score: Score, events: Sequence[Event], say: Say) -> tuple[tuple[str, str], ...]:
    begun = next((event.payload_as(DrillBegun) for event in events if event.type == "DrillBegun"), None)
    names = [say("seat_of", name=name, seat=seat) for seat, name in sorted(score.trainees.items())]
    shares = [say("seat_score", seat=seat, score=f"{own:g}") for seat, own in score.seats.items()]
    length = charts.clock_text(score.duration_s)
    if score.paused_s:
        length = say("length_told", run=length, paused=charts.clock_text(score.paused_s))
    rows = (
        (say("scenario"), f"{say.of(score.title)} ({score.scenario_id})"),
        (say("when"), local(datetime.fromisoformat(score.begun_at))),
        (say("length"), length),
        (say("end"), named(ENDS, score.end_reason, say.language)),
        (say("trainees"), ", ".join(names)),
        (say("seat_scores"), " · ".join(shares)),
        (say("operator"), named(OPERATORS, score.operator, say.language)),
        (say("trainer"), begun.trainer if begun else ""),
        (say("run"), score.drill_id),
        (say("journal"), say("journal_told", seq=score.last_seq, hash=score.last_hash[:16])),
        (say("file"), f"SHA-256 {score.scenario_sha256[:16]}…"),
    )
    return tuple((name, value) for name, value in rows if value)


def _groups(scenario: Scenario, score: Score, say: Say) -> tuple[MarkGroup, ...]:
    """The scenario's incidents in its order, then the marks of the whole drill."""
    order = [spec.id for spec in scenario.incidents]
    others = sorted({mark.incident for mark in score.marks} - set(order))
    groups = []
    for incident in (*order, *others):
        marks = tuple(mark for mark in score.marks if mark.incident == incident)
        spec = scenario.incident(incident)
        title = say.of(spec.title) if spec else say("whole_drill")
        if spec and not spec.real:
            title += f" · {say('false_alarm')}"
        if marks:
            groups.append(MarkGroup(title, score.incident_ids.get(incident, ""), marks))
    return tuple(groups)


def measured(mark: Mark, say: Say) -> str:
    """Return a mark's actual time beside its target."""
    if mark.within_s is None:
        return ""
    actual = f"{mark.actual_s:.1f}" if mark.actual_s is not None else "–"
    return say("seconds", value=f"{actual} / {mark.within_s:g}")


def event_numbers(events: Sequence[int]) -> str:
    """Return the journal's numbers that a mark rests on."""
    return " ".join(f"#{seq}" for seq in events)


def entry_kind(entry: TimelineEntry, say: Say) -> str:
    return named(KINDS, entry.kind, say.language)


def local(at: datetime) -> str:
    """Return a time as Korea reads it."""
    return at.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M:%S KST")
