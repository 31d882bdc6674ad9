"""What lies on disk around the console, looked at every two seconds off the Qt thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from smartcity_console.console.background import Background
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError

LOOK_MS = 2000


@dataclass(frozen=True)
class Surroundings:
    """`desk_up`: whether a desk's program lives (absent: not known); `cameras`: how many have a stream;
    `gateway_up`: whether the gateway's program lives, which a killed one cannot put on record itself;
    `disk_full`: whether recording must wait, which a disk without a byte left cannot put on record either;
    `city` and `speeds` change when an import by any program has changed the catalogue or its traffic."""

    desk_up: Mapping[AgencyKind, bool] = field(default_factory=dict)
    cameras: int = 0
    gateway_up: bool = True
    disk_full: bool = False
    city: object = None
    speeds: object = None
    seats: frozenset[str] | None = None  # whose console runs on this workspace; None: not known


class Lookout(QObject):
    """Keeps the newest look. One look at a time: a slow disk makes the picture older, not the screen slower."""

    looked = Signal()
    failed = Signal(object)

    def __init__(self, look: Callable[[], Surroundings], background: Background) -> None:
        super().__init__(background)
        self.latest = Surroundings()
        self._look, self._background = look, background
        self._busy = False
        self._newcomers: set[str] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go)

    def start(self) -> None:
        self._timer.start(LOOK_MS)
        self._go()

    def desk_up(self, kind: AgencyKind) -> bool | None:
        """Return whether a desk lives, as of the newest look; None when nothing is known."""
        return self.latest.desk_up.get(kind)

    def seats(self) -> frozenset[str] | None:
        """Return whose console runs; one that sat down since the newest look began counts as running. None: not known."""
        return self.latest.seats | self._newcomers if self.latest.seats is not None else None

    def note_seat(self, seat: str) -> None:
        """Somebody has just sat down: no look has seen his console yet."""
        self._newcomers.add(seat)

    def look_now(self) -> None:
        """Do not wait for the next turn."""
        self._go()

    def stop(self) -> None:
        self._timer.stop()

    def _go(self) -> None:
        if not self._busy:
            self._busy = True
            looked_for = frozenset(self._newcomers)
            self._background.submit(self._look, lambda outcome: self._take(outcome, looked_for))

    def _take(self, outcome: Any, looked_for: frozenset[str]) -> None:
        self._busy = False
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        else:
            self.latest = outcome
            self._newcomers -= looked_for
            self.looked.emit()
