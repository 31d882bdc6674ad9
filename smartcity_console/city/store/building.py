"""Makes camera columns: from SQLite's table, or from cameras in memory."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city import plane
from smartcity_console.city.store import assumed
from smartcity_console.city.store.columns import (
    ASSUMED,
    BAND_REACH_M,
    INDOOR,
    MANY,
    PRIVATE,
    PTZ,
    PURPOSES,
    CameraColumns,
    band_of,
    cell_keys,
)
from smartcity_console.model.camera import Camera, Mount, Ownership, Purpose

NO_SITE, UNKNOWN_SITE = -1, -2
_NULL = -1e9  # NULL on its way through an array of numbers
_CHUNK = 100_000

_FLAGS = (
    f"(ownership = '{Ownership.PRIVATE}') * {PRIVATE} + (mount = '{Mount.PTZ}') * {PTZ} "
    f"+ (indoor <> 0) * {INDOOR} + (count > 1) * {MANY}"
)
PURPOSE_NUMBER: dict[str, int] = {purpose.value: number for number, purpose in enumerate(PURPOSES)}


def purpose_of_text(text: str) -> int:
    """Return the number of a purpose, that of OTHER for what is none."""
    return PURPOSE_NUMBER.get(text, PURPOSE_NUMBER[Purpose.OTHER.value])


_PURPOSE = (
    "CASE purpose "
    + " ".join(f"WHEN '{p}' THEN {i}" for i, p in enumerate(PURPOSES))
    + f" ELSE {purpose_of_text('')} END"
)
_MAYBE = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "range_m", "width_px", "height_px")
# Column, its SQL, its type on the way: what is not exact in 32 bits stays 64 bits wide.
_READ: tuple[tuple[str, str, Any], ...] = (
    ("no", "no", np.int64),
    ("x_m", "x_m", np.float64),
    ("y_m", "y_m", np.float64),
    *((name, f"COALESCE({name}, {_NULL})", np.float32) for name in _MAYBE),
    ("count", "count", np.int32),
    ("flags", _FLAGS, np.uint8),
    ("purpose", _PURPOSE, np.uint8),
)

Raw = dict[str, NDArray[Any]]


def columns_of_table(db: sqlite3.Connection, generation: int) -> CameraColumns:
    """Read the whole table. Cameras whose place could not be projected are left out."""
    (size,) = db.execute("SELECT count(*) FROM cameras WHERE x_m IS NOT NULL").fetchone()
    raw: Raw = {name: np.empty(size, dtype=kind) for name, _, kind in _READ}
    listed = ", ".join(sql for _, sql, _ in _READ)
    cursor, done = db.execute(f"SELECT {listed} FROM cameras WHERE x_m IS NOT NULL ORDER BY no"), 0
    while rows := cursor.fetchmany(_CHUNK):
        flat = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.float64, count=len(rows) * len(_READ))
        table = flat.reshape(len(rows), len(_READ))
        for i, (name, _, _) in enumerate(_READ):
            raw[name][done : done + len(rows)] = table[:, i]
        done += len(rows)
    for name in _MAYBE:
        raw[name][raw[name] == np.float32(_NULL)] = np.nan
    raw["site"] = _site_numbers(db, raw["no"])
    return columns_of_raw(raw, generation)


def columns_of_raw(raw: Raw, generation: int) -> CameraColumns:
    """Return columns of rows in the table's order; NaN where a number is not known."""
    return _arranged(_known(raw), generation)


