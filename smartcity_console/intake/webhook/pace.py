"""How many reports a key may send: a token bucket each, bounded in number."""

from __future__ import annotations

from collections import OrderedDict

from smartcity_console.clock import Clock

_MOST_KEYS = 10_000


class Pace:
    """A bucket of `per_minute` that refills evenly; a burst of a minute's worth is allowed."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Take one token; return whether there was one."""
        now_s = self._clock.monotonic_s()
        tokens, then_s = self._buckets.pop(key, (float(self._per_minute), now_s))
        tokens = min(float(self._per_minute), tokens + (now_s - then_s) * self._per_minute / 60)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now_s)
        if len(self._buckets) > _MOST_KEYS:
            self._buckets.popitem(last=False)
        return allowed
