"""The scenario's injects and time limits on the time strip of the editor."""

from __future__ import annotations

from smartcity_console.console.language import translate
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.editor.parts import Place
from smartcity_console.console.trainer.forms.names import enum_word
from smartcity_console.console.trainer.inject_words import when_words
from smartcity_console.console.trainer.time_strip import StripMark
from smartcity_console.drill.scenario.model import Cue, End, Happening, Inject, Scenario

STORY, NOISE, AFTER, LIMITS = range(4)
LATE = (Happening.UNCLAIMED, Happening.NOT_HANDED_OFF)


def editor_lanes() -> tuple[str, ...]:
    return (
        translate("Lane", "Story"),
        translate("Lane", "Noise"),
        translate("Lane", "Conditions"),
        translate("Lane", "Expected"),
    )


def editor_marks(scenario: Scenario, bad: set[Place], language: str) -> list[StripMark]:
    """Return every inject: at its second, where it can be dragged; or where its condition could come true at the earliest."""
    known = earliest(scenario)
    marks = []
    for number, inject in enumerate(scenario.injects):
        place = Place("injects", number)
        at_s = known.get(inject.id, 0.0)
        timed = inject.when.at_s is not None
        lane = (NOISE if inject.noise else STORY) if timed else AFTER
        tone = "warn" if place in bad else "accent" if timed else "text_dim"
        label = inject.label.of(language) or inject.id
        tip = f"{span_text(at_s) if timed else '≥ ' + span_text(at_s)} {label}\n{when_words(inject.when, scenario, language)}"
        marks.append(StripMark(f"injects-{number}", at_s, lane, _shape(inject, timed), tone, label, timed, tip))
    return [*marks, *_limits(scenario, known, language)]


def earliest(scenario: Scenario) -> dict[str, float]:
    """Return the second at which each inject can fire at the earliest, by its id.

    What an operator does is taken to come at once after the first alarm; injects that wait for each other come to 0.
    """
    own = {inject.id: inject for inject in scenario.injects}
    first = min((i.when.at_s for i in scenario.injects if i.when.at_s is not None), default=0.0)
    known: dict[str, float] = {}

    def second(inject: Inject, seen: frozenset[str]) -> float:
        when = inject.when
        if when.at_s is not None:
            return when.at_s
        if when.event is Happening.FIRED and when.of in own and when.of not in seen:
            return second(own[when.of], seen | {when.of}) + when.delay_s
        return first + when.delay_s

    for inject in scenario.injects:
        known[inject.id] = min(scenario.duration_s, second(inject, frozenset((inject.id,))))
    return known


def _shape(inject: Inject, timed: bool) -> str:
    if isinstance(inject, End):
        return "square"
    if isinstance(inject, Cue):
        return "diamond"
    return "circle" if timed else "ring"


def _limits(scenario: Scenario, known: dict[str, float], language: str) -> list[StripMark]:
    """Return where each timed expectation is met in full at the latest, counted from the first alarm."""
    first = min(known.values(), default=0.0)
    marks = []
    for number, expected in enumerate(scenario.expectations):
        if expected.within_s is None:
            continue
        spec = scenario.incident(expected.incident)
        text = enum_word(expected.act) + (f" · {spec.title.of(language)}" if spec else "")
        at_s = min(scenario.duration_s, first + expected.within_s)
        tone = "drill" if expected.critical else "ok"
        marks.append(StripMark(f"expectations-{number}", at_s, LIMITS, "flag", tone, text))
    return marks
