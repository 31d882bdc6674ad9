"""Road name addresses (도로명주소): a number every 20 m from where the street begins, odd left, even right.

After 도로명주소법 시행령 제6조·제7조 (기초번호: 20 m 간격, 왼쪽 홀수, 오른쪽 짝수).
"""

from __future__ import annotations

import shapely

from smartcity_console.city.base import BaseMap, RoadGraph, Zones

BASE_INTERVAL_M = 20.0


def base_number(along_m: float, on_left: bool) -> int:
    """Return the number of a spot that far from the street's beginning, on its left or right side."""
    pair = max(0, int(along_m // BASE_INTERVAL_M))
    return 2 * pair + (1 if on_left else 2)


def side_of_line(line: object, along_m: float, x: float, y: float) -> float:
    """Return > 0 when the point lies left of the line's direction at that length, < 0 when right."""
    a = shapely.line_interpolate_point(line, max(0.0, along_m - 0.5))
    b = shapely.line_interpolate_point(line, along_m + 0.5)
    return float((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x))


class Addresses:
    """Finds district and address of a spot on one city's streets."""

    def __init__(self, city_name: str, base: BaseMap) -> None:
        self._city_name = city_name
        self._base = base

    @property
    def _districts(self) -> Zones:
        return self._base.districts  # read when first asked for: a catalogue's layers are

    @property
    def _graph(self) -> RoadGraph:
        return self._base.graph

    def district(self, x: float, y: float) -> str:
        """Return the district of a point, else the nearest; nothing where no districts are known."""
        if not len(self._districts):
            return ""
        index = self._districts.at(x, y)
        return self._districts.name[self._districts.nearest(x, y) if index is None else index]

    def address(self, x: float, y: float) -> str:
        """Return "city district street number" after the street nearest to the point, as far as there are any."""
        if not len(self._graph):
            return f"{self._city_name} {self.district(x, y)}".strip()
        link = int(self._graph.tree.nearest(shapely.Point(x, y)))
        number = self._number(link, x, y)
        return f"{self._city_name} {self.district(x, y)} {self._graph.name[link]} {number}".strip()

    def _number(self, link: int, x: float, y: float) -> int:
        line = self._graph.geometries[link]
        along = float(shapely.line_locate_point(line, shapely.Point(x, y)))
        left = side_of_line(line, along, x, y) > 0
        return base_number(float(self._graph.base_m[link]) + along, left)
