"""The parts of a scenario by their place: read, put, add, take out. Scenarios never change: each returns another one."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from smartcity_console.console.language import translate
from smartcity_console.console.trainer.forms.names import enum_word, fixed_word, kind_name
from smartcity_console.drill.scenario import model as m

LISTS = ("incidents", "injects", "expectations", "feeds", "objectives")
STAGED = ("actors", "blazes")
SECTIONS = ("scenario", "incidents", "injects", "expectations", "objectives", "feeds", "stage", "actors", "blazes")
INJECTS: tuple[type[m.Inject], ...] = (
    *(m.Dc09, m.Linked, m.Webhook, m.Cap, m.Cue, m.Camera, m.Desk, m.Sender, m.Speak, m.End),
)
_WHERE = re.compile(r"^(?:stage\.)?(?P<section>[a-z]+)\[(?P<index>\d+)\]")


class Place(NamedTuple):
    """`index` -1: the section itself (the scenario's own fields, the stage's)."""

    section: str
    index: int = -1


WHOLE = Place("scenario")
STAGE = Place("stage")


def place_of(where: str) -> Place:
    """Return the part that a path of the checks names: `injects[3].when` is the fourth inject."""
    match = _WHERE.match(where)
    if match and match["section"] in (*LISTS, *STAGED):
        return Place(match["section"], int(match["index"]))
    head = re.split(r"[.\[]", where, maxsplit=1)[0]
    return STAGE if head == "stage" else Place(head) if head in LISTS else WHOLE


def items(scenario: m.Scenario, section: str) -> tuple[Any, ...]:
    """Return the parts of a list section."""
    if section in STAGED:
        return getattr(scenario.stage, section) if scenario.stage is not None else ()
    return getattr(scenario, section) if section in LISTS else ()


def part(scenario: m.Scenario, place: Place) -> Any:
    """Return the part at a place; None where there is none."""
    if place.index >= 0:
        found = items(scenario, place.section)
        return found[place.index] if place.index < len(found) else None
    return scenario.stage if place.section == "stage" else scenario


def with_items(scenario: m.Scenario, section: str, parts: tuple[Any, ...]) -> m.Scenario:
    """Return the scenario with other parts in a list section."""
    if section in STAGED:
        assert scenario.stage is not None
        stage = msgspec.structs.replace(scenario.stage, **{section: parts})
        return msgspec.structs.replace(scenario, stage=stage)
    return msgspec.structs.replace(scenario, **{section: parts})


def with_part(scenario: m.Scenario, place: Place, value: Any) -> m.Scenario:
    """Return the scenario with another part at a place."""
    if place.section == "stage":
        return msgspec.structs.replace(scenario, stage=value)
    if place.index < 0:
        return value  # type: ignore[no-any-return]
    parts = list(items(scenario, place.section))
    parts[place.index] = value
    return with_items(scenario, place.section, tuple(parts))


def without(scenario: m.Scenario, place: Place) -> m.Scenario:
    """Return the scenario without the part at a place."""
    parts = items(scenario, place.section)
    return with_items(scenario, place.section, parts[: place.index] + parts[place.index + 1 :])


def added(scenario: m.Scenario, section: str, value: Any) -> tuple[m.Scenario, Place]:
    """Return the scenario with one more part, and where that stands."""
    parts = (*items(scenario, section), value)
    return with_items(scenario, section, parts), Place(section, len(parts) - 1)


def free_id(scenario: m.Scenario, section: str, stem: str) -> str:
    """Return a name that no part of the section has yet."""
    taken = {getattr(each, "id", "") for each in items(scenario, section)}
    return next(name for n in range(1, 10_000) if (name := f"{stem}-{n}") not in taken)


def new_part(scenario: m.Scenario, section: str, kind: type[Any] | None, second: float, spot: m.Spot) -> Any:
    """Return a part that may stand as it is: the form fills in the rest."""
    empty = m.Words("", "")
    match section:
        case "injects":
            return _new_inject(scenario, kind or m.Dc09, second)
        case "incidents":
            return m.IncidentSpec(id=free_id(scenario, section, "incident"), title=empty)
        case "expectations":
            return m.Expectation(id=free_id(scenario, section, "mark"), act=m.Act.CLAIM, weight=10.0)
        case "feeds":
            return m.FeedSpec(camera="GN-0001", file="")
        case "objectives":
            return m.Objective(id=free_id(scenario, section, "objective"), words=empty, capability=empty)
        case "actors":
            return m.Actor(id=free_id(scenario, section, "actor"), look="man", start=spot)
    return m.Blaze(at=spot)


def _new_inject(scenario: m.Scenario, kind: type[Any], second: float) -> Any:
    stem = kind.__name__.lower()
    name = kind_name(stem)
    first: dict[str, Any] = {
        "id": free_id(scenario, "injects", stem),
        "when": m.When(at_s=second),
        "label": m.Words(name, name),
    }
    required = {f.name for f in msgspec.structs.fields(kind) if f.required} - set(first)
    blanks: dict[str, Any] = {"cameras": (), "accounts": (), "words": m.Words("", ""), "fields": {}, "report": {}}
    blanks |= {"agency": m.AgencyKind.POLICE, "fault": "dark", "service": "112-video"}
    return kind(**first, **{each: blanks.get(each, "") for each in required})


def blank() -> m.Scenario:
    """Return a new scenario: ten minutes, one seat, an end."""
    end = m.End(id="end", when=m.When(at_s=600.0), label=m.Words("훈련 종료", "End of the drill"))
    empty = m.Words("", "")
    return m.Scenario(
        format=m.FORMAT,
        id="new-scenario",
        title=m.Words("새 시나리오", "New scenario"),
        briefing=empty,
        debriefing=empty,
        duration_s=600.0,
        incidents=(),
        injects=(end,),
        expectations=(),
    )


def section_name(section: str) -> str:
    return {
        "scenario": translate("Section", "Scenario"),
        "incidents": translate("Section", "Incidents"),
        "injects": translate("Section", "Injects"),
        "expectations": translate("Section", "Expectations"),
        "objectives": translate("Section", "Objectives"),
        "feeds": translate("Section", "Feeds"),
        "stage": translate("Section", "Stage"),
        "actors": translate("Section", "Actors"),
        "blazes": translate("Section", "Fire and smoke"),
    }[section]


def part_name(value: Any, scenario: m.Scenario, language: str) -> str:
    """Return what a part is called in lists."""
    match value:
        case m.IncidentSpec() | m.Inject():
            title = value.title if isinstance(value, m.IncidentSpec) else value.label
            return title.of(language) or value.id
        case m.Expectation():
            spec = scenario.incident(value.incident)
            return enum_word(value.act) + (f" · {spec.title.of(language)}" if spec else "")
        case m.Objective():
            return value.words.of(language) or value.id
        case m.FeedSpec():
            return f"{value.camera} · {value.file.rpartition('/')[2] or '–'}"
        case m.Actor():
            return f"{value.id} · {fixed_word('look', value.look)}"
        case m.Blaze():
            return f"{value.kind} {value.begins_s:g} s"
    return ""
