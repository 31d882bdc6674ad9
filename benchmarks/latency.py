"""How long from the camera to the paint, beside ffplay watching the same camera at the same time.

    python benchmarks/latency.py [--seconds 20] [--source 1280x720@25]

A camera made of gst-rtsp-server draws its clock into each picture. The wall's own widget and `ffplay -fflags nobuffer
-flags low_delay` show it side by side on one virtual screen (Xvfb, TCP both); a third program looks at the screen 100
times a second and reads both clocks from the pixels that are there. A picture's delay is the first look at which it was
seen less its clock; so both figures hold the encoder, the looking itself (up to 10 ms) and nothing that differs.

Prints one JSON line: p50_ms, p95_ms of the wall, ffplay_p95_ms, ratio (p95 over ffplay's p95), pictures seen of each.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

SHOWN = (640, 360)  # of each window, pixels
WARM_UP_S = 6.0
CAMERA = Path(__file__).with_name("latency_camera.py")

# Reads strips of the screen: argument 1 the display, 2 seconds to let pass, 3 seconds to look, then x,y,w of each clock.
_LOOK = """
import json, subprocess, sys, time
import numpy as np
display, wait_s, look_s = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
places = [tuple(map(int, a.split(","))) for a in sys.argv[4:]]
left, right = min(x for x, _, _ in places), max(x + w for x, _, w in places)
top, bottom = min(y for _, y, _ in places), max(y for _, y, _ in places) + 1
width, height = (right - left + 1) & ~1, bottom - top + 1
grab = ["ffmpeg", "-loglevel", "error", "-fflags", "nobuffer", "-f", "x11grab", "-draw_mouse", "0", "-framerate", "100",
        "-video_size", f"{width}x{height}", "-i", f"{display}+{left},{top}", "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo",
        "-flush_packets", "1", "pipe:1"]
BITS = 28

def clock(strip, x, y, w):
    block = w / BITS
    bits = [strip[y - top, x - left + int((n + 0.5) * block)] > 128 for n in range(BITS)]
    word = sum(int(bit) << (BITS - 1 - n) for n, bit in enumerate(bits))
    value, check = word >> 4, word & 15
    return value if value and sum(value >> s & 15 for s in range(0, 24, 4)) & 15 == check else None

pipe = subprocess.Popen(grab, stdout=subprocess.PIPE)
seen, delays = [set() for _ in places], [[] for _ in places]
began_s, looks = time.monotonic(), 0
while (now_s := time.monotonic()) < began_s + wait_s + look_s:
    data = pipe.stdout.read(width * height)
    if len(data) < width * height:
        break
    now_ms = int(time.monotonic() * 1000)
    strip = np.frombuffer(data, np.uint8).reshape(height, width)
    looks += now_s >= began_s + wait_s
    for n, place in enumerate(places):
        value = clock(strip, *place)
        if value is not None and value not in seen[n]:
            seen[n].add(value)
            if now_s >= began_s + wait_s:
                delays[n].append((now_ms - value) & 0xFFFFFF)
