"""What the live relay costs and how late it is: cameras over RTSP, the recorder, the ring, the gateway's live part, viewers.

    python benchmarks/relay.py [--viewers 20] [--cameras 4] [--source 1280x720@25] [--mbps 4] [--seconds 10]

Four kinds of process: the feeds server (cameras), the recorder, the live part of the gateway (relay, tokens, journal and
HTTP server: `relay_server.py`), and one with all viewers (`relay_viewers.py`). A frame's send time is known from the
feeds' time line; which frames a fragment holds is read from its bytes after the run. Prints one JSON line: p50_ms, p95_ms
and p99_ms from a frame's send time until a viewer has the fragment that holds it (each frame at each viewer counts
once), cores (the gateway's live part alone), frames, dropped, viewers that got nothing (`starved`).
"""

from __future__ import annotations

import argparse
import io
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil

from smartcity_console.clock import SystemClock
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.events import Draft, HandoffRequested
from smartcity_console.model.verdict import Grade
from smartcity_console.settings import Settings
from smartcity_console.video.nal import nal_type, split_annexb, split_prefixed
from smartcity_console.video.recorder import Recorder
from smartcity_console.video.ring import RingReader

LOOP_S = 10
START_LIMIT_S = 40.0
HERE = Path(__file__).resolve().parent
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


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        encode(folder / "source.mp4", args.source, args.mbps)
        with cameras(folder, args.cameras) as told, recording(folder, told, args.cameras):
            result = measure(folder, told, args)
    print(json.dumps(result))
    return result


def measure(folder: Path, told: dict[str, Any], args: argparse.Namespace) -> dict[str, object]:
    """Start relay and viewers, let them settle, and watch for `--seconds`."""
    hand_off(folder, args.cameras)
    with program("relay_server.py", folder) as relay:
        address = json.loads(_line(relay))
        with program("relay_viewers.py", folder, json.dumps(address | {"viewers": args.viewers})) as viewers:
            _line(viewers)  # all have a picture
            process = psutil.Process(relay.pid)
            begin_s, before = time.monotonic(), sum(process.cpu_times()[:2])
            time.sleep(args.seconds)
            end_s, after = time.monotonic(), sum(process.cpu_times()[:2])
            assert viewers.stdin is not None
            viewers.stdin.write("\n")
            viewers.stdin.flush()
            got = pickle.loads(Path(_line(viewers).strip()).read_bytes())
    delays = delays_ms(folder / "source.mp4", told["addresses"]["epoch_monotonic_s"], got, begin_s, end_s)
    return _figures(args, delays, got, (after - before) / (end_s - begin_s))


def _figures(args: argparse.Namespace, delays: list[float], got: dict[str, Any], cores: float) -> dict[str, object]:
    p50, p95, p99 = np.percentile(delays, (50, 95, 99))
    return {
        "viewers": args.viewers,
        "cameras": args.cameras,
        "source": args.source,
        "mbps": args.mbps,
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
        "cores": round(cores, 3),
        "frames": len(delays),
        "starved": sum(not arrivals for arrivals in got["arrivals"]),
        "reconnects": got["reconnects"],
    }


def delays_ms(source: Path, epoch_s: float, got: dict[str, Any], begin_s: float, end_s: float) -> list[float]:
    """Return for each frame at each viewer how long after its send time it was there."""
    sent_at, loop_s = frames_of(source)
    held = {key: _frames_in(data, sent_at) for key, data in got["fragments"].items()}
    delays = []
    for arrivals in got["arrivals"]:
        for at_s, key in arrivals:
            if begin_s <= at_s <= end_s:
                phase_s = (at_s - epoch_s) % loop_s
                delays += [1000 * min((phase_s - t) % loop_s for t in times) for times in held[key]]
    return delays


