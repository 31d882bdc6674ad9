"""도로명주소 전자지도, Shapefile, EPSG:5179, CP949: streets, their areas, districts and buildings, by the fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from smartcity_console.city.importers.basemap import WIDTH_OF_RANK_M, Want, required, shape_batches
from smartcity_console.city.importers.features import building_fields, zone_fields
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.vector import LINES, POLYGONS, Features, Layer, layers_of, positive

UTM_K = "EPSG:5179"
# WDR_RD_CD: 대로, 로, 길.
RANK_OF_CODE = {"1": "arterial", "2": "collector", "3": "alley"}
_RANK_OF_ENDING = {"대로": "arterial", "로": "collector", "길": "alley"}


def read_roads(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
    """Yield streets, road areas, districts and buildings, whichever the files have. Raises FileUnreadable, LayerMissing."""
    layers = [layer for path in files for layer in layers_of(path, options, UTM_K)]
    by_table = {table: [layer for layer in layers if _table(layer) == table] for table in _WANTED}
    used = [layer for found in by_table.values() for layer in found]
    required(layers, "TL_SPRD_MANAGE, TL_SPRD_RW, TL_SCCO_EMD, TL_SPBD_BULD", used)
    for layer in layers:
        if layer not in used:
            report.note(f"{layer.path.name}: 쓰지 않음 / not used")
    for number, (table, found) in enumerate(by_table.items()):
        progress("read", number / len(by_table))
        if found:
            geometry, fields = _WANTED[table]
            yield Part(table, shape_batches([Want(layer, geometry, fields) for layer in found], report))
    progress("read", 1.0)


def _table(layer: Layer) -> str | None:
    """Tell by its fields which table a layer belongs to: file names carry region codes."""
    fields = set(layer.fields)
    if {"RN", "RDS_MAN_NO"} <= fields:
        return "roads"
    if {"RW_SN", "SIG_CD"} <= fields:
        return "road_areas"
    if fields & {"EMD_CD", "SIG_CD", "LI_CD"} and fields & {"EMD_KOR_NM", "SIG_KOR_NM"}:
        return "districts"
    return "buildings" if fields & {"BD_MGT_SN", "BULD_MNNM"} else None


def road_fields(features: Features) -> dict[str, Any]:
    """Fields of TL_SPRD_MANAGE: RN name, ROAD_BT width in metres, WDR_RD_CD 대로/로/길."""
    names = features.texts("RN")
    codes = zip(features.texts("WDR_RD_CD"), names, strict=True)
    ranks = [RANK_OF_CODE.get(code) or _rank_by_name(name) for code, name in codes]
    widths = [positive(value) for value in features.column("ROAD_BT")]
    numbers = zip(features.texts("SIG_CD"), features.texts("RDS_MAN_NO"), features.numbers, strict=True)
    return {
        "key": [f"{district}_{road or f'n{n}'}".strip("_") for district, road, n in numbers],
        "name": names,
        "rank": ranks,
        "width_m": [width or WIDTH_OF_RANK_M[rank] for width, rank in zip(widths, ranks, strict=True)],
    }


def area_fields(features: Features) -> dict[str, Any]:
    """Fields of TL_SPRD_RW: RW_SN counts the areas of a district; they have no names."""
    numbers = zip(features.texts("SIG_CD"), features.texts("RW_SN"), features.numbers, strict=True)
    return {"key": [f"{district}_{area or f'n{n}'}".strip("_") for district, area, n in numbers]}


def _rank_by_name(name: str) -> str:
    return next((rank for ending, rank in _RANK_OF_ENDING.items() if name.endswith(ending)), "alley")


_WANTED = {
    "roads": (LINES, road_fields),
    "road_areas": (POLYGONS, area_fields),
    "districts": (POLYGONS, zone_fields),
    "buildings": (POLYGONS, building_fields),
}
