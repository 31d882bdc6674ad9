"""A clip that was fetched as a whole, such as the seconds around the alarm: it plays round and round."""

from __future__ import annotations

from smartcity_console.console.wall import words
from smartcity_console.video.capture import Frame, TileSource


class Recording:
    """Has the part of `Review` that a pane needs to play it."""

    playing = True
    waiting = False
    trouble = ""

    def __init__(self, source: TileSource) -> None:
        self._source = source
        self._media_s = source.start_s

    def source(self) -> TileSource | None:
        return self._source

    def take(self, frame: Frame) -> bool:
        self._media_s = frame.media_s
        return True

    def text(self) -> str:
        """Return where it stands, counted from the alarm."""
        return words.replay_time(self._media_s, self._source.alert_s)

    def tick(self) -> None:
        """Nothing to fetch."""

    def close(self) -> None:
        """Whoever fetched the file removes it."""
