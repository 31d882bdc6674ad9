"""Who plays: people with their looks, vehicles, and how each becomes parts for the renderer at a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage import gait
from smartcity_console.drill.stage.body import Outfit, Part, figure
from smartcity_console.drill.stage.emergency import flashing
from smartcity_console.drill.stage.mesh import Colour, placed
from smartcity_console.drill.stage.scenery import GLOW_COLUMNS
from smartcity_console.drill.stage.tracks import State, Track

LOOP_S = 90.0
CONTACT_M = {"motorbike": (0.35, 1.0), "fire_engine": (1.5, 4.4), "ambulance": (1.3, 3.2)}  # half width, half length
STANDING = {
    "stand": gait.standing, "phone": gait.on_the_phone, "point": gait.pointing, "threaten": gait.threatening,
    "hands_up": gait.hands_up, "film": gait.filming, "ride": gait.riding, "look_round": gait.look_round, "sit": gait.sitting,
    "fall": gait.lying, "strike": gait.striking,
}  # fmt: skip
TOPS: tuple[Colour, ...] = (
    (0.20, 0.24, 0.34), (0.52, 0.50, 0.46), (0.36, 0.16, 0.16), (0.78, 0.76, 0.70), (0.22, 0.34, 0.28), (0.62, 0.52, 0.36),
    (0.30, 0.36, 0.52), (0.70, 0.40, 0.28), (0.46, 0.46, 0.50), (0.84, 0.82, 0.80),
)  # fmt: skip
UMBRELLAS: tuple[Colour, ...] = (
    (0.10, 0.11, 0.13),
    (0.16, 0.20, 0.36),
    (0.50, 0.12, 0.14),
    (0.62, 0.66, 0.70),
    (0.24, 0.40, 0.30),
)
CHANGES_S = {"fall": 0.8, "sit": 1.1}  # how long it takes to get into a posture; others:
CHANGE_S = 0.45
BOTTOMS: tuple[Colour, ...] = (
    (0.14, 0.16, 0.22),
    (0.20, 0.24, 0.34),
    (0.30, 0.27, 0.23),
    (0.42, 0.40, 0.36),
    (0.11, 0.11, 0.12),
)


@dataclass(frozen=True)
class Person:
    """Somebody with a script. With an `offset_s` it repeats every `loop_s` after that shift; others play once."""

    name: str
    track: Track
    outfit: Outfit
    height_m: float = 1.70
    seed: float = 0.0
    offset_s: float | None = None
    holds: tuple[tuple[float, str], ...] = ()  # from a second on: what the right hand holds
    frail: bool = False
    loop_s: float = LOOP_S

    def state(self, second: float) -> State | None:
        """Return where the person is, or None when out of sight."""
        return self.track.at(second if self.offset_s is None else (second + self.offset_s) % self.loop_s)

    def parts(self, second: float) -> Iterator[Part]:
        """Yield the body's parts at a second of the loop."""
        state = self.state(second)
        if state is None:
            return
        lift = 0.36 if state.act == "ride" else 0.0
        yield from figure(
            state.x, state.y, lift, state.heading_rad, self.height_m, self.pose(state, second), self._dressed(second)
        )

    def pose(self, state: State, second: float) -> gait.Pose:
        """Return the posture: standing acts, or the gait blended in with speed."""
        still = self._still(state, second)
        if state.act == "ride":
            return still
        running = state.speed_ms > 2.4
        phase = (state.travelled_m / gait.stride_m(3.6 if running else 1.35, self.height_m) + self.seed) % 1.0
        moving = self._moving(phase, state.act, running)
        pose = gait.blended(still, moving, min(state.speed_ms / 0.8, 1.0))
        pose = gait.frail(pose) if self.frail and pose.tip < 0.5 else pose
        return gait.sheltered(pose) if self._dressed(second).held == "umbrella" and pose.tip < 0.5 else pose

    def _still(self, state: State, second: float) -> gait.Pose:
        """Return the posture of what is done standing, coming out of the one before."""
        now = STANDING.get(state.act, gait.standing)(second, self.seed)
        share = min(state.since_s / CHANGES_S.get(state.act, CHANGE_S), 1.0)
        if share >= 1.0 or not state.before:
            return now
        return gait.blended(STANDING.get(state.before, gait.standing)(second, self.seed), now, share * share)

    def _moving(self, phase: float, act: str, running: bool) -> gait.Pose:
        if act == "crawl":
            return gait.crawling(phase)
        return gait.running(phase) if running else gait.walking(phase, 0.55 if self.frail else 1.0)

    def _dressed(self, second: float) -> Outfit:
        held = [thing for since, thing in self.holds if second >= since]
        return replace(self.outfit, held=held[-1]) if held else self.outfit


