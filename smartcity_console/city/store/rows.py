"""What an importer hands over: one plain row for each record of a file, already in the product's own units.

`source` names where a record comes from ("cctv_daejeon"; letters, digits and _ only), `key` what that source calls it:
together they recognise the record when the file is imported again. An empty source is the centre's own list: its keys
are the ids (GN-0001). Shapes are WKB in metres of EPSG:5186; points are WGS 84 degrees.
"""

from __future__ import annotations

import re

import msgspec

from smartcity_console.model.camera import Mount, Ownership, Purpose

SEPARATOR = "-"
_UNSAFE = re.compile(r"\W+")


def source_name(text: str) -> str:
    """Return a text as a source's name: everything but letters and digits becomes an underscore."""
    return _UNSAFE.sub("_", text).strip("_")


def record_id(source: str, key: str) -> str:
    """Return the id under which the catalogue knows a record."""
    return f"{source}{SEPARATOR}{key}" if source else key


class CameraRow(msgspec.Struct, frozen=True, kw_only=True):
    """One camera, or `count` cameras on one pole. None: the source does not say (see `assumed.py` for what then)."""

    source: str
    key: str
    name: str
    lon_deg: float
    lat_deg: float
    purpose: str = Purpose.OTHER.value
    owner: str = ""
    ownership: str = Ownership.PUBLIC.value
    count: int = 1
    width_px: int | None = None
    height_px: int | None = None
    height_m: float | None = None
    azimuth_deg: float | None = None
    tilt_deg: float | None = None
    hfov_deg: float | None = None
    range_m: float | None = None
    mount: str = Mount.FIXED.value
    indoor: bool = False
    address: str = ""
    installed: str = ""  # as far as the source knows: "2021-07", "2021" or nothing
    site_id: str | None = None
    note: str = ""


class BellRow(msgspec.Struct, frozen=True, kw_only=True):
    """One emergency bell (안전비상벨) in a street or a toilet."""

    source: str
    key: str
    name: str
    lon_deg: float
    lat_deg: float
    owner: str = ""
    address: str = ""
    kind: str = ""
    installed: str = ""
    note: str = ""


class SiteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One protected site; `zones` is a JSON list of {number, name, sensor}."""

    source: str
    key: str
    name: str
    lon_deg: float
    lat_deg: float
    category: str = ""
    address: str = ""
    firm_id: str = ""
    account: str = ""
    zones: str = "[]"
    district: str = ""


class FirmRow(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    key: str
    name_ko: str
    name_en: str = ""
    call_back: str = ""


class AgencyRow(msgspec.Struct, frozen=True, kw_only=True):
    """One station; `area` is the WKB of the polygon that it answers for, in metres. Police lists seldom have positions."""

    source: str
    key: str
    name: str
    kind: str
    lon_deg: float | None = None
    lat_deg: float | None = None
    control_room: str = ""
    address: str = ""
    area: bytes | None = None


class NodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A node of 표준노드링크."""

    source: str
    key: str
    lon_deg: float
    lat_deg: float
    name: str = ""
    kind: str = ""


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A link of 표준노드링크; `from_node`, `to_node` are the nodes' keys, `rank` the ROAD_RANK code."""

    source: str
    key: str
    shape: bytes
    from_node: str
    to_node: str
    name: str = ""
    rank: str = "108"
    lanes: int = 1
    oneway: bool = False
    max_speed_kmh: float = 50.0
    width_m: float = 6.0
    base_m: float = 0.0


class RoadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A named street for painting and searching; `rank` is arterial, collector or alley."""

    source: str
    key: str
    shape: bytes
    name: str = ""
    rank: str = "alley"
    width_m: float = 6.0


class BuildingRow(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    key: str
    shape: bytes
    height_m: float = 6.0
    kind: str = "house"
    name: str = ""


class ZoneRow(msgspec.Struct, frozen=True, kw_only=True):
    """A named polygon of the base map: a district, a park, water, a bridge, a carriageway."""

    source: str
    key: str
    shape: bytes
    name: str = ""
    kind: str = ""


class ScenePointRow(msgspec.Struct, frozen=True, kw_only=True):
    """A point with a meaning for a site, see base.Places."""

    source: str
    key: str
    lon_deg: float
    lat_deg: float
    site_id: str
    role: str


class SpeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a link is driven now; `key` is the link's own key, `measured_at` ISO 8601 UTC."""

    source: str
    key: str
    speed_kmh: float
    travel_s: float = 0.0
    name: str = ""
    measured_at: str = ""


Row = (
    CameraRow
    | BellRow
    | SiteRow
    | FirmRow
    | AgencyRow
    | NodeRow
    | LinkRow
    | RoadRow
    | BuildingRow
    | ZoneRow
    | ScenePointRow
    | SpeedRow
)
