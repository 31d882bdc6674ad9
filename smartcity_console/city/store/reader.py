"""Reads records of a catalogue one by one: a country's cameras are never held as objects."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from smartcity_console.city.store import assumed, cache, poses, schema
from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.model.camera import Camera, Mount, Ownership, Pose, Purpose
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Sensor, Site, Zone

_MOST_PARAMETERS = 10_000
Record = TypeVar("Record")


class Reader:
    """A read-only connection that all threads of a program share, one query at a time."""

    def __init__(self, path: Path) -> None:
        """Raises CatalogueDamaged, CatalogueTooNew."""
        self.path = path
        self._lock = threading.Lock()
        self._db = schema.connect(path, read_only=True)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def about(self, name: str) -> str:
        found = self.rows("SELECT value FROM about WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def columns(self) -> CameraColumns:
        """Return the camera columns of the catalogue as it is now."""
        with self._lock:
            return cache.columns_of(self._db, self.path)

    def camera(self, camera_id: str) -> Camera | None:
        """Return a camera with the pose that an operator has set, if any."""
        with self._lock:
            return camera_of(self._db, camera_id)


_CAMERA = (
    "id, name, lon_deg, lat_deg, mount, purpose, ownership, owner, site_id, indoor, "
    "height_m, azimuth_deg, tilt_deg, hfov_deg, width_px, height_px, range_m"
)


def camera_of(db: sqlite3.Connection, camera_id: str) -> Camera | None:
    """Return one camera of a catalogue."""
    row = db.execute(f"SELECT {_CAMERA} FROM cameras WHERE id = ?", (camera_id,)).fetchone()
    if row is None:
        return None
    id_, name, lon, lat, mount, purpose, ownership, owner, site_id, indoor, *stance = row
    return Camera(
        id=id_,
        name=name,
        position=Position(lon, lat),
        pose=poses.last(db, camera_id) or pose_of(*stance),
        mount=Mount(mount),
        purpose=_purpose(purpose),
        ownership=Ownership(ownership),
        owner=owner,
        site_id=site_id,
        indoor=bool(indoor),
    )


_PURPOSES = frozenset(purpose.value for purpose in Purpose)


def _purpose(text: str) -> Purpose:
    return Purpose(text) if text in _PURPOSES else Purpose.OTHER


def pose_of(
    height_m: float | None,
    azimuth_deg: float | None,
    tilt_deg: float | None,
    hfov_deg: float | None,
    width_px: int | None,
    height_px: int | None,
    range_m: float | None,
) -> Pose:
    """Return a whole pose; what is not known is assumed."""
    width = assumed.WIDTH_PX if width_px is None else width_px
    hfov = assumed.HFOV_DEG if hfov_deg is None else hfov_deg
    return Pose(
        height_m=assumed.HEIGHT_M if height_m is None else height_m,
        azimuth_deg=azimuth_deg,
        tilt_deg=assumed.TILT_DEG if tilt_deg is None else tilt_deg,
        hfov_deg=hfov,
        width_px=width,
        height_px=int(assumed.height_px_of(float(width))) if height_px is None else height_px,
        range_m=float(assumed.range_of(float(width), hfov)) if range_m is None else range_m,
    )


class Records(Mapping[str, Record]):
    """A table as a mapping that reads a record at each look."""

    def __init__(self, reader: Reader, table: str) -> None:
        self._reader, self._table = reader, table

    def __len__(self) -> int:
        return int(self._reader.rows("SELECT total(rows) FROM sources WHERE kind = ?", (self._table,))[0][0])

    def __iter__(self) -> Iterator[str]:
        last = 0
        while chunk := self._reader.rows(
            f"SELECT no, id FROM {self._table} WHERE no > ? ORDER BY no LIMIT {_MOST_PARAMETERS}", (last,)
        ):
            yield from (id_ for _, id_ in chunk)
            last = chunk[-1][0]

    def __contains__(self, key: object) -> bool:
        return bool(self._reader.rows(f"SELECT 1 FROM {self._table} WHERE id = ?", (key,)))

    def __getitem__(self, key: str) -> Record:
        found = self._get(key)
        if found is None:
            raise KeyError(key)
        return found

    def _get(self, key: str) -> Record | None:
        raise NotImplementedError


class Cameras(Records[Camera]):
    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, "cameras")

    def _get(self, key: str) -> Camera | None:
        return self._reader.camera(key)

    def beginning(self, text: str, limit: int) -> list[tuple[str, str, str, float, float]]:
        """Return what `named` yields of the first cameras whose id begins with a text."""
        return self._reader.rows(
            "SELECT id, name, owner, x_m, y_m FROM cameras WHERE id >= ? AND id < ? AND x_m IS NOT NULL LIMIT ?",
            (text, text + "\U0010ffff", limit),
        )

    def named(self) -> Iterator[tuple[str, str, str, float, float]]:
        """Yield id, name, owner and place in metres of all that have one: millions, without an object each."""
        last = 0
        while chunk := self._reader.rows(
            "SELECT id, name, owner, x_m, y_m, no FROM cameras WHERE no > ? AND x_m IS NOT NULL ORDER BY no LIMIT ?",
            (last, _MOST_PARAMETERS),
        ):
            last = chunk[-1][5]
            yield from (row[:5] for row in chunk)


class Sites(Records[Site]):
    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, "sites")

    def _get(self, key: str) -> Site | None:
        return self._where("id = ?", key)

    def of_account(self, account: str) -> Site | None:
        """Return the site that reports under an account, upper or lower case; else the emergency bell of that number."""
        return self._where("account = ? COLLATE NOCASE", account) or self._bell(account)

    def _bell(self, number: str) -> Site | None:
        """Return the bell of a number (관리번호); None where two sources give two bells the same one."""
        columns = "id, name, address, lon_deg, lat_deg, owner, key"
        found = self._reader.rows(f"SELECT {columns} FROM bells WHERE key = ? COLLATE NOCASE LIMIT 2", (number,))
        if len(found) != 1:
            return None
        id_, name, address, lon, lat, owner, key = found[0]
        place = Position(lon, lat)
        return Site(id_, name or address, "bell", address, place, firm_id=owner, account=key)

    def near(self, x_m: float, y_m: float, within_m: float) -> set[str]:
        """Return the ids of the sites within a distance of a spot."""
        # The R*Tree holds 32-bit numbers, rounded outwards: the exact distance decides.
        box = (x_m - within_m, x_m + within_m, y_m - within_m, y_m + within_m)
        found = self._reader.rows(
            "SELECT id FROM sites WHERE no IN (SELECT no FROM sites_rtree "
            "WHERE east_m >= ? AND west_m <= ? AND north_m >= ? AND south_m <= ?) "
            "AND (x_m - ?) * (x_m - ?) + (y_m - ?) * (y_m - ?) <= ?",
            (*box, x_m, x_m, y_m, y_m, within_m * within_m),
        )
        return {id_ for (id_,) in found}

    def _where(self, condition: str, value: str) -> Site | None:
        columns = "id, name, category, address, lon_deg, lat_deg, firm_id, account, zones, district"
        found = self._reader.rows(f"SELECT {columns} FROM sites WHERE {condition} LIMIT 1", (value,))
        if not found:
            return None
        id_, name, category, address, lon, lat, firm_id, account, zones, district = found[0]
        cameras = self._reader.rows("SELECT id FROM cameras WHERE site_id = ? ORDER BY no", (id_,))
        return Site(
            id=id_,
            name=name,
            category=category,
            address=address,
            position=Position(lon, lat),
            firm_id=firm_id,
            account=account,
            zones=tuple(Zone(z["number"], z["name"], Sensor(z["sensor"])) for z in json.loads(zones)),
            camera_ids=tuple(camera for (camera,) in cameras),
            district=district,
        )


class StoredRoll:
    """Finds a catalogue's cameras between ids and columns; see roll.Roll."""

    def __init__(self, reader: Reader, sites: Sites) -> None:
        self._reader, self._sites = reader, sites
        self.columns = reader.columns()

    def names(self, indices: Sequence[int]) -> list[tuple[str, str]]:
        numbers = [int(self.columns.no[index]) for index in indices]
        named: dict[int, tuple[str, str]] = {}
        for at in range(0, len(numbers), _MOST_PARAMETERS):
            some = numbers[at : at + _MOST_PARAMETERS]
            marks = ",".join("?" * len(some))
            rows = self._reader.rows(f"SELECT no, id, name FROM cameras WHERE no IN ({marks})", some)
            named |= {no: (id_, name) for no, id_, name in rows}
        return [named[no] for no in numbers]

    def index_of(self, camera_id: str) -> int | None:
        found = self._reader.rows("SELECT no FROM cameras WHERE id = ?", (camera_id,))
        return self.columns.index_of_no(found[0][0]) if found else None

    def site_numbers(self, site_ids: Collection[str]) -> list[int]:
        found = (self._reader.rows("SELECT no FROM sites WHERE id = ?", (id_,)) for id_ in site_ids)
        return [rows[0][0] for rows in found if rows]

    def sites_near(self, x_m: float, y_m: float, within_m: float) -> set[str]:
        return self._sites.near(x_m, y_m, within_m)
