"""Reading: against GDAL as the oracle, and with files that are missing, cut short, or something else."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import pyproj
import pytest
import shapely

from smartcity_console.city import CatalogueDamaged, CatalogueMissing, City, plane, sample_city_path
from smartcity_console.city.geopackage import GeoPackage, wkb_of

LAYERS = ("districts", "water", "bridges", "parks", "roads", "nodes", "links", "buildings", "sites", "cameras")


@pytest.mark.parametrize("layer", LAYERS)
def test_gdal_reads_the_same_shapes(layer: str) -> None:
    with GeoPackage(sample_city_path()) as file:
        ours, _ = file.layer(layer)
    meta, _, theirs, _ = pyogrio.raw.read(sample_city_path(), layer=layer)
    assert meta["crs"] == "EPSG:5186"
    assert bool(np.all(shapely.equals_exact(ours, shapely.from_wkb(theirs), 0.0)))


@pytest.mark.parametrize("indicator", range(5))
def test_every_envelope_of_the_header_is_skipped(indicator: int) -> None:
    wkb = shapely.to_wkb(shapely.Point(3, 4))
    envelope = b"\0" * (0, 32, 48, 48, 64)[indicator]
    assert wkb_of(b"GP\0" + bytes([indicator << 1 | 1]) + b"\x42\x14\0\0" + envelope + wkb) == wkb


@pytest.mark.parametrize("blob", [b"", b"GP", b"XX\0\x01" + b"\0" * 30, b"GP\0\x0f" + b"\0" * 90])
def test_what_is_no_geometry_is_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match="not a GeoPackage"):
        wkb_of(blob)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing) as error:
        City.open(tmp_path / "없음.gpkg")
    assert "없음.gpkg" in error.value.sentence("ko") and "city.path" in error.value.sentence("en")


def test_a_file_cut_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.gpkg"
    path.write_bytes(sample_city_path().read_bytes()[:200_000])
    with pytest.raises(CatalogueDamaged):
        City.open(path)


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    path = tmp_path / "text.gpkg"
    path.write_text("가온시", "utf-8")
    with pytest.raises(CatalogueDamaged):
        City.open(path)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE cameras",
        "DELETE FROM about",
        "UPDATE cameras SET purpose = 'spying' WHERE camera_id = 'GN-0002'",
        "UPDATE cameras SET geom = X'00' WHERE camera_id = 'GN-0002'",
        "UPDATE cameras SET geom = NULL WHERE camera_id = 'GN-0002'",
        "UPDATE sites SET zones = '[{' WHERE site_id = 'site-gaonmart'",
        "UPDATE links SET F_NODE = 'nowhere' WHERE fid = 5",
    ],
)
def test_a_wrong_value_is_told_and_never_guessed(tmp_path: Path, change: str) -> None:
    path = tmp_path / "changed.gpkg"
    shutil.copy(sample_city_path(), path)
    db = sqlite3.connect(path)
    for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{trigger}"')
    db.execute(change)
    db.commit()
    db.close()
    with pytest.raises(CatalogueDamaged):
        City.open(path)


def test_opening_takes_less_than_a_second_and_leaves_the_file_alone() -> None:
    before = sample_city_path().stat()
    City.open()
    taken_s = min(_seconds_to_open() for _ in range(3))
    assert taken_s < 1.0
    assert sample_city_path().stat().st_mtime_ns == before.st_mtime_ns
    assert sample_city_path().stat().st_size < 8_000_000


def _seconds_to_open() -> float:
    """Return processor seconds: what other programs of the machine do must not fail this test."""
    start = time.process_time()
    City.open()
    return time.process_time() - start


def test_the_plane_is_the_one_of_korea_for_scalars_and_arrays() -> None:
    lon, lat = np.array([126.5, 127.0, 127.468]), np.array([36.9, 38.0, 37.038])
    x, y = plane.to_xy(lon, lat)
    oracle = pyproj.Proj("+proj=tmerc +lat_0=38 +lon_0=127 +k=1 +x_0=200000 +y_0=600000 +ellps=GRS80 +units=m")
    assert np.allclose(np.column_stack([x, y]), np.column_stack(oracle(lon, lat)), atol=0.001)
    assert plane.to_xy(127.0, 38.0) == pytest.approx((200_000.0, 600_000.0), abs=0.001)
    assert np.allclose(np.column_stack(plane.to_lonlat(x, y)), np.column_stack([lon, lat]), atol=1e-9)
