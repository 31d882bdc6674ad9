"""`smartcity-console drill record` and `drill export`: what drills leave behind, and a real incident made into one."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace

from smartcity_console.city import City, city_path, sample_city_path
from smartcity_console.drill.export.writing import Exported, export_incident
from smartcity_console.drill.report.record import record_csv, record_json, records_of
from smartcity_console.drill.report.runs import runs_of
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.check import Problem, contradictions
from smartcity_console.drill.scenario.read import read_scenario
from smartcity_console.journal.errors import JournalMissing
from smartcity_console.journal.queries import all_events
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings


class NoRecord(ConsoleError):
    code = "no_record"
    ko = "{name} 의 훈련 기록이 {folder} 에 없습니다. 아무것도 쓰지 않았습니다. 이름과 작업 공간을 확인하십시오."
    en = "There is no drill of {name} in {folder}. Nothing was written. Check the name and the workspace."


def run_record(options: Namespace, settings: Settings) -> int:
    """Print a trainee's record, or everybody's, one JSON object a line; write every run to a CSV where one is asked for.

    Raises NoRecord, OSError.
    """
    say, folder = Say(settings.text("ui.language")), options.workspace / "drills"
    runs, unreadable = runs_of(folder)
    for trouble in unreadable:
        print(trouble.sentence(say.language), file=sys.stderr)
    records = records_of(runs, options.trainee)
    if not records:
        raise NoRecord(name=options.trainee or "*", folder=folder)
    if options.csv is not None:
        write_atomically(options.csv, record_csv(records, say))
    for record in records:
        print(json.dumps(record_json(record, say), ensure_ascii=False))
    return 0


def run_export(options: Namespace, settings: Settings) -> int:
    """Export a closed incident; print what was written and what is to be filmed anew. Returns 0; 1 when it cannot be run.

    Raises NoSuchIncident, IncidentStillOpen, FolderNotEmpty, JournalMissing, JournalDamaged, OSError.
    """
    journal = options.workspace / "journal.sqlite"
    if not journal.is_file():
        raise JournalMissing(path=journal)
    path = city_path(options.workspace, settings.text("city.path"))
    is_sample = path == sample_city_path()
    name = "" if is_sample else os.path.relpath(path.absolute(), options.out.absolute())
    city, events = City.open(path), all_events(journal)
    made = export_incident(
        options.workspace, events, options.incident, options.out, city, city=name, restage=options.restage
    )
    found = contradictions(read_scenario(made.scenario), city, options.out)
    wrong = [problem for problem in found if not problem.is_warning and not _is_to_be_filmed(problem, made)]
    told = {
        "scenario": str(made.scenario),
        "recordings": [{"file": str(one.path), "pictures": one.pictures, "hidden": round(one.moving, 3)} for one in made.hidden],
        "to_be_filmed": made.restage,
        "left_out_alerts": made.left_out_alerts,
        "problems": [f"{problem.where}: {problem.words.en}" for problem in wrong],
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))
    return 1 if wrong else 0


def _is_to_be_filmed(problem: Problem, made: Exported) -> bool:
    """A recording that is missing because it is to be filmed is no fault."""
    return any(f"{camera}.mp4" in problem.words.en for camera in made.restage)