@dataclass(frozen=True)
class Vehicle:
    """A car or motorbike with a script."""

    model: str
    track: Track
    colour: Colour
    offset_s: float | None = None
    loop_s: float = LOOP_S

    def state(self, second: float) -> State | None:
        """Return where the vehicle is, or None when out of sight."""
        return self.track.at(second if self.offset_s is None else (second + self.offset_s) % self.loop_s)


Instances = dict[str, NDArray[np.float32]]
_Rows = defaultdict[str, list[NDArray[np.float32]]]


def instances_of(
    people: list[Person], vehicles: list[Vehicle], second: float
) -> tuple[Instances, list[tuple[float, ...]]]:
    """Return the renderer's rows per model, and the contact shadows as (x, y, half width, half length, turn, strength)."""
    rows: _Rows = defaultdict(list)
    contacts: list[tuple[float, ...]] = []
    for person in people:
        for name, place, colour in person.parts(second):
            rows[name].append(_row(place, colour))
        state = person.state(second)
        if state is not None and state.act != "ride":
            contacts.append((state.x, state.y, 0.34, 0.34, 0.0, 0.42))
    for vehicle in vehicles:
        state = vehicle.state(second)
        if state is not None:
            rows[vehicle.model].append(_row(placed(state.x, state.y, 0.0, state.heading_rad), vehicle.colour))
            wide, long = CONTACT_M.get(vehicle.model, (1.12, 2.7))
            for name, place, tint in flashing(vehicle.model, second):
                rows[name].append(_row(placed(state.x, state.y, 0.0, state.heading_rad) @ place, tint[:3], tint[3]))
            contacts.append((state.x, state.y, wide, long, state.heading_rad, 0.62))
    return {name: np.stack(values) for name, values in rows.items()}, contacts


def _row(place: NDArray[np.float64], colour: Sequence[float], shine: float = 1.0) -> NDArray[np.float32]:
    return np.concatenate([place.T.ravel(), colour, [shine]]).astype(np.float32)


def headlights(vehicles: list[Vehicle], second: float) -> NDArray[np.float32]:
    """Return what moving vehicles throw before them by night, as rows of scenery.GLOW_COLUMNS, and their flashing lights."""
    rows: list[tuple[float, ...]] = []
    for vehicle in vehicles:
        state = vehicle.state(second)
        if state is None:
            continue
        ahead = np.array((np.sin(state.heading_rad), np.cos(state.heading_rad)))
        if state.speed_ms > 0.3:
            for reach, far in ((3.4, 4.6), (5.6, 10.0)):
                at = np.array((state.x, state.y)) + ahead * far
                rows.append((float(at[0]), float(at[1]), 0.5, reach, 1.5, 1.4, 1.2))
        for _, place, tint in flashing(vehicle.model, second):
            if tint[3] > 0.5:
                rows.append(
                    (state.x, state.y, float(place[2, 3]) + 0.4, 7.0, tint[0] * 1.2, tint[1] * 1.2, tint[2] * 1.2)
                )
    return np.array(rows, np.float32).reshape(-1, GLOW_COLUMNS)


def passer_by(rng: np.random.Generator, umbrellas: bool = False) -> tuple[Outfit, float]:
    """Return a random ordinary person's clothes and height; in the rain most carry an umbrella."""
    woman = rng.uniform() < 0.5
    top = TOPS[int(rng.integers(len(TOPS)))]
    outfit = Outfit(
        top=_varied(top, rng),
        bottom=_varied(BOTTOMS[int(rng.integers(len(BOTTOMS)))], rng),
        shoes=((0.1, 0.1, 0.11), (0.75, 0.74, 0.72), (0.30, 0.20, 0.14))[int(rng.integers(3))],
        hair=((0.06, 0.05, 0.05), (0.16, 0.10, 0.07), (0.55, 0.54, 0.52))[int(rng.choice(3, p=(0.6, 0.28, 0.12)))],
        padded=bool(rng.uniform() < 0.4),
        coat=bool(rng.uniform() < 0.25),
        long_hair=bool(woman and rng.uniform() < 0.75),
        held=("", "", "bag", "backpack", "phone")[int(rng.integers(5))],
    )
    if umbrellas and rng.uniform() < 0.8:
        outfit = replace(outfit, held="umbrella", umbrella=UMBRELLAS[int(rng.integers(len(UMBRELLAS)))])
    return outfit, float(rng.normal(1.61 if woman else 1.73, 0.05))


def _varied(colour: Colour, rng: np.random.Generator) -> Colour:
    shift = rng.uniform(0.85, 1.15)
    return (min(colour[0] * shift, 0.95), min(colour[1] * shift, 0.95), min(colour[2] * shift, 0.95))


def contact_puffs(contacts: list[tuple[float, ...]]) -> NDArray[np.float32]:
    """Return soft dark discs on the ground under what moves."""
    rows = [
        (x, y, 0.035, wide, long, 0.0, 0.0, 0.0, strength, turn, 1.0, 0.0, 0.0)
        for x, y, wide, long, turn, strength in contacts
    ]
    return np.array(rows, np.float32).reshape(-1, 13)
