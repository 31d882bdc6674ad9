"""When a drill may begin: the programs run, somebody sits at a seat, and the cameras are being recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.model import events as ev
from smartcity_console.runtime import is_running

PATIENCE_S = 30.0
"""So long a camera that does not come is waited for, once a seat is taken."""
BRIEFING_S = 600.0
"""So long a trainee may read the briefing; then the drill begins without his word."""
HELD_S = 2.0
"""So much of every camera must be in the ring."""
_PROGRAMS = ("gateway", "feeds", "desk-police", "desk-fire")


class Readiness:
    """`take` the journal; ask `is_ready`."""

    def __init__(
        self, scenario: Scenario, workspace: Path, clock: Clock, *, is_briefed: bool, awaited: Collection[str] = ()
    ) -> None:
        """`is_briefed`: people sit at the seats, and each says when he has read the briefing. `awaited`: the seats of
        those who are trained by name; the drill waits for all of them."""
        self._is_briefed, self._awaited = is_briefed, frozenset(awaited)
        self._cameras = {feed.camera for feed in scenario.feeds}
        self._workspace, self._clock = workspace, clock
        self._connected: set[str] = set()
        self._seats: set[str] = set()
        self._working: set[str] = set()
        self._complete_since_s: float | None = None
        self._waited_since_s: float | None = None

    def take(self, events: Iterable[ev.Event]) -> None:
        for event in events:
            match event.type:
                case "CameraConnected":
                    self._connected.add(event.payload_as(ev.CameraConnected).camera_id)
                case "CameraLost":
                    self._connected.discard(event.payload_as(ev.CameraLost).camera_id)
                case "SeatOpened":
                    self._seats.add(event.payload_as(ev.SeatOpened).seat)
                case "SeatClosed":
                    self._seats.discard(event.payload_as(ev.SeatClosed).seat)
                case "DrillWorkBegun":
                    self._working.add(event.payload_as(ev.DrillWorkBegun).seat)

    def is_ready(self) -> bool:
        now_s = self._clock.monotonic_s()
        if not self._seats or not all(is_running(self._workspace, program) for program in _PROGRAMS):
            self._waited_since_s = None
            return False
        self._waited_since_s = self._waited_since_s if self._waited_since_s is not None else now_s
        everybody = self._seats | self._awaited
        if self._is_briefed and not everybody <= self._working and now_s - self._waited_since_s < BRIEFING_S:
            return False
        if not self._cameras <= self._connected:
            self._complete_since_s = None
            return now_s - self._waited_since_s >= PATIENCE_S
        self._complete_since_s = self._complete_since_s if self._complete_since_s is not None else now_s
        return now_s - self._complete_since_s >= HELD_S
