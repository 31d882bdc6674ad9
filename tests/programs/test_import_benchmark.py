"""The benchmark of the national import, on a small nation: the whole way through the real sub-command."""

from __future__ import annotations

import runpy
from pathlib import Path

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "import.py"


def test_the_benchmark_accounts_for_every_row() -> None:
    figures = runpy.run_path(str(BENCHMARK), run_name="benchmark")["main"](["--small"])
    assert figures["rows"] == 20_000 == figures["imported"] + figures["reported"]
    assert figures["reported"] >= 10  # damaged on purpose
    assert figures["seconds"] > 0 and 30 < figures["rss_mib"] < 1024
