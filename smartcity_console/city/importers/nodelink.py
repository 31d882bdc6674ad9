"""표준노드링크 (ITS standard nodes and links), Shapefile, EPSG:5186, CP949. Every link is one direction of a road."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.importers.basemap import required
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.repeats import Repeats
from smartcity_console.city.importers.report import Report, Why
from smartcity_console.city.importers.vector import LINES, POINTS, Features, Layer, layers_of, positive, read_features
from smartcity_console.city.store.staging import Batch

LANE_M = 3.25
DEFAULT_SPEED_KMH = 50.0
DEFAULT_RANK = "108"


def read_nodelink(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield links, then nodes; ends of links that no node layer has become nodes. Raises FileUnreadable, LayerMissing."""
    layers = [layer for path in files for layer in layers_of(path, options, plane.PLANE)]
    links = [layer for layer in layers if {"LINK_ID", "F_NODE", "T_NODE"} <= set(layer.fields)]
    nodes = [layer for layer in layers if "NODE_ID" in layer.fields]
    required(layers, "LINK_ID, F_NODE, T_NODE", links)
    ends: dict[str, tuple[float, float]] = {}
    yield Part("links", _links(links, report, ends, progress))
    yield Part("nodes", _nodes(nodes, report, ends))


def _links(
    layers: Sequence[Layer], report: Report, ends: dict[str, tuple[float, float]], progress: Progress
) -> Iterator[Batch]:
    for layer in layers:
        repeats, done = Repeats(layer.path.name, "LINK_ID"), 0
        for features in read_features(layer, LINES, report):
            yield _link_batch(features, report, repeats, ends)
            done += len(features)
            progress("read", min(done / max(layer.count, 1), 1.0))
        repeats.tell(report)


def _link_batch(
    features: Features, report: Report, repeats: Repeats, ends: dict[str, tuple[float, float]]
) -> dict[str, Any]:
    shapes = shapely.line_merge(features.shapes)
    keys, starts, stops = (features.texts(name) for name in ("LINK_ID", "F_NODE", "T_NODE"))
    kept = [_refused(features, i, shapes[i], (keys[i], starts[i], stops[i]), report) is None for i in range(len(keys))]
    good = np.flatnonzero(kept).tolist()
    for i in good:
        coordinates = shapely.get_coordinates(shapes[i])
        ends.setdefault(starts[i], tuple(coordinates[0]))
        ends.setdefault(stops[i], tuple(coordinates[-1]))
    columns = _link_fields(features) | {"key": keys, "from_node": starts, "to_node": stops}
    columns |= {"shape": shapely.to_wkb(shapes).tolist()}
    repeats.add([keys[i] for i in good], [features.numbers[i] for i in good])
    return {name: [values[i] for i in good] for name, values in columns.items()}


def _refused(features: Features, i: int, shape: Any, names: tuple[str, str, str], report: Report) -> Why | None:
    blank = next((title for title, n in zip(("LINK_ID", "F_NODE", "T_NODE"), names, strict=True) if not n), None)
    if blank:
        report.refuse(features.file, features.numbers[i], blank, "", Why.BLANK)
        return Why.BLANK
    if shape.geom_type != "LineString":
        report.refuse(features.file, features.numbers[i], "geometry", shape.geom_type, Why.WRONG_GEOMETRY)
        return Why.WRONG_GEOMETRY
    return None


def _link_fields(features: Features) -> dict[str, list[Any]]:
    lanes = [int(positive(value) or 1) for value in features.column("LANES")]
    return {
        "name": [name if name != "-" else "" for name in features.texts("ROAD_NAME")],
        "rank": [rank or DEFAULT_RANK for rank in features.texts("ROAD_RANK")],
        "lanes": lanes,
        "oneway": [True] * len(lanes),
        "max_speed_kmh": [positive(value) or DEFAULT_SPEED_KMH for value in features.column("MAX_SPD")],
        "width_m": [lane * LANE_M for lane in lanes],
    }


def _nodes(layers: Sequence[Layer], report: Report, ends: dict[str, tuple[float, float]]) -> Iterator[Batch]:
    for layer in layers:
        repeats = Repeats(layer.path.name, "NODE_ID")
        for features in read_features(layer, POINTS, report):
            keys = features.texts("NODE_ID")
            repeats.add(keys, features.numbers)
            for key in keys:
                ends.pop(key, None)
            points = shapely.centroid(features.shapes)
            texts = (features.texts("NODE_NAME"), features.texts("NODE_TYPE"))
            yield _node_batch(keys, shapely.get_coordinates(points), *texts)
        repeats.tell(report)
    if ends:
        report.note(f"NODE: {len(ends):,} +")
        blank = [""] * len(ends)
        yield _node_batch(list(ends), np.array(list(ends.values()), dtype=float), blank, blank)


def _node_batch(keys: list[str], xy: plane.Metres, names: list[str], kinds: list[str]) -> Batch:
    lon, lat = plane.to_lonlat(xy[:, 0], xy[:, 1])
    return {"key": keys, "lon_deg": lon, "lat_deg": lat, "name": names, "kind": kinds}
