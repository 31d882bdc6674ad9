"""Takes a whole city's GeoPackage (the sample city's, say) into a catalogue, ids and all, as the centre's own records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import shapely

from smartcity_console.city import plane
from smartcity_console.city.base import RoadGraph, Zones
from smartcity_console.city.catalogue import RANK_CODES, Catalogue, read_catalogue
from smartcity_console.city.geopackage import GeoPackage
from smartcity_console.city.store.catalogue_store import CatalogueStore
from smartcity_console.city.store.poses import FIELDS
from smartcity_console.city.store.staging import Batch

OWN = ""  # the source whose keys are the ids


def adopt(store: CatalogueStore, package: Path, actor: str = "") -> None:
    """Import every layer and the city's name. Raises CatalogueMissing, CatalogueDamaged, CatalogueBusy."""
    with GeoPackage(package) as file:
        city = read_catalogue(file)
    for kind, batch in _batches(city):
        store.apply(store.plan_batches(kind, OWN, [batch]), actor=actor)
    store.set_name(city.name)
    store.columns()


def _batches(city: Catalogue) -> Iterator[tuple[str, Batch]]:
    yield "firms", _of_objects(city.firms.values(), "name_ko", "name_en", "call_back")
    yield "agencies", _agencies(city)
    yield "sites", _sites(city)
    yield "cameras", _cameras(city)
    base = city.base
    for name, zones in (("districts", base.districts), ("water", base.water), ("bridges", base.bridges)):
        yield name, _zones(zones)
    yield "parks", _zones(base.parks)
    yield "buildings", _shapes(base.buildings.geometries, height_m=base.buildings.height_m, kind=base.buildings.kind)
    yield (
        "roads",
        _shapes(base.roads.geometries, name=base.roads.name, rank=base.roads.rank, width_m=base.roads.width_m),
    )
    yield "nodes", {"key": base.graph.node_id} | _lonlat(base.graph.node_xy[:, 0], base.graph.node_xy[:, 1])
    yield "links", _links(base.graph)
    yield "scene_points", _scene_points(city)


def _of_objects(objects: Any, *names: str) -> dict[str, Any]:
    listed = list(objects)
    return {"key": [o.id for o in listed]} | {name: [getattr(o, name) for o in listed] for name in names}


def _placed(objects: Any, *names: str) -> dict[str, Any]:
    listed = list(objects)
    lonlat = {n: [getattr(o.position, n) for o in listed] for n in ("lon_deg", "lat_deg")}
    return _of_objects(listed, *names) | lonlat


def _agencies(city: Catalogue) -> Batch:
    areas = [shapely.to_wkb(city.areas[id_]) if id_ in city.areas else None for id_ in city.agencies]
    kinds = [agency.kind.value for agency in city.agencies.values()]
    return _placed(city.agencies.values(), "name", "control_room") | {"kind": kinds, "area": areas}


def _sites(city: Catalogue) -> Batch:
    zones = [msgspec.json.encode(site.zones).decode() for site in city.sites.values()]
    named = ("name", "category", "address", "firm_id", "account", "district")
    return _placed(city.sites.values(), *named) | {"zones": zones}


def _cameras(city: Catalogue) -> Batch:
    cameras = list(city.cameras.values())
    told = {name: [getattr(c, name).value for c in cameras] for name in ("mount", "purpose", "ownership")}
    poses = {name: [getattr(c.pose, name) for c in cameras] for name in FIELDS}
    return _placed(cameras, "name", "owner", "site_id", "indoor") | told | poses


def _zones(zones: Zones) -> Batch:
    return _shapes(zones.geometries, name=zones.name, kind=zones.kind)


def _shapes(shapes: Any, **fields: Any) -> dict[str, Any]:
    """Return shapes under their numbers: a base map's layers have no keys of their own."""
    return {"key": [str(n) for n in range(len(shapes))], "shape": shapely.to_wkb(shapes), **fields}


def _links(graph: RoadGraph) -> Batch:
    return {
        "key": graph.link_id,
        "shape": shapely.to_wkb(graph.geometries),
        "from_node": [graph.node_id[i] for i in graph.from_node],
        "to_node": [graph.node_id[i] for i in graph.to_node],
        "name": graph.name,
        "rank": [RANK_CODES[rank] for rank in graph.rank],
        "lanes": graph.lanes,
        "oneway": graph.oneway,
        "max_speed_kmh": graph.max_speed_kmh,
        "width_m": graph.width_m,
        "base_m": graph.base_m,
    }


def _scene_points(city: Catalogue) -> Batch:
    points = city.base.scene_points
    keys = [f"{site}.{role}" for site, role in zip(points.site_id, points.role, strict=True)]
    lonlat = _lonlat(shapely.get_x(points.geometries), shapely.get_y(points.geometries))
    return {"key": keys, "site_id": points.site_id, "role": points.role} | lonlat


def _lonlat(x_m: Any, y_m: Any) -> dict[str, Any]:
    lon, lat = plane.to_lonlat(x_m, y_m)
    return {"lon_deg": lon, "lat_deg": lat}
