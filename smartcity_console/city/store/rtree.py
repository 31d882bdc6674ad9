"""Keeps the R*Trees that SQLite searches: entry by entry after a small import, packed anew after a large one.

Packing writes the tree's nodes as SQLite itself stores them (https://www.sqlite.org/rtree.html, clause 6; the function
rtreecheck() proves the result): sort-tile-recursive order, each level from the one below. 2.85 million entries take
seconds where inserting them one by one takes a minute.
"""

from __future__ import annotations

import itertools
import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.city.store.kinds import Kind
from smartcity_console.city.store.plan import SAME

PACK_FROM = 20_000  # entries; fewer are inserted
PACK_SHARE = 0.1  # of the table
_HEADER_BYTES, _CELL_BYTES = 4, 24
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])  # box: west, east, south, north
_ROOT = 1
_AT_ONCE = 100_000  # rows that are Python objects at one time
_NODES_AT_ONCE = 2_000
_FILL = 0.9  # of a node; the rest takes later entries without a split

Ids = NDArray[np.int64]
Metres = NDArray[np.float64]
Boxes = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Level:
    """One level of a tree: its nodes' numbers, their entries in order, and where each node's begin (one more)."""

    numbers: Ids
    ids: Ids
    boxes: Boxes
    starts: Ids


def refresh(
    db: sqlite3.Connection, kind: Kind, stage: str, changes: int, levels: Callable[[], list[Level]] | None
) -> None:
    """Bring a table's R*Tree up to date after the stage has been written to the table; inside the transaction.

    `levels` gives all of the tree when it is laid out already.
    """
    if not kind.rtree or not changes:
        return
    (rows,) = db.execute(f"SELECT count(*) FROM {kind.name}").fetchone()
    if changes >= max(PACK_FROM, PACK_SHARE * rows):
        tree = f"{kind.name}_rtree"
        replace(db, tree, levels() if levels else levels_of(*_entries(db, kind), node_bytes_of(db, tree)))
    else:
        _patch(db, kind, stage)


def _patch(db: sqlite3.Connection, kind: Kind, stage: str) -> None:
    tree = f"{kind.name}_rtree"
    same = f"SELECT no FROM temp.{stage}_known WHERE what = {SAME}"
    touched = f"id IN (SELECT id FROM temp.{stage} WHERE no NOT IN ({same}))"
    db.execute(f"DELETE FROM {tree} WHERE no IN (SELECT no FROM temp.{stage}_gone)")
    db.execute(f"DELETE FROM {tree} WHERE no IN (SELECT no FROM {kind.name} WHERE {touched})")
    db.execute(f"INSERT INTO {tree} SELECT {_BOX[kind.place]} FROM {kind.name} WHERE {touched} AND x_m IS NOT NULL")


_BOX = {"point": "no, x_m, x_m, y_m, y_m", "shape": "no, west_m, east_m, south_m, north_m"}


def _entries(db: sqlite3.Connection, kind: Kind) -> tuple[Ids, Boxes]:
    """Return all rows' numbers and boxes, rounded outwards as SQLite does."""
    cursor = db.execute(f"SELECT {_BOX[kind.place]} FROM {kind.name} WHERE x_m IS NOT NULL ORDER BY no")
    flat = np.fromiter(itertools.chain.from_iterable(cursor), dtype=np.float64).reshape(-1, 5)
    return flat[:, 0].astype(np.int64), _outwards(flat[:, 1], flat[:, 2], flat[:, 3], flat[:, 4])


def entries_of(columns: CameraColumns) -> tuple[Ids, Boxes]:
    """Return all cameras' row numbers and boxes."""
    order = np.argsort(columns.no)
    x, y = columns.x_m[order], columns.y_m[order]
    return columns.no[order], _outwards(x, x, y, y)


def _outwards(west_m: Metres, east_m: Metres, south_m: Metres, north_m: Metres) -> Boxes:
    """Return boxes in 32 bits that hold the given ones, as SQLite rounds them."""
    sides = []
    for exact, away in ((west_m, -np.inf), (east_m, np.inf), (south_m, -np.inf), (north_m, np.inf)):
        near = exact.astype(np.float32)
        falls_short = near > exact if away < 0 else near < exact
        sides.append(np.where(falls_short, np.nextafter(near, np.float32(away)), near))
    return np.column_stack(sides)


def node_bytes_of(db: sqlite3.Connection, tree: str) -> int:
    """Return the size of an R*Tree's nodes, which follows from the database's pages."""
    (node_bytes,) = db.execute(f"SELECT length(data) FROM {tree}_node WHERE nodeno = {_ROOT}").fetchone()
    return int(node_bytes)


def pack(db: sqlite3.Connection, tree: str, ids: Ids, boxes: Boxes) -> None:
    """Replace everything in an R*Tree of two dimensions by these entries."""
    replace(db, tree, levels_of(ids, boxes, node_bytes_of(db, tree)))


