"""National files as offices publish them, and a catalogue to bring them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from smartcity_console.city.importers import Look, Options, Report, apply, look
from smartcity_console.city.store import CatalogueStore

_NAMES_2026 = (
    "개방자치단체코드,관리번호,관리기관명,소재지도로명주소,소재지지번주소,설치목적구분,카메라대수,카메라화소수,촬영방면정보,"
    "보관일수,설치연월,관리기관전화번호,WGS84위도,WGS84경도,데이터기준일자,데이터갱신구분,데이터갱신시점,최종수정시점"
)
HEADER_2026 = _NAMES_2026.split(",")


def row_2026(number: str = "N1", **given: str) -> list[str]:
    """Return a sound row of the 2026 layout with some cells replaced."""
    cells = dict.fromkeys(HEADER_2026, "")
    cells |= {"관리번호": number, "관리기관명": "가온시청", "소재지도로명주소": "전국도 가온시 은행로 85"}
    cells |= {"설치목적구분": "생활방범", "카메라대수": "2", "카메라화소수": "200", "설치연월": "202103"}
    cells |= {"WGS84위도": "36.32831", "WGS84경도": "127.45432"} | given
    return [cells[name] for name in HEADER_2026]


def write_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "cp949") -> Path:
    """Write rows with CRLF, quoting cells that hold a comma or a line break."""
    quoted = [[f'"{cell}"' if "," in cell or "\n" in cell else cell for cell in row] for row in rows]
    path.write_bytes("".join(",".join(row) + "\r\n" for row in quoted).encode(encoding))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as opened:
        yield opened


Bring = Callable[..., Look]


@pytest.fixture
def bring(store: CatalogueStore) -> Bring:
    """Look at files and, unless told not to, apply."""

    def run(kind: str, *files: Path, into: bool = True, csv: Path | None = None, **options: str) -> Look:
        with Report(csv) as report:
            seen = look(store, kind, files, report, Options(**options))
        assert report.rows == report.imported + report.refused
        if into:
            apply(store, seen, "tester")
        return seen

    return run
