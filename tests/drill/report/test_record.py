"""A trainee's record over months."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from benchmarks.drill_run import BEGUN, Run
from smartcity_console.__main__ import main
from smartcity_console.drill.report.record import record_csv, records_of
from smartcity_console.drill.report.runs import SCORE_FILE
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.write import write_scenario

KO = Say("ko")


@pytest.fixture
def months(bare: Callable[..., Run]) -> list[Run]:
    """Three runs in two months of one trainee, who gets better, and one of another."""
    wanted = ((3.0, "김하늘", 70), (2.2, "김하늘", 40), (1.0, "김하늘", 20), (1.6, "이도윤", 5))
    return [
        bare(f"r{n}", pace=pace, trainee=name, begun=BEGUN - timedelta(days=days))
        for n, (pace, name, days) in enumerate(wanted)
    ]


def test_a_record_over_months(months: list[Run]) -> None:
    scores = [run[3] for run in months]
    script = msgspec.structs.replace(scores[0], operator="good", drill_id="script")
    first, second = records_of([*scores, script])
    assert (first.trainee, second.trainee) == ("김하늘", "이도윤")
    assert [run.drill_id for run in first.runs] == ["r0", "r1", "r2"] and second.trend is None
    assert first.trend == pytest.approx(scores[2].score - scores[0].score, abs=0.06) and first.trend > 0
    assert [(m.month, m.runs) for m in first.months] == [("2026-09", 1), ("2026-10", 1), ("2026-11", 1)]
    assert first.best == scores[2].score and first.weak and first.weak[0].share < 0.9
    assert records_of(scores, "이도윤")[0].trainee == "이도윤" and records_of(scores, "박") == ()


def test_with_several_seats_each_has_the_score_of_his_own(months: list[Run]) -> None:
    run = msgspec.structs.replace(
        months[0][3], trainees={"1": "김하늘", "2": "이도윤"}, seats={"1": 90.0, "2": 40.0}, score=65.0
    )
    first, second = records_of([run])
    assert {first.trainee: first.best, second.trainee: second.best} == {"김하늘": 90.0, "이도윤": 40.0}
    rows = list(csv.DictReader(io.StringIO(record_csv((first, second), KO).decode("utf-8-sig"))))
    assert {row["훈련자"]: row["점수"] for row in rows} == {"김하늘": "90", "이도윤": "40"}


def test_the_csv_has_a_line_for_each_run(months: list[Run]) -> None:
    raw = record_csv(records_of([run[3] for run in months]), KO)
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["훈련 번호"] for row in rows] == ["r0", "r1", "r2", "r3"]
    assert rows[2]["접수 시간"] == "100" and rows[0]["접수 시간"] != "100" and rows[0]["사건 병합"] == ""


def test_the_commands(months: list[Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run in months:
        write_scenario(run[0], run[1])
        assert main(["drill", "report", str(run[0]), "--language", "en"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["score"] == months[-1][3].score and Path(told["pdf"]).is_file()
    assert (months[0][0] / SCORE_FILE).read_bytes().startswith(b"{")
    assert "After-action report" in Path(told["html"]).read_text("utf-8")
    table = tmp_path / "all.csv"
    assert main(["drill", "record", "--workspace", str(tmp_path), "--csv", str(table)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["runs"] for line in lines] == [3, 1] and table.read_bytes().startswith(b"\xef\xbb\xbf")
    assert main(["drill", "record", "--workspace", str(tmp_path), "--trainee", "nobody"]) == 3
    assert "nobody" in capsys.readouterr().err


def test_an_export_by_the_command(months: list[Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace, out = months[0][0], tmp_path / "exported"
    asked = ["drill", "export", "incident-fire", "--workspace", str(workspace), "--out", str(out), "--restage"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["scenario"]).is_file() and told["problems"] == []
    assert set(told["to_be_filmed"]) == {"GN-0006", "GN-0007"}
    assert main(asked) == 3
