"""The kinds of data that can be imported, by the word that the command line and the window use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from smartcity_console.city.importers.parts import Options, Part, Reader
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report


def _of(module: str, name: str) -> Reader:
    """Return a reader that is imported at its first use: GDAL would cost every start of the console a quarter second."""

    def read(files: Sequence[Path], options: Options, report: Report, progress: Progress) -> Iterator[Part]:
        reader: Reader = getattr(import_module(f"smartcity_console.city.importers.{module}"), name)
        return reader(files, options, report, progress)

    return read


@dataclass(frozen=True)
class KindOfData:
    """One kind: how it is read, and what it is called."""

    name: str
    read: Reader
    ko: str
    en: str
    suffixes: tuple[str, ...]


_TEXT = (".csv", ".txt")
_SHAPES = (".shp", ".zip")
_VECTOR = (".gpkg", ".geojson", ".json", *_SHAPES)

KINDS_OF_DATA: dict[str, KindOfData] = {
    kind.name: kind
    for kind in (
        KindOfData("cctv", _of("cctv", "read_cctv"), "전국CCTV표준데이터", "cameras (national standard CSV)", _TEXT),
        KindOfData("bells", _of("bells", "read_bells"), "안전비상벨", "emergency bells (CSV)", _TEXT),
        KindOfData(
            "agencies", _of("agencies", "read_agencies"), "경찰·소방 관서", "police and fire stations (CSV)", _TEXT
        ),
        KindOfData(
            "nodelink", _of("nodelink", "read_nodelink"), "표준노드링크", "standard nodes and links (SHP)", _SHAPES
        ),
        KindOfData("roads", _of("roads", "read_roads"), "도로명주소 전자지도", "road name address map (SHP)", _SHAPES),
        KindOfData("osm", _of("osm", "read_osm"), "오픈스트리트맵", "OpenStreetMap extract (PBF)", (".pbf",)),
        KindOfData("buildings", _of("features", "read_buildings"), "건물", "buildings", _VECTOR),
        KindOfData("districts", _of("features", "read_districts"), "행정구역", "districts", _VECTOR),
        KindOfData("sites", _of("features", "read_sites"), "관제 대상 시설", "protected sites", _VECTOR),
        KindOfData(
            "traffic", _of("traffic", "read_traffic"), "ITS 교통소통정보", "traffic speeds (ITS JSON)", (".json",)
        ),
    )
}
RASTER = "raster"
WORDS = (*KINDS_OF_DATA, RASTER)
"""All words of the command line; a raster base map is registered, not read into the catalogue."""
RASTER_SUFFIXES = (".pmtiles", ".mbtiles")


def kinds_for(files: Sequence[Path]) -> list[str]:
    """Return the kinds that files of these names may be, the likeliest first."""
    suffixes = {path.suffix.lower() for path in files}
    if suffixes <= set(RASTER_SUFFIXES):
        return [RASTER]
    fitting = [name for name, kind in KINDS_OF_DATA.items() if suffixes <= set(kind.suffixes)]
    names = " ".join(path.stem.lower() for path in files)
    return sorted(fitting, key=lambda kind: not any(hint in names for hint in _HINTS.get(kind, ())))


_HINTS: dict[str, tuple[str, ...]] = {
    "cctv": ("cctv",),
    "bells": ("bell", "비상벨"),
    "agencies": ("police", "fire", "경찰", "소방", "파출소", "지구대", "agenc"),
    "nodelink": ("node", "link", "moct"),
    "roads": ("tl_s", "도로명"),
    "buildings": ("build", "buld", "건물"),
    "districts": ("district", "emd", "sig", "행정"),
    "sites": ("site", "시설"),
    "traffic": ("traffic", "its", "소통"),
}
