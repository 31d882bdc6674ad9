"""Painted tiles, bounded in bytes; the one longest unseen goes first."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator

from PySide6.QtGui import QImage

from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import Bounds, MapView, scale_of

CACHE_BYTES = 96 * 2**20


class TileCache:
    """Least recently used first out; pinned tiles (the overview under everything) stay."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self.bytes = 0
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._pinned: set[TileKey] = set()
        self._of_level: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._tiles)

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles

    def get(self, key: TileKey) -> QImage | None:
        """Return a tile and count it as seen."""
        image = self._tiles.get(key)
        if image is not None:
            self._tiles.move_to_end(key)
        return image

    def put(self, key: TileKey, image: QImage) -> None:
        self._forget(key)
        self._tiles[key] = image
        self._of_level[key.level] += 1
        self.bytes += image.sizeInBytes()
        self._shrink()

    def pin(self, keys: Iterable[TileKey]) -> None:
        """Keep these, present or to come, for good."""
        self._pinned.update(keys)

    def clear(self) -> None:
        self._tiles.clear()
        self._of_level.clear()
        self.bytes = 0

    def levels_near(self, level: int) -> list[int]:
        """Return the zoom steps that have tiles, nearest first; of two equally near the coarser (fewer tiles)."""
        present = [step for step, count in self._of_level.items() if count]
        return sorted(present, key=lambda step: (abs(step - level), step))

    def _shrink(self) -> None:
        loose = [key for key in self._tiles if key not in self._pinned] if self.bytes > self.limit_bytes else []
        for key in loose:
            if self.bytes <= self.limit_bytes:
                return
            self._forget(key)

    def _forget(self, key: TileKey) -> None:
        image = self._tiles.pop(key, None)
        if image is not None:
            self.bytes -= image.sizeInBytes()
            self._of_level[key.level] -= 1


def tiles_over(level: int, bounds: Bounds) -> Iterator[TileKey]:
    """Yield the tiles of a zoom step that cover bounds, row by row."""
    scale = scale_of(level) / TILE_PX
    west, south, east, north = bounds
    for row in range(math.floor(-north * scale), math.floor(-south * scale - 1e-9) + 1):
        for column in range(math.floor(west * scale), math.floor(east * scale - 1e-9) + 1):
            yield TileKey(level, column, row)


def screen_edges(key: TileKey, view: MapView) -> tuple[int, int, int, int]:
    """Return a tile's left, top, right, bottom on the screen in whole pixels, so that neighbours meet without a seam."""
    step = TILE_PX * view.px_per_m / scale_of(key.level)
    left, top = view.origin_px
    return (
        round(key.column * step) - left,
        round(key.row * step) - top,
        round((key.column + 1) * step) - left,
        round((key.row + 1) * step) - top,
    )
