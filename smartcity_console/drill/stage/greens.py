"""Parks and school yards of a block: grass, paths to their gates, trees, benches and lamps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from smartcity_console.drill.stage.mesh import Mesh, placed

RADIUS_M = 260.0  # how far a block reaches about its centre
GRASS: dict[str, tuple[int, int, int]] = {
    "park": (98, 112, 66), "hill": (84, 98, 58), "bank": (104, 112, 72), "school": (172, 150, 116),
}  # fmt: skip
PATH: tuple[int, int, int] = (164, 154, 138)
PATH_HALF_M, SQUARE_M, GATE_STEP_M = 1.5, 9.0, 46.0
TREE_STEP_M, LAMP_STEP_M, BENCH_M = 9.5, 17.0, 6.5
WOOD = (0.42, 0.30, 0.20)


@dataclass(frozen=True)
class Green:
    """One green (local metres) with the middle about which its paths meet."""

    shape: Any
    kind: str

    @property
    def middle(self) -> Any:
        return self.shape.representative_point()

    def paths(self) -> Any:
        """Return the ground of the paths: a square in the middle, one way to each gate along the edge."""
        if self.kind != "park":
            return shapely.Polygon()
        middle = self.middle
        edge = self.shape.exterior
        count = max(3, round(edge.length / GATE_STEP_M / 1.6))
        gates = [edge.interpolate((n + 0.3) / count, normalized=True) for n in range(count)]
        ways = [shapely.LineString([middle, gate]).buffer(PATH_HALF_M) for gate in gates]
        return shapely.union_all([middle.buffer(SQUARE_M), *ways]).intersection(self.shape)


def greens_of(parks: Any, centre: tuple[float, float]) -> tuple[Green, ...]:
    """Return the greens (of City.base.parks) within reach of a centre in plane metres."""
    window = shapely.Point(centre).buffer(RADIUS_M)
    found = []
    for index in np.sort(parks.tree.query(window, predicate="intersects")):
        for part in shapely.get_parts(parks.geometries[index].intersection(window)):
            if part.geom_type == "Polygon":
                found.append(Green(affinity.translate(part, -centre[0], -centre[1]), parks.kind[index]))
    return tuple(found)


def park_lamps(green: Green) -> list[tuple[float, float]]:
    """Return where a park's lamps stand: round the square and along the paths' edges."""
    if green.kind != "park":
        return []
    rim = green.paths().buffer(0.6).exterior
    places = [rim.interpolate(along) for along in np.arange(4.0, rim.length, LAMP_STEP_M)]
    return [(p.x, p.y) for p in places]


def benches(mesh: Mesh, green: Green) -> None:
    """Set benches round the square."""
    if green.kind != "park":
        return
    middle = green.middle
    for turn in np.arange(0.4, 2.0 * math.pi, math.pi / 3.0):
        x, y = middle.x + BENCH_M * math.sin(turn), middle.y + BENCH_M * math.cos(turn)
        at = placed(x, y, 0.0, float(turn) + math.pi)
        mesh.box((-0.8, -0.2, 0.40), (0.8, 0.22, 0.45), WOOD, at=at)
        mesh.box((-0.8, -0.24, 0.45), (0.8, -0.19, 0.85), WOOD, at=at)
        for x0 in (-0.7, 0.62):
            mesh.box((x0, -0.2, 0.0), (x0 + 0.08, 0.2, 0.40), (0.25, 0.25, 0.26), at=at)


def tree_places(greens: Sequence[Green], kept_free: Any, seed: int, within_m: float) -> list[tuple[float, float]]:
    """Return where trees grow: off the paths, off what must stay free, within reach of the origin."""
    rng = np.random.default_rng((seed, 21))
    found: list[tuple[float, float]] = []
    for green in greens:
        if green.kind == "school":
            continue
        room = green.shape.buffer(-2.0).difference(green.paths().buffer(2.2)).difference(kept_free)
        found += _grid(room, rng, within_m)
    return found


def _grid(room: Any, rng: np.random.Generator, within_m: float) -> list[tuple[float, float]]:
    if room.is_empty:
        return []
    west, south, east, north = room.bounds
    shapely.prepare(room)
    places = [
        (x + float(rng.uniform(-3.2, 3.2)), y + float(rng.uniform(-3.2, 3.2)))
        for x in np.arange(west, east, TREE_STEP_M)
        for y in np.arange(south, north, TREE_STEP_M)
    ]
    return [(x, y) for x, y in places if math.hypot(x, y) < within_m and room.contains(shapely.Point(x, y))]
