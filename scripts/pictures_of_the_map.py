"""Draws the pictures of the documentation with the console's own map widget, offscreen.

    python -m scripts.pictures_of_the_map [--out docs/pictures] [--only gaon-city] [--keep DIR]

gaon-city, gaon-district, gaon-street: the sample city at three zooms. gaon-blind: the blind-spot layer.
nation, nation-seoul: 2.85 million generated cameras (benchmarks/nation.py).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import shapely
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from benchmarks.catalogue import nation_catalogue
from benchmarks.nation_shape import land
from smartcity_console.city import BaseMap, Buildings, City, Places, RoadGraph, Roads, Zones, plane
from smartcity_console.city.coverage import Question, survey
from smartcity_console.city.store.stored import stored_catalogue
from smartcity_console.clock import SystemClock
from smartcity_console.console.language import LanguageSwitch
from smartcity_console.console.map import MapWidget
from smartcity_console.console.theme import apply_theme
from smartcity_console.model.camera import Dori

SIZE = (1920, 1080)
READY_LIMIT_S = 90.0
LOOK_S = 0.02


class Studio:
    """One map at a time, shown offscreen until it is painted, then kept as a PNG."""

    def __init__(self, out: Path) -> None:
        self._out, self._clock = out, SystemClock()
        out.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, city: City, act: Callable[[MapWidget], None]) -> Path:
        """Draw a city after `act` has brought the map where it is wanted. Raises TimeoutError."""
        chart = MapWidget(city, animated=False)
        try:
            chart.resize(*SIZE)
            chart.show()
            act(chart)
            self._wait(name, chart)
            path = self._out / f"{name}.png"
            if not chart.grab().save(str(path), "PNG"):
                raise OSError(f"{path} could not be written")
            return path
        finally:
            chart.close_map()
            chart.close()

    def _wait(self, name: str, chart: MapWidget) -> None:
        """Let the map's threads run between looks;"""
        until, pause = self._clock.monotonic_s() + READY_LIMIT_S, threading.Event()
        while not chart.ready():
            QApplication.processEvents()
            pause.wait(LOOK_S)
            if self._clock.monotonic_s() > until:
                raise TimeoutError(f"{name} was not painted within {READY_LIMIT_S} s")


def about(x_m: float, y_m: float, levels: int) -> Callable[[MapWidget], None]:
    """Return an act that brings a spot to the middle, so many quarter octaves nearer than the whole city."""

    def act(chart: MapWidget) -> None:
        x_px, y_px = chart.view.to_screen(x_m, y_m)
        chart.drag_by(chart.width() / 2 - x_px, chart.height() / 2 - y_px)
        chart.zoom_by(levels, QPointF(chart.width() / 2, chart.height() / 2))

    return act


def whole(chart: MapWidget) -> None:
    """Show all of the city."""
    chart.fit_city()


def covered(city: City, act: Callable[[MapWidget], None]) -> Callable[[MapWidget], None]:
    """Return an act that shows the coverage layer too; the survey is worked out before the map is asked for frames."""
    coverage = survey(city, Question(Dori.DETECT))

    def both(chart: MapWidget) -> None:
        act(chart)
        chart.coverage.show(coverage)
        chart.set_layer_shown("coverage", True)

    return both


def nation(catalogue: Path) -> City:
    """Return the generated nation on a coarse outline of the land."""
    stored = stored_catalogue(catalogue)
    ground = Zones(np.array([land()], dtype=object), ["전국"], ["nation"])
    empty = np.array([], dtype=object)
    nothing, none, no = Zones(empty, [], []), np.array([]), np.array([], dtype=np.int64)
    base = BaseMap(
        bounds_m=tuple(shapely.bounds(land()).tolist()),
        districts=ground,
        water=nothing,
        bridges=nothing,
        parks=nothing,
        buildings=Buildings(empty, none, []),
        roads=Roads(empty, [], [], none),
        graph=RoadGraph(empty, np.empty((0, 2)), [], [], no, no, [], [], none, no, none.astype(bool), none, none),
        scene_points=Places(empty, [], []),
    )
    return City(replace(stored, name="전국", base=base))


def main(argv: list[str] | None = None) -> int:
    """Draw the pictures that are asked for; print each one's path."""
    options = _arguments(argv)
    app = QApplication.instance() or QApplication([])
    languages = LanguageSwitch(app)  # the translator goes with its owner
    languages.use("ko")
    apply_theme(app)
    studio = Studio(options.out)
    for name in options.only or PICTURES:
        city, act = _subject(name, options.keep)
        print(studio.take(name, city, act), flush=True)
    return 0


def _subject(name: str, keep: Path) -> tuple[City, Callable[[MapWidget], None]]:
    if name.startswith("nation"):
        seoul = plane.to_xy(126.99, 37.55)
        return nation(nation_catalogue(keep)), whole if name == "nation" else about(*seoul, 13)
    gaon = City.open()
    site = gaon.sites["site-gaonmart"]
    x, y = plane.xy_of(site.position)
    acts = {
        "gaon-city": whole,
        "gaon-district": about(x, y, 8),
        "gaon-street": about(x, y, 16),
    }
    return gaon, covered(gaon, about(x, y, 8)) if name == "gaon-blind" else acts[name]


PICTURES = ("gaon-city", "gaon-district", "gaon-street", "gaon-blind", "nation", "nation-seoul")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--only", action="append", choices=PICTURES)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "smartcity-benchmarks",
                        help="folder in which the generated nation's catalogue is kept")  # fmt: skip
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
