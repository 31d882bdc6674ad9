"""Contradictions in a scenario: what a file may say by its form, and yet cannot mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from smartcity_console.city import City
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.acts import TIMED, needs_incident
from smartcity_console.drill.scenario.model import Scenario, Words
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings

KEYFRAME_S = 2.0
SERVICES = ("112-video", "112-dispatch", "119-dispatch", "disaster", "person")
FAULTS = ("none", "pause", "mute", "refuse", "garbage", "loss", "dark")


class Problem(msgspec.Struct, frozen=True):
    """One contradiction. `where` is a path in the file (`injects[3].when`); a warning lets the drill run all the same."""

    where: str
    words: Words
    is_warning: bool = False


Problems = Iterator[Problem]


def contradictions(scenario: Scenario, city: City | None = None, folder: Path | None = None) -> list[Problem]:
    """Return what cannot be meant, in the file's order. Without `city` and `folder` places and files are not looked up."""
    found: list[Problem] = []
    for check in _CHECKS:
        found += check(scenario)
    if city is not None:
        found += _unknown_to(scenario, city)
    if folder is not None:
        found += _missing_files(scenario, folder)
    return sorted(found, key=lambda problem: (problem.is_warning, problem.where))


def _problem(where: str, ko: str, en: str, is_warning: bool = False) -> Problem:
    return Problem(where, Words(ko, en), is_warning)


# ---- within the file ------------------------------------------------------------------------------------------------


def _repeated(scenario: Scenario) -> Problems:
    groups = {
        "incidents": scenario.incidents,
        "injects": scenario.injects,
        "expectations": scenario.expectations,
        "objectives": scenario.objectives,
    }
    for name, group in groups.items():
        for one, times in Counter(entry.id for entry in group).items():
            if times > 1:
                yield _problem(name, f"{one} 이(가) {times}번 있습니다", f"{one} stands {times} times")


def _times(scenario: Scenario) -> Problems:
    incidents = {spec.id for spec in scenario.incidents}
    injects = {inject.id for inject in scenario.injects}
    for n, inject in enumerate(scenario.injects):
        where, when = f"injects[{n}].when", inject.when
        if (when.at_s is None) == (when.event is None):
            yield _problem(where, "at_s 와 event 가운데 하나만 있어야 합니다", "name either at_s or event, not both")
        elif when.at_s is not None:
            if when.at_s > scenario.duration_s:
                yield _problem(f"{where}.at_s", "훈련이 끝난 뒤입니다", "this is after the end of the drill")
        elif when.event is m.Happening.FIRED:
            if when.of not in injects or when.of == inject.id:
                yield _problem(f"{where}.of", f"투입 {when.of} 이(가) 없습니다", f"there is no inject {when.of}")
        elif when.of not in incidents:
            yield _problem(f"{where}.of", f"사건 {when.of} 이(가) 없습니다", f"there is no incident {when.of}")


def _flags(scenario: Scenario) -> Problems:
    raised = {inject.sets for inject in scenario.injects}
    for n, inject in enumerate(scenario.injects):
        for flag in (*inject.when.needs, *inject.when.unless):
            if flag not in raised:
                yield _problem(
                    f"injects[{n}].when", f"깃발 {flag} 을(를) 올리는 투입이 없습니다", f"no inject sets {flag}"
                )


def _waiting_for_each_other(scenario: Scenario) -> Problems:
    after = {i.id: i.when.of for i in scenario.injects if i.when.event is m.Happening.FIRED}
    for n, inject in enumerate(scenario.injects):
        seen, here = {inject.id}, after.get(inject.id)
        while here is not None and here not in seen:
            seen.add(here)
            here = after.get(here)
        if here == inject.id and len(seen) > 1:
            yield _problem(f"injects[{n}].when", "서로를 기다립니다", "it waits for an inject that waits for it")


def _injects(scenario: Scenario) -> Problems:
    for n, inject in enumerate(scenario.injects):
        if isinstance(inject, m.Linked) and inject.service not in SERVICES:
            yield _problem(f"injects[{n}].service", f"서비스는 {', '.join(SERVICES)}", f"one of {', '.join(SERVICES)}")
        if isinstance(inject, m.Camera) and inject.fault not in FAULTS:
            yield _problem(f"injects[{n}].fault", f"고장은 {', '.join(FAULTS)}", f"one of {', '.join(FAULTS)}")
        if isinstance(inject, m.Camera):
            yield from _unfed(scenario, f"injects[{n}].cameras", inject.cameras)
        if isinstance(inject, m.Speak) and inject.seat and inject.seat not in scenario.seats:
            yield _problem(
                f"injects[{n}].seat", f"좌석 {inject.seat} 이(가) 없습니다", f"there is no seat {inject.seat}"
            )
        if isinstance(inject, m.Desk) and inject.manner is None and not inject.says:
            yield _problem(f"injects[{n}]", "태도나 말이 있어야 합니다", "give a manner, or something to say")


