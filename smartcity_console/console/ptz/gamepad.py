"""A gamepad or joystick by the kernel's joystick interface: `struct js_event` of linux/joystick.h, 8 bytes each.

QtGamepad is not part of PySide6 6, and the interface is one small struct. One thread looks for devices every second, reads
the first, and tells the pull of its sticks. A device that goes away lets everything go.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from smartcity_console.model.ptz import Velocity

EVENT = struct.Struct("=IhBB")  # time in ms, value, type, number
AXIS, INIT = 0x02, 0x80
FULL, DEAD = 32767, 0.18
LOOK_S, JOIN_S = 1.0, 3.0
PAN_AXIS, TILT_AXIS, TWIST, RIGHT_STICK = 0, 1, 2, 4
_READ_BYTES = EVENT.size * 64


def joysticks() -> list[Path]:
    """Return the joystick devices that are plugged in."""
    return sorted(Path("/dev/input").glob("js*"))


@dataclass
class Sticks:
    """The axes of one device as last told, -1..1. `awake`: axes that have been seen at rest: a lever that never rests, or
    a stick that leans against something when it is plugged in, steers nothing."""

    axes: dict[int, float] = field(default_factory=dict)
    awake: set[int] = field(default_factory=set)

    def take(self, event: bytes) -> None:
        """Take one js_event in; buttons pass."""
        _, value, kind, number = EVENT.unpack(event)
        if kind & ~INIT == AXIS:
            share = max(-1.0, min(1.0, value / FULL))
            self.axes[number] = share
            if abs(share) < DEAD:
                self.awake.add(number)

    def velocity(self) -> Velocity:
        """Return the pull: the left stick turns; up and down of the right one, or the twist of a stick, zoom."""
        zoom = -self._pull(RIGHT_STICK) if RIGHT_STICK in self.axes else self._pull(TWIST)
        return Velocity(self._pull(PAN_AXIS), -self._pull(TILT_AXIS), zoom)

    def _pull(self, number: int) -> float:
        return _pull(self.axes[number]) if number in self.awake else 0.0


def _pull(share: float) -> float:
    """Dead in the middle, then from nothing to all, finer at the beginning."""
    if abs(share) < DEAD:
        return 0.0
    return math.copysign(round(((abs(share) - DEAD) / (1.0 - DEAD)) ** 2, 3), share)


class PadReader:
    """Reads in a thread of its own. `moved` is called from it with each new pull; `plugged` with the device's name, or
    None when it is gone."""

    def __init__(
        self,
        moved: Callable[[Velocity], None],
        plugged: Callable[[str | None], None],
        find: Callable[[], list[Path]] = joysticks,
    ) -> None:
        self._moved, self._plugged, self._find = moved, plugged, find
        self._said = Velocity()
        self._wake_read, self._wake_write = os.pipe()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gamepad", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and wait for it."""
        if self._closing.is_set():
            return
        self._closing.set()
        os.write(self._wake_write, b".")
        if self._thread.is_alive():
            self._thread.join(JOIN_S)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _run(self) -> None:
        while not self._closing.is_set():
            for path in self._find():
                if self._closing.is_set() or self._read(path):
                    break
            else:
                self._wait(LOOK_S)

    def _read(self, path: Path) -> bool:
        """Read a device until it goes; False when it cannot be opened."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return False  # another user's, or gone again: the next look finds it if it can be had
        self._plugged(path.name)
        try:
            self._follow(handle)
        finally:
            os.close(handle)
            self._say(Velocity())
            if not self._closing.is_set():
                self._plugged(None)
                self._wait(LOOK_S)
        return True

    def _follow(self, handle: int) -> None:
        sticks, rest = Sticks(), b""
        while self._wait(None, handle):
            try:
                data = os.read(handle, _READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:
                return  # ENODEV: unplugged
            if not data:
                return
            rest += data
            whole = len(rest) - len(rest) % EVENT.size
            for at in range(0, whole, EVENT.size):
                sticks.take(rest[at : at + EVENT.size])
            rest = rest[whole:]
            self._say(sticks.velocity())

    def _say(self, velocity: Velocity) -> None:
        if velocity != self._said:
            self._said = velocity
            with contextlib.suppress(RuntimeError):  # the receiver went before its reader
                self._moved(velocity)

    def _wait(self, limit_s: float | None, handle: int | None = None) -> bool:
        """Wait for the device; False when the reader is closing or the time is over."""
        waited = [self._wake_read, *([handle] if handle is not None else [])]
        ready, _, _ = select.select(waited, [], [], limit_s)
        return handle in ready and self._wake_read not in ready
