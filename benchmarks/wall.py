"""What the wall costs: real RTSP streams on this machine, real decoders, the real widget.

    python benchmarks/wall.py [--tiles 16] [--source 640x360@25] [--seconds 10] [--settle 10] [--size 1920x1080]
                              [--workers N] [--content cctv|quiet|testcard] [--decoder auto|opencv]

The sources are served by the project's own feeds program in a process of its own, so its cost is on the same cores
(`server_cores`). Each camera plays the same recording from another moment on, as real cameras are not in step. The
default content is a drawn street with moving things and sensor noise, coded as a camera does: 4 Mbit/s at 1080p, 1 Mbit/s
at 360p, main profile, a keyframe every two seconds, no B-frames. `quiet` is the same street without noise at constant
quality, as a camera that denoises sends it at night; `testcard` is ffmpeg's testsrc2, an extreme.

All cameras are opened at once and each server begins with up to two seconds it has kept, so the first seconds are a burst
of their own: they are told apart as `settling`.

Prints one JSON line. frames_per_tile_s, frames_slowest_tile_s: painted. frame_age_p99_ms: from capture to paint, as the
tile itself shows it. gui_gap_max_ms: longest time the Qt thread did not come round. rss_mib: console and its workers.
ratio_cpu: CPU time of console and workers for each frame decoded, over that of a loop that only grabs the same streams by
OpenCV, measured right after in the same run; ratio_cpu_painted: the same for each frame painted. grab_cores: what
grabbing all of them would take, before anything is scaled or painted. other_cores: what programs that are none of ours
took of the machine meanwhile. easing: how far each decoder had to be spared at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
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
GRAB_S = 5.0
SAMPLE = Path(__file__).parents[1] / "sample_feeds" / "GN-0001.mp4"
CONTENT = {
    "cctv": "drawn street, moving things, temporal noise; x264 main, no B, gop 2 s, 4 Mbit/s at 1080p, 1 Mbit/s at 360p",
    "quiet": "the same street without noise; x264 main, no B, gop 2 s, crf 26, rate as it comes up to that of cctv",
    "testcard": "ffmpeg testsrc2; x264 main, no B, gop 2 s, rate as it comes",
}


class Watch:
    """What was seen of the Qt thread and of the pictures."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.counting = False
        self._ages_ms: dict[int, list[float]] = defaultdict(list)
        self._gap_max_ms = self._gap_cpu_ms = 0.0
        self._came_s, self._used_s = clock.monotonic_s(), time.thread_time()

    def came_round(self) -> None:
        """Note a turn of the event loop."""
        now_s, used_s = self.clock.monotonic_s(), time.thread_time()
        gap_ms = (now_s - self._came_s) * 1000
        if self.counting and gap_ms > self._gap_max_ms:
            self._gap_max_ms, self._gap_cpu_ms = gap_ms, (used_s - self._used_s) * 1000
        self._came_s, self._used_s = now_s, used_s

    def painted(self, tile: int, captured_s: float) -> None:
        if self.counting:
            self._ages_ms[tile].append((self.clock.monotonic_s() - captured_s) * 1000)

    def painted_frames(self) -> int:
        return sum(map(len, self._ages_ms.values()))

    def tiles(self) -> list[int]:
        return sorted(self._ages_ms)

    def ages_ms(self) -> dict[int, list[float]]:
        """Return the age of each painted picture, by slot."""
        return self._ages_ms

    def clear(self) -> None:
        """Forget what was counted."""
        self._ages_ms.clear()
        self._gap_max_ms = self._gap_cpu_ms = 0.0

    def gap_max_ms(self) -> float:
        return self._gap_max_ms

    def gap_cpu_ms(self) -> float:
        """Return what the Qt thread itself used of the processor in the longest gap: the rest of it, it waited."""
        return self._gap_cpu_ms

    def figures(self, took_s: float, shown: int) -> dict[str, object]:
        """Return the figures over `shown` tiles; one that painted nothing counts as 0."""
        each = [len(ages) / took_s for ages in self._ages_ms.values()] + [0.0] * (shown - len(self._ages_ms))
        if not self._ages_ms:
            return {"frames_per_tile_s": 0.0, "frames_slowest_tile_s": 0.0}
        worst_ms = max(float(np.percentile(ages, 99)) for ages in self._ages_ms.values())
        every = np.concatenate(list(self._ages_ms.values()))
        return {
            "frames_per_tile_s": round(sum(each) / shown, 2),
            "frames_slowest_tile_s": round(min(each), 2),
            "frame_age_p99_ms": round(float(np.percentile(every, 99)), 1),
            "frame_age_p99_worst_tile_ms": round(worst_ms, 1),
            "gui_gap_max_ms": round(self._gap_max_ms, 1),
        }


