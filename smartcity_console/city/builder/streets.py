"""From the plan to streets and blocks: main roads bound superblocks, collectors quarter them, alleys fill them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import shapely

from smartcity_console.city.builder import frame, plan
from smartcity_console.city.builder.cutting import Box, Style, cut, divide

CITY_GRID_M = 0.01
BANK_M, STREAM_BANK_M = 34.0, 15.0  # from the water's edge to the middle of the road along it


@dataclass
class Street:
    """One street under one name. `own_name` is empty until it is numbered off another street."""

    line: Any
    rank: str
    width_m: float
    lanes: int
    name: str = ""
    oneway: bool = False
    max_speed_kmh: int = 30


@dataclass(frozen=True)
class Block:
    """A piece of land between street middles, with what is built on it and its district."""

    polygon: Any
    use: str
    district: str


@dataclass
class Layout:
    """What the streets leave: all streets, blocks, waters and greens."""

    outline: Any
    water: list[tuple[str, str, Any]]
    streets: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    superblocks: list[tuple[Any, str]] = field(default_factory=list)  # (polygon, district)

    @property
    def corridor(self) -> Any:
        """Water with its banks up to the middle of the roads along it."""
        return shapely.union_all(
            [
                frame.curve(plan.RIVER).buffer(plan.RIVER_WIDTH_M / 2 + BANK_M),
                frame.curve(plan.STREAM).buffer(plan.STREAM_WIDTH_M / 2 + STREAM_BANK_M),
            ]
        )


def chance(*what: object) -> random.Random:
    """Return the dice of one place: what is thrown there does not move when another place changes."""
    return random.Random("/".join(str(part) for part in what))


def lay_out(seed: int, size: plan.Size = plan.WHOLE) -> Layout:
    """Return the street plan, filled as far as the size says."""
    outline = frame.outline()
    layout = Layout(outline, _water(outline))
    corridor = shapely.set_precision(layout.corridor.simplify(0.5), CITY_GRID_M)
    layout.streets += _main_roads(outline, corridor) + _bank_roads(outline, corridor)
    names = list(plan.COLLECTOR_NAMES)
    chance(seed, "names").shuffle(names)
    for face in _faces(layout, corridor):
        middle = face.representative_point()
        district = nearest_seat(plan.DISTRICTS, middle)
        layout.superblocks.append((face, district))
        if not size.scenes_only or _scene_name(face):
            dice = chance(seed, "superblock", round(middle.x), round(middle.y))
            _fill_superblock(layout, face, district, names, dice)
    return layout


def _water(outline: Any) -> list[tuple[str, str, Any]]:
    river = frame.curve(plan.RIVER).buffer(plan.RIVER_WIDTH_M / 2)
    stream = frame.curve(plan.STREAM).buffer(plan.STREAM_WIDTH_M / 2).difference(river)
    shapes = ((plan.RIVER_NAME, "river", river), (plan.STREAM_NAME, "stream", stream))
    return [(name, kind, shape.simplify(0.3).intersection(outline)) for name, kind, shape in shapes]


def longest(shape: Any) -> Any:
    """Return the longest line of a shape."""
    return max(shapely.get_parts(shape), key=lambda part: part.length)


def from_west_or_south(line: Any) -> Any:
    """Return the line in the direction in which 도로명 are numbered: from west to east, from south to north."""
    xy = shapely.get_coordinates(line)
    dx, dy = xy[-1] - xy[0]
    return shapely.reverse(line) if (dx if abs(dx) >= abs(dy) else dy) < 0 else line


def _main_roads(outline: Any, corridor: Any) -> list[Street]:
    return [_main_road(road, outline, corridor) for road in plan.MAIN_ROADS]


def _main_road(road: plan.MainRoad, outline: Any, corridor: Any) -> Street:
    line = frame.curve(road.controls).intersection(outline)
    # A road that only meets the bank must still touch it: cut on the corridor's edge.
    kept = longest(line if road.crosses else line.difference(corridor))
    return Street(from_west_or_south(kept), "arterial", road.width_m, road.lanes, road.name, max_speed_kmh=60)


def _bank_roads(outline: Any, corridor: Any) -> list[Street]:
    """Return the roads along the banks, named after the water and the side."""
    edges = shapely.intersection(shapely.get_exterior_ring(corridor), outline)
    lines = [p for p in shapely.get_parts(shapely.line_merge(edges)) if p.length > 300.0]
    return [_bank_road(line) for line in lines]


def _bank_road(line: Any) -> Street:
    x, y = shapely.get_coordinates(line).mean(axis=0)
    river = frame.curve(plan.RIVER)
    near = shapely.line_interpolate_point(river, shapely.line_locate_point(river, shapely.Point(x, y)))
    north = "강변서로" if x < frame.place(2000, 3000)[0] else "강변북로"
    name = "강변남로" if y < near.y else north
    return Street(from_west_or_south(line), "collector", 18.0, 4, name, max_speed_kmh=50)


def _faces(layout: Layout, corridor: Any) -> list[Any]:
    """Return the superblocks: the faces between main roads, from south-west to north-east."""
    lines = [shapely.get_exterior_ring(layout.outline), *(street.line for street in layout.streets)]
    noded = shapely.union_all(lines, grid_size=CITY_GRID_M)
    faces = [f for f in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))) if f.area > 3_000.0]
    land = [f for f in faces if not corridor.contains(f.representative_point())]
    return sorted(land, key=lambda f: (round(f.centroid.y), round(f.centroid.x)))


def nearest_seat(seats: tuple[tuple[str, float, float], ...], point: Any) -> str:
    """Return the name of the seat nearest to a plane point."""
    away = [(point.distance(shapely.Point(frame.place(u, v))), name) for name, u, v in seats]
    return min(away)[1]


def _fill_superblock(layout: Layout, face: Any, district: str, names: list[str], rng: random.Random) -> None:
    character = nearest_seat(plan.CHARACTER, face.representative_point())
    if character == "green" or (face.area < 20_000.0 and face.touches(layout.outline.boundary)):
        layout.blocks.append(Block(face, "hill", district))
        return
    quarters, cuts = divide(face, _collector_wanted, Style(0.10, 3.0, 9.0), rng)
    for number, lines in enumerate(cuts):
        own = _own_name(face, names) if number == 0 else ""
        for line in lines:
            width, lanes = (16.0, 3) if own else (12.0, 2)
            layout.streets.append(
                Street(from_west_or_south(line), "collector", width, lanes, own, max_speed_kmh=50 if own else 30)
            )
            own = ""
    for quarter in quarters:
        _fill_quarter(layout, quarter, _use(character, rng), district, rng)


def _own_name(face: Any, names: list[str]) -> str:
    return _scene_name(face) or (names.pop() if names else "")


def _scene_name(face: Any) -> str:
    """Return the name of the scene's street that this superblock is to hold, or ""."""
    held = (name for name, u, v in plan.NAMED_COLLECTORS if face.contains(shapely.Point(frame.place(u, v))))
    return next(held, "")


