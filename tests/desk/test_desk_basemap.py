"""The page's map from the sample city: the right streets, in degrees, cut to the box, soon enough."""

from __future__ import annotations

import json

import pytest

from smartcity_console.city import City
from smartcity_console.desk.basemap import base_map_of


@pytest.fixture(scope="module")
def city() -> City:
    return City.open()


def test_the_streets_around_a_site_are_there_and_cut_to_the_box(city: City) -> None:
    site = city.sites["site-gaonmart"]
    lon, lat = site.position.lon_deg, site.position.lat_deg
    west, south, east, north = lon - 0.003, lat - 0.002, lon + 0.003, lat + 0.002
    features = json.loads(json.dumps(base_map_of(city.base)(west, south, east, north)))["features"]
    layers = {feature["properties"]["layer"] for feature in features}
    assert {"road", "building"} <= layers
    assert "은행로" in {feature["properties"].get("name") for feature in features}
    xs, ys = zip(*(xy for feature in features for xy in positions(feature["geometry"]["coordinates"])), strict=True)
    assert west - 1e-4 < min(xs) < max(xs) < east + 1e-4
    assert south - 1e-4 < min(ys) < max(ys) < north + 1e-4


def test_far_from_the_city_there_is_nothing(city: City) -> None:
    assert base_map_of(city.base)(129.0, 35.0, 129.01, 35.01)["features"] == []


def positions(coordinates: list) -> list[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], float):
        return [(coordinates[0], coordinates[1])]
    return [xy for part in coordinates for xy in positions(part)]
