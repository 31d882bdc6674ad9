"""`smartcity-console drill film SCENARIO`: films a scenario's stage into recordings that pose as its cameras."""

from __future__ import annotations

import json
import signal
import sys
import threading
from argparse import Namespace
from pathlib import Path

from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.scenario.read import find_scenario, read_scenario
from smartcity_console.model.errors import ConsoleError

EXIT_CANCELLED = 130
TOLD_EVERY = 150  # pictures


class StageParts(ConsoleError):
    code = "stage_parts_missing"
    ko = "영상을 그릴 수 없습니다: {why}. 아무것도 바뀌지 않았습니다. libegl1, libgl1-mesa-dri 꾸러미를 설치하십시오."
    en = "Nothing can be drawn: {why}. Nothing was changed. Install the packages libegl1 and libgl1-mesa-dri."


class NotOfTheStage(ConsoleError):
    code = "stage_camera_unknown"
    ko = "시나리오 {scenario}의 무대에 카메라 {camera}이(가) 없습니다. 아무것도 찍지 않았습니다. 있는 것: {known}."
    en = "The stage of {scenario} has no camera {camera}. Nothing was filmed. There are: {known}."


def run_film(options: Namespace) -> int:
    """Film, tell the progress on standard error and print one JSON line. Raises ConsoleError."""
    place = find_scenario(options.scenario, options.workspace / "scenarios")
    scenario = read_scenario(place)
    out = options.out or (place if place.is_dir() else place.parent)
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        files = _film(scenario, out, options, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    sizes = {file.name: file.stat().st_size for file in files}
    print(json.dumps({"scenario": scenario.id, "out": str(out), "bytes": sizes}, ensure_ascii=False))
    return EXIT_CANCELLED if stop.is_set() else 0


def _film(scenario: Scenario, out: Path, options: Namespace, stop: threading.Event) -> list[Path]:
    try:
        from smartcity_console.drill.stage.shoot import Progress, Shot, film
    except ImportError as error:
        raise StageParts(why=error) from error

    def tell(progress: Progress) -> None:
        if progress.drawn % TOLD_EVERY == 0 or progress.drawn == progress.wanted:
            print(f"{progress.drawn}/{progress.wanted}", file=sys.stderr, flush=True)

    known = scenario.stage.cameras if scenario.stage is not None else tuple(options.camera)
    for camera in options.camera:
        if camera not in known:
            raise NotOfTheStage(scenario=scenario.id, camera=camera, known=", ".join(known))
    shot = Shot(tuple(options.camera), options.start, options.seconds, options.draft)
    return film(scenario, out, shot, on_progress=tell, is_cancelled=stop.is_set)
