"""What the renderer is given: a still block, and for each second what moves in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]  # west, south, width, height in local metres


@dataclass(frozen=True)
class GroundSheet:
    """A painted piece of ground: `pixels` (h, w, 4) uint8 sRGB + openness to the sky, row 0 at the south edge."""

    pixels: NDArray[np.uint8]
    box: Box


@dataclass(frozen=True)
class Light:
    """The day's light. Colours are linear, relative to a white of about 1 under full sun."""

    sun_azimuth_deg: float = 232.0
    sun_altitude_deg: float = 36.0
    sun: tuple[float, float, float] = (2.35, 1.95, 1.45)
    sky: tuple[float, float, float] = (0.38, 0.46, 0.58)
    bounce: tuple[float, float, float] = (0.22, 0.21, 0.19)


@dataclass(frozen=True)
class Scenery:
    """A block that stands still: triangles (n, mesh.COLUMNS), painted ground, the sign atlas (h, w, 4) uint8."""

    vertices: NDArray[np.float32]
    ground_near: GroundSheet
    ground_far: GroundSheet
    atlas: NDArray[np.uint8]
    light: Light = field(default_factory=Light)


# One puff: centre 3, half size 2, premultiplied-by-shader colour rgba 4, then turn, flat on the ground, glow, seed.
PUFF_COLUMNS = 13


@dataclass(frozen=True)
class Moment:
    """All that moves at one second, the same for every camera.

    `instances`: per model name (n, 20) float32 = column-major 4x4 place + tint rgba.
    `puffs`: (n, PUFF_COLUMNS) float32. `glows`: fires as (x, y, z, reach_m).
    """

    instances: Mapping[str, NDArray[np.float32]]
    puffs: NDArray[np.float32]
    glows: tuple[tuple[float, float, float, float], ...] = ()
    glow_strength: float = 0.0
