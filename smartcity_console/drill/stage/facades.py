"""Raises the buildings of a block: walls with windows, shop fronts with their signs, roofs, pipes and air conditioners."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.drill.stage import signs
from smartcity_console.drill.stage.block import Block, Building
from smartcity_console.drill.stage.mesh import Colour, Material, Mesh

PARAPET_M, SHOP_FLOOR_M, FASCIA_M, PIER_M, DOOR_HALF_M = 0.9, 3.9, 0.95, 0.22, 0.75
BRICKS: tuple[Colour, ...] = (
    (0.60, 0.36, 0.28),
    (0.66, 0.42, 0.32),
    (0.78, 0.70, 0.58),
    (0.72, 0.70, 0.66),
    (0.60, 0.58, 0.56),
    (0.82, 0.78, 0.70),
)
STONES: tuple[Colour, ...] = ((0.74, 0.71, 0.66), (0.62, 0.60, 0.58), (0.80, 0.78, 0.74), (0.55, 0.50, 0.46))
ROOFS: tuple[Colour, ...] = ((0.30, 0.48, 0.38), (0.52, 0.52, 0.50), (0.44, 0.44, 0.44))
SHOP_KINDS, GLAZED_KINDS = {"shop", "office"}, {"office", "public"}


@dataclass(frozen=True)
class Wall:
    """One side of a footprint: from `a` to `b` with the building on the left, `out` points away from it."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]

    @property
    def length_m(self) -> float:
        return float(np.linalg.norm(self.b - self.a))

    @property
    def along(self) -> NDArray[np.float64]:
        return np.asarray((self.b - self.a) / self.length_m)

    @property
    def out(self) -> NDArray[np.float64]:
        along = self.along
        return np.array([along[1], -along[0]])

    def at(self, u_m: float, z_m: float, out_m: float = 0.0) -> NDArray[np.float64]:
        """Return the point `u_m` along the wall, `z_m` up and `out_m` in front of it."""
        flat = self.a + self.along * u_m + self.out * out_m
        return np.array([flat[0], flat[1], z_m])

    def face(self, u: tuple[float, float], z: tuple[float, float], out_m: float) -> list[NDArray[np.float64]]:
        """Return the corners of an upright rectangle before the wall, counter-clockwise seen from the street."""
        return [self.at(a, h, out_m) for a, h in ((u[0], z[0]), (u[1], z[0]), (u[1], z[1]), (u[0], z[1]))]


def walls_of(building: Building) -> list[Wall]:
    """Return the sides of a footprint that are longer than half a metre."""
    ring = np.asarray(building.footprint.exterior.coords)[:, :2]
    walls = [Wall(a, b) for a, b in pairwise(ring)]
    return [wall for wall in walls if wall.length_m > 0.5]


def street_front(building: Building, spot: tuple[float, float]) -> Wall:
    """Return the building's wall nearest to a spot."""
    point = shapely.Point(spot)
    return min(walls_of(building), key=lambda w: shapely.LineString([w.a, w.b]).distance(point))


