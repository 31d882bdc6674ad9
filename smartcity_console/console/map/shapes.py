"""Geometries packed into flat arrays once, searched by place, and handed to the painter as paths in one stroke.

Building a QPainterPath point by point costs Python 1 µs and more a point; Qt's own stream format is filled by numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from smartcity_console.console.map.view import Bounds

# The rasteriser's work grows faster than the outline: 2,000 houses cost 38 ms in one path, 5 ms in paths of 32.
PARTS_PER_PATH = 32

_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])  # QDataStream of a QPainterPath element
_MOVE, _LINE = 0, 1


@dataclass(frozen=True)
class Packed:
    """Lines or polygons. Part `i` has the rings `ring_of_part[i]:ring_of_part[i + 1]`; `owner[i]` is its geometry."""

    parts: NDArray[np.object_]
    xy: NDArray[np.float64]  # (points, 2) in metres
    point_of_ring: NDArray[np.int64]
    ring_of_part: NDArray[np.int64]
    owner: NDArray[np.int64]

    @classmethod
    def of(cls, geometries: Any) -> Packed:
        """Pack an array of (multi)polygons or of (multi)lines; empty ones are left out."""
        parts, owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
        kept = ~shapely.is_empty(parts)
        parts, owner = parts[kept], owner[kept]
        if not len(parts):
            empty = np.zeros(1, dtype=np.int64)
            return cls(parts, np.empty((0, 2)), empty, empty, owner)
        _, xy, offsets = shapely.to_ragged_array(parts, include_z=False)
        rings = offsets[0].astype(np.int64)
        of_part = offsets[1].astype(np.int64) if len(offsets) > 1 else np.arange(len(parts) + 1)
        return cls(parts, xy, rings, of_part, owner)

    @cached_property
    def tree(self) -> Any:
        return shapely.STRtree(self.parts)

    def within(self, bounds: Bounds) -> NDArray[np.int64]:
        """Return the parts whose box touches the bounds, in their own order."""
        return np.sort(self.tree.query(shapely.box(*bounds)))

    def rings_of(self, parts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rings of some parts."""
        return spans(self.ring_of_part[parts], self.ring_of_part[parts + 1])

    def paths(self, parts: NDArray[np.int64], scale: float, left: float, top: float) -> list[QPainterPath]:
        """Return the parts as paths in pixels: x * scale - left, -y * scale - top."""
        starts = range(0, len(parts), PARTS_PER_PATH)
        return [self._path(parts[at : at + PARTS_PER_PATH], scale, left, top) for at in starts]

    def _path(self, parts: NDArray[np.int64], scale: float, left: float, top: float) -> QPainterPath:
        rings = self.rings_of(parts)
        first, last = self.point_of_ring[rings], self.point_of_ring[rings + 1]
        xy = self.xy[spans(first, last)]
        starts = np.concatenate([[0], np.cumsum(last - first)[:-1]])
        return painter_path(xy[:, 0] * scale - left, -xy[:, 1] * scale - top, starts)


def spans(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the concatenation of the ranges first[i]..last[i]."""
    lengths = last - first
    if not len(lengths):
        return np.empty(0, dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.arange(int(lengths.sum())) + np.repeat(first - before, lengths)


def painter_path(x: NDArray[np.float64], y: NDArray[np.float64], starts: NDArray[np.int64]) -> QPainterPath:
    """Return a path of straight lines through points; a new subpath begins at each of `starts`."""
    path = QPainterPath()
    if not len(x):
        return path
    elements = np.empty(len(x), dtype=_ELEMENT)
    elements["kind"] = _LINE
    elements["kind"][starts] = _MOVE
    elements["x"], elements["y"] = x, y
    last_move, odd_even = int(starts[-1]), 0
    tail = last_move.to_bytes(4, "big") + odd_even.to_bytes(4, "big")
    stream = QDataStream(QByteArray(len(x).to_bytes(4, "big") + elements.tobytes() + tail))
    stream >> path
    return path


def points_at(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Return points as Qt wants them."""
    polygon = QPolygonF()
    pairs = np.column_stack([x, y]).astype(">f8")
    stream = QDataStream(QByteArray(len(x).to_bytes(4, "big") + pairs.tobytes()))
    stream >> polygon
    return polygon
