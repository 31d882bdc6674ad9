"""Puts an incident's cameras on the wall: finds their streams, locks what no incident has opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.wall_widget import WallWidget
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.video.capture import TileSource


class WallPresenter:
    """The console's `Wall`. `streams` returns the URL of each camera that has one; it must return at once."""

    def __init__(self, wall: WallWidget, streams: Callable[[], Mapping[str, str]]) -> None:
        self._wall = wall
        self._streams = streams
        self._cameras: list[SeenBy] = []
        self._until: dict[str, datetime] = {}

    def show_cameras(self, cameras: Sequence[SeenBy], until: Mapping[str, datetime]) -> None:
        """Show these in rank order; `until` tells when a private one closes. One that is not in it is shuttered."""
        self._cameras, self._until = list(cameras), dict(until)
        self.refresh()

    def refresh(self) -> None:
        """Show the same cameras again, with the streams of now."""
        streams = self._streams()
        self._wall.set_cameras([self._tile(i + 1, seen, streams) for i, seen in enumerate(self._cameras)])

    def play_replay(self, camera_id: str, path: Path, alert_offset_s: float) -> None:
        """Play a clip in that camera's tile; the alert lies `alert_offset_s` into it. Nothing if it is not shown."""
        for tile in self._wall.cameras():
            if tile.seen.camera_id == camera_id:
                self._wall.set_replay(tile.number, TileSource.replay(path, alert_s=alert_offset_s))

    def stop_replay(self) -> None:
        """Go back to live in every tile."""
        for tile in self._wall.cameras():
            self._wall.set_replay(tile.number, None)

    def chosen_camera(self) -> str | None:
        """Return the camera of the chosen tile."""
        chosen = self._wall.selected()
        return next((t.seen.camera_id for t in self._wall.cameras() if t.number == chosen), None)

    def _tile(self, number: int, seen: SeenBy, streams: Mapping[str, str]) -> WallTile:
        url = streams.get(seen.camera_id)
        private = seen.ownership is Ownership.PRIVATE
        return WallTile(
            number,
            seen,
            TileSource.live(url) if url else None,
            locked=private and seen.camera_id not in self._until,
            unlocked_until=self._until.get(seen.camera_id) if private else None,
        )
