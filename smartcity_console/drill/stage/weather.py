"""What lies between a lens and its scene, as small textures: smoke, rain, drops on the glass, the sensor's noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
STREAKS_PX, SPECKLE_PX = 512, 256
FALL_PX, SLANT = (26.0, 64.0), 0.16  # how long a drop smears in one exposure, and how far the wind carries it
HANGING = 7


def speckle(seed: int = 11) -> Pixels:
    """Return noise (h, w, 4) about the middle grey, independent in each channel."""
    noise = np.random.default_rng(seed).normal(128.0, 46.0, (SPECKLE_PX, SPECKLE_PX, 4))
    return np.asarray(noise.clip(0, 255).astype(np.uint8))


def streaks(seed: int = 12, count: int = 420) -> Pixels:
    """Return falling rain (h, w, 4) that tiles: many faint far drops, few bright near ones."""
    rng = np.random.default_rng(seed)
    sheet = np.zeros((3 * STREAKS_PX, 3 * STREAKS_PX), np.uint8)
    for _ in range(count):
        near = float(rng.uniform()) ** 3
        x, y = rng.uniform(STREAKS_PX, 2 * STREAKS_PX, 2)
        long = FALL_PX[0] + (FALL_PX[1] - FALL_PX[0]) * near
        _streak(sheet, (float(x), float(y)), long, int(40 + 150 * near), 1 if near < 0.5 else 2)
    tiled = sum(
        sheet[r * STREAKS_PX :][:STREAKS_PX, c * STREAKS_PX :][:, :STREAKS_PX].astype(np.int32)
        for r in range(3)
        for c in range(3)
    )
    soft = cv2.GaussianBlur(np.clip(tiled, 0, 255).astype(np.uint8), (3, 3), 0.7)
    return np.dstack([soft] * 4)


def _streak(sheet: Pixels, at: tuple[float, float], long_px: float, bright: int, wide_px: int) -> None:
    end = (at[0] + SLANT * long_px, at[1] + long_px)
    cv2.line(sheet, (round(at[0]), round(at[1])), (round(end[0]), round(end[1])), bright, wide_px, cv2.LINE_AA)


def drops(size: tuple[int, int], seed: int) -> Pixels:
    """Return the drops on one lens (h, w, 4): red and green how far each bends the picture, blue how strongly."""
    wide, high = size[0] // 2, size[1] // 2
    rng = np.random.default_rng((seed, 77))
    field = np.full((high, wide, 4), (128, 128, 0, 255), np.float32)
    y, x = np.mgrid[0:high, 0:wide]
    for _ in range(HANGING):
        cx, cy, radius = rng.uniform(0, wide), rng.uniform(0, high), rng.uniform(0.018, 0.05) * wide
        dx, dy = (x - cx) / radius, (y - cy) / (radius * rng.uniform(1.0, 1.5))
        inside = np.clip(1.0 - np.hypot(dx, dy), 0.0, 1.0)
        covers = np.clip(inside * 1.6, 0.0, 1.0) ** 1.5
        for channel, bend in ((0, -dx), (1, dy)):
            field[..., channel] += covers * 100.0 * bend
        field[..., 2] = np.maximum(field[..., 2], covers * 150.0)
    return np.asarray(field.clip(0, 255).astype(np.uint8))


def cloud_noise(size_px: int = 256) -> NDArray[np.uint8]:
    """Return fractal noise that tiles, two fields in the first two of four channels."""
    rng = np.random.default_rng(3)
    frequency = np.hypot(np.fft.fftfreq(size_px)[:, None], np.fft.rfftfreq(size_px)[None, :]) * size_px
    fields = []
    for _ in range(2):
        spectrum = np.fft.rfft2(rng.normal(size=(size_px, size_px))) / np.maximum(frequency, 2.0) ** 1.5
        field = np.fft.irfft2(spectrum, s=(size_px, size_px))
        fields.append(np.clip(0.5 + 0.22 * field / field.std(), 0.0, 1.0))
    flat = np.zeros_like(fields[0])
    return np.asarray((np.dstack([*fields, flat, flat]) * 255).astype(np.uint8))
