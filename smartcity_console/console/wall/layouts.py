"""Where the tiles of a wall stand."""

from __future__ import annotations

from PySide6.QtCore import QRect

GAP_PX = 6
_GRIDS = ((1, 1), (2, 2), (2, 3), (3, 3), (4, 4), (5, 5))  # columns, rows
COUNTS = tuple(columns * rows for columns, rows in _GRIDS)
"""How many tiles a wall can have."""


def tiles_for(cameras: int) -> int:
    """Return the smallest wall that shows this many cameras; the largest when none does."""
    return next((count for count in COUNTS if count >= cameras), COUNTS[-1])


def grid(count: int, room: QRect) -> list[QRect]:
    """Return the rectangles of a wall of `count` tiles (one of COUNTS), row by row, filling `room` to the pixel."""
    columns, rows = _GRIDS[COUNTS.index(count)]
    across, down = _cuts(room.left(), room.width(), columns), _cuts(room.top(), room.height(), rows)
    return [QRect(x, y, width, height) for y, height in down for x, width in across]


def columns_of(count: int) -> int:
    return _GRIDS[COUNTS.index(count)][0]


def _cuts(start_px: int, length_px: int, parts: int) -> list[tuple[int, int]]:
    """Cut a length into parts with gaps; pixels that do not divide go to the first parts."""
    whole, rest = divmod(max(0, length_px - GAP_PX * (parts - 1)), parts)
    cuts, at = [], start_px
    for part in range(parts):
        size = whole + (1 if part < rest else 0)
        cuts.append((at, size))
        at += size + GAP_PX
    return cuts
