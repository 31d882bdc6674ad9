"""The decoders' slots, shared out between walls, their replays and the windows beside them."""

from __future__ import annotations

import bisect

SLOTS = 64
"""Two walls of 25 tiles, a pane beside each, and what a camera that is being aimed takes. A slot costs memory only
for the pixels that it has shown."""


class Slots:
    """Hands out the lowest free slot of a pool."""

    def __init__(self, total: int = SLOTS) -> None:
        self._free = list(range(total))

    def take(self) -> int:
        """Return a slot that nobody has. Raises IndexError when all are taken: a wall has bounded parts."""
        return self._free.pop(0)

    def give(self, slot: int) -> None:
        """Take a slot back; its owner has had the pool show nothing on it."""
        bisect.insort(self._free, slot)
