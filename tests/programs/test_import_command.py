"""`smartcity-console import`: dry run, refusal to apply unasked, the figures on stdout, the CSV of bad rows."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.__main__ import EXIT_REFUSED, main
from smartcity_console.clock import ManualClock
from smartcity_console.composition.importing import EXIT_NOT_APPLIED, Bar

HEADER = "관리번호,관리기관명,설치목적구분,카메라대수,WGS84위도,WGS84경도"
GOOD = "N1,가온시청,생활방범,2,36.32831,127.45432"
BAD = "N2,가온시청,생활방범,2,0,127.45432"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "gaon_2026.csv"
    path.write_bytes("\r\n".join([HEADER, GOOD, BAD, ""]).encode("cp949"))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    code = main(["import", *arguments])
    captured = capsys.readouterr()
    return code, json.loads(captured.out.splitlines()[-1]) if captured.out else {}, captured.err


def held(workspace: Path) -> int:
    with closing(sqlite3.connect(workspace / "catalogue.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM cameras").fetchone()[0])


def test_a_dry_run_tells_and_changes_nothing(tmp_path: Path, csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = tmp_path / "workspace"
    code, told, err = run(capsys, "cctv", str(csv), "--dry-run", "--workspace", str(workspace))
    assert (code, told["applied"], told["rows"], told["imported"], told["reported"]) == (0, False, 2, 1, 1)
    assert told["tables"]["cameras"]["added"] == 1
    assert held(workspace) == 0
    assert "읽기 100%" in err and "gaon" in err
    assert "WGS84위도" in Path(told["report"]).read_text("utf-8-sig")


def test_nothing_is_applied_unasked(tmp_path: Path, csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, err = run(capsys, "cctv", str(csv), "--workspace", str(tmp_path / "w"))
    assert (code, told["applied"], held(tmp_path / "w")) == (EXIT_NOT_APPLIED, False, 0)
    assert "--yes" in err


def test_yes_applies_once(tmp_path: Path, csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ("cctv", str(csv), "--yes", "--workspace", str(tmp_path / "w"), "--report", str(tmp_path / "bad.csv"))
    assert run(capsys, *common)[1]["tables"]["cameras"]["added"] == 1
    code, told, _ = run(capsys, *common)
    assert (code, told["tables"]["cameras"]["same"], held(tmp_path / "w")) == (0, 1, 1)
    assert len((tmp_path / "bad.csv").read_text("utf-8-sig").splitlines()) == 2


def test_a_kind_that_is_none_is_told_in_a_sentence(
    tmp_path: Path, csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "weather", str(csv), "--workspace", str(tmp_path / "w"))
    assert code == EXIT_REFUSED and "weather" in err


class _Terminal:
    """Takes what is written to it and says that it is a terminal."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.written.append(text)

    def flush(self) -> None:
        """Nothing waits here."""


def test_the_bar_is_drawn_at_most_ten_times_a_second(clock: ManualClock) -> None:
    terminal = _Terminal()
    bar = Bar(terminal, clock)  # type: ignore[arg-type]
    for step in range(99):
        bar("read", step / 100)
        clock.advance(0.02)
    assert 15 <= len(terminal.written) <= 25
    bar("read", 1.0)
    assert "100%" in terminal.written[-1]
    bar.end()
    assert terminal.written[-1].endswith("\x1b[K")
