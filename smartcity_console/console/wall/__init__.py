"""The wall of live tiles."""

from smartcity_console.console.wall.presenter import WallPresenter
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.wall_widget import WallWidget

__all__ = ["WallPresenter", "WallTile", "WallWidget"]
