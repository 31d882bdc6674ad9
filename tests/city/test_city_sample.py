"""The shipped city: what the contract with the other rooms promises about it."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
import shapely

from smartcity_console.city import City, plane, rank_cameras, view_polygon
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Sensor

ROBBERY = ("GN-0001", "GN-0002", "GN-0003", "GN-0004", "GN-0005", "PV-0001")
FIRE = ("GN-0006", "GN-0007", "GN-0008", "PV-0002")
STREAMS = {*ROBBERY, *FIRE}


def test_it_is_as_large_as_the_product_says(gaon: City) -> None:
    owners = Counter(camera.ownership for camera in gaon.cameras.values())
    assert owners == {Ownership.PUBLIC: 1227, Ownership.PRIVATE: 300}
    assert len(gaon.sites) == 150 and set(gaon.firms) == {"s1", "adt", "kt", "nsok"}
    assert 19_000 <= len(gaon.base.buildings) <= 22_000
    assert 8 <= len(gaon.base.districts) <= 10
    purposes = Counter(camera.purpose for camera in gaon.cameras.values())
    assert purposes[Purpose.CRIME_PREVENTION] > 750 and len(purposes) >= 6
    assert {camera.mount for camera in gaon.cameras.values()} == set(Mount)


@pytest.mark.parametrize(
    ("site_id", "account", "firm", "district", "wanted"),
    [
        ("site-gaonmart", "1701", "에스원", "은행동", ROBBERY),
        ("site-hansol", "2702", "KT텔레캅", "솔내동", FIRE),
    ],
)
def test_a_sample_scene_is_seen_by_its_cameras_and_they_come_first(
    gaon: City, site_id: str, account: str, firm: str, district: str, wanted: tuple[str, ...]
) -> None:
    site = gaon.site_of_account(account)
    assert site is not None and site.id == site_id and site.district == district
    assert gaon.firms[site.firm_id].name_ko == firm
    ranked = rank_cameras(gaon, site.position, streams=STREAMS, limit=20)
    assert {seen.camera_id for seen in ranked[: len(wanted)]} == set(wanted)
    assert all(seen.in_view and seen.has_stream and not seen.occluded for seen in ranked[: len(wanted)])
    assert not any(seen.has_stream for seen in ranked[len(wanted) :])
    assert len({seen.dori for seen in ranked[: len(wanted)]} - {Dori.NONE}) >= 3


def test_the_scenes_zones_are_those_of_the_sample_alerts(gaon: City) -> None:
    zones = {zone.number: zone.sensor for zone in gaon.sites["site-gaonmart"].zones}
    assert zones["3"] == Sensor.MOTION and zones["9"] == Sensor.PANIC
    assert gaon.sites["site-hansol"].zones[0].sensor == Sensor.SMOKE


def test_the_street_before_a_scene_is_open_and_watched(gaon: City) -> None:
    points = gaon.base.scene_points
    for site_id, wanted in (("site-gaonmart", ROBBERY), ("site-hansol", FIRE)):
        at = {
            role: p for p, s, role in zip(points.geometries, points.site_id, points.role, strict=True) if s == site_id
        }
        assert set(at) == {"door", "street_a", "street_b"}
        street = shapely.LineString([at["street_a"], at["street_b"]])
        assert street.length > 150.0 and street.distance(at["door"]) < 15.0
        assert not len(gaon.base.buildings.tree.query(street, predicate="intersects"))
        watched = shapely.union_all([view_polygon(gaon, gaon.cameras[c]) for c in wanted])
        assert watched.intersection(street).length > 0.6 * street.length


def test_the_feeds_sizes_are_the_cameras_sizes(gaon: City) -> None:
    sizes = {c: (gaon.cameras[c].pose.width_px, gaon.cameras[c].pose.height_px) for c in STREAMS}
    assert {c for c, size in sizes.items() if size == (1920, 1080)} == {"GN-0001", "GN-0006"}
    assert {size for c, size in sizes.items() if c not in ("GN-0001", "GN-0006")} == {(640, 360)}


def test_private_cameras_open_only_for_their_own_incident(gaon: City) -> None:
    site = gaon.sites["site-gaonmart"]
    x, y = plane.xy_of(site.position)
    beside = plane.position_at(x + 4.0, y)

    def ids(position: Position, **more: object) -> set[str]:
        return {s.camera_id for s in rank_cameras(gaon, position, streams=STREAMS, limit=99, **more)}  # type: ignore[arg-type]

    assert "PV-0001" in ids(site.position)
    assert not any(c.startswith("PV-") for c in ids(beside))
    assert not any(c.startswith("PV-") for c in ids(plane.position_at(x, y, uncertainty_m=150.0)))
    assert "PV-0001" in ids(plane.position_at(x, y, 150.0), unlocked_sites={site.id})


def test_everything_stands_where_it_can(gaon: City) -> None:
    buildings = gaon.base.buildings
    assert bool(shapely.is_valid(buildings.geometries).all()) and buildings.height_m.min() > 2.0
    first, second = buildings.tree.query(buildings.geometries, predicate="intersects")
    pairs = first < second
    overlap = shapely.intersection(buildings.geometries[first[pairs]], buildings.geometries[second[pairs]])
    assert float(shapely.area(overlap).sum()) < 1.0
    assert not len(buildings.tree.query(gaon.base.water.geometries, predicate="intersects")[1])
    outdoor = np.array([not camera.indoor for camera in gaon.cameras.values()])
    poles = shapely.points(gaon.camera_xy)
    assert not len(buildings.tree.query(poles[outdoor], predicate="intersects")[1])
    assert len(set(buildings.tree.query(poles[~outdoor], predicate="within")[0])) == int((~outdoor).sum())


def test_no_building_stands_on_a_street(gaon: City) -> None:
    roads = gaon.base.roads
    surface = shapely.buffer(roads.geometries, roads.width_m / 2 - 0.2, cap_style="flat")
    assert not len(gaon.base.buildings.tree.query(surface, predicate="intersects")[1])


def test_each_address_is_found_again_from_its_position(gaon: City) -> None:
    assert all(gaon.address_at(site.position) == site.address for site in gaon.sites.values())
    assert all(gaon.district_at(site.position) == site.district for site in gaon.sites.values())
    assert len({site.account for site in gaon.sites.values()}) == len(gaon.sites)
    assert gaon.sites["site-gaonmart"].address.startswith("가온시 은행동 은행로 ")


def test_account_letters_may_be_small(gaon: City) -> None:
    lettered = next(site for site in gaon.sites.values() if site.account.upper() != site.account.lower())
    assert gaon.site_of_account(lettered.account.lower()) is gaon.site_of_account(lettered.account.upper()) is lettered
    assert gaon.site_of_account("FFFF") is None


def test_every_spot_of_the_city_has_its_police_and_its_fire_brigade(gaon: City) -> None:
    for site, kind in itertools.product(gaon.sites.values(), EMERGENCY_SERVICES):
        agency = gaon.agency_for(kind, site.position)
        x, y = plane.xy_of(site.position)
        assert agency.kind == kind and gaon.area_of(agency.id).intersects(shapely.Point(x, y))


def test_outside_every_area_the_nearest_agency_answers(gaon: City) -> None:
    west, south, _, _ = gaon.base.bounds_m
    corner = (west - 3_000.0, south - 3_000.0)
    chosen = gaon.agency_for(AgencyKind.FIRE, plane.position_at(*corner))

    def away(position: Position) -> float:
        x, y = plane.xy_of(position)
        return float(np.hypot(x - corner[0], y - corner[1]))

    fire = [agency for agency in gaon.agencies.values() if agency.kind == AgencyKind.FIRE]
    assert chosen == min(fire, key=lambda agency: away(agency.position))


def test_the_road_graph_hangs_together(gaon: City) -> None:
    graph = gaon.base.graph
    reached, waiting = {0}, [0]
    beside: dict[int, list[int]] = {}
    for a, b in zip(graph.from_node.tolist(), graph.to_node.tolist(), strict=True):
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    while waiting:
        fresh = set(beside[waiting.pop()]) - reached
        reached |= fresh
        waiting += fresh
    assert len(reached) == len(graph.node_xy)
    starts = shapely.get_coordinates(shapely.get_point(graph.geometries, 0))
    ends = shapely.get_coordinates(shapely.get_point(graph.geometries, -1))
    assert np.allclose(starts, graph.node_xy[graph.from_node], atol=0.02)
    assert np.allclose(ends, graph.node_xy[graph.to_node], atol=0.02)


def test_main_roads_cross_the_river_on_bridges(gaon: City) -> None:
    river = gaon.base.water.geometries[gaon.base.water.name.index("가온강")]
    decks = [b for b in gaon.base.bridges.geometries if b.intersects(river)]
    assert len(decks) >= 3
    middle = river.buffer(-40.0)
    crossing = [g for g in gaon.base.graph.geometries if g.intersects(middle)]
    assert crossing and all(any(deck.buffer(1.0).covers(c.intersection(river)) for deck in decks) for c in crossing)
