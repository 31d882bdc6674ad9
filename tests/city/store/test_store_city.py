"""A city in SQLite answers as the same city does in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from smartcity_console.city import CatalogueDamaged, CatalogueMissing, City, plane, rank_cameras, sample_city_path
from smartcity_console.city.search.find import Finder
from smartcity_console.city.store import CameraRow, CatalogueStore, CatalogueTooNew
from smartcity_console.city.store.adopt import adopt
from smartcity_console.city.store.reader import Cameras
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.camera import Pose
from smartcity_console.model.errors import UnknownCamera


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("workspace") / "catalogue.sqlite"
    with CatalogueStore.open(file) as store:
        adopt(store, sample_city_path())
    return file


@pytest.fixture(scope="module")
def stored(path: Path) -> City:
    return City.open(path)


def test_its_records_are_the_same(stored: City, gaon: City) -> None:
    assert stored.name == gaon.name and stored.firms == gaon.firms and stored.agencies == gaon.agencies
    assert list(stored.cameras) == list(gaon.cameras) and len(stored.cameras) == len(gaon.cameras)
    assert all(stored.cameras[id_] == camera for id_, camera in gaon.cameras.items())
    assert list(stored.sites) == list(gaon.sites)
    assert all(stored.sites[id_] == site for id_, site in gaon.sites.items())
    assert "GN-0001" in stored.cameras and "GN-none" not in stored.cameras and stored.cameras.get("GN-none") is None
    assert stored.site_of_account("1701") == gaon.site_of_account("1701")
    assert stored.site_of_account("nobody") is None


def test_its_cameras_names_are_read_without_an_object_each(stored: City) -> None:
    assert isinstance(stored.cameras, Cameras)
    told = {id_: (name, owner, x, y) for id_, name, owner, x, y in stored.cameras.named()}
    assert list(told) == list(stored.cameras)
    for id_, camera in stored.cameras.items():
        assert told[id_][:2] == (camera.name, camera.owner)
        assert told[id_][2:] == pytest.approx(plane.xy_of(camera.position), abs=1e-6)


def test_an_id_half_typed_is_found_by_the_index_of_ids(stored: City) -> None:
    finder = Finder(stored)
    try:
        found = [one.id for one in finder.find("GN-00", 12)]
        assert found == sorted(id_ for id_ in stored.cameras if id_.startswith("GN-00"))[:12]
        assert finder.find("GN-0001", 12)[0].id == "GN-0001"
    finally:
        finder.close()


def test_its_base_map_is_the_same(stored: City, gaon: City) -> None:
    ours, theirs = stored.base, gaon.base
    assert ours.bounds_m == theirs.bounds_m
    for layer in ("districts", "water", "bridges", "parks", "buildings", "roads", "graph"):
        assert shapely.equals_exact(getattr(ours, layer).geometries, getattr(theirs, layer).geometries, 0.0).all()
    assert ours.districts.name == theirs.districts.name and ours.roads.rank == theirs.roads.rank
    assert np.array_equal(ours.buildings.height_m, theirs.buildings.height_m)
    assert np.array_equal(ours.graph.from_node, theirs.graph.from_node) and ours.graph.rank == theirs.graph.rank
    assert ours.scene_points.role == theirs.scene_points.role


def test_it_ranks_and_names_places_alike(stored: City, gaon: City) -> None:
    west, south, east, north = gaon.base.bounds_m
    chance = np.random.default_rng(5)
    spots = [plane.position_at(*xy) for xy in chance.uniform((west, south), (east, north), (60, 2))]
    spots += [gaon.sites["site-gaonmart"].position, gaon.sites["site-hansol"].position]
    for spot in spots:
        streams = {"GN-0001", "GN-0006", "PV-0001"}
        assert rank_cameras(stored, spot, streams=streams) == rank_cameras(gaon, spot, streams=streams)
        assert stored.address_at(spot) == gaon.address_at(spot)
        assert stored.agency_for(AgencyKind.POLICE, spot) == gaon.agency_for(AgencyKind.POLICE, spot)


def test_an_opened_site_opens_its_cameras(stored: City, gaon: City) -> None:
    site = gaon.sites["site-hansol"]
    x, y = plane.xy_of(site.position)
    beside = plane.position_at(x + 8.0, y + 8.0)
    for opened in ((), (site.id,), ("site-nowhere",)):
        ours = rank_cameras(stored, beside, streams=(), unlocked_sites=opened, limit=99)
        assert ours == rank_cameras(gaon, beside, streams=(), unlocked_sites=opened, limit=99)


POSE = Pose(height_m=7.0, azimuth_deg=33.0, tilt_deg=12.0, hfov_deg=55.0, width_px=1280, height_px=720, range_m=700.0)


def test_a_pose_set_by_an_operator_is_kept_audited_and_seen_by_open_cities(tmp_path: Path) -> None:
    rows = [CameraRow(source="cctv", key=k, name=k, lon_deg=127.0, lat_deg=37.5) for k in "ab"]
    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as store:
        store.apply(store.plan("cameras", "cctv", rows))
        city = City.open(store.path)
        x, y = plane.to_xy(127.0, 37.5)
        far = plane.position_at(x + 500.0 * np.sin(np.radians(33)), y + 500.0 * np.cos(np.radians(33)))
        assert rank_cameras(city, far, streams=()) == []
        store.set_pose("cctv-a", POSE, "operator-1")
        assert store.camera("cctv-a").pose == POSE and city.cameras["cctv-a"].pose == POSE
        assert store.camera("cctv-b").pose.azimuth_deg is None
        (seen,) = rank_cameras(City.open(store.path), far, streams=())
        assert (seen.camera_id, seen.in_view) == ("cctv-a", True)
        assert [s.camera_id for s in rank_cameras(city, far, streams=())] == ["cctv-a"]  # the maps are shared

        plan = store.plan("cameras", "cctv", rows)
        assert plan.is_empty
        store.apply(store.plan("cameras", "cctv", rows[:1]))  # b goes: the columns are made anew
        assert store.camera("cctv-a").pose == POSE
        assert [s.camera_id for s in rank_cameras(City.open(store.path), far, streams=())] == ["cctv-a"]
        with pytest.raises(UnknownCamera):
            store.set_pose("cctv-b", POSE, "operator-1")
        entries = store._db.execute("SELECT actor, camera_id, azimuth_deg FROM poses").fetchall()
    assert entries == [("operator-1", "cctv-a", 33.0)]


def test_an_empty_catalogue_is_an_empty_city(tmp_path: Path) -> None:
    CatalogueStore.open(tmp_path / "catalogue.sqlite").close()
    city = City.open(tmp_path / "catalogue.sqlite")
    spot = plane.position_at(200_000.0, 500_000.0)
    assert len(city.cameras) == 0 and list(city.sites) == [] and len(city.columns) == 0
    assert rank_cameras(city, spot, streams={"GN-0001"}) == []
    assert city.address_at(spot) == "" and city.district_at(spot) == ""
    with pytest.raises(LookupError):
        city.agency_for(AgencyKind.FIRE, spot)


def test_what_is_no_catalogue_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing):
        City.open(tmp_path / "none.sqlite")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database at all, but long enough to look at" * 40)
    with pytest.raises(CatalogueDamaged):
        City.open(broken)
    with CatalogueStore.open(tmp_path / "new.sqlite") as store:
        store._db.execute("PRAGMA user_version=99")
    with pytest.raises(CatalogueTooNew):
        CatalogueStore.open(tmp_path / "new.sqlite")


def test_a_torn_column_cache_is_made_again(path: Path, stored: City) -> None:
    (folder,) = (path.parent / "columns").iterdir()
    kept = (folder / "x_m.npy").read_bytes()
    (folder / "x_m.npy").write_bytes(kept[: len(kept) // 2])
    try:
        assert len(City.open(path).columns) == len(stored.columns)
    finally:
        assert (folder / "x_m.npy").read_bytes() == kept
