"""What recording costs: many RTSP cameras into the ring, and whether every picture that was sent is in it.

    python benchmarks/recorder.py [--cameras 64] [--mbps 4] [--seconds 60] [--small]

The cameras are one cheap process of their own (recorder_source.py); both share this machine, but only the recorder's
process counts. Every picture carries its number in an SEI. Afterwards the ring is read: for each camera the numbers must
run from the first to the last that was sent, each once, and the picture must be the source's to the byte.

Prints one JSON line: packets_sent, packets_lost (missing, damaged or twice), cores (user and system time of the recorder's
process over the measured time), source_cores, late_p99_ms (from when a picture was due to when it was in the ring's clock).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from smartcity_console.clock import SystemClock
from smartcity_console.settings import Settings
from smartcity_console.video.nal import split_annexb
from smartcity_console.video.recorder import Recorder
from smartcity_console.video.ring import RingReader
from smartcity_console.video.ring.reader import read_segment

FPS = 25
LOOP_S = 10
START_LIMIT_S = 90.0
_TAG = b"smartcity-number"


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory(dir=args.folder) as made:
        folder = Path(made)
        recording = encode(folder / "source.h264", args.mbps)
        figures = measure(folder, recording, args)
    print(json.dumps(figures))
    return figures


def measure(folder: Path, recording: Path, args: argparse.Namespace) -> dict[str, Any]:
    ring_root = folder / "ring"
    with source(recording, args) as (port, program):
        recorder = Recorder(ring_root, Settings(), SystemClock(), lambda _: None)
        recorder.update({f"C{n}": f"rtsp://127.0.0.1:{port}/{n}" for n in range(args.cameras)})
        recorder.start()
        try:
            cores, sent = _watch(recorder, program, args)
        finally:
            recorder.stop()
    lost, kept = verify(ring_root, recording, sent["sent"])
    return {
        "cameras": args.cameras,
        "mbps": args.mbps,
        "seconds": round(sent["seconds"], 1),
        "packets_sent": sum(count for _, count in sent["sent"].values()),
        "packets_kept": kept,
        "packets_lost": lost,
        "cores": round(cores, 3),
        "source_cores": round(sent["cpu_s"] / sent["seconds"], 3),
        "replacements": recorder.replacements,
    }


def _watch(
    recorder: Recorder, program: subprocess.Popen[str], args: argparse.Namespace
) -> tuple[float, dict[str, Any]]:
    """Wait until all cameras are recorded, then take the process's time until the source has sent all."""
    end_s = time.monotonic() + START_LIMIT_S
    while not (recorder.last_beat and recorder.last_beat.connected == args.cameras):
        if time.monotonic() > end_s:
            raise SystemExit(f"not every camera came up: {recorder.last_beat}")
        time.sleep(0.05)
    process = psutil.Process(recorder.child_pid)
    before, began_s = sum(process.cpu_times()[:2]), time.monotonic()
    assert program.stdout is not None
    sent = json.loads(program.stdout.readline())
    cores = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began_s)
    time.sleep(1.0)  # what is under way
    return cores, sent


def verify(ring_root: Path, recording: Path, sent: dict[str, list[int]]) -> tuple[int, int]:
    """Return (lost, kept): a picture is kept when it is there once, in its place, with the source's own units."""
    originals = [_pictures(data) for data in _access_units(recording)]
    reader, lost, kept = RingReader(ring_root), 0, 0
    for camera, (first, count) in sent.items():
        expected = first
        for path in reader.paths(f"C{camera}"):
            for taken in read_segment(path):
                number, units = _numbered(taken.record.payload)
                if number == expected and units == originals[number % len(originals)]:
                    kept += 1
                else:
                    print(f"camera {camera}: picture {number} where {expected} should be", file=sys.stderr)
                expected = number + 1
        lost += count - (expected - first) if expected < first + count else 0
    total = sum(count for _, count in sent.values())
    return max(lost, total - kept), kept


def _access_units(recording: Path) -> Iterator[bytes]:
    import av

    with av.open(str(recording), "r", format="h264") as container:
        yield from (bytes(packet) for packet in container.demux(video=0) if packet.size)


def _pictures(data: bytes) -> list[bytes]:
    return [unit for unit in split_annexb(data) if unit[0] & 0x1F not in (7, 8, 9)]


def _numbered(payload: bytes) -> tuple[int, list[bytes]]:
    units = _pictures(payload)
    at = units[0].find(_TAG) + len(_TAG)
    return int(units[0][at : at + 8], 16), units[1:]


@contextmanager
def source(recording: Path, args: argparse.Namespace) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run the cameras; yield their port and the process."""
    program = Path(__file__).with_name("recorder_source.py")
    facts = [str(recording), str(args.cameras), str(FPS), str(args.seconds)]
    command = [sys.executable, str(program), *facts]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield json.loads(running.stdout.readline())["port"], running
        finally:
            running.kill()


def encode(path: Path, mbps: float) -> Path:
    """Make a loop as a camera would send it: H.264 at a constant rate, a keyframe a second, no B-pictures."""
    card = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate={FPS}", "-t", str(LOOP_S), "-vf", "noise=alls=20:allf=t"]
    rate = f"{round(mbps * 1000)}k"
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", str(FPS), "-bf", "0", "-pix_fmt", "yuv420p"]
    limits = ["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate]
    cbr = ["-x264-params", "nal-hrd=cbr:scenecut=0:aud=1:repeat-headers=1"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *card, *codec, *limits, *cbr, str(path)], check=True)
    return path


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=64)
    parser.add_argument("--mbps", type=float, default=4.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--small", action="store_true", help="four cameras for three seconds: does the bench itself work?"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the ring is written; the system's temporary one if not given"
    )
    args = parser.parse_args(argv)
    if args.small:
        args.cameras, args.seconds = 4, 3.0
    return args


if __name__ == "__main__":
    main()
