"""Who is proposed for a place: whose area it is, else the nearest, and nobody who is off duty before one who is on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from smartcity_console.city import City
from smartcity_console.composition.recipients import RecipientBook
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.geo import Position
from smartcity_console.model.recipient import Recipient, Why

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday 12:00 in Seoul
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def city() -> City:
    return City.open()


@pytest.fixture
def place(city: City) -> Position:
    return next(iter(city.sites.values())).position


def propose(
    folder: Path, city: City, place: Position, text: str = "", at: datetime = NOON, kind: AlertKind = AlertKind.ROBBERY
) -> dict[AgencyKind, list[Recipient]]:
    (folder / "recipients.toml").write_text(text, "utf-8")
    found = RecipientBook(folder, lambda: city).propose(kind, place, at)
    return {k: [one for one in found if one.agency.kind is k] for k in AgencyKind}


def test_the_stations_of_the_place_come_first(tmp_path: Path, city: City, place: Position) -> None:
    found = propose(tmp_path, city, place)
    for kind in (AgencyKind.POLICE, AgencyKind.FIRE):
        assert found[kind][0].agency == city.agency_for(kind, place)
        assert found[kind][0].why is Why.AREA and found[kind][0].distance_m > 0
    assert found[AgencyKind.CENTRE] == found[AgencyKind.FACILITY] == []


def test_a_station_off_duty_gives_way_to_the_nearest_that_is_on(tmp_path: Path, city: City, place: Position) -> None:
    ours = city.agency_for(AgencyKind.POLICE, place)
    text = f'[[recipient]]\nid = "{ours.id}"\nduty = ["mon-fri 09:00-18:00"]\nmasked = true\n'
    assert propose(tmp_path, city, place, text)[AgencyKind.POLICE][0].is_masked
    at_night = propose(tmp_path, city, place, text, NIGHT)[AgencyKind.POLICE]
    assert at_night[0].agency != ours and at_night[0].why is Why.OFF_DUTY_NEXT
    assert not next(one for one in at_night if one.agency == ours).on_duty(NIGHT)


def test_neighbours_and_facilities_answer_for_their_area_and_kinds(tmp_path: Path, city: City, place: Position) -> None:
    west, south = place.lon_deg - 0.01, place.lat_deg - 0.01
    area = [[west, south], [west + 0.02, south], [west + 0.02, south + 0.02], [west, south + 0.02]]
    text = f"""
[[recipient]]
id = "centre-far"
kind = "centre"
name = "먼시"
position = [126.0, 36.0]
[[recipient]]
id = "centre-haneul"
kind = "centre"
name = "하늘시"
position = [126.5, 36.5]
area = {area}
[[recipient]]
id = "metro"
kind = "facility"
name = "가온도시철도"
position = [{place.lon_deg}, {place.lat_deg}]
for_kinds = ["fire"]
ways = [{{ by = "mail", to = ["a@b.example"] }}]
"""
    found = propose(tmp_path, city, place, text)
    assert [(one.agency.id, one.why) for one in found[AgencyKind.CENTRE]] == [
        ("centre-haneul", Why.AREA),
        ("centre-far", Why.NEAREST),
    ]
    assert found[AgencyKind.FACILITY] == []
    fire = propose(tmp_path, city, place, text, kind=AlertKind.FIRE)[AgencyKind.FACILITY]
    assert [(one.agency.id, one.ways) for one in fire] == [("metro", ("mail",))]
