"""What the renderer is given: a still block, and for each second what moves in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage.light import DAYLIGHT, Daylight

Box = tuple[float, float, float, float]  # west, south, width, height in local metres


@dataclass(frozen=True)
class GroundSheet:
    """A painted piece of ground: `pixels` (h, w, 4) uint8 sRGB + openness to the sky, row 0 at the south edge."""

    pixels: NDArray[np.uint8]
    box: Box


@dataclass(frozen=True)
class Scenery:
    """A block that stands still: triangles (n, mesh.COLUMNS), painted ground, the sign atlas (h, w, 4) uint8.

    `lamps`: (n, LAMP_COLUMNS) place 3, strength, colour 3 of what shines by night.
    """

    vertices: NDArray[np.float32]
    ground_near: GroundSheet
    ground_far: GroundSheet
    atlas: NDArray[np.uint8]
    light: Daylight = DAYLIGHT
    lamps: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, LAMP_COLUMNS), np.float32))


LAMP_COLUMNS = 7
GLOW_COLUMNS = 7  # place 3, reach in metres, colour 3 (linear, above 1 for what blinds)

# One puff: centre 3, half size 2, premultiplied-by-shader colour rgba 4, then turn, flat on the ground, glow, seed.
PUFF_COLUMNS = 13


@dataclass(frozen=True)
class Moment:
    """All that moves at one second, the same for every camera.

    `instances`: per model name (n, 20) float32 = column-major 4x4 place + tint rgba.
    `puffs`: (n, PUFF_COLUMNS) float32. `glows`: (n, GLOW_COLUMNS) float32, what lights its surroundings: fires, headlights.
    """

    instances: Mapping[str, NDArray[np.float32]]
    puffs: NDArray[np.float32]
    glows: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, GLOW_COLUMNS), np.float32))
