"""What part of the plane is on the screen. Metres of EPSG:5186 with y up; pixels with y down, logical (not device).

Zoom has steps of a fourth of an octave. At rest a view stands on a step, so that tiles are shown pixel for pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

STEPS_PER_OCTAVE = 4
LOWEST_LEVEL, HIGHEST_LEVEL = -40, 14  # 0.001 px/m: a country; 11 px/m: a doorway
Bounds = tuple[float, float, float, float]  # west, south, east, north in metres
Scalar = TypeVar("Scalar", float, NDArray[np.float64])


def scale_of(level: int) -> float:
    """Return pixels per metre of a zoom step."""
    return float(2.0 ** (level / STEPS_PER_OCTAVE))


def level_below(px_per_m: float) -> int:
    """Return the largest zoom step that is not larger than a scale, within the limits."""
    level = math.floor(math.log2(px_per_m) * STEPS_PER_OCTAVE + 1e-6)
    return clamp_level(level)


def level_near(px_per_m: float) -> int:
    """Return the zoom step nearest to a scale, within the limits."""
    return clamp_level(round(math.log2(px_per_m) * STEPS_PER_OCTAVE))


def clamp_level(level: int) -> int:
    return min(max(level, LOWEST_LEVEL), HIGHEST_LEVEL)


@dataclass(frozen=True)
class Margins:
    """Pixels kept free at each side when something is fitted."""

    left: float = 48.0
    top: float = 72.0
    right: float = 48.0
    bottom: float = 56.0


@dataclass(frozen=True)
class MapView:
    """Centre in metres, scale in pixels per metre, size of the screen in pixels."""

    x_m: float
    y_m: float
    px_per_m: float
    width_px: int
    height_px: int

    @property
    def origin_px(self) -> tuple[int, int]:
        """Whole pixels from the plane's zero to the screen's left top, so that tiles fall on the pixel grid."""
        return (
            round(self.x_m * self.px_per_m - self.width_px / 2.0),
            round(-self.y_m * self.px_per_m - self.height_px / 2.0),
        )

    @property
    def level(self) -> int:
        """The zoom step nearest to the scale."""
        return level_near(self.px_per_m)

    @property
    def at_rest(self) -> bool:
        """Whether the scale is exactly a zoom step."""
        return math.isclose(self.px_per_m, scale_of(self.level), rel_tol=1e-9)

    def to_screen(self, x_m: Scalar, y_m: Scalar) -> tuple[Scalar, Scalar]:
        """Return pixels for metres; scalars or arrays."""
        left, top = self.origin_px
        return x_m * self.px_per_m - left, -y_m * self.px_per_m - top

    def to_plane(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return metres for pixels."""
        left, top = self.origin_px
        return (x_px + left) / self.px_per_m, -(y_px + top) / self.px_per_m

    def bounds_m(self, margin_px: float = 0.0) -> Bounds:
        """Return what the screen and a margin around it cover."""
        west, north = self.to_plane(-margin_px, -margin_px)
        east, south = self.to_plane(self.width_px + margin_px, self.height_px + margin_px)
        return west, south, east, north

    def panned(self, right_px: float, down_px: float) -> MapView:
        """Return the view after its content has moved by so many pixels."""
        return replace(self, x_m=self.x_m - right_px / self.px_per_m, y_m=self.y_m + down_px / self.px_per_m)

    def zoomed(self, px_per_m: float, x_px: float, y_px: float) -> MapView:
        """Return the view at another scale with the plane's point under a pixel kept there."""
        x, y = self.to_plane(x_px, y_px)
        off_x, off_y = x_px - self.width_px / 2.0, y_px - self.height_px / 2.0
        return replace(self, x_m=x - off_x / px_per_m, y_m=y + off_y / px_per_m, px_per_m=px_per_m)

    def resized(self, width_px: int, height_px: int) -> MapView:
        """Return the view on a screen of another size, with its centre kept."""
        return replace(self, width_px=max(1, width_px), height_px=max(1, height_px))

    def fitted(self, bounds: Bounds, margins: Margins = Margins(), highest: int = HIGHEST_LEVEL) -> MapView:
        """Return a view on a zoom step, at most `highest`, that shows all of `bounds` inside the margins."""
        west, south, east, north = bounds
        room_x = max(1.0, self.width_px - margins.left - margins.right)
        room_y = max(1.0, self.height_px - margins.top - margins.bottom)
        fitting = min(room_x / max(east - west, 1e-3), room_y / max(north - south, 1e-3))
        scale = scale_of(min(level_below(fitting), highest))
        aside_px, down_px = (margins.left - margins.right) / 2.0, (margins.top - margins.bottom) / 2.0
        x, y = (west + east) / 2.0 - aside_px / scale, (south + north) / 2.0 + down_px / scale
        return replace(self, x_m=x, y_m=y, px_per_m=scale)


def between(start: MapView, end: MapView, part: float) -> MapView:
    """Return the view at a part (0..1) of the way: even steps of zoom about the one point that stays where it is."""
    scale = start.px_per_m * (end.px_per_m / start.px_per_m) ** part
    spread = 1.0 / end.px_per_m - 1.0 / start.px_per_m
    way = part if abs(spread) * start.px_per_m < 1e-6 else (1.0 / scale - 1.0 / start.px_per_m) / spread
    x, y = start.x_m + (end.x_m - start.x_m) * way, start.y_m + (end.y_m - start.y_m) * way
    return replace(end, x_m=x, y_m=y, px_per_m=scale)
