"""Joins cameras that would stand on each other into counted bubbles. Fixed for a zoom step: nothing jumps in a drag."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELL_PX = 84.0


@dataclass(frozen=True)
class Clusters:
    """Middles (n, 2) in metres, how many cameras each stands for, and `of[i]`: the cluster of camera i."""

    xy_m: NDArray[np.float64]
    count: NDArray[np.int64]
    of: NDArray[np.int64]


def cluster_points(xy_m: NDArray[np.float64], px_per_m: float, apart_px: float = CELL_PX * 0.62) -> Clusters:
    """Return clusters of points (n, 2) whose middles are at least `apart_px` from each other: a grid, then the largest
    take in their near neighbours until none is left."""
    cells = np.floor(xy_m * px_per_m / CELL_PX).astype(np.int64)
    _, of = np.unique(cells, axis=0, return_inverse=True)
    of = of.reshape(-1)
    while True:
        count, middle = _middles(xy_m, of)
        merged = _merge(middle * px_per_m, count, apart_px)
        if len(np.unique(merged)) == len(count):
            return Clusters(middle, count, of)
        _, of = np.unique(merged[of], return_inverse=True)


def _middles(xy: NDArray[np.float64], of: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    count = np.bincount(of)
    sums = [np.bincount(of, weights=xy[:, axis]) for axis in (0, 1)]
    return count, np.column_stack(sums) / np.maximum(count, 1)[:, None]


def _merge(middle_px: NDArray[np.float64], count: NDArray[np.int64], apart_px: float) -> NDArray[np.int64]:
    """Return for each cluster the one that takes it in; itself where it stays."""
    into = np.arange(len(count))
    free = np.ones(len(count), dtype=bool)
    for index in np.argsort(-count, kind="stable"):
        if free[index]:
            near = free & (np.hypot(*(middle_px - middle_px[index]).T) < apart_px)
            into[near] = index
            free[near] = False
    return into
