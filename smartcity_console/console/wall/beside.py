"""Where a second picture of the same camera stands: in half of its tile, or over the tile next to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from PySide6.QtCore import QRect

from smartcity_console.console.wall.layouts import GAP_PX, neighbour

SMALLEST_HALF_PX = 320  # a picture narrower than this is of no use for looking back
_SHAPE = 16 / 9
_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1))


class Beside(NamedTuple):
    """`covers`: the place that lies under the pane and is not decoded meanwhile; None when the tile was split."""

    tile: QRect
    pane: QRect
    covers: int | None = None


def beside(places: list[QRect], at: int, free: Collection[int], avoid: Collection[int] = ()) -> Beside:
    """Return where a tile and its pane go. An empty place next to it is taken first, one in `avoid` never."""
    room = places[at]
    split = max((_side_by_side(room), _one_over_the_other(room)), key=lambda halves: _picture_px(halves.pane))
    if _picture_px(split.pane) >= SMALLEST_HALF_PX:
        return split
    near = [neighbour(places, at, *way) for way in _WAYS]
    good = [n for n in near if n is not None and n not in avoid and _picture_px(places[n]) > _picture_px(split.pane)]
    if not good:
        return split
    best = min(good, key=lambda n: (n not in free, _picture_px(places[n]) > 1.5 * _picture_px(room), good.index(n)))
    return Beside(room, places[best], best)


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


def _picture_px(rect: QRect) -> float:
    """Return how wide a picture becomes in it."""
    return min(rect.width(), rect.height() * _SHAPE)
