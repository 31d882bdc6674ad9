"""When a lost camera is tried again."""

from __future__ import annotations

import random
from collections import deque

QUICK_TRIES = 8
_FIRST_S, _LONGEST_QUICK_S, _SLOW_S = 1.0, 15.0, 60.0


def back_off_s(attempt: int, chance: random.Random) -> float:
    """Return the wait before try number `attempt` (from 1): 1 -> 15 s in eight tries, then 60 s for ever; +-20 %."""
    tries = min(attempt, QUICK_TRIES)
    growth = (_LONGEST_QUICK_S / _FIRST_S) ** ((tries - 1) / (QUICK_TRIES - 1))
    wait_s = _SLOW_S if attempt > QUICK_TRIES else _FIRST_S * growth
    return wait_s * chance.uniform(0.8, 1.2)


class ReconnectGate:
    """Lets at most `limit` reconnects through in any `window_s` across the wall: a returning switch is not stormed."""

    def __init__(self, limit: int = 3, window_s: float = 3.0) -> None:
        self._limit = limit
        self._window_s = window_s
        self._passed_s: deque[float] = deque(maxlen=limit)

    def passes(self, now_s: float) -> bool:
        """Let one reconnect through now, or refuse it."""
        if len(self._passed_s) == self._limit and now_s - self._passed_s[0] < self._window_s:
            return False
        self._passed_s.append(now_s)
        return True
