"""전국CCTV표준데이터: every generation of it, by the names of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from smartcity_console.city.importers.fields import ColumnOf, Findings, camera_count, installed, purpose, width_px
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.points import Columns, PointTable, Values, short_addresses
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.table import Column, CsvTable

COLUMNS = (
    Column("number", ("관리번호",)),
    Column("owner", ("관리기관명",), required=True),
    Column("road", ("소재지도로명주소",)),
    Column("lot", ("소재지지번주소",)),
    Column("purpose", ("설치목적구분",), required=True),
    Column("count", ("카메라대수",)),
    Column("pixels", ("카메라화소수",)),
    Column("facing", ("촬영방면정보",)),
    Column("installed", ("설치연월", "설치년월")),
    Column("lat", ("WGS84위도", "위도"), required=True),
    Column("lon", ("WGS84경도", "경도"), required=True),
)
# What tells a camera of the older generations, which have no 관리번호, from all others.
_IDENTITY = ("owner", "road", "lot", "purpose", "lat", "lon")
_TEXTS = ("owner", "road", "lot", "facing")


def read_cctv(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield the cameras of all files. Raises FileUnreadable, ColumnsMissing."""

    def values_of(table: CsvTable) -> Values:
        return _Cameras(table, options)

    table = PointTable("cctv", COLUMNS, _IDENTITY, _TEXTS, values_of)
    yield Part("cameras", table.batches(files, report, progress))


class _Cameras:
    """The fields of cameras. A direction is never among them: 촬영방면정보 is free text, kept as a note."""

    def __init__(self, table: CsvTable, options: Options) -> None:
        self._ownership = options.ownership
        self._purpose = ColumnOf(table.title("purpose"), purpose)
        self._count = ColumnOf(table.title("count"), camera_count)
        self._pixels = ColumnOf(table.title("pixels"), width_px)
        self._installed = ColumnOf(table.title("installed"), installed)

    def __call__(self, columns: Columns, findings: Findings) -> dict[str, Any]:
        addresses = [road or lot for road, lot in zip(columns["road"], columns["lot"], strict=True)]
        return {
            "name": short_addresses(addresses),
            "purpose": self._purpose(columns["purpose"], findings),
            "owner": columns["owner"],
            "ownership": self._ownership,
            "count": self._count(columns["count"], findings),
            "width_px": self._pixels(columns["pixels"], findings),
            "address": addresses,
            "installed": self._installed(columns["installed"], findings),
            "note": columns["facing"],
        }
