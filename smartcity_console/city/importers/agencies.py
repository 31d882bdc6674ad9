"""Lists of police and fire stations, as 경찰청, 소방청 and provinces publish them. Few of them give positions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from smartcity_console.city.importers.fields import Findings
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.places import coarse, degrees, in_korea
from smartcity_console.city.importers.points import Columns, first_of, without
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.repeats import Repeats
from smartcity_console.city.importers.report import Report, Why
from smartcity_console.city.importers.table import Chunk, Column, CsvTable
from smartcity_console.city.store.staging import Batch
from smartcity_console.model.agency import AgencyKind

COLUMNS = (
    Column(
        "name", ("관서명", "119안전센터명", "안전센터명", "소방서및안전센터명", "기관명", "소방서명"), required=True
    ),
    Column("sort", ("구분명", "구분", "유형", "관서구분")),
    Column("parent", ("경찰서명", "경찰서", "관할소방서", "소방서", "소방서명", "상위기관명")),
    Column("road", ("소재지도로명주소", "도로명주소", "주소", "소재지")),
    Column("lot", ("소재지지번주소", "지번주소")),
    Column("lat", ("WGS84위도", "위도")),
    Column("lon", ("WGS84경도", "경도")),
)
_FIRE_WORDS = ("소방", "119", "안전센터", "구조대", "구급대")
_POLICE_WORDS = ("경찰", "파출소", "지구대", "치안센터", "112")


def read_agencies(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield the stations of all files. Raises FileUnreadable, ColumnsMissing."""
    del options
    tables = [(path, CsvTable(path, "agencies", COLUMNS, report)) for path in files]
    yield Part("agencies", _batches(tables, report, progress))


def _batches(tables: Sequence[tuple[Path, CsvTable]], report: Report, progress: Progress) -> Iterator[Batch]:
    for path, table in tables:
        repeats = Repeats(path.name, table.title("name"))
        for chunk in table.chunks(progress):
            yield _batch(path, table, chunk, report, repeats)
        repeats.tell(report)


def _batch(path: Path, table: CsvTable, chunk: Chunk, report: Report, repeats: Repeats) -> Batch:
    findings, columns = Findings(path.name), chunk.columns
    names = list(map(_full_name, columns["name"], columns["sort"]))
    kinds = [_kind(*row) for row in zip(names, columns["sort"], columns["parent"], strict=True)]
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        if not name:
            findings.refuse(place, table.title("name"), "", Why.BLANK)
        elif not kind:
            findings.refuse(place, table.title("sort"), columns["sort"][place] or name, Why.UNKNOWN_WORD)
    values: dict[str, Any] = {
        "name": names,
        "kind": kinds,
        "control_room": list(map(_parent, columns["parent"], kinds)),
    }
    values |= {"address": first_of(columns["road"], columns["lot"])} | _positions(table, columns, findings)
    values["key"] = ["_".join(filter(None, row)) for row in zip(columns["parent"], names, strict=True)]
    findings.tell(report, chunk.lines)
    return _kept(values, chunk.lines, findings, repeats)


def _kept(values: Mapping[str, Any], lines: Sequence[int], findings: Findings, repeats: Repeats) -> Batch:
    kept = [place not in findings.refused for place in range(len(lines))]
    batch = without(values, kept)
    repeats.add(batch["key"], list(compress(lines, kept)))
    return batch


def _full_name(name: str, sort: str) -> str:
    """ "설악", "파출소" are 설악파출소; "설악파출소" stays."""
    name, sort = name.strip(), sort.strip()
    return name if not name or name.endswith(sort) or sort in ("경찰", "소방") else f"{name}{sort}"


def _kind(name: str, sort: str, parent: str) -> str:
    words = f"{name} {sort} {parent}"
    if any(word in words for word in _FIRE_WORDS):
        return AgencyKind.FIRE.value
    return AgencyKind.POLICE.value if any(word in words for word in _POLICE_WORDS) else ""


def _parent(parent: str, kind: str) -> str:
    """The station that commands it: "가평" of a police list is 가평경찰서."""
    parent = parent.strip()
    suffix = "소방서" if kind == AgencyKind.FIRE else "경찰서"
    return parent if not parent or parent.endswith(("서", "청", "본부")) else f"{parent}{suffix}"


def _positions(table: CsvTable, columns: Columns, findings: Findings) -> dict[str, list[float | None]]:
    """Return positions, None with a remark where there is no usable one: such a station serves by its address."""
    lon, lat = degrees(columns["lon"]), degrees(columns["lat"])
    bad = ~in_korea(lon, lat) | coarse(lon, lat)
    title = f"{table.title('lat')}, {table.title('lon')}"
    for place in np.flatnonzero(bad).tolist():
        text = f"{columns['lat'][place]}, {columns['lon'][place]}".strip(", ")
        findings.remark(place, title, text, Why.OUTSIDE_KOREA if text else Why.NO_POSITION)
    keep = (~bad).tolist()
    return {
        "lon_deg": [value if good else None for value, good in zip(lon.tolist(), keep, strict=True)],
        "lat_deg": [value if good else None for value, good in zip(lat.tolist(), keep, strict=True)],
    }
