"""`smartcity-console audit`: does the journal's chain hold; the access register as a CSV; the monthly review."""

from __future__ import annotations

import csv
import getpass
import hashlib
import io
import json
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.city import City, city_path
from smartcity_console.clock import Clock
from smartcity_console.journal import SqliteJournal
from smartcity_console.journal.chain import first_break
from smartcity_console.journal.errors import JournalDamaged, JournalMissing
from smartcity_console.journal.queries import all_events, walk
from smartcity_console.model.camera import Ownership
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, RegisterExported
from smartcity_console.model.register import ACCESS_KO, Register, RegisterLine
from smartcity_console.model.review import Review, review
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings

SEOUL = ZoneInfo("Asia/Seoul")
COLUMNS = (
    *("번호", "일시", "구분", "요청자/열람자", "소속", "접속 위치", "목적/근거", "대상 카메라", "민간 카메라"),
    *("영상 구간 시작", "영상 구간 끝", "제공 여부", "제공받은 기관", "사건", "처리자", "비고"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadSpan(ConsoleError):
    code = "bad_span"
    ko = "기간 {text}을(를) 읽을 수 없습니다. 아무것도 쓰지 않았습니다. 2026-11-23 또는 2026-11 처럼 적으십시오."
    en = "The span {text} cannot be read. Nothing was written. Write 2026-11-23, or 2026-11 for a month."


def run_audit(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Return 0; 1 when the chain is broken. Raises JournalMissing, JournalDamaged, BadSpan."""
    journal = options.workspace / "journal.sqlite"
    if not journal.is_file():
        raise JournalMissing(path=journal)
    if options.what == "verify":
        return _verify(journal)
    register = _register(options.workspace, settings)
    if options.what == "review":
        start = _time(f"{options.month}-01")
        _print(review(_lines(register, journal, start, _next_month(start))), options.month)
        return 0
    start, end = _time(options.start), _time(options.end) + timedelta(days=1)
    return _export(options, list(_lines(register, journal, start, end)), start, end, clock)


def _verify(journal: Path) -> int:
    """Say how long the chain is, or name the first event that does not hold."""
    walked = walk(journal)
    if walked.why:
        print(json.dumps({"chain": "broken", "first_broken_event": walked.events + 1, "why": walked.why}))
        return 1
    print(json.dumps({"chain": "whole", "events": walked.events, "last_hash": walked.last_hash}))
    return 0


def _register(workspace: Path, settings: Settings) -> Register:
    """Whose a camera is the catalogue says today; without one, what the events themselves say."""
    try:
        city = City.open(city_path(workspace, settings.text("city.path")))
    except ConsoleError:
        return Register()
    private = {camera.id for camera in city.cameras.values() if camera.ownership is Ownership.PRIVATE}
    return Register(f"{city.name} 스마트도시센터", private)


def _lines(register: Register, journal: Path, start: datetime, end: datetime) -> Iterator[RegisterLine]:
    """Yield the register's lines of a span; the whole chain is checked on the way. Raises JournalDamaged."""
    events = all_events(journal)
    if broken := first_break(events):
        raise JournalDamaged(path=journal, workspace=journal.parent, event=broken.seq, why=broken.why)
    yield from (line for line in register.lines(events) if start <= line.at < end)


def _export(options: Namespace, lines: list[RegisterLine], start: datetime, end: datetime, clock: Clock) -> int:
    """Write the CSV and put on record that it was written: first the record, for it is an access."""
    data = register_csv(lines)
    digest = hashlib.sha256(data).hexdigest()
    exported = RegisterExported(start=start, end=end, rows=len(lines), sha256=digest, by=getpass.getuser())
    with closing(SqliteJournal(options.workspace / "journal.sqlite", clock, verify=False)) as journal:
        journal.append(Draft("evidence/register", exported, "audit"))
    write_atomically(options.out, data, 0o600)
    print(json.dumps({"rows": len(lines), "file": str(options.out), "sha256": digest}, ensure_ascii=False))
    return 0


def register_csv(lines: Iterable[RegisterLine]) -> bytes:
    """Return the register as a spreadsheet opens it in Korea: UTF-8 with a mark, Korean titles, Korean time."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(line)] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _row(line: RegisterLine) -> tuple[str, ...]:
    return (
        str(line.seq),
        _local(line.at),
        ACCESS_KO[line.access],
        line.who,
        line.body,
        line.remote,
        line.why,
        " ".join(line.camera_ids),
        "예" if line.is_private else "아니오",
        _local(line.start),
        _local(line.end),
        "제공" if line.provided_to else "열람",
        line.provided_to,
        line.incident_id,
        line.handled_by,
        line.remark,
    )


def _cell(value: str) -> str:
    """A spreadsheet must not take outside text for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}" if at else ""


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL)
    except ValueError:
        raise BadSpan(text=text) from None


def _next_month(start: datetime) -> datetime:
    return (start + timedelta(days=32)).replace(day=1)


def _print(found: Review, month: str) -> None:
    print(json.dumps({"month": month, **msgspec.to_builtins(found)}, ensure_ascii=False, indent=1))
