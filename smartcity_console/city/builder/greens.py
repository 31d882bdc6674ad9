"""Parks, hills, school grounds and the strips along the water."""

from __future__ import annotations

from collections import Counter
from typing import Any

import shapely

from smartcity_console.city.builder.lots import Green
from smartcity_console.city.builder.streets import Layout

_NAMES = {"park": "{}공원", "hill": "{}산", "school": "{}학교"}
_PAVEMENT_M = 3.0


def greens_of(layout: Layout) -> list[Green]:
    """Return the greens with names after their district, numbered from the second on."""
    count: Counter[str] = Counter()
    made = _bank(layout)
    roads = shapely.union_all([s.line.buffer(s.width_m / 2 + _PAVEMENT_M) for s in layout.streets if s.rank != "alley"])
    for block in layout.blocks:
        if block.use in _NAMES:
            base = _NAMES[block.use].format(block.district.removesuffix("동"))
            count[base] += 1
            name = base if count[base] == 1 else f"{base} {count[base]}"
            made += [Green(p, name, block.use) for p in _polygons(block.polygon.difference(roads))]
    return made


def _bank(layout: Layout) -> list[Green]:
    """Return the river park: the ground between the water and the roads along it."""
    water = shapely.union_all([shape for _, _, shape in layout.water])
    strip = layout.corridor.buffer(-9.0).intersection(layout.outline).difference(water)
    return [Green(part, "가온강 둔치", "bank") for part in _polygons(strip)]


def _polygons(shape: Any) -> list[Any]:
    return [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 400.0]
