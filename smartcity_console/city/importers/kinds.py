"""The kinds of data that can be imported, by the word that the command line and the window use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from smartcity_console.city.importers.agencies import read_agencies
from smartcity_console.city.importers.bells import read_bells
from smartcity_console.city.importers.cctv import read_cctv
from smartcity_console.city.importers.features import read_buildings, read_districts, read_sites
from smartcity_console.city.importers.nodelink import read_nodelink
from smartcity_console.city.importers.osm import read_osm
from smartcity_console.city.importers.parts import Reader
from smartcity_console.city.importers.roads import read_roads
from smartcity_console.city.importers.traffic import read_traffic


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
        KindOfData("cctv", read_cctv, "전국CCTV표준데이터", "cameras (national standard CSV)", _TEXT),
        KindOfData("bells", read_bells, "안전비상벨", "emergency bells (CSV)", _TEXT),
        KindOfData("agencies", read_agencies, "경찰·소방 관서", "police and fire stations (CSV)", _TEXT),
        KindOfData("nodelink", read_nodelink, "표준노드링크", "standard nodes and links (SHP)", _SHAPES),
        KindOfData("roads", read_roads, "도로명주소 전자지도", "road name address map (SHP)", _SHAPES),
        KindOfData("osm", read_osm, "오픈스트리트맵", "OpenStreetMap extract (PBF)", (".pbf",)),
        KindOfData("buildings", read_buildings, "건물", "buildings", _VECTOR),
        KindOfData("districts", read_districts, "행정구역", "districts", _VECTOR),
        KindOfData("sites", read_sites, "관제 대상 시설", "protected sites", _VECTOR),
        KindOfData("traffic", read_traffic, "ITS 교통소통정보", "traffic speeds (ITS JSON)", (".json",)),
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
