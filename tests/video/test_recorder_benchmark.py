"""The recorder's and the clip's benchmarks, small: the whole way, every picture accounted for."""

from __future__ import annotations

import runpy
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def test_the_recorder_benchmark_accounts_for_every_picture(tmp_path: Path) -> None:
    bench = runpy.run_path(str(BENCHMARKS / "recorder.py"), run_name="benchmark")
    figures = bench["main"](["--small", "--folder", str(tmp_path)])
    assert figures["packets_sent"] == figures["packets_kept"] > 4 * 50
    assert (figures["packets_lost"], figures["replacements"]) == (0, 0)
    assert 0 < figures["cores"] < 1
