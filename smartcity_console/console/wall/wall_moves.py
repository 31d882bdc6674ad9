"""Which tile goes where when cameras change places."""

from __future__ import annotations

from collections.abc import Sequence

from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.console.wall.wall_tile import WallTile


def in_new_places(tiles: Sequence[TileWidget], cameras: Sequence[WallTile | None]) -> list[TileWidget]:
    """Return the tiles so that one with the picture of a camera stands where that camera goes.

    A move then costs no reconnect and no second without a picture.
    """
    placed = list(tiles)
    for index, wanted in enumerate(cameras[: len(placed)]):
        if wanted is None or _shows(placed[index], wanted):
            continue
        has = next((n for n, widget in enumerate(placed) if widget.frame and _shows(widget, wanted)), None)
        if has is not None:
            placed[index], placed[has] = placed[has], placed[index]
    return placed


def _shows(widget: TileWidget, wanted: WallTile) -> bool:
    return widget.tile is not None and widget.tile.seen.camera_id == wanted.seen.camera_id
