"""The tables of the city's GeoPackage; FORMATS of 표준노드링크 where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from smartcity_console.city.builder import plan
from smartcity_console.city.builder.build import Built
from smartcity_console.city.builder.sites import FIRMS
from smartcity_console.city.builder.write import Writer
from smartcity_console.city.catalogue import RANK_CODES

# NODE_TYPE of 표준노드링크 by how many links meet: 도로시종점, 도로속성변화점; more are a 교차로.
_NODE_TYPE = {1: "102", 2: "103"}
_WATER_MARGIN_M = 7.0
_PARTS_OF_POSITION = ("x", "y")


def write_layers(built: Built, path: Path) -> None:
    """Write all tables, the map's from the ground up."""
    writer = Writer(path)
    writer.table("about", {"name": [plan.CITY_NAME], "seed": [plan.SEED]})
    _write_land(writer, built)
    _write_roads(writer, built)
    _write_network(writer, built)
    _write_buildings(writer, built)
    _write_catalogue(writer, built)
    writer.close()


def _write_land(writer: Writer, built: Built) -> None:
    districts = built.ground.districts
    fields = {"name": list(districts), "kind": ["dong"] * len(districts)}
    writer.layer("districts", "Polygon", districts.values(), fields)
    water = [(n, k, p) for n, k, shape in built.ground.layout.water for p in shapely.get_parts(shape)]
    writer.layer(
        "water", "Polygon", [w[2] for w in water], {"name": [w[0] for w in water], "kind": [w[1] for w in water]}
    )
    greens = built.greens
    fields = {"name": [g.name for g in greens], "kind": [g.kind for g in greens]}
    writer.layer("parks", "Polygon", [g.polygon for g in greens], fields)
    names, shapes = bridges_of(built)
    writer.layer("bridges", "Polygon", shapes, {"name": names, "kind": ["bridge"] * len(names)})


def bridges_of(built: Built) -> tuple[list[str], list[Any]]:
    """Return names and decks of the bridges: where a main road crosses water."""
    names, shapes = [], []
    for water_name, _, water in built.ground.layout.water:
        for street in built.ground.layout.streets:
            if street.rank == "alley" or not street.line.crosses(water):
                continue
            deck = street.line.intersection(water.buffer(_WATER_MARGIN_M)).buffer(street.width_m / 2, cap_style="flat")
            root = street.name.removesuffix("대로").removesuffix("로")
            for part in shapely.get_parts(deck):
                names.append(f"{root}대교" if water_name == plan.RIVER_NAME else f"{root}교")
                shapes.append(part)
    return names, shapes


def _write_roads(writer: Writer, built: Built) -> None:
    streets = built.ground.layout.streets
    fields = {
        "name": [s.name for s in streets],
        "rank": [s.rank for s in streets],
        "width_m": [s.width_m for s in streets],
    }
    writer.layer("roads", "LineString", [s.line for s in streets], fields)


def _write_network(writer: Writer, built: Built) -> None:
    network, streets = built.ground.network, built.ground.layout.streets
    node_ids = [f"{2_130_000_000 + 100 * i}" for i in range(len(network.node_xy))]
    kinds = [_NODE_TYPE.get(len(at), "101") for at in network.links_at]
    writer.layer("nodes", "Point", shapely.points(network.node_xy), {"NODE_ID": node_ids, "NODE_TYPE": kinds})
    of = [streets[link.street] for link in network.links]
    fields = {
        "LINK_ID": [f"{2_140_000_000 + 100 * i}" for i in range(len(network.links))],
        "F_NODE": [node_ids[link.start] for link in network.links],
        "T_NODE": [node_ids[link.end] for link in network.links],
        "LANES": [s.lanes for s in of],
        "ROAD_RANK": [RANK_CODES[s.rank] for s in of],
        "ROAD_NAME": [s.name for s in of],
        "MAX_SPD": [float(s.max_speed_kmh) for s in of],
        "width_m": [s.width_m for s in of],
        "oneway": [int(s.oneway) for s in of],
        "base_m": [round(link.base_m, 2) for link in network.links],
    }
    writer.layer("links", "LineString", [link.line for link in network.links], fields)


def _write_buildings(writer: Writer, built: Built) -> None:
    buildings = built.ground.buildings
    fields = {"height_m": buildings.height_m, "kind": buildings.kind}
    writer.layer("buildings", "Polygon", buildings.geometries, fields, indexed=True)


def _write_catalogue(writer: Writer, built: Built) -> None:
    columns = zip(*FIRMS, strict=True)
    writer.table("firms", dict(zip(("firm_id", "name_ko", "name_en", "call_back"), map(list, columns), strict=True)))
    _write_points(writer, "agencies", built.agencies, skip=("districts",))
    areas = [shapely.union_all([built.ground.districts[d] for d in a.districts]) for a in built.agencies]
    flat = [(a.agency_id, part) for a, area in zip(built.agencies, areas, strict=True) for part in [_multi(area)]]
    writer.layer("agency_areas", "MultiPolygon", [p for _, p in flat], {"agency_id": [i for i, _ in flat]})
    _write_points(writer, "sites", built.sites)
    _write_points(writer, "cameras", built.cameras)
    _write_points(writer, "scene_points", built.scene_points)


def _multi(shape: Any) -> Any:
    return shapely.MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])


def _write_points(writer: Writer, name: str, rows: list[Any], skip: tuple[str, ...] = ()) -> None:
    """Write rows of one dataclass with their x and y as the point."""
    keys = [k for k in rows[0].__dict__ if k not in (*_PARTS_OF_POSITION, *skip)]
    fields = {key: [_plain(getattr(row, key)) for row in rows] for key in keys}
    writer.layer(name, "Point", [shapely.Point(row.x, row.y) for row in rows], fields)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
