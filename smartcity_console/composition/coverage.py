"""`smartcity-console coverage`: answers the planner's question and leaves it as files."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TextIO

from smartcity_console.city import City, city_path
from smartcity_console.city.coverage import Coverage, Ground, Question, ViewCache, blind_spots, export, survey
from smartcity_console.clock import Clock
from smartcity_console.model.camera import Dori
from smartcity_console.settings import Settings

BAR = 30
REDRAW_S = 0.1


class ProgressBar:
    """A bar on a terminal, a line at the end elsewhere."""

    def __init__(self, out: TextIO, what: str, clock: Clock) -> None:
        self._out, self._what, self._clock = out, what, clock
        self._drawn_s = -1.0

    def __call__(self, done: int, whole: int) -> None:
        now_s = self._clock.monotonic_s()
        if done < whole and (not self._out.isatty() or now_s - self._drawn_s < REDRAW_S):
            return
        self._drawn_s = now_s
        filled = BAR if not whole else done * BAR // whole
        end = "\n" if done >= whole else "\r"
        self._out.write(f"{self._what} [{'#' * filled}{'.' * (BAR - filled)}] {done:,}/{whole:,}{end}")
        self._out.flush()


def cache_path(workspace: Path) -> Path:
    """Return where a workspace keeps what its cameras see."""
    return workspace / "coverage" / "views.sqlite"


def run_coverage(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Work out, write, and print one JSON line. Raises UnknownDistrict, CoverageFailed, CoverageNotWritten."""
    city = City.open(city_path(options.workspace, settings.text("city.path")))
    question = Question(Dori(options.dori), Ground(options.ground), options.turning)
    bar = ProgressBar(sys.stderr, "감시 범위 / coverage", clock)
    with ViewCache(cache_path(options.workspace)) as cache:
        coverage = survey(city, question, options.district, cache=cache, on_progress=bar)
    spots = blind_spots(city, coverage, public_alone=options.public_alone, min_area_m2=options.min_area)
    files = export(coverage, spots, options.out)
    print(json.dumps(summary(coverage, len(spots), files), ensure_ascii=False))
    return 0


def summary(coverage: Coverage, spots: int, files: list[Path]) -> dict[str, object]:
    """Return the figures of the whole in one flat object."""
    told: dict[str, object] = {"city": coverage.city_name, "class": coverage.question.dori.value}
    told |= {"districts": len(coverage.districts), "ground_m2": round(coverage.area_m2("ground"))}
    for part in ("seen_public", "seen_all", "perhaps", "blind"):
        told |= {f"{part}_m2": round(coverage.area_m2(part)), f"{part}_pct": round(100 * coverage.share(part), 2)}
    return told | {"blind_spots": spots, "files": [str(path) for path in files]}
