"""The command line of `drill`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_DESKS = ("police", "fire")


def add_drill(verbs: Any) -> None:
    """Add the verbs of `drill` to its parser's sub-parsers."""
    run = _verb(verbs, "run", "run a drill: a scenario on the console, with a score and a report at its end")
    run.add_argument("scenario", metavar="SCENARIO", help="a name of `drill list`, or the path of a scenario")
    run.add_argument("--unattended", action="store_true", help="let a scripted operator do it, without a display")
    run.add_argument("--operator", choices=("good", "slow", "wrong"), default="good", help="which scripted operator")
    run.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where drills are kept; default: WORKSPACE/drills"
    )
    run.add_argument(
        "--trainee", action="append", default=[], metavar="NAME",
        help="who is trained; SEAT=NAME for several seats, once for each: the drill begins when all of them are ready",
    )  # fmt: skip
    run.add_argument(
        "--seat", choices=[str(n) for n in range(1, 65)], default="1", metavar="N", help="the trainee's seat"
    )
    run.add_argument("--trainer", action="store_true", help="open the trainer's window too")
    run.add_argument("--trainer-name", default="", metavar="NAME", help="who leads the drill, for the report")
    run.add_argument("--play-desk", action="append", choices=_DESKS, default=[], help="this desk is played by a person")
    _verb(verbs, "list", "the scenarios that ship, and those of the workspace")
    _verb(verbs, "schema", "the JSON Schema of a scenario's file, as docs/scenario.schema.json has it")
    report = _verb(verbs, "report", "score a drill that was run before, and write its report anew")
    report.add_argument("run", type=Path, metavar="RUN", help="the drill's folder")
    report.add_argument("--language", choices=("ko", "en"), default="", help="default: the screen's")
    record = _verb(verbs, "record", "a trainee's drills over months, or everybody's: one JSON object a line")
    record.add_argument("--trainee", default="", metavar="NAME", help="only this one")
    record.add_argument("--csv", type=Path, default=None, metavar="FILE", help="write every run as a spreadsheet too")
    export = _verb(verbs, "export", "make a scenario of a closed incident, with nobody in it who can be recognised")
    export.add_argument("incident", metavar="INCIDENT", help="its number, as the console shows it")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for the scenario")
    export.add_argument(
        "--restage", action="store_true", help="take no recordings along: `drill film` shall film every camera anew"
    )
    trainer = _verb(verbs, "trainer", "the trainer's window on a drill, running or over")
    trainer.add_argument("run", type=Path, nargs="?", metavar="RUN", help="the drill's folder; default: the workspace")
    edit = _verb(verbs, "edit", "the scenario editor")
    edit.add_argument("scenario", nargs="?", default="", metavar="SCENARIO", help="a name or a path; none: a new one")
    feeds = _verb(verbs, "feeds", "bring a recording of your own in as a camera of a scenario")
    feeds.add_argument("act", choices=("add",))
    feeds.add_argument("file", type=Path, metavar="FILE", help="any video file: what no camera sends is converted")
    feeds.add_argument("--camera", required=True, metavar="ID", help="the camera of the city that it shall be")
    feeds.add_argument(
        "--scenario", default="", metavar="FOLDER_OR_ID", help="where it goes; one that is not there yet is made"
    )
    feeds.add_argument("--start", default="", metavar="HH:MM", help="the time of day that the recording shows")
    film = _verb(verbs, "film", "film a scenario's stage into recordings that pose as its cameras")
    film.add_argument("scenario", metavar="SCENARIO", help="a name of `drill list`, or the path of a scenario")
    film.add_argument("--camera", action="append", default=[], metavar="ID", help="only this one; may be repeated")
    film.add_argument("--seconds", type=float, default=0.0, metavar="N", help="length; default: the whole stage")
    film.add_argument("--start", type=float, default=0.0, metavar="N", help="second of the stage to begin at")
    film.add_argument("--draft", action="store_true", help="draw every third picture and show it three times")
    film.add_argument("--out", type=Path, default=None, metavar="DIR", help="default: the scenario's own folder")
    direct = _verb(verbs, "direct", "the director of a drill's workspace; `drill run` starts it")
    direct.add_argument(
        "--until-done", action="store_true", help="end when everything is closed and nothing is to come"
    )
    direct.add_argument(
        "--by-hand", action="append", choices=_DESKS, default=[], help="this desk is played by a person"
    )


def _verb(verbs: Any, name: str, help_text: str) -> argparse.ArgumentParser:
    """Options after the verb keep what stood before it: their defaults are suppressed."""
    made: argparse.ArgumentParser = verbs.add_parser(name, help=help_text, description=help_text)
    made.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, help="directory with journal and ring")
    made.add_argument("--set", action="append", default=argparse.SUPPRESS, metavar="NAME=VALUE", help=argparse.SUPPRESS)
    made.set_defaults(what=name)
    return made
