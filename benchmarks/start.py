"""How long from the start of a process to the first painted map of a country, and how much memory that takes.

    python benchmarks/start.py [--data DIR] [--small] [--runs 3]

Each run is a process of its own that opens the workspace's catalogue, shows the map and ends when all that is visible is
painted. Prints one JSON line: the middle run's first_paint_s and rss_mib, and all runs'.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from smartcity_console.clock import SystemClock

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(tempfile.gettempdir()) / "smartcity-bench"
LIMIT_S = 60.0
CLOCK = SystemClock()


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Start the process some times, print the figures and return them."""
    from benchmarks.catalogue import SMALL, nation_catalogue  # here: the started process must not pay for these
    from benchmarks.nation_shape import BUILDINGS, CAMERAS

    options = _arguments(argv)
    cameras, buildings = SMALL if options.small else (CAMERAS, BUILDINGS)
    path = nation_catalogue(options.data, cameras, buildings)
    runs = [run(path) for _ in range(options.runs)]
    result: dict[str, object] = {
        name: round(statistics.median(one[name] for one in runs), 3) for name in ("first_paint_s", "rss_mib")
    }
    result |= {"cameras": cameras, "buildings": buildings, "runs": runs}
    print(json.dumps(result))
    return result


def run(path: Path) -> dict[str, float]:
    """Return one start's seconds and its largest memory. Raises CalledProcessError, TimeoutExpired."""
    began = CLOCK.monotonic_s()
    command = [sys.executable, str(Path(__file__).resolve()), "--show", str(path)]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        painted_s = CLOCK.monotonic_s() - began
        child.wait(LIMIT_S)
    if child.returncode or not line:
        raise subprocess.CalledProcessError(child.returncode or 1, command)
    return {"first_paint_s": round(painted_s, 3), "rss_mib": json.loads(line)["rss_mib"]}


def show(path: Path) -> None:
    """Open a catalogue, show its map, and say when it is painted: what the started process does."""
    import resource

    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from smartcity_console.city import City
    from smartcity_console.console.map import MapWidget
    from smartcity_console.console.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    chart = MapWidget(City.open(path), animated=False)
    chart.painted.connect(lambda: _say(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    chart.painted.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    chart.resize(1920, 1080)
    chart.show()
    chart.fit_city()
    app.exec()
    chart.close_map()


def _say(rss_kib: int) -> None:
    print(json.dumps({"rss_mib": round(rss_kib / 1024, 1)}), flush=True)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="20,000 cameras and 2,000 buildings")
    return parser.parse_args(argv)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--show"]:
        show(Path(sys.argv[2]))
    else:
        main()
