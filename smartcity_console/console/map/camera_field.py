"""The map's own look at the cameras: places and whose they are, in pieces that a worker reads without holding up anyone.

A catalogue of a country has millions of cameras; the map never makes an object of one that nobody points at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city import City
from smartcity_console.city.store.columns import BAND_CELL_M, INDOOR, PRIVATE, CameraColumns, cell_keys, ranges
from smartcity_console.console.map.view import Bounds

# numpy holds Python's lock while it counts: pieces of this many keep the GUI thread's wait below a millisecond.
PIECE = 65_536


@dataclass(frozen=True)
class Piece:
    """Some cameras: rows of the catalogue, metres, and which are private. All of one length."""

    rows: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    private: NDArray[np.bool_]

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Piece:
        return Piece(self.rows[chosen], self.x_m[chosen], self.y_m[chosen], self.private[chosen])


NO_CAMERAS = Piece(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty(0, dtype=bool))


class CameraField(Protocol):
    """Safe to read from any thread."""

    def pieces(self, bounds: Bounds) -> Iterator[Piece]:
        """Yield every camera within bounds (edges included) once, in pieces of at most PIECE."""

    def ids_of(self, rows: Sequence[int]) -> list[str]:
        """Return the ids of some cameras."""

    def directed(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for some cameras whether it is known where they look; of one indoors nobody asks."""


def joined(pieces: Iterator[Piece]) -> Piece:
    """Return pieces as one."""
    held = list(pieces)
    if not held:
        return NO_CAMERAS
    return Piece(
        np.concatenate([p.rows for p in held]),
        np.concatenate([p.x_m for p in held]),
        np.concatenate([p.y_m for p in held]),
        np.concatenate([p.private for p in held]),
    )


class ColumnField:
    """The cameras of a catalogue's memory-mapped columns; `names` returns (id, name) of some of their rows."""

    def __init__(self, columns: CameraColumns, names: Callable[[Sequence[int]], list[tuple[str, str]]]) -> None:
        self._columns, self._names = columns, names

    def pieces(self, bounds: Bounds) -> Iterator[Piece]:
        west, south, east, north = bounds
        for begin, end in self._slices(bounds):
            rows = ranges(begin, end)
            x, y = self._taken("x_m", rows, begin, end), self._taken("y_m", rows, begin, end)
            inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
            private = (self._taken("flags", rows, begin, end)[inside] & PRIVATE) != 0
            yield Piece(rows[inside], x[inside], y[inside], private)

    def ids_of(self, rows: Sequence[int]) -> list[str]:
        return [id_ for id_, _ in self._names(rows)]

    def directed(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        indoor = (self._columns.flags[rows] & INDOOR) != 0
        return np.asarray(indoor | ~np.isnan(self._columns.azimuth_deg[rows]))

    def _taken(self, name: str, rows: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64]) -> Any:
        """Return an array's values at some rows; one slice is copied, many are gathered."""
        values = getattr(self._columns, name)
        return np.asarray(values[begin[0] : end[0]]) if len(begin) == 1 else values[rows]

    def _slices(self, bounds: Bounds) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield slices (begin, end) that hold all cameras within bounds, so grouped that a group has about PIECE."""
        for band, cell in enumerate(BAND_CELL_M):
            begin, end = _broken(*_merged(*self._rows(band, cell, bounds)))
            group = np.cumsum(end - begin) // PIECE
            cuts = np.flatnonzero(np.diff(group)) + 1
            for some in np.split(np.arange(len(begin)), cuts):
                if len(some):
                    yield begin[some], end[some]

    def _rows(self, band: int, cell_m: float, bounds: Bounds) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the slice of each row of cells of a band that bounds touch."""
        west, south, east, north = bounds
        y = (np.arange(np.floor(south / cell_m), np.floor(north / cell_m) + 1.0) + 0.5) * cell_m
        bands = np.full(len(y), band, dtype=np.int64)
        first = np.searchsorted(self._columns.cells, cell_keys(bands, np.full(len(y), west), y), side="left")
        last = np.searchsorted(self._columns.cells, cell_keys(bands, np.full(len(y), east), y), side="right")
        return self._columns.starts[first], self._columns.starts[last]


def _merged(begin: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return slices without the empty ones, neighbours joined."""
    held = end > begin
    begin, end = begin[held], end[held]
    apart = np.flatnonzero(begin[1:] != end[:-1])
    return np.concatenate([begin[:1], begin[apart + 1]]), np.concatenate([end[apart], end[-1:]])


def _broken(begin: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return slices with those longer than PIECE broken up."""
    count = np.maximum(1, -(-(end - begin) // PIECE))
    part = ranges(np.zeros(len(count), dtype=np.int64), count)
    cut = np.repeat(begin, count) + part * PIECE
    return cut, np.minimum(cut + PIECE, np.repeat(end, count))


def field_of(city: City) -> CameraField:
    """Return a city's cameras."""
    return ColumnField(city.columns, city.roll.names)
