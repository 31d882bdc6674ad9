"""Shapefiles without .prj and .cpg, node-link networks, GeoJSON with broken shapes, OSM: where they land, what is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

from smartcity_console.city import City, plane, rank_cameras
from smartcity_console.city.importers import FileUnreadable, LayerMissing, Why
from smartcity_console.city.importers.basemap import STOREY_M
from smartcity_console.city.importers.features import HEIGHT_OF_KIND_M, height_m
from smartcity_console.city.importers.osm import tags
from smartcity_console.city.importers.vector import positive
from smartcity_console.city.store import CameraRow, CatalogueStore
from smartcity_console.model.geo import Position

from .conftest import Bring

REAL = Path(__file__).resolve().parents[4] / "shared" / "real"
SEOUL = (127.0473, 37.5172)


def write_shp(path: Path, shapes: Sequence[Any], kind: str, bare: bool = True, **fields: Sequence[Any]) -> Path:
    """Write a Shapefile in CP949; `bare` leaves neither coordinate system nor encoding beside it, as offices do."""
    columns = [np.array(v, dtype=object if isinstance(v[0], str) else None) for v in fields.values()]
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=columns,
        fields=np.array(list(fields), dtype=object),
        geometry_type=kind,
        driver="ESRI Shapefile",
        crs="EPSG:5179",
        encoding="CP949",
    )
    for suffix in (".prj", ".cpg") if bare else ():
        path.with_suffix(suffix).unlink(missing_ok=True)
    return path


def rows(store: CatalogueStore, table: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(store.path)) as db:
        db.row_factory = sqlite3.Row
        return db.execute(f"SELECT * FROM {table} ORDER BY no").fetchall()


def utm_k(lon: float, lat: float) -> tuple[float, float]:
    return Transformer.from_crs("EPSG:4326", "EPSG:5179", always_xy=True).transform(lon, lat)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_road_name_addresses_land_where_pyproj_says(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    x, y = utm_k(*SEOUL)
    line = shapely.LineString([(x, y), (x + 300, y)])
    road = write_shp(
        tmp_path / "TL_SPRD_MANAGE.shp",
        [line, line],
        "LineString",
        RN=["학동로", "학동로15길"],
        RDS_MAN_NO=["1", "2"],
        SIG_CD=["11680", "11680"],
        ROAD_BT=[25.0, 0.0],
        WDR_RD_CD=["2", "3"],
    )
    dong = write_shp(
        tmp_path / "TL_SCCO_EMD.shp", [line.buffer(900.0)], "Polygon", EMD_CD=["11680101"], EMD_KOR_NM=["역삼동"]
    )
    seen = bring("roads", road, dong)
    first, second = rows(store, "roads")
    assert (first["name"], first["rank"], first["width_m"]) == ("학동로", "collector", 25.0)
    assert (second["name"], second["rank"], second["width_m"]) == ("학동로15길", "alley", 5.0)
    assert np.allclose(shapely.from_wkb(first["shape"]).coords[0], plane.to_xy(*SEOUL), atol=0.01)
    (district,) = rows(store, "districts")
    assert (district["name"], district["key"]) == ("역삼동", "11680101")
    assert (seen.report.rows, seen.report.refused) == (3, 0)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_road_areas_are_ground_of_the_base_map(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    x, y = utm_k(*SEOUL)
    wide, narrow = shapely.box(x, y, x + 300, y + 25), shapely.box(x, y, x + 6, y + 200)
    areas = write_shp(tmp_path / "TL_SPRD_RW.shp", [wide, narrow], "Polygon", RW_SN=[7, 8], SIG_CD=["11680", "11680"])
    seen = bring("roads", areas)
    assert [row["key"] for row in rows(store, "road_areas")] == ["11680_7", "11680_8"]
    assert (seen.report.rows, seen.report.refused) == (2, 0)
    ground = City.open(store.path).base.road_areas
    assert np.allclose(shapely.area(ground.geometries), [300 * 25, 6 * 200], rtol=1e-3)
    assert ground.at(*plane.to_xy(*SEOUL)) is not None
    assert bring("roads", areas).plans[0].is_empty


def test_a_catalogue_of_an_older_program_has_no_road_areas_until_an_import(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    CatalogueStore.open(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE road_areas; PRAGMA user_version=1")
    assert len(City.open(path).base.road_areas) == 0
    with CatalogueStore.open(path) as store:
        assert store.plan_batches("road_areas", "a", []).is_empty


def test_a_file_of_other_layers_is_refused(tmp_path: Path, bring: Bring) -> None:
    path = write_shp(tmp_path / "TL_SPRD_RW.shp", [shapely.box(0, 0, 9, 9)], "Polygon", RW_SN=[1])
    with pytest.raises(LayerMissing, match="TL_SPRD_RW"):
        bring("roads", path)


def test_links_are_one_way_and_their_missing_nodes_are_made(
    tmp_path: Path, store: CatalogueStore, bring: Bring
) -> None:
    x, y = plane.to_xy(*SEOUL)
    lines = [shapely.LineString([(x + 100 * n, y), (x + 100 * n + 100, y)]) for n in range(3)]
    link = write_shp(
        tmp_path / "MOCT_LINK.shp",
        lines,
        "LineString",
        LINK_ID=["L1", "L2", ""],
        F_NODE=["N1", "N2", "N3"],
        T_NODE=["N2", "N3", "N4"],
        LANES=[2, 0, 1],
        ROAD_RANK=["101", "107", "107"],
        ROAD_NAME=["경부선", "-", "x"],
        MAX_SPD=[100, 0, 30],
    )
    node = write_shp(
        tmp_path / "MOCT_NODE.shp",
        [shapely.Point(x, y), shapely.Point(x + 100, y)],
        "Point",
        NODE_ID=["N1", "N2"],
        NODE_NAME=["양재", "서초"],
        NODE_TYPE=["101", "101"],
    )
    seen = bring("nodelink", link, node)
    first, second = rows(store, "links")
    assert (first["key"], first["lanes"], first["max_speed_kmh"], first["oneway"]) == ("L1", 2, 100.0, 1)
    assert (second["name"], second["lanes"], second["max_speed_kmh"]) == ("", 1, 50.0)
    nodes = {row["key"]: row for row in rows(store, "nodes")}
    assert set(nodes) == {"N1", "N2", "N3"} and nodes["N1"]["name"] == "양재"
    assert (nodes["N3"]["x_m"], nodes["N3"]["y_m"]) == pytest.approx((x + 200, y), abs=0.01)
    assert [(bad.line, bad.column, bad.why) for bad in seen.report.samples] == [(3, "LINK_ID", Why.BLANK)]
    assert (seen.report.rows, seen.report.imported) == (5, 4)


def geojson(path: Path, *features: tuple[Any, dict[str, Any]]) -> Path:
    listed = [{"type": "Feature", "geometry": shape, "properties": values} for shape, values in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), "utf-8")
    return path


def square(lon: float, size: float = 0.0002) -> dict[str, Any]:
    return shapely.geometry.mapping(shapely.box(lon, 37.5, lon + size, 37.5 + size))


def test_buildings_of_any_vector_file(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    bow_tie = {
        "type": "Polygon",
        "coordinates": [[[127, 37.5], [127.001, 37.501], [127.001, 37.5], [127, 37.501], [127, 37.5]]],
    }
    two = shapely.geometry.mapping(
        shapely.MultiPolygon([shapely.box(127, 37, 127.001, 37.001), shapely.box(127.1, 37, 127.101, 37.001)])
    )
    path = geojson(
        tmp_path / "buildings.geojson",
        (square(127.0), {"id": "b1", "height": "21.5 m", "name": "시청"}),
        (square(127.01), {"id": "b2", "levels": 10}),
        (square(127.02), {"id": "b3", "building": "school"}),
        (bow_tie, {"id": "b4"}),
        (two, {"id": "b5"}),
        (None, {"id": "b6"}),
        ({"type": "Point", "coordinates": [127, 37.5]}, {"id": "b7"}),
        (square(127.03), {"id": "b1"}),
    )
    seen = bring("buildings", path)
    found = {row["key"]: row for row in rows(store, "buildings")}
    assert [found[key]["height_m"] for key in ("b1", "b2", "b3")] == [21.5, 10 * STOREY_M, HEIGHT_OF_KIND_M["school"]]
    assert {"b5", "b5_2", "b4", "b4_2"} <= set(found)
    assert all(shapely.from_wkb(row["shape"]).geom_type == "Polygon" for row in found.values())
    assert sorted((bad.line, bad.why) for bad in seen.report.samples) == [
        (4, Why.MENDED_GEOMETRY),
        (6, Why.BROKEN_GEOMETRY),
        (7, Why.WRONG_GEOMETRY),
        (8, Why.DUPLICATE),
    ]
    assert found["b1"]["name"] == "시청"


def test_sites_of_a_vector_file(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    zones = '[{"number": "3", "name": "매장", "sensor": "motion"}]'
    point = {"type": "Point", "coordinates": list(SEOUL)}
    path = geojson(
        tmp_path / "sites.geojson",
        (point, {"site_id": "s-1", "name": "가온마트", "account": "1701", "firm_id": "s1", "zones": zones}),
        (point, {"site_id": "s-2", "name": "", "account": "1702", "zones": ""}),
        (point, {"site_id": "s-3", "name": "은행", "account": "1703", "zones": "{"}),
    )
    seen = bring("sites", path)
    first, second = rows(store, "sites")
    assert (first["account"], json.loads(first["zones"])[0]["sensor"]) == ("1701", "motion")
    assert (first["lon_deg"], first["lat_deg"]) == pytest.approx(SEOUL, abs=1e-7)
    assert (second["name"], second["zones"]) == ("은행", "[]")
    assert [(bad.line, bad.column) for bad in seen.report.samples] == [(2, "name"), (3, "zones")]


def test_a_shapefile_of_no_coordinate_system_asks_for_one(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    x, y = utm_k(*SEOUL)
    path = write_shp(tmp_path / "houses.shp", [shapely.box(x, y, x + 9, y + 9)], "Polygon", ID=["1"])
    with pytest.raises(FileUnreadable, match="--crs"):
        bring("buildings", path)
    bring("buildings", path, crs="EPSG:5179")
    (house,) = rows(store, "buildings")
    assert (house["west_m"], house["south_m"]) == pytest.approx(plane.to_xy(*SEOUL), abs=0.1)


def test_a_file_that_is_no_vector_file_is_refused(tmp_path: Path, bring: Bring) -> None:
    (tmp_path / "x.geojson").write_text("no json", "utf-8")
    with pytest.raises(FileUnreadable):
        bring("buildings", tmp_path / "x.geojson")


OSM = """<osm version="0.6">
<node id="1" lat="37.5" lon="127.0"/><node id="2" lat="37.5" lon="127.001"/>
<node id="3" lat="37.501" lon="127.001"/><node id="4" lat="37.501" lon="127.0"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
 <tag k="building" v="apartments"/><tag k="building:levels" v="15"/><tag k="name" v="은마"/></way>
