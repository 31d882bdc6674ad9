"""Covers private areas of a decoded picture in its own pixels: whatever shows, magnifies or saves it has no others."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from smartcity_console.model.masks import Polygons

_GREY = (128, 128, 128, 255)
_EDGE_PX = 2


def cover_pixels(pixels: npt.NDArray[np.uint8], polygons: Polygons) -> None:
    """Fill the areas in place, edges included. `pixels`: height x width x 4, BGRA, writable."""
    height, width = pixels.shape[:2]
    for polygon in polygons:
        corners = np.array([(x * width, y * height) for x, y in polygon], np.float64)
        points = np.round(corners).astype(np.int32).reshape(-1, 1, 2)
        cv2.fillPoly(pixels, [points], _GREY)
        cv2.polylines(pixels, [points], True, _GREY, _EDGE_PX)
