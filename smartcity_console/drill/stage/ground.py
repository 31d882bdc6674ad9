"""Paints the ground seen from above: asphalt, pavers, kerbs, road paint, wear; one fine sheet and one coarse one."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.drill.stage.block import Block
from smartcity_console.drill.stage.greens import GRASS, PATH, RADIUS_M
from smartcity_console.drill.stage.markings import painted
from smartcity_console.drill.stage.scenery import GroundSheet

Rgb = tuple[int, int, int]
YARD, ASPHALT, ALLEY, PAVERS, KERB, GUTTER = (
    (126, 122, 114),
    (84, 85, 88),
    (104, 103, 100),
    (148, 138, 130),
    (176, 174, 168),
    (66, 66, 68),
)
TACTILE = (186, 154, 60)
NEAR_HALF_M, NEAR_PX, FAR_PX = 84.0, 4096, 2600
SHIFT = 4  # fractional bits of cv2's coordinates


def paint_ground(block: Block, seed: int = 7) -> tuple[GroundSheet, GroundSheet]:
    """Return the fine sheet about the origin and the coarse one over the whole block."""
    paint = painted(block)
    near = _Canvas(NEAR_HALF_M, NEAR_PX).paint(block, paint, seed)
    return near, _Canvas(RADIUS_M, FAR_PX).paint(block, paint, seed)


class _Canvas:
    """A square sheet about the origin; row 0 is the south edge."""

    def __init__(self, half_m: float, size_px: int) -> None:
        self._half, self._size = half_m, size_px
        self._scale = size_px / (2.0 * half_m)
        self._window = shapely.box(-half_m, -half_m, half_m, half_m)
        self._image = np.full((size_px, size_px, 3), YARD, np.uint8)

    def paint(self, block: Block, paint: list[tuple[Any, Rgb]], seed: int) -> GroundSheet:
        """Paint everything and return the sheet."""
        self._surfaces(block)
        self._wear(block, seed)
        for shape, colour in paint:
            self._fill(shape, colour)
        self._scuff(seed)
        box = (-self._half, -self._half, 2.0 * self._half, 2.0 * self._half)
        return GroundSheet(np.dstack([self._image, self._openness(block)]), box)

    def _surfaces(self, block: Block) -> None:
        for green in block.greens:
            self._fill(green.shape, GRASS[green.kind])
        self._blades()
        for green in block.greens:
            self._fill(green.paths(), PATH)
        self._fill(block.pavement, PAVERS)
        self._pave(block)
        self._fill(block.roadway, ALLEY)
        for street in block.streets:
            if street.pavement_m:
                self._fill(street.line.buffer(street.roadway_m / 2.0, cap_style="flat"), ASPHALT)
        edge = shapely.union_all([s.line.buffer(s.roadway_m / 2.0, cap_style="flat") for s in block.streets]).boundary
        kerb = edge.intersection(block.pavement.buffer(0.05))
        self._fill(kerb.buffer(0.32).intersection(block.roadway), GUTTER)
        self._fill(kerb.buffer(0.18), KERB)

    def _blades(self) -> None:
        """Roughen what is grass so far: tufts, dry spots."""
        green = (self._image[..., 1] > self._image[..., 0]).astype(np.float32)[..., None]
        rng = np.random.default_rng(17)
        noise = np.zeros((self._size, self._size), np.float32)
        for cells, weight in ((self._size, 0.10), (self._size // 24, 0.10), (self._size // 160, 0.10)):
            field = rng.normal(0.0, 1.0, (cells, cells)).astype(np.float32)
            noise += weight * cv2.resize(field, (self._size, self._size), interpolation=cv2.INTER_LINEAR)
        self._image = (self._image * (1.0 + green * noise[..., None])).clip(0, 255).astype(np.uint8)

    def _pave(self, block: Block) -> None:
        """Lay pavers of 0.2 x 0.1 m in three shades, and the strip that a cane feels."""
        mask = self._mask(block.pavement)
        metres = (np.arange(self._size) / self._scale).astype(np.float32)
        course = np.floor(metres / 0.2).astype(np.int64)[:, None]
        column = np.floor((metres[None, :] + 0.2 * (course % 2)) / 0.4).astype(np.int64)
        shade = ((column * 7919 + course * 104729) % 13).astype(np.float32) / 13.0
        tone = (0.88 + 0.2 * shade)[..., None] * np.array((150, 134, 124), np.float32)
        red = (np.floor(metres / 2.4).astype(np.int64) % 3 == 0)[None, :, None]
        tone = np.where(red, tone * np.array((1.04, 0.86, 0.80), np.float32), tone)
        self._image = np.where(mask[..., None] > 0, tone.clip(0, 255).astype(np.uint8), self._image)
        for street in block.streets:
            if street.pavement_m:
                for side in (-1.0, 1.0):
                    line = street.line.offset_curve(side * (street.roadway_m / 2.0 + 0.62 * street.pavement_m))
                    self._fill(line.buffer(0.16).intersection(block.pavement), TACTILE)

    def _wear(self, block: Block, seed: int) -> None:
        """Patches, joints, manholes and drips of oil on the asphalt."""
        rng = np.random.default_rng(seed)
        for street in block.streets:
            for _ in range(int(street.line.length / 9.0)):
                along, off = rng.uniform(0, street.line.length), rng.uniform(-0.38, 0.38) * street.roadway_m
                at = street.line.interpolate(along)
                self._blemish(at.x + off, at.y + rng.normal(0.0, 0.5), rng)

    def _blemish(self, x: float, y: float, rng: np.random.Generator) -> None:
        spot = shapely.Point(x, y)
        match int(rng.integers(5)):
            case 0:
                w, h = rng.uniform(0.6, 2.4), rng.uniform(0.6, 4.0)
                self._fill(shapely.box(x, y, x + w, y + h), (70, 70, 72))
            case 1:
                self._fill(spot.buffer(0.36), (120, 118, 112))
                self._fill(spot.buffer(0.30), (74, 72, 70))
            case 2:
                self._fill(spot.buffer(rng.uniform(0.15, 0.5)), (60, 60, 62))
            case _:
                crack = shapely.LineString(np.cumsum(rng.normal(0, 0.5, (9, 2)), axis=0) + np.array((x, y)))
                self._fill(crack.buffer(0.03), (62, 62, 64))

    def _scuff(self, seed: int) -> None:
        """Let the paint and the stone look used: noise at three scales."""
        rng = np.random.default_rng(seed + 1)
        noise = np.zeros((self._size, self._size), np.float32)
        for cells, weight in ((self._size, 0.05), (self._size // 8, 0.07), (self._size // 90, 0.06)):
            field = rng.normal(0.0, 1.0, (cells, cells)).astype(np.float32)
            noise += weight * cv2.resize(field, (self._size, self._size), interpolation=cv2.INTER_CUBIC)
        self._image = (self._image * (1.0 + noise[..., None])).clip(0, 255).astype(np.uint8)

    def _openness(self, block: Block) -> NDArray[np.uint8]:
        """Return how much of the sky the ground sees, 0..255, from the distance to walls."""
        free = (self._mask(block.built) == 0).astype(np.uint8)
        metres = cv2.distanceTransform(free, cv2.DIST_L2, 5) / self._scale
        open_sky = 0.45 + 0.55 * (1.0 - np.exp(-metres / 2.2))
        return np.asarray((open_sky * 255.0).astype(np.uint8))

    def _mask(self, shape: Any) -> NDArray[np.uint8]:
        mask = np.zeros((self._size, self._size), np.uint8)
        for polygon in _polygons(shape.intersection(self._window)):
            cv2.fillPoly(mask, self._rings(polygon), 255, cv2.LINE_8, SHIFT)
        return mask

    def _fill(self, shape: Any, colour: Rgb) -> None:
        for polygon in _polygons(shape.intersection(self._window)):
            cv2.fillPoly(self._image, self._rings(polygon), colour, cv2.LINE_AA, SHIFT)

    def _rings(self, polygon: Any) -> list[NDArray[np.int32]]:
        rings = [polygon.exterior, *polygon.interiors]
        points = [(np.asarray(ring.coords)[:, :2] + self._half) * self._scale for ring in rings]
        return [np.round(p * 2**SHIFT).astype(np.int32) for p in points]


def _polygons(shape: Any) -> list[Any]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 1e-4]