def _site_numbers(db: sqlite3.Connection, no: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return each camera's site as the site's row number."""
    site = np.full(len(no), NO_SITE, dtype=np.int32)
    found = db.execute(
        f"SELECT c.no, COALESCE(s.no, {UNKNOWN_SITE}) FROM cameras c LEFT JOIN sites s ON s.id = c.site_id "
        "WHERE c.site_id IS NOT NULL AND c.x_m IS NOT NULL"
    )
    while rows := found.fetchmany(_CHUNK):
        pairs = np.array(rows, dtype=np.int64)
        site[np.searchsorted(no, pairs[:, 0])] = pairs[:, 1]
    return site


def columns_of_cameras(cameras: Mapping[str, Camera], site_numbers: Mapping[str, int]) -> CameraColumns:
    """Return the columns of cameras in memory; `no` is their order."""
    listed = list(cameras.values())
    poses = [camera.pose for camera in listed]
    lon = np.array([c.position.lon_deg for c in listed], dtype=float)
    lat = np.array([c.position.lat_deg for c in listed], dtype=float)
    x, y = plane.to_xy(lon, lat)
    named = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "range_m", "width_px", "height_px")
    raw: Raw = {name: np.array([getattr(p, name) for p in poses], dtype=np.float32) for name in named}
    raw |= {"no": np.arange(len(listed)), "x_m": x, "y_m": y, "count": np.ones(len(listed), dtype=np.int32)}
    raw["flags"] = np.array([_flags_of(c) for c in listed], dtype=np.uint8)
    raw["purpose"] = np.array([PURPOSES.index(c.purpose) for c in listed], dtype=np.uint8)
    sites = (NO_SITE if c.site_id is None else site_numbers.get(c.site_id, UNKNOWN_SITE) for c in listed)
    raw["site"] = np.fromiter(sites, dtype=np.int32, count=len(listed))
    return columns_of_raw(raw, 0)


def _flags_of(camera: Camera) -> int:
    private = PRIVATE if camera.ownership is Ownership.PRIVATE else 0
    return private | (PTZ if camera.mount is Mount.PTZ else 0) | (INDOOR if camera.indoor else 0)


def _known(raw: Raw) -> Raw:
    """Fill in what is not known, and work out the picture's vertical angle."""
    unsaid = np.zeros(len(raw["no"]), dtype=bool)
    plain = {"height_m": assumed.HEIGHT_M, "tilt_deg": assumed.TILT_DEG, "hfov_deg": assumed.HFOV_DEG}
    for name, value in (plain | {"width_px": assumed.WIDTH_PX}).items():
        unsaid |= _fill(raw, name, np.float32(value))
    width, hfov = raw["width_px"].astype(np.float64), raw["hfov_deg"].astype(np.float64)
    unsaid |= _fill(raw, "range_m", assumed.range_of(width, hfov).astype(np.float32))
    _fill(raw, "height_px", assumed.height_px_of(width).astype(np.float32))
    raw["vfov_deg"] = vfov_deg(hfov, raw.pop("height_px") / width).astype(np.float32)
    raw["flags"] = raw["flags"] | np.where(unsaid, ASSUMED, 0).astype(np.uint8)
    return raw


def _fill(raw: Raw, name: str, value: Any) -> NDArray[np.bool_]:
    missing = np.isnan(raw[name])
    raw[name] = np.where(missing, value, raw[name]).astype(np.float32)
    return missing


def vfov_deg(hfov_deg: Any, lines_per_column: Any) -> Any:
    """Return the vertical angle of a flat picture."""
    return 2.0 * np.degrees(np.arctan(np.tan(np.radians(hfov_deg) / 2.0) * lines_per_column))


def _arranged(raw: Raw, generation: int) -> CameraColumns:
    """Put the columns into the grid's order."""
    band = band_of(raw["range_m"])
    keys = cell_keys(band, raw["x_m"], raw["y_m"])
    order = np.argsort(keys, kind="stable")
    cells, first = np.unique(keys[order], return_index=True)
    reach = np.zeros(len(BAND_REACH_M), dtype=np.float32)
    np.maximum.at(reach, band, raw["range_m"])
    raw["width_px"] = raw["width_px"].astype(np.int32)
    for name in raw:
        raw[name] = raw[name][order]
    return CameraColumns(
        **raw,
        cells=cells,
        starts=np.append(first, len(keys)).astype(np.int64),
        place=_places(raw["no"]),
        reach_m=reach,
        generation=generation,
    )


def _places(no: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return for each row number its camera's index, -1 where there is none."""
    place = np.full(int(no.max(initial=-1)) + 1, -1, dtype=np.int32)
    place[no] = np.arange(len(no), dtype=np.int32)
    return place
