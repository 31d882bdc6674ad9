"""How long the national file takes from CSV to catalogue, and how much memory: the real sub-command, watched from outside.

    python benchmarks/import.py [--cameras 2850000] [--csv FILE] [--small]

Prints one JSON line: seconds, rss_mib (the highest sum over all its processes), rows, imported, reported.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import nation
from smartcity_console.clock import SystemClock

ROOT = Path(__file__).resolve().parents[1]
SMALL_CAMERAS = 20_000
BAD_SHARE = 0.001
SAMPLE_S = 0.05
LIMIT_S = 900.0


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Generate the file unless one is given, import it into an empty workspace and return the figures."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        csv = args.csv or _generated(Path(folder), SMALL_CAMERAS if args.small else args.cameras)
        return imported(csv, Path(folder) / "workspace")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=nation.CAMERAS)
    parser.add_argument("--csv", type=Path, default=None, help="import this file instead of a generated one")
    parser.add_argument("--small", action="store_true", help=f"{SMALL_CAMERAS} cameras, to try the benchmark itself")
    return parser.parse_args(argv)


def _generated(folder: Path, cameras: int) -> Path:
    path = folder / "nation.csv"
    nation.write_csv(nation.generate(cameras), path, BAD_SHARE)
    return path


def imported(csv: Path, workspace: Path) -> dict[str, object]:
    """Run the sub-command and return its figures with what was measured. Raises RuntimeError when it fails."""
    clock = SystemClock()
    command = [sys.executable, "-m", "smartcity_console", "import", "cctv", str(csv), "--yes"]
    began_s = clock.monotonic_s()
    with subprocess.Popen(
        [*command, "--workspace", str(workspace)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        peak = _watch(child, clock)
        seconds = clock.monotonic_s() - began_s
        told = child.communicate()[0]
    if child.returncode:
        raise RuntimeError(f"the import ended with {child.returncode}")
    figures = json.loads(told.splitlines()[-1])
    kept = {name: figures[name] for name in ("rows", "imported", "reported", "remarks")}
    return {"seconds": round(seconds, 2), "rss_mib": round(peak / 2**20, 1), "csv_mib": csv.stat().st_size >> 20} | kept


def _watch(child: subprocess.Popen[bytes], clock: SystemClock) -> int:
    """Return the most memory in bytes that the program and its children held at once."""
    process, peak, until_s = psutil.Process(child.pid), 0, clock.monotonic_s() + LIMIT_S
    while child.poll() is None:
        peak = max(peak, _resident(process))
        if clock.monotonic_s() > until_s:
            child.kill()
        try:
            child.wait(SAMPLE_S)
        except subprocess.TimeoutExpired:
            continue
    return peak


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


if __name__ == "__main__":
    print(json.dumps(main()))
