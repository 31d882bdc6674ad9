"""Guarded sites: the shops and premises whose alarms come in."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from smartcity_console.city import City, plane
from smartcity_console.console.map import sprites
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.view import MapView
from smartcity_console.model.site import Site

SITES_FROM_PX_PER_M = 0.9
HIT_PX = 9.0


class SiteLayer:
    """Small shields, from a scale on at which they do not bury the streets."""

    def __init__(self, city: City) -> None:
        self.ratio = 1.0
        self._city = city
        self._sites: list[Site] = []
        self._xy: np.ndarray | None = None

    def paint(self, painter: QPainter, view: MapView) -> None:
        for index, x, y in self._on_screen(view):
            del index
            sprites.draw_at(painter, sprites.site(self.ratio), x, y)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:
        for index, x, y in self._on_screen(view):
            if (x - at.x()) ** 2 + (y - at.y()) ** 2 <= HIT_PX**2:
                site = self._sites[index]
                firm = self._city.firms.get(site.firm_id)
                return Hit(
                    "site",
                    site.id,
                    x,
                    y,
                    site.name,
                    tuple(t for t in (firm.name_ko if firm else "", site.address) if t),
                )
        return None

    def _on_screen(self, view: MapView) -> list[tuple[int, float, float]]:
        if view.px_per_m < SITES_FROM_PX_PER_M:
            return []
        x, y = view.to_screen(*self._places().T)
        inside = np.flatnonzero((x > -12) & (y > -12) & (x < view.width_px + 12) & (y < view.height_px + 12))
        return list(zip(inside.tolist(), x[inside].tolist(), y[inside].tolist(), strict=True))

    def _places(self) -> np.ndarray:
        """Return all sites' places in metres, worked out when they are first shown."""
        if self._xy is None:
            self._sites = list(self._city.sites.values())
            lon = np.array([site.position.lon_deg for site in self._sites], dtype=float)
            lat = np.array([site.position.lat_deg for site in self._sites], dtype=float)
            self._xy = np.column_stack(plane.to_xy(lon, lat)) if self._sites else np.empty((0, 2))
        return self._xy