def _unfed(scenario: Scenario, where: str, cameras: Iterable[str]) -> Problems:
    fed = {feed.camera for feed in scenario.feeds}
    for camera in cameras:
        if camera not in fed:
            yield _problem(where, f"{camera} 의 영상이 없습니다", f"{camera} has no feed")


def _feeds(scenario: Scenario) -> Problems:
    cues = {inject.id for inject in scenario.injects if isinstance(inject, m.Cue)}
    for camera, times in Counter(feed.camera for feed in scenario.feeds).items():
        if times > 1:
            yield _problem("feeds", f"{camera} 에 영상이 둘입니다", f"{camera} has two recordings")
    for n, feed in enumerate(scenario.feeds):
        if feed.cue and feed.cue not in cues:
            yield _problem(f"feeds[{n}].cue", f"신호 {feed.cue} 이(가) 없습니다", f"there is no cue {feed.cue}")
        if feed.cue and feed.act_s is None:
            yield _problem(f"feeds[{n}].act_s", "신호에는 연기 구간이 있어야 합니다", "a cue needs the span of its act")
        for name in ("before_s", "act_s", "after_s"):
            yield from _span(f"feeds[{n}].{name}", getattr(feed, name))


def _span(where: str, span: tuple[float, float] | None) -> Problems:
    if span is None:
        return
    if not span[0] < span[1]:
        yield _problem(where, "끝이 시작보다 빠릅니다", "its end is not after its beginning")
    if any(second % KEYFRAME_S for second in span):
        yield _problem(where, "2초 배수(키프레임)가 아닙니다", "not at a keyframe: use even seconds", True)


def _incidents(scenario: Scenario) -> Problems:
    cues = {inject.id for inject in scenario.injects if isinstance(inject, m.Cue)}
    for n, spec in enumerate(scenario.incidents):
        where = f"incidents[{n}]"
        if not (spec.site or spec.account or spec.at):
            yield _problem(where, "어디인지 site, account, at 가운데 하나로", "say where: site, account or at")
        if spec.cue and spec.cue not in cues:
            yield _problem(f"{where}.cue", f"신호 {spec.cue} 이(가) 없습니다", f"there is no cue {spec.cue}")
        if spec.act_s is not None and not spec.act_s[0] < spec.act_s[1]:
            yield _problem(f"{where}.act_s", "끝이 시작보다 빠릅니다", "its end is not after its beginning")
        if not spec.real and spec.agencies:
            yield _problem(f"{where}.agencies", "오경보는 이관하지 않습니다", "a false alarm goes to nobody")
        if not spec.real and any(grade >= 3 for grade in spec.grades):
            yield _problem(f"{where}.grades", "오경보에 위협 등급입니다", "a false alarm with the grade of a threat")
        yield from _unfed(scenario, f"{where}.cameras", spec.cameras)


def _expectations(scenario: Scenario) -> Problems:
    objectives = {objective.id for objective in scenario.objectives}
    if not scenario.expectations:
        yield _problem("expectations", "기대 행동이 없습니다", "nothing is expected of anybody")
    for n, wish in enumerate(scenario.expectations):
        where = f"expectations[{n}]"
        if wish.objective and wish.objective not in objectives:
            yield _problem(
                f"{where}.objective", f"목표 {wish.objective} 이(가) 없습니다", f"no objective {wish.objective}"
            )
        if wish.act in TIMED and (wish.within_s is None or wish.late_s is None):
            yield _problem(where, "within_s 와 late_s 가 필요합니다", "it needs within_s and late_s")
        elif wish.within_s is not None and wish.late_s is not None and wish.late_s < wish.within_s:
            yield _problem(f"{where}.late_s", "within_s 보다 작습니다", "it is less than within_s")
        yield from _expected_of(scenario, where, wish)


