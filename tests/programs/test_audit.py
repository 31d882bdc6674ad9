"""`audit`: the chain, the access register as Korea writes it, and what a reviewer should ask about."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartcity_console.__main__ import main
from smartcity_console.clock import ManualClock
from smartcity_console.composition.audit import COLUMNS
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.register import Access, Register
from smartcity_console.model.verdict import Grade

NIGHT = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 02:30 in Korea, on the 23rd
Append = Callable[[str, ev.Payload], None]


@pytest.fixture
def append(tmp_path: Path):
    clock = ManualClock(NIGHT)
    journal = SqliteJournal(tmp_path / "journal.sqlite", clock)

    def written(key: str, payload: ev.Payload) -> None:
        journal.append(ev.Draft(ev.stream_of(type(payload), key), payload, "seat/1"))
        clock.advance(1)

    yield written
    journal.close()


def a_look(**more: object) -> ev.ReplayFetched:
    span = {"start": NIGHT - timedelta(seconds=30), "end": NIGHT}
    facts = {"camera_id": "PV-0001", "seat": "1", "remote": "127.0.0.1", "is_private": True}
    return ev.ReplayFetched(**(span | facts | more))  # type: ignore[arg-type]


def every_access(append: Append) -> None:
    append("1", ev.SeatOpened(seat="1", user="김관제"))
    unlock = {"camera_ids": ("PV-0001",), "seat": "1", "reason": "신고 확인", "until": NIGHT + timedelta(minutes=10)}
    append("incident-1", ev.PrivateCamerasUnlocked(**unlock))  # type: ignore[arg-type]
    append("PV-0001", a_look(incident_ids=("incident-1",)))
    still = {"camera_id": "GN-0001", "path": "s.jpg", "sha256": "ab" * 32, "captured_at": NIGHT, "seat": "1"}
    append("incident-1", ev.IncidentSnapshotTaken(**still))  # type: ignore[arg-type]
    append("GN-0001", ev.CameraSnapshotTaken(**still))  # type: ignore[arg-type]
    append("incident-1", clips_wanted())
    append("incident-1", clips_saved())
    append("incident-1", ev.IncidentClipsSaved(clips_id="clips-2", camera_ids=("GN-9",), seat="1", folder="clips/2"))
    append("incident-1", a_request())
    append("incident-1", ev.HandoffDelivered(handoff_id="handoff-1", attempt=1, receiver="112 상황실"))
    live = {"handoff_id": "handoff-1", "view_id": "view-1", "camera_id": "GN-0001", "remote": "10.1.2.3"}
    append("incident-1", ev.LiveViewOpened(agency_kind=AgencyKind.POLICE, agency_name="가온경찰서", **live))
    person = {"alert_id": "alert-1", "what": "picture", "sha256": "cd" * 32, "why": "실종자 확인", "seat": "1"}
    append("incident-1", ev.PersonalRecordShown(**person))  # type: ignore[arg-type]
    lift = ev.MaskLifted(camera_id="GN-0001", seat="1", reason="추적", until=NIGHT + timedelta(minutes=1))
    append("GN-0001", lift)
    append("incident-1", ev.NoteAdded(text="not an access", seat="1"))


def clips_wanted() -> ev.IncidentClipsWanted:
    return ev.IncidentClipsWanted(
        clips_id="clips-1", camera_ids=("GN-0001", "PV-0001"), start=NIGHT, end=NIGHT, reason="절도 확인", seat="1"
    )


def clips_saved() -> ev.IncidentClipsSaved:
    """Of one of the two cameras there was nothing; a wish of which nothing came at all is no access."""
    clip = ev.SavedClip(
        camera_id="PV-0001",
        path="clips/1/01-PV-0001.mp4",
        sha256="ab" * 32,
        start=NIGHT - timedelta(seconds=30),
        end=NIGHT,
        codec="h264",
        es_sha256="cd" * 32,
    )
    return ev.IncidentClipsSaved(
        clips_id="clips-1",
        camera_ids=("GN-0001", "PV-0001"),
        seat="1",
        folder="clips/1",
        clips=(clip,),
        missing=(ev.ClipMissing("GN-0001", "없음", "none"),),
    )


def a_request() -> ev.HandoffRequested:
    return ev.HandoffRequested(
        handoff_id="handoff-1",
        agency_id="police-1",
        agency_kind=AgencyKind.POLICE,
        agency_name="가온경찰서",
        camera_ids=("GN-0001", "PV-0001"),
        span_start=NIGHT - timedelta(seconds=30),
        span_end=NIGHT,
        live_until=NIGHT + timedelta(minutes=30),
        basis="=개인정보 보호법 제18조",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="1",
    )


def audit(workspace: Path, *arguments: str) -> int:
    return main(["audit", *arguments, "--workspace", str(workspace)])


def rows(workspace: Path, capsys: pytest.CaptureFixture[str], first: str, last: str) -> list[dict[str, str]]:
    out = workspace / "register.csv"
    assert audit(workspace, "export", "--from", first, "--to", last, "--out", str(out)) == 0
    capsys.readouterr()
    assert out.read_bytes().startswith(b"\xef\xbb\xbf") and out.stat().st_mode & 0o077 == 0
    return list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))


def test_every_access_is_a_line_with_who_when_whose_what_and_why(
    tmp_path: Path, append: Append, capsys: pytest.CaptureFixture[str]
) -> None:
    every_access(append)
    lines = rows(tmp_path, capsys, "2026-11-23", "2026-11-23")
    assert tuple(lines[0]) == COLUMNS
    assert [line["구분"] for line in lines] == [
        *("민간 카메라 열람", "녹화 열람", "정지 화면 저장", "정지 화면 저장", "영상 저장", "제공 요청", "제공"),
        *("실시간 영상 제공", "개인정보 열람", "가림 해제 열람"),
    ]
    unlocked, replay, _, _, clips, handed, delivered, live, person, _ = lines
    assert unlocked["요청자/열람자"] == "좌석 1 (김관제)" and unlocked["목적/근거"] == "신고 확인"
    assert unlocked["일시"] == "2026-11-23 02:30:01" and unlocked["사건"] == "incident-1"
    assert (replay["대상 카메라"], replay["민간 카메라"], replay["접속 위치"]) == ("PV-0001", "예", "127.0.0.1")
    assert (replay["영상 구간 시작"], replay["영상 구간 끝"]) == ("2026-11-23 02:29:30", "2026-11-23 02:30:00")
    assert (clips["대상 카메라"], clips["목적/근거"], clips["민간 카메라"]) == ("PV-0001", "절도 확인", "예")
    assert (clips["영상 구간 시작"], clips["요청자/열람자"]) == ("2026-11-23 02:29:30", "좌석 1 (김관제)")
    assert handed["목적/근거"] == "'=개인정보 보호법 제18조"  # no formula in a spreadsheet
    assert (delivered["제공 여부"], delivered["제공받은 기관"]) == ("제공", "가온경찰서")
    assert (live["소속"], live["접속 위치"]) == ("가온경찰서", "10.1.2.3")
    assert (person["제공 여부"], person["목적/근거"]) == ("열람", "실종자 확인")


def test_an_export_is_an_access_and_days_are_korean_days(
    tmp_path: Path, append: Append, capsys: pytest.CaptureFixture[str]
) -> None:
    every_access(append)
    assert rows(tmp_path, capsys, "2026-11-22", "2026-11-22") == []  # the 22nd by UTC, the 23rd in Korea
    journal = SqliteJournal(tmp_path / "journal.sqlite", ManualClock(NIGHT))
    exported = [event for event in journal.read() if event.type == "RegisterExported"]
    journal.close()
    assert len(exported) == 1
    assert [line.access for line in Register().lines(exported)] == [Access.EXPORT]


def test_the_review_names_what_stands_out(tmp_path: Path, append: Append, capsys: pytest.CaptureFixture[str]) -> None:
    every_access(append)
    for _ in range(20):
        append("PV-0001", a_look())
    assert audit(tmp_path, "review", "--month", "2026-11") == 0
    told = json.loads(capsys.readouterr().out)
    found = {finding["code"]: len(finding["seqs"]) for finding in told["findings"]}
    assert found["private_without_incident"] == 20
    assert found["at_night"] >= 20 and found["many_on_a_day"] >= 20
    assert "handoff_without_basis" not in found and "personal_without_reason" not in found
    assert told["by_access"]["녹화 열람"] == 21
    assert audit(tmp_path, "review", "--month", "2026-10") == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 0


def test_verify_names_the_first_event_that_does_not_hold(
    tmp_path: Path, append: Append, capsys: pytest.CaptureFixture[str]
) -> None:
    every_access(append)
    assert audit(tmp_path, "verify") == 0
    assert json.loads(capsys.readouterr().out)["events"] == 14
    changed = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    changed.execute("DROP TRIGGER events_as_they_are")
    changed.execute("UPDATE events SET data = replace(data, '127.0.0.1', '127.0.0.2') WHERE seq = 3")
    changed.close()
    assert audit(tmp_path, "verify") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["chain"], told["first_broken_event"]) == ("broken", 3)


def test_another_form_of_the_same_time_is_a_change(
    tmp_path: Path, append: Append, capsys: pytest.CaptureFixture[str]
) -> None:
    every_access(append)
    changed = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    changed.execute("DROP TRIGGER events_as_they_are")
    changed.execute("UPDATE events SET at = replace(at, 'T', ' ') WHERE seq = 5")
    changed.close()
    assert audit(tmp_path, "verify") == 1
    assert json.loads(capsys.readouterr().out)["first_broken_event"] == 5


def test_a_broken_chain_gives_no_register_and_a_bad_day_no_file(
    tmp_path: Path, append: Append, capsys: pytest.CaptureFixture[str]
) -> None:
    every_access(append)
    out = tmp_path / "register.csv"
    assert audit(tmp_path, "export", "--from", "23.11.2026", "--to", "2026-11-23", "--out", str(out)) != 0
    changed = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    changed.execute("DROP TRIGGER events_stay")
    changed.execute("DELETE FROM events WHERE seq = 4")
    changed.close()
    assert audit(tmp_path, "export", "--from", "2026-11-23", "--to", "2026-11-23", "--out", str(out)) != 0
    assert not out.exists()
