"""What a frame of the map costs while the operator pans and zooms: times paintEvent at 60 frames a second.

    python benchmarks/map.py [--frames 600] [--size 1920x1080] [--cameras 2850000] [--data DIR] [--city FILE] [--small]

The catalogue is the generated nation of benchmarks/nation.py, made once under --data and kept; --city takes another.
Prints one JSON line: frame_p95_ms and frame_max_ms over all sizes, and each size's own figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.catalogue import nation_catalogue
from benchmarks.nation_shape import BUILDINGS, CAMERAS
from smartcity_console.city import City, plane, rank_cameras
from smartcity_console.clock import SystemClock
from smartcity_console.console.map import MapWidget
from smartcity_console.console.theme import apply_theme
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

FRAME_S = 1 / 60
SIZES = ("1920x1080",)
READY_LIMIT_S = 60.0
DATA = Path(tempfile.gettempdir()) / "smartcity-bench"
SMALL = (20_000, 2_000)


class TimedMap(MapWidget):
    """A map that notes how long each of its frames took."""

    def __init__(self, city: City) -> None:
        super().__init__(city)
        self.clock = SystemClock()
        self.frames_ms: list[float] = []
        self.cpu_ms: list[float] = []  # of the GUI thread alone: what is left when other programs hold the cores

    def paintEvent(self, event: QPaintEvent) -> None:
        began, cpu_began = self.clock.monotonic_s(), time.thread_time()
        super().paintEvent(event)
        self.frames_ms.append((self.clock.monotonic_s() - began) * 1000.0)
        self.cpu_ms.append((time.thread_time() - cpu_began) * 1000.0)


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Run the script for each size, print the figures and return them."""
    args = _arguments(argv)
    app = QApplication.instance() or QApplication([])
    apply_theme(app)
    city = City.open(args.city or _nation(args))
    by_size = {size: measure(city, size, args.frames) for size in args.size or SIZES}
    frames = [frame for sample in by_size.values() for frame in sample]
    counts = {"cameras": len(city.columns), "buildings": len(city.base.buildings), "frames": len(frames)}
    result: dict[str, object] = figures(frames) | counts
    result["sizes"] = {size: figures(sample) for size, sample in by_size.items()}
    print(json.dumps(result))
    return result


def _nation(args: argparse.Namespace) -> Path:
    cameras, buildings = SMALL if args.small else (args.cameras, args.buildings)
    return nation_catalogue(args.data, cameras, buildings)


def figures(frames: list[tuple[float, float]]) -> dict[str, float]:
    """Return median, 95th percentile and worst of (wall, CPU) milliseconds a frame."""
    wall, cpu = np.array(frames).T
    p50, p95 = np.percentile(wall, [50, 95])
    named = {"frame_p50_ms": p50, "frame_p95_ms": p95, "frame_max_ms": wall.max()}
    named |= {"frame_cpu_p95_ms": np.percentile(cpu, 95), "frame_cpu_max_ms": cpu.max()}
    return {name: round(float(ms), 2) for name, ms in named.items()}


def measure(city: City, size: str, frames: int) -> list[tuple[float, float]]:
    """Return each frame's (wall, CPU) milliseconds over a scripted pan and zoom with an incident's cameras shown."""
    chart = TimedMap(city)
    try:
        chart.resize(*(int(side) for side in size.split("x")))
        chart.show()
        _show_incident(chart, city)
        _wait_ready(chart)
        chart.frames_ms.clear()
        chart.cpu_ms.clear()
        for frame in range(frames):
            _act(chart, frame)
            _one_frame(chart)
        return list(zip(chart.frames_ms, chart.cpu_ms, strict=True))
    finally:
        chart.close_map()
        chart.close()


def _act(chart: TimedMap, frame: int) -> None:
    """Drag to and fro, with a zoom of an octave about a corner every 20 frames: from streets to the whole country, back."""
    phase = frame / 30.0
    if frame % 20 == 10:
        corner = QPointF(chart.width() * 0.3, chart.height() * 0.6)
        chart.zoom_by(-4 if (frame // 20) % 24 < 12 else 4, corner)
    elif frame % 20 < 10:
        chart.drag_by(14.0 * np.cos(phase), 9.0 * np.sin(phase))


def _one_frame(chart: TimedMap) -> None:
    began = chart.clock.monotonic_s()
    chart.update()
    while chart.clock.monotonic_s() - began < FRAME_S:
        QTest.qWait(1)


def _show_incident(chart: TimedMap, city: City) -> None:
    position = _busy_spot(city)
    now = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
    alert = Alert(
        id="alert-1",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=now,
        received_at=now,
        known=True,
        position=position,
    )
    incident = Incident(
        id="incident-1",
        version=1,
        opened_at=now,
        kind=alert.kind,
        priority=alert.priority,
        position=position,
        alerts=(alert,),
    )
    seen_by = rank_cameras(city, position, streams=())
    chart.set_open_incidents([incident])
    chart.show_incident(incident, seen_by)
    chart.set_selected_camera(seen_by[0].camera_id if seen_by else None)


def _busy_spot(city: City) -> Position:
    """Return where cameras stand thickest, to the kilometre: the hardest place to pan over."""
    columns = city.columns
    cell = np.floor(columns.x_m / 1000.0).astype(np.int64) * 10_000 + np.floor(columns.y_m / 1000.0).astype(np.int64)
    cells, counts = np.unique(cell, return_counts=True)
    members = np.flatnonzero(cell == cells[np.argmax(counts)])
    return plane.position_at(float(columns.x_m[members].mean()), float(columns.y_m[members].mean()))


def _wait_ready(chart: TimedMap) -> None:
    until = chart.clock.monotonic_s() + READY_LIMIT_S
    while not chart.ready():
        if chart.clock.monotonic_s() > until:
            raise TimeoutError(f"the map was not painted within {READY_LIMIT_S} s")
        QTest.qWait(5)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--cameras", type=int, default=CAMERAS)
    parser.add_argument("--buildings", type=int, default=BUILDINGS)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--small", action="store_true", help="20,000 cameras and 2,000 buildings")
    parser.add_argument("--size", action="append", help="width x height in pixels; may be given more than once")
    parser.add_argument("--city", default="")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main(sys.argv[1:])
