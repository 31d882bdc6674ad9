"""Scripts of movement: where someone is at a second, which way they face and what they do. Pure functions of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Points = NDArray[np.float64]
EASE_S = 0.5


@dataclass(frozen=True)
class Leg:
    """One stretch of a script: along `path` (n, 2) from `start_s` to `end_s`, or standing when the path has one point."""

    start_s: float
    end_s: float
    path: Points
    act: str  # "walk", "run", "drive" or a standing act
    facing_rad: float | None = None  # while standing

    def length_m(self) -> float:
        """Return the path's length."""
        return float(self._reached[-1])

    @cached_property
    def _reached(self) -> Points:
        """Metres from the path's beginning to each of its points."""
        steps = np.linalg.norm(np.diff(self.path, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])

    def travelled_m(self, second: float) -> float:
        """Return the metres covered since the leg began, easing in and out."""
        whole = self.end_s - self.start_s
        return self.length_m() * _eased((second - self.start_s) / max(whole, 1e-6), min(0.5, EASE_S / max(whole, 1e-6)))

    def at_m(self, metres: float) -> Points:
        """Return the point `metres` along the path."""
        if len(self.path) == 1:
            return np.asarray(self.path[0])
        return np.array([np.interp(metres, self._reached, self.path[:, axis]) for axis in (0, 1)])


def _eased(share: float, edge: float) -> float:
    """Return a 0..1 ramp whose speed rises and falls linearly over `edge` of its time at both ends."""
    share = min(max(share, 0.0), 1.0)
    top = 1.0 / (1.0 - edge)
    if share < edge:
        return top * share * share / (2.0 * edge)
    if share > 1.0 - edge:
        return 1.0 - top * (1.0 - share) ** 2 / (2.0 * edge)
    return top * (share - edge / 2.0)


@dataclass(frozen=True)
class State:
    """Where and how at one second. `travelled_m` since the script began drives the gait."""

    x: float
    y: float
    heading_rad: float
    speed_ms: float
    travelled_m: float
    act: str
    since_s: float = 0.0  # how long he has been at it
    before: str = ""  # what he did before that


@dataclass(frozen=True)
class Track:
    """A script from its first leg to its last; outside that time there is nobody."""

    legs: tuple[Leg, ...]
    before_m: tuple[float, ...] = field(default=())

    @property
    def start_s(self) -> float:
        return self.legs[0].start_s

    @property
    def end_s(self) -> float:
        return self.legs[-1].end_s

    def at(self, second: float) -> State | None:
        """Return the state at a second, or None before the first and after the last leg."""
        if not self.start_s <= second <= self.end_s:
            return None
        place, travelled, act = self._place(second)
        speed = float(np.linalg.norm(self._place(second + 0.05)[0] - self._place(second - 0.05)[0])) / 0.1
        index = self._index(second)
        since, before = second - self.legs[index].start_s, self.legs[index - 1].act if index else ""
        return State(float(place[0]), float(place[1]), self._heading(second), speed, travelled, act, since, before)

    def _index(self, second: float) -> int:
        return next((i for i, leg in enumerate(self.legs) if second < leg.end_s), len(self.legs) - 1)

    def _place(self, second: float) -> tuple[Points, float, str]:
        index = self._index(min(max(second, self.start_s), self.end_s))
        leg = self.legs[index]
        metres = leg.travelled_m(second)
        return leg.at_m(metres), self.before_m[index] + metres, leg.act

    def _heading(self, second: float) -> float:
        """Return the facing, averaged over half a second so that nobody snaps round."""
        faced = [self._facing(second + shift) for shift in (-0.24, -0.12, 0.0, 0.12, 0.24)]
        return math.atan2(sum(math.sin(f) for f in faced), sum(math.cos(f) for f in faced))

    def _facing(self, second: float) -> float:
        index = self._index(min(max(second, self.start_s), self.end_s))
        leg = self.legs[index]
        if leg.facing_rad is not None:
            return leg.facing_rad
        metres = leg.travelled_m(second)
        ahead = leg.at_m(min(metres + 0.6, leg.length_m())) - leg.at_m(
            max(min(metres, leg.length_m() - 0.6) - 0.2, 0.0)
        )
        return math.atan2(float(ahead[0]), float(ahead[1]))


class Script:
    """Writes a track leg by leg."""

    def __init__(self, start: Point, second: float) -> None:
        self._at, self._second = start, second
        self._legs: list[Leg] = []

    @property
    def second(self) -> float:
        """When the last leg so far ends."""
        return self._second

    def go(self, points: Sequence[Point], speed_ms: float, act: str = "walk") -> Script:
        """Move through points at a mean speed."""
        path = rounded(np.array([self._at, *points], float))
        leg = Leg(self._second, self._second, path, act)
        self._add(replace(leg, end_s=self._second + max(leg.length_m() / speed_ms, 0.05)))
        self._at = (float(path[-1][0]), float(path[-1][1]))
        return self

    def stay(self, until_s: float, facing_rad: float, act: str = "stand") -> Script:
        """Stand until a second; a second that has passed already adds nothing."""
        if until_s > self._second:
            self._add(Leg(self._second, until_s, np.array([self._at]), act, facing_rad))
        return self

    def track(self) -> Track:
        """Return what was written."""
        metres = np.concatenate([[0.0], np.cumsum([leg.length_m() for leg in self._legs])])
        return Track(tuple(self._legs), tuple(float(m) for m in metres[:-1]))

    def _add(self, leg: Leg) -> None:
        self._legs.append(leg)
        self._second = leg.end_s


def rounded(path: Points, times: int = 2) -> Points:
    """Return a path with its corners cut twice (Chaikin), ends kept."""
    for _ in range(times if len(path) > 2 else 0):
        near, far = path[:-1] * 0.75 + path[1:] * 0.25, path[:-1] * 0.25 + path[1:] * 0.75
        path = np.concatenate([path[:1], np.stack([near, far], axis=1).reshape(-1, 2), path[-1:]])
    return path


def towards(a: Point, b: Point) -> float:
    """Return the heading from a to b in radians clockwise from north."""
    return math.atan2(b[0] - a[0], b[1] - a[1])
