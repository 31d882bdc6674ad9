"""전국안전비상벨위치표준데이터."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from smartcity_console.city.importers.fields import ColumnOf, Findings, installed
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.points import Columns, PointTable, Values, first_of, joined
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.table import Column, CsvTable

COLUMNS = (
    Column("number", ("관리번호",)),
    Column("own_number", ("안전비상벨관리번호",)),
    Column("owner", ("관리기관명",), required=True),
    Column("aim", ("설치목적",)),
    Column("kind", ("설치장소유형",)),
    Column("place", ("설치위치",)),
    Column("road", ("소재지도로명주소",)),
    Column("lot", ("소재지지번주소",)),
    Column("link", ("연계방식",)),
    Column("extras", ("부가기능",)),
    Column("installed", ("안전비상벨설치연도", "설치연도", "설치년도")),
    Column("lat", ("WGS84위도", "위도"), required=True),
    Column("lon", ("WGS84경도", "경도"), required=True),
)
_IDENTITY = ("owner", "own_number", "road", "lot", "lat", "lon")
_TEXTS = ("owner", "place", "road", "lot")


def read_bells(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield the emergency bells of all files. Raises FileUnreadable, ColumnsMissing."""
    del options
    table = PointTable("bells", COLUMNS, _IDENTITY, _TEXTS, _values_of)
    yield Part("bells", table.batches(files, report, progress))


def _values_of(table: CsvTable) -> Values:
    since = ColumnOf(table.title("installed"), installed)

    def values(columns: Columns, findings: Findings) -> dict[str, Any]:
        address = first_of(columns["road"], columns["lot"])
        return {
            "name": first_of(columns["place"], address),
            "owner": columns["owner"],
            "address": address,
            "kind": columns["kind"],
            "installed": since(columns["installed"], findings),
            "note": joined(columns["aim"], columns["link"], columns["extras"]),
        }

    return values
