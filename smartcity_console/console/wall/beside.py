"""Where a second picture of the same camera stands: in half of its tile, or of a block of tiles around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from PySide6.QtCore import QRect

from smartcity_console.console.wall.layouts import GAP_PX

SMALLEST_PX = 300  # a picture narrower than this is of no use for looking back
FOOT_PX = 56  # of a pane, for its scrub bar and buttons
_SHAPE = 16 / 9


class Beside(NamedTuple):
    """`covers`: the places that lie under the two and are not decoded meanwhile."""

    tile: QRect
    pane: QRect
    covers: tuple[int, ...] = ()


def beside(places: list[QRect], at: int, free: Collection[int] = (), avoid: Collection[int] = ()) -> Beside:
    """Return where a tile and its pane go: the smallest block of whole tiles whose half is large enough.

    Empty places are taken first, those in `avoid` never; where nothing is large enough, the largest there is.
    """
    blocks = [_halved(block, cells, places[at]) for block, cells in _blocks(places, at) if not set(cells) & set(avoid)]
    enough = [block for block in blocks if _picture_px(block.pane) >= SMALLEST_PX]
    if not enough:
        return max(blocks, key=lambda block: (_picture_px(block.pane), -len(block.covers)))
    return min(enough, key=lambda block: (len(set(block.covers) - set(free)), len(block.covers)))


def _blocks(places: list[QRect], at: int) -> Iterator[tuple[QRect, tuple[int, ...]]]:
    """Yield each rectangle between this tile and another that cuts no tile, with the tiles in it."""
    for other in places:
        block = places[at].united(other)
        if all(block.contains(place) or not block.intersects(place) for place in places):
            yield block, tuple(n for n, place in enumerate(places) if n != at and block.contains(place))


def _halved(block: QRect, cells: tuple[int, ...], tile: QRect) -> Beside:
    """Cut a block in two; the tile stays on its own side."""
    halves = max((_side_by_side(block), _one_over_the_other(block)), key=lambda two: _picture_px(two.pane))
    if halves.pane.contains(tile.center()):
        return Beside(halves.pane, halves.tile, cells)
    return Beside(halves.tile, halves.pane, cells)


def _side_by_side(room: QRect) -> Beside:
    left = (room.width() - GAP_PX) // 2
    return Beside(
        QRect(room.left(), room.top(), left, room.height()),
        QRect(room.left() + left + GAP_PX, room.top(), room.width() - left - GAP_PX, room.height()),
    )


def _one_over_the_other(room: QRect) -> Beside:
    high = (room.height() - GAP_PX) // 2
    return Beside(
        QRect(room.left(), room.top(), room.width(), high),
        QRect(room.left(), room.top() + high + GAP_PX, room.width(), room.height() - high - GAP_PX),
    )


def _picture_px(pane: QRect) -> float:
    """Return how wide a picture becomes in a pane."""
    return min(pane.width(), (pane.height() - FOOT_PX) * _SHAPE)
