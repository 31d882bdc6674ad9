"""HSEEP's ratings of the objectives, and strengths and improvements in sentences: both made of the marks alone.

HSEEP: Homeland Security Exercise and Evaluation Program (FEMA, 2020), after-action report and improvement plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

from smartcity_console.drill.report.advice import ADVICE
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import Act, Scenario
from smartcity_console.drill.score.model import Mark, Standing

PERFORMED, SOME, MAJOR, UNABLE, UNRATED = "P", "S", "M", "U", "–"
_FULL, _SOME, _MAJOR = 0.95, 0.70, 0.30
_NAMED = 4  # marks of one kind that a sentence names


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """One objective: its letter, what was earned of what could be, how many of its marks were met."""

    objective: str
    capability: str
    letter: str
    earned: float
    weight: float
    met: int
    count: int


def ratings(scenario: Scenario, marks: Sequence[Mark], say: Say) -> tuple[Rating, ...]:
    """Return a rating for each objective in the scenario's order, then one for marks of no objective."""
    known = {objective.id for objective in scenario.objectives}
    rated = [
        _rating(
            [m for m in marks if m.objective == objective.id], say.of(objective.words), say.of(objective.capability)
        )
        for objective in scenario.objectives
    ]
    rest = [mark for mark in marks if mark.objective not in known]
    return (*rated, _rating(rest, say("other_marks"), "")) if rest else tuple(rated)


def _rating(marks: Sequence[Mark], objective: str, capability: str) -> Rating:
    counted = counting(marks)
    return Rating(
        objective=objective,
        capability=capability,
        letter=letter_of(counted),
        earned=sum(mark.earned for mark in counted),
        weight=sum(mark.weight for mark in counted),
        met=sum(mark.standing is Standing.MET for mark in counted),
        count=len(counted),
    )


def letter_of(marks: Sequence[Mark]) -> str:
    """Return P, S, M or U for marks that count; a critical miss is a major challenge at best."""
    weight = sum(mark.weight for mark in marks)
    if not weight:
        return UNRATED
    share = sum(mark.earned for mark in marks) / weight
    if share < _MAJOR:
        return UNABLE
    if share < _SOME or any(mark.critical and mark.standing is Standing.MISSED for mark in marks):
        return MAJOR
    return SOME if share < _FULL else PERFORMED


def counting(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that count: void ones stand on what did not happen."""
    return [mark for mark in marks if mark.standing is not Standing.VOID]


def critical_misses(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the critical marks that were not met, missed ones before late ones."""
    failed = [m for m in marks if m.critical and m.standing in (Standing.MISSED, Standing.LATE)]
    return tuple(sorted(failed, key=lambda mark: mark.standing is Standing.LATE))


def strengths(marks: Sequence[Mark], say: Say) -> tuple[str, ...]:
    """Return a sentence for each kind of act whose marks were all met, the weightiest first."""
    whole = [(act, found) for act, found in _by_act(marks) if all(m.standing is Standing.MET for m in found)]
    return tuple(_strength(act, found, say) for act, found in whole)


def improvements(scenario: Scenario, marks: Sequence[Mark], say: Say) -> tuple[str, ...]:
    """Return a sentence for each kind of act that was late or missed, the costliest first, with what to practise."""
    lacking = [
        (act, [m for m in found if m.share < 1.0 or m.standing is not Standing.MET], len(found))
        for act, found in _by_act(marks)
    ]
    lacking = [item for item in lacking if item[1]]
    lacking.sort(key=lambda item: -_lost(item[1]))
    return tuple(
        _improvement(act, [_named(scenario, m, say) for m in bad], _lost(bad), count, say)
        for act, bad, count in lacking
    )


def _by_act(marks: Sequence[Mark]) -> list[tuple[Act, list[Mark]]]:
    found: dict[Act, list[Mark]] = {}
    for mark in counting(marks):
        found.setdefault(mark.act, []).append(mark)
    return sorted(found.items(), key=lambda item: -sum(mark.weight for mark in item[1]))


def _strength(act: Act, marks: Sequence[Mark], say: Say) -> str:
    told = say.of(ADVICE[act].well).format(count=len(marks))
    times = [mark.actual_s for mark in marks if mark.actual_s is not None and mark.within_s is not None]
    targets = [mark.within_s for mark in marks if mark.actual_s is not None and mark.within_s is not None]
    if not times:
        return f"{told}."
    if say.language == "en":
        return f"{told}: {median(times):.1f} s in the median, {min(targets):g} s allowed."
    return f"{told}. 중앙값 {median(times):.1f}초, 기준 {min(targets):g}초."


def _improvement(act: Act, bad: Sequence[str], lost: float, count: int, say: Say) -> str:
    names = ", ".join(bad[:_NAMED]) + (" …" if len(bad) > _NAMED else "")
    practise = say.of(ADVICE[act].practise)
    if say.language == "en":
        return (
            f"{say.act(act)}: {len(bad)} of {count} not to the standard ({names}), {lost:.1f} points lost. {practise}"
        )
    return (
        f"{say.act(act)}: {count}건 가운데 {len(bad)}건이 기준에 못 미쳤습니다({names}), {lost:.1f}점 손실. {practise}"
    )


def _lost(marks: Sequence[Mark]) -> float:
    return sum(mark.weight - mark.earned for mark in marks)


def _named(scenario: Scenario, mark: Mark, say: Say) -> str:
    """Return where it was: the incident, or for the whole drill what the mark is for; with the time where it was late."""
    spec = scenario.incident(mark.incident)
    name = say.of(spec.title if spec else mark.title)
    is_late = mark.standing is Standing.LATE and mark.actual_s is not None
    return f"{name} {say('seconds', value=f'{mark.actual_s:.1f}')}" if is_late else name
