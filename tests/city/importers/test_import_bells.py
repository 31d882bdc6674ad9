"""An emergency bell that was imported reports under its number: its name and place stand in the alert."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from smartcity_console.city import City
from smartcity_console.city.store import CatalogueStore
from smartcity_console.intake.dc09 import Frame, read_alerts
from smartcity_console.intake.registry import Register

from .conftest import Bring, write_csv

HEADER = [
    "관리번호",
    "안전비상벨관리번호",
    "관리기관명",
    "설치목적",
    "설치장소유형",
    "설치위치",
    "소재지도로명주소",
    "소재지지번주소",
    "WGS84위도",
    "WGS84경도",
    "연계방식",
    "부가기능",
    "안전비상벨설치연도",
    "데이터기준일자",
]
NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def bell(number: str, where: str = "강변공원 여자화장실", owner: str = "가온시청") -> list[str]:
    place = ["전국도 가온시 은행로 85", "", "36.33141", "127.43021"]
    return [number, "", owner, "방범용", "화장실", where, *place, "양방향", "경광등", "2022", "2026-01-01"]


def test_an_alarm_under_a_bells_number_shows_its_name_and_place(
    tmp_path: Path, store: CatalogueStore, bring: Bring
) -> None:
    bring("bells", write_csv(tmp_path / "bells.csv", [HEADER, bell("0B17"), bell("0B18", "")]))
    store.close()
    city = City.open(tmp_path / "catalogue.sqlite")
    register = Register(city.site_of_account, city.firms.get)
    frame = Frame(id="SIA-DCS", sequence="0001", account="0b17", data=b"#0b17|NPA1")
    (arrival,) = read_alerts(frame, NOW, lambda: "alert-1")
    alert = register.enrich(arrival.alert)
    assert alert.known and (alert.site_name, alert.firm_name) == ("강변공원 여자화장실", "가온시청")
    assert alert.address == "전국도 가온시 은행로 85"
    assert alert.position is not None
    assert (alert.position.lon_deg, alert.position.lat_deg) == (127.43021, 36.33141)
    assert register.private_cameras("0B17") == () and register.firm_id("0B17") == "가온시청"
    nameless = city.site_of_account("0B18")
    assert nameless is not None and nameless.name == "전국도 가온시 은행로 85"


def test_a_number_that_two_offices_use_is_nobodys(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    bring("bells", write_csv(tmp_path / "a.csv", [HEADER, bell("0B17")]), source="a")
    bring("bells", write_csv(tmp_path / "b.csv", [HEADER, bell("0B17", "시장 입구", "다온시청")]), source="b")
    store.close()
    assert City.open(tmp_path / "catalogue.sqlite").site_of_account("0B17") is None


def test_bells_are_found_by_an_index(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    bring("bells", write_csv(tmp_path / "bells.csv", [HEADER, bell("0B17")]))
    with closing(sqlite3.connect(store.path)) as db:
        plan = db.execute("EXPLAIN QUERY PLAN SELECT id FROM bells WHERE key = 'x' COLLATE NOCASE").fetchall()
    assert any("bells_key" in row[3] for row in plan)
