"""Turns the tables of a city's GeoPackage into the model's objects and the base map."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.base import BaseMap, Buildings, Geometries, Places, RoadGraph, Roads, Zones
from smartcity_console.city.geopackage import GeoPackage
from smartcity_console.city.roll import Roll
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.camera import Camera, Mount, Ownership, Pose, Purpose
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Firm, Sensor, Site, Zone


@dataclass(frozen=True)
class Catalogue:
    """Everything of one city; `areas` by agency id.

    A catalogue in SQLite reads cameras and sites one by one, and brings its own ways of finding them; a city in memory
    is searched as it is.
    """

    name: str
    cameras: Mapping[str, Camera]
    sites: Mapping[str, Site]
    firms: dict[str, Firm]
    agencies: dict[str, Agency]
    areas: dict[str, Any]
    base: BaseMap
    roll: Roll | None = None
    site_of_account: Callable[[str], Site | None] | None = None


def read_catalogue(file: GeoPackage) -> Catalogue:
    """Read all tables. Raises CatalogueDamaged."""
    try:
        cameras = _cameras(file)
        agencies, areas = _agencies(file)
        return Catalogue(
            name=file.columns("about", "name")["name"][0],
            cameras=cameras,
            sites=_sites(file, cameras),
            firms=_firms(file),
            agencies=agencies,
            areas=areas,
            base=_base(file),
        )
    except (ValueError, KeyError, IndexError) as error:  # a value outside its enumeration, a zone list that is no JSON
        raise file.damaged(repr(error)) from error


def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _positions(points: Geometries) -> list[Position]:
    lon, lat = plane.to_lonlat(shapely.get_x(points), shapely.get_y(points))
    return [Position(a, b) for a, b in zip(lon.tolist(), lat.tolist(), strict=True)]


_POSE = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "width_px", "height_px", "range_m")
_CAMERA = ("camera_id", "name", "mount", "purpose", "ownership", "owner", "site_id", "indoor")


def _cameras(file: GeoPackage) -> dict[str, Camera]:
    points, columns = file.layer("cameras", *_CAMERA, *_POSE)
    made = (_camera(row, at) for row, at in zip(_rows(columns), _positions(points), strict=True))
    return {camera.id: camera for camera in made}


def _camera(row: dict[str, Any], position: Position) -> Camera:
    return Camera(
        id=row["camera_id"],
        name=row["name"],
        position=position,
        pose=Pose(**{field: row[field] for field in _POSE}),
        mount=Mount(row["mount"]),
        purpose=Purpose(row["purpose"]),
        ownership=Ownership(row["ownership"]),
        owner=row["owner"],
        site_id=row["site_id"] or None,
        indoor=bool(row["indoor"]),
    )


_SITE = ("site_id", "name", "category", "address", "firm_id", "account", "zones", "district")


def _sites(file: GeoPackage, cameras: dict[str, Camera]) -> dict[str, Site]:
    private: dict[str, list[str]] = defaultdict(list)
    for camera in cameras.values():
        if camera.site_id:
            private[camera.site_id].append(camera.id)
    points, columns = file.layer("sites", *_SITE)
    made = (_site(row, at, private) for row, at in zip(_rows(columns), _positions(points), strict=True))
    return {site.id: site for site in made}


def _site(row: dict[str, Any], position: Position, private: dict[str, list[str]]) -> Site:
    zones = tuple(Zone(z["number"], z["name"], Sensor(z["sensor"])) for z in json.loads(row["zones"]))
    site_id = row["site_id"]
    return Site(
        id=site_id,
        position=position,
        zones=zones,
        camera_ids=tuple(private.get(site_id, ())),
        **{key: row[key] for key in ("name", "category", "address", "firm_id", "account", "district")},
    )


def _firms(file: GeoPackage) -> dict[str, Firm]:
    rows = _rows(file.columns("firms", "firm_id", "name_ko", "name_en", "call_back"))
    return {r["firm_id"]: Firm(r["firm_id"], r["name_ko"], r["name_en"], r["call_back"]) for r in rows}


def _agencies(file: GeoPackage) -> tuple[dict[str, Agency], dict[str, Any]]:
    points, columns = file.layer("agencies", "agency_id", "kind", "name", "control_room")
    agencies = {
        r["agency_id"]: Agency(r["agency_id"], AgencyKind(r["kind"]), r["name"], r["control_room"], at)
        for r, at in zip(_rows(columns), _positions(points), strict=True)
    }
    areas, owners = file.layer("agency_areas", "agency_id")
    return agencies, dict(zip(owners["agency_id"], areas, strict=True))


def _base(file: GeoPackage) -> BaseMap:
    districts = _zones(file, "districts")
    return BaseMap(
        bounds_m=tuple(float(v) for v in shapely.total_bounds(districts.geometries)),  # type: ignore[arg-type]
        districts=districts,
        water=_zones(file, "water"),
        bridges=_zones(file, "bridges"),
        parks=_zones(file, "parks"),
        buildings=_buildings(file),
        roads=_roads(file),
        graph=_graph(file),
        scene_points=_scene_points(file),
    )


def _zones(file: GeoPackage, table: str) -> Zones:
    polygons, columns = file.layer(table, "name", "kind")
    return Zones(polygons, columns["name"], columns["kind"])


def _buildings(file: GeoPackage) -> Buildings:
    polygons, columns = file.layer("buildings", "height_m", "kind")
    return Buildings(polygons, np.asarray(columns["height_m"], dtype=float), columns["kind"])


def _roads(file: GeoPackage) -> Roads:
    lines, columns = file.layer("roads", "name", "rank", "width_m")
    return Roads(lines, columns["name"], columns["rank"], np.asarray(columns["width_m"], dtype=float))


# ROAD_RANK of 표준노드링크: 지방도, 시군도, 기타.
RANK_CODES = {"arterial": "106", "collector": "107", "alley": "108"}
_RANK_OF_CODE = {code: rank for rank, code in RANK_CODES.items()}
_LINK = (
    "LINK_ID",
    "F_NODE",
    "T_NODE",
    "ROAD_NAME",
    "ROAD_RANK",
    "width_m",
    "LANES",
    "oneway",
    "MAX_SPD",
    "base_m",
)


def _graph(file: GeoPackage) -> RoadGraph:
    points, nodes = file.layer("nodes", "NODE_ID")
    lines, links = file.layer("links", *_LINK)
    index = {node: i for i, node in enumerate(nodes["NODE_ID"])}
    return RoadGraph(
        geometries=lines,
        node_xy=shapely.get_coordinates(points),
        node_id=nodes["NODE_ID"],
        link_id=links["LINK_ID"],
        from_node=np.asarray([index[n] for n in links["F_NODE"]], dtype=np.int64),
        to_node=np.asarray([index[n] for n in links["T_NODE"]], dtype=np.int64),
        name=links["ROAD_NAME"],
        rank=[_RANK_OF_CODE[code] for code in links["ROAD_RANK"]],
        width_m=np.asarray(links["width_m"], dtype=float),
        lanes=np.asarray(links["LANES"], dtype=np.int64),
        oneway=np.asarray(links["oneway"], dtype=bool),
        max_speed_kmh=np.asarray(links["MAX_SPD"], dtype=float),
        base_m=np.asarray(links["base_m"], dtype=float),
    )


def _scene_points(file: GeoPackage) -> Places:
    points, columns = file.layer("scene_points", "site_id", "role")
    return Places(points, columns["site_id"], columns["role"])
