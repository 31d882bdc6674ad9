"""Builds the recorded feeds of the sample city: one process per scene, each films all its cameras in step."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from smartcity_console.city import City
from smartcity_console.drill.stage.cast import LOOP_S
from smartcity_console.drill.stage.film import FPS, Film
from smartcity_console.drill.stage.render import Renderer, Stock, open_context
from smartcity_console.drill.stage.world import SCENES, SceneSpec, World, models
from smartcity_console.model.camera import Camera

NICENESS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `scripts/build-feeds`."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = options.camera or [camera for spec in SCENES for camera in spec.camera_ids]
    span = Span(options.start, options.seconds, 3 if options.draft else 1)
    jobs = [
        Job(spec, tuple(c for c in spec.camera_ids if c in wanted), options.out, options.city, span) for spec in SCENES
    ]
    jobs = [job for job in jobs if job.camera_ids]
    with multiprocessing.get_context("spawn").Pool(min(options.processes, len(jobs))) as pool:
        for report in pool.imap_unordered(film_scene, jobs):
            sys.stdout.write(report + "\n")
    write_index(options.out, City.open(options.city))
    return 0


@dataclass(frozen=True)
class Span:
    """What of the loop is filmed; only each `every`-th picture is drawn, and shown that many times."""

    start_s: float
    seconds: float
    every: int


@dataclass(frozen=True)
class Job:
    """One scene's cameras, filmed together so that the world is built and simulated once."""

    spec: SceneSpec
    camera_ids: tuple[str, ...]
    out: Path
    city: str
    span: Span


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


def film_scene(job: Job) -> str:
    """Film one scene; returns a report. Runs in a process of its own."""
    os.nice(NICENESS)
    world = World(City.open(job.city), job.spec)
    stock = Stock(open_context(), world.scenery())
    sets = {camera: _set_up(world, camera, stock, job.out) for camera in job.camera_ids}
    for index in range(0, round(job.span.seconds * FPS), job.span.every):
        moment = world.moment(job.span.start_s + index / FPS)
        for renderer, film in sets.values():
            picture = renderer.frame(moment, index)
            for _ in range(job.span.every):
                film.add(picture)
    for _, film in sets.values():
        film.finish()
    stock.gl.release()
    return "\n".join(
        f"{film.path.name}: {film.count} pictures, {film.path.stat().st_size / 1e6:.2f} MB" for _, film in sets.values()
    )


def _set_up(world: World, camera_id: str, stock: Stock, out: Path) -> tuple[Renderer, Film]:
    view = world.views[camera_id]
    renderer = Renderer(stock, models(), view, samples=2 if view.width_px > 960 else 4)
    return renderer, Film(out / f"{camera_id}.mp4", (view.width_px, view.height_px))


def filmed_from(camera: Camera) -> list[float]:
    """Return what a recording depends on: longitude, latitude, height, azimuth, tilt and field of view."""
    pose = camera.pose
    place = (round(camera.position.lon_deg, 8), round(camera.position.lat_deg, 8))
    return [*place, pose.height_m, pose.azimuth_deg or 0.0, pose.tilt_deg, pose.hfov_deg]


def write_index(out: Path, city: City) -> None:
    """Write `feeds.toml` for the recordings that lie in a directory."""
    lines = [f"loop_s = {LOOP_S}            # all feeds loop in step", f"fps = {FPS}"]
    for spec in SCENES:
        for camera in spec.camera_ids:
            if (out / f"{camera}.mp4").is_file():
                lines += ["", "[[feed]]", f'file = "{camera}.mp4"', f'camera = "{camera}"']
                lines.append(f"filmed_from = {filmed_from(city.cameras[camera])}")
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
