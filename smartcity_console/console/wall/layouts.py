"""Where the tiles of a wall stand: even grids, and a large tile with small ones around it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

GAP_PX = 6
_GRIDS = ((1, 1), (2, 2), (2, 3), (3, 3), (4, 4), (5, 5))  # columns, rows
COUNTS = tuple(columns * rows for columns, rows in _GRIDS)
"""How many tiles an even wall can have."""

Cell = tuple[int, int, int]  # column, row, side, in units of the grid


@dataclass(frozen=True)
class Layout:
    """Square cells over a grid of equal units, in the order of their places."""

    id: str
    columns: int
    rows: int
    cells: tuple[Cell, ...]

    def __len__(self) -> int:
        return len(self.cells)

    def places(self, room: QRect) -> list[QRect]:
        """Return the rectangle of each place; together they fill `room` to the pixel."""
        across = _cuts(room.left(), room.width(), self.columns)
        down = _cuts(room.top(), room.height(), self.rows)
        return [_cell(across, down, cell) for cell in self.cells]


def _even(columns: int, rows: int) -> Layout:
    cells = tuple((column, row, 1) for row in range(rows) for column in range(columns))
    return Layout(str(columns * rows), columns, rows, cells)


def _around(units: int) -> Layout:
    """Return one large tile at the left top with small ones down its right and along its foot."""
    right = tuple((units - 1, row, 1) for row in range(units - 1))
    foot = tuple((column, units - 1, 1) for column in range(units))
    cells = ((0, 0, units - 1), *right, *foot)
    return Layout(f"1+{len(cells) - 1}", units, units, cells)


LAYOUTS = {layout.id: layout for layout in (*(_even(*grid) for grid in _GRIDS), _around(3), _around(4))}
"""Every layout by its id: 1, 4, 6, 9, 16, 25, 1+5, 1+7."""


def tiles_for(cameras: int) -> int:
    """Return the smallest wall that shows this many cameras; the largest when none does."""
    return next((count for count in COUNTS if count >= cameras), COUNTS[-1])


def grid(count: int, room: QRect) -> list[QRect]:
    """Return the rectangles of a wall of `count` tiles (one of COUNTS), row by row, filling `room` to the pixel."""
    return LAYOUTS[str(count)].places(room)


def neighbour(places: list[QRect], at: int, across: int, down: int) -> int | None:
    """Return the nearest place in a direction that overlaps this one sideways; None at the edge."""
    here = places[at]
    ahead = [(_away(here, place, across, down), index) for index, place in enumerate(places) if index != at]
    found = [(away, index) for away, index in ahead if away is not None]
    return min(found)[1] if found else None


def _away(here: QRect, there: QRect, across: int, down: int) -> tuple[int, int] | None:
    """Return (gap, offset of the near corner) of a place that lies ahead; None for one that does not."""
    if across:
        ahead = there.left() - here.right() if across > 0 else here.left() - there.right()
        beside = there.top() <= here.bottom() and here.top() <= there.bottom()
        return (ahead, abs(there.top() - here.top())) if ahead > 0 and beside else None
    ahead = there.top() - here.bottom() if down > 0 else here.top() - there.bottom()
    below = there.left() <= here.right() and here.left() <= there.right()
    return (ahead, abs(there.left() - here.left())) if ahead > 0 and below else None


def _cell(across: list[tuple[int, int]], down: list[tuple[int, int]], cell: Cell) -> QRect:
    column, row, side = cell
    left, top = across[column][0], down[row][0]
    right, bottom = across[column + side - 1], down[row + side - 1]
    return QRect(QPoint(left, top), QPoint(right[0] + right[1] - 1, bottom[0] + bottom[1] - 1))


def _cuts(start_px: int, length_px: int, parts: int) -> list[tuple[int, int]]:
    """Cut a length into parts with gaps; pixels that do not divide go to the first parts."""
    whole, rest = divmod(max(0, length_px - GAP_PX * (parts - 1)), parts)
    cuts, at = [], start_px
    for part in range(parts):
        size = whole + (1 if part < rest else 0)
        cuts.append((at, size))
        at += size + GAP_PX
    return cuts