def frames_of(source: Path) -> tuple[dict[bytes, list[float]], float]:
    """Return when in the loop a frame is sent, by its content, and the length of the loop."""
    sent_at: dict[bytes, list[float]] = {}
    with av.open(str(source)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.size:
                assert packet.pts is not None
                at_s = float(packet.pts * packet.time_base)
                sent_at.setdefault(_content(bytes(packet)), []).append(at_s)
        assert stream.duration is not None
        assert stream.time_base is not None
        return sent_at, float(stream.duration * stream.time_base)


def _frames_in(data: bytes, sent_at: dict[bytes, list[float]]) -> list[list[float]]:
    """Return the send times of a fragment's frames; `data` is the init segment and the fragment."""
    with av.open(io.BytesIO(data)) as container:
        contents = [_content(bytes(packet)) for packet in container.demux(video=0) if packet.size]
    return [sent_at[content] for content in contents]


def _content(sample: bytes) -> bytes:
    """Return the digest of a sample's slices: what is the same in the recording and in the fragment."""
    try:
        units = split_prefixed(sample)
    except ValueError:
        units = split_annexb(sample)
    return sha256(b"".join(unit for unit in units if nal_type("h264", unit) in (1, 5))).digest()


def hand_off(folder: Path, count: int) -> None:
    """Write the hand-off under which the viewers watch."""
    now = SystemClock().now()
    request = HandoffRequested(
        handoff_id="handoff-bench",
        agency_id="police-1",
        agency_kind=AgencyKind.POLICE,
        agency_name="bench",
        camera_ids=tuple(_names(count)),
        span_start=now - timedelta(seconds=30),
        span_end=now,
        live_until=now + timedelta(hours=1),
        basis="",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="1",
    )
    journal = SqliteJournal(folder / "journal.sqlite", SystemClock())
    journal.append(Draft("incident/bench", request, "seat/1"))
    journal.close()


@contextmanager
def cameras(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """Serve the recording as so many cameras; yield what the feeds announce."""
    feeds = "".join(f'[[feed]]\nfile = "source.mp4"\ncamera = "{name}"\n' for name in _names(count))
    (folder / "feeds.toml").write_text(feeds, "utf-8")
    command = [sys.executable, "-c", _SERVE, str(folder)]
    with _ended(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as feeds_program:
        yield json.loads(_line(feeds_program))


@contextmanager
def recording(folder: Path, told: dict[str, Any], count: int) -> Iterator[None]:
    """Record the cameras until the end; begins when each has something in the ring."""
    recorder = Recorder(folder / "ring", Settings(), SystemClock(), lambda _: None)
    recorder.update({name: f"{told['addresses']['rtsp']}/{name}" for name in _names(count)})
    recorder.start()
    try:
        ring, limit_s = RingReader(folder / "ring"), time.monotonic() + START_LIMIT_S
        while not all(ring.spans(name) for name in _names(count)):
            if time.monotonic() > limit_s:
                raise SystemExit("not every camera came up")
            time.sleep(0.1)
        yield
    finally:
        recorder.stop()


@contextmanager
def program(name: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run one of this benchmark's programs; it ends when its standard input does."""
    command = [sys.executable, str(HERE / name), *map(str, arguments)]
    pipe = subprocess.PIPE
    with _ended(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)) as made:
        yield made


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        else:
            process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit("a program of the benchmark ended early")
    return line


def _names(count: int) -> list[str]:
    return [f"GN-{number + 1:04}" for number in range(count)]


def encode(path: Path, source: str, mbps: float) -> None:
    """Make a moving test card as a camera would send it: H.264 at a steady rate, a keyframe a second, no B-pictures."""
    size, rate = source.split("@")
    noise = f"testsrc2=size={size}:rate={rate},noise=alls=20:allf=t"
    pace = ["-b:v", f"{mbps}M", "-maxrate", f"{mbps}M", "-bufsize", f"{mbps / 2}M", "-nal-hrd", "cbr"]
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", rate, "-bf", "0", "-pix_fmt", "yuv420p", *pace]
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", noise, "-t", str(LOOP_S), *codec, str(path)]
    subprocess.run(command, check=True)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--source", default="1280x720@25", help="WIDTHxHEIGHT@FPS")
    parser.add_argument("--mbps", type=float, default=4.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
