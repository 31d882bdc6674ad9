"""The trainer's window on a drill's run, and the scenario editor: what they are given."""

from __future__ import annotations

import getpass
import os
import select
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from smartcity_console.clock import Clock
from smartcity_console.drill.facts import NoDrillHere, read_drill
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ids import new_id
from smartcity_console.runtime import is_running
from smartcity_console.settings import Settings

if TYPE_CHECKING:
    from smartcity_console.console.trainer.trainer_desk import TrainerParts

LOOK_S = 0.25
PROGRAMS = ("director", "gateway", "desk-police", "desk-fire", "feeds")


class FilmFailed(ConsoleError):
    code = "film_failed"
    ko = (
        "시나리오 {file} 을(를) 촬영하지 못했습니다({why}). 전에 있던 영상은 그대로입니다. 까닭을 고치고 다시 하십시오."
    )
    en = (
        "The scenario {file} could not be filmed ({why}). Films that were there are kept. Mend the cause and try again."
    )


def run_trainer(run_dir: Path, settings: Settings, clock: Clock) -> int:
    """Show the trainer's window on a run until it closes; return the exit code. Raises NoDrillHere, DrillFactsRefused."""
    from smartcity_console.console.trainer.trainer_app import run_trainer_window

    return run_trainer_window(trainer_parts(run_dir, settings, clock), clock)


def trainer_parts(run_dir: Path, settings: Settings, clock: Clock) -> TrainerParts:
    """Return what the trainer's window on a run is given. Raises NoDrillHere, DrillFactsRefused."""
    from smartcity_console.console.trainer.trainer_app import open_outside
    from smartcity_console.console.trainer.trainer_desk import TrainerParts
    from smartcity_console.drill.score.judge import score_of

    facts = read_drill(run_dir)
    if facts is None:
        raise NoDrillHere(folder=run_dir)
    journal_path = run_dir / "journal.sqlite"
    return TrainerParts(
        run_dir=run_dir,
        facts=facts,
        by=facts.trainer or getpass.getuser(),
        journal_path=journal_path,
        open_journal=lambda: SqliteJournal(journal_path, clock),
        judge=score_of,
        look=lambda: programs_of(run_dir),
        new_id=lambda prefix: new_id(prefix, clock.now(), os.urandom),
        poll_ms=settings.whole("journal.poll_ms"),
        language=settings.text("ui.language"),
        open_url=open_outside,
    )


def programs_of(run_dir: Path) -> Mapping[str, bool]:
    """Return which of a run's programs live; on a worker."""
    return {name: is_running(run_dir, name) for name in PROGRAMS}


def run_editor(scenario: str, workspace: Path, settings: Settings) -> int:
    """Show the scenario editor, on a scenario by name or path ("": a new one). Raises NoSuchScenario, ConsoleError."""
    from smartcity_console.city import City, city_path, view_polygon
    from smartcity_console.console.map import MapWidget
    from smartcity_console.console.trainer.editor.editor_app import run_editor_window
    from smartcity_console.console.trainer.editor.window import EditorParts
    from smartcity_console.drill.scenario.check import contradictions
    from smartcity_console.drill.scenario.read import find_scenario

    path = find_scenario(scenario, workspace / "scenarios") if scenario else None
    city = City.open(city_path(workspace, settings.text("city.path")))
    parts = EditorParts(
        check=lambda made, folder: contradictions(made, city, folder),
        make_map=lambda: MapWidget(city, view_polygon=lambda camera: view_polygon(city, camera)),
        film=film_by_child if find_spec("moderngl") is not None else None,
        language=settings.text("ui.language"),
    )
    return run_editor_window(parts, path)


def film_by_child(
    path: Path, told: Callable[[float], None], is_cancelled: Callable[[], bool], how: Sequence[str] = ()
) -> list[Path]:
    """Film a scenario's file in a process of its own, so that drawing never holds up a window; on a worker.

    `how`: further arguments of `drill film`, like `--draft`. Returns the films that lie beside the file afterwards,
    none when it was cancelled. Raises FilmFailed.
    """
    command = [sys.executable, "-m", "smartcity_console", "drill", "film", str(path), *how]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        last = _follow(child, told, is_cancelled)
    if is_cancelled():
        return []
    if child.returncode:
        raise FilmFailed(file=path, why=last or child.returncode)
    return sorted(path.parent.glob("*.mp4"))


def _follow(child: subprocess.Popen[bytes], told: Callable[[float], None], is_cancelled: Callable[[], bool]) -> str:
    """Tell how far the child is, and have it stop when that is wanted; return the last it said that is no figure."""
    assert child.stderr is not None
    last, rest, descriptor = "", b"", child.stderr.fileno()
    while True:
        if is_cancelled():
            child.terminate()
        if not select.select([descriptor], [], [], LOOK_S)[0]:
            continue
        piece = os.read(descriptor, 4096)
        if not piece:
            return last
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            drawn, slash, wanted = line.decode(errors="replace").strip().partition("/")
            if slash and drawn.isdigit() and wanted.isdigit():
                told(int(drawn) / max(1, int(wanted)))
            elif drawn:
                last = line.decode(errors="replace").strip()[:300]
