"""Speeds of the national ITS (국가교통정보센터), JSON: joined to the road network by link id, they have no geometry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.city.importers.errors import FileUnreadable
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report, Why
from smartcity_console.city.store.staging import Batch

SEOUL = ZoneInfo("Asia/Seoul")
FASTEST_KMH = 250.0
_Fields = tuple[str, float, float, str, str]
_FIELDS = ("key", "speed_kmh", "travel_s", "name", "measured_at")


def read_traffic(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield the speeds of all files; a later item of a link replaces none. Raises FileUnreadable."""
    del options
    yield Part("speeds", _batches(files, report, progress))


def _batches(files: Sequence[Path], report: Report, progress: Progress) -> Iterator[Batch]:
    seen: set[str] = set()
    for number, path in enumerate(files):
        rows = [row for row in map(_Item(path.name, report, seen), _items(path), count(1)) if row is not None]
        if rows:
            yield {name: list(column) for name, column in zip(_FIELDS, zip(*rows, strict=True), strict=True)}
        progress("read", (number + 1) / len(files))


def _items(path: Path) -> list[Any]:
    """Return `body.items`: a list, or the one item that came as an object, with or without an `item` around."""
    try:
        found: Any = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileUnreadable(path=path, why=error) from error
    for name in ("response", "body", "items", "item"):
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif name in ("body", "items"):
            raise FileUnreadable(path=path, why=f"no {name} in the JSON")
    if isinstance(found, dict):
        return [found]
    return found if isinstance(found, list) else []


class _Item:
    """Turns one item into the fields of a SpeedRow, or refuses it."""

    def __init__(self, file: str, report: Report, seen: set[str]) -> None:
        self._file, self._report, self._seen = file, report, seen

    def __call__(self, item: Any, number: int) -> _Fields | None:
        self._report.rows += 1
        if not isinstance(item, dict):
            return self._refuse(number, "items", item, Why.NOT_AN_OBJECT)
        link = str(item.get("linkId") or "").strip()
        if not link or link in self._seen:
            return self._refuse(number, "linkId", link, Why.DUPLICATE if link else Why.BLANK)
        speed = _number(item.get("speed"))
        if speed is None or not 0 <= speed <= FASTEST_KMH:
            return self._refuse(number, "speed", item.get("speed"), _why(item.get("speed"), speed))
        self._seen.add(link)
        name = str(item.get("roadName") or "")
        return link, speed, _number(item.get("travelTime")) or 0.0, name, self._time(item, number)

    def _time(self, item: dict[str, Any], number: int) -> str:
        text = str(item.get("createdDate") or "").strip()
        try:
            at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=SEOUL)
        except ValueError:
            self._report.remark(self._file, number, "createdDate", text, Why.DAMAGED_DATE if text else Why.BLANK)
            return ""
        return at.astimezone(UTC).isoformat()

    def _refuse(self, number: int, column: str, value: object, why: Why) -> _Fields | None:
        self._report.refuse(self._file, number, column, value, why)
        return None


def _why(value: object, speed: float | None) -> Why:
    if value in (None, ""):
        return Why.BLANK
    return Why.NOT_A_NUMBER if speed is None else Why.OUT_OF_RANGE


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
