"""`smartcity-console drill …`: runs a drill, directs one, lists scenarios, brings recordings in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.composition.drill_end import DrillWatch, finished, order_end
from smartcity_console.composition.drill_folder import DrillFolder, Wanted, make_drill, scenario_folder
from smartcity_console.composition.programs import MAX_SEATS, Programs, other_seats
from smartcity_console.drill.facts import NoDrillHere, read_drill
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings, load_settings

OTHERS_LOOK_S = 1.0
END_LIMIT_S = 20.0
"""So long the director may take to put the end on record."""
Verb = Callable[[Namespace, Settings, Clock], int]


def run_drill_command(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Carry out one verb of `drill`. Raises ConsoleError."""
    return VERBS[options.what](options, settings, clock)


def _run(options: Namespace, _settings: Settings, clock: Clock) -> int:
    wanted = Wanted(
        scenario=options.scenario,
        operator=options.operator if options.unattended else "human",
        trainees=trainees_of(options),
        trainer=options.trainer_name,
        out=options.out,
        by_hand=frozenset(AgencyKind(kind) for kind in options.play_desk),
        overrides=tuple(options.set),
    )
    drill = make_drill(options.workspace, wanted, clock)
    print(json.dumps({"drill": str(drill.run_dir), "scenario": drill.scenario.id}, ensure_ascii=False), flush=True)
    return (_unattended if options.unattended else _attended)(drill, options, clock)


def trainees_of(options: Namespace) -> dict[str, str]:
    """Return who sits where: `--trainee NAME` at the drill's own seat, `--trainee SEAT=NAME` at that one."""
    given = options.trainee or ([f"scripted: {options.operator}"] if options.unattended else [])
    found: dict[str, str] = {}
    for one in given:
        seat, equals, name = one.partition("=")
        is_seat = bool(equals) and seat.strip().isdigit() and 1 <= int(seat) <= MAX_SEATS
        found[str(int(seat)) if is_seat else options.seat] = (name if is_seat else one).strip()
    return {seat: name for seat, name in found.items() if name}


def _unattended(drill: DrillFolder, options: Namespace, clock: Clock) -> int:
    """Let a scripted operator do it; return 0 when he came through and the report stands."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    settings = load_settings(drill.run_dir)
    programs = _programs(drill, settings, clock, ["--until-done"])
    watch = DrillWatch(drill.run_dir, settings, clock)
    try:
        programs.start()
        trouble = _play(drill, settings, options, programs, clock)
        if trouble is not None:
            print(trouble.sentence("ko"), file=sys.stderr)
            print(trouble.sentence("en"), file=sys.stderr)
            order_end(drill.run_dir, drill.facts.drill_id, clock)
        watch.wait_for_end(END_LIMIT_S)
        report = finished(drill, settings.text("ui.language"), watch, clock)
    finally:
        watch.close()
        programs.stop()
    print(json.dumps(report, ensure_ascii=False), flush=True)
    return 0 if trouble is None else 1


def _play(
    drill: DrillFolder, settings: Settings, options: Namespace, programs: Programs, clock: Clock
) -> ConsoleError | None:
    """Sit a scripted operator down; return why his script broke off."""
    from smartcity_console.composition.seat import SeatParts, take_seat
    from smartcity_console.console.unattended.drill_play import play_drill  # Qt loads only here
    from smartcity_console.console.unattended.operators import MANNERS

    pictures = drill.run_dir / "screens"
    pictures.mkdir()
    seat, lock = take_seat(drill.run_dir, options.seat)
    try:
        made = SeatParts(drill.run_dir, settings, clock, seat, programs.next_trouble)
        manner = MANNERS[options.operator]
        played = play_drill(drill.run_dir, settings, clock, made.parts(), drill.scenario, manner, pictures)
    finally:
        lock.release()
    return played.error


def _attended(drill: DrillFolder, options: Namespace, clock: Clock) -> int:
    """Open a seat for the trainee; the score and the report are there when the drill ends, the seat may stay open."""
    from smartcity_console.composition.together import run_seat

    settings = load_settings(drill.run_dir)
    programs = _programs(drill, settings, clock, [f"--by-hand={kind}" for kind in options.play_desk])
    watch = DrillWatch(drill.run_dir, settings, clock)
    reporter = threading.Thread(target=_report_at_end, args=(drill, settings, watch, clock), name="drill-report")
    starter = threading.Thread(target=_start, args=(programs,), name="start-programs")
    trainer = _open_trainer(drill.run_dir) if options.trainer else None
    starter.start()
    reporter.start()
    try:
        code = run_seat(drill.run_dir, settings, clock, programs.next_trouble, options.seat)
        if trainer is not None:
            trainer.wait()
        while other_seats(drill.run_dir, options.seat) and not watch.wait_for_end(OTHERS_LOOK_S):
            pass  # this seat was left, the others go on
    finally:
        if order_end(drill.run_dir, drill.facts.drill_id, clock):
            watch.wait_for_end(END_LIMIT_S)
        watch.close()
        reporter.join()
        starter.join()
        programs.stop()
    return code


def _report_at_end(drill: DrillFolder, settings: Settings, watch: DrillWatch, clock: Clock) -> None:
    """Wait for the end, then score and report; the seat shows both by itself."""
    if not watch.wait_for_end(None):
        return
    try:
        print(json.dumps(finished(drill, settings.text("ui.language"), watch, clock), ensure_ascii=False), flush=True)
    except ConsoleError as error:
        print(error.sentence("ko"), file=sys.stderr)


def _start(programs: Programs) -> None:
    try:
        programs.start()
        print(json.dumps({"program": "all", "addresses": programs.addresses}), flush=True)
    except ConsoleError as error:
        print(error.sentence("ko"), file=sys.stderr)


def _programs(drill: DrillFolder, settings: Settings, clock: Clock, how: list[str]) -> Programs:
    return Programs(drill.run_dir, drill.source, settings, (), clock, ["drill", "direct", *how])


def _open_trainer(run_dir: Path) -> subprocess.Popen[bytes]:
    """Open the trainer's window in a process of its own: it may hang or close without the trainee's noticing."""
    command = [sys.executable, "-m", "smartcity_console", "drill", "trainer", "--workspace", str(run_dir)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _direct(options: Namespace, settings: Settings, clock: Clock) -> int:
    from smartcity_console.city import City, city_path
    from smartcity_console.drill.director.program import Options, run_director
    from smartcity_console.drill.scenario.model import Spot
    from smartcity_console.model.geo import Position

    city = City.open(city_path(options.workspace, settings.text("city.path")))

    def station(kind: AgencyKind, spot: Spot) -> Spot | None:
        try:
            place = city.agency_for(kind, Position(spot.lon_deg, spot.lat_deg)).position
        except ConsoleError:
            return None
        return Spot(lon_deg=place.lon_deg, lat_deg=place.lat_deg)

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    how = Options(options.until_done, frozenset(AgencyKind(kind) for kind in options.by_hand))
    return run_director(options.workspace, settings, clock, station, how, stop)


def _list(options: Namespace, _settings: Settings, _clock: Clock) -> int:
    from smartcity_console.composition.drill_folder import SCENARIOS
    from smartcity_console.drill.scenario.read import FILE, read_scenario, shipped

    own = sorted(file.parent for file in (options.workspace / SCENARIOS).glob(f"*/{FILE}"))
    for folder in (*shipped(), *own):
        scenario = read_scenario(folder)
        told = {
            "id": folder.name,
            "ko": scenario.title.ko,
            "en": scenario.title.en,
            "minutes": round(scenario.duration_s / 60, 1),
            "cameras": len(scenario.feeds),
            "path": str(folder),
        }
        print(json.dumps(told, ensure_ascii=False))
    return 0


def _report(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Score and report a drill that was run before, anew: the same journal gives the same score."""
    from smartcity_console.composition.drill_end import reported
    from smartcity_console.drill.scenario.read import read_scenario

    facts = read_drill(options.run)
    if facts is None:
        raise NoDrillHere(folder=options.run)
    language = options.language or settings.text("ui.language")
    told = reported(options.run, read_scenario(options.run), facts, language, clock)
    print(json.dumps(told, ensure_ascii=False))
    return 0


