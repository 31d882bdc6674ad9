"""Raster base maps: what is written into MBTiles and PMTiles comes out again; broken files are told in a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from smartcity_console.city.raster import RasterMap, RasterUnreadable

TILES = {(2, 3, 1): b"north", (2, 3, 2): b"south", (1, 1, 0): b"wide"}


def write_mbtiles(path: Path, kind: str = "png") -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE metadata(name TEXT, value TEXT)")
        db.execute("CREATE TABLE tiles(zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        db.executemany(
            "INSERT INTO metadata VALUES (?, ?)", [("format", kind), ("bounds", "126,36,128,38"), ("name", "땅")]
        )
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in TILES.items()]
        db.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        db.commit()


def write_pmtiles(path: Path, kind: TileType = TileType.PNG) -> None:
    with path.open("wb") as stream:
        writer = Writer(stream)
        for zxy, data in sorted(TILES.items(), key=lambda item: zxy_to_tileid(*item[0])):
            writer.write_tile(zxy_to_tileid(*zxy), data)
        edges = {
            "min_lon_e7": 1_260_000_000,
            "min_lat_e7": 360_000_000,
            "max_lon_e7": 1_280_000_000,
            "max_lat_e7": 380_000_000,
        }
        header = {
            "tile_type": kind,
            "tile_compression": Compression.NONE,
            "center_zoom": 1,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(header | edges, {"name": "땅"})


@pytest.mark.parametrize(("name", "write"), [("a.mbtiles", write_mbtiles), ("a.pmtiles", write_pmtiles)])
def test_both_forms_give_back_their_tiles(tmp_path: Path, name: str, write: object) -> None:
    write(tmp_path / name)  # type: ignore[operator]
    with closing(RasterMap.open(tmp_path / name)) as raster:
        assert (raster.facts.min_zoom, raster.facts.max_zoom) == (1, 2)
        assert raster.facts.bounds_deg == (126.0, 36.0, 128.0, 38.0) and raster.facts.name == "땅"
        assert {zxy: raster.tile(*zxy) for zxy in TILES} == TILES
        assert raster.tile(2, 0, 0) is None


def test_vector_tiles_are_refused_in_a_sentence(tmp_path: Path) -> None:
    write_mbtiles(tmp_path / "v.mbtiles", "pbf")
    write_pmtiles(tmp_path / "v.pmtiles", TileType.MVT)
    for name in ("v.mbtiles", "v.pmtiles"):
        with pytest.raises(RasterUnreadable, match="not pictures"):
            RasterMap.open(tmp_path / name)


@pytest.mark.parametrize("name", ["x.mbtiles", "x.pmtiles"])
def test_what_is_no_tile_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RasterUnreadable):
        RasterMap.open(tmp_path / name)
    for body in (b"", b"no tiles here" * 50):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(RasterUnreadable):
            RasterMap.open(tmp_path / name)
