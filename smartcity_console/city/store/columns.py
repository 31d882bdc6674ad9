"""All cameras as columns: what the map paints and what sight searches, without one Python object a camera.

Cameras lie in the order of a grid: by band of range, then row by row of square cells, so that the cameras about a spot
are a few contiguous slices. Bands keep a single far-seeing camera from widening every search. The arrays may be
memory maps of files that other processes read too: they are read only but for `city/store/poses.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.base import ranges as ranges  # searched with by the map too
from smartcity_console.model.camera import Purpose

PRIVATE, PTZ, INDOOR, POSED, ASSUMED, MANY = (
    1,
    2,
    4,
    8,
    16,
    32,
)  # bits of `flags`; POSED: by an operator; MANY: count > 1
PURPOSES: tuple[Purpose, ...] = tuple(Purpose)

# Each band's cameras reach at most this far; its cells are half as wide. The last band takes what reaches farther.
BAND_REACH_M = (64.0, 256.0, 1024.0, np.inf)
BAND_CELL_M = (32.0, 128.0, 512.0, 1024.0)
_HEADER_BYTES = 128  # of an .npy file
_ROW_BITS = 28
_HALF = 1 << (_ROW_BITS - 1)

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Indices = NDArray[np.int64]
NOWHERE = np.empty(0, dtype=np.int64)


def cell_keys(band: Indices, x_m: Floats, y_m: Floats) -> Indices:
    """Return each camera's cell as one number: band, row, column, in this order of weight."""
    cell = np.asarray(BAND_CELL_M)[band]
    column = np.floor(x_m / cell).astype(np.int64) + _HALF
    row = np.floor(y_m / cell).astype(np.int64) + _HALF
    keys: Indices = (band << (2 * _ROW_BITS)) | (row << _ROW_BITS) | column
    return keys


def band_of(range_m: NDArray[np.floating]) -> Indices:
    """Return the band that each range falls into."""
    return np.searchsorted(np.asarray(BAND_REACH_M), range_m, side="left").astype(np.int64)


@dataclass(frozen=True, eq=False)
class CameraColumns:
    """One entry a camera, in grid order. `no` is the camera's row in the table, `site` its site's number or -1.

    `azimuth_deg` is NaN where the direction is unknown. Unknown heights, angles and ranges are filled with what
    `assumed.py` takes for them, and such a camera bears the flag ASSUMED.
    """

    x_m: Floats
    y_m: Floats
    height_m: Singles
    azimuth_deg: Singles
    tilt_deg: Singles
    hfov_deg: Singles
    vfov_deg: Singles
    range_m: Singles
    width_px: NDArray[np.int32]
    count: NDArray[np.int32]
    flags: NDArray[np.uint8]
    purpose: NDArray[np.uint8]  # position in PURPOSES
    site: NDArray[np.int32]
    no: Indices
    cells: Indices  # the cells that hold cameras, ascending
    starts: Indices  # where each cell's cameras begin; one more than cells
    place: NDArray[np.int32]  # by `no`: the camera's index here, or -1
    reach_m: Singles  # how far the farthest-seeing camera of each band reaches
    generation: int = 0

    def __len__(self) -> int:
        return len(self.x_m)

    def index_of_no(self, no: int) -> int | None:
        """Return the index of the camera with that row number."""
        index = int(self.place[no]) if 0 <= no < len(self.place) else -1
        return None if index < 0 else index

    def band_at(self, index: int) -> int:
        """Return the band in which a camera lies."""
        cell = int(np.searchsorted(self.starts, index, side="right")) - 1
        return int(self.cells[cell]) >> (2 * _ROW_BITS)

    def in_box(self, west_m: float, south_m: float, east_m: float, north_m: float) -> Indices:
        """Return the indices of the cameras that stand in a box."""
        found = np.concatenate([self._cells_in(b, west_m, south_m, east_m, north_m) for b in self._bands] or [NOWHERE])
        x, y = self.x_m[found], self.y_m[found]
        kept: Indices = found[(x >= west_m) & (x <= east_m) & (y >= south_m) & (y <= north_m)]
        return kept

    def near(self, x_m: float, y_m: float, beyond_m: float = 0.0) -> Indices:
        """Return the indices of the cameras whose range reaches within `beyond_m` of a spot."""
        parts = [self._about(band, x_m, y_m, float(self.reach_m[band]) + beyond_m) for band in self._bands]
        found = np.concatenate(parts or [NOWHERE])
        away_x, away_y = self.x_m[found] - x_m, self.y_m[found] - y_m
        reach = self.range_m[found].astype(np.float64) + beyond_m
        kept: Indices = found[away_x * away_x + away_y * away_y <= reach * reach]
        return kept

    def _about(self, band: int, x_m: float, y_m: float, reach_m: float) -> Indices:
        return self._cells_in(band, x_m - reach_m, y_m - reach_m, x_m + reach_m, y_m + reach_m)

    @cached_property
    def _bands(self) -> list[int]:
        return [band for band in range(len(BAND_REACH_M)) if self.reach_m[band] > 0]

    def _cells_in(self, band: int, west_m: float, south_m: float, east_m: float, north_m: float) -> Indices:
        """Return the indices of all cameras in the cells that a box touches: one slice for each row of cells."""
        cell = BAND_CELL_M[band]
        rows = np.arange(int(south_m // cell), int(north_m // cell) + 1, dtype=np.int64) + _HALF
        line = (band << (2 * _ROW_BITS)) | (rows << _ROW_BITS)
        first = np.searchsorted(self.cells, line + (int(west_m // cell) + _HALF), side="left")
        last = np.searchsorted(self.cells, line + (int(east_m // cell) + _HALF), side="right")
        return ranges(self.starts[first], self.starts[last])


ARRAYS: tuple[str, ...] = tuple(field.name for field in fields(CameraColumns) if field.name != "generation")


def write_columns(columns: CameraColumns, folder: Path) -> None:
    """Write each array as one .npy file."""
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", getattr(columns, name))


def read_columns(folder: Path, generation: int) -> CameraColumns:
    """Map the arrays of a folder into memory. Raises OSError, ValueError when it is not whole."""
    return CameraColumns(**{name: _mapped(folder / f"{name}.npy") for name in ARRAYS}, generation=generation)


def _mapped(file: Path) -> NDArray[Any]:
    """Return a file's array as a plain view of its memory map; an empty one cannot be mapped."""
    mapped = np.load(file, mmap_mode="r" if file.stat().st_size > _HEADER_BYTES else None)
    return np.asarray(mapped)  # np.memmap costs microseconds more at each use
