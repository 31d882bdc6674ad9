"""The base map on the screen: cached tiles, and what comes nearest to those that are still being painted."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter

from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.tile_cache import CACHE_BYTES, TileCache, screen_edges, tiles_over
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import Bounds, MapView, level_below
from smartcity_console.console.theme import colour

OVERVIEW_PX = 1024
FINEST_STEPS = 8  # what stands in for a missing tile is finer by no more: its tiles would be too many to look up
AHEAD_PX = 192  # painted beyond the screen's edge, so that a drag finds its tiles

PaintTile = Callable[[TileKey, float], QImage]


class TileLayer:
    """Never waits: a missing tile shows the nearest other zoom step, scaled."""

    def __init__(self, pool: JobPool, paint_tile: PaintTile, city: Bounds, changed: Callable[[], None]) -> None:
        self.cache = TileCache()
        self._pool, self._paint_tile, self._changed = pool, paint_tile, changed
        self._ratio, self._epoch = 1.0, 0
        level = level_below(OVERVIEW_PX / max(city[2] - city[0], city[3] - city[1], 1.0))
        self._overview = list(tiles_over(level, city))
        self.cache.pin(self._overview)

    def renew(self) -> None:
        """Forget every tile: what they are painted from has changed."""
        self._epoch += 1
        self.cache.clear()

    def want(self, view: MapView, ratio: float) -> None:
        """Have painted what a view at rest needs, nearest to its middle first, then a margin and the overview."""
        if ratio != self._ratio:
            self._ratio = ratio
            self.cache.clear()
            self.cache.limit_bytes = round(CACHE_BYTES * max(1.0, ratio**2))  # as many tiles, each of more pixels
        keys = dict.fromkeys(tiles_over(view.level, view.bounds_m(AHEAD_PX)))
        jobs = [self._job(key, self._urgency(key, view)) for key in keys if key not in self.cache]
        jobs += [self._job(key, 2e6) for key in self._overview if key not in self.cache and key not in keys]
        self._pool.post("tiles", jobs)

    def complete(self, view: MapView) -> bool:
        """Return whether every tile that a view at rest shows is painted (or has failed and been reported)."""
        missing = (key for key in tiles_over(view.level, view.bounds_m()) if key not in self.cache)
        return all(("tiles", (self._epoch, key)) in self._pool.failed for key in missing)

    def paint(self, painter: QPainter, view: MapView) -> None:
        # Nearest neighbour while a zoom runs: smoothing costs 8 ms a frame at 1080p, and nobody reads a moving map.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        screen = QRect(0, 0, view.width_px, view.height_px)
        needed = list(tiles_over(view.level, view.bounds_m()))
        missing = [key for key in needed if key not in self.cache]
        if len(missing) * 2 > len(needed):
            self._substitute(painter, view, screen)
        else:
            for key in missing:
                self._substitute(painter, view, _rect(key, view) & screen)
        for key in needed:
            self._draw(painter, key, view)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 the ground is never hit
        return None

    def _job(self, key: TileKey, urgency: float) -> Job:
        made_for = (self._ratio, self._epoch)
        run, deliver = partial(self._paint_tile, key, self._ratio), partial(self._take, key, made_for)
        return Job((self._epoch, key), urgency, run, deliver)

    def _take(self, key: TileKey, made_for: tuple[float, int], image: QImage) -> None:
        if made_for == (self._ratio, self._epoch):
            self.cache.put(key, image)
            self._changed()

    def _urgency(self, key: TileKey, view: MapView) -> float:
        """Pixels from the screen's middle; what is off the screen comes after all that is on it."""
        rect = _rect(key, view)
        off_screen = 0.0 if rect.intersects(QRect(0, 0, view.width_px, view.height_px)) else 1e6
        middle = rect.center()
        return off_screen + math.hypot(middle.x() - view.width_px / 2, middle.y() - view.height_px / 2)

    def _substitute(self, painter: QPainter, view: MapView, area: QRect) -> None:
        """Fill an area from the nearest zoom step that covers it, or with plain ground."""
        west, north = view.to_plane(area.left(), area.top())
        east, south = view.to_plane(area.right() + 1, area.bottom() + 1)
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, colour("map_ground"))
        for key in self._covering(view.level, (west, south, east, north)):
            self._draw(painter, key, view)
        painter.restore()

    def _covering(self, level: int, bounds: Bounds) -> list[TileKey]:
        for step in self.cache.levels_near(level):
            if step - level > FINEST_STEPS:
                continue
            keys = list(tiles_over(step, bounds))
            if all(key in self.cache for key in keys):
                return keys
        return [key for key in self._overview if key in self.cache]

    def _draw(self, painter: QPainter, key: TileKey, view: MapView) -> None:
        image = self.cache.get(key)
        if image is None:
            return
        rect = _rect(key, view)
        if rect.width() == TILE_PX and rect.height() == TILE_PX:
            painter.drawImage(rect.topLeft(), image)
        else:
            painter.drawImage(rect, image)


def _rect(key: TileKey, view: MapView) -> QRect:
    left, top, right, bottom = screen_edges(key, view)
    return QRect(left, top, right - left, bottom - top)
