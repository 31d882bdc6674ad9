"""What stands in the streets: trees, lamps, poles with their cables, parked cars, bollards, bins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.drill.stage.block import Block, Street
from smartcity_console.drill.stage.greens import Green, benches, park_lamps, tree_places
from smartcity_console.drill.stage.mesh import Colour, Material, Mesh, ellipse_ring, placed, transform
from smartcity_console.drill.stage.vehicles import car_model

LAMP = Material.LAMP
LED: Colour = (0.92, 0.96, 1.0)
WARM: Colour = (1.0, 0.74, 0.42)
STEEL: Colour = (0.46, 0.47, 0.48)
CONCRETE: Colour = (0.58, 0.57, 0.54)
BARK: Colour = (0.30, 0.25, 0.20)
GINKGO: tuple[Colour, ...] = ((0.66, 0.56, 0.20), (0.58, 0.54, 0.22), (0.44, 0.48, 0.20), (0.62, 0.48, 0.18))
CAR_COLOURS: tuple[Colour, ...] = (
    (0.88, 0.88, 0.87), (0.90, 0.90, 0.90), (0.12, 0.12, 0.13), (0.16, 0.17, 0.18), (0.45, 0.46, 0.47), (0.62, 0.63, 0.64),
    (0.16, 0.22, 0.36), (0.42, 0.10, 0.10), (0.32, 0.28, 0.24),
)  # fmt: skip
TREE_STEP_M, LAMP_STEP_M, POLE_STEP_M = 8.0, 32.0, 34.0
FURNISHED_M, EYE_ROOM_M = 130.0, 7.0


class Furniture:
    """Adds street furniture to a mesh, leaving `keep_clear` (sight lines, doors) and junctions free."""

    def __init__(
        self, mesh: Mesh, block: Block, keep_clear: Any, seed: int = 11, poles_clear: Any | None = None
    ) -> None:
        self._mesh, self._block = mesh, block
        self._rng = np.random.default_rng(seed)
        self._clear = keep_clear
        self._poles_clear = keep_clear if poles_clear is None else poles_clear
        self.parked: list[NDArray[np.float64]] = []
        self.eyes: list[tuple[float, float]] = []  # of cameras, before which no cable hangs
        self.lamps: list[tuple[float, ...]] = []  # rows of scenery.LAMP_COLUMNS
        shapely.prepare(self._clear)

    def furnish(self) -> None:
        """Furnish every street within FURNISHED_M of the origin."""
        for street in self._block.streets:
            if street.line.distance(shapely.Point(0, 0)) > FURNISHED_M:
                continue
            if street.pavement_m:
                self._avenue(street)
            else:
                self._alley(street)
        for green in self._block.greens:
            self._park_ground(green)
        for x, y in tree_places(self._block.greens, self._clear, 3, FURNISHED_M):
            self._tree(x, y)

    def _park_ground(self, green: Green) -> None:
        benches(self._mesh, green)
        for x, y in park_lamps(green):
            if math.hypot(x, y) < FURNISHED_M:
                self._garden_lamp(x, y)

    def _avenue(self, street: Street) -> None:
        kerb = street.roadway_m / 2.0
        for side in (-1.0, 1.0):
            for x, y, _ in self._along(street, side * (kerb + 0.75), TREE_STEP_M, 3.0):
                if self._free(x, y, 2.6, street):
                    self._tree(x, y)
            for x, y, heading in self._along(street, side * (kerb + 0.5), LAMP_STEP_M, 13.0):
                if self._free(x, y, 0.6, street):
                    self._lamp(x, y, heading + (math.pi / 2 if side < 0 else -math.pi / 2))
            for x, y, heading in self._along(street, side * (kerb - 1.05), 6.4, 5.0):
                if self._rng.uniform() < 0.28 and self._free(x, y, 3.2, street):
                    self._park(x, y, heading + (math.pi if side < 0 else 0.0))

    def _alley(self, street: Street) -> None:
        edge = street.roadway_m / 2.0
        previous: tuple[float, float] | None = None
        for x, y, heading in self._along(street, edge - 0.1, POLE_STEP_M, 9.0):
            if self._free(x, y, 0.5, street):
                self._pole(x, y)
                self._alley_lamp(x, y, heading + math.pi / 2)
                if previous is not None and self._passes_no_eye(previous, (x, y)):
                    self._cables(previous, (x, y))
                previous = (x, y)
        for x, y, heading in self._along(street, -(edge - 1.1), 6.2, 6.0):
            if street.roadway_m >= 5.5 and self._rng.uniform() < 0.5 and self._free(x, y, 3.0, street):
                self._park(x, y, heading)

    def _passes_no_eye(self, a: tuple[float, float], b: tuple[float, float]) -> bool:
        span = shapely.LineString([a, b])
        return all(span.distance(shapely.Point(eye)) > EYE_ROOM_M for eye in self.eyes)

    def _along(
        self, street: Street, offset_m: float, step_m: float, first_m: float
    ) -> Iterator[tuple[float, float, float]]:
        """Yield x, y and heading (clockwise from north) every `step_m` beside a street; positive offset is its left."""
        line = street.line.offset_curve(offset_m)
        if line.is_empty or line.geom_type != "LineString":
            return
        for along in np.arange(first_m, line.length - 1.0, step_m):
            at, ahead = line.interpolate(along), line.interpolate(along + 0.5)
            if math.hypot(at.x, at.y) < FURNISHED_M:
                yield at.x, at.y, math.atan2(ahead.x - at.x, ahead.y - at.y)

    def _free(self, x: float, y: float, room_m: float, own: Street) -> bool:
        spot = shapely.Point(x, y)
        clear = self._poles_clear if room_m < 1.0 else self._clear
        if clear.distance(spot) < room_m or self._block.built.distance(spot) < min(room_m, 0.9):
            return False
        others = (s for s in self._block.streets if s.name != own.name)
        return all(s.line.distance(spot) > s.roadway_m / 2.0 + min(room_m, 2.6) + 3.0 for s in others)

    # ---- things ------------------------------------------------------------------------------------------------

    def _park(self, x: float, y: float, heading: float) -> None:
        name = ("sedan", "suv", "hatch", "sedan", "suv", "van", "lorry")[int(self._rng.integers(7))]
        at = placed(x, y, 0.0, heading + float(self._rng.normal(0.0, 0.015)))
        self._mesh.add(car_model(name), at, CAR_COLOURS[int(self._rng.integers(len(CAR_COLOURS)))])
        self.parked.append(at)

    def _tree(self, x: float, y: float) -> None:
        tall = float(self._rng.uniform(6.0, 8.0))
        rings = [ellipse_ring(x, y, z, r, r, 8) for z, r in ((0.0, 0.17), (0.6, 0.13), (2.6, 0.11), (tall * 0.8, 0.04))]
        self._mesh.tube(np.stack(rings), BARK)
        self._mesh.box((x - 0.55, y - 0.55, 0.0), (x + 0.55, y + 0.55, 0.03), (0.30, 0.26, 0.22))
        colour = GINKGO[int(self._rng.integers(len(GINKGO)))]
        self._crown(np.array([x, y, tall * 0.66]), np.array([1.5, 1.5, tall * 0.34]), colour, 150)

    def _crown(self, middle: NDArray[np.float64], radii: NDArray[np.float64], colour: Colour, count: int) -> None:
        """Scatter leaf cards through an ellipsoid, denser near its skin; their normals point outward for soft light."""
        away = self._rng.normal(size=(count, 3))
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        reach = self._rng.uniform(0.45, 1.0, (count, 1)) ** 0.6
        for direction, at, depth in zip(away, middle + away * radii * reach, reach[:, 0], strict=True):
            self._leaf_card(at, direction, colour, 0.45 + 0.55 * float(depth))

    def _leaf_card(self, at: NDArray[np.float64], out: NDArray[np.float64], colour: Colour, open_sky: float) -> None:
        spin = self._rng.normal(size=3)
        u = np.cross(out + 0.9 * spin, self._rng.normal(size=3))
        u /= np.linalg.norm(u)
        v = np.cross(u, out + 0.4 * spin)
        v /= max(float(np.linalg.norm(v)), 1e-6)
        half = float(self._rng.uniform(0.35, 0.6))
        corners = np.array(
            [at - u * half - v * half, at + u * half - v * half, at + u * half + v * half, at - u * half + v * half]
        )
        order = [0, 1, 2, 0, 2, 3]
        uv = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)[order]
        tone = float(self._rng.uniform(0.82, 1.15))
        shaded = (colour[0] * tone, colour[1] * tone, colour[2] * tone)
        normals = np.tile(out * 0.8 + np.array([0.0, 0.0, 0.35]), (6, 1))
        seed = float(self._rng.uniform())
        self._mesh.triangles(corners[order], normals, shaded, Material.LEAVES, uv=uv, seed=seed, params=(open_sky, 0.0))

    def _lamp(self, x: float, y: float, heading: float) -> None:
        rings = [ellipse_ring(x, y, z, r, r, 8) for z, r in ((0.0, 0.14), (0.5, 0.09), (7.6, 0.06))]
        self._mesh.tube(np.stack(rings), STEEL)
        at = placed(x, y, 7.5, heading)
        self._mesh.box((-0.04, 0.0, 0.0), (0.04, 1.8, 0.08), STEEL, at=at)
        self._mesh.box((-0.16, 1.4, 0.02), (0.16, 2.1, 0.14), (0.66, 0.67, 0.68), at=at)
        self._shines(at, (0.0, 1.75, 0.0), 0.2, LED, 30.0)

    def _garden_lamp(self, x: float, y: float) -> None:
        rings = [ellipse_ring(x, y, z, r, r, 8) for z, r in ((0.0, 0.09), (3.3, 0.05))]
        self._mesh.tube(np.stack(rings), (0.16, 0.17, 0.18))
        self._mesh.tube(np.stack([ellipse_ring(x, y, z, 0.16, 0.16, 8) for z in (3.3, 3.6)]), (0.85, 0.84, 0.80), LAMP)
        self._shines(placed(x, y), (0.0, 0.0, 3.65), 0.16, WARM, 9.0)

    def _alley_lamp(self, x: float, y: float, heading: float) -> None:
        """The security lamp on a pole's arm, over the road."""
        at = placed(x, y, 5.6, heading)
        self._mesh.box((-0.03, 0.1, 0.0), (0.03, 1.1, 0.06), STEEL, at=at)
        self._mesh.box((-0.14, 0.9, -0.04), (0.14, 1.4, 0.08), (0.60, 0.61, 0.62), at=at)
        self._shines(at, (0.0, 1.15, -0.06), 0.14, WARM if self._rng.uniform() < 0.4 else LED, 17.0)

    def _shines(
        self, at: NDArray[np.float64], head: tuple[float, float, float], half: float, colour: Colour, strength: float
    ) -> None:
        """Add a lamp's glass, facing down, and note its light."""
        x, y, z = head
        corners = [(x - half, y + half, z), (x + half, y + half, z), (x + half, y - half, z), (x - half, y - half, z)]
        self._mesh.quad(list(transform(at, np.array(corners))), colour, LAMP, params=(7.0, 0.0))
        place = transform(at, np.array([(x, y, z - 0.1)]))[0]
        self.lamps.append((*(float(v) for v in place), strength, *colour))

    def _pole(self, x: float, y: float) -> None:
        rings = [ellipse_ring(x, y, z, r, r, 10) for z, r in ((0.0, 0.19), (9.5, 0.13))]
        self._mesh.tube(np.stack(rings), CONCRETE)
        wrap = [ellipse_ring(x, y, z, 0.20, 0.20, 10) for z in (0.5, 1.7)]
        self._mesh.tube(np.stack(wrap), (0.74, 0.62, 0.16))
        self._mesh.box((x - 0.9, y - 0.06, 8.7), (x + 0.9, y + 0.06, 8.82), STEEL)
        if self._rng.uniform() < 0.6:
            self._mesh.tube(np.stack([ellipse_ring(x + 0.4, y, z, 0.27, 0.27) for z in (7.0, 8.0)]), (0.52, 0.53, 0.52))

    def _cables(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        for shift, height in ((-0.8, 8.85), (0.0, 8.9), (0.8, 8.85), (0.15, 6.6), (-0.15, 6.3)):
            self._cable((a[0] + shift, a[1], height), (b[0] + shift, b[1], height), 0.018 if height > 8 else 0.035)

    def _cable(self, a: tuple[float, float, float], b: tuple[float, float, float], radius: float) -> None:
        steps = np.linspace(0.0, 1.0, 9)[:, None]
        path = np.array(a) * (1 - steps) + np.array(b) * steps
        path[:, 2] -= 4.0 * 0.55 * (steps[:, 0] * (1 - steps[:, 0]))
        turn = np.linspace(0, 2 * math.pi, 4, endpoint=False)
        side = np.array([-(b[1] - a[1]), b[0] - a[0], 0.0])
        side /= max(float(np.linalg.norm(side)), 1e-6)
        ring = (
            side[None, :] * np.cos(turn)[:, None] * radius + np.array([0, 0, radius])[None, :] * np.sin(turn)[:, None]
        )
        self._mesh.tube(path[:, None, :] + ring[None, :, :], (0.10, 0.10, 0.10))


def camera_pole(mesh: Mesh, eye: tuple[float, float, float], azimuth_deg: float) -> None:
    """Add the mast, arm and housing of a street camera, all behind its own lens."""
    x, y, z = eye
    at = placed(x, y, 0.0, math.radians(azimuth_deg))
    rings = [ellipse_ring(0.0, -1.6, h, r, r, 8) for h, r in ((0.0, 0.11), (z + 0.6, 0.08))]
    mesh_part = Mesh()
    mesh_part.tube(np.stack(rings), (0.70, 0.71, 0.72))
    mesh_part.box((-0.04, -1.6, z + 0.15), (0.04, -0.35, z + 0.22), (0.70, 0.71, 0.72))
    mesh_part.box((-0.08, -0.55, z - 0.07), (0.08, -0.12, z + 0.10), (0.86, 0.87, 0.88))
    mesh_part.box((-0.25, -1.75, 2.2), (0.25, -1.45, 2.75), (0.80, 0.72, 0.16))
    mesh.add(mesh_part.array(), at)
