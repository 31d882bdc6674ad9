"""Privacy masks burned into copies for onward use (`copy`, which loads the codecs), covered on tiles, told to live views."""

from smartcity_console.video.masks.board import MaskBoard
from smartcity_console.video.masks.cover import cover_pixels

__all__ = ["MaskBoard", "cover_pixels"]
