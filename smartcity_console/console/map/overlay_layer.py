"""A layer that workers paint tile by tile over the base map: dots, traffic, what is covered. A frame only copies.

While a zoom step is being painted the nearest one that is known stands in, scaled.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.tile_cache import screen_edges, tiles_over
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import MapView

AHEAD_PX = 96  # painted beyond the screen's edge
FINEST_STEPS = 6  # a stand-in is finer by no more: sixty-four pictures for one would cost more than they show
MOST_TILES, MOST_BYTES = 1_024, 64 * 2**20


class Painted(Protocol):
    """What a worker makes of a tile: at least its picture, None where there is nothing to see."""

    @property
    def image(self) -> QImage | None: ...


T = TypeVar("T", bound=Painted)


class OverlayLayer(Generic[T]):
    """Tiles of one kind. `paint_tile` runs on a worker; `changed` is called on the GUI thread when one has come."""

    def __init__(
        self, pool: JobPool, kind: str, paint_tile: Callable[[TileKey, float], T], changed: Callable[[], None]
    ) -> None:
        self.shown = True
        self._pool, self._kind, self._paint_tile, self._changed = pool, kind, paint_tile, changed
        self._tiles: OrderedDict[TileKey, T] = OrderedDict()
        self._of_level: Counter[int] = Counter()
        self._bytes, self._ratio, self._epoch = 0, 1.0, 0

    def renew(self) -> None:
        """Forget what is painted: what it was painted from has changed."""
        self._epoch += 1
        self._tiles.clear()
        self._of_level.clear()
        self._bytes = 0

    def want(self, view: MapView, ratio: float) -> None:
        """Have painted what a view at rest needs, the middle first."""
        if ratio != self._ratio:
            self._ratio = ratio
            self.renew()
        keys = tiles_over(view.level, view.bounds_m(AHEAD_PX)) if self.shown else ()
        self._pool.post(self._kind, [self._job(key, view) for key in keys if key not in self._tiles])

    def complete(self, view: MapView) -> bool:
        """Return whether all that a view at rest shows is there (or has failed and been reported)."""
        if not self.shown:
            return True
        missing = (key for key in tiles_over(view.level, view.bounds_m()) if key not in self._tiles)
        return all((self._kind, (self._epoch, key)) in self._pool.failed for key in missing)

    def on_screen(self, view: MapView, margin_px: float = 0.0) -> list[tuple[TileKey, T]]:
        """Return the tiles to show: of the view's own zoom step once half of them are there, else of the nearest."""
        for level in [view.level, *self._levels_near(view.level)]:
            keys = list(tiles_over(level, view.bounds_m(margin_px)))
            known = [(key, self._tiles[key]) for key in keys if key in self._tiles]
            if len(known) * 2 >= len(keys):
                return known
        return []

    def paint(self, painter: QPainter, view: MapView) -> None:
        if not self.shown:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)  # see TileLayer
        for key, tile in self.on_screen(view):
            if tile.image is not None:
                left, top, right, bottom = screen_edges(key, view)
                if (right - left, bottom - top) == (TILE_PX, TILE_PX):
                    painter.drawImage(left, top, tile.image)
                else:
                    painter.drawImage(QRect(left, top, right - left, bottom - top), tile.image)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 a picture is not a thing to act on
        return None

    def _levels_near(self, level: int) -> list[int]:
        present = [step for step, count in self._of_level.items() if count and step - level <= FINEST_STEPS]
        return sorted(present, key=lambda step: (abs(step - level), step))

    def _job(self, key: TileKey, view: MapView) -> Job:
        left, top, right, bottom = screen_edges(key, view)
        away_px = math.hypot((left + right - view.width_px) / 2, (top + bottom - view.height_px) / 2)
        named = (self._epoch, key)
        return Job(named, 10.0 + away_px, partial(self._paint_tile, key, self._ratio), partial(self._take, named))

    def _take(self, named: tuple[int, TileKey], tile: T) -> None:
        epoch, key = named
        if epoch != self._epoch:
            return
        self._tiles[key] = tile
        self._of_level[key.level] += 1
        self._bytes += _size(tile)
        while len(self._tiles) > MOST_TILES or (self._bytes > MOST_BYTES and len(self._tiles) > 1):
            old, gone = self._tiles.popitem(last=False)
            self._of_level[old.level] -= 1
            self._bytes -= _size(gone)
        self._changed()


def _size(tile: Painted) -> int:
    return tile.image.sizeInBytes() if tile.image is not None else 0


def blank_tile(ratio: float) -> QImage:
    """Return a transparent picture of a tile's size."""
    side = round(TILE_PX * ratio)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image
