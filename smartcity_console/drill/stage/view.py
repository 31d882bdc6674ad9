"""How a camera's pose becomes a picture: an ideal pinhole, so that picture and sight geometry agree."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NEAR_M, FAR_M = 0.25, 900.0


@dataclass(frozen=True)
class View:
    """A pinhole camera at `eye` (local metres), looking `azimuth_deg` clockwise from north, `tilt_deg` below level."""

    eye: tuple[float, float, float]
    azimuth_deg: float
    tilt_deg: float
    hfov_deg: float
    width_px: int
    height_px: int

    @property
    def focal_px(self) -> float:
        """Focal length in pixels; pixels are square."""
        return self.width_px / 2.0 / math.tan(math.radians(self.hfov_deg) / 2.0)

    def axes(self) -> Floats:
        """Return rows right, up and forward (unit vectors, local frame) as a 3x3 array."""
        azimuth, tilt = math.radians(self.azimuth_deg), math.radians(self.tilt_deg)
        level = np.array([math.sin(azimuth), math.cos(azimuth), 0.0])
        forward = level * math.cos(tilt) + np.array([0.0, 0.0, -math.sin(tilt)])
        right = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
        return np.stack([right, np.cross(right, forward), forward])

    def matrix(self) -> Floats:
        """Return the 4x4 world-to-clip matrix (OpenGL clip space, depth -1..1)."""
        right, up, forward = self.axes()
        eye = np.array(self.eye)
        look = np.eye(4)
        for row, axis in enumerate((right, up, -forward)):
            look[row, :3] = axis
            look[row, 3] = -float(axis @ eye)
        return self._projection() @ look

    def _projection(self) -> Floats:
        lens = np.zeros((4, 4))
        lens[0, 0] = 2.0 * self.focal_px / self.width_px
        lens[1, 1] = 2.0 * self.focal_px / self.height_px
        lens[2, 2] = (FAR_M + NEAR_M) / (NEAR_M - FAR_M)
        lens[2, 3] = 2.0 * FAR_M * NEAR_M / (NEAR_M - FAR_M)
        lens[3, 2] = -1.0
        return lens

    def project(self, points: Floats) -> Floats:
        """Return (n, 3) columns x_px, y_px (origin top left) and distance along the axis in metres (<= 0: behind)."""
        relative = np.atleast_2d(points) - np.array(self.eye)
        right, up, forward = (relative @ self.axes().T).T
        depth = np.where(np.abs(forward) < 1e-9, 1e-9, forward)
        x_px = self.width_px / 2.0 + self.focal_px * right / depth
        y_px = self.height_px / 2.0 - self.focal_px * up / depth
        return np.stack([x_px, y_px, forward], axis=1)

    def sees(self, point: tuple[float, float, float]) -> bool:
        """Tell whether a point falls inside the frame (walls are not considered)."""
        x_px, y_px, depth_m = self.project(np.array([point]))[0]
        return bool(depth_m > NEAR_M and 0 <= x_px < self.width_px and 0 <= y_px < self.height_px)


def sun_direction(azimuth_deg: float, altitude_deg: float) -> Floats:
    """Return the unit vector from the ground towards the sun."""
    azimuth, altitude = math.radians(azimuth_deg), math.radians(altitude_deg)
    level = math.cos(altitude)
    return np.array([math.sin(azimuth) * level, math.cos(azimuth) * level, math.sin(altitude)])


def shadow_matrix(sun: Floats, centre: Floats, radius_m: float) -> Floats:
    """Return the orthographic world-to-clip matrix of a square shadow map of half-width `radius_m` about `centre`."""
    side = np.cross(np.array([0.0, 0.0, 1.0]), sun)
    side /= np.linalg.norm(side)
    rows = (side / radius_m, np.cross(sun, side) / radius_m, -sun / 400.0)
    matrix = np.eye(4)
    for row, axis in enumerate(rows):
        matrix[row, :3] = axis
        matrix[row, 3] = -float(axis @ centre)
    return matrix
