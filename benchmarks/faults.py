"""Sixteen feeds on the wall, seven of which misbehave: does any of it cost the others, and do the tiles tell the truth?

    python benchmarks/faults.py [--size 320x180] [--seconds 16] [--workers N] [--seed N]

Real RTSP servers (`drill.feeds.faults`), real decoders, the real widget. Nine healthy cameras beside one that refuses
(503), one that is mute after open (PLAY is answered, no packet comes), one that stalls at random, one that sends noise, one
that flips resolution and codec, one whose program is killed (SIGKILL) and comes back, and one that flaps every second.

Prints one JSON line. healthy_fps_min: frames painted a second on the slowest healthy tile while the others misbehave.
gui_gap_max_ms: longest time the Qt thread did not come round; gui_gap_cpu_ms: what it used of the processor in it.
truth_max_s: from a fault to a word that is true on the tile, over all faults that lasted (`truths` has each).
back_max_s: from the end of a fault to LIVE (`backs` has each); late_s: the most by which that exceeded what the reconnect
rules allow (the wait that was left, the wall's gate, 5 s to open).
calm_fps_min and calm_gui_gap_max_ms: the same just before, when nothing misbehaves but the two that never came up,
for a machine that is busy with other things. recovered: all sixteen are LIVE in the end, by themselves. other_cores: what
programs that are none of ours took.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from wall import Watch, camera, wait_until_all_show, watched

from smartcity_console.clock import SystemClock
from smartcity_console.console.theme import apply_theme
from smartcity_console.console.wall import WallTile, WallWidget, wall_widget
from smartcity_console.video.capture import DecoderPool, TileSource, TileState, TileStatus, default_workers

HEALTHY = 9
NAMES = ("refuses", "mute", "stalls", "noise", "flips", "killed", "flaps")
PLACE = {name: HEALTHY + n for n, name in enumerate(NAMES)}  # from 0
RATE = 25
CALM_MS = 4000
BACK_LIMIT_S = 60.0
OPENS_S = 5.0
LASTS_S = 2.0  # a fault shorter than this need not be told
_NOT_LIVE = frozenset({TileState.CONNECTING, TileState.STALE, TileState.NO_SIGNAL, TileState.UNSUPPORTED})


@dataclass
class Trial:
    """One fault of one camera, and what its tile said. Times by CLOCK_MONOTONIC."""

    name: str
    what: str
    began_s: float
    ended_s: float | None = None
    told_s: float | None = None
    back_s: float | None = None
    allowed_s: float = OPENS_S
    shows: tuple[str, int] | None = None  # codec, and width of the stream in pixels


@dataclass
class Judge:
    """Looks at the tiles all the time and notes when each began to tell the truth."""

    wall: WallWidget
    clock: SystemClock
    trials: list[Trial] = field(default_factory=list)

    def begins(self, name: str, what: str, shows: tuple[str, int] | None = None) -> None:
        self.trials.append(Trial(name, what, self.clock.monotonic_s(), shows=shows))

    def ends(self, name: str) -> None:
        """Note the end of that camera's newest fault, and what the reconnect rules allow from here."""
        trial = next(one for one in reversed(self.trials) if one.name == name)
        trial.ended_s = self.clock.monotonic_s()
        retry_in_s = self.wall.pool.status(self._slot(name)).retry_in_s
        trial.allowed_s = OPENS_S + (retry_in_s or 0.0) + len(NAMES)  # the gate: three in three seconds, all at once

    def look(self) -> None:
        now_s = self.clock.monotonic_s()
        for trial in self.trials:
            status = self.wall.tile_widgets()[PLACE[trial.name]].status
            shown = self._shown_s(trial.name)
            if trial.ended_s is None and trial.told_s is None and tells_fault(status):
                trial.told_s = now_s
            fresh = trial.ended_s is not None and shown is not None and shown > trial.ended_s
            if fresh and trial.back_s is None and status.state is TileState.LIVE and not status.damaged:
                trial.back_s = now_s if trial.shows in (None, self._shows(trial.name)) else None

    def _shows(self, name: str) -> tuple[str, int]:
        widget = self.wall.tile_widgets()[PLACE[name]]
        return widget.status.codec, widget.frame.pixels.shape[1] if widget.frame is not None else 0

    def _slot(self, name: str) -> int:
        return self.wall.tile_widgets()[PLACE[name]].slot

    def _shown_s(self, name: str) -> float | None:
        frame = self.wall.tile_widgets()[PLACE[name]].frame
        return frame.captured_s if frame is not None else None

    def all_back(self) -> bool:
        return all(
            widget.status.state is TileState.LIVE and not widget.status.damaged for widget in self.wall.tile_widgets()
        )

    def figures(self) -> dict[str, object]:
        lasted = [t for t in self.trials if t.told_s or (t.ended_s or self.clock.monotonic_s()) - t.began_s > LASTS_S]
        truths = [(t, (t.told_s or t.ended_s or self.clock.monotonic_s()) - t.began_s) for t in lasted]
        last = [t for t in self.trials if t.ended_s is not None and not self._again_before_back(t)]
        backs = [(t, (t.back_s or self.clock.monotonic_s()) - (t.ended_s or 0.0)) for t in last]
        return {
            "truth_max_s": round(max(s for _, s in truths), 2),
            "untold": [f"{t.name}: {t.what}" for t in lasted if t.told_s is None],
            "back_max_s": round(max(s for _, s in backs), 2),
            "late_s": round(max(0.0, *(s - t.allowed_s for t, s in backs)), 2),
            "truths": [f"{t.name}: {t.what} {s:.2f}" for t, s in truths],
            "backs": [f"{t.name}: {t.what} {s:.2f}" for t, s in backs],
        }

    def _again_before_back(self, trial: Trial) -> bool:
        """Whether its camera's next fault began before it could come back."""
        later = [t.began_s for t in self.trials if t.name == trial.name and t.began_s > trial.began_s]
        return bool(later) and (trial.back_s is None or trial.back_s > min(later))


