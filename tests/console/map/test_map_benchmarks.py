"""The map's benchmarks run to their end on a small nation and name the figures that were agreed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import map as map_benchmark
from benchmarks import start


@pytest.mark.usefixtures("qapp")
def test_map_and_start_print_their_figures(tmp_path: Path) -> None:
    common = ["--small", "--data", str(tmp_path)]
    painted = map_benchmark.main([*common, "--frames", "24"])
    assert painted["cameras"] == 20_000 and float(str(painted["frame_p95_ms"])) > 0
    assert float(str(painted["frame_max_ms"])) >= float(str(painted["frame_p95_ms"]))
    started = start.main([*common, "--runs", "1"])
    assert float(str(started["first_paint_s"])) > 0 and float(str(started["rss_mib"])) > 50
