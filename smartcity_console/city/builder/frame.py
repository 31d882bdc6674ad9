"""The drawing frame of the plan: u roughly east, v roughly north, bent and turned into the plane of EPSG:5186.

Drawing straight and bending afterwards gives streets that follow the land instead of a ruler.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from smartcity_console.city.base import Numbers

# Rolling farm land in the south-east of 경기도; the city is fictional.
ORIGIN_X_M, ORIGIN_Y_M = 238_000.0, 492_000.0
SIZE_U_M, SIZE_V_M = 6_000.0, 5_000.0
TURN_DEG = 14.0
Controls = Sequence[tuple[float, float]]


def to_plane(uv: Numbers) -> Numbers:
    """Return plane metres, shape (n, 2), of frame metres."""
    u, v = uv[:, 0], uv[:, 1]
    bent_u = u + 110.0 * np.sin(v / 900.0 + 0.6) + 35.0 * np.sin(v / 310.0 + u / 2400.0)
    bent_v = v + 130.0 * np.sin(u / 1150.0 + 0.4) + 30.0 * np.sin(u / 340.0 + v / 1900.0)
    turn = math.radians(TURN_DEG)
    du, dv = bent_u - SIZE_U_M / 2, bent_v - SIZE_V_M / 2
    x = du * math.cos(turn) - dv * math.sin(turn)
    y = du * math.sin(turn) + dv * math.cos(turn)
    return np.column_stack([ORIGIN_X_M + SIZE_U_M / 2 + x, ORIGIN_Y_M + SIZE_V_M / 2 + y])


def curve(controls: Controls, step_m: float = 40.0) -> LineString:
    """Return the plane line through frame points, smoothed as a Catmull-Rom spline."""
    points = np.asarray(controls, dtype=float)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    spans = [_span(padded[i : i + 4], step_m) for i in range(len(points) - 1)]
    return LineString(np.round(to_plane(np.vstack([*spans, points[-1:]])), 2))


def _span(four: Numbers, step_m: float) -> Numbers:
    """Return the points of one spline span, the last one left out."""
    count = max(2, round(float(np.hypot(*(four[2] - four[1]))) / step_m))
    t = np.linspace(0.0, 1.0, count, endpoint=False)[:, None]
    a, b, c, d = four
    linear, square, cube = c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
    points: Numbers = 0.5 * (2 * b + linear * t + square * t**2 + cube * t**3)
    return points


def outline() -> Polygon:
    """Return the city's limits: a rounded shape with a wavering edge."""
    angles = np.linspace(0.0, 2 * math.pi, 180, endpoint=False)
    wave = 1.0 + 0.035 * np.sin(3 * angles + 1.0) + 0.025 * np.sin(7 * angles) + 0.012 * np.sin(17 * angles)
    # A superellipse of power 4 fills a screen better than an ellipse.
    reach = wave / (np.abs(np.cos(angles)) ** 4 + np.abs(np.sin(angles)) ** 4) ** 0.25
    u = SIZE_U_M / 2 + 2_750.0 * reach * np.cos(angles)
    v = SIZE_V_M / 2 + 2_250.0 * reach * np.sin(angles)
    return shapely.set_precision(Polygon(to_plane(np.column_stack([u, v]))), 0.01)


def place(u: float, v: float) -> tuple[float, float]:
    """Return the plane point of one frame point."""
    x, y = to_plane(np.array([[u, v]]))[0]
    return float(x), float(y)
