"""Blind spots as a list: each with its area, its widest place and an address, the largest first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.city import City
from smartcity_console.city.coverage.survey import Coverage, DistrictCoverage
from smartcity_console.model.geo import Position

MIN_AREA_M2 = 20.0
"""Smaller gaps count in a district's area and are no spots: a person walks through them in a step or two."""
PLACE_M = 100.0
"""Blind ground that is larger than a square of this side is cut along a grid of it."""
WIDEST_TOLERANCE_M = 1.0


@dataclass(frozen=True, eq=False)
class BlindSpot:
    """A connected piece of ground that nobody sees, a hectare at most. `middle` is where it is widest, `radius_m` how wide about there."""

    district: str
    number: int  # in its district, from 1 by area
    shape: Any
    middle: Position
    radius_m: float
    address: str
    public_alone: bool  # private cameras do see it

    @property
    def area_m2(self) -> float:
        return float(self.shape.area)


def blind_spots(
    city: City, coverage: Coverage, *, public_alone: bool = False, min_area_m2: float = MIN_AREA_M2
) -> list[BlindSpot]:
    """Return the blind spots of every district; `public_alone`: those that private cameras do not mend count too."""
    return [spot for district in coverage.districts for spot in _of(city, district, public_alone, min_area_m2)]


def _of(city: City, district: DistrictCoverage, public_alone: bool, min_area_m2: float) -> list[BlindSpot]:
    parts = _places(shapely.get_parts(district.blind_to_public if public_alone else district.blind))
    parts = parts[shapely.area(parts) >= min_area_m2]
    largest_first = parts[np.argsort(-shapely.area(parts), kind="stable")]
    return [_spot(city, district.name, n, part, public_alone) for n, part in enumerate(largest_first, 1)]


def _places(parts: Any) -> Any:
    """Cut what is larger than a block along a grid, so that each spot has one place and one address."""
    large = shapely.area(parts) > PLACE_M**2
    cut = [_cut(part) for part in parts[large]]
    return np.concatenate([parts[~large], *cut])


def _cut(shape: Any) -> Any:
    west, south, east, north = (math.floor(edge / PLACE_M) for edge in shapely.bounds(shape))
    column, row = (v.ravel() for v in np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1)))
    cells = shapely.box(column * PLACE_M, row * PLACE_M, (column + 1) * PLACE_M, (row + 1) * PLACE_M)
    shapely.prepare(shape)
    touching = cells[shapely.intersects(shape, cells)]
    return areas_of(shapely.intersection(touching, shape))


def areas_of(shapes: Any) -> Any:
    """Return the polygons of many overlay results, without the lines and points among them."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def _spot(city: City, district: str, number: int, shape: Any, public_alone: bool) -> BlindSpot:
    radius = shapely.maximum_inscribed_circle(shape, tolerance=WIDEST_TOLERANCE_M)
    (x, y), _ = shapely.get_coordinates(radius)
    at = plane.position_at(float(x), float(y))
    address = city.address_at(at) if len(city.base.graph) else district
    return BlindSpot(district, number, shape, at, float(radius.length), address, public_alone)