pipe.kill()
pipe.wait()
print(json.dumps({"delays_ms": delays, "looks_s": looks / look_s}))
"""


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    width, height, fps = re.fullmatch(r"(\d+)x(\d+)@(\d+)", args.source).groups()  # type: ignore[union-attr]
    with screen() as display, camera(width, height, fps) as url:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        told = watch(display, url, args.seconds)
    result = figures(told, args)
    print(json.dumps(result))
    return result


def figures(told: dict[str, list[list[int]]], args: argparse.Namespace) -> dict[str, object]:
    theirs, ours = (np.array(delays or [np.nan], float) for delays in told["delays_ms"])
    p95, peer = float(np.percentile(ours, 95)), float(np.percentile(theirs, 95))
    return {
        "source": args.source,
        "p50_ms": round(float(np.percentile(ours, 50)), 1),
        "p95_ms": round(p95, 1),
        "ffplay_p50_ms": round(float(np.percentile(theirs, 50)), 1),
        "ffplay_p95_ms": round(peer, 1),
        "ratio": round(p95 / peer, 3),
        "pictures": len(ours),
        "ffplay_pictures": len(theirs),
        "looks_per_s": round(float(told["looks_s"]), 1),  # type: ignore[arg-type]
    }


@contextmanager
def screen() -> Iterator[str]:
    """Start a virtual screen wide enough for both windows; yield its display."""
    read, write = os.pipe()
    size = f"{SHOWN[0] * 2}x{SHOWN[1] + 80}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as program:
        os.close(write)
        with os.fdopen(read) as told:
            yield f":{int(told.readline())}"
        program.terminate()


@contextmanager
def camera(width: str, height: str, fps: str) -> Iterator[str]:
    """Serve the clock; yield its address."""
    command = ["/usr/bin/python3", str(CAMERA), width, height, fps]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        yield f"rtsp://127.0.0.1:{int(program.stdout.readline())}/clock"
        program.terminate()


@contextmanager
def ffplay(display: str, url: str) -> Iterator[None]:
    """Let ffplay show the camera in the left half of the screen."""
    place = ["-left", "0", "-top", "0", "-x", str(SHOWN[0]), "-y", str(SHOWN[1]), "-noborder"]
    quick = ["-fflags", "nobuffer", "-flags", "low_delay", "-rtsp_transport", "tcp", "-an"]
    command = ["ffplay", "-loglevel", "error", *quick, *place, url]
    with subprocess.Popen(command, env=os.environ | {"DISPLAY": display}, stdin=subprocess.DEVNULL) as program:
        yield
        program.send_signal(signal.SIGKILL)


def watch(display: str, url: str, seconds: float) -> dict[str, list[list[int]]]:
    """Show the camera on a wall of one tile in the right half, and have both clocks read."""
    # Not at the top: Qt takes its platform from the environment when it is first used.
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication
    from wall import camera as seen_by
    from wall import wait_until_all_show

    from smartcity_console.clock import SystemClock
    from smartcity_console.console.theme import apply_theme
    from smartcity_console.console.wall import WallTile, WallWidget
    from smartcity_console.video.capture import DecoderPool, TileSource

    app = QApplication([])
    apply_theme(app)
    pool = DecoderPool(1, SystemClock())
    pool.start()
    wall = WallWidget(pool, 1)
    wall.resize(SHOWN[0], SHOWN[1] + 40)
    wall.move(SHOWN[0], 0)
    wall.set_cameras([WallTile(1, seen_by(1), TileSource.live(url))])
    wall.show()
    try:
        wait_until_all_show(wall, 1, pool.clock)
        widget = wall.tile_widgets()[0]
        assert widget.frame is not None
        height, width = widget.frame.pixels.shape[:2]
        middle = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
        places = [
            clock_place(0, 0, *SHOWN),
            clock_place(middle.x() - width // 2, middle.y() - height // 2, width, height),
        ]
        command = [sys.executable, "-c", _LOOK, display, str(WARM_UP_S), str(seconds), *places]
        # ffplay comes second: it keeps for good the delay of the first picture it shows, and a camera that has just been
        # started gives late ones.
        with ffplay(display, url), subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as looking:
            while looking.poll() is None:
                QTest.qWait(50)
            assert looking.stdout is not None
            told: dict[str, list[list[int]]] = json.loads(looking.stdout.read())
        return told
    finally:
        wall.hide()
        pool.stop()


def clock_place(x: int, y: int, width: int, height: int) -> str:
    """Return where the clock of a picture shown there lies: left edge, the middle of its height, width."""
    margin = round((1280 - 1280 // 28 * 28) / 2 / 1280 * width)
    return f"{x + margin},{y + height // 2},{width - 2 * margin}"


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--source", default="1280x720@25", help="WIDTHxHEIGHT@FPS, width 1280")
    args = parser.parse_args(argv)
    if not re.fullmatch(r"\d+x\d+@\d+", args.source):
        parser.error("--source must read WIDTHxHEIGHT@FPS")
    return args


if __name__ == "__main__":
    main()
