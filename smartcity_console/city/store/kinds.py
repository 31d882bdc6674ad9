"""The catalogue's tables, made from the rows' own fields: what a row has, its table has under the same name."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from functools import cached_property

import msgspec

from smartcity_console.city.store import rows

# Worked out from a record's place, so that SQL, Datasette and the R*Tree need no projection.
_POINT_DERIVED = {"x_m": "REAL", "y_m": "REAL"}
_SHAPE_DERIVED = {
    "x_m": "REAL",
    "y_m": "REAL",
    "lon_deg": "REAL",
    "lat_deg": "REAL",
    "west_m": "REAL",
    "south_m": "REAL",
    "east_m": "REAL",
    "north_m": "REAL",
}
_SQL_TYPES: dict[type, str] = {str: "TEXT", float: "REAL", int: "INTEGER", bool: "INTEGER", bytes: "BLOB"}


@dataclass(frozen=True)
class Kind:
    """One table: its rows' class, where a record lies, and whether an R*Tree `<name>_rtree` is kept."""

    name: str
    row: type[msgspec.Struct]
    place: typing.Literal["point", "shape", "none"]
    rtree: bool = False

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The row's fields in order, `source` and `key` first."""
        return tuple(field.name for field in msgspec.structs.fields(self.row))

    @cached_property
    def types(self) -> dict[str, str]:
        """SQL types of all columns after `no` and `id`."""
        own = {f.name: _SQL_TYPES[_plain(f.type)] for f in msgspec.structs.fields(self.row)}
        return own | {name: sql for name, sql in self.derived.items() if name not in own}

    @cached_property
    def derived(self) -> dict[str, str]:
        return {"point": _POINT_DERIVED, "shape": _SHAPE_DERIVED, "none": {}}[self.place]

    @cached_property
    def defaults(self) -> dict[str, object]:
        """Values for fields that a batch of columns leaves out."""
        found = {f.name: f.default for f in msgspec.structs.fields(self.row)}
        return {name: value for name, value in found.items() if value is not msgspec.NODEFAULT}

    @cached_property
    def definition(self) -> str:
        """The columns of the table, in SQL."""
        own = (f'"{name}" {sql}{self._default(name)}' for name, sql in self.types.items())
        return ", ".join(("no INTEGER PRIMARY KEY", "id TEXT NOT NULL", *own))

    def _default(self, name: str) -> str:
        value = self.defaults.get(name)
        if value is None:
            return ""
        return f" DEFAULT '{value}'" if isinstance(value, str) else f" DEFAULT {float(value):g}"  # type: ignore[arg-type]

    @property
    def is_point(self) -> bool:
        return self.place == "point"


def _plain(annotation: object) -> type:
    """Return the one type of `T` or `T | None`."""
    if isinstance(annotation, types.UnionType):
        (annotation,) = (arg for arg in typing.get_args(annotation) if arg is not types.NoneType)
    assert isinstance(annotation, type)
    return annotation


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("cameras", rows.CameraRow, "point", rtree=True),
        Kind("bells", rows.BellRow, "point"),
        Kind("sites", rows.SiteRow, "point", rtree=True),
        Kind("firms", rows.FirmRow, "none"),
        Kind("agencies", rows.AgencyRow, "point"),
        Kind("nodes", rows.NodeRow, "point"),
        Kind("links", rows.LinkRow, "shape", rtree=True),
        Kind("roads", rows.RoadRow, "shape", rtree=True),
        Kind("buildings", rows.BuildingRow, "shape", rtree=True),
        Kind("districts", rows.ZoneRow, "shape"),
        Kind("water", rows.ZoneRow, "shape"),
        Kind("bridges", rows.ZoneRow, "shape"),
        Kind("parks", rows.ZoneRow, "shape"),
        Kind("road_areas", rows.ZoneRow, "shape"),
        Kind("scene_points", rows.ScenePointRow, "point"),
        Kind("speeds", rows.SpeedRow, "none"),
    )
}