def _collector_wanted(box: Box, piece: Any) -> bool | None:
    if piece.area < 115_000.0 or box.short_m < 200.0:
        return None
    return False


_USES: dict[str, tuple[tuple[str, float], ...]] = {
    "old": (("villa", 0.80), ("flats", 0.10), ("school", 0.05), ("park", 0.05)),
    "flats": (("flats", 0.78), ("villa", 0.05), ("school", 0.10), ("park", 0.07)),
    "centre": (("commerce", 0.80), ("villa", 0.12), ("park", 0.08)),
    "works": (("works", 0.80), ("villa", 0.15), ("park", 0.05)),
}


def _use(character: str, rng: random.Random) -> str:
    uses, weights = zip(*_USES[character], strict=True)
    return str(rng.choices(uses, weights)[0])


# Blocks stop being cut at (short, long) metres; widths of the alleys between them.
_BLOCK_M = {"villa": (50.0, 118.0), "commerce": (62.0, 105.0), "works": (115.0, 190.0), "flats": (215.0, 330.0)}
_ALLEY_M = {"villa": (4.0, 5.0, 6.0, 6.0, 8.0), "commerce": (6.0, 8.0, 8.0, 10.0), "works": (10.0,), "flats": (8.0,)}
_GROUND_M2 = {"school": 30_000.0, "park": 26_000.0}
_STYLE = {
    "villa": Style(0.14, 4.5, 2.6),
    "commerce": Style(0.08, 2.0, 0.8),
    "works": Style(0.08, 1.5, 0.5),
    "flats": Style(0.08, 2.0, 6.0),
}


def _fill_quarter(layout: Layout, quarter: Any, use: str, district: str, rng: random.Random) -> None:
    if use not in _BLOCK_M:
        quarter = _take_ground(layout, quarter, use, district, rng)
        use = "villa"
    if quarter is None:
        return
    short_m, long_m = _BLOCK_M[use]
    blocks, cuts = divide(quarter, lambda box, _: _alley_wanted(box, short_m, long_m), _STYLE[use], rng)
    for lines in cuts:
        for line in lines:
            layout.streets.append(_alley(line, rng.choice(_ALLEY_M[use]), rng))
    layout.blocks += [Block(block, use, district) for block in blocks]


def _take_ground(layout: Layout, quarter: Any, use: str, district: str, rng: random.Random) -> Any | None:
    """Set a school or a park into a quarter, as large as such a ground is; return what is left for villas."""
    piece, rest = quarter, None
    while piece.area > _GROUND_M2[use]:
        pieces, lines = cut(piece, False, _STYLE["flats"], rng)
        if not pieces:
            break
        layout.streets += [_alley(line, 8.0, rng) for line in lines]
        if rest is not None:
            _fill_quarter(layout, rest, "villa", district, rng)
        piece, rest = sorted(pieces, key=lambda p: p.area)
    layout.blocks.append(Block(piece, use, district))
    return rest


def _alley(line: Any, width_m: float, rng: random.Random) -> Street:
    oneway = width_m <= 6.0 and rng.random() < 0.18
    lanes = 1 if width_m < 8.0 else 2
    return Street(from_west_or_south(line), "alley", width_m, lanes, oneway=oneway, max_speed_kmh=30)


def _alley_wanted(box: Box, short_m: float, long_m: float) -> bool | None:
    if box.short_m > short_m * 1.35 and box.long_m < 3.2 * box.short_m:
        return True
    if box.long_m > long_m * 1.25:
        return False
    return None
