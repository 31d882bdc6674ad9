"""Builds the recorded feeds of the sample city: one process per core, each films whole cameras."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city import City
from smartcity_console.drill.stage.cast import LOOP_S
from smartcity_console.drill.stage.film import FPS, encode, rate_for
from smartcity_console.drill.stage.render import Renderer, open_context
from smartcity_console.drill.stage.world import SCENES, World, models, scene_of_camera

NICENESS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `scripts/build-feeds`."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    cameras = options.camera or [camera for spec in SCENES for camera in spec.camera_ids]
    jobs = [
        (camera, options.out, options.city, options.start, options.seconds, options.draft)
        for camera in _heavy_first(cameras)
    ]
    with multiprocessing.get_context("spawn").Pool(min(options.processes, len(jobs)), maxtasksperchild=1) as pool:
        for line in pool.imap_unordered(film_camera, jobs):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    write_index(options.out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build-feeds", description="Render the sample feeds from the sample city.")
    parser.add_argument("--camera", action="append", help="only this camera (may be given several times)")
    parser.add_argument("--seconds", type=float, default=LOOP_S, help="length; the shipped feeds have the whole loop")
    parser.add_argument("--start", type=float, default=0.0, help="second of the loop to begin at")
    parser.add_argument("--draft", action="store_true", help="film every third picture and show it three times")
    parser.add_argument("--out", type=Path, default=Path("sample_feeds"))
    parser.add_argument("--city", default="", help="a city's GeoPackage; empty is the sample city")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser


def _heavy_first(cameras: Sequence[str]) -> list[str]:
    """Return the cameras with the 1080p ones in front, so that the processes finish together."""
    return sorted(cameras, key=lambda camera: camera not in ("GN-0001", "GN-0006"))


Job = tuple[str, Path, str, float, float, bool]


def film_camera(job: Job) -> str:
    """Render and encode one camera; returns a line of report. Runs in a process of its own."""
    camera_id, out, city_path, start_s, seconds, draft = job
    os.nice(NICENESS)
    os.environ.setdefault("LP_NUM_THREADS", "1")
    world = World(City.open(city_path), scene_of_camera(camera_id))
    view = world.views[camera_id]
    path = out / f"{camera_id}.mp4"
    pictures = _pictures(world, camera_id, start_s, seconds, 3 if draft else 1)
    count = encode(pictures, (view.width_px, view.height_px), path, rate_for(view.width_px))
    return f"{camera_id}: {count} frames, {path.stat().st_size / 1e6:.2f} MB"


def _pictures(world: World, camera_id: str, start_s: float, seconds: float, every: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the pictures of one camera; only each `every`-th is drawn, and shown that many times."""
    view = world.views[camera_id]
    samples = 2 if view.width_px > 960 else 4
    renderer = Renderer(open_context(), world.scenery(camera_id), models(), view, samples=samples)
    try:
        for index in range(0, round(seconds * FPS), every):
            yield from [renderer.frame(world.moment(start_s + index / FPS), index)] * every
    finally:
        renderer.release()


def write_index(out: Path) -> None:
    """Write `feeds.toml` for the recordings that lie in a directory."""
    lines = [f"loop_s = {LOOP_S}            # all feeds loop in step", f"fps = {FPS}"]
    for spec in SCENES:
        for camera in spec.camera_ids:
            if (out / f"{camera}.mp4").is_file():
                lines += ["", "[[feed]]", f'file = "{camera}.mp4"', f'camera = "{camera}"']
    for spec in SCENES:
        lines += ["", "[[scene]]", f'id = "{spec.id}"', f'site = "{spec.site_id}"', f'account = "{spec.account}"']
        lines += [
            f'code = "{spec.code}"',
            f'zone = "{spec.zone}"',
            f"at_s = {spec.at_s}      # when in the loop the act begins",
        ]
    (out / "feeds.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
