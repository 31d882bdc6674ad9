"""Bubbles and dots of a tile against plain counts by numpy, and that no camera is lost or counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.console.map import camera_field
from smartcity_console.console.map.camera_field import Piece
from smartcity_console.console.map.clusters import CELL_PX, CELLS, cells_of, count_tile, own_cells
from smartcity_console.console.map.sprites import cluster_radius_px, count_text
from smartcity_console.console.map.tile_cache import tiles_over
from smartcity_console.console.map.tile_painter import TileKey
from smartcity_console.console.map.view import Bounds, scale_of


class Plain:
    """A field that looks at every camera, in pieces of a few."""

    def __init__(self, xy: np.ndarray, piece: int = 7) -> None:
        self.xy, self.piece = xy.reshape(-1, 2), piece

    def pieces(self, bounds: Bounds) -> Iterator[Piece]:
        x, y = self.xy.T
        rows = np.flatnonzero((x >= bounds[0]) & (x <= bounds[2]) & (y >= bounds[1]) & (y <= bounds[3]))
        for at in range(0, len(rows), self.piece):
            some = rows[at : at + self.piece]
            yield Piece(some, x[some], y[some], some % 2 == 0)

    def ids_of(self, rows: Sequence[int]) -> list[str]:
        return [f"C-{row}" for row in rows]


places = st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), min_size=1, max_size=150)
levels = st.sampled_from([-20, -11, -6, -3, 0])


@given(places, levels, st.sampled_from([0, 2, 5]))
def test_bubbles_count_what_numpy_counts(points: list[tuple[float, float]], level: int, most: int) -> None:
    xy, scale = np.array(points), scale_of(level)
    cells = Counter(zip(*np.floor(xy.T * scale * np.array([[1], [-1]]) / CELL_PX).astype(int).tolist(), strict=True))
    found: Counter[tuple[int, int]] = Counter()
    for key in tiles_over(level, (-3000.0, -3000.0, 3000.5, 3000.5)):
        bubbles = count_tile(Plain(xy), key, most)
        for x, y, count in zip(bubbles.x_m, bubbles.y_m, bubbles.count, strict=True):
            found[int(np.floor(x * scale / CELL_PX)), int(np.floor(-y * scale / CELL_PX))] = int(count)
    assert found == {cell: count for cell, count in cells.items() if count > most}


@given(places, levels, st.sampled_from([0, 2, 5, np.inf]))
def test_every_camera_is_in_one_bubble_or_one_dot(points: list[tuple[float, float]], level: int, most: float) -> None:
    field, dots, counted = Plain(np.array(points)), [], 0
    for key in tiles_over(level, (-3000.0, -3000.0, 3000.5, 3000.5)):
        tile = count_tile(field, key, most)
        own = own_cells()[cells_of(tile.dots.x_m, tile.dots.y_m, key)]
        dots += tile.dots.rows[own].tolist()
        counted += int(tile.count.sum())
    assert len(dots) == len(set(dots)) and len(dots) + counted == len(points)


@given(places)
def test_bubbles_of_neighbouring_cells_never_touch(points: list[tuple[float, float]]) -> None:
    xy = np.repeat(np.array(points), 40, axis=0)
    keys = tiles_over(-6, (-3000.0, -3000.0, 3000.5, 3000.5))
    marks = [m for key in keys for m in _marks(count_tile(Plain(xy, 10_000), key, 2), scale_of(-6))]
    for n, (x, y, radius) in enumerate(marks):
        assert all(np.hypot(x - a, y - b) >= radius + r for a, b, r in marks[:n])


def _marks(tile: object, scale: float) -> list[tuple[float, float, float]]:
    return [
        (x * scale, -y * scale, cluster_radius_px(int(n)))
        for x, y, n in zip(tile.x_m, tile.y_m, tile.count, strict=True)  # type: ignore[attr-defined]
    ]


def test_a_dot_near_the_edge_is_drawn_by_both_tiles() -> None:
    scale = scale_of(0)
    field = Plain(np.array([[512 / scale - 1.0, -100.0]]))
    left, right = (count_tile(field, TileKey(0, column, 0), 9) for column in (0, 1))
    assert left.dots.rows.tolist() == right.dots.rows.tolist() == [0]
    assert CELLS * CELL_PX == 512


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (7, "7"),
        (999, "999"),
        (1_000, "1.0k"),
        (9_949, "9.9k"),
        (9_950, "10k"),
        (10_000, "10k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (2_850_000, "2.9M"),
    ],
)
def test_a_bubbles_text_has_four_signs_at_most(count: int, text: str) -> None:
    assert count_text(count) == text and len(text) <= 4


@given(places, st.floats(-3500, 3500), st.floats(-3500, 3500), st.floats(1, 5000), st.sampled_from([3, 50]))
def test_columns_give_each_camera_within_bounds_once(
    points: list[tuple[float, float]], west: float, south: float, side: float, piece: int
) -> None:
    xy = np.array(points)
    field = column_field(xy)
    held, camera_field.PIECE = camera_field.PIECE, piece
    try:
        found = [
            id_ for p in field.pieces((west, south, west + side, south + side)) for id_ in field.ids_of(p.rows.tolist())
        ]
    finally:
        camera_field.PIECE = held
    x, y = xy.T
    inside = (x >= west) & (x <= west + side) & (y >= south) & (y <= south + side)
    assert sorted(found) == sorted(f"C-{n}" for n in np.flatnonzero(inside))


def column_field(xy: np.ndarray) -> camera_field.ColumnField:
    """Cameras of all bands, in the order that the store keeps."""
    from smartcity_console.city.store import columns as store  # here: the columns' own module is the store's

    x, y = xy.T
    band = np.arange(len(xy)) % len(store.BAND_CELL_M)
    keys = store.cell_keys(band, x, y)
    order = np.argsort(keys, kind="stable")
    cells, first = np.unique(keys[order], return_index=True)
    full = {name: np.zeros(len(xy), dtype=np.float32) for name in store.ARRAYS}
    full |= {"x_m": x[order], "y_m": y[order], "flags": np.ones(len(xy), dtype=np.uint8), "no": order}
    full |= {"cells": cells, "starts": np.append(first, len(xy)), "reach_m": np.full(4, 10.0, dtype=np.float32)}
    return camera_field.ColumnField(store.CameraColumns(**full), lambda rows: [(f"C-{order[row]}", "") for row in rows])
