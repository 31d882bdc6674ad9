"""What is taken for a camera whose list does not say how it stands: the national file gives a place and little more.

Chosen to promise too little rather than too much: 6 m is the common height of Korean crime-prevention poles, 60 degrees
a 2.8-4 mm lens, 1920 pixels the least bought since 2015, and beyond MONITOR density (IEC/EN 62676-4, 12.5 px/m) nobody
is served by the picture, so that is where an unknown range ends.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

HEIGHT_M, TILT_DEG, HFOV_DEG, WIDTH_PX = 6.0, 15.0, 60.0, 1920
ASPECT = 16.0 / 9.0
MONITOR_PX_PER_M = 12.5
RANGE_LIMIT_M = 200.0
WIDEST_FLAT_DEG = 150.0  # beyond it a flat picture's density is no measure: a fisheye or a dome's whole circle

Number = TypeVar("Number", float, NDArray[np.float64])


def range_of(width_px: Number, hfov_deg: Number) -> Number:
    """Return how far a camera of unknown range is taken to see, in metres."""
    half = np.radians(np.minimum(hfov_deg, WIDEST_FLAT_DEG)) / 2.0
    reach: Number = np.minimum(width_px / (2.0 * np.tan(half) * MONITOR_PX_PER_M), RANGE_LIMIT_M)
    return reach


def height_px_of(width_px: Number) -> Number:
    """Return the height of a picture of which only the width is known."""
    lines: Number = np.round(width_px / ASPECT)
    return lines
