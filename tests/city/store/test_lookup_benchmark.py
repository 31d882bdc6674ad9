"""The lookup benchmark runs, in small, and prints what it promises."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks import lookup


def test_it_prints_its_figures_as_its_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    result = lookup.main(["--small", "--points", "60"])
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == result
    assert result["cameras"] == 20_000 and result["buildings"] == 2_000
    assert 0.0 < result["p50_ms"] <= result["p99_ms"] <= result["max_ms"] and result["peer_p99_ms"] > 0.0
