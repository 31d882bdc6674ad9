"""Judges a drill: every expectation of its scenario against what stands in its journal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec

from smartcity_console.drill.scenario.acts import needs_incident
from smartcity_console.drill.scenario.model import Act, Expectation, Scenario, Words
from smartcity_console.drill.score import rules_sound, rules_time
from smartcity_console.drill.score.cases import Case, Record, record_of, seat_of
from smartcity_console.drill.score.findings import Finding, void
from smartcity_console.drill.score.model import Mark, Score, Standing
from smartcity_console.drill.score.timebase import time_base
from smartcity_console.drill.score.timeline import timeline_of
from smartcity_console.drill.score.titles import title_of
from smartcity_console.model import events as ev

PASS = 60.0
OfCase = Callable[[Record, Case, Expectation], Finding]
OfDrill = Callable[[Record, Case | None, Expectation], Finding]

_OF_CASE: dict[Act, OfCase] = {
    Act.CLAIM: rules_time.claim,
    Act.FIRST_CAMERA: rules_time.first_camera,
    Act.VERDICT: rules_time.verdict,
    Act.HAND_OFF: rules_time.hand_off,
    Act.CLOSE: rules_time.close,
    Act.ANSWER: rules_time.answer,
    Act.GRADE: rules_sound.grade,
    Act.AGENCY: rules_sound.agency,
    Act.CLIP: rules_sound.clip,
    Act.PROCEDURE: rules_sound.procedure,
    Act.NOTE: rules_sound.note,
    Act.MERGE: rules_sound.merge,
    Act.FOLLOW_UP: rules_sound.follow_up,
    Act.RECALL: rules_sound.recall,
}
_OF_DRILL: dict[Act, OfDrill] = {
    Act.QUEUE: rules_time.queue,
    Act.NO_HAND_OFF: rules_sound.no_hand_off,
    Act.NO_LOOK: rules_sound.no_look,
}


def score_of(scenario: Scenario, events: Sequence[ev.Event]) -> Score:
    """Return the score of a journal; one of a drill that still goes on is the score so far. Raises NoDrill."""
    base = time_base(events)
    record = record_of(scenario, events, base)
    marks = tuple(_mark(record, wish) for wish in scenario.expectations)
    total = total_of(marks)
    begun = next(event for event in events if event.type == "DrillBegun").payload_as(ev.DrillBegun)
    ended = next((event.payload_as(ev.DrillEnded) for event in events if event.type == "DrillEnded"), None)
    last = record.told[-1].event
    return Score(
        drill_id=begun.drill_id,
        scenario_id=begun.scenario_id,
        scenario_sha256=begun.scenario_sha256,
        title=Words(begun.title_ko, begun.title_en),
        operator=begun.operator,
        trainees=begun.trainees,
        begun_at=base.begun.isoformat().replace("+00:00", "Z"),
        duration_s=round(base.duration_s, 3),
        paused_s=round(base.paused_s, 3),
        end_reason=ended.reason if ended else "",
        score=total,
        passed=is_passed(total, marks),
        marks=marks,
        timeline=timeline_of(record, marks),
        seats=seat_scores(marks, begun.trainees),
        incident_ids={name: case.main.id for name, case in record.cases.items() if case.came},
        last_seq=last.seq,
        last_hash=last.hash,
    )


def seat_scores(marks: Sequence[Mark], trainees: Collection[str]) -> dict[str, float]:
    """Return each seat's score where several worked: of the marks of what it took on, and of those of the whole drill."""
    seats = {mark.seat for mark in marks if mark.seat} | set(trainees)
    if len(seats) < 2:
        return {}
    return {seat: total_of([mark for mark in marks if mark.seat in ("", seat)]) for seat in sorted(seats)}


def is_passed(total: float, marks: Sequence[Mark]) -> bool:
    """Return whether it is good enough: 60 points, nothing critical missed, and at least half of it was played."""
    played = sum(mark.weight for mark in marks if mark.standing is not Standing.VOID)
    missed = any(mark.critical and mark.standing is Standing.MISSED for mark in marks)
    return total >= PASS and not missed and 2.0 * played >= sum(mark.weight for mark in marks)


def total_of(marks: Sequence[Mark]) -> float:
    """Return 0..100 to one decimal: what was earned of what could be; void marks count for nobody."""
    counted = [mark for mark in marks if mark.standing is not Standing.VOID]
    whole = sum(mark.weight for mark in counted)
    return round(100.0 * sum(mark.earned for mark in counted) / whole, 1) if whole else 0.0


def _mark(record: Record, wish: Expectation) -> Mark:
    case = record.cases.get(wish.incident)
    finding = _found(record, case, wish)
    return Mark(
        id=wish.id,
        act=wish.act,
        incident=wish.incident,
        weight=wish.weight,
        share=round(finding.share, 4),
        standing=finding.stands(),
        critical=wish.critical,
        reason=finding.reason,
        title=title_of(wish.act, case.spec if case else None),
        within_s=wish.within_s,
        late_s=wish.late_s,
        actual_s=None if finding.actual_s is None else round(finding.actual_s, 3),
        at_s=None if finding.at_s is None else round(finding.at_s, 3),
        objective=wish.objective,
        seat=seat_of(case) if case else "",
        events=finding.events,
    )


def _found(record: Record, case: Case | None, wish: Expectation) -> Finding:
    if case is not None and not case.came:
        return void("이 사건은 일어나지 않았습니다", "This incident did not come about")
    if wish.act in _OF_DRILL:
        return _OF_DRILL[wish.act](record, case, wish)
    if case is None or not needs_incident(wish.act):
        return void("시나리오에 없는 사건입니다", "The scenario has no such incident")
    return _OF_CASE[wish.act](record, case, wish)


def as_json(score: Score) -> bytes:
    """Return the score as JSON, the same bytes for the same score."""
    return msgspec.json.format(msgspec.json.encode(score, order="deterministic"), indent=1)
