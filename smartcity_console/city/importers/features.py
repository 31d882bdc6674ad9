"""Buildings, districts and sites from any vector file (GeoPackage, GeoJSON, Shapefile), by common field names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.importers.basemap import STOREY_M, Want, key_of, required, shape_batches
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.repeats import Repeats
from smartcity_console.city.importers.report import Report, Why
from smartcity_console.city.importers.vector import POINTS, POLYGONS, Features, layers_of, positive, read_features
from smartcity_console.city.store.staging import Batch

HEIGHT_OF_KIND_M = {
    "house": 6.0,
    "villa": 12.0,
    "shop": 8.0,
    "office": 18.0,
    "apartment": 36.0,
    "school": 14.0,
    "factory": 9.0,
    "public": 12.0,
}
"""What is taken for a building whose data give neither height nor storeys."""

_KIND_OF_WORD = {
    "apartments": "apartment",
    "residential": "villa",
    "dormitory": "villa",
    "retail": "shop",
    "commercial": "shop",
    "supermarket": "shop",
    "kiosk": "shop",
    "office": "office",
    "hotel": "office",
    "industrial": "factory",
    "warehouse": "factory",
    "manufacture": "factory",
    "school": "school",
    "university": "school",
    "kindergarten": "school",
    "church": "public",
    "cathedral": "public",
    "hospital": "public",
    "civic": "public",
    "government": "public",
    "train_station": "public",
}
_NAMES = ("NAME", "NAME_KO", "NAME:KO", "BULD_NM", "BLD_NM", "BDNM", "EMD_KOR_NM", "EMD_NM", "ADM_NM", "SIG_KOR_NM")
_KEYS = ("ID", "KEY", "BD_MGT_SN", "UFID", "EMD_CD", "ADM_CD", "ADM_DR_CD", "SIG_CD", "OSM_ID", "CODE")
_HEIGHTS = ("HEIGHT_M", "HEIGHT", "BLD_HGT", "BULD_HG")
_STOREYS = ("GRO_FLO_CO", "STOREYS", "LEVELS", "BUILDING:LEVELS", "FLOORS", "GRND_FLR")


def read_buildings(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield footprints with heights. Raises FileUnreadable, LayerMissing."""
    yield from _areas("buildings", files, options, report, progress)


def read_districts(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield named areas. Raises FileUnreadable, LayerMissing."""
    yield from _areas("districts", files, options, report, progress)


def _areas(table: str, files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    layers = [layer for path in files for layer in layers_of(path, options)]
    named = [layer for layer in layers if layer.name.lower() == table] or layers
    required(layers, table, named)
    fields = building_fields if table == "buildings" else zone_fields
    yield Part(table, shape_batches([Want(layer, POLYGONS, fields) for layer in named], report))
    progress("read", 1.0)


def building_fields(features: Features) -> dict[str, Any]:
    """Height in metres, else storeys, else what is usual for the kind."""
    kinds = [kind_of(word) for word in features.texts("KIND", "BUILDING", "USE", "TYPE")]
    heights, storeys = features.column(*_HEIGHTS), features.column(*_STOREYS)
    known = [height_m(*row) for row in zip(heights, storeys, strict=True)]
    return {
        "key": key_of(features, *_KEYS),
        "name": features.texts(*_NAMES),
        "kind": kinds,
        "height_m": [h or HEIGHT_OF_KIND_M[kind] for h, kind in zip(known, kinds, strict=True)],
    }


def height_m(height: object, storeys: object) -> float | None:
    """Return a height in metres, at most 600, from a height or a number of storeys; None when neither is usable."""
    metres, floors = positive(height), positive(storeys)
    found = metres if metres else (floors * STOREY_M if floors else None)
    return found if found and found <= 600.0 else None


def kind_of(word: str) -> str:
    """Return the catalogue's word for a building's use."""
    word = word.lower()
    return word if word in HEIGHT_OF_KIND_M else _KIND_OF_WORD.get(word, "house")


def zone_fields(features: Features) -> dict[str, Any]:
    """Key, name and kind of an area."""
    return {
        "key": key_of(features, *_KEYS),
        "name": features.texts(*_NAMES),
        "kind": features.texts("KIND", "TYPE"),
    }


def read_sites(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield protected sites; of a site's outline, a point inside. Raises FileUnreadable, LayerMissing."""
    layers = [layer for path in files for layer in layers_of(path, options)]
    named = [layer for layer in layers if layer.name.lower() == "sites"] or layers
    required(layers, "sites", named)
    yield Part("sites", _sites([Want(layer, POINTS, zone_fields) for layer in named], report))
    progress("read", 1.0)


def _sites(wants: Sequence[Want], report: Report) -> Iterator[Batch]:
    for want in wants:
        repeats = Repeats(want.layer.path.name, "key")
        for features in read_features(want.layer, want.geometry, report):
            keys, names = key_of(features, "SITE_ID", *_KEYS), features.texts(*_NAMES)
            good = [i for i, name in enumerate(names) if name or _nameless(features, i, report)]
            values = _site_fields(features, report) | {"key": keys, "name": names}
            repeats.add([keys[i] for i in good], [features.numbers[i] for i in good])
            yield {name: [column[i] for i in good] for name, column in values.items()}
        repeats.tell(report)


def _nameless(features: Features, i: int, report: Report) -> bool:
    report.refuse(features.file, features.numbers[i], "name", "", Why.BLANK)
    return False


def _site_fields(features: Features, report: Report) -> dict[str, list[Any]]:
    xy: plane.Metres = np.asarray(shapely.get_coordinates(shapely.centroid(features.shapes)), dtype=float)
    lon, lat = plane.to_lonlat(xy[:, 0], xy[:, 1])
    plain = ("category", "address", "firm_id", "account", "district")
    rows = zip(features.numbers, features.texts("ZONES"), strict=True)
    return {name: features.texts(name.upper()) for name in plain} | {
        "lon_deg": lon.tolist(),
        "lat_deg": lat.tolist(),
        "zones": [_zones(features.file, number, text, report) for number, text in rows],
    }


def _zones(file: str, number: int, text: str, report: Report) -> str:
    """Return a JSON list of zones with number, name and sensor; what is none is left out with a remark."""
    try:
        zones = json.loads(text or "[]")
        return json.dumps([{n: str(z[n]) for n in ("number", "name", "sensor")} for z in zones], ensure_ascii=False)
    except (ValueError, TypeError, KeyError):
        report.remark(file, number, "zones", text, Why.NOT_AN_OBJECT)
        return "[]"