def levels_of(ids: Ids, boxes: Boxes, node_bytes: int) -> list[Level]:
    """Lay out a tree of these entries, the leaves first."""
    most = int((node_bytes - _HEADER_BYTES) // _CELL_BYTES * _FILL)
    sizes = _level_sizes(len(ids), most)
    levels: list[Level] = []
    last = _ROOT
    for depth, nodes in enumerate(sizes):
        order, starts = _tiles(boxes, nodes, most)
        numbers = np.array([_ROOT]) if depth == len(sizes) - 1 else np.arange(last + 1, last + 1 + nodes)
        last = max(last, int(numbers[-1]))
        levels.append(Level(numbers, ids[order], boxes[order], starts))
        ids, boxes = numbers, _bounds(levels[-1].boxes, starts)
    return levels


def replace(db: sqlite3.Connection, tree: str, levels: list[Level]) -> None:
    """Put a tree that is laid out in the place of what an R*Tree holds."""
    node_bytes = node_bytes_of(db, tree)
    for part in ("node", "parent", "rowid"):
        db.execute(f"DELETE FROM {tree}_{part}")
    for depth, level in enumerate(levels):
        _write_children(db, tree, depth, level)
        for first in range(0, len(level.numbers), _NODES_AT_ONCE):
            _write_nodes(db, tree, level, slice(first, first + _NODES_AT_ONCE), node_bytes, depth)


def _level_sizes(entries: int, most: int) -> list[int]:
    """Return the number of nodes on each level, leaves first; the last level is the root alone."""
    sizes = [max(1, math.ceil(entries / most))]
    while sizes[-1] > 1:
        sizes.append(math.ceil(sizes[-1] / most))
    return sizes


def _tiles(boxes: Boxes, nodes: int, most: int) -> tuple[Ids, Ids]:
    """Return an order that puts neighbours together, and where each node's entries begin in it (one more than nodes)."""
    slices = math.ceil(math.sqrt(nodes))
    by_x = np.argsort(boxes[:, 0] + boxes[:, 1], kind="stable")
    strip = np.empty(len(boxes), dtype=np.int64)
    strip[by_x] = np.arange(len(boxes)) // max(1, slices * most)
    order = np.lexsort((boxes[:, 2] + boxes[:, 3], strip))
    return order, np.append(np.arange(nodes) * most, len(boxes))


def _bounds(boxes: Boxes, starts: Ids) -> Boxes:
    if not len(boxes):
        return np.zeros((1, 4), dtype=np.float32)
    first = starts[:-1]
    low, high = np.minimum.reduceat(boxes, first), np.maximum.reduceat(boxes, first)
    return np.column_stack([low[:, 0], high[:, 1], low[:, 2], high[:, 3]])


def _write_nodes(db: sqlite3.Connection, tree: str, level: Level, some: slice, node_bytes: int, depth: int) -> None:
    numbers = level.numbers[some]
    starts = level.starts[some.start : some.start + len(numbers) + 1]
    held = slice(int(starts[0]), int(starts[-1]))
    packed = _nodes(level.ids[held], level.boxes[held], starts - starts[0], node_bytes, depth)
    rows = ((number, node.tobytes()) for number, node in zip(numbers.tolist(), packed, strict=True))
    db.executemany(f"INSERT INTO {tree}_node(nodeno, data) VALUES (?, ?)", rows)


def _nodes(ids: Ids, boxes: Boxes, starts: Ids, node_bytes: int, depth: int) -> NDArray[np.uint8]:
    """Return the nodes' bytes, shape (nodes, node_bytes). Only the root's header tells the depth."""
    counts = np.diff(starts)
    cells = np.zeros(len(ids), dtype=_CELL)
    cells["id"], cells["box"] = ids, boxes
    packed = np.zeros((len(counts), node_bytes), dtype=np.uint8)
    packed[:, :2] = np.full(len(counts), depth, dtype=">u2").view(np.uint8).reshape(-1, 2)
    packed[:, 2:4] = counts.astype(">u2").view(np.uint8).reshape(-1, 2)
    node = np.repeat(np.arange(len(counts)), counts)
    slot = np.arange(len(ids)) - starts[node]
    room = packed[:, _HEADER_BYTES : _HEADER_BYTES + int(counts.max(initial=0)) * _CELL_BYTES]
    table = room.reshape(len(counts), -1, _CELL_BYTES).copy()
    table[node, slot] = cells.view(np.uint8).reshape(-1, _CELL_BYTES)
    packed[:, _HEADER_BYTES : _HEADER_BYTES + table.shape[1] * _CELL_BYTES] = table.reshape(len(counts), -1)
    return packed


def _write_children(db: sqlite3.Connection, tree: str, depth: int, level: Level) -> None:
    """Note in which node each entry lies: rows of the leaves, children of the nodes above."""
    part, key, value = ("rowid", "rowid", "nodeno") if depth == 0 else ("parent", "nodeno", "parentnode")
    holder = np.repeat(level.numbers, np.diff(level.starts))
    order = np.argsort(level.ids, kind="stable")
    insert = f"INSERT INTO {tree}_{part}({key}, {value}) VALUES (?, ?)"
    for some in (order[at : at + _AT_ONCE] for at in range(0, len(order), _AT_ONCE)):
        db.executemany(insert, zip(level.ids[some].tolist(), holder[some].tolist(), strict=True))
