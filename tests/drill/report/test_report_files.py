"""The files of a report: complete, closed in themselves, safe against outside text, the same each time."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from benchmarks.drill_run import BEGUN, CUE_S, Run, digest_of
from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.report import write_report
from smartcity_console.drill.report.stills import small
from smartcity_console.drill.scenario.model import Words
from smartcity_console.drill.score.model import Score, Standing
from smartcity_console.drill.score.timebase import NoDrill
from smartcity_console.handoff.documents import fonts
from smartcity_console.video.still import still_caption, still_pair


def page_texts(pdf: Path) -> list[str]:
    """Ask poppler, which is not our library."""
    out = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, timeout=30)
    return out.stdout.decode().split("\f")[:-1]


def test_everything_is_written_and_says_drill_on_every_page(run: Run) -> None:
    files = write_report(*run, "ko")
    assert files.troubles == () and files.pdf is not None
    assert msgspec.json.decode(files.score.read_bytes(), type=Score) == run[3]
    pages = page_texts(files.pdf)
    assert len(pages) >= 5 and all("훈련 DRILL" in page for page in pages)
    assert f"{run[3].score:g}" in pages[0] and "김하늘" in pages[0]
    whole = "".join(pages)
    for title in ("개선할 점", "시간선: 기대와 실제", "대기열의 길이", "주요 순간의 정지 영상", "항목별 판정", "강평"):
        assert title in whole
    assert len(files.stills) == 7 and all(path.read_bytes()[:2] == b"\xff\xd8" for path in files.stills)


def test_the_same_inputs_give_the_same_bytes(run: Run) -> None:
    write_report(*run, "en")
    first = digest_of(run[0] / "report")
    write_report(*run, "ko")
    assert digest_of(run[0] / "report") != first
    write_report(*run, "en")
    assert digest_of(run[0] / "report") == first


def test_the_page_needs_nothing_else(run: Run) -> None:
    page = write_report(*run, "ko").html.read_text("utf-8")
    assert "<script" not in page and "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=[\"'](?!data:)", page)
    assert page.count("<svg") == 3 and page.count("data:image/jpeg") == 7
    assert page.index("놓친 필수 항목") < page.index("항목별 판정")


def test_a_still_is_the_picture_that_the_camera_sent_at_that_second(run: Run) -> None:
    files = write_report(*run, "ko")
    marked_at = BEGUN + timedelta(seconds=70.0)
    caption = still_caption("GN-0001", marked_at)
    of_the_feed = still_pair(SAMPLE_FEEDS / "GN-0001.mp4", 40.0 + 70.0 - CUE_S, caption).marked
    assert files.stills[1].name == "02-GN-0001.jpg"
    assert files.stills[1].read_bytes() == small(of_the_feed)


def test_outside_text_stays_text(bare: Callable[..., Run]) -> None:
    evil = '"><script>alert(1)</script>{0}%s'
    folder, scenario, events, score = bare("run-1", trainee=evil)
    words = Words(evil, evil)
    marks = tuple(msgspec.structs.replace(m, reason=words, title=words) for m in score.marks)
    scenario = msgspec.structs.replace(scenario, title=words, briefing=words, debriefing=words)
    files = write_report(folder, scenario, events, msgspec.structs.replace(score, marks=marks), "ko")
    page = files.html.read_text("utf-8")
    assert "<script>" not in page and "&lt;script&gt;alert(1)" in page
    assert files.pdf is not None and "<script>alert(1)" in "".join(page_texts(files.pdf))


def test_the_tables_open_in_a_spreadsheet_and_hold_no_formula(bare: Callable[..., Run]) -> None:
    folder, scenario, events, score = bare("run-1")
    words = Words("=1+1", "=1+1")
    marks = tuple(msgspec.structs.replace(m, reason=words) for m in score.marks)
    files = write_report(folder, scenario, events, msgspec.structs.replace(score, marks=marks), "ko")
    assert files.marks.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(files.marks.read_text("utf-8-sig"))))
    assert len(rows) == len(score.marks) and rows[0]["이유"] == "'=1+1" and rows[0]["근거 기록"].startswith("#")
    lines = list(csv.reader(io.StringIO(files.timeline.read_text("utf-8-sig"))))
    assert len(lines) == 1 + len(score.timeline) and lines[2][1] == "2026-11-23 14:00:45.0"


def test_a_missed_critical_mark_comes_first(bare: Callable[..., Run]) -> None:
    folder, scenario, events, score = bare("run-1", pace=1.0)
    worst = msgspec.structs.replace(score.marks[4], share=0.0, standing=Standing.MISSED, critical=True)
    told = msgspec.structs.replace(score, marks=(*score.marks[:4], worst, *score.marks[5:]), passed=False)
    files = write_report(folder, scenario, events, told, "en")
    assert files.pdf is not None
    first = page_texts(files.pdf)[0]
    assert "Not passed" in first and first.index("Critical misses") < first.index("Objectives and capabilities")
    assert worst.reason.en in first and f"#{worst.events[0]}" in first


def test_earlier_runs_are_compared_and_a_damaged_one_is_told(bare: Callable[..., Run]) -> None:
    for n in range(3):
        write_report(*bare(f"r{n}", pace=3.0 - n / 2, begun=BEGUN - timedelta(days=9 - n)), "ko")
    (Path(bare("torn")[0]) / "report").mkdir()
    (Path(bare("torn2")[0]).parent / "torn" / "report" / "score.json").write_text("{")
    files = write_report(*bare("now", pace=1.0), "ko")
    assert [error.code for error in files.troubles] == ["score_unreadable"]
    page = files.html.read_text("utf-8")
    assert "이번 점수는 4회 가운데 1번째입니다" in page


def test_without_the_font_the_rest_is_there(bare: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    made = bare("run-1")
    write_report(*made, "ko")
    monkeypatch.setattr(fonts, "SYSTEM_FONT", Path("/nowhere/none.ttc"))
    files = write_report(*made, "ko")
    assert files.pdf is None and [error.code for error in files.troubles] == ["font_missing"]
    assert files.html.is_file() and not (made[0] / "report" / "report.pdf").exists()


def test_a_journal_without_a_drill_is_refused(bare: Callable[..., Run]) -> None:
    folder, scenario, events, score = bare("run-1")
    with pytest.raises(NoDrill):
        write_report(folder, scenario, [e for e in events if e.type != "DrillBegun"], score, "ko")
    assert not (folder / "report").exists()
