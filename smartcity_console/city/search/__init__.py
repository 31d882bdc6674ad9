"""Finds places by what an operator types: coordinates, addresses, roads, sites, stations, cameras."""

from smartcity_console.city.search.find import Finder, Found, FoundKind
from smartcity_console.city.search.index import NameIndex

__all__ = ["Finder", "Found", "FoundKind", "NameIndex"]
