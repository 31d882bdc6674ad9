"""Triangles with what the shaders need to know about each corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Vector = Sequence[float] | NDArray[np.float64]
Colour = tuple[float, float, float]
# Columns of a vertex: position 3, normal 3, uv 2, colour 3 (sRGB), material, seed, and two material parameters.
COLUMNS = 15
LAYOUT = "3f 3f 2f 3f 4f"


class Material:
    """Codes that `glsl.MATERIALS` switches on."""

    PLAIN = 0.0
    GROUND = 1.0
    MASONRY = 2.0
    CURTAIN_WALL = 3.0
    ATLAS = 4.0
    LEAVES = 5.0
    GLASS = 6.0
    PAINT = 7.0  # takes an instance's tint
    LIGHT = 8.0
    CLOTH = 9.0  # takes an instance's tint
    ATLAS_LIT = 10.0
    LAMP = 11.0  # shines by night: params[0] how strongly


class Mesh:
    """A growing list of triangles."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []

    def array(self) -> NDArray[np.float32]:
        """Return (3 n, COLUMNS) float32."""
        return np.concatenate(self._parts) if self._parts else np.zeros((0, COLUMNS), np.float32)

    def triangles(
        self,
        positions: NDArray[np.float64],
        normals: NDArray[np.float64],
        colour: Colour,
        material: float,
        *,
        uv: NDArray[np.float64] | None = None,
        seed: float = 0.0,
        params: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Add corners (3 n, 3) with their normals (same shape)."""
        block = np.zeros((len(positions), COLUMNS), np.float32)
        block[:, 0:3], block[:, 3:6] = positions, normals
        if uv is not None:
            block[:, 6:8] = uv
        block[:, 8:11] = colour
        block[:, 11:15] = (material, seed, *params)
        self._parts.append(block)

    def quad(
        self,
        corners: Sequence[Vector],
        colour: Colour,
        material: float = Material.PLAIN,
        *,
        uv: Sequence[tuple[float, float]] = ((0, 0), (1, 0), (1, 1), (0, 1)),
        seed: float = 0.0,
        params: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Add four corners, counter-clockwise seen from the front."""
        p = np.asarray(corners, float)
        normal = np.cross(p[1] - p[0], p[3] - p[0])
        normal /= max(float(np.linalg.norm(normal)), 1e-9)
        order = [0, 1, 2, 0, 2, 3]
        self.triangles(
            p[order],
            np.tile(normal, (6, 1)),
            colour,
            material,
            uv=np.asarray(uv, float)[order],
            seed=seed,
            params=params,
        )

    def box(self, low: Vector, high: Vector, colour: Colour, material: float = Material.PLAIN, at: Any = None) -> None:
        """Add an axis-aligned box, moved by the 4x4 matrix `at` when given."""
        x0, y0, z0 = low
        x1, y1, z1 = high
        c = np.array([[x, y, z] for z in (z0, z1) for y in (y0, y1) for x in (x0, x1)], float)
        if at is not None:
            c = transform(at, c)
        for face in ((0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6), (4, 5, 7, 6), (2, 3, 1, 0)):
            self.quad([c[i] for i in face], colour, material)

    def tube(
        self, rings: NDArray[np.float64], colour: Colour, material: float = Material.PLAIN, *, closed: bool = True
    ) -> None:
        """Add a skin over rings (k rings, m points, 3) with smooth normals; `closed` caps both ends."""
        normals = _ring_normals(rings)
        k, m = rings.shape[:2]
        a, b = np.meshgrid(np.arange(k - 1), np.arange(m), indexing="ij")
        nxt = (b + 1) % m
        order = np.stack([(a, b), (a, nxt), (a + 1, nxt), (a, b), (a + 1, nxt), (a + 1, b)])
        index = np.moveaxis(order, 1, 0).reshape(2, 6, -1).transpose(0, 2, 1).reshape(2, -1)
        self.triangles(rings[index[0], index[1]], normals[index[0], index[1]], colour, material)
        if closed:
            self._cap(rings[0][::-1], colour, material)
            self._cap(rings[-1], colour, material)

    def _cap(self, ring: NDArray[np.float64], colour: Colour, material: float) -> None:
        middle = ring.mean(axis=0)
        corners = np.stack([np.broadcast_to(middle, ring.shape), ring, np.roll(ring, -1, axis=0)], axis=1)
        normal = np.cross(ring[0] - middle, ring[len(ring) // 4] - middle)
        normal /= max(float(np.linalg.norm(normal)), 1e-9)
        self.triangles(corners.reshape(-1, 3), np.tile(normal, (3 * len(ring), 1)), colour, material)

    def polygon(self, shape: shapely.Polygon, z_m: float, colour: Colour, material: float = Material.PLAIN) -> None:
        """Add a horizontal polygon with holes, facing up."""
        pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
        rings = [shapely.get_coordinates(piece)[:3] for piece in pieces]
        flat = [ring if _area(ring) > 0 else ring[::-1] for ring in rings]
        if flat:
            corners = np.concatenate(flat)
            positions = np.column_stack([corners, np.full(len(corners), z_m)])
            self.triangles(positions, np.tile((0.0, 0.0, 1.0), (len(corners), 1)), colour, material)

    def add(self, other: NDArray[np.float32], at: NDArray[np.float64], tint: Colour | None = None) -> None:
        """Add another mesh's array moved by a rigid 4x4 matrix; `tint` colours its paint and cloth."""
        block = other.copy()
        block[:, 0:3] = transform(at, other[:, 0:3])
        block[:, 3:6] = other[:, 3:6] @ at[:3, :3].T
        if tint is not None:
            takes = (block[:, 11] == Material.PAINT) | (block[:, 11] == Material.CLOTH)
            block[takes, 8:11] = tint
        self._parts.append(block)


def _area(ring: NDArray[np.float64]) -> float:
    a, b, c = ring
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _ring_normals(rings: NDArray[np.float64]) -> NDArray[np.float64]:
    around = np.roll(rings, -1, axis=1) - np.roll(rings, 1, axis=1)
    along = np.gradient(rings, axis=0)
    normals = np.cross(around, along)
    length = np.linalg.norm(normals, axis=2, keepdims=True)
    return np.asarray(normals / np.maximum(length, 1e-9))


def transform(matrix: NDArray[np.float64], points: NDArray[Any]) -> NDArray[np.float64]:
    """Return points (n, 3) moved by a 4x4 matrix."""
    return np.asarray(points @ matrix[:3, :3].T + matrix[:3, 3])


def placed(x: float, y: float, z: float = 0.0, heading_rad: float = 0.0, scale: float = 1.0) -> NDArray[np.float64]:
    """Return the 4x4 matrix that turns +y to `heading_rad` (clockwise from north), scales, and moves to (x, y, z)."""
    c, s = math.cos(heading_rad) * scale, math.sin(heading_rad) * scale
    return np.array([[c, s, 0.0, x], [-s, c, 0.0, y], [0.0, 0.0, scale, z], [0.0, 0.0, 0.0, 1.0]])


def ellipse_ring(cx: float, cy: float, z: float, rx: float, ry: float, points: int = 10) -> NDArray[np.float64]:
    """Return (points, 3) of a level ellipse, counter-clockwise from above."""
    turn = np.linspace(0.0, 2.0 * math.pi, points, endpoint=False)
    return np.stack([cx + rx * np.cos(turn), cy + ry * np.sin(turn), np.full(points, z)], axis=1)
