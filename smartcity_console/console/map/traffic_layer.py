"""How fast the traffic runs: links of the road graph by the share of their allowed speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPen

from smartcity_console.city import City
from smartcity_console.console.map.jobs import JobPool
from smartcity_console.console.map.overlay_layer import OverlayLayer, blank_tile
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import scale_of
from smartcity_console.console.theme import colour

FROM_PX_PER_M = 0.06
STANDING, SLOW = (
    0.25,
    0.5,
)  # shares of the allowed speed; free traffic stays quiet (ISA-101: colour is for what is abnormal)
UNKNOWN_LIMIT_KMH = 50.0


@dataclass(frozen=True)
class TrafficTile:
    image: QImage | None


class TrafficLayer(OverlayLayer[TrafficTile]):
    """Free links thin and grey, slow ones amber, standing ones red and thick: shape and colour say the same."""

    def __init__(self, city: City, pool: JobPool, changed: Callable[[], None]) -> None:
        super().__init__(pool, "traffic", self._tile, changed)
        self._city = city
        self.told = ""
        self._links: Packed | None = None
        self._share: np.ndarray = np.empty(0)  # of the allowed speed, by link; nan where nothing is known

    @property
    def known(self) -> bool:
        """Whether there are any speeds to show."""
        return len(self._share) > 0

    def set_speeds(self, speeds_kmh: Mapping[str, float], told: str = "") -> None:
        """Take the latest speeds by link id; a link that is not named shows nothing. `told` is said beside them."""
        self.told = told
        graph = self._city.base.graph
        limit = np.asarray(graph.max_speed_kmh, dtype=float)
        speed = np.array([speeds_kmh.get(link, np.nan) for link in graph.link_id], dtype=float)
        share = speed / np.where(limit > 0, limit, UNKNOWN_LIMIT_KMH)
        known = np.flatnonzero(~np.isnan(share))
        self._links, self._share = Packed.of(graph.geometries[known]), share[known]
        self.renew()

    def _tile(self, key: TileKey, ratio: float) -> TrafficTile:
        links, scale = self._links, scale_of(key.level)
        parts = (
            links.within(key.bounds_m(8.0))
            if links is not None and scale >= FROM_PX_PER_M
            else np.empty(0, dtype=np.int64)
        )
        if links is None or not len(parts):
            return TrafficTile(None)
        image = blank_tile(ratio)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        share = self._share[links.owner[parts]]
        groups = (
            (share >= SLOW, "neutral", 1.2),
            ((share >= STANDING) & (share < SLOW), "warn", 2.4),
            (share < STANDING, "danger", 3.6),
        )
        for members, name, width_px in groups:
            painter.setPen(QPen(colour(name, 0.9), width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for path in links.paths(parts[members], scale, key.column * TILE_PX, key.row * TILE_PX):
                painter.drawPath(path)
        painter.end()
        return TrafficTile(image)
