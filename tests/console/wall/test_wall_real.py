"""The wall on real decoders and a real RTSP server: what is not seen costs nothing and is back within a second."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.console.wall import WallTile, WallWidget
from smartcity_console.video.capture import DecoderPool, TileSource

TILES = 4
BACK_S = 1.0
SERVE = """
import signal, sys, threading
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds import run_feeds
from smartcity_console.settings import Settings
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_feeds(Path(sys.argv[1]), Path(sys.argv[1]), Settings().replaced({"feeds.rtsp.port": 0}), SystemClock(), stop)
"""


@pytest.fixture
def urls(tmp_path: Path) -> Iterator[list[str]]:
    """Serve one recording as four cameras: a keyframe a second, as cameras send it."""
    card = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15", "-t", "10"]
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-bf", "0", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *card, *codec, str(tmp_path / "s.mp4")], check=True)
    feeds = "".join(f'[[feed]]\nfile = "s.mp4"\ncamera = "GN-{n + 1:04}"\n' for n in range(TILES))
    (tmp_path / "feeds.toml").write_text(feeds, "utf-8")
    program = subprocess.Popen([sys.executable, "-c", SERVE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        announced = json.loads(program.stdout.readline())
        yield [f"{announced['addresses']['rtsp']}/GN-{n + 1:04}" for n in range(TILES)]
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(10)
        assert program.stdout is not None
        program.stdout.close()


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(2, SystemClock(), tiles=8)
    made.start()
    yield made
    made.stop()


def cpu_s(pool: DecoderPool) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pool.worker_pids())


def all_show(wall: WallWidget) -> bool:
    return all(widget.frame is not None for widget in wall.tile_widgets())


@pytest.mark.alone
def test_hidden_or_minimised_it_costs_no_processor_time_and_is_back_within_a_second(
    pool: DecoderPool, urls: list[str], of: Any, qtbot: Any
) -> None:
    wall = WallWidget(pool, TILES)
    qtbot.addWidget(wall)
    wall.set_cameras([WallTile(n + 1, of.seen(n + 1), TileSource.live(url)) for n, url in enumerate(urls)])
    wall.resize(800, 450)
    wall.show()
    qtbot.waitUntil(lambda: all_show(wall), timeout=30_000)
    for away, again in ((wall.hide, wall.show), (wall.showMinimized, wall.showNormal)):
        away()
        qtbot.waitUntil(lambda: not any(widget.frame for widget in wall.tile_widgets()), timeout=5000)
        qtbot.wait(300)  # the feeds' threads end
        before = cpu_s(pool)
        qtbot.wait(1000)
        assert cpu_s(pool) - before <= 0.05
        began = time.monotonic()
        again()
        qtbot.waitUntil(lambda: all_show(wall), timeout=20_000)
        took_s = time.monotonic() - began
        assert took_s <= BACK_S * slowness(), f"{took_s:.2f} s"


def slowness() -> float:
    """Return how much longer things take here than on a machine with nothing else to do, at least 1."""
    began, wall = time.process_time(), time.monotonic()
    sum(number * number for number in range(400_000))
    return max(1.0, (time.monotonic() - wall) / max(time.process_time() - began, 1e-6) * 1.2)
