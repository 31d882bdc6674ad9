"""How late a frame is, how often to convert one, and how many come."""

from __future__ import annotations

from collections import deque

from smartcity_console.video.capture.source import Easing


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
    """Decides which frames to convert: fewer when late or eased, but never none for longer than a quarter second.

    What has been decoded and is not shown was decoded for nothing; so without deblocking, which makes room, a decoder that
    keeps up converts six in seven, and goes down to two in three as soon as it does not.
    """

    ON_TIME_S = 0.08
    LATE_S = 0.12
    LATER_S = 0.25
    VERY_LATE_S = 0.6
    SPARED_S = 0.046  # some twenty-one a second
    THINNED_S = 0.06  # some sixteen a second: of 25 frames two in three
    HALVED_S = 0.12  # while it catches up: what is not converted is decoded the sooner
    LONGEST_GAP_S = 0.25

    def __init__(self) -> None:
        self._due_s = float("-inf")

    def wants(self, now_s: float, lag_s: float, easing: Easing = Easing.NONE) -> bool:
        """Say whether to convert a frame that is `lag_s` late."""
        every_s = self._every_s(lag_s, easing)
        self._due_s = min(self._due_s, now_s + every_s)
        if now_s < self._due_s:
            return False
        # Counted from when it was due, not from now: else each frame a little late makes the rate a little lower.
        self._due_s = max(self._due_s, now_s - every_s) + every_s
        return True

    def _every_s(self, lag_s: float, easing: Easing) -> float:
        if lag_s > self.VERY_LATE_S:
            return self.LONGEST_GAP_S
        if lag_s > self.LATER_S:
            return self.HALVED_S
        if easing >= Easing.PLAIN and lag_s <= self.ON_TIME_S:
            return self.SPARED_S
        return self.THINNED_S if lag_s > self.LATE_S or easing >= Easing.THINNED else 0.0


class Ladder:
    """Chooses how much to ease a decoder: up a step while frames stay late, down again one by one.

    What counts is the least lag of each half second: a burst (a keyframe, a busy moment) is no overload. A step down
    that had to be taken back makes the next one wait twice as long.
    """

    WINDOW_S = 0.5
    LATE_S = 0.05
    HOPELESS_S = 0.8  # this late without deblocking: only keyframes help
    CAUGHT_UP_S = 0.15
    CALM_LAG_S = 0.02
    CALM_S = 2.0
    LONGEST_CALM_S = 60.0
    _RELAPSE_S = 10.0

    def __init__(self) -> None:
        self.easing = Easing.NONE
        self._window_from_s: float | None = None
        self._least_s = float("inf")
        self._calm_from_s: float | None = None
        self._calm_needed_s = self.CALM_S
        self._lowered_s = float("-inf")

    def step(self, now_s: float, lag_s: float) -> Easing:
        """Note how late a frame came and return how much to ease from now on."""
        if self._window_from_s is None:
            self._window_from_s = now_s
        self._least_s = min(self._least_s, lag_s)
        if now_s - self._window_from_s >= self.WINDOW_S:
            self._judge(now_s, self._least_s)
            self._window_from_s, self._least_s = now_s, float("inf")
        return self.easing

    def _judge(self, now_s: float, lag_s: float) -> None:
        if lag_s > self.CALM_LAG_S:
            self._calm_from_s = None
        elif self._calm_from_s is None:
            self._calm_from_s = now_s
        if self.easing is Easing.KEYFRAMES:
            # Judged on a keyframe that has just been decoded, so the rest of its group can be decoded as well.
            self.easing = Easing.PLAIN if lag_s < self.CAUGHT_UP_S else Easing.KEYFRAMES
        elif lag_s > self.LATE_S:
            self._climb(now_s, lag_s)
        elif self.easing and self._calm_from_s is not None and now_s - self._calm_from_s >= self._calm_needed_s:
            self.easing = Easing(self.easing - 1)
            self._lowered_s, self._calm_from_s = now_s, now_s

    def _climb(self, now_s: float, lag_s: float) -> None:
        if self.easing is Easing.PLAIN and lag_s < self.HOPELESS_S:
            return
        relapsed = now_s - self._lowered_s < self._RELAPSE_S
        self._calm_needed_s = min(self._calm_needed_s * 2, self.LONGEST_CALM_S) if relapsed else self.CALM_S
        self.easing = Easing(self.easing + 1)


class RateMeter:
    """Frames a second over the last frames."""

    def __init__(self, window: int = 30) -> None:
        self._times_s: deque[float] = deque(maxlen=window)

    def tick(self, now_s: float) -> float:
        """Count a frame and return the rate; 0 until two have come."""
        self._times_s.append(now_s)
        span_s = now_s - self._times_s[0]
        return (len(self._times_s) - 1) / span_s if span_s > 0 else 0.0
