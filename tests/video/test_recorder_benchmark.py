"""The recorder's and the clip's benchmarks, small: the whole way, every picture accounted for."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from smartcity_console.drill.feeds.testcard import write_testcard

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def test_the_recorder_benchmark_accounts_for_every_picture(tmp_path: Path) -> None:
    bench = runpy.run_path(str(BENCHMARKS / "recorder.py"), run_name="benchmark")
    figures = bench["main"](["--small", "--folder", str(tmp_path)])
    assert figures["packets_sent"] == figures["packets_kept"] > 4 * 50
    assert (figures["packets_lost"], figures["replacements"]) == (0, 0)
    assert 0 < figures["cores"] < 1


def test_the_clip_benchmark_measures_both_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    bench = runpy.run_path(str(BENCHMARKS / "clip.py"), run_name="benchmark")
    figures = bench["main"](["--small", "--folder", str(tmp_path)])
    assert figures["p95_ms"] >= figures["p50_ms"] > 0
    assert figures["ratio"] == pytest.approx(figures["cut_p50_ms"] / figures["ffmpeg_p50_ms"], rel=0.05)


def test_a_folder_of_recordings_plays_records_and_clips(tmp_path: Path) -> None:
    write_testcard(tmp_path / "card.mp4", seconds=2.0)
    check = runpy.run_path(str(BENCHMARKS / "check_videos.py"), run_name="benchmark")
    outcome = check["main"]([str(tmp_path), "--seconds", "2"])
    assert outcome["ok"], outcome
    assert [(f["codec"], f["clipped"], f["recorded"]) for f in outcome["files"]] == [
        ("h264", True, True),
        ("hevc", True, True),
    ]