def tells_fault(status: TileStatus) -> bool:
    """Whether the tile says that something is wrong: no live picture, or a damaged one."""
    return status.state in _NOT_LIVE or status.damaged


# Starts and kills one program as it is told. Not done here: starting a program holds up all threads of the one that does.
_LAUNCHER = """
import json, subprocess, sys
for line in sys.stdin:
    if line.strip() == "kill":
        program.kill()
        program.wait()
        print(json.dumps({"port": 0}), flush=True)
    else:
        command = [*sys.argv[1:], "--port", line.strip()]
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(program.stdout.readline().strip(), flush=True)
"""


class Servers:
    """The cameras' programs: one for the healthy ones, one for those that misbehave, one for the one that is killed."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        healthy = [f"GN-{n + 1:04}" for n in range(HEALTHY)]
        _, port = self._start([f"{name}=main.mp4" for name in healthy])
        self._crowd, other_port = self._start([f"{name}=main.mp4" for name in NAMES if name != "killed"])
        self._launcher = self._launched(["killed=main.mp4"])
        self._port = self._say("0")
        self.urls = [f"rtsp://127.0.0.1:{port}/{name}" for name in healthy]
        self.urls += [f"rtsp://127.0.0.1:{self._port if name == 'killed' else other_port}/{name}" for name in NAMES]

    def order(self, name: str, **what: str) -> None:
        """Have a camera misbehave, or behave. Raises RuntimeError when its program does not obey."""
        assert self._crowd.stdin is not None
        assert self._crowd.stdout is not None
        self._crowd.stdin.write(json.dumps({"camera": name, **what}) + "\n")
        self._crowd.stdin.flush()
        told = json.loads(self._crowd.stdout.readline())
        if "error" in told:
            raise RuntimeError(str(told))

    def kill(self) -> None:
        self._say("kill")

    def revive(self) -> None:
        self._say(str(self._port))

    def _say(self, word: str) -> int:
        assert self._launcher.stdin is not None
        assert self._launcher.stdout is not None
        self._launcher.stdin.write(f"{word}\n")
        self._launcher.stdin.flush()
        return int(json.loads(self._launcher.stdout.readline())["port"])

    def _launched(self, cameras: list[str]) -> subprocess.Popen[str]:
        return self._run([sys.executable, "-c", _LAUNCHER, *self._program(cameras)])

    def _start(self, cameras: list[str]) -> tuple[subprocess.Popen[str], int]:
        started = self._run(self._program(cameras))
        assert started.stdout is not None
        return started, int(json.loads(started.stdout.readline())["port"])

    def _program(self, cameras: list[str]) -> list[str]:
        told = [part for camera_id in cameras for part in ("--camera", camera_id)]
        return [sys.executable, "-m", "smartcity_console.drill.feeds.faults", str(self._folder), *told]

    def _run(self, command: list[str]) -> subprocess.Popen[str]:
        started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._stack.callback(_end, started)
        return started


def _end(program: subprocess.Popen[str]) -> None:
    if program.poll() is None:
        program.kill()
    program.communicate(timeout=10)


class Script:
    """What goes wrong when, in one run of `seconds`."""

    def __init__(self, servers: Servers, judge: Judge, args: argparse.Namespace) -> None:
        self._servers, self._judge = servers, judge
        self._until_s = args.seconds
        self._width = int(args.size.split("x")[0])
        chance = random.Random(args.seed)
        self._due = sorted(self._plan(chance), key=lambda one: one[0])

    def _plan(self, chance: random.Random) -> Iterator[tuple[float, str, str, str]]:
        """Yield (when, camera, what, argument). `what`: fault, file, kill, revive."""
        end_s = self._until_s
        yield from ((end_s, name, "fault", "none") for name in ("refuses", "mute"))
        yield from ((1.0, "noise", "fault", "garbage"), (end_s, "noise", "fault", "none"))
        yield from ((1.0, "killed", "kill", ""), (end_s * 0.5, "killed", "revive", ""))
        yield from (
            (end_s * f, "flips", "file", name) for f, name in ((0.1, "small.mp4"), (0.4, "h265.mp4"), (0.7, "main.mp4"))
        )
        yield from ((0.5 + n, "flaps", "fault", ("refuse", "none")[n % 2]) for n in range(int(end_s) & ~1))
        at_s = 1.0
        while at_s < end_s - 4.0:
            lasts_s = chance.uniform(2.2, 3.8)
            yield from ((at_s, "stalls", "fault", "pause"), (at_s + lasts_s, "stalls", "fault", "none"))
            at_s += lasts_s + chance.uniform(1.0, 2.0)

    def run(self) -> None:
        """Do what is due when it is due; in a thread of its own, for it waits for programs."""
        began_s = self._judge.clock.monotonic_s()
        for due_s, name, what, argument in self._due:
            time.sleep(max(0.0, began_s + due_s - self._judge.clock.monotonic_s()))
            {"fault": self._fault, "file": self._file, "kill": self._kill, "revive": self._revive}[what](name, argument)

    def _fault(self, name: str, fault: str) -> None:
        self._servers.order(name, fault=fault)
        if fault == "none":
            self._judge.ends(name)
        else:
            self._judge.begins(name, fault)

    def _file(self, name: str, file: str) -> None:
        self._servers.order(name, file=file)
        width = self._width // 4 * 2 if file == "small.mp4" else self._width
        self._judge.begins(name, file, ("HEVC" if file == "h265.mp4" else "H264", width))
        self._judge.ends(name)

    def _kill(self, name: str, _argument: str) -> None:
        self._servers.kill()
        self._judge.begins(name, "killed")

    def _revive(self, name: str, _argument: str) -> None:
        self._servers.revive()
        self._judge.ends(name)


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Run, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    app = QApplication.instance() or QApplication([])
    apply_theme(app)
    with tempfile.TemporaryDirectory(prefix="smartcity-faults-") as folder, ExitStack() as stack:
        record(Path(folder), args.size)
        result = run(Servers(Path(folder), stack), args)
    print(json.dumps(result))
    return result


def run(servers: Servers, args: argparse.Namespace) -> dict[str, object]:
    """Show all, let the healthy ones come up, misbehave for `--seconds`, behave, and wait for all."""
    watch = Watch(SystemClock())
    with shown(servers, watch, args.workers) as (wall, judge):
        for name, fault in (("refuses", "refuse"), ("mute", "pause")):
            servers.order(name, fault=fault)
        wall.set_cameras([WallTile(n + 1, camera(n + 1), TileSource.live(url)) for n, url in enumerate(servers.urls)])
        wall.show()
        for name in ("refuses", "mute"):
            judge.begins(name, "from the beginning")
        beat = _beat(watch.came_round, 5), _beat(judge.look, 20)
        wait_until_all_show(wall, HEALTHY, watch.clock)
        QTest.qWait(1000)
        calm = _calm(judge, watch)
        result = _misbehave(servers, judge, watch, args) | calm
        del beat
    return result


@contextmanager
def shown(servers: Servers, watch: Watch, workers: int) -> Iterator[tuple[WallWidget, Judge]]:
    before, wall_widget.TileWidget = wall_widget.TileWidget, watched(watch)
    pool = DecoderPool(workers, watch.clock)
    pool.start()
    wall = WallWidget(pool, len(servers.urls))
    wall.resize(1920, 1080)
    try:
        yield wall, Judge(wall, SystemClock())
    finally:
        wall_widget.TileWidget = before
        wall.hide()
        pool.stop()


def _calm(judge: Judge, watch: Watch) -> dict[str, object]:
    """Measure the same before anything goes wrong: what this machine does at this hour without faults."""
    began_s, watch.counting = watch.clock.monotonic_s(), True
    QTest.qWait(CALM_MS)
    watch.counting = False
    told = {
        "calm_fps_min": round(_slowest(judge.wall, watch, watch.clock.monotonic_s() - began_s), 2),
        "calm_gui_gap_max_ms": round(watch.gap_max_ms(), 1),
    }
    watch.clear()
    return told


def _slowest(wall: WallWidget, watch: Watch, took_s: float) -> float:
    """Return the frames a second painted on the slowest healthy tile."""
    ages = watch.ages_ms()
    return min(len(ages.get(widget.slot, ())) / took_s for widget in wall.tile_widgets()[:HEALTHY])


def _misbehave(servers: Servers, judge: Judge, watch: Watch, args: argparse.Namespace) -> dict[str, object]:
    began_s, busy = watch.clock.monotonic_s(), Busy()
    watch.counting = True
    with ThreadPoolExecutor(1) as elsewhere:
        script = elsewhere.submit(Script(servers, judge, args).run)
        while not script.done():
            QTest.qWait(10)
        script.result()
    took_s = watch.clock.monotonic_s() - began_s
    fps_min = _slowest(judge.wall, watch, took_s)
    limit_s = watch.clock.monotonic_s() + BACK_LIMIT_S
    while not (back := judge.all_back()) and watch.clock.monotonic_s() < limit_s:
        QTest.qWait(20)
    watch.counting = False
    return {
        "tiles": len(servers.urls),
        "source": f"{args.size}@{RATE}",
        "healthy_fps_min": round(fps_min, 2),
        "gui_gap_max_ms": round(watch.gap_max_ms(), 1),
        "gui_gap_cpu_ms": round(watch.gap_cpu_ms(), 1),
        **judge.figures(),
        "recovered": back,
        "workers_replaced": judge.wall.pool.restarts,
        "seconds": round(took_s, 1),
        **busy.read(),
    }


class Busy:
    """How busy the machine was with what is none of ours."""

    def __init__(self) -> None:
        self._ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
        self._began = self._now()

    def _now(self) -> tuple[float, float, float]:
        whole = psutil.cpu_times()
        ours = sum(sum(p.cpu_times()[:2]) for p in self._ours if p.is_running() and p.status() != "zombie")
        return SystemClock().monotonic_s(), whole.user + whole.system + whole.nice + whole.softirq + whole.irq, ours

    def read(self) -> dict[str, float]:
        (took_s, all_s, ours_s) = (now - then for now, then in zip(self._now(), self._began, strict=True))
        others = max(0.0, all_s - max(0.0, ours_s)) / took_s
        return {"other_cores": round(others, 2), "load_1min": round(os.getloadavg()[0], 2)}


def _beat(call: object, every_ms: int) -> QTimer:
    timer = QTimer()
    timer.timeout.connect(call)
    timer.start(every_ms)
    return timer


def record(folder: Path, size: str) -> None:
    """Make the recordings: a keyframe a second, parameter sets in band, as cameras send them."""
    width, height = (int(part) for part in size.split("x"))
    half = f"{width // 4 * 2}x{height // 4 * 2}"
    h264 = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-bf", "0"]
    h265 = ["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"]
    in_band = {
        "main": [*h264, "-x264-params", "repeat-headers=1"],
        "small": [*h264, "-x264-params", "repeat-headers=1"],
    }
    in_band["h265"] = [*h265, "-x265-params", "repeat-headers=1:bframes=0:log-level=none"]
    for name, codec in in_band.items():
        card = ["-f", "lavfi", "-i", f"testsrc2=size={half if name == 'small' else size}:rate={RATE}", "-t", "8"]
        out = ["-g", str(RATE), "-pix_fmt", "yuv420p", str(folder / f"{name}.mp4")]
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *card, *codec, *out], check=True)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="320x180", help="of the sources")
    parser.add_argument("--seconds", type=float, default=16.0, help="of misbehaving")
    parser.add_argument("--workers", type=int, default=default_workers())
    parser.add_argument("--seed", type=int, default=7, help="of the stalls")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
