"""What the people and things of the city are placed on: streets, network, buildings, districts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.address import base_number, side_of_line
from smartcity_console.city.base import Buildings
from smartcity_console.city.builder.network import Network
from smartcity_console.city.builder.plan import CITY_NAME
from smartcity_console.city.builder.streets import Layout


@dataclass(frozen=True)
class Ground:
    """The finished land. `districts` maps a name to its polygon."""

    layout: Layout
    network: Network
    buildings: Buildings
    districts: dict[str, Any]

    @cached_property
    def link_tree(self) -> Any:
        return shapely.STRtree([link.line for link in self.network.links])

    def street_near(self, x: float, y: float) -> int:
        """Return the index of the street that a link nearest to the point belongs to."""
        return self.network.links[int(self.link_tree.nearest(shapely.Point(x, y)))].street

    def district_at(self, x: float, y: float) -> str:
        """Return the district that holds a point, else the nearest."""
        point = shapely.Point(x, y)
        return min(self.districts, key=lambda name: (self.districts[name].distance(point), name))

    def address_at(self, x: float, y: float) -> str:
        """Return the same address as City.address_at will."""
        street = self.layout.streets[self.street_near(x, y)]
        along = float(shapely.line_locate_point(street.line, shapely.Point(x, y)))
        number = base_number(along, side_of_line(street.line, along, x, y) > 0)
        return f"{CITY_NAME} {self.district_at(x, y)} {street.name} {number}"

    def heading_deg(self, link: int, node: int, ahead_m: float = 30.0) -> float:
        """Return the bearing in which a link leaves a node."""
        line = self.network.links[link].line
        if self.network.links[link].start != node:
            line = shapely.reverse(line)
        a, b = shapely.get_point(line, 0), shapely.line_interpolate_point(line, min(ahead_m, line.length))
        return float(np.degrees(np.arctan2(b.x - a.x, b.y - a.y)) % 360.0)
