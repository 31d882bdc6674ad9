"""Emergency bells, stations, speeds and raster maps."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.city.importers import (
    FileUnreadable,
    UnknownKind,
    Why,
    base_maps,
    import_raster,
    kinds_for,
)
from smartcity_console.city.raster import RasterUnreadable
from smartcity_console.city.store import CatalogueStore

from .conftest import Bring, write_csv

PNG = b"\x89PNG\r\n\x1a\n"


def rows(store: CatalogueStore, table: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(store.path)) as db:
        db.row_factory = sqlite3.Row
        return db.execute(f"SELECT * FROM {table} ORDER BY no").fetchall()


def test_bells(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    header = [
        "관리번호",
        "관리기관명",
        "설치목적",
        "설치장소유형",
        "설치위치",
        "소재지지번주소",
        "WGS84위도",
        "WGS84경도",
    ]
    header += ["연계방식", "안전비상벨설치연도"]
    good = ["B1", "가온시청", "방범용", "화장실", "강변공원", "가온시 1", "36.33141", "127.43021", "양방향", "2022"]
    bad = ["B2", "가온시청", "방범용", "화장실", "강변공원", "가온시 1", "", "127.4302", "양방향", "22"]
    seen = bring("bells", write_csv(tmp_path / "bells.csv", [header, good, bad]))
    (bell,) = rows(store, "bells")
    assert (bell["name"], bell["kind"], bell["installed"]) == ("강변공원", "화장실", "2022")
    assert bell["note"] == "방범용 · 양방향"
    assert [(b.line, b.column, b.why) for b in seen.report.samples] == [(3, "WGS84위도", Why.BLANK)]


def test_stations_without_a_position_are_kept_and_marked(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    header = ["경찰서", "관서명", "구분", "주소"]
    police = [["가온", "은행", "지구대", "가온시 은행로 1"], ["가온", "시장파출소", "파출소", "가온시 2"]]
    other = ["", "은행119안전센터", "", "가온시 3"]
    unknown = ["", "구청", "", ""]
    seen = bring("agencies", write_csv(tmp_path / "police.csv", [header, *police, other, unknown, police[0]]))
    found = [(r["name"], r["kind"], r["control_room"], r["lon_deg"]) for r in rows(store, "agencies")]
    assert found == [
        ("은행지구대", "police", "가온경찰서", None),
        ("시장파출소", "police", "가온경찰서", None),
        ("은행119안전센터", "fire", "", None),
    ]
    refused = [(b.line, b.why) for b in seen.report.samples if b.outcome == "refused"]
    assert refused == [(5, Why.UNKNOWN_WORD), (6, Why.DUPLICATE)]
    assert seen.report.counts["WGS84위도, WGS84경도", Why.NO_POSITION, "remark"] == 4


def item(link: Any = "L1", speed: Any = "43.0", created: str = "20261123140500") -> dict[str, Any]:
    return {"roadName": "은행로", "linkId": link, "speed": speed, "travelTime": "12", "createdDate": created}


@pytest.mark.parametrize(
    "wrap", [lambda one: one, lambda one: [one], lambda one: {"item": one}, lambda one: {"item": [one]}]
)
def test_a_single_speed_comes_as_an_object_or_a_list(
    tmp_path: Path, store: CatalogueStore, bring: Bring, wrap: Any
) -> None:
    path = tmp_path / "its.json"
    path.write_text(json.dumps({"header": {}, "body": {"totalCount": 1, "items": wrap(item())}}), "utf-8")
    bring("traffic", path)
    (speed,) = rows(store, "speeds")
    assert (speed["key"], speed["speed_kmh"], speed["travel_s"]) == ("L1", 43.0, 12.0)
    assert speed["measured_at"] == "2026-11-23T05:05:00+00:00"  # 14:05 in Seoul


def test_bad_speeds_are_told_by_their_number(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    items = [item(), item("", "1"), item("L2", "fast"), item("L3", "-5"), "x", item("L1"), item("L4", created="noon")]
    path = tmp_path / "its.json"
    path.write_text(json.dumps({"body": {"items": items}}), "utf-8")
    seen = bring("traffic", path)
    assert [(b.line, b.column, b.why) for b in seen.report.samples] == [
        (2, "linkId", Why.BLANK),
        (3, "speed", Why.NOT_A_NUMBER),
        (4, "speed", Why.OUT_OF_RANGE),
        (5, "items", Why.NOT_AN_OBJECT),
        (6, "linkId", Why.DUPLICATE),
        (7, "createdDate", Why.DAMAGED_DATE),
    ]
    assert [row["key"] for row in rows(store, "speeds")] == ["L1", "L4"]


@pytest.mark.parametrize("text", ["", "[", "{}", '{"body": {}}'])
def test_json_of_another_form_is_refused(tmp_path: Path, bring: Bring, text: str) -> None:
    (tmp_path / "its.json").write_text(text, "utf-8")
    with pytest.raises(FileUnreadable):
        bring("traffic", tmp_path / "its.json")


def mbtiles(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        db.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        facts = {"name": "가온", "format": "png", "bounds": "127,36,128,37", "minzoom": "8", "maxzoom": "8"}
        db.executemany("INSERT INTO metadata VALUES (?, ?)", facts.items())
        db.execute("INSERT INTO tiles VALUES (8, 218, 155, ?)", (PNG,))
    return path


def test_a_raster_map_is_checked_and_copied(tmp_path: Path) -> None:
    path, workspace = mbtiles(tmp_path / "base.mbtiles"), tmp_path / "workspace"
    assert import_raster(path, workspace, dry_run=True)["applied"] is False
    assert base_maps(workspace) == []
    told = import_raster(path, workspace)
    assert (told["applied"], told["replaces"], told["zooms"]) == (True, False, [8, 8])
    (kept,) = base_maps(workspace)
    assert kept.read_bytes() == path.read_bytes()
    assert import_raster(path, workspace)["replaces"] is True
    assert [p.name for p in (workspace / "basemaps").iterdir()] == ["base.mbtiles"]


def test_a_file_that_is_no_raster_map_is_refused(tmp_path: Path) -> None:
    (tmp_path / "base.pmtiles").write_bytes(b"PMTiles no")
    with pytest.raises(RasterUnreadable):
        import_raster(tmp_path / "base.pmtiles", tmp_path / "workspace")
    with pytest.raises(FileUnreadable):
        import_raster(tmp_path / "base.png", tmp_path / "workspace")
    assert base_maps(tmp_path / "workspace") == []


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["cctv_2026.csv"], "cctv"),
        (["daejeon_bells.csv"], "bells"),
        (["police_gyeonggi.csv"], "agencies"),
        (["MOCT_LINK.shp", "MOCT_NODE.shp"], "nodelink"),
        (["TL_SPRD_MANAGE.shp"], "roads"),
        (["Helsinki.osm.pbf"], "osm"),
        (["buildings.gpkg"], "buildings"),
        (["its.json"], "traffic"),
        (["base.pmtiles"], "raster"),
    ],
)
def test_the_likeliest_kind_is_offered_first(names: list[str], first: str) -> None:
    assert kinds_for([Path(name) for name in names])[0] == first


def test_files_of_no_kind() -> None:
    assert kinds_for([Path("a.exe")]) == []


def test_an_unknown_kind_is_named(tmp_path: Path, bring: Bring) -> None:
    with pytest.raises(UnknownKind, match="cctv"):
        bring("weather", tmp_path / "x.csv")
