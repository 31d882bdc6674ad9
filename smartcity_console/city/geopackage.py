"""Reads GeoPackage tables with sqlite3 and shapely alone (OGC 12-128r18), so that GDAL is no run-time dependency."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Geometries
from smartcity_console.model.errors import ConsoleError

# GeoPackageBinaryHeader, OGC 12-128r18 clause 2.1.3: bytes of envelope by the indicator in flag bits 1-3.
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_FIXED_HEADER_BYTES = 8

Columns = dict[str, list[Any]]


class CatalogueMissing(ConsoleError):
    code = "catalogue_missing"
    ko = (
        "도시 자료 {path}이(가) 없습니다. 바뀐 것은 없습니다. "
        "city.path 설정을 확인하거나 scripts/build-city 를 실행하십시오."
    )
    en = (
        "The city file {path} is not there. Nothing was changed. Check the setting city.path or run scripts/build-city."
    )


class CatalogueDamaged(ConsoleError):
    code = "catalogue_damaged"
    ko = (
        "도시 자료 {path}을(를) 읽을 수 없습니다: {why}. 파일은 그대로 두었습니다. 사본으로 되돌리거나 다시 만드십시오."
    )
    en = "The city file {path} cannot be read: {why}. It was left as it is. Put a copy back or build it again."


def wkb_of(blob: bytes) -> bytes:
    """Return the WKB after a GeoPackage geometry's header. Raises ValueError for another format."""
    if len(blob) < _FIXED_HEADER_BYTES or blob[:2] != b"GP" or (blob[3] >> 1) & 7 >= len(_ENVELOPE_BYTES):
        raise ValueError("not a GeoPackage geometry")
    return blob[_FIXED_HEADER_BYTES + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]


class GeoPackage:
    """One open file, read only. Every failure of the file is told as CatalogueDamaged."""

    def __init__(self, path: Path) -> None:
        """Raises CatalogueMissing, CatalogueDamaged."""
        if not path.is_file():
            raise CatalogueMissing(path=path)
        self._path = path
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> GeoPackage:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def columns(self, table: str, *names: str) -> Columns:
        """Return the named columns of a table as lists, in the order of the rows. Raises CatalogueDamaged."""
        listed = ", ".join(f'"{name}"' for name in names)
        try:
            with closing(self._db.execute(f'SELECT {listed} FROM "{table}" ORDER BY fid')) as cursor:
                rows = cursor.fetchall()
        except sqlite3.DatabaseError as error:
            raise CatalogueDamaged(path=self._path, why=f"{table}: {error}") from error
        return {name: [row[i] for row in rows] for i, name in enumerate(names)}

    def layer(self, table: str, *names: str) -> tuple[Geometries, Columns]:
        """Return a table's geometries and its named columns. Raises CatalogueDamaged."""
        columns = self.columns(table, "geom", *names)
        try:
            geometries = shapely.from_wkb([wkb_of(blob) for blob in columns.pop("geom")])
        except (ValueError, TypeError, shapely.errors.GEOSException) as error:
            raise CatalogueDamaged(path=self._path, why=f"{table}: {error}") from error
        return np.asarray(geometries, dtype=object), columns

    def damaged(self, why: str) -> CatalogueDamaged:
        """Return the error that says this file is not what it should be."""
        return CatalogueDamaged(path=self._path, why=why)
