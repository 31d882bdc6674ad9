"""The fire above a restaurant: smoke from an upper window, then flames; guests run out, a crowd gathers and leaves.

38 s the first wisps, 40 s the detector, 44 s flames, 62 s the height of it, 80 s it dies down, 88 s only haze is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage.body import Outfit
from smartcity_console.drill.stage.cast import Person
from smartcity_console.drill.stage.place import Place
from smartcity_console.drill.stage.routes import door_near
from smartcity_console.drill.stage.tracks import Script, towards

ACT_S = 40.0
SMOKE_PER_S, SMOKE_LIFE_S, FLAME_PER_S, FLAME_LIFE_S = 7.0, 6.5, 30.0, 0.85
WIND_MS = (0.55, 0.25)
WINDOW_Z_M, WINDOW_HALF_M = (5.05, 6.75), 1.0


Curve = tuple[tuple[float, ...], tuple[float, ...]]  # seconds of the film, and how strong 0..1
PLAY_SMOKE: Curve = ((37.5, 40.0, 50.0, 60.0, 78.0, 83.0), (0.0, 0.25, 0.8, 1.0, 0.9, 0.0))
PLAY_FLAMES: Curve = ((42.5, 46.0, 60.0, 76.0, 82.0), (0.0, 0.35, 1.0, 0.9, 0.0))


@dataclass(frozen=True)
class Fire:
    """Something that burns. `centre` of the opening in local metres, `out` away from the wall, `scale` 1 for a window."""

    centre: tuple[float, float, float]
    out: NDArray[np.float64]
    along: NDArray[np.float64]
    smoke_curve: Curve = PLAY_SMOKE
    flame_curve: Curve = PLAY_FLAMES
    scale: float = 1.0

    def smoke(self, second: float) -> float:
        """Return how thick the smoke is at a second of the loop, 0..1."""
        return float(np.interp(second, *self.smoke_curve))

    def flames(self, second: float) -> float:
        """Return how high the flames are, 0..1."""
        return float(np.interp(second, *self.flame_curve))

    def flicker(self, second: float) -> float:
        """Return the unsteady strength of the fire's light."""
        return self.flames(second) * (0.8 + 0.2 * float(np.sin(second * 17.0) * np.sin(second * 7.3 + 1.0)))

    def puffs(self, second: float) -> NDArray[np.float32]:
        """Return the particles alive at a second, as rows of scenery.PUFF_COLUMNS."""
        return np.concatenate([self._smoke_puffs(second), self._flame_puffs(second)]).astype(np.float32)

    def glow(self, second: float) -> tuple[float, ...]:
        """Return the fire's light as a row of scenery.GLOW_COLUMNS."""
        x, y, z = self.centre
        strength = 3.5 * self.flicker(second)
        at = (x + float(self.out[0]) * 0.8, y + float(self.out[1]) * 0.8, z + 0.3, 5.5 * self.scale)
        return (*at, strength, strength * 0.45, strength * 0.12)

    def _born(
        self, second: float, per_s: float, life_s: float, seed: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each living particle's birth second and its five random numbers 0..1."""
        numbers = np.arange(max(0, int((second - life_s) * per_s) + 1), int(second * per_s) + 1)
        luck = (
            np.stack([np.random.default_rng((seed, int(n))).uniform(size=6) for n in numbers])
            if len(numbers)
            else np.zeros((0, 6))
        )
        return numbers / per_s, luck

    def _smoke_puffs(self, second: float) -> NDArray[np.float64]:
        born, luck = self._born(second, SMOKE_PER_S, SMOKE_LIFE_S, 31)
        strength = np.array([self.smoke(float(b)) for b in born])
        age = (second - born) / SMOKE_LIFE_S
        seconds = second - born
        rise = 1.0 + 1.5 * self.scale**0.5 * seconds**0.92 * (0.8 + 0.4 * luck[:, 0])
        drift = 0.35 + 0.55 * np.sqrt(seconds)
        x, y = (
            self._spread(axis, luck[:, 1], drift) + WIND_MS[axis] * seconds**1.3 + (luck[:, 2 + axis] - 0.5) * age * 1.6
            for axis in (0, 1)
        )
        size = (0.45 + 2.3 * age**0.8) * (0.8 + 0.4 * luck[:, 4]) * self.scale
        grey = 0.035 + 0.13 * age + 0.03 * luck[:, 5]
        alpha = 0.78 * strength * np.clip(age * 9.0, 0.0, 1.0) * (1.0 - age) ** 1.15
        look = np.stack(
            [luck[:, 3] * 6.28 + (luck[:, 2] - 0.5) * seconds, np.zeros_like(age), np.zeros_like(age), luck[:, 5]],
            axis=1,
        )
        colour = np.stack([grey * 1.02, grey, grey * 0.98, alpha], axis=1)
        place = np.stack([x, y, self.centre[2] - 0.2 + rise * 0.85 - 0.5, size, size], axis=1)
        return np.concatenate([place, colour, look], axis=1)[strength > 0.01]

    def _flame_puffs(self, second: float) -> NDArray[np.float64]:
        born, luck = self._born(second, FLAME_PER_S, FLAME_LIFE_S, 57)
        strength = np.array([self.flames(float(b)) for b in born])
        seconds = second - born
        age = seconds / FLAME_LIFE_S
        across = 0.35 + 0.30 * age
        x, y = (self._spread(axis, luck[:, 1], across) for axis in (0, 1))
        z = self.centre[2] - 0.75 + (0.5 + luck[:, 0]) * 2.1 * self.scale * seconds * (0.5 + 0.7 * strength)
        wide = (0.50 - 0.32 * age) * (0.6 + 0.6 * strength) * self.scale
        tall = wide * (1.5 + luck[:, 2])
        alpha = np.clip(age * 6.0, 0.0, 1.0) * (1.0 - age) ** 0.8 * 0.62
        colour = np.stack([2.6 - 0.6 * age, 1.25 - 0.95 * age, 0.34 - 0.30 * age, alpha], axis=1)
        look = np.stack([(luck[:, 3] - 0.5) * 0.7, np.zeros_like(age), np.full_like(age, 0.75), luck[:, 5]], axis=1)
        return np.concatenate([np.stack([x, y, z, wide, tall], axis=1), colour, look], axis=1)[strength > 0.01]

    def _spread(self, axis: int, luck: NDArray[np.float64], out_m: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(
            self.centre[axis]
            + self.along[axis] * (luck - 0.5) * 1.6 * WINDOW_HALF_M * self.scale
            + self.out[axis] * out_m
        )


def fire_at(place: Place) -> Fire:
    """Return the fire in the window above a place's door."""
    wall = place.front
    u = float(np.clip((np.zeros(2) - wall.a) @ wall.along, 1.2, wall.length_m - 1.2))
    at = wall.at(u, sum(WINDOW_Z_M) / 2.0, 0.0)
    return Fire((float(at[0]), float(at[1]), float(at[2])), wall.out, wall.along)


def play(place: Place) -> list[Person]:
    """Return the guests who leave, the cook, and the crowd."""
    guests = [_guest(place, number) for number in range(4)]
    return [*guests, *_crowd(place)]


GUESTS = (
    Outfit((0.70, 0.16, 0.14), (0.14, 0.14, 0.16), apron=(0.80, 0.78, 0.72)),
    Outfit((0.24, 0.30, 0.42), (0.18, 0.18, 0.20), padded=True),
    Outfit((0.80, 0.70, 0.50), (0.22, 0.22, 0.30), long_hair=True, coat=True),
    Outfit((0.40, 0.42, 0.40), (0.28, 0.26, 0.22), held="backpack"),
)


def _guest(place: Place, number: int) -> Person:
    spot = place.spot
    leaves = (49.5, 46.5, 47.7, 51.5)[number]
    stands = spot((6.5, 9.0, 10.5, -8.5)[number], (3.2, 4.0, 2.8, 3.6)[number])
    script = (
        Script(spot(1.8, -2.8), leaves - 2.0)
        .stay(leaves, 0.0)
        .go([spot(0.0, -1.6), spot(0.0, 0.6), stands], 3.4, "run")
    )
    script.stay(74.0 + number * 1.1, towards(stands, (0.0, 0.0)), ("phone", "stand", "point", "film")[number])
    last = spot((30.0, 34.0, 32.0, -30.0)[number], 2.6)
    script.go([last, door_near(place.block, last) or last], 2.2 if number else 1.9)
    return Person(
        f"guest-{number}", script.track(), GUESTS[number], (1.70, 1.75, 1.63, 1.72)[number], number / 4.0, None
    )


def _crowd(place: Place) -> list[Person]:
    far = place.kerb_m + place.street.roadway_m
    spots = ((-3.0, far + 1.4), (2.0, far + 1.9), (5.5, far + 1.3), (-7.5, far + 2.2), (14.0, 3.4), (-13.0, 2.8))
    acts = ("film", "stand", "point", "phone", "film", "stand")
    return [_watcher(place, number, at, acts[number]) for number, at in enumerate(spots)]


def _watcher(place: Place, number: int, at: tuple[float, float], act: str) -> Person:
    spot, rng = place.spot, np.random.default_rng(90 + number)
    way = 1.0 if number % 2 else -1.0
    arrives = 43.0 + 2.3 * number
    begin, last, here = spot(at[0] - way * 30.0, at[1]), spot(at[0] + way * 24.0, at[1]), spot(*at)
    start = door_near(place.block, begin) or begin
    probe = Script(start, 0.0).go([begin, here], 1.5)
    script = (
        Script(start, arrives - probe.second).go([begin, here], 1.5).stay(70.0 + number, towards(here, (0.0, 0.0)), act)
    )
    script.go([last, door_near(place.block, last) or last], 2.1)
    tone = rng.uniform(0.15, 0.75, 3)
    outfit = Outfit(
        (float(tone[0]), float(tone[1]), float(tone[2])),
        (0.16, 0.17, 0.22),
        padded=number % 2 == 0,
        long_hair=number % 3 == 1,
    )
    return Person(f"watcher-{number}", script.track(), outfit, 1.60 + 0.03 * number, float(rng.uniform()), None)
