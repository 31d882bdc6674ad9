"""Which parts of a picture change: the tiles that what moves, its shadow and its glow can reach.

The rest of a frame is the same as before, so a software renderer need not draw it again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage.scenery import Moment
from smartcity_console.drill.stage.vehicles import MODELS
from smartcity_console.drill.stage.view import NEAR_M, View

TILE_PX, MARGIN_PX = 64, 4
PART_REACH_M, VEHICLE_REACH_M, GLOW_REACHES = 0.8, 4.1, 2.0
_CORNERS = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])

Grid = NDArray[np.bool_]


def grid_shape(view: View) -> tuple[int, int]:
    """Return (rows, columns) of tiles; row 0 is at the top."""
    return -(-view.height_px // TILE_PX), -(-view.width_px // TILE_PX)


def touched_tiles(view: View, sun: NDArray[np.float64], moment: Moment) -> Grid:
    """Return the tiles that a moment's actors, shadows, particles and glows touch."""
    grid = np.zeros(grid_shape(view), np.bool_)
    for centres, reach_m in _spheres(moment):
        corners = centres[:, None, :] + _CORNERS[None] * reach_m[:, None, None]
        corners[..., 2] = np.maximum(corners[..., 2], 0.0)
        shadows = corners - sun * (corners[..., 2:] / sun[2])
        _mark(grid, view, np.concatenate([corners, shadows], axis=1))
    return grid


def _spheres(moment: Moment) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return (centres (n, 3), reaches (n,)) of all that may change the picture."""
    found = []
    for name, rows in moment.instances.items():
        reach = VEHICLE_REACH_M if name in MODELS else PART_REACH_M
        found.append((rows[:, 12:15].astype(float), np.full(len(rows), reach)))
    if len(moment.puffs):
        found.append((moment.puffs[:, :3].astype(float), moment.puffs[:, 3:5].max(axis=1).astype(float) * 1.42))
    if len(moment.glows):
        found.append((moment.glows[:, :3].astype(float), moment.glows[:, 3].astype(float) * GLOW_REACHES))
    return found


def _mark(grid: Grid, view: View, points: NDArray[np.float64]) -> None:
    """Mark the tiles under the picture of each group of points (n, k, 3)."""
    picture = view.project(points.reshape(-1, 3)).reshape(*points.shape)
    for group in picture[_may_show(view, points)]:
        if (group[:, 2] <= NEAR_M).any():
            grid[:] = True  # it reaches past the camera: its outline is unbounded
            return
        low = np.floor((group[:, :2].min(axis=0) - MARGIN_PX) / TILE_PX).astype(int)
        high = np.floor((group[:, :2].max(axis=0) + MARGIN_PX) / TILE_PX).astype(int) + 1
        grid[max(low[1], 0) : max(high[1], 0), max(low[0], 0) : max(high[0], 0)] = True


def may_show(view: View, places: NDArray[np.float32], margin_m: float = 5.0) -> Grid:
    """Return which places (n, 3), with their shadows and their size, can come into the picture at all."""
    right, up, forward = ((places - np.array(view.eye)) @ view.axes().T).T
    wide, high = view.width_px / 2.0 / view.focal_px, view.height_px / 2.0 / view.focal_px
    ahead = np.maximum(forward, 0.0)
    near = (np.abs(right) < wide * ahead + margin_m) & (np.abs(up) < high * ahead + margin_m)
    return np.asarray(near & (forward > -margin_m))


def _may_show(view: View, points: NDArray[np.float64]) -> Grid:
    """Return which groups (n, k, 3) do not lie wholly outside one side of the picture's pyramid."""
    right, up, forward = np.moveaxis((points - np.array(view.eye)) @ view.axes().T, -1, 0)
    wide, high = view.width_px / 2.0 / view.focal_px, view.height_px / 2.0 / view.focal_px
    sides = (
        right > wide * forward,
        -right > wide * forward,
        up > high * forward,
        -up > high * forward,
        forward < NEAR_M,
    )
    outside = np.stack([side.all(axis=1) for side in sides])
    return np.asarray(~outside.any(axis=0))


def tile_boxes(grid: Grid, view: View) -> NDArray[np.float32]:
    """Return marked tiles as (n, 4) left, bottom, right, top, 0..1 with the origin at the lower left."""
    rows, columns = np.nonzero(grid)
    left, top = columns * TILE_PX, rows * TILE_PX
    right, low = np.minimum(left + TILE_PX, view.width_px), np.minimum(top + TILE_PX, view.height_px)
    size = np.array([view.width_px, view.height_px, view.width_px, view.height_px])
    boxes = np.stack([left, view.height_px - low, right, view.height_px - top], axis=1) / size
    return np.asarray(boxes, np.float32)
