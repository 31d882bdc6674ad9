"""The national camera file: every generation, every sort of damage, and what a second import would change."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartcity_console.city.importers import ColumnsMissing, FileUnreadable, ImportCancelled, Report, Why, look
from smartcity_console.city.importers import run as running
from smartcity_console.city.importers.parts import Options, source_of
from smartcity_console.city.importers.points import PointTable
from smartcity_console.city.store import CatalogueStore

from .conftest import HEADER_2026, Bring, row_2026, write_csv

REAL = Path(__file__).resolve().parents[4] / "shared" / "real"
_OLD_NAMES = (
    "번호,관리기관명,소재지도로명주소,소재지지번주소,설치목적구분,카메라대수,카메라화소수,촬영방면정보,"
    "보관일수,설치년월,관리기관전화번호,위도,경도,데이터기준일자,제공기관코드,제공기관명"
)
_OLD_CELLS = (
    "1,가온시청,전국도 가온시 은행로 85,,교통단속,4,41,360도전방면,"
    "30,2004-08,042-1,36.328310,127.454320,2019-03-12,1,가온시"
)
OLD_HEADER, OLD_ROW = _OLD_NAMES.split(","), _OLD_CELLS.split(",")


def cameras(store: CatalogueStore) -> list[sqlite3.Row]:
    """Return what lies in the file, as any SQL tool reads it."""
    with closing(sqlite3.connect(store.path)) as db:
        db.row_factory = sqlite3.Row
        return db.execute("SELECT * FROM cameras ORDER BY no").fetchall()


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig", "utf-8", "utf-16"])
def test_the_2026_layout_is_read_in_each_encoding(
    tmp_path: Path, store: CatalogueStore, bring: Bring, encoding: str
) -> None:
    bring("cctv", write_csv(tmp_path / "gaon_2026.csv", [HEADER_2026, row_2026()], encoding))
    (row,) = cameras(store)
    assert (row["id"], row["source"], row["key"]) == ("gaon-N1", "gaon", "N1")
    assert (row["owner"], row["purpose"], row["count"]) == ("가온시청", "crime_prevention", 2)
    assert (row["installed"], row["width_px"], row["azimuth_deg"]) == ("2021-03", 1888, None)
    assert (row["lat_deg"], row["lon_deg"]) == (36.32831, 127.45432)
    assert (row["name"], row["ownership"]) == ("은행로 85", "public")


def test_an_older_layout_is_read_by_the_names_of_its_columns(
    tmp_path: Path, store: CatalogueStore, bring: Bring
) -> None:
    other = [*OLD_ROW[:4], "다목적", *OLD_ROW[5:]]
    seen = bring("cctv", write_csv(tmp_path / "old.csv", [OLD_HEADER, OLD_ROW, other, OLD_ROW]))
    rows = cameras(store)
    assert [(r["purpose"], r["count"], r["note"]) for r in rows[:2]] == [
        ("traffic", 4, "360도전방면"),
        ("multi", 4, "360도전방면"),
    ]
    assert len({r["key"] for r in rows}) == 3  # two cameras on one pole are two records
    assert (rows[0]["installed"], rows[0]["width_px"]) == ("2004-08", 736)
    again = bring("cctv", *seen.files)
    assert (again.plans[0].same, again.plans[0].added, again.plans[0].gone) == (3, 0, 0)


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"WGS84위도": ""}, "WGS84위도", Why.BLANK),
        ({"WGS84경도": "동경"}, "WGS84경도", Why.NOT_A_NUMBER),
        ({"WGS84위도": "nan"}, "WGS84위도", Why.NOT_A_NUMBER),
        ({"WGS84위도": "0", "WGS84경도": "0"}, "WGS84위도, WGS84경도", Why.OUTSIDE_KOREA),
        ({"WGS84위도": "127.45432", "WGS84경도": "36.32831"}, "WGS84위도, WGS84경도", Why.SWAPPED),
        ({"WGS84위도": "36.1", "WGS84경도": "127.1"}, "WGS84위도, WGS84경도", Why.PLACEHOLDER),
        ({"WGS84위도": "37.51234", "WGS84경도": "127.03456"}, "WGS84위도, WGS84경도", Why.FAR_FROM_CITY),
    ],
)
def test_a_bad_position_refuses_the_row_and_says_where(
    tmp_path: Path, store: CatalogueStore, bring: Bring, cells: dict[str, str], column: str, why: Why
) -> None:
    good = [row_2026(f"G{n}", WGS84위도=f"36.32{n:03}") for n in range(1, 21)]
    rows = [HEADER_2026, *good[:10], row_2026("BAD", **cells), *good[10:]]
    seen = bring("cctv", write_csv(tmp_path / "gaon.csv", rows), csv=tmp_path / "bad.csv")
    (bad,) = seen.report.samples
    assert (bad.line, bad.column, bad.why, seen.report.refused) == (12, column, why, 1)
    assert len(cameras(store)) == 20
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        (told,) = csv.DictReader(file)
    assert (told["line"], told["column"], told["value"]) == ("12", column, bad.value)
    assert told["outcome"] == "refused" and told["why"] and told["까닭"]


@pytest.mark.parametrize(
    ("cells", "column", "why", "field", "value"),
    [
        ({"설치연월": "1905-07"}, "설치연월", Why.DAMAGED_DATE, "installed", ""),
        ({"설치연월": "202113"}, "설치연월", Why.DAMAGED_DATE, "installed", ""),
        ({"카메라대수": "두 대"}, "카메라대수", Why.NOT_A_NUMBER, "count", 1),
        ({"카메라대수": "-3"}, "카메라대수", Why.OUT_OF_RANGE, "count", 1),
        ({"카메라화소수": "고화질"}, "카메라화소수", Why.NOT_A_NUMBER, "width_px", None),
        ({"설치목적구분": "불법주정차"}, "설치목적구분", Why.UNKNOWN_WORD, "purpose", "other"),
    ],
)
def test_a_camera_goes_in_without_a_value_that_is_damaged(
    tmp_path: Path,
    store: CatalogueStore,
    bring: Bring,
    cells: dict[str, str],
    column: str,
    why: Why,
    field: str,
    value: object,
) -> None:
    seen = bring("cctv", write_csv(tmp_path / "gaon.csv", [HEADER_2026, row_2026(**cells)]))
    (bad,) = seen.report.samples
    assert (bad.line, bad.column, bad.value, bad.why) == (2, column, cells[column], why)
    assert (seen.report.imported, seen.report.refused, seen.report.remarks) == (1, 0, 1)
    assert cameras(store)[0][field] == value


def test_line_numbers_survive_line_breaks_open_quotes_and_short_rows(
    tmp_path: Path, store: CatalogueStore, bring: Bring
) -> None:
    two_lines = row_2026("A", 소재지지번주소="가온시\n은행동 1")  # lines 2 and 3
    open_quote = '"' + ",".join(row_2026("B")) + "\r\n"  # line 4
    short = "가온시,C\r\n"  # line 5
    rest = [row_2026("D"), row_2026("E", 설치연월="?"), row_2026("D")]  # lines 6, 7, 8
    path = write_csv(tmp_path / "gaon.csv", [HEADER_2026, two_lines])
    tail = write_csv(tmp_path / "tail.csv", rest).read_bytes()
    path.write_bytes(path.read_bytes() + (open_quote + short).encode("cp949") + tail)
    seen = bring("cctv", path)
    told = [(bad.line, bad.why) for bad in sorted(seen.report.samples, key=lambda bad: bad.line)]
    assert told == [(4, Why.OPEN_QUOTE), (5, Why.WRONG_WIDTH), (7, Why.DAMAGED_DATE), (8, Why.DUPLICATE)]
    assert [row["key"] for row in cameras(store)] == ["A", "D", "E"]
    assert seen.report.rows == 6


def test_a_byte_that_is_no_letter_is_told_and_the_camera_kept(
    tmp_path: Path, store: CatalogueStore, bring: Bring
) -> None:
    path = write_csv(tmp_path / "gaon.csv", [HEADER_2026, row_2026(촬영방면정보="X")])
    path.write_bytes(path.read_bytes().replace(b",X,", b",\xff\xfe,"))
    seen = bring("cctv", path)
    assert [(bad.column, bad.why) for bad in seen.report.samples] == [("촬영방면정보", Why.BROKEN_BYTES)]
    assert len(cameras(store)) == 1


def test_the_next_issue_shows_what_is_added_changed_and_gone_before_anything_changes(
    tmp_path: Path, store: CatalogueStore, bring: Bring
) -> None:
    bring("cctv", write_csv(tmp_path / "gaon_2025.csv", [HEADER_2026, *map(row_2026, "ABC")]))
    rows = [row_2026("A"), row_2026("B", 카메라대수="5"), row_2026("D")]
    issue = write_csv(tmp_path / "gaon_20260520.csv", [HEADER_2026, *rows])
    seen = bring("cctv", issue, into=False)
    (plan,) = seen.plans
    assert (plan.same, plan.changed, plan.added, plan.gone) == (1, 1, 1, 1)
    assert plan.changed_samples[0].fields == (("count", "2", "5"),)
    assert {row["key"] for row in cameras(store)} == {"A", "B", "C"}
    bring("cctv", issue)
    assert {row["key"]: row["count"] for row in cameras(store)} == {"A": 2, "B": 5, "D": 2}


def test_another_citys_file_leaves_the_first_citys_cameras(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    bring("cctv", write_csv(tmp_path / "gaon_2026.csv", [HEADER_2026, row_2026("A")]))
    other = bring("cctv", write_csv(tmp_path / "naru_2026.csv", [HEADER_2026, row_2026("A")]))
    assert (other.plans[0].added, other.plans[0].gone, len(cameras(store))) == (1, 0, 2)
    assert not other.loses_most


def test_a_file_that_would_take_most_away_is_marked(tmp_path: Path, bring: Bring) -> None:
    bring("cctv", write_csv(tmp_path / "gaon.csv", [HEADER_2026, *map(row_2026, "ABC")]))
    assert bring("cctv", write_csv(tmp_path / "gaon.csv", [HEADER_2026, row_2026("Z")]), into=False).loses_most


def test_a_file_without_positions_is_refused_by_name_of_the_columns(tmp_path: Path, bring: Bring) -> None:
    with pytest.raises(ColumnsMissing, match="WGS84위도, WGS84경도"):
        bring("cctv", write_csv(tmp_path / "gaon.csv", [["관리기관명", "설치목적구분"], ["가온시청", "기타"]]))
    with pytest.raises(FileUnreadable):
        bring("cctv", tmp_path / "nothing.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(ColumnsMissing):
        bring("cctv", tmp_path / "empty.csv")


def test_a_formula_in_the_report_stays_text(tmp_path: Path, bring: Bring) -> None:
    path = write_csv(tmp_path / "gaon.csv", [HEADER_2026, row_2026(WGS84위도="=1+1")])
    bring("cctv", path, csv=tmp_path / "bad.csv")
    assert "'=1+1" in (tmp_path / "bad.csv").read_text("utf-8-sig")


def test_a_large_file_read_by_a_child_gives_the_same(
    tmp_path: Path, store: CatalogueStore, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row_2026(f"K{n}", WGS84위도=f"36.3{n % 90 + 10}01") for n in range(3000)]
    rows[1500][HEADER_2026.index("WGS84경도")] = "?"
    rows[2000] = rows[1999]
    path = write_csv(tmp_path / "gaon.csv", [HEADER_2026, *rows])
    here = bring("cctv", path, csv=tmp_path / "here.csv")
    monkeypatch.setattr(running, "LARGE_BYTES", 0)
    there = bring("cctv", path, csv=tmp_path / "there.csv")
    assert there.plans[0].same == here.plans[0].added == 2998
    assert there.report.tally() == here.report.tally()
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_a_child_that_finds_no_columns_says_so(tmp_path: Path, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LARGE_BYTES", 0)
    with pytest.raises(ColumnsMissing):
        bring("cctv", write_csv(tmp_path / "gaon.csv", [["a"], ["b"]]))


@pytest.mark.parametrize("large_from", [0, 1 << 30])
def test_an_import_that_is_called_off_leaves_nothing(
    tmp_path: Path, store: CatalogueStore, monkeypatch: pytest.MonkeyPatch, large_from: int
) -> None:
    monkeypatch.setattr(running, "LARGE_BYTES", large_from)
    path = write_csv(tmp_path / "gaon.csv", [HEADER_2026, row_2026()])

    def stop(stage: str, done: float) -> None:
        raise ImportCancelled

    with Report() as report, pytest.raises(ImportCancelled):
        look(store, "cctv", [path], report, progress=stop)
    assert cameras(store) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("daejeon_2026.csv", "daejeon"),
        ("가온시_CCTV_20260520.csv", "가온시_CCTV"),
        ("gaon-2026-05.csv", "gaon"),
        ("2026.csv", "2026"),
        ("cctv.csv", "cctv"),
    ],
)
def test_the_issue_of_a_file_is_no_part_of_its_source(name: str, source: str) -> None:
    assert source_of([Path("data") / name], Options()) == source
    assert source_of([Path("data") / name], Options(source="my city")) == "my_city"


def test_a_layer_file_is_named_after_its_folder() -> None:
    assert source_of([Path("/data/gangnam/TL_SPRD_MANAGE.shp")], Options()) == "gangnam"


_CELLS = st.text(st.characters(codec="cp949", exclude_characters='"\r\n\x00'), max_size=12)
_NUMBERS = st.sampled_from(["36.32831", "127.45432", "", "0", "x", "36.1", "1e400", "-1", "36.3, 1"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_CELLS, _CELLS, _NUMBERS, _NUMBERS, _CELLS, _CELLS), max_size=30))
def test_every_row_of_any_file_is_accounted_for(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    names = ("관리번호", "설치목적구분", "WGS84위도", "WGS84경도", "설치연월", "카메라대수")
    written = [row_2026(**dict(zip(names, row, strict=True))) for row in rows]
    path = write_csv(tmp_path / "any.csv", [HEADER_2026, *written])
    with Report() as report:
        parts = list(running.KINDS_OF_DATA["cctv"].read([path], Options(), report, lambda stage, done: None))
        handed = sum(len(batch["key"]) for part in parts for batch in part.batches)
    repeated = report.counts.get(("관리번호", Why.DUPLICATE, "refused"), 0)
    assert report.rows == len(rows)
    assert report.imported == handed - repeated


if REAL.is_dir():  # real files lie beside some checkouts; the repository has none of them

    @pytest.mark.parametrize(
        ("name", "rows", "refused"), [("cctv/daejeon_2026.csv", 9037, 997), ("gangnam/cctv_2019.csv", 1880, 0)]
    )
    def test_real_files_are_accounted_for(bring: Bring, name: str, rows: int, refused: int) -> None:
        seen = bring("cctv", REAL / name)
        assert (seen.report.rows, seen.report.refused, seen.plans[0].added) == (rows, refused, rows - refused)
        again = bring("cctv", REAL / name)
        assert (again.changes, again.plans[0].same) == (0, rows - refused)


def test_point_tables_name_only_columns_they_have() -> None:
    from smartcity_console.city.importers import bells, cctv

    for module in (bells, cctv):
        keys = {column.key for column in module.COLUMNS}
        table = PointTable("x", module.COLUMNS, module._IDENTITY, module._TEXTS, lambda _table: lambda _c, _f: {})
        assert {*table.identity, *table.texts, "number", "owner", "lat", "lon"} <= keys
