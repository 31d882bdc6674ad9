"""Injects in words: when one is due, on what it waits, and how it stands."""

from __future__ import annotations

from smartcity_console.console.language import translate
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.drill_fold import InjectStanding, InjectState
from smartcity_console.console.words import agency_word
from smartcity_console.drill.scenario.model import AnyInject, Happening, Scenario, When

MARKS = {
    InjectStanding.WAITING: "○",
    InjectStanding.HELD: "❚❚",
    InjectStanding.FIRED: "●",
    InjectStanding.SKIPPED: "↷",
    InjectStanding.FAILED: "▲",
}
TONES = {
    InjectStanding.WAITING: "text",
    InjectStanding.HELD: "accent",
    InjectStanding.FIRED: "text_off",
    InjectStanding.SKIPPED: "text_off",
    InjectStanding.FAILED: "warn",
}


def standing_word(standing: InjectStanding) -> str:
    return {
        InjectStanding.WAITING: translate("Inject", "waiting"),
        InjectStanding.HELD: translate("Inject", "held"),
        InjectStanding.FIRED: translate("Inject", "fired"),
        InjectStanding.SKIPPED: translate("Inject", "skipped"),
        InjectStanding.FAILED: translate("Inject", "failed"),
    }[standing]


def cause_word(cause: str) -> str:
    return {
        "time": translate("Inject", "by its time"),
        "condition": translate("Inject", "by its condition"),
        "trainer": translate("Inject", "by the trainer"),
    }.get(cause, cause)


def due_text(inject: AnyInject, state: InjectState) -> str:
    """Return the second at which it came to what it is, or is due; empty while it waits on something."""
    if state.standing in (InjectStanding.FIRED, InjectStanding.FAILED, InjectStanding.SKIPPED):
        return span_text(state.at_s or 0.0)
    return span_text(inject.when.at_s) if inject.when.at_s is not None else ""


def when_words(when: When, scenario: Scenario | None, language: str) -> str:
    """Return a condition as a sentence; a plain time as the time."""
    parts = [_base(when, scenario, language)]
    if when.needs:
        parts.append(translate("When", "only with {flags}").format(flags=", ".join(when.needs)))
    if when.unless:
        parts.append(translate("When", "not with {flags}").format(flags=", ".join(when.unless)))
    return ", ".join(part for part in parts if part)


def _base(when: When, scenario: Scenario | None, language: str) -> str:
    if when.event is None:
        return translate("When", "at {time}").format(time=span_text(when.at_s)) if when.at_s is not None else ""
    text = _happening(when.event)
    words = text.format(of=name_of(when.of, scenario, language), delay=f"{when.delay_s:g}")
    if when.to is not None:
        words += f" ({agency_word(when.to)})"
    late = when.event in (Happening.UNCLAIMED, Happening.NOT_HANDED_OFF)
    if when.delay_s and not late:
        return translate("When", "{delay} s after: {words}").format(delay=f"{when.delay_s:g}", words=words)
    return words


def _happening(event: Happening) -> str:
    return {
        Happening.OPENED: translate("When", "{of} opened"),
        Happening.CLAIMED: translate("When", "{of} claimed"),
        Happening.GRADED: translate("When", "{of} graded"),
        Happening.HANDED_OFF: translate("When", "{of} handed off"),
        Happening.DELIVERED: translate("When", "hand-off of {of} delivered"),
        Happening.ACCEPTED: translate("When", "hand-off of {of} accepted"),
        Happening.CLOSED: translate("When", "{of} closed"),
        Happening.FIRED: translate("When", "inject “{of}” fired"),
        Happening.UNCLAIMED: translate("When", "if nobody has {of} after {delay} s"),
        Happening.NOT_HANDED_OFF: translate("When", "if {of} is not handed off after {delay} s"),
    }[event]


def name_of(key: str, scenario: Scenario | None, language: str) -> str:
    """Return an incident's title or an inject's label by its id; the id where there is neither."""
    if scenario is None:
        return key
    spec = scenario.incident(key)
    if spec is not None:
        return spec.title.of(language)
    return next((inject.label.of(language) for inject in scenario.injects if inject.id == key), key)


def state_words(inject: AnyInject, state: InjectState, scenario: Scenario | None, language: str) -> str:
    """Return how an inject stands: on what it waits, by what it was fired, why it failed."""
    match state.standing:
        case InjectStanding.FIRED:
            return cause_word(state.cause)
        case InjectStanding.SKIPPED | InjectStanding.FAILED:
            return cause_word(state.reason)
        case _:
            return when_words(inject.when, scenario, language)
