"""A trainer's own recording becomes a camera of a scenario: copied in, or converted where no camera sends its codec."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import msgspec

from smartcity_console.city import City
from smartcity_console.drill.feeds.convert import Say, as_h264
from smartcity_console.drill.feeds.recording import Recording, read_recording
from smartcity_console.drill.feeds.sdp import SENDABLE
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.read import FILE, parse_scenario, read_scenario
from smartcity_console.drill.scenario.write import as_toml, write_scenario
from smartcity_console.intake.relations import distance_m
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Site
from smartcity_console.model.verdict import Grade
from smartcity_console.runtime import write_atomically

NEAR_M = 120.0
"""So near must a registered place be to raise the alarm of a new scenario."""
_ALARM_S, _SECONDS = 20.0, 300.0


class FeedNotAdded(ConsoleError):
    code = "feed_not_added"
    ko = "영상을 넣지 않았습니다: {why}. 시나리오와 영상은 그대로입니다. 고쳐서 다시 하십시오."
    en = "The recording was not added: {why}. Scenario and recording are as they were. Mend it and try again."


class Added(msgspec.Struct, frozen=True):
    """What came of it. `is_new`: the scenario was made for it."""

    scenario: Path
    file: Path
    camera: str
    codec: str
    duration_s: float
    converted: bool
    is_new: bool


def add_feed(file: Path, camera: str, folder: Path, city: City, start: str, say: Say) -> Added:
    """Put a recording into a scenario's folder as a camera's feed; a folder without a scenario gets a new one.

    Raises UnreadableFeed, FeedNotAdded, ScenarioRefused.
    """
    if camera not in city.cameras:
        raise FeedNotAdded(why=f"{city.name} has no camera {camera}")
    is_new = not (folder / FILE).is_file()
    scenario = _new_scenario(_id_of(folder.name), camera, city) if is_new else read_scenario(folder)
    if any(feed.camera == camera for feed in scenario.feeds):
        raise FeedNotAdded(why=f"{camera} has a recording in {folder / FILE} already")
    recording = read_recording(file)
    target, converted = _brought(file, recording, camera, folder, say)
    feed = m.FeedSpec(camera=camera, file=target.name)
    if is_new:
        scenario = msgspec.structs.replace(scenario, feeds=(feed,), **({"clock": start} if start else {}))
        write_scenario(folder, scenario)
    else:
        _append(folder / FILE, feed, start)
    return Added(folder / FILE, target, camera, recording.codec, recording.duration_s, converted, is_new)


def _brought(file: Path, recording: Recording, camera: str, folder: Path, say: Say) -> tuple[Path, bool]:
    """Return the recording's place in the folder, and whether it had to be converted. Raises UnreadableFeed, FeedNotAdded."""
    folder.mkdir(parents=True, exist_ok=True)
    converted = recording.codec not in SENDABLE
    source = as_h264(file, folder / "cache", say) if converted else file
    target = folder / f"{camera}{'.mp4' if converted else file.suffix.lower()}"
    part = target.with_name(f".{target.name}.part")
    try:
        if converted:
            source.replace(target)
            (folder / "cache").rmdir()
        elif not (target.exists() and target.samefile(source)):
            shutil.copyfile(source, part)
            part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise FeedNotAdded(why=error.strerror or type(error).__name__) from error
    return target, converted


def _append(file: Path, feed: m.FeedSpec, start: str) -> None:
    """Add a feed to a scenario and leave what its author wrote, comments and all; else it is written anew."""
    scenario = read_scenario(file)
    added = msgspec.structs.replace(scenario, feeds=(*scenario.feeds, feed), **({"clock": start} if start else {}))
    appended = f'{file.read_text("utf-8").rstrip()}\n\n[[feeds]]\ncamera = "{feed.camera}"\nfile = "{feed.file}"\n'
    keeps_words = not start and _is(appended, file, added)
    write_atomically(file, (appended if keeps_words else as_toml(added)).encode())


def _is(text: str, file: Path, wanted: m.Scenario) -> bool:
    """Whether a text is that scenario: an inline list of feeds, for one, cannot be added to at the end."""
    try:
        return parse_scenario(text.encode(), file) == wanted
    except ConsoleError:
        return False


# ---- a new scenario ---------------------------------------------------------------------------------------------------


def _id_of(name: str) -> str:
    """Return a folder's name as a scenario's id: small letters, digits, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64].rstrip("-") or "own"


def _new_scenario(scenario_id: str, camera: str, city: City) -> m.Scenario:
    """Return a scenario that runs at once: an alarm where the camera looks, and what is right for it to be filled in."""
    place, site = city.cameras[camera].position, _site_near(city, city.cameras[camera].position)
    spot = m.Spot(lon_deg=place.lon_deg, lat_deg=place.lat_deg)
    name = site.name if site is not None else city.cameras[camera].name
    incident = m.IncidentSpec(
        id="incident",
        title=m.Words(name, name),
        site=site.id if site is not None else "",
        at=None if site is not None else spot,
        grades=(Grade.PERSON_PRESENT, Grade.UNDECIDED),
        cameras=(camera,),
    )
    return m.Scenario(
        format=m.FORMAT,
        id=scenario_id,
        title=m.Words(f"{name} 훈련", f"Drill at {name}"),
        briefing=m.Words("무엇을 훈련하는지 여기에 적습니다.", "Write here what is trained."),
        debriefing=m.Words("무엇이 옳았는지 여기에 적습니다.", "Write here what was right."),
        duration_s=_SECONDS,
        incidents=(incident,),
        injects=(_alarm(site, spot), _end()),
        expectations=_expectations(),
    )


def _site_near(city: City, place: Position) -> Site | None:
    """Return the nearest registered place with an account, where one is near."""
    near = [(distance_m(site.position, place), site.id, site) for site in city.sites.values() if site.account]
    found = min(near, key=lambda one: one[:2], default=None)
    return found[2] if found is not None and found[0] <= NEAR_M else None


def _alarm(site: Site | None, spot: m.Spot) -> m.AnyInject:
    label, when = m.Words("경보", "Alarm"), m.When(at_s=_ALARM_S)
    if site is not None:
        zone = site.zones[0].number if site.zones else "1"
        return m.Dc09(id="alarm", when=when, label=label, account=site.account, code="BA", zone=zone)
    fields = {"EVT_TYP": "신고", "LON": f"{spot.lon_deg:.7f}", "LAT": f"{spot.lat_deg:.7f}"}
    return m.Linked(id="alarm", when=when, label=label, service="112-video", fields=fields, case="1")


def _end() -> m.End:
    return m.End(id="end", when=m.When(at_s=_SECONDS), label=m.Words("훈련 끝", "End of the drill"))


def _expectations() -> tuple[m.Expectation, ...]:
    timed = ((m.Act.CLAIM, 20.0, 60.0), (m.Act.FIRST_CAMERA, 10.0, 30.0), (m.Act.VERDICT, 60.0, 120.0))
    marks = [
        m.Expectation(id=act.value.replace("_", "-"), act=act, incident="incident", weight=20, within_s=w, late_s=late)
        for act, w, late in timed
    ]
    grade = m.Expectation(id="grade", act=m.Act.GRADE, incident="incident", weight=30, critical=True)
    closed = m.Expectation(id="close", act=m.Act.CLOSE, incident="incident", weight=10, within_s=180, late_s=280)
    return (*marks, grade, closed)
