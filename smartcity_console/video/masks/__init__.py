"""Privacy masks burned into copies for onward use, and told to the live views."""

from smartcity_console.video.masks.board import MaskBoard
from smartcity_console.video.masks.copy import MaskedCopy, MaskFailed, burn_masks
from smartcity_console.video.masks.cover import cover_pixels

__all__ = ["MaskBoard", "MaskFailed", "MaskedCopy", "burn_masks", "cover_pixels"]
