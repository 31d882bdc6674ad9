"""Privacy masks burned into copies for onward use, and told to the live views."""

from smartcity_console.video.masks.board import MaskBoard
from smartcity_console.video.masks.copy import MaskedCopy, MaskFailed, burn_masks

__all__ = ["MaskBoard", "MaskFailed", "MaskedCopy", "burn_masks"]