class Facades:
    """Adds buildings to a mesh. `named` gives the shop (index into signs.SHOPS) whose door stands at a spot."""

    def __init__(
        self, mesh: Mesh, block: Block, named: dict[tuple[float, float], int], *, open_doors: bool = True
    ) -> None:
        self._open_doors = open_doors
        self._mesh, self._block = mesh, block
        self._roadway = shapely.union_all([s.line.buffer(s.width_m / 2.0) for s in block.streets])
        self._main = shapely.union_all([s.line.buffer(s.width_m / 2.0) for s in block.streets if s.pavement_m])
        self._named = named
        shapely.prepare(self._roadway)

    def raise_all(self) -> None:
        """Add every building of the block."""
        for building in self._block.buildings:
            rng = np.random.default_rng(int(building.seed * 1e9))
            for wall in walls_of(building):
                self._wall(building, wall, rng)
            self._roof(building, rng)

    def _wall(self, building: Building, wall: Wall, rng: np.random.Generator) -> None:
        shop_floor = SHOP_FLOOR_M if self._has_shops(building, wall) else 0.0
        if shop_floor:
            self._shops(wall, rng)
        self._storeys(building, wall, min(shop_floor, building.height_m - 0.5))
        if building.kind not in GLAZED_KINDS and not shop_floor:
            self._clutter(building, wall, rng)
        elif shop_floor and building.height_m > 7.5:
            self._banners(building, wall, rng)
        if not shop_floor:
            self._entrance(wall, rng)

    def _has_shops(self, building: Building, wall: Wall) -> bool:
        if building.height_m < 3.0 or wall.length_m < 3.5:
            return False
        middle = shapely.Point((wall.a + wall.b) / 2.0 + wall.out * 1.5)
        if self._door_on(wall) is not None:
            return True
        return building.kind in SHOP_KINDS and self._main.distance(middle) < 4.5

    def _door_on(self, wall: Wall) -> tuple[float, float] | None:
        line = shapely.LineString([wall.a, wall.b])
        near = [spot for spot in self._named if line.distance(shapely.Point(spot)) < 2.5]
        facing = [
            s for s in near if abs(float((np.array(s) - wall.a) @ wall.along) - wall.length_m / 2) < wall.length_m / 2
        ]
        return facing[0] if facing else None

    def _storeys(self, building: Building, wall: Wall, from_m: float) -> None:
        storeys = max(1, round((building.height_m - PARAPET_M - from_m) / 3.2))
        floor_m = max((building.height_m - PARAPET_M - from_m) / storeys, 1.5)
        bays = max(1, round(wall.length_m / (2.6 + 1.4 * building.seed)))
        top = (building.height_m - from_m) - 0.02
        glazed = building.kind in GLAZED_KINDS and building.seed > 0.35
        palette = STONES if building.kind in SHOP_KINDS | GLAZED_KINDS else BRICKS
        colour = (0.46, 0.56, 0.60) if glazed else palette[int(building.seed * 977) % len(palette)]
        self._mesh.quad(
            [
                wall.at(0, from_m),
                wall.at(wall.length_m, from_m),
                wall.at(wall.length_m, building.height_m),
                wall.at(0, building.height_m),
            ],
            colour,
            Material.CURTAIN_WALL if glazed else Material.MASONRY,
            uv=((0, 0), (wall.length_m, 0), (wall.length_m, top), (0, top)),
            seed=building.seed,
            params=(wall.length_m / bays, floor_m),
        )

    # ---- ground-floor shops ------------------------------------------------------------------------------------

    def _shops(self, wall: Wall, rng: np.random.Generator) -> None:
        door = self._door_on(wall)
        units = max(1, round(wall.length_m / 5.2))
        units += door is not None and units % 2 == 0  # the door of a scene is in the middle of its wall
        width = wall.length_m / units
        chosen = rng.permutation(np.arange(2, len(signs.SHOPS)))
        for unit in range(units):
            shop = int(chosen[unit % len(chosen)])
            ours = door is not None and int(float((np.array(door) - wall.a) @ wall.along) / width) == unit
            if door is not None and ours:
                shop = self._named[door]
            if door is not None and ours and self._open_doors:
                self._shop(wall, unit * width, (unit + 1) * width, self._named[door], 0.06)
                self._open_shop(wall, unit * width, (unit + 1) * width, self._named[door], door)
                continue
            self._shop(wall, unit * width, (unit + 1) * width, shop, 0.28 if door is None else 0.06)
            self._pane(wall, (unit * width + PIER_M, (unit + 1) * width - PIER_M), signs.front_tile(shop))
            if door is None:
                self._hung(wall, unit * width, (unit + 1) * width, shop, rng)

    def _hung(self, wall: Wall, u0: float, u1: float, shop: int, rng: np.random.Generator) -> None:
        """What stands out from a front; none where a scene plays, so that nothing hides it."""
        if rng.uniform() < 0.55:
            self._blade(wall, u0 + 0.5, shop)
        if rng.uniform() < 0.4:
            self._awning(wall, u0 + 0.2, u1 - 0.2, SHOP_FLOOR_M - FASCIA_M, rng)

    def _pane(
        self, wall: Wall, u: tuple[float, float], tile: signs.Tile, share: tuple[float, float] = (0.0, 1.0)
    ) -> None:
        """A glass front, or the share of its width between two places."""
        high = SHOP_FLOOR_M - FASCIA_M
        corners = wall.face((u[0], u[1]), (0, high), -0.3)
        wide = tile.right - tile.left
        part = signs.Tile(tile.left + share[0] * wide, tile.top, tile.left + share[1] * wide, tile.bottom)
        self._mesh.quad(corners, (1.0, 1.0, 1.0), Material.ATLAS, uv=part.corners())

    def _open_shop(self, wall: Wall, u0: float, u1: float, shop: int, door: tuple[float, float]) -> None:
        """The front of a scene's shop: glass, a door that stands open, and the lit room behind it."""
        middle = float((np.array(door) - wall.a) @ wall.along)
        left, right = middle - DOOR_HALF_M, middle + DOOR_HALF_M
        tile, high = signs.front_tile(shop), SHOP_FLOOR_M - FASCIA_M
        self._pane(wall, (u0 + PIER_M, left), tile, (0.0, 0.74))
        self._pane(wall, (right, u1 - PIER_M), tile, (0.0, 0.74))
        self._slab(wall, (left, right), (2.3, high), (-0.34, -0.26), (0.30, 0.31, 0.32))
        for u in (left, right):
            self._slab(wall, (u - 0.05, u + 0.05), (0.0, 2.3), (-0.36, -0.24), (0.62, 0.63, 0.64))
        self._room(wall, (u0 + PIER_M, u1 - PIER_M), high)

    def _room(self, wall: Wall, u: tuple[float, float], high: float) -> None:
        """Floor, lit ceiling and shelves; the walls are those of the building."""
        deep = -4.5
        self._slab(wall, u, (0.005, 0.02), (deep, -0.3), (0.70, 0.68, 0.64))
        self._slab(wall, u, (high, high + 0.02), (deep, -0.3), (0.55, 0.55, 0.54))
        self._slab(wall, (u[0], u[1]), (0.0, high), (deep - 0.1, deep), (0.62, 0.60, 0.55))
        for edge in u:
            self._slab(wall, (edge - 0.03, edge + 0.03), (0.0, high), (deep, -0.3), (0.62, 0.60, 0.55))
        for share in (0.2, 0.5, 0.8):
            at = u[0] + share * (u[1] - u[0])
            face = [
                wall.at(at - 0.15, high - 0.02, -1.0),
                wall.at(at + 0.15, high - 0.02, -1.0),
                wall.at(at + 0.15, high - 0.02, -4.0),
                wall.at(at - 0.15, high - 0.02, -4.0),
            ]
            self._mesh.quad(face, (1.0, 0.98, 0.94), Material.LIGHT, params=(1.4, 0.0))
        back = wall.face((u[0], u[1]), (0.1, 2.1), deep + 0.3)
        self._mesh.quad(back, (1.0, 1.0, 1.0), Material.ATLAS_LIT, uv=signs.front_tile(0).corners(), params=(0.5, 0.0))

    def _shop(self, wall: Wall, u0: float, u1: float, shop: int, out: float) -> None:
        mesh, height = self._mesh, SHOP_FLOOR_M - FASCIA_M
        ink, pier = (1.0, 1.0, 1.0), PIER_M
        for u in (u0, u1 - pier):
            self._slab(wall, (u, u + pier), (0, height), (-0.3, 0.0), (0.60, 0.58, 0.55))
        self._slab(wall, (u0, u1), (height, SHOP_FLOOR_M), (-0.3, 0.0), (0.45, 0.45, 0.45))
        board = (u0 + 0.12, u1 - 0.12)
        low, high = height + 0.05, SHOP_FLOOR_M - 0.05
        self._slab(wall, board, (low, high), (0.0, out - 0.01), tuple(v / 400.0 for v in signs.SHOPS[shop].board))
        face = wall.face((board[0], board[1]), (low, high), out)
        mesh.quad(face, ink, Material.ATLAS_LIT, uv=signs.board_tile(shop).corners(), params=(0.16, 0.0))

    def _blade(self, wall: Wall, u: float, shop: int) -> None:
        """A sign that stands out from the wall at right angles, lettered on both sides."""
        low, high, near, far = 4.1, 5.7, 0.15, 1.05
        for shift, flip in ((0.1, False), (-0.1, True)):
            face = [
                wall.at(u + shift, low, near),
                wall.at(u + shift, low, far),
                wall.at(u + shift, high, far),
                wall.at(u + shift, high, near),
            ]
            if not flip:
                face = [face[1], face[0], face[3], face[2]]
            self._mesh.quad(
                face, (1, 1, 1), Material.ATLAS_LIT, uv=signs.blade_tile(shop).corners(), params=(0.14, 0.0)
            )

    def _awning(self, wall: Wall, u0: float, u1: float, z: float, rng: np.random.Generator) -> None:
        colour: Colour = ((0.66, 0.20, 0.18), (0.20, 0.36, 0.56), (0.24, 0.46, 0.30), (0.8, 0.76, 0.66))[
            int(rng.integers(4))
        ]
        self._mesh.quad(
            [wall.at(u0, z - 0.35, 1.2), wall.at(u1, z - 0.35, 1.2), wall.at(u1, z, 0.0), wall.at(u0, z, 0.0)],
            colour,
            Material.CLOTH,
        )

    def _banners(self, building: Building, wall: Wall, rng: np.random.Generator) -> None:
        # A scene may need the windows above its door.
        z = SHOP_FLOOR_M + (0.15 if self._door_on(wall) is None else 3.35)
        while z + 2.6 < building.height_m:
            if rng.uniform() < 0.7 and wall.length_m > 5.0:
                self._banner(wall, z, rng)
            z += 3.2

    def _banner(self, wall: Wall, z: float, rng: np.random.Generator) -> None:
        width = min(5.2, wall.length_m - 1.0)
        u0 = rng.uniform(0.4, wall.length_m - width - 0.4)
        high, tile = z + width * 0.15, signs.banner_tile(int(u0 * 31.0 + z * 17.0) % len(signs.BANNERS))
        self._slab(wall, (u0, u0 + width), (z, high), (0.0, 0.14), (0.3, 0.3, 0.3))
        face = wall.face((u0, u0 + width), (z, high), 0.16)
        self._mesh.quad(face, (1, 1, 1), Material.ATLAS_LIT, uv=tile.corners(), params=(0.10, 0.0))

    # ---- dwellings ---------------------------------------------------------------------------------------------

    def _entrance(self, wall: Wall, rng: np.random.Generator) -> None:
        middle = shapely.Point((wall.a + wall.b) / 2.0 + wall.out * 1.5)
        if wall.length_m < 5.0 or self._roadway.distance(middle) > 6.0:
            return
        u = rng.uniform(1.2, wall.length_m - 2.6)
        colour: Colour = ((0.30, 0.22, 0.18), (0.22, 0.30, 0.26), (0.36, 0.36, 0.38))[int(rng.integers(3))]
        self._slab(wall, (u, u + 1.3), (0.0, 2.25), (0.0, 0.03), colour)
        self._slab(wall, (u - 0.3, u + 1.6), (2.35, 2.5), (0.0, 0.9), (0.62, 0.60, 0.58))

    def _clutter(self, building: Building, wall: Wall, rng: np.random.Generator) -> None:
        if wall.length_m < 3.0:
            return
        for _ in range(int(wall.length_m * building.height_m / 60.0)):
            u, z = (
                rng.uniform(0.4, wall.length_m - 1.4),
                float(rng.integers(1, max(2, int(building.height_m / 3.2)))) * 3.2 + 0.15,
            )
            if z + 1.0 < building.height_m:
                self._slab(wall, (u, u + 0.85), (z, z + 0.6), (0.05, 0.42), (0.80, 0.80, 0.77))
        u = rng.uniform(0.2, wall.length_m - 0.2)
        self._slab(
            wall,
            (u, u + 0.09),
            (0.3, building.height_m - 0.4),
            (0.04, 0.13),
            (0.78, 0.72, 0.40) if rng.uniform() < 0.5 else (0.5, 0.5, 0.5),
        )

    def _roof(self, building: Building, rng: np.random.Generator) -> None:
        height = building.height_m
        self._mesh.polygon(building.footprint, height - PARAPET_M, ROOFS[int(rng.integers(len(ROOFS)))])
        inner = building.footprint.buffer(-0.22, join_style="mitre")
        if inner.geom_type == "Polygon" and not inner.is_empty:
            self._mesh.polygon(building.footprint.difference(inner), height, (0.62, 0.60, 0.57))
        if building.footprint.area > 60:
            c = building.footprint.representative_point()
            self._mesh.box(
                (c.x - 1.6, c.y - 1.4, height - PARAPET_M), (c.x + 1.6, c.y + 1.4, height + 1.6), (0.64, 0.60, 0.55)
            )

    def _slab(
        self, wall: Wall, u: tuple[float, float], z: tuple[float, float], out: tuple[float, float], colour: Any
    ) -> None:
        """Add a box in wall coordinates: along, up, outwards."""
        frame = np.eye(4)
        frame[:2, 0], frame[:2, 1], frame[:2, 3] = wall.along, -wall.out, wall.a
        self._mesh.box((u[0], -out[1], z[0]), (u[1], -out[0], z[1]), colour, at=frame)
