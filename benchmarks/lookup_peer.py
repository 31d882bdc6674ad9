"""The same candidate query, every camera whose range holds a point, asked of another spatial database.

DuckDB with its spatial extension (wheels duckdb and duckdb-extension-spatial) when they are installed, in memory with
its R-tree index; otherwise SQLite's own R*Tree in the catalogue's file.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from smartcity_console.city.store.columns import CameraColumns


class DuckDb:
    """All cameras as points in DuckDB, indexed."""

    def __init__(self, columns: CameraColumns) -> None:
        import duckdb

        self.name = f"DuckDB {duckdb.__version__} spatial, RTREE"
        self._db = duckdb.connect(config={"threads": 2})
        self._db.execute(f"LOAD '{_extension()}'")
        rows = {name: np.array(getattr(columns, name)) for name in ("x_m", "y_m", "range_m")}  # noqa: F841  # read by name
        self._db.execute("CREATE TABLE cameras AS SELECT x_m, y_m, range_m, ST_Point(x_m, y_m) AS place FROM rows")
        self._db.execute("CREATE INDEX places ON cameras USING RTREE (place)")

    def count(self, x: float, y: float, reach_m: float) -> int:
        box = f"ST_MakeEnvelope({x - reach_m}, {y - reach_m}, {x + reach_m}, {y + reach_m})"
        # Without MATERIALIZED the planner joins both conditions and scans the whole table.
        found = self._db.execute(
            f"WITH near AS MATERIALIZED (SELECT x_m, y_m, range_m FROM cameras WHERE ST_Within(place, {box})) "
            f"SELECT count(*) FROM near WHERE (x_m - {x}) ** 2 + (y_m - {y}) ** 2 <= range_m::DOUBLE ** 2"
        )
        return int(found.fetchone()[0])

    def close(self) -> None:
        self._db.close()


class SqliteTree:
    """The R*Tree that the catalogue keeps for any SQL tool."""

    def __init__(self, catalogue: Path) -> None:
        self.name = f"SQLite {sqlite3.sqlite_version} R*Tree"
        self._db = sqlite3.connect(f"{catalogue.resolve().as_uri()}?mode=ro", uri=True)

    def count(self, x: float, y: float, reach_m: float) -> int:
        found = self._db.execute(
            "SELECT count(*) FROM cameras_rtree JOIN cameras USING (no) "
            "WHERE west_m <= ? AND east_m >= ? AND south_m <= ? AND north_m >= ? "
            "AND (x_m - ?) * (x_m - ?) + (y_m - ?) * (y_m - ?) <= range_m * range_m",
            (x + reach_m, x - reach_m, y + reach_m, y - reach_m, x, x, y, y),
        )
        return int(found.fetchone()[0])

    def close(self) -> None:
        self._db.close()


class Peer:
    """Whichever other database there is."""

    def __init__(self, catalogue: Path, columns: CameraColumns) -> None:
        self._reach_m = float(columns.reach_m.max())
        self._database: Any = DuckDb(columns) if _extension() else SqliteTree(catalogue)
        self.name: str = self._database.name

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def count(self, x: float, y: float) -> int:
        """Return how many cameras' ranges hold a point."""
        return int(self._database.count(x, y, self._reach_m))


def _extension() -> Path | None:
    """Return DuckDB's spatial extension as its wheel has it, when both wheels are installed."""
    found = importlib.util.find_spec("duckdb_extension_spatial")
    if found is None or found.origin is None or importlib.util.find_spec("duckdb") is None:
        return None
    return next(Path(found.origin).parent.rglob("spatial.duckdb_extension"), None)
