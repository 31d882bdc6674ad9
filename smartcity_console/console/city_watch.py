"""Keeps the city on the screen true while the console runs: poses that are set, imports, the traffic's age."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from smartcity_console.city.speeds import Speeds
from smartcity_console.clock import Clock
from smartcity_console.console.background import Background
from smartcity_console.console.language import translate
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map_windows import MapWindows
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.surroundings import Lookout
from smartcity_console.console.times import clock_text
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event


class CityWatch(QObject):
    """What reads files runs behind the screen, one piece of each kind at a time and in order; results come here."""

    failed = Signal(object)  # ConsoleError
    reloaded = Signal()  # the city is another
    posed = Signal(object)  # list[str]: cameras that stand otherwise

    def __init__(
        self, parts: ConsoleParts, maps: MapWindows, lookout: Lookout, background: Background, clock: Clock
    ) -> None:
        super().__init__(maps)
        self._parts, self._maps, self._lookout, self._background = parts, maps, lookout, background
        self._clock = clock
        self._waiting: list[Event] = []
        self._busy: set[str] = set()
        self._closing = False
        self._city: object = None
        self._speeds: object = None
        self._latest = Speeds()
        lookout.looked.connect(self.look)

    def start(self) -> None:
        """Make ready what a first question would wait for, once the map is painted: reading a city takes its time."""
        chart = self._maps.first
        if isinstance(chart, MapWidget):
            chart.painted.connect(self._warm_up, Qt.ConnectionType.SingleShotConnection)
        else:
            self._warm_up()

    def _warm_up(self) -> None:
        self._go("warm", self._parts.warm_up, lambda _nothing: None)

    def stop(self) -> None:
        """Begin nothing more, and pass over what still comes: the screen is going."""
        self._closing = True

    def take_poses(self, events: list[Event]) -> None:
        """Let cameras stand as the journal says; the past's events come too and mend what a crash left undone."""
        self._waiting += events
        self._keep_poses()

    def look(self) -> None:
        """Follow imports by any program; say when traffic has become old."""
        around = self._lookout.latest
        if around.city != self._city and self._go("city", self._parts.reload_city, self._take_city):
            self._city = around.city
        if around.speeds != self._speeds and self._go("speeds", self._parts.traffic, self._take_speeds):
            self._speeds = around.speeds
        self._maps.set_traffic_age(self._age())

    def _keep_poses(self) -> None:
        events = list(self._waiting)
        if events and self._go("poses", lambda: self._parts.keep_poses(events), self._take_poses):
            self._waiting = []

    def _take_poses(self, camera_ids: list[str]) -> None:
        self._maps.poses_changed(camera_ids)
        self.posed.emit(camera_ids)
        self._keep_poses()

    def _take_city(self, changed: bool) -> None:
        if changed:
            self._maps.renew(self._parts.renew_map)
            self.reloaded.emit()

    def _take_speeds(self, speeds: Speeds) -> None:
        self._latest = speeds
        self._maps.set_traffic(speeds.kmh, self._age())

    def _age(self) -> str:
        """Return what is to be said of the speeds' age; nothing of fresh ones."""
        if not self._latest.is_stale(self._clock.now()):
            return ""
        if self._latest.measured_at is None:
            return translate("Map", "Traffic: measured at an unknown time")
        return translate("Map", "Traffic is old: measured {time}").format(time=clock_text(self._latest.measured_at))

    def _go(self, kind: str, work: Callable[[], object], well: Callable[..., None]) -> bool:
        """Begin a piece of work unless one of its kind is under way; return whether it was begun."""
        if kind in self._busy or self._closing:
            return False
        self._busy.add(kind)
        self._background.submit(work, lambda outcome: self._settle(kind, outcome, well))
        return True

    def _settle(self, kind: str, outcome: object, well: Callable[..., None]) -> None:
        self._busy.discard(kind)
        if self._closing:
            return
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        else:
            well(outcome)
