"""Which names stand where at one zoom step: proposals by importance, each kept when it touches none before it.

Placement is done in the pixels of the zoom step, counted from the plane's zero: so it does not change while the map is
dragged, and a name never jumps.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import Zones
from smartcity_console.console.map.label import (
    Glyph,
    Label,
    LabelStyle,
    Line,
    boxes_of,
    draw_label,
    glyphs_along,
    straight_glyphs,
    width_of,
)
from smartcity_console.console.map.scene import RANKS, Scene
from smartcity_console.console.map.view import Bounds, scale_of

MAX_LABELS = 160  # more than this on a screen is noise
SHIFTS = (0.0, -0.22, 0.22, 0.36, -0.36)  # where along its stretch an arterial's name is tried
ASIDE_PX = ((0, 0), (0, -34), (0, 34), (-64, 0), (64, 0), (-64, -34), (64, 34))  # where a zone's name is tried
REPEAT_PX = 520.0  # a long street is named again after this
MAX_NAMED_ROADS = 400  # looked at for one layout, widest first

DISTRICT = LabelStyle(0, 15, "map_label", 0.85, bold=True, spacing_px=2.0)
ROAD = {
    "arterial": LabelStyle(3, 13, "map_label", 0.95),
    "collector": LabelStyle(5, 12, "map_label", 0.8),
    "alley": LabelStyle(6, 11, "map_label", 0.65),
}
ROAD_FROM_PX_PER_M = {"arterial": 0.10, "collector": 0.40, "alley": 1.1}
WATER = LabelStyle(1, 13, "accent", 0.65)
PARK = LabelStyle(4, 11, "ok", 0.6)
PLACE = LabelStyle(2, 11, "text_dim")
PLACES_FROM_PX_PER_M, PLACE_BELOW_PX = 0.55, 22.0
DISTRICT_UP_TO_PX_PER_M = 1.3


T = TypeVar("T")


@dataclass(frozen=True)
class Obstacle:
    """A mark that names keep clear of: a circle in pixels around a point in metres."""

    x_m: float
    y_m: float
    radius_px: float


@dataclass(frozen=True)
class PlaceName:
    """A name under a mark in metres."""

    text: str
    x_m: float
    y_m: float


@dataclass(frozen=True)
class LabelLayout:
    """The names for a zoom step within bounds."""

    level: int
    bounds_m: Bounds
    labels: tuple[Label, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    ratio: float = 1.0  # device pixels per pixel that the pictures are made for


@dataclass(frozen=True)
class _Proposal:
    """A name at one of the places where it could stand; of those with the same `name` only the first is taken."""

    name: tuple[str, int, int]
    key: tuple[str, int, int]
    text: str
    style: LabelStyle
    x_px: float
    y_px: float
    glyphs: list[Glyph]


def lay_out(
    scene: Scene,
    level: int,
    bounds: Bounds,
    obstacles: tuple[Obstacle, ...] = (),
    before: LabelLayout | None = None,
    places: tuple[PlaceName, ...] = (),
    ratio: float = 1.0,
    memory: LabelMemory | None = None,
) -> LabelLayout:
    """Return the names for bounds at a zoom step; those that stood there before come first, so that they stay.

    `memory` keeps what was worked out and drawn for the same scene, from one layout to another.
    """
    scale, memory = scale_of(level), memory or LabelMemory()
    kept = (
        {label.key: label for label in before.labels}
        if before and (before.level, before.ratio) == (level, ratio)
        else {}
    )
    proposals = sorted(
        _proposals(scene, scale, bounds, places, memory), key=lambda p: (p.key not in kept, p.style.rank)
    )
    taken = _Taken(obstacles, scale)
    labels: list[Label] = []
    named: set[tuple[str, int, int]] = set()
    for proposal in proposals:
        if proposal.name in named:
            continue
        boxes = boxes_of(proposal.glyphs, proposal.style)
        if len(labels) < MAX_LABELS and taken.add(boxes + _corner(proposal)):
            named.add(proposal.name)
            labels.append(kept.get(proposal.key) or memory.label(proposal, boxes, level, ratio))
    return LabelLayout(level, bounds, tuple(labels), obstacles, ratio)


class LabelMemory:
    """Names drawn, by key, zoom step and ratio, and where streets could carry theirs: nearly all of a layout's cost.

    Holds the latest ones, for one scene; may be used from any thread.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._labels: dict[Hashable, Label] = {}
        self._streets: dict[Hashable, list[_Proposal]] = {}
        self._lock = threading.Lock()

    def label(self, proposal: _Proposal, boxes: NDArray[np.float64], level: int, ratio: float) -> Label:
        """Return a name with its picture."""
        key = (proposal.key, level, ratio)
        return self._kept(self._labels, key, lambda: _drawn(proposal, boxes, scale_of(level), ratio))

    def street(self, part: int, scale: float, make: Callable[[], list[_Proposal]]) -> list[_Proposal]:
        """Return where a street could carry its name at a scale."""
        return self._kept(self._streets, (part, scale), make)

    def _kept(self, held: dict[Hashable, T], key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            value = held.pop(key, None)
        value = make() if value is None else value
        with self._lock:
            held[key] = value
            while len(held) > self._most:
                del held[next(iter(held))]
        return value


def _corner(proposal: _Proposal) -> NDArray[np.float64]:
    return np.array([proposal.x_px, proposal.y_px, proposal.x_px, proposal.y_px])


def _drawn(proposal: _Proposal, boxes: NDArray[np.float64], scale: float, ratio: float) -> Label:
    image, left, top = draw_label(proposal.glyphs, proposal.style, ratio)
    x_m, y_m = proposal.x_px / scale, -proposal.y_px / scale
    return Label(proposal.key, proposal.text, x_m, y_m, boxes, image, left, top)


class _Taken:
    """The boxes that are taken already."""

    def __init__(self, obstacles: Iterable[Obstacle], scale: float) -> None:
        centre = np.array([(o.x_m * scale, -o.y_m * scale, o.radius_px) for o in obstacles]).reshape(-1, 3)
        x, y, radius = centre.T
        self._boxes = np.column_stack([x - radius, y - radius, x + radius, y + radius])

    def add(self, boxes: NDArray[np.float64]) -> bool:
        """Take some boxes unless one of them touches what is taken."""
        left, top, right, bottom = (boxes[:, n, None] for n in range(4))
        t = self._boxes
        if bool(((left < t[:, 2]) & (right > t[:, 0]) & (top < t[:, 3]) & (bottom > t[:, 1])).any()):
            return False
        self._boxes = np.vstack([self._boxes, boxes])
        return True


def _proposals(
    scene: Scene, scale: float, bounds: Bounds, places: tuple[PlaceName, ...], memory: LabelMemory
) -> Iterator[_Proposal]:
    yield from _of_places(places, scale, bounds)
    if scale <= DISTRICT_UP_TO_PX_PER_M:
        yield from _of_zones("district", scene.base.districts, DISTRICT, scale, bounds)
    yield from _of_zones("water", scene.base.water, WATER, scale, bounds)
    yield from _of_zones("park", scene.base.parks, PARK, scale, bounds)
    yield from _of_roads(scene, scale, bounds, memory)


def _of_places(places: tuple[PlaceName, ...], scale: float, bounds: Bounds) -> Iterator[_Proposal]:
    west, south, east, north = bounds
    for index, place in enumerate(places if scale >= PLACES_FROM_PX_PER_M else ()):
        if west <= place.x_m <= east and south <= place.y_m <= north:
            x, y = place.x_m * scale, -place.y_m * scale + PLACE_BELOW_PX
            key = ("place", index, 0)
            yield _Proposal(key, key, place.text, PLACE, x, y, straight_glyphs(place.text, PLACE))


def _of_zones(kind: str, zones: Zones, style: LabelStyle, scale: float, bounds: Bounds) -> Iterator[_Proposal]:
    """Name each zone at a point well inside it, where the name is not much wider than the zone."""
    for index in sorted(zones.tree.query(shapely.box(*bounds))):
        shape, name = zones.geometries[index], zones.name[index]
        west, _, east, _ = shape.bounds
        if not name or (east - west) * scale < width_of(name, style):
            continue
        spot, glyphs = shapely.point_on_surface(shape), straight_glyphs(name, style)
        for n, (right, down) in enumerate(ASIDE_PX):
            x, y = spot.x * scale + right, -spot.y * scale + down
            if n == 0 or shapely.contains_xy(shape, x / scale, -y / scale):
                yield _Proposal((kind, int(index), 0), (kind, int(index), n), name, style, x, y, glyphs)


def _of_roads(scene: Scene, scale: float, bounds: Bounds, memory: LabelMemory) -> Iterator[_Proposal]:
    parts = scene.roads.within(bounds)
    shown = np.array([scale >= ROAD_FROM_PX_PER_M[name] for name in RANKS])
    parts = parts[shown[scene.road_rank[parts]]]
    west, south, east, north = bounds
    for part in parts[np.argsort(-scene.road_width_m[parts], kind="stable")][:MAX_NAMED_ROADS].tolist():
        name = scene.base.roads.name[scene.roads.owner[part]]
        proposals = memory.street(part, scale, partial(_along, scene, part, name, scale)) if name else ()
        for proposal in proposals:
            if west * scale <= proposal.x_px <= east * scale and -north * scale <= proposal.y_px <= -south * scale:
                yield proposal


def _along(scene: Scene, part: int, name: str, scale: float) -> list[_Proposal]:
    """Name a street once, a long one about every REPEAT_PX."""
    style = ROAD[RANKS[scene.road_rank[part]]]
    line = Line(shapely.get_coordinates(scene.roads.parts[part]) * (scale, -scale))
    if line.length_px < width_of(name, style) + 2 * style.size_px:
        return []
    count = max(1, int(line.length_px // REPEAT_PX))
    shifts = SHIFTS if RANKS[scene.road_rank[part]] == "arterial" else SHIFTS[:1]
    found = []
    for n, shift in itertools.product(range(count), shifts):
        at = (n + 0.5 + shift) * line.length_px / count
        if (glyphs := glyphs_along(name, style, line, at)) is not None:
            x, y = line.at(np.array([at]))[0].tolist()
            key = ("road", part, n * len(SHIFTS) + SHIFTS.index(shift))
            found.append(_Proposal(("road", part, n), key, name, style, x, y, glyphs))
    return found
