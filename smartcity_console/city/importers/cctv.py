"""전국CCTV표준데이터: every generation of it, by the names of its columns."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Any

from smartcity_console.city.importers.fields import ColumnOf, Findings, camera_count, installed, purpose, width_px
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.places import Judge
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.sample import reaches_in
from smartcity_console.city.importers.table import Chunk, Column, CsvTable, broken_letters
from smartcity_console.city.store.staging import Batch

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


def read_cctv(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield the cameras of all files. Raises FileUnreadable, ColumnsMissing."""
    tables = [(path, CsvTable(path, "cctv", COLUMNS, report)) for path in files]
    yield Part("cameras", _batches(tables, options, report, progress))


def _batches(
    tables: Sequence[tuple[Path, CsvTable]], options: Options, report: Report, progress: Progress
) -> Iterator[Batch]:
    keys = Keys()
    for path, table in tables:
        reader = _CctvReader(path, table, options, report, keys)
        for chunk in table.chunks(progress):
            yield reader.batch(chunk)


class Keys:
    """Gives each row its key: 관리번호, else a digest of what tells it apart, counted where rows are alike."""

    def __init__(self) -> None:
        self._alike: Counter[str] = Counter()

    def of(self, numbers: Sequence[str], identity: Sequence[Sequence[str]]) -> list[str]:
        """Return one key a row; `identity` are the columns that tell rows apart."""
        if all(numbers):
            return [number.strip() for number in numbers]
        return [number.strip() or self._digest(row) for number, *row in zip(numbers, *identity, strict=True)]

    def _digest(self, row: Sequence[str]) -> str:
        digest = hashlib.blake2b("\x1f".join(row).encode(), digest_size=10).hexdigest()
        self._alike[digest] += 1
        return digest if self._alike[digest] == 1 else f"{digest}_{self._alike[digest]}"


class _CctvReader:
    """Turns chunks of one file into batches of cameras."""

    def __init__(self, path: Path, table: CsvTable, options: Options, report: Report, keys: Keys) -> None:
        self._name, self._options, self._report, self._keys = path.name, options, report, keys
        self._judge = Judge(table.title("lon"), table.title("lat"), reaches_in(path, table, "owner", "lon", "lat"))
        self._purpose = ColumnOf(table.title("purpose"), purpose)
        self._count = ColumnOf(table.title("count"), camera_count)
        self._pixels = ColumnOf(table.title("pixels"), width_px)
        self._installed = ColumnOf(table.title("installed"), installed)
        self._titles = {column.key: table.title(column.key) for column in COLUMNS}

    def batch(self, chunk: Chunk) -> Batch:
        """Return the good rows of a chunk and tell the report of the others."""
        findings, columns = Findings(self._name), chunk.columns
        lon, lat = self._judge(columns["lon"], columns["lat"], columns["owner"], findings)
        for key in ("owner", "road", "lot", "facing"):
            broken_letters(columns[key], self._titles[key], findings)
        values = self._values(columns, findings) | {"lon_deg": lon.tolist(), "lat_deg": lat.tolist()}
        findings.tell(self._report, chunk.lines)
        return without(values, findings.refused)

    def _values(self, columns: Mapping[str, Sequence[str]], findings: Findings) -> dict[str, Any]:
        addresses = [road or lot for road, lot in zip(columns["road"], columns["lot"], strict=True)]
        return {
            "key": self._keys.of(columns["number"], [columns[key] for key in _IDENTITY]),
            "name": list(map(short_address, addresses)),
            "purpose": self._purpose(columns["purpose"], findings),
            "owner": columns["owner"],
            "ownership": self._options.ownership,
            "count": self._count(columns["count"], findings),
            "width_px": self._pixels(columns["pixels"], findings),
            "address": addresses,
            "installed": self._installed(columns["installed"], findings),
            "note": columns["facing"],
        }


def short_address(address: str) -> str:
    """Return an address without the province and city that all around share."""
    parts = address.split(None, 2)
    return parts[2] if len(parts) == 3 else address


def without(values: Mapping[str, Any], refused: Mapping[int, object]) -> Batch:
    """Return columns without the refused rows; a bare value stands for all rows."""
    if not refused:
        return values
    size = len(values["key"])
    kept = [place not in refused for place in range(size)]
    return {name: v if isinstance(v, str) else list(compress(v, kept)) for name, v in values.items()}
