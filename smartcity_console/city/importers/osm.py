"""OpenStreetMap extracts (.osm.pbf): roads, buildings that block sight, water and parks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from smartcity_console.city.importers.basemap import WIDTH_OF_RANK_M, Want, required, shape_batches
from smartcity_console.city.importers.features import HEIGHT_OF_KIND_M, height_m, kind_of
from smartcity_console.city.importers.nodelink import LANE_M
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.vector import LINES, POLYGONS, Features, layers_of, positive

RANK_OF_HIGHWAY = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary"), "arterial"),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link", "secondary_link"), "arterial"),
    **dict.fromkeys(("tertiary", "tertiary_link", "unclassified"), "collector"),
    **dict.fromkeys(("residential", "living_street", "service", "pedestrian", "road"), "alley"),
}
"""Ways for vehicles, and squares. Footways, steps and indoor ways would hide the streets of a control room's map."""

_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')  # GDAL's HSTORE form of the tags it has no field for
_ROADS = f"highway IN ({', '.join(repr(word) for word in RANK_OF_HIGHWAY)})"
_WATER = "natural = 'water' OR landuse IN ('reservoir', 'basin')"
_PARKS = "leisure IN ('park', 'garden', 'pitch') OR landuse IN ('grass', 'forest', 'recreation_ground')"


def read_osm(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield roads, buildings, water and parks. Raises FileUnreadable, LayerMissing."""
    layers = [layer for path in files for layer in layers_of(path, options)]
    lines = [layer for layer in layers if layer.name == "lines"]
    areas = [layer for layer in layers if layer.name == "multipolygons"]
    required(layers, "lines, multipolygons", [*lines, *areas])
    wanted = {
        "roads": [Want(layer, LINES, _road_fields, _ROADS) for layer in lines],
        "buildings": [Want(layer, POLYGONS, _building_fields, "building IS NOT NULL") for layer in areas],
        "water": [Want(layer, POLYGONS, _area_fields, _WATER) for layer in areas],
        "parks": [Want(layer, POLYGONS, _area_fields, _PARKS) for layer in areas],
    }
    for number, (table, wants) in enumerate(wanted.items()):
        progress("read", number / len(wanted))
        yield Part(table, shape_batches(wants, report))
    progress("read", 1.0)


def tags(text: object) -> dict[str, str]:
    """Return the tags of an `other_tags` value."""
    return dict(_TAG.findall(text)) if isinstance(text, str) else {}


def _keys(features: Features) -> list[str]:
    """The id of the way or relation: GDAL puts a closed way's into OSM_WAY_ID."""
    ids = zip(features.texts("OSM_ID"), features.texts("OSM_WAY_ID"), features.numbers, strict=True)
    return [f"r{relation}" if relation else f"w{way}" if way else f"n{n}" for relation, way, n in ids]


def _road_fields(features: Features) -> dict[str, Any]:
    ranks = [RANK_OF_HIGHWAY[word] for word in features.texts("HIGHWAY")]
    others = map(tags, features.column("OTHER_TAGS"))
    return {
        "key": [f"w{way}" for way in features.texts("OSM_ID")],
        "name": features.texts("NAME"),
        "rank": ranks,
        "width_m": [_width_m(other, rank) for other, rank in zip(others, ranks, strict=True)],
    }


def _width_m(other: dict[str, str], rank: str) -> float:
    lanes = positive(other.get("lanes"))
    width = positive(other.get("width")) or (lanes * LANE_M if lanes else None)
    return width if width and width <= 100.0 else WIDTH_OF_RANK_M[rank]


def _building_fields(features: Features) -> dict[str, Any]:
    kinds = [kind_of(word) for word in features.texts("BUILDING")]
    others = map(tags, features.column("OTHER_TAGS"))
    known = [height_m(other.get("height"), other.get("building:levels")) for other in others]
    return {
        "key": _keys(features),
        "name": features.texts("NAME"),
        "kind": kinds,
        "height_m": [h or HEIGHT_OF_KIND_M[kind] for h, kind in zip(known, kinds, strict=True)],
    }


def _area_fields(features: Features) -> dict[str, Any]:
    words = zip(*(features.texts(name) for name in ("NATURAL", "LEISURE", "LANDUSE")), strict=True)
    return {"key": _keys(features), "name": features.texts("NAME"), "kind": [next(filter(None, w), "") for w in words]}
