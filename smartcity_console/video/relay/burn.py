"""Privacy masks as filled areas of a picture in YUV 4:2:0. Polygons are in parts of width and height, 0 … 1."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Polygon = Sequence[tuple[float, float]]
Masks = Sequence[Polygon]
_Plane = npt.NDArray[np.uint8]
_GREY = 128  # of luma and of both colour differences: a neutral grey


class Burner:
    """Fills the polygons of one picture size; drawn once, applied to every picture."""

    def __init__(self, masks: Masks, width_px: int, height_px: int) -> None:
        """`width_px` and `height_px` are even. A polygon reaching outside is cut; its edge pixels are covered too."""
        self._luma = _drawn(masks, width_px, height_px)
        halves = self._luma.reshape(height_px // 2, 2, width_px // 2, 2)
        self._chroma = halves.any(axis=(1, 3))
        self._height_px, self._width_px = height_px, width_px

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Which pixels are covered: height x width."""
        return self._luma

    def burn(self, planes: _Plane) -> None:
        """Fill in place. `planes`: 3/2 height x width, as PyAV gives yuv420p."""
        height, quarter = self._height_px, self._height_px * self._width_px // 4
        planes[:height][self._luma] = _GREY
        colours = planes[height:].reshape(-1)
        for first in (0, quarter):
            colours[first : first + quarter].reshape(self._chroma.shape)[self._chroma] = _GREY


def _drawn(masks: Masks, width_px: int, height_px: int) -> npt.NDArray[np.bool_]:
    canvas = np.zeros((height_px, width_px), np.uint8)
    for polygon in masks:
        corners = np.array([(x * width_px, y * height_px) for x, y in polygon], np.float64)
        points = np.round(np.clip(corners, -(2**14), 2**14)).astype(np.int32)
        cv2.fillPoly(canvas, [points.reshape(-1, 1, 2)], 1)
    covered = np.asarray(cv2.dilate(canvas, np.ones((3, 3), np.uint8)), np.uint8)
    return covered.astype(np.bool_)
