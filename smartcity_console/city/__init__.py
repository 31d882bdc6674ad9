"""Where things are: catalogue, base map, sight lines. Lengths in metres of EPSG:5186 unless a name says otherwise."""

from smartcity_console.city.base import BaseMap, Buildings, Places, RoadGraph, Roads, Zones
from smartcity_console.city.city import City, city_path, sample_city_path
from smartcity_console.city.geopackage import CatalogueDamaged, CatalogueMissing
from smartcity_console.city.sight import rank_cameras, seen_from
from smartcity_console.city.view import view_polygon

__all__ = [
    "BaseMap",
    "Buildings",
    "CatalogueDamaged",
    "CatalogueMissing",
    "City",
    "Places",
    "RoadGraph",
    "Roads",
    "Zones",
    "city_path",
    "rank_cameras",
    "sample_city_path",
    "seen_from",
    "view_polygon",
]
