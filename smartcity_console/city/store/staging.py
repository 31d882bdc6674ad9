"""Puts what an importer hands over into a temporary table, with ids, metres and bounds worked out by the batch."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.store.kinds import Kind
from smartcity_console.city.store.rows import SEPARATOR
from smartcity_console.city.store.sketch import Sketch

# A batch by columns: field name to values (list or array; NaN is None), all of one length; a bare value stands for all
# rows. What is left out gets the row's default.
Batch = Mapping[str, Any]
Progress = Callable[[int, int | None], None]  # rows done, rows in all when known

BATCH_ROWS = 20_000


def batches_of(kind: Kind, rows: Iterable[msgspec.Struct]) -> Iterator[Batch]:
    """Turn rows into batches by column."""
    waiting = iter(rows)
    while chunk := list(itertools.islice(waiting, BATCH_ROWS)):
        columns = zip(*map(msgspec.structs.astuple, chunk), strict=True)
        yield dict(zip(kind.fields, columns, strict=True))


def create_stage(db: sqlite3.Connection, kind: Kind, name: str) -> None:
    """Make an empty temporary table just like the kind's own: SQLite can then copy the first import page by page."""
    db.execute(f"CREATE TEMP TABLE {name} ({kind.definition})")


def fill_stage(
    db: sqlite3.Connection,
    kind: Kind,
    name: str,
    source: str,
    batches: Iterable[Batch],
    progress: Progress,
    sketch: Sketch | None = None,
) -> int:
    """Insert all batches and return how many rows they had. Raises ValueError for a batch of uneven columns."""
    done = 0
    for batch in batches:
        size, columns = _whole_batch(kind, source, batch)
        if not size:
            continue
        if sketch is not None:
            sketch.add(size, columns)
        db.execute("BEGIN")
        varied = {column: values for column, values in columns.items() if not isinstance(values, str)}
        db.executemany(_insertion(db, name, source, columns, tuple(varied)), zip(*varied.values(), strict=True))
        db.execute("COMMIT")
        done += size
        progress(done, None)
    return done


def _insertion(
    db: sqlite3.Connection, stage: str, source: str, columns: Mapping[str, Any], varied: Sequence[str]
) -> str:
    """Return the statement for one row: what all rows share stands in it, quoted by SQLite, and is not bound again."""
    values = {name: f"?{place}" for place, name in enumerate(varied, start=1)}
    for name, value in columns.items():
        if name not in values:
            values[name] = str(db.execute("SELECT quote(?)", (value,)).fetchone()[0])
    values["id"] = f"'{source}{SEPARATOR}' || {values['key']}" if source else values["key"]
    listed = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO temp.{stage} ({listed}) VALUES ({', '.join(values.values())})"


def _whole_batch(kind: Kind, source: str, batch: Batch) -> tuple[int, dict[str, Any]]:
    """Return the number of rows and the columns to insert: a list, or a text that all rows share; the id is not
    among them. Columns left out have the table's default.
    """
    unknown = batch.keys() - set(kind.fields)
    if unknown:
        raise ValueError(f"{kind.name} has no field {', '.join(sorted(unknown))}")
    keys = _values(batch["key"])
    own = {name: _spread(values, len(keys)) for name, values in batch.items()} | {"source": source}
    missing = [name for name in kind.fields if name not in own and name not in kind.defaults]
    if missing:
        raise ValueError(f"{kind.name} needs {', '.join(missing)}")
    return len(keys), own | (_derived(kind, own) if len(keys) else {})


def _spread(value: Any, size: int) -> Any:
    if isinstance(value, str) and "\0" not in value:  # at which quote() would end
        return value
    if isinstance(value, str | bytes | int | float | None):
        return [value] * size
    values = _values(value)
    if len(values) != size:
        raise ValueError(f"a column of {len(values)} values in a batch of {size} rows")
    return values


def _values(column: Any) -> Sequence[Any]:
    listed: Sequence[Any] = column.tolist() if isinstance(column, np.ndarray) else column
    return listed


def _derived(kind: Kind, own: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    if kind.place == "point":
        return _derived_from_points(own["lon_deg"], own["lat_deg"])
    return _derived_from_shapes(own["shape"]) if kind.place == "shape" else {}


def _derived_from_points(lon_deg: Sequence[Any], lat_deg: Sequence[Any]) -> dict[str, Sequence[Any]]:
    x, y = plane.to_xy(np.array(lon_deg, dtype=float), np.array(lat_deg, dtype=float))
    lost = ~(np.isfinite(x) & np.isfinite(y))  # pyproj answers inf for what it cannot project; NaN is stored as NULL
    return {"x_m": np.where(lost, np.nan, x).tolist(), "y_m": np.where(lost, np.nan, y).tolist()}


def _derived_from_shapes(wkb: Sequence[Any]) -> dict[str, Sequence[Any]]:
    shapes = shapely.from_wkb(np.array(wkb, dtype=object))
    bounds = shapely.bounds(shapes)
    centre = shapely.centroid(shapes)
    x, y = shapely.get_x(centre), shapely.get_y(centre)
    lon, lat = plane.to_lonlat(x, y)
    names = ("x_m", "y_m", "lon_deg", "lat_deg", "west_m", "south_m", "east_m", "north_m")
    return {name: values.tolist() for name, values in zip(names, (x, y, lon, lat, *bounds.T), strict=True)}
