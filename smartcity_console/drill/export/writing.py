"""Exports a closed incident of a workspace as a scenario: its file, and recordings in which nobody can be recognised."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from smartcity_console.city import City
from smartcity_console.drill.export.actors import cast_of
from smartcity_console.drill.export.hiding import Hidden, hide_people
from smartcity_console.drill.export.recordings import Recordings
from smartcity_console.drill.export.scenario import Cast, Film, cameras_of, feed_of, film_of, scenario_of
from smartcity_console.drill.scenario.model import FeedSpec
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.model.centre import Centre
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event
from smartcity_console.model.incident import Incident


class NoSuchIncident(ConsoleError):
    code = "no_such_incident"
    ko = "사건 {incident_id} 이(가) {path} 에 없습니다. 아무것도 쓰지 않았습니다. 사건 번호와 작업 공간을 확인하십시오."
    en = "There is no incident {incident_id} in {path}. Nothing was written. Check its number and the workspace."


class IncidentStillOpen(ConsoleError):
    code = "incident_still_open"
    ko = "사건 {incident_id} 은(는) 아직 종결되지 않았습니다. 아무것도 쓰지 않았습니다. 종결한 뒤에 내보내십시오."
    en = "Incident {incident_id} is not closed yet. Nothing was written. Export it when it is closed."


class FolderNotEmpty(ConsoleError):
    code = "export_folder_not_empty"
    ko = "{folder} 이(가) 비어 있지 않아 아무것도 쓰지 않았습니다. 새 폴더를 주십시오."
    en = "{folder} is not empty: nothing was written. Give a new folder."


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written. `hidden`: recordings whose people are hidden; `restage`: cameras to be filmed by the stage, with why."""

    scenario: Path
    hidden: tuple[Hidden, ...]
    restage: dict[str, str]
    left_out_alerts: int


def find_incident(events: Sequence[Event], incident_id: str, path: Path) -> Incident:
    """Return a closed incident; what was merged into it is part of it. Raises NoSuchIncident, IncidentStillOpen."""
    centre = Centre()
    centre.take(events)
    incident = centre.incidents.get(incident_id)
    if incident is None:
        raise NoSuchIncident(incident_id=incident_id, path=path)
    if incident.merged_into is not None:
        return find_incident(events, incident.merged_into, path)
    if incident.closed_at is None:
        raise IncidentStillOpen(incident_id=incident_id)
    return incident


def export_incident(
    workspace: Path,
    events: Sequence[Event],
    incident_id: str,
    out: Path,
    around: City,
    *,
    city: str = "",
    restage: bool = False,
) -> Exported:
    """Write `out/scenario.toml` and a recording for each camera that has one; with `restage` none at all.

    `city` is the scenario's name of the city, `around` that city: by it the actors find their ways.
    The folder appears whole or not at all. Raises NoSuchIncident, IncidentStillOpen,
    FolderNotEmpty, ScenarioRefused, OSError.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderNotEmpty(folder=out)
    incident = find_incident(events, incident_id, workspace)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as made:
        draft = Path(made) / "draft"
        draft.mkdir()
        exported = _write(_Job(workspace, incident, draft, around, city, restage), _id_of(out))
        if out.is_dir():
            out.rmdir()
        shutil.move(draft, out)
    moved = tuple(msgspec.structs.replace(one, path=out / one.path.name) for one in exported.hidden)
    return msgspec.structs.replace(exported, scenario=out / exported.scenario.name, hidden=moved)


class _Job(msgspec.Struct, frozen=True):
    """What is exported, from where, to where."""

    workspace: Path
    incident: Incident
    folder: Path
    around: City
    city: str
    restage: bool


def _write(job: _Job, scenario_id: str) -> Exported:
    incident = job.incident
    film, cameras = film_of(incident, restage=job.restage), cameras_of(incident)
    done: dict[str, tuple[Hidden, FeedSpec]] = {}
    anew = dict.fromkeys(cameras, "asked_for") if job.restage else _recordings(job, film, done)
    feeds = [done[c][1] if c in done else feed_of(c, film, film.start, film.length_s) for c in cameras]
    cast = cast_of(incident, film, tuple(anew), job.around) if anew else Cast()
    scenario = scenario_of(incident, scenario_id, feeds, film, city=job.city, cast=cast)
    if scenario.stage is not None:  # only what has no recording is to be filmed
        stage = msgspec.structs.replace(scenario.stage, cameras=tuple(anew)) if anew else None
        scenario = msgspec.structs.replace(scenario, stage=stage)
    file = write_scenario(job.folder, scenario)
    alerts = sum(inject.id.startswith("alert-") for inject in scenario.injects)
    hidden = tuple(one for one, _ in done.values())
    return Exported(scenario=file, hidden=hidden, restage=anew, left_out_alerts=len(incident.alerts) - alerts)


def _recordings(job: _Job, film: Film, done: dict[str, tuple[Hidden, FeedSpec]]) -> dict[str, str]:
    """Hide the people in each camera's recording; return why the others have none. One that fails costs the rest nothing."""
    failed: dict[str, str] = {}
    source = Recordings(job.workspace, job.incident, film)
    with tempfile.TemporaryDirectory(prefix="drill-export-") as made:
        for camera in cameras_of(job.incident):
            try:
                found = source.find(camera, Path(made))
                hidden = hide_people(found.path, job.folder / f"{camera}.mp4")
                done[camera] = hidden, feed_of(camera, film, found.begins, found.length_s)
            except ConsoleError as error:
                failed[camera] = error.code
    return failed


def _id_of(folder: Path) -> str:
    """Return a scenario's id out of a folder's name."""
    told = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-")[:64].strip("-")
    return told or "from-incident"
