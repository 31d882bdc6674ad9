"""Which of a camera's two streams a tile takes: by its size, and by how busy the decoders are. No clock, no stream here.

Thresholds as they proved right elsewhere: the small stream up to 171 px of tile height, back at 1.34 times that, five
seconds between two switches of a tile; above 85 % decode load for 4 s one tile more gives way, below 60 % for 20 s one
comes back; the tile somebody looks at never gives way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from smartcity_console.video.capture.source import StreamRole

SMALL_PX = 171
BACK = 1.34
BETWEEN_S = 5.0
SHED_LOAD, SHED_AFTER_S = 0.85, 4.0
RESTORE_LOAD, RESTORE_AFTER_S = 0.60, 20.0
GAP_S = 3.0  # without a sample for longer, nothing is known of the time between


class Candidate(NamedTuple):
    """A tile whose camera has two streams."""

    tile: int
    height_px: int
    focused: bool = False


@dataclass(slots=True)
class _Choice:
    by_size: StreamRole
    chosen: StreamRole
    shed: bool = False
    switched_s: float = float("-inf")


class StreamChooser:
    """Keeps a choice for each tile."""

    def __init__(self) -> None:
        self._choices: dict[int, _Choice] = {}
        self._sampled_s = float("-inf")
        self._busy_from_s: float | None = None
        self._calm_from_s: float | None = None

    def first(self, candidate: Candidate, now_s: float) -> StreamRole:
        """Return what to open for a tile that begins to show a camera."""
        role = StreamRole.SUB if candidate.height_px <= SMALL_PX else StreamRole.MAIN
        self._choices[candidate.tile] = _Choice(role, role, switched_s=now_s)
        return role

    def forget(self, tile: int) -> None:
        self._choices.pop(tile, None)

    def choose(self, candidates: Sequence[Candidate], load: float | None, now_s: float) -> dict[int, StreamRole]:
        """Return which stream each candidate should take now. `load`: 0 to 1 of the decoders; None when not known."""
        for candidate in candidates:
            if candidate.tile not in self._choices:
                self.first(candidate, now_s)
            self._by_size(self._choices[candidate.tile], candidate)
        self._by_load(candidates, load, now_s)
        for candidate in candidates:
            self._settle(self._choices[candidate.tile], now_s)
        return {candidate.tile: self._choices[candidate.tile].chosen for candidate in candidates}

    @staticmethod
    def _by_size(choice: _Choice, candidate: Candidate) -> None:
        if candidate.height_px <= SMALL_PX:
            choice.by_size = StreamRole.SUB
        elif candidate.height_px >= SMALL_PX * BACK:
            choice.by_size = StreamRole.MAIN
        if candidate.focused:
            choice.shed = False

    def _by_load(self, candidates: Sequence[Candidate], load: float | None, now_s: float) -> None:
        if load is None or now_s - self._sampled_s > GAP_S:
            self._busy_from_s = self._calm_from_s = None
        self._sampled_s = now_s
        if load is None:
            return
        self._busy_from_s = (self._busy_from_s or now_s) if load > SHED_LOAD else None
        self._calm_from_s = (self._calm_from_s or now_s) if load < RESTORE_LOAD else None
        if self._busy_from_s is not None and now_s - self._busy_from_s >= SHED_AFTER_S:
            self._busy_from_s = now_s  # its effect must be seen before the next one gives way
            self._shed_one(candidates, now_s)
        elif self._calm_from_s is not None and now_s - self._calm_from_s >= RESTORE_AFTER_S:
            self._calm_from_s = now_s
            self._restore_one(candidates)

    def _shed_one(self, candidates: Sequence[Candidate], now_s: float) -> None:
        """The smallest tile gives way first: there the loss is seen least."""
        for candidate in sorted(candidates, key=lambda c: (c.height_px, -c.tile)):
            choice = self._choices[candidate.tile]
            rested = now_s - choice.switched_s >= BETWEEN_S
            if rested and not candidate.focused and not choice.shed and choice.by_size is StreamRole.MAIN:
                choice.shed = True
                return

    def _restore_one(self, candidates: Sequence[Candidate]) -> None:
        for candidate in sorted(candidates, key=lambda c: (-c.height_px, c.tile)):
            if self._choices[candidate.tile].shed:
                self._choices[candidate.tile].shed = False
                return

    @staticmethod
    def _settle(choice: _Choice, now_s: float) -> None:
        wanted = StreamRole.SUB if choice.shed else choice.by_size
        if wanted is not choice.chosen and now_s - choice.switched_s >= BETWEEN_S:
            choice.chosen, choice.switched_s = wanted, now_s


class LoadMeter:
    """The decoders' share of the processors, from the processor time they have used."""

    OVER_S = 1.0

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._before: tuple[float, dict[int, float]] | None = None
        self.load: float | None = None
        self.used: float | None = None  # the same without the word of those that had to be eased

    def note(self, now_s: float, cpu_s: dict[int, float], *, eased: bool) -> None:
        """Note the processor time of each worker so far. A decoder that had to be eased counts as full load."""
        if self._before is None:
            self._before = now_s, cpu_s
            return
        began_s, before = self._before
        if now_s - began_s < self.OVER_S:
            return
        used_s = sum(max(0.0, cpu_s[worker] - before[worker]) for worker in cpu_s.keys() & before.keys())
        known = bool(cpu_s.keys() & before.keys())
        self.used = used_s / (now_s - began_s) / self._cores if known else None
        self.load = None if self.used is None else max(self.used, 1.0 if eased else 0.0)
        self._before = now_s, cpu_s
