"""How far all decoders are eased together. No clock, no stream here.

Each feed sees its own lag alone (`Ladder`). On full processors some are late and are eased while others, by luck, are
not; those then take what the first ones gave up, and the wall stays torn between fresh and late tiles. So what half of the
feeds need, all do. One camera on a slow link eases nobody but itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from smartcity_console.video.capture.source import Easing

QUORUM = 2  # one feed in so many
LEAST = 2
# Load below which there is room to take a step back: deblocking costs a quarter more, every picture converted a tenth.
ROOM = {Easing.THINNED: 0.80, Easing.PLAIN: 0.65}
FREE_S = 1.0  # so long below it


class SharedEasing:
    """Keeps the step that all feeds take at least."""

    def __init__(self) -> None:
        self.least = Easing.NONE
        self._free_from_s: float | None = None

    def step(self, wanted: Sequence[int], load: float | None, now_s: float) -> Easing:
        """Return how far to ease all. `wanted`: what each feed needs by its own lag; `load`: 0 to 1 of the processors.

        It comes down when the processors have room for what comes back, not when frames are merely on time: that they
        are is what the easing is for. Keyframes alone are never asked of all.
        """
        asked = _asked(wanted)
        if not wanted:
            self.least = Easing.NONE
        if asked >= self.least or load is None or load >= ROOM[self.least]:
            self.least, self._free_from_s = max(asked, self.least), None
        elif self._free_from_s is None:
            self._free_from_s = now_s
        elif now_s - self._free_from_s >= FREE_S:
            self.least, self._free_from_s = Easing(self.least - 1), now_s
        return self.least


def _asked(wanted: Sequence[int]) -> Easing:
    quorum = max(LEAST, -(-len(wanted) // QUORUM))
    for step in (Easing.PLAIN, Easing.THINNED):
        if sum(one >= step for one in wanted) >= quorum:
            return step
    return Easing.NONE
