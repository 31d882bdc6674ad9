"""What one tile of the wall is for: a numbered camera, its source, and whether it may be seen."""

from __future__ import annotations

from datetime import datetime

import msgspec

from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.video.capture import TileSource


class WallTile(msgspec.Struct, frozen=True):
    """A camera on the wall. `number` is its place on the wall, from 1, and the one on its cone on the map.

    `source` None: the camera has no stream. `locked`: a private camera that no incident has opened; not a pixel of it
    is shown. `unlocked_until` (UTC): from then on it is locked as well, whatever anybody forgot to say.
    """

    number: int
    seen: SeenBy
    source: TileSource | None = None
    locked: bool = False
    unlocked_until: datetime | None = None

    def shut(self, now: datetime) -> bool:
        """Say whether it must not be seen at `now`."""
        return self.locked or (self.unlocked_until is not None and now >= self.unlocked_until)

    @property
    def private(self) -> bool:
        return self.seen.ownership is Ownership.PRIVATE
