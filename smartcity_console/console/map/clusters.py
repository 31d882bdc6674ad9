"""Counts the cameras of one tile in a grid of cells: a cell of many becomes a bubble, one of few keeps its dots.

Fixed for a zoom step and worked out tile by tile, so that nothing jumps in a drag and a country costs no more than what
is on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartcity_console.console.map.camera_field import NO_CAMERAS, CameraField, Piece, joined
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import scale_of

CELLS = 6  # along a tile's side
CELL_PX = TILE_PX / CELLS
SPILL = 1  # cells around the tile that are counted too: a dot of the neighbour reaches over the edge
APART_PX = 2.0  # a bubble keeps this from its cell's edge, so that bubbles of two cells never touch
SMALLEST_PX, PER_POWER_PX = 6.4, 2.4
SIDE = CELLS + 2 * SPILL


@dataclass(frozen=True)
class TileCounts:
    """Bubbles of the tile's own cells (middles in metres, counts); dots of its cells and of those around it."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    count: NDArray[np.int64]
    dots: Piece


def bubble_radius_px(count: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return bubbles' radii: by the power of ten, so that a hundred does not bury the map and a million stands out."""
    radius: NDArray[np.float64] = SMALLEST_PX + PER_POWER_PX * np.log10(np.maximum(count, 1) * 2.0)
    return radius


def count_tile(field: CameraField, key: TileKey, most_dots: float) -> TileCounts:
    """Return a tile's bubbles and dots; cells of up to `most_dots` cameras keep their dots."""
    total, sum_x, sum_y = np.zeros(SIDE * SIDE, dtype=np.int64), np.zeros(SIDE * SIDE), np.zeros(SIDE * SIDE)
    few: list[Piece] = []
    for piece, cell in _in_cells(field, key):
        total += np.bincount(cell, minlength=SIDE * SIDE)
        sum_x += np.bincount(cell, weights=piece.x_m, minlength=SIDE * SIDE)
        sum_y += np.bincount(cell, weights=piece.y_m, minlength=SIDE * SIDE)
        few.append(piece.only(total[cell] <= most_dots))
    dots = joined(iter(few)) if few else NO_CAMERAS
    dots = dots.only(total[cells_of(dots.x_m, dots.y_m, key)] <= most_dots)  # a later piece may have filled the cell
    return _bubbles(key, total, sum_x, sum_y, most_dots, dots)


def cells_of(x_m: NDArray[np.float64], y_m: NDArray[np.float64], key: TileKey) -> NDArray[np.int64]:
    """Return the cell (row by row, the spill around the tile included) of each point."""
    scale = scale_of(key.level) / CELL_PX
    column = np.floor(x_m * scale).astype(np.int64) - key.column * CELLS + SPILL
    row = np.floor(-y_m * scale).astype(np.int64) - key.row * CELLS + SPILL
    outside = (column < 0) | (row < 0) | (column >= SIDE) | (row >= SIDE)
    return np.where(outside, -1, row * SIDE + column)


def own_cells() -> NDArray[np.bool_]:
    """Return which cells are the tile's own."""
    own = np.zeros((SIDE, SIDE), dtype=bool)
    own[SPILL : SPILL + CELLS, SPILL : SPILL + CELLS] = True
    return own.ravel()


def _in_cells(field: CameraField, key: TileKey) -> Iterator[tuple[Piece, NDArray[np.int64]]]:
    for piece in field.pieces(key.bounds_m(SPILL * CELL_PX)):
        cell = cells_of(piece.x_m, piece.y_m, key)
        inside = cell >= 0
        yield piece.only(inside), cell[inside]


def _bubbles(
    key: TileKey,
    total: NDArray[np.int64],
    sum_x: NDArray[np.float64],
    sum_y: NDArray[np.float64],
    most_dots: float,
    dots: Piece,
) -> TileCounts:
    """Stand each bubble in the middle of its cameras, as far as its cell has room."""
    many = np.flatnonzero(own_cells() & (total > most_dots))
    scale = scale_of(key.level)
    left = ((many % SIDE - SPILL) + key.column * CELLS) * CELL_PX
    top = ((many // SIDE - SPILL) + key.row * CELLS) * CELL_PX
    inset = bubble_radius_px(total[many]) + APART_PX
    x_px = np.clip(sum_x[many] / total[many] * scale, left + inset, left + CELL_PX - inset)
    y_px = np.clip(-sum_y[many] / total[many] * scale, top + inset, top + CELL_PX - inset)
    return TileCounts(x_px / scale, -y_px / scale, total[many], dots)