def _trainer(options: Namespace, settings: Settings, clock: Clock) -> int:
    from smartcity_console.composition.drill_trainer import run_trainer

    return run_trainer(options.run or options.workspace, settings, clock)


def _edit(options: Namespace, settings: Settings, _clock: Clock) -> int:
    from smartcity_console.composition.drill_trainer import run_editor

    return run_editor(options.scenario, options.workspace, settings)


def _record(options: Namespace, settings: Settings, _clock: Clock) -> int:
    from smartcity_console.composition.drill_report import run_record

    return run_record(options, settings)


def _export(options: Namespace, settings: Settings, _clock: Clock) -> int:
    from smartcity_console.composition.drill_report import run_export

    return run_export(options, settings)


def _feeds(options: Namespace, settings: Settings, _clock: Clock) -> int:
    """Bring a trainer's own recording in as a camera."""
    from smartcity_console.city import City, city_path
    from smartcity_console.drill.feeds.adding import add_feed
    from smartcity_console.drill.feeds.program import tell

    city = City.open(city_path(options.workspace, settings.text("city.path")))
    folder = scenario_folder(options.scenario or f"own-{options.camera.lower()}", options.workspace)
    added = add_feed(options.file, options.camera, folder, city, options.start, tell)
    told = msgspec.structs.asdict(added) | {"scenario": str(added.scenario), "file": str(added.file)}
    print(json.dumps(told | {"next": f"smartcity-console drill run {folder}"}, ensure_ascii=False))
    return 0


def _film(options: Namespace, _settings: Settings, _clock: Clock) -> int:
    from smartcity_console.composition.drill_film import run_film

    return run_film(options)


def _schema(_options: Namespace, _settings: Settings, _clock: Clock) -> int:
    from smartcity_console.drill.scenario.write import schema

    print(json.dumps(schema(), indent=1, ensure_ascii=False))
    return 0


VERBS: dict[str, Verb] = {
    "run": _run,
    "direct": _direct,
    "list": _list,
    "report": _report,
    "record": _record,
    "export": _export,
    "feeds": _feeds,
    "trainer": _trainer,
    "edit": _edit,
    "film": _film,
    "schema": _schema,
}
