"""Writes the layers of the GeoPackage, the same bytes every time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from smartcity_console.city.base import Geometries
from smartcity_console.city.plane import PLANE

# GDAL stamps the contents table with the time of writing unless it is told one (OGR_CURRENT_DATE).
FIXED_DATE = "2026-04-01T00:00:00.000Z"
COORDINATE_GRID_M = 0.01

Fields = dict[str, Any]


class Writer:
    """Writes one new file, layer by layer, in the order of the calls."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        os.environ["OGR_CURRENT_DATE"] = FIXED_DATE
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})

    def table(self, name: str, fields: Fields) -> None:
        """Write a table without geometry."""
        self._write(name, None, None, fields)

    def layer(self, name: str, kind: str, shapes: Iterable[Any], fields: Fields, indexed: bool = False) -> None:
        """Write shapes of one geometry type with their fields; `indexed` adds the R-tree that QGIS likes."""
        geometries: Geometries = np.array(list(shapes), dtype=object)
        snapped = shapely.set_precision(geometries, COORDINATE_GRID_M, mode="pointwise")
        self._write(name, kind, shapely.to_wkb(snapped), fields, "YES" if indexed else "NO")

    def close(self) -> None:
        """Pack the file: its pages in order, none left empty."""
        with closing(sqlite3.connect(self._path)) as db:
            db.execute("VACUUM")

    def _write(self, name: str, kind: str | None, wkb: Any, fields: Fields, index: str = "NO") -> None:
        extra = {} if kind is None else {"crs": PLANE, "layer_options": {"SPATIAL_INDEX": index}}
        pyogrio.raw.write(
            str(self._path),
            geometry=wkb,
            field_data=[_column(values) for values in fields.values()],
            fields=np.array(list(fields), dtype=object),
            geometry_type=kind,
            layer=name,
            driver="GPKG",
            append=self._path.exists(),
            **extra,
        )


def _column(values: Any) -> Any:
    """Return a column in a type that GDAL stores plainly: text, 64-bit number, or 16-bit flag."""
    column = np.asarray(values)
    return column.astype(object) if column.dtype.kind in "US" else column
