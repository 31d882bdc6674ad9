"""Puts cameras on the wall: an incident's in rank order, a set by name, one that was dragged; locks what is not open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from smartcity_console.console.wall.recording import Recording
from smartcity_console.console.wall.replay_pane import ReplayPane
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.wall_widget import WallWidget
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.video.capture import TileSource

Put = tuple[SeenBy, int]  # a camera and its number


class Rights:
    """What all walls of a console share: the incident's cameras in rank order, which number them, and which private
    ones are open for this seat, and until when."""

    def __init__(self) -> None:
        self.until: dict[str, datetime] = {}
        self.ranked: list[SeenBy] = []


class WallPresenter:
    """The console's `Wall`. `streams` returns the source of each camera that has one; it must return at once.

    A camera keeps the number that it has on the map and in the evidence, wherever its tile is put.
    """

    def __init__(
        self, wall: WallWidget, streams: Callable[[], Mapping[str, TileSource]], rights: Rights | None = None
    ) -> None:
        self.wall = wall
        self.rights = rights or Rights()
        self.streams = streams
        self._puts: list[Put | None] = []

    # ---- what the console asks -------------------------------------------------------------------------------------

    def show_cameras(self, cameras: Sequence[SeenBy], until: Mapping[str, datetime]) -> None:
        """Show these in rank order; `until` tells when a private one closes. One that is not in it is shuttered.

        The same cameras, newly ranked or opened, stay where the operator put them.
        """
        self.rights.until = dict(until)
        same = {seen.camera_id for seen in cameras} == {seen.camera_id for seen in self.rights.ranked}
        self.rights.ranked = list(cameras)
        if same and self._puts:
            self._renew()
        else:
            self._puts = _numbered(cameras)
        self.refresh()

    def refresh(self) -> None:
        """Show the same cameras again, with the streams of now."""
        streams = self.streams()
        self.wall.set_cameras([None if put is None else self._tile(put, streams) for put in self._puts])

    def play_replay(self, camera_id: str, path: Path, alert_offset_s: float) -> None:
        """Play a clip beside that camera's tile; the alert lies `alert_offset_s` into it. Nothing if it is not shown."""
        tile = self.wall.tile_at(self.wall.place_of(camera_id) or 0)
        if tile is not None:
            recording = Recording(TileSource.replay(path, alert_s=alert_offset_s))
            now = self.wall.pool.clock.now()
            self.wall.open_pane(ReplayPane(tile, recording, self.wall.slots.take(), now, self.wall))

    def stop_replay(self) -> None:
        """Go back to live."""
        pane = self.wall.pane
        if isinstance(pane, ReplayPane) and isinstance(pane.review, Recording):
            self.wall.close_pane()

    def chosen_camera(self) -> str | None:
        """Return the camera of the chosen tile."""
        tile = self.wall.tile_at(self.wall.selected() or 0)
        return tile.seen.camera_id if tile is not None else None

    # ---- what the operator arranges --------------------------------------------------------------------------------

    @property
    def camera_ids(self) -> tuple[str | None, ...]:
        """The cameras by place."""
        return tuple(put[0].camera_id if put else None for put in self._puts)

    @property
    def is_arranged(self) -> bool:
        """Whether anything but the incident's cameras in rank order is shown."""
        return self.camera_ids != tuple(seen.camera_id for seen in self.rights.ranked)

    def shown(self) -> list[SeenBy | None]:
        """Return what stands in each place."""
        return [None if put is None else put[0] for put in self._puts]

    def show_set(self, cameras: Sequence[SeenBy | None]) -> None:
        """Show a set by its own order; the incident's cameras come back with `restore`, or with the next incident."""
        known = {seen.camera_id: rank + 1 for rank, seen in enumerate(self.rights.ranked)}
        self._puts = []
        for seen in cameras:
            self._puts.append(None if seen is None else (seen, known.get(seen.camera_id) or self._next_number()))
        self.refresh()

    def restore(self) -> None:
        """Show the incident's cameras in rank order."""
        self._puts = _numbered(self.rights.ranked)
        self.refresh()

    def put(self, place: int, seen: SeenBy) -> None:
        """Put a camera in a place; one that is on the wall already changes places with what is there."""
        here = self.wall.place_of(seen.camera_id) or self._place_in_list(seen.camera_id)
        if here is not None:
            self.swap(here, place)
            return
        self._reach(place)
        self._puts[place - 1] = (seen, self._number_of(seen.camera_id))
        self.refresh()

    def swap(self, one: int, other: int) -> None:
        """Let two places change what they show."""
        self._reach(max(one, other))
        self._puts[one - 1], self._puts[other - 1] = self._puts[other - 1], self._puts[one - 1]
        self.refresh()

    def clear(self, place: int) -> None:
        """Empty a place."""
        if place <= len(self._puts):
            self._puts[place - 1] = None
            self.refresh()

    def known(self, camera_id: str) -> SeenBy | None:
        """Return a camera of the incident, as it was ranked."""
        return next((seen for seen in self.rights.ranked if seen.camera_id == camera_id), None)

    def is_shut(self, seen: SeenBy) -> bool:
        """Return whether a camera must not be seen now."""
        until = self.rights.until.get(seen.camera_id)
        return seen.ownership is Ownership.PRIVATE and (until is None or until <= self.wall.pool.clock.now())

    # ---- within ----------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        now = {seen.camera_id: (seen, rank + 1) for rank, seen in enumerate(self.rights.ranked)}
        self._puts = [None if put is None else now.get(put[0].camera_id, put) for put in self._puts]

    def _place_in_list(self, camera_id: str) -> int | None:
        ids = self.camera_ids
        return ids.index(camera_id) + 1 if camera_id in ids else None

    def _number_of(self, camera_id: str) -> int:
        order = [seen.camera_id for seen in self.rights.ranked]
        return order.index(camera_id) + 1 if camera_id in order else self._next_number()

    def _next_number(self) -> int:
        """Return the lowest number that neither the incident's cameras nor the wall's have."""
        taken = {put[1] for put in self._puts if put is not None} | set(range(1, len(self.rights.ranked) + 1))
        return next(n for n in range(1, len(taken) + 2) if n not in taken)

    def _reach(self, place: int) -> None:
        self._puts += [None] * (place - len(self._puts))

    def _tile(self, put: Put, streams: Mapping[str, TileSource]) -> WallTile:
        seen, number = put
        private = seen.ownership is Ownership.PRIVATE
        until = self.rights.until.get(seen.camera_id) if private else None
        source = streams.get(seen.camera_id)
        return WallTile(number, seen, source, locked=private and until is None, unlocked_until=until)


def _numbered(cameras: Sequence[SeenBy]) -> list[Put | None]:
    return [(seen, rank + 1) for rank, seen in enumerate(cameras)]
