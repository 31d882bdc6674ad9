"""How long from the start of the console's process to the first painted map of a country, and how much memory that takes.

    python benchmarks/start.py [--data DIR] [--small] [--runs 3]

Each run is the real program, `smartcity-console console`, on a workspace with the generated nation: it says on stdout when
the map is painted. Its memory is then watched until it has made ready what the first questions need. Prints one JSON line:
the middle run's first_paint_s, the highest rss_mib (all its processes together), and all runs'.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import psutil

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from smartcity_console.clock import SystemClock

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(tempfile.gettempdir()) / "smartcity-bench"
LIMIT_S = 60.0
WATCHED_S = 6.0  # after the first paint: the buildings and their tree are read in this time
SAMPLE_S = 0.1
CLOCK = SystemClock()


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Start the program some times, print the figures and return them."""
    from benchmarks.catalogue import SMALL, nation_catalogue
    from benchmarks.nation_shape import BUILDINGS, CAMERAS

    options = _arguments(argv)
    cameras, buildings = SMALL if options.small else (CAMERAS, BUILDINGS)
    path = nation_catalogue(options.data, cameras, buildings)
    runs = [run(path) for _ in range(options.runs)]
    result: dict[str, object] = {
        "first_paint_s": round(statistics.median(one["first_paint_s"] for one in runs), 3),
        "rss_mib": max(one["rss_mib"] for one in runs),
        "cameras": cameras,
        "buildings": buildings,
        "runs": runs,
    }
    print(json.dumps(result))
    return result


def run(catalogue: Path) -> dict[str, float]:
    """Return one start's seconds, processor seconds and most memory. Raises CalledProcessError, TimeoutExpired."""
    with tempfile.TemporaryDirectory(prefix="bench-start-") as folder:
        workspace = _workspace(catalogue, Path(folder))
        command = [sys.executable, "-m", "smartcity_console", "console", "--workspace", str(workspace)]
        surroundings = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        began_s = CLOCK.monotonic_s()
        with subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as child:
            assert child.stdout is not None
            painted = _painted(child.stdout)
            painted_s = CLOCK.monotonic_s() - began_s
            processor = psutil.Process(child.pid).cpu_times() if painted else None
            peak = _watched(child) if painted else 0
            child.send_signal(signal.SIGTERM)
            child.wait(LIMIT_S)
    if child.returncode or processor is None:
        raise subprocess.CalledProcessError(child.returncode or 1, command)
    cpu_s = processor.user + processor.system
    return {"first_paint_s": round(painted_s, 3), "cpu_s": round(cpu_s, 2), "rss_mib": round(peak / 2**20, 1)}


def _workspace(catalogue: Path, folder: Path) -> Path:
    """Return a workspace of its own with the catalogue and its columns, by hard link where that is possible."""
    for path in (catalogue, *catalogue.parent.glob("columns/*/*")):
        copy = folder / path.relative_to(catalogue.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            copy.hardlink_to(path)
        except OSError:
            shutil.copy2(path, copy)
    return folder


def _painted(told: IO[str]) -> bool:
    """Wait for the line that says so; return False when the program ends without it."""
    return any(json.loads(line).get("painted") for line in told if line.startswith("{"))


def _watched(child: subprocess.Popen[str]) -> int:
    """Return the most memory in bytes that the program and its children hold at once in the next seconds."""
    process, peak, until_s = psutil.Process(child.pid), 0, CLOCK.monotonic_s() + WATCHED_S
    while CLOCK.monotonic_s() < until_s and child.poll() is None:
        peak = max(peak, sum(map(_resident, (process, *process.children(recursive=True)))))
        try:
            child.wait(SAMPLE_S)
        except subprocess.TimeoutExpired:
            continue
    return peak


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="20,000 cameras and 2,000 buildings")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
