"""The turning head: where it looks at each moment, from what it was told and when. Positions in degrees, zoom 0..1."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from smartcity_console.clock import Clock

PAN_DEG_PER_S, TILT_DEG_PER_S, ZOOM_PER_S = 120.0, 60.0, 0.5
PAN_LIMITS, TILT_LIMITS = (-180.0, 180.0), (-90.0, 20.0)


@dataclass(frozen=True)
class DeviceFacts:
    """What the device says of itself. `streams`: (profile, width, height, address) each."""

    name: str = "GN-0001"
    manufacturer: str = "Gaon Vision"
    model: str = "GV-PTZ30"
    firmware: str = "2.4.1"
    serial: str = "GV30-000001"
    user: str = "operator"
    password: str = ""
    streams: tuple[tuple[str, int, int, str], ...] = (("main", 1920, 1080, ""), ("sub", 640, 360, ""))
    has_ptz: bool = True
    has_absolute: bool = True
    has_degrees: bool = True
    most_presets: int = 16


@dataclass
class Place:
    pan: float = 0.0
    tilt: float = -20.0
    zoom: float = 0.0


@dataclass
class Head:
    """Thread-safe. A velocity ends at `until_s`; an absolute move goes on until it is there."""

    clock: Clock
    _place: Place = field(default_factory=Place)
    _velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _until_s: float = 0.0
    _target: Place | None = None
    _at_s: float = -1.0
    presets: dict[str, tuple[str, Place]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def place(self) -> Place:
        """Return where it looks now."""
        with self._lock:
            self._go_on()
            return Place(self._place.pan, self._place.tilt, self._place.zoom)

    @property
    def is_moving(self) -> bool:
        with self._lock:
            self._go_on()
            return self._target is not None or any(self._velocity)

    def move(self, pan: float, tilt: float, zoom: float, for_s: float) -> None:
        with self._lock:
            self._go_on()
            self._target, self._velocity = None, (pan, tilt, zoom)
            self._until_s = self.clock.monotonic_s() + for_s

    def stop(self) -> None:
        with self._lock:
            self._go_on()
            self._target, self._velocity = None, (0.0, 0.0, 0.0)

    def go_to(self, pan: float | None, tilt: float | None, zoom: float | None) -> None:
        """Begin to move to a place; None keeps what is."""
        with self._lock:
            self._go_on()
            here, self._velocity = self._place, (0.0, 0.0, 0.0)
            self._target = Place(*(new if new is not None else old for new, old in _pairs((pan, tilt, zoom), here)))

    def _go_on(self) -> None:
        """Bring the place up to now."""
        now_s = self.clock.monotonic_s()
        since_s = now_s - self._at_s if self._at_s >= 0 else 0.0
        moved_s = min(since_s, max(0.0, self._until_s - self._at_s)) if self._at_s >= 0 else 0.0
        self._at_s = now_s
        if self._target is not None:
            self._approach(self._target, since_s)
            return
        pan, tilt, zoom = self._velocity
        self._place.pan = _wrapped(self._place.pan + pan * PAN_DEG_PER_S * moved_s)
        self._place.tilt = _within(self._place.tilt + tilt * TILT_DEG_PER_S * moved_s, TILT_LIMITS)
        self._place.zoom = _within(self._place.zoom + zoom * ZOOM_PER_S * moved_s, (0.0, 1.0))
        if now_s >= self._until_s:
            self._velocity = (0.0, 0.0, 0.0)

    def _approach(self, target: Place, since_s: float) -> None:
        steps = (PAN_DEG_PER_S * since_s, TILT_DEG_PER_S * since_s, ZOOM_PER_S * since_s)
        here, goal = self._place, (target.pan, target.tilt, target.zoom)
        now = [
            old + _within(new - old, (-step, step)) for (new, old), step in zip(_pairs(goal, here), steps, strict=True)
        ]
        self._place = Place(*now)
        if tuple(now) == goal:
            self._target = None


def _pairs(new: tuple[float | None, ...], old: Place) -> list[tuple[float, float]]:
    here = (old.pan, old.tilt, old.zoom)
    return [(h if n is None else n, h) for n, h in zip(new, here, strict=True)]


def _within(value: float, limits: tuple[float, float]) -> float:
    return max(limits[0], min(limits[1], value))


def _wrapped(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0