def watched(watch: Watch) -> type[tile_widget.TileWidget]:
    """Return a tile that tells the watch of each new picture it has painted."""

    class WatchedTile(tile_widget.TileWidget):
        _told = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if self.frame is not None and self.frame.seq != self._told:
                self._told = self.frame.seq
                watch.painted(self.slot, self.frame.captured_s)

    return WatchedTile


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    app = QApplication.instance() or QApplication([])
    apply_theme(app)
    with served(recording(args.source, args.content), args.tiles) as (urls, server):
        result = measure(urls, server, args)
        result |= compared(result, urls)
    print(json.dumps(result))
    return result


def compared(result: dict[str, object], urls: list[str]) -> dict[str, object]:
    """Run the loop that only grabs, and say how we compare."""
    done = subprocess.run(
        [sys.executable, "-c", _GRAB, str(GRAB_S), *urls], capture_output=True, text=True, check=True, timeout=120
    )
    grab_ms = float(json.loads(done.stdout)["ms_per_frame"])
    ours_ms = result["cpu_ms_per_frame"], result["cpu_ms_per_frame_painted"]
    ratios = [round(float(ms) / grab_ms, 2) for ms in ours_ms]  # type: ignore[arg-type]
    rate = len(urls) * int(str(result["source"]).partition("@")[2])
    return {
        "grab_ms_per_frame": round(grab_ms, 3),
        "grab_cores": round(grab_ms * rate / 1000, 2),
        "ratio_cpu": ratios[0],
        "ratio_cpu_painted": ratios[1],
    }


def measure(urls: list[str], server: psutil.Process, args: argparse.Namespace) -> dict[str, object]:
    """Show the streams, let them settle, and watch for `--seconds`."""
    watch = Watch(SystemClock())
    wall_widget.TileWidget = watched(watch)
    pool = DecoderPool(args.workers, watch.clock, decoder=args.decoder)
    pool.start()
    wall = WallWidget(pool, args.tiles)
    wall.resize(*(int(part) for part in args.size.split("x")))
    wall.set_cameras([WallTile(n + 1, camera(n + 1), TileSource.live(url)) for n, url in enumerate(urls)])
    wall.show()
    try:
        wait_until_all_show(wall, len(urls), watch.clock)
        return _watched(watch, pool, server, args)
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


def _watched(watch: Watch, pool: DecoderPool, server: psutil.Process, args: argparse.Namespace) -> dict[str, object]:
    beat = QTimer()
    beat.timeout.connect(watch.came_round)
    beat.start(5)  # fine enough to see a gap of 50 ms, and cheap
    watch.came_round()
    watch.counting = True
    QTest.qWait(round(args.settle * 1000))
    settling = {"seconds": args.settle} | (watch.figures(args.settle, args.tiles) if args.settle else {})
    watch.clear()
    meters = Meters(psutil.Process(), [psutil.Process(pid) for pid in pool.worker_pids()], server, pool)
    QTest.qWait(round(args.seconds * 1000))
    watch.counting = False
    about = {"tiles": args.tiles, "source": args.source, "content": f"{args.content}: {CONTENT[args.content]}"}
    return about | meters.read(watch) | {"settling": settling}