def _expected_of(scenario: Scenario, where: str, wish: m.Expectation) -> Problems:
    if not wish.incident:
        if needs_incident(wish.act):
            yield _problem(f"{where}.incident", "어느 사건인지 있어야 합니다", "name the incident that it is about")
        return
    spec = scenario.incident(wish.incident)
    if spec is None:
        yield _problem(f"{where}.incident", f"사건 {wish.incident} 이(가) 없습니다", f"no incident {wish.incident}")
        return
    for fault, ko, en in _MISFITS:
        if fault(spec, wish.act):
            yield _problem(where, ko, en)


Misfit = tuple[Callable[[m.IncidentSpec, m.Act], bool], str, str]
_MISFITS: tuple[Misfit, ...] = (
    (
        lambda spec, act: not spec.real and act in (m.Act.HAND_OFF, m.Act.AGENCY, m.Act.CLIP),
        "오경보를 이관하라고 합니다",
        "it asks for the hand-off of a false alarm",
    ),
    (
        lambda spec, act: bool(spec.agencies) and act is m.Act.NO_HAND_OFF,
        "이관할 기관이 있는데 이관하지 말라고 합니다",
        "it forbids a hand-off to the agencies that are right",
    ),
    (lambda spec, act: not spec.grades and act is m.Act.GRADE, "맞는 등급이 없습니다", "no grade is said to be right"),
    (
        lambda spec, act: not spec.agencies and act is m.Act.AGENCY,
        "맞는 기관이 없습니다",
        "no agency is said to be right",
    ),
    (
        lambda spec, act: not (spec.cue and spec.act_s and spec.cameras) and act is m.Act.CLIP,
        "연기 구간(cue, act_s)과 카메라가 없습니다",
        "its act (cue, act_s) and cameras are not told",
    ),
    (lambda spec, act: not spec.cameras and act is m.Act.FIRST_CAMERA, "맞는 카메라가 없습니다", "no camera is right"),
    (
        lambda spec, act: not spec.steps and act is m.Act.PROCEDURE,
        "맞는 절차가 없습니다",
        "no step is said to be right",
    ),
)


def _settings(scenario: Scenario) -> Problems:
    for name, value in scenario.settings.items():
        try:
            Settings().replaced({name: value})
        except ConsoleError as error:
            yield _problem(f"settings.{name}", error.sentence("ko"), error.sentence("en"))


def _actors(scenario: Scenario) -> Problems:
    if scenario.stage is None:
        return
    for one, times in Counter(actor.id for actor in scenario.stage.actors).items():
        if times > 1:
            yield _problem("stage.actors", f"{one} 이(가) {times}번 있습니다", f"{one} stands {times} times")


_CHECKS: tuple[Callable[[Scenario], Problems], ...] = (
    _repeated,
    _times,
    _flags,
    _waiting_for_each_other,
    _injects,
    _feeds,
    _incidents,
    _expectations,
    _settings,
    _actors,
)


# ---- against the city and the disk ----------------------------------------------------------------------------------


def _unknown_to(scenario: Scenario, city: City) -> Problems:
    for n, feed in enumerate(scenario.feeds):
        if feed.camera not in city.cameras:
            yield _problem(
                f"feeds[{n}].camera", f"도시에 {feed.camera} 이(가) 없습니다", f"the city has no {feed.camera}"
            )
    for n, camera in enumerate(scenario.stage.cameras if scenario.stage else ()):
        if camera not in city.cameras:
            yield _problem(f"stage.cameras[{n}]", f"도시에 {camera} 이(가) 없습니다", f"the city has no {camera}")
    for n, spec in enumerate(scenario.incidents):
        if spec.site and spec.site not in city.sites:
            yield _problem(
                f"incidents[{n}].site", f"도시에 {spec.site} 이(가) 없습니다", f"the city has no {spec.site}"
            )
    for n, inject in enumerate(scenario.injects):
        if isinstance(inject, m.Dc09) and city.site_of_account(inject.account) is None:
            ko, en = f"계정 {inject.account} 은(는) 미등록으로 뜹니다", f"account {inject.account} will show as unknown"
            yield _problem(f"injects[{n}].account", ko, en, True)


def _missing_files(scenario: Scenario, folder: Path) -> Problems:
    for n, feed in enumerate(scenario.feeds):
        if not (folder / feed.file).is_file():
            yield _problem(f"feeds[{n}].file", f"{feed.file} 파일이 없습니다", f"there is no file {feed.file}")
