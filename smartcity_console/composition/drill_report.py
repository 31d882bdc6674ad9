"""`smartcity-console drill record` and `drill export`: what drills leave behind, and a real incident made into one."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from smartcity_console.clock import Clock
from smartcity_console.drill.report.record import record_csv, record_json, records_of
from smartcity_console.drill.report.runs import runs_of
from smartcity_console.drill.report.texts import Say
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings


class NoRecord(ConsoleError):
    code = "no_record"
    ko = "{name} 의 훈련 기록이 {folder} 에 없습니다. 아무것도 쓰지 않았습니다. 이름과 작업 공간을 확인하십시오."
    en = "There is no drill of {name} in {folder}. Nothing was written. Check the name and the workspace."


def run_record(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Print a trainee's record, or everybody's, one JSON object a line; write every run to a CSV where one is asked for.

    Raises NoRecord, OSError.
    """
    del clock
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
