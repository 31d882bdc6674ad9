"""How soon a trainee has the report: from a drill's end to the finished PDF.

    python benchmarks/drill_report.py [--runs 5] [--earlier 20] [--small]

A drill of ten minutes is made with the project's own journal, ring and sample feeds, beside earlier runs of the scenario.
Then `smartcity-console drill report RUN` is started as a program of its own, as cold as a command line is: interpreter,
imports, reading the journal, judging, stills out of the ring, page, PDF, tables. `report_s` is what a running program
takes for the same (it has the imports behind it).

Prints one JSON line: finished_pdf_s (median over the runs, start of the program to its end), worst_s, report_s (median),
events, marks, stills, pdf_kib, earlier (runs compared with). Must: 10 s.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.drill_run import BEGUN, Run, make_run
from smartcity_console.clock import SystemClock
from smartcity_console.drill.report import write_report
from smartcity_console.drill.report.runs import SCORE_FILE
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.drill.score.judge import as_json
from smartcity_console.runtime import write_atomically

CLOCK = SystemClock()
LIMIT_S = 120.0


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Measure, print the figures as one JSON line and return them."""
    args = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="drill-report-") as made:
        drills = Path(made) / "drills"
        _earlier(drills, args.earlier)
        run = make_run(drills, "now", pace=1.75)
        write_scenario(run[0], run[1])
        cold = [_command(run[0]) for _ in range(args.runs)]
        warm = [_within(run) for _ in range(args.runs)]
        figures = {
            "finished_pdf_s": round(median(cold), 2),
            "worst_s": round(max(cold), 2),
            "report_s": round(median(warm), 2),
            "events": len(run[2]),
            "marks": len(run[3].marks),
            "stills": len(list((run[0] / "report" / "stills").iterdir())),
            "pdf_kib": (run[0] / "report" / "report.pdf").stat().st_size // 1024,
            "earlier": args.earlier,
        }
    print(json.dumps(figures))
    return figures


def _earlier(drills: Path, count: int) -> None:
    for n in range(count):
        begun = BEGUN - timedelta(days=count - n)
        folder, _, _, score = make_run(drills, f"r{n}", pace=1.0 + n % 5 / 2, begun=begun, ring=False)
        write_atomically(folder / SCORE_FILE, as_json(score))


def _command(run_dir: Path) -> float:
    (run_dir / "report" / "report.pdf").unlink(missing_ok=True)
    command = [sys.executable, "-m", "smartcity_console", "drill", "report", str(run_dir)]
    began_s = CLOCK.monotonic_s()
    subprocess.run(
        command, check=True, timeout=LIMIT_S, stdout=subprocess.DEVNULL, cwd=Path(__file__).resolve().parents[1]
    )
    took_s = CLOCK.monotonic_s() - began_s
    if not (run_dir / "report" / "report.pdf").read_bytes().startswith(b"%PDF-"):
        raise SystemExit("there is no PDF")
    return took_s


def _within(run: Run) -> float:
    began_s = CLOCK.monotonic_s()
    write_report(*run, "ko")
    return CLOCK.monotonic_s() - began_s


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--earlier", type=int, default=20)
    parser.add_argument("--small", action="store_true", help="one run, two earlier ones")
    args = parser.parse_args(argv)
    if args.small:
        args.runs, args.earlier = 1, 2
    return args


if __name__ == "__main__":
    main()
