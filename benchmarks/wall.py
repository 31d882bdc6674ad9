"""What the wall costs: real RTSP streams on this machine, real decoders, the real widget.

    python benchmarks/wall.py [--tiles 16] [--source 640x360@25] [--seconds 10] [--size 1920x1080] [--workers N]

The sources are served by the project's own feeds program in a process of its own, so its cost is on the same cores.
Prints one JSON line: frames_per_tile_s (painted), frame_age_p99_ms (from capture to paint, as the tile itself shows it),
gui_gap_max_ms (longest time the Qt thread did not come round), rss_mib (console and its workers), gui_cores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.console.theme import apply_theme
from smartcity_console.console.wall import WallTile, WallWidget, tile_widget, wall_widget
from smartcity_console.model.camera import Mount, Ownership, Purpose, SeenBy, dori_class
from smartcity_console.video.capture import DecoderPool, TileSource, default_workers

START_LIMIT_S = 60.0
WARM_UP_MS = 2000


class Watch:
    """What was seen of the Qt thread and of the pictures."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.counting = False
        self.ages_ms: list[float] = []
        self.gap_max_ms = 0.0
        self._came_s = clock.monotonic_s()

    def came_round(self) -> None:
        """Note a turn of the event loop."""
        now_s = self.clock.monotonic_s()
        if self.counting:
            self.gap_max_ms = max(self.gap_max_ms, (now_s - self._came_s) * 1000)
        self._came_s = now_s

    def painted(self, captured_s: float) -> None:
        if self.counting:
            self.ages_ms.append((self.clock.monotonic_s() - captured_s) * 1000)


def watched(watch: Watch) -> type[tile_widget.TileWidget]:
    """Return a tile that tells the watch of each new picture it has painted."""

    class WatchedTile(tile_widget.TileWidget):
        _told = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if self.frame is not None and self.frame.seq != self._told:
                self._told = self.frame.seq
                watch.painted(self.frame.captured_s)

    return WatchedTile


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    app = QApplication.instance() or QApplication([])
    apply_theme(app)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), args.tiles, args.source) as urls:
        result = measure(urls, args)
    print(json.dumps(result))
    return result


def measure(urls: list[str], args: argparse.Namespace) -> dict[str, object]:
    """Show the streams, let them settle, and watch for `--seconds`."""
    watch = Watch(SystemClock())
    wall_widget.TileWidget = watched(watch)
    pool = DecoderPool(args.workers, watch.clock)
    pool.start()
    wall = WallWidget(pool, args.tiles)
    wall.resize(*(int(part) for part in args.size.split("x")))
    wall.set_cameras([WallTile(n + 1, camera(n + 1), TileSource.live(url)) for n, url in enumerate(urls)])
    wall.show()
    try:
        wait_until_all_show(wall, len(urls), watch.clock)
        return _watched(watch, pool, args)
    finally:
        wall.hide()
        pool.stop()


def wait_until_all_show(wall: WallWidget, tiles: int, clock: Clock) -> None:
    """Let Qt run until each tile has a picture. Raises SystemExit when one has none after a minute."""
    end_s = clock.monotonic_s() + START_LIMIT_S
    while not all(widget.frame for widget in wall.tile_widgets()[:tiles]):
        if clock.monotonic_s() > end_s:
            raise SystemExit("not every stream came up")
        QTest.qWait(20)


def _watched(watch: Watch, pool: DecoderPool, args: argparse.Namespace) -> dict[str, object]:
    beat = QTimer()
    beat.timeout.connect(watch.came_round)
    beat.start(1)
    QTest.qWait(WARM_UP_MS)
    here = psutil.Process()
    workers = [psutil.Process(pid) for pid in pool.worker_pids()]
    before = [sum(p.cpu_times()[:2]) for p in (here, *workers)]
    watch.counting = True
    QTest.qWait(round(args.seconds * 1000))
    watch.counting = False
    cores = [(sum(p.cpu_times()[:2]) - was) / args.seconds for p, was in zip((here, *workers), before, strict=True)]
    return {
        "tiles": args.tiles,
        "source": args.source,
        "frames_per_tile_s": round(len(watch.ages_ms) / args.tiles / args.seconds, 2),
        "frame_age_p99_ms": round(float(np.percentile(watch.ages_ms, 99)), 1),
        "gui_gap_max_ms": round(watch.gap_max_ms, 1),
        "rss_mib": round(sum(p.memory_info().rss for p in (here, *workers)) / 2**20),
        "gui_cores": round(cores[0], 2),
        "worker_cores": round(sum(cores[1:]), 2),
    }


def camera(number: int) -> SeenBy:
    density = 280.0 / number
    return SeenBy(
        camera_id=f"GN-{number:04}",
        name=f"은행로 {number}길 입구",
        ownership=Ownership.PUBLIC,
        purpose=Purpose.CRIME_PREVENTION,
        mount=Mount.FIXED,
        distance_m=20.0 * number,
        bearing_deg=45.0,
        px_per_m=density,
        dori=dori_class(density),
        in_view=True,
        direction_known=True,
        occluded=False,
        turn_s=0.0,
        has_stream=True,
        score=1.0 / number,
    )


_SERVE = """
import signal, sys, threading
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds import run_feeds
from smartcity_console.settings import Settings
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_feeds(Path(sys.argv[1]), Path(sys.argv[1]), Settings().replaced({"feeds.rtsp.port": 0}), SystemClock(), stop)
"""


@contextmanager
def served(folder: Path, tiles: int, source: str) -> Iterator[list[str]]:
    """Serve one recording as `tiles` cameras; yield their URLs."""
    encode(folder / "source.mp4", source)
    feeds = "".join(f'[[feed]]\nfile = "source.mp4"\ncamera = "GN-{n + 1:04}"\n' for n in range(tiles))
    (folder / "feeds.toml").write_text(feeds, "utf-8")
    program = subprocess.Popen([sys.executable, "-c", _SERVE, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        announced = json.loads(program.stdout.readline())
        yield [f"{announced['addresses']['rtsp']}/GN-{n + 1:04}" for n in range(tiles)]
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(10)


def encode(path: Path, source: str) -> None:
    """Make a moving test card as a camera would send it: H.264, a keyframe a second, no B-frames."""
    size, rate = re.fullmatch(r"(\d+x\d+)@(\d+)", source).groups()  # type: ignore[union-attr]
    card = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}", "-t", "10"]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-g", rate, "-bf", "0", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *card, *codec, str(path)], check=True)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=int, default=16)
    parser.add_argument("--source", default="640x360@25", help="WIDTHxHEIGHT@FPS")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--size", default="1920x1080", help="of the wall")
    parser.add_argument("--workers", type=int, default=default_workers())
    args = parser.parse_args(argv)
    if not re.fullmatch(r"\d+x\d+@\d+", args.source):
        parser.error("--source must read WIDTHxHEIGHT@FPS, such as 1920x1080@25")
    return args


if __name__ == "__main__":
    main()
