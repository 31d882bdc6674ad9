"""Fire, smoke and escaping gas at any place of a scenario: in the nearest wall's window, or on open ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.drill.scenario.model import Blaze
from smartcity_console.drill.stage.block import Block
from smartcity_console.drill.stage.facades import street_front
from smartcity_console.drill.stage.fire import Curve, Fire
from smartcity_console.drill.stage.players import local
from smartcity_console.drill.stage.scenery import GLOW_COLUMNS, PUFF_COLUMNS

WALL_WITHIN_M, SILL_M = 3.0, 1.1
GAS_PER_S, GAS_LIFE_S, GAS_SPREAD_M = 9.0, 5.0, 1.7
NEVER: Curve = ((0.0, 1.0), (0.0, 0.0))


@dataclass(frozen=True)
class Gas:
    """A leak: low pale mist that creeps out and thins. `centre` in local metres."""

    centre: tuple[float, float, float]
    out: NDArray[np.float64]
    curve: Curve
    reach_m: float

    def puffs(self, second: float) -> NDArray[np.float32]:
        """Return the mist's particles at a second, as rows of scenery.PUFF_COLUMNS."""
        numbers = np.arange(max(0, int((second - GAS_LIFE_S) * GAS_PER_S) + 1), int(second * GAS_PER_S) + 1)
        if not len(numbers):
            return np.zeros((0, PUFF_COLUMNS), np.float32)
        luck = np.stack([np.random.default_rng((91, int(n))).uniform(size=6) for n in numbers])
        seconds = second - numbers / GAS_PER_S
        strength = np.interp(numbers / GAS_PER_S, *self.curve)
        age = seconds / GAS_LIFE_S
        away = self.reach_m * age[:, None] * (self.out[None, :2] + 0.9 * (luck[:, :2] - 0.5))
        size = (0.30 + GAS_SPREAD_M * age) * (0.7 + 0.6 * luck[:, 2])
        z = self.centre[2] + 0.25 * size + 0.5 * (luck[:, 3] - 0.3) * age
        alpha = 0.30 * strength * np.clip(age * 6.0, 0.0, 1.0) * (1.0 - age) ** 1.3
        still = np.zeros_like(age)
        shade = 0.40 + 0.12 * luck[:, 4]
        place = np.stack([self.centre[0] + away[:, 0], self.centre[1] + away[:, 1], z, size * 1.3, size * 0.7], axis=1)
        colour = np.stack([shade, shade, shade * 1.03, alpha], axis=1)
        look = np.stack([luck[:, 5] * 6.28, still, still, luck[:, 5]], axis=1)
        return np.concatenate([place, colour, look], axis=1)[strength > 0.01].astype(np.float32)

    def glow(self, _second: float) -> tuple[float, ...]:
        return (*self.centre, 1.0, 0.0, 0.0, 0.0)


Burning = Fire | Gas


def blazes_of(blazes: Sequence[Blaze], block: Block) -> list[Burning]:
    """Return what burns, smokes or leaks."""
    return [_burning(blaze, block) for blaze in blazes]


def _burning(blaze: Blaze, block: Block) -> Burning:
    x, y = local(block, blaze.at)
    point = shapely.Point(x, y)
    house = min(block.buildings, key=lambda b: b.footprint.distance(point), default=None)
    rises: Curve = ((blaze.begins_s, max(blaze.full_s, blaze.begins_s + 0.5)), (0.0, 1.0))
    near = house is not None and house.footprint.distance(point) < WALL_WITHIN_M
    wall = street_front(house, (x, y)) if house is not None and near else None
    out = wall.out if wall is not None else np.array([0.0, -1.0])
    if blaze.kind == "gas":
        return Gas((x, y, 0.15), out, rises, blaze.height_m)
    z = max(blaze.height_m, SILL_M) if wall is not None else 0.8
    along = wall.along if wall is not None else np.array([1.0, 0.0])
    later: Curve = ((rises[0][0] + 2.0, rises[0][1] + 4.0), (0.0, 1.0))
    return Fire((x, y, z), out, along, rises, NEVER if blaze.kind == "smoke" else later)


def glows_of(burning: Sequence[Burning], second: float) -> NDArray[np.float32]:
    """Return what the fires light, as rows of scenery.GLOW_COLUMNS."""
    rows = [blaze.glow(second) for blaze in burning]
    lit = [row for row in rows if row[4] > 0.01]
    return np.array(lit, np.float32).reshape(-1, GLOW_COLUMNS)