<way id="11"><nd ref="1"/><nd ref="3"/><tag k="highway" v="secondary"/><tag k="lanes" v="4"/></way>
<way id="12"><nd ref="2"/><nd ref="4"/><tag k="highway" v="footway"/></way>
</osm>"""


def test_osm_gives_roads_and_buildings_with_heights(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    (tmp_path / "seoul.osm").write_text(OSM, "utf-8")  # the XML form of what a .pbf packs, read by the same driver
    bring("osm", tmp_path / "seoul.osm")
    (road,) = rows(store, "roads")
    assert (road["key"], road["rank"], road["width_m"]) == ("w11", "arterial", 13.0)
    (house,) = rows(store, "buildings")
    assert (house["key"], house["name"], house["kind"], house["height_m"]) == (
        "w10",
        "은마",
        "apartment",
        15 * STOREY_M,
    )


def test_tags_of_osm() -> None:
    assert tags('"height"=>"12 m","note"=>"a \\"b\\", c"') == {"height": "12 m", "note": 'a \\"b\\", c'}
    assert tags(None) == {}


@pytest.mark.parametrize(
    ("text", "value"), [("12 m", 12.0), ("3,5", 3.5), (7, 7.0), ("-2", None), ("", None), (None, None)]
)
def test_numbers_as_data_bases_write_them(text: object, value: float | None) -> None:
    assert positive(text) == value


def test_heights() -> None:
    assert height_m("30", "4") == 30.0
    assert height_m("9999", None) is None
    assert height_m(None, "x") is None


if REAL.is_dir():

    def test_real_roads_land_on_their_district(store: CatalogueStore, bring: Bring) -> None:
        seen = bring("roads", *sorted((REAL / "gangnam").glob("*.shp")))
        assert (seen.source, seen.report.refused) == ("gangnam", 0)
        found = rows(store, "roads")
        assert len({row["key"].partition("_")[2].partition("_")[0] for row in found}) == 1845
        assert all(126.9 < row["lon_deg"] < 127.2 and 37.4 < row["lat_deg"] < 37.6 for row in found)
        assert "역삼동" in {row["name"] for row in rows(store, "districts")}

    def test_real_osm_gives_buildings(store: CatalogueStore, bring: Bring) -> None:
        seen = bring("osm", REAL / "osm" / "Helsinki.osm.pbf")
        assert seen.report.imported > 1500 and len(rows(store, "buildings")) > 450


def test_imported_buildings_block_sight(tmp_path: Path, store: CatalogueStore, bring: Bring) -> None:
    (tmp_path / "seoul.osm").write_text(OSM, "utf-8")
    bring("osm", tmp_path / "seoul.osm")
    poses = {"behind": 37.5005, "beside": 37.5030}  # 177 m west of the spots; the house stands before one of them
    pose = {"azimuth_deg": 90.0, "hfov_deg": 60.0, "height_m": 5.0, "range_m": 300.0, "tilt_deg": 5.0, "width_px": 3840}
    made = [CameraRow(source="own", key=k, name=k, lon_deg=126.9995, lat_deg=lat, **pose) for k, lat in poses.items()]
    store.apply(store.plan("cameras", "own", made))
    city = City.open(store.path)
    for key, lat in poses.items():
        seen = {s.name: s for s in rank_cameras(city, Position(127.0015, lat), streams=())}
        assert seen[key].occluded is (key == "behind")
