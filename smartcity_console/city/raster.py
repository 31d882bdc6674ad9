"""Raster base maps: tiles of the web Mercator pyramid from a PMTiles (version 3) or an MBTiles (1.3) file."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported, TileType

from smartcity_console.model.errors import ConsoleError

PICTURES = (TileType.PNG, TileType.JPEG, TileType.WEBP)
_DAMAGE = (
    *(OSError, ValueError, KeyError, IndexError, struct.error, EOFError),
    *(sqlite3.DatabaseError, MagicNumberNotFound, SpecVersionUnsupported),
)
MOST_TILES = 64  # kept as they lie in the file


class RasterUnreadable(ConsoleError):
    code = "raster_unreadable"
    ko = "배경 지도 {path}을(를) 읽을 수 없습니다({why}). 지금까지의 배경으로 계속합니다. 파일을 확인하십시오."
    en = "The base map {path} cannot be read ({why}). The map goes on with the ground it has. Check the file."


@dataclass(frozen=True)
class RasterFacts:
    """What a file says of itself; bounds are west, south, east, north in degrees."""

    min_zoom: int
    max_zoom: int
    bounds_deg: tuple[float, float, float, float]
    name: str = ""


class _File(Protocol):
    facts: RasterFacts

    def tile(self, zoom: int, column: int, row: int) -> bytes | None: ...
    def close(self) -> None: ...


class RasterMap:
    """One file; `tile` may be called from any thread."""

    def __init__(self, path: Path, file: _File) -> None:
        self.path, self.facts = path, file.facts
        self._file, self._lock = file, threading.Lock()
        self._kept: OrderedDict[tuple[int, int, int], bytes | None] = OrderedDict()

    @classmethod
    def open(cls, path: Path | str) -> RasterMap:
        """Open a .pmtiles or .mbtiles file of pictures. Raises RasterUnreadable."""
        path = Path(path)
        try:
            return cls(path, _MbTiles(path) if path.suffix.lower() == ".mbtiles" else _PmTiles(path))
        except _DAMAGE as error:
            raise RasterUnreadable(path=path, why=str(error) or type(error).__name__) from error

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """Return an encoded picture (PNG, JPEG or WebP), row counted from the north; None where there is none."""
        key = (zoom, column, row)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._file.tile(zoom, column, row)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_TILES:
                self._kept.popitem(last=False)
            return self._kept.get(key)

    def close(self) -> None:
        with self._lock:
            self._file.close()


class _PmTiles:
    def __init__(self, path: Path) -> None:
        self._stream = path.open("rb")
        try:
            self._reader = Reader(MmapSource(self._stream))
            header = self._reader.header()
            if header["tile_type"] not in PICTURES:
                raise ValueError(f"its tiles are {header['tile_type'].name}, not pictures")
            name = str(self._reader.metadata().get("name", ""))
        except BaseException:
            self._stream.close()
            raise
        bounds = tuple(header[f"{edge}_e7"] / 1e7 for edge in ("min_lon", "min_lat", "max_lon", "max_lat"))
        self.facts = RasterFacts(
            header["min_zoom"], header["max_zoom"], (bounds[0], bounds[1], bounds[2], bounds[3]), name
        )

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        found = self._reader.get(zoom, column, row)
        return None if found is None else bytes(found)

    def close(self) -> None:
        self._stream.close()


class _MbTiles:
    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            self.facts = self._read_facts()
        except BaseException:
            self._db.close()
            raise

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """MBTiles counts its rows from the south (TMS)."""
        query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        found = self._db.execute(query, (zoom, column, 2**zoom - 1 - row)).fetchone()
        return bytes(found[0]) if found else None

    def close(self) -> None:
        self._db.close()

    def _read_facts(self) -> RasterFacts:
        told = {str(name): str(value) for name, value in self._db.execute("SELECT name, value FROM metadata")}
        if told.get("format", "png") not in ("png", "jpg", "jpeg", "webp"):
            raise ValueError(f"its tiles are {told['format']}, not pictures")
        low, high = self._db.execute("SELECT MIN(zoom_level), MAX(zoom_level) FROM tiles").fetchone()
        if low is None:
            raise ValueError("it has no tiles")
        west, south, east, north = json.loads(f"[{told.get('bounds', '-180,-85,180,85')}]")
        return RasterFacts(int(low), int(high), (west, south, east, north), told.get("name", ""))


def mercator_fraction(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    """Return a point's share (0..1) of the way from the west and from the north over the web Mercator square."""
    lat = math.radians(min(max(lat_deg, -85.051129), 85.051129))
    return (lon_deg + 180.0) / 360.0, (1.0 - math.asinh(math.tan(lat)) / math.pi) / 2.0