class Meters:
    """Processor time, memory and decoded frames between two moments."""

    def __init__(
        self, here: psutil.Process, workers: list[psutil.Process], server: psutil.Process, pool: DecoderPool
    ) -> None:
        self._here, self._workers, self._server, self._pool = here, workers, server, pool
        self._before = self._now()
        self._began_s = time.monotonic()

    def _now(self) -> dict[str, float]:
        whole = psutil.cpu_times()
        return {
            "gui": sum(self._here.cpu_times()[:2]),
            "worker": sum(sum(p.cpu_times()[:2]) for p in self._workers),
            "server": sum(self._server.cpu_times()[:2]),
            "all": whole.user + whole.system + whole.nice + whole.softirq + whole.irq,
            "decoded": float(sum(self._pool.decoded())),
        }

    def read(self, watch: Watch) -> dict[str, object]:
        took_s = time.monotonic() - self._began_s
        spent = {name: now - self._before[name] for name, now in self._now().items()}
        ours_s, painted = spent["gui"] + spent["worker"], watch.painted_frames()
        cores = {f"{name}_cores": round(spent[name] / took_s, 2) for name in ("gui", "worker", "server")}
        others_s = spent["all"] - ours_s - spent["server"]
        rss = sum(p.memory_info().rss for p in (self._here, *self._workers))
        return {
            **watch.figures(took_s, len(self._pool.decoded())),
            "rss_mib": round(rss / 2**20),
            "cpu_ms_per_frame": round(ours_s / spent["decoded"] * 1000, 3),
            "cpu_ms_per_frame_painted": round(ours_s / painted * 1000, 3),
            **cores,
            "other_cores": round(max(0.0, others_s) / took_s, 2),
            "easing": [self._pool.status(tile).easing.name.lower() for tile in watch.tiles()],
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


# Each camera's clock begins at another moment: sixteen keyframes at once are nothing that real cameras send.
_SERVE = """
import asyncio, json, signal, socket, sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.mount import LoopClock, Mount
from smartcity_console.drill.feeds.recording import read_recording
from smartcity_console.drill.feeds.server import RtspServer

async def main():
    recording, clock = read_recording(Path(sys.argv[1])), SystemClock()
    begin_s = clock.monotonic_s()
    loop_s = recording.duration_s
    phases_s = [begin_s - n * 0.618034 * loop_s % loop_s for n in range(int(sys.argv[2]))]
    mounts = [Mount(f"GN-{n + 1:04}", recording, LoopClock(clock, s), loop_s) for n, s in enumerate(phases_s)]
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = RtspServer(mounts, clock)
    await server.start(sock)
    print(sock.getsockname()[1], flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await server.close()

asyncio.run(main())
"""

_GRAB = """
import json, os, sys, threading, time
os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp|flags;low_delay|analyzeduration;100000"
from smartcity_console.video.capture.opencv import cv2

frames, counting, going = [0] * len(sys.argv[2:]), False, True
def grab(number, capture):
    while going and capture.grab():
        frames[number] += counting
captures = [cv2.VideoCapture(url, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1]) for url in sys.argv[2:]]
threads = [threading.Thread(target=grab, args=item, daemon=True) for item in enumerate(captures)]
for thread in threads:
    thread.start()
time.sleep(2)  # what came while the others were being opened
counting, began_s = True, time.process_time()
time.sleep(float(sys.argv[1]))
counting, spent_s = False, time.process_time() - began_s
print(json.dumps({"ms_per_frame": spent_s / sum(frames) * 1000}), flush=True)
os._exit(0)
"""


@contextmanager
def served(recording: Path, tiles: int) -> Iterator[tuple[list[str], psutil.Process]]:
    """Serve one recording as `tiles` cameras; yield their URLs and the serving process."""
    command = [sys.executable, "-c", _SERVE, str(recording), str(tiles)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        port = int(program.stdout.readline())
        yield [f"rtsp://127.0.0.1:{port}/GN-{n + 1:04}" for n in range(tiles)], psutil.Process(program.pid)
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(10)


def recording(source: str, content: str) -> Path:
    """Return the recording to serve; one made before by the same recipe is taken again."""
    key = hashlib.sha256(inspect.getsource(encode).encode()).hexdigest()[:12]
    path = Path(tempfile.gettempdir()) / f"smartcity-wall-{source}-{content}-{key}.mp4"
    if not path.exists():
        encode(path.with_suffix(".part.mp4"), source, content)
        path.with_suffix(".part.mp4").rename(path)
    return path


def encode(path: Path, source: str, content: str) -> None:
    """Make ten seconds of a stream as a camera would send it."""
    width, height, rate = re.fullmatch(r"(\d+)x(\d+)@(\d+)", source).groups()  # type: ignore[union-attr]
    size, kbps = f"{width}:{height}", max(500, round(4000 * (int(width) * int(height) / (1920 * 1080)) ** 0.63))
    if content == "testcard":
        made = ["-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate={rate}"]
    else:
        car = f"testsrc2=size=320x180:rate={rate}"
        cars = "".join(
            f";[1:v]scale=iw/{4 - n}:-2[c{n}];[v{n}][c{n}]overlay=x='mod(t*{130 + 90 * n},W)':y=H*{0.45 + n * 0.12}[v{n + 1}]"
            for n in range(3)
        )
        noise = "noise=alls=6:allf=t," if content == "cctv" else ""
        noisy = f"[v3]scale={size}:flags=area,{noise}fps={rate}"
        street = ["-stream_loop", "-1", "-ss", "36", "-i", str(SAMPLE), "-f", "lavfi", "-i", car]
        made = [*street, "-filter_complex", f"[0:v]fps={rate}[v0]{cars};{noisy}"]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-bf", "0", "-g", str(int(rate) * 2)]
    most = ["-maxrate", f"{kbps}k", "-bufsize", f"{kbps}k"]
    budget = {"testcard": [], "quiet": ["-crf", "26", *most], "cctv": ["-b:v", f"{kbps}k", *most]}[content]
    end = ["-pix_fmt", "yuv420p", "-an", "-t", "10", str(path)]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *made, *codec, *budget, *end], check=True)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=int, default=16)
    parser.add_argument("--source", default="640x360@25", help="WIDTHxHEIGHT@FPS")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--settle", type=float, default=10.0, help="seconds after every tile shows, told apart")
    parser.add_argument("--size", default="1920x1080", help="of the wall")
    parser.add_argument("--workers", type=int, default=default_workers())
    parser.add_argument("--content", choices=sorted(CONTENT), default="cctv")
    parser.add_argument("--decoder", choices=("auto", "opencv"), default="auto")
    args = parser.parse_args(argv)
    if not re.fullmatch(r"\d+x\d+@\d+", args.source):
        parser.error("--source must read WIDTHxHEIGHT@FPS, such as 1920x1080@25")
    return args


if __name__ == "__main__":
    main()
