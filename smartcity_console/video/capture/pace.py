"""How late a frame is, how often to convert one, and how many come."""

from __future__ import annotations

from collections import deque


class LagMeter:
    """Tells how much later than the best frame so far a frame came, from its arrival and its own time stamp.

    The best case creeps up slowly, so that a camera whose clock runs a little slow does not look late for ever; a jump
    of the time stamps (a looping feed, a camera that set its clock) starts anew.
    """

    DRIFT = 0.001  # seconds of clock drift forgiven per second
    JUMP_S = 2.0

    def __init__(self) -> None:
        self._best_s: float | None = None
        self._arrival_s = 0.0
        self._media_s = 0.0

    def lag_s(self, arrival_s: float, media_s: float) -> float:
        """Return how late (seconds, >= 0) this frame is."""
        delay_s, step_s = arrival_s - media_s, media_s - self._media_s
        if self._best_s is None or step_s <= 0 or step_s > self.JUMP_S:
            self._best_s = delay_s
        crept_s = self._best_s + (arrival_s - self._arrival_s) * self.DRIFT if self._arrival_s else self._best_s
        self._best_s = min(delay_s, crept_s)
        self._arrival_s, self._media_s = arrival_s, media_s
        return delay_s - self._best_s


class Shedding:
    """Decides which frames to convert: not the late ones, but never none for longer than a quarter second."""

    LATE_S = 0.12
    LONGEST_GAP_S = 0.25

    def __init__(self) -> None:
        self._converted_s = float("-inf")

    def wants(self, now_s: float, lag_s: float) -> bool:
        """Say whether to convert a frame that is `lag_s` late."""
        if lag_s > self.LATE_S and now_s - self._converted_s < self.LONGEST_GAP_S:
            return False
        self._converted_s = now_s
        return True


class RateMeter:
    """Frames a second over the last frames."""

    def __init__(self, window: int = 30) -> None:
        self._times_s: deque[float] = deque(maxlen=window)

    def tick(self, now_s: float) -> float:
        """Count a frame and return the rate; 0 until two have come."""
        self._times_s.append(now_s)
        span_s = now_s - self._times_s[0]
        return (len(self._times_s) - 1) / span_s if span_s > 0 else 0.0
