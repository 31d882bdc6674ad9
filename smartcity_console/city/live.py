"""The city of a workspace as it is now: imported anew by any program, and with every pose that an operator has set.

An import in another process is noticed by the catalogue's generation. The old city stays whole for whoever still reads
it; `city` is changed to the new one in one step.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from smartcity_console.city.city import CATALOGUE_SUFFIX, City, city_path
from smartcity_console.city.store import CatalogueStore, SaidPose, schema
from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import CameraPoseSet, Event

Mark = tuple[str, int]
"""Which file the city comes from, and how often imports have changed it (0: a file that none changes)."""


class LiveCity:
    """Safe to use from several threads. `city` never waits; `look` and `keep_poses` may."""

    def __init__(self, workspace: Path, chosen: str, clock: Clock) -> None:
        """`chosen` is the setting's path, empty for the workspace's own. Raises CatalogueMissing, CatalogueDamaged."""
        self._workspace, self._chosen, self._clock = workspace, chosen, clock
        self._lock = threading.Lock()
        self._unkept: list[SaidPose] = []  # what the catalogue could not take yet, in order
        self._said: dict[str, SaidPose] = {}  # the last of each camera, for a city that is opened later
        self._files: tuple[object, ...] = ()
        self._marked: Mark = ("", -1)
        self._seen = self.mark()
        self.city = City.open(self._path())

    def mark(self) -> Mark:
        """Return what changes when an import has; cheap enough to ask every second or two."""
        path = self._path()
        files = (str(path), *(_stamp(path.with_name(path.name + end)) for end in ("", "-wal")))
        if files == self._files:
            return self._marked
        generation = schema.read_generation(path) if path.suffix == CATALOGUE_SUFFIX else 0
        self._files, self._marked = files, (str(path), generation)
        return self._marked

    def look(self) -> bool:
        """Open the city anew where an import has changed it; return whether it was. Raises CatalogueDamaged."""
        with self._lock:
            mark = self.mark()
            if mark == self._seen:
                return False
            city = City.open(self._path())
            self._seen = mark
            self._tell(city, sorted(self._said.values(), key=lambda said: said.seq))
            self.city = city
            return True

    def keep_poses(self, events: Iterable[Event]) -> list[str]:
        """Let the cameras of CameraPoseSet events stand as they say, here and in the workspace's catalogue.

        Events may come again, as they do at every start: what a crash kept from the catalogue is made good.
        Returns the cameras. Raises CatalogueBusy, CatalogueDamaged.
        """
        said = [_said(event) for event in events]
        with self._lock:
            self._said |= {one.camera_id: one for one in said}
            self._unkept += said
            self._tell(self.city, self._unkept)
            self._unkept = []
        return list(dict.fromkeys(one.camera_id for one in said))

    def _tell(self, city: City, said: list[SaidPose]) -> None:
        for one in said:
            city.take_pose(one.camera_id, one.pose)
        own = self._workspace / "catalogue.sqlite"
        if said and self._path() == own:
            with CatalogueStore.open(own, self._clock) as store:
                store.keep_poses(said)

    def _path(self) -> Path:
        return city_path(self._workspace, self._chosen)


class WatchedCity(LiveCity):
    """For a program that has no turn of its own to look: whoever asks looks, at most every `every_s` seconds."""

    def __init__(self, workspace: Path, chosen: str, clock: Clock, every_s: float = 2.0) -> None:
        super().__init__(workspace, chosen, clock)
        self._every_s, self._looked_s = every_s, clock.monotonic_s()
        self.trouble: ConsoleError | None = None

    def now(self) -> City:
        """Return the city as it is now; one that cannot be read leaves the last one standing, told in `trouble`."""
        moment_s = self._clock.monotonic_s()
        if moment_s - self._looked_s >= self._every_s:
            self._looked_s = moment_s
            try:
                self.look()
                self.trouble = None
            except ConsoleError as error:
                self.trouble = error
        return self.city


def _said(event: Event) -> SaidPose:
    payload = event.payload_as(CameraPoseSet)
    return SaidPose(event.seq, payload.camera_id, payload.pose, event.actor, event.at)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
