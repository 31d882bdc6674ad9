"""How long to wait before a lost camera is tried again, and how many may be tried at once."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable

_FIRST_S = 1.0
_LAST_S = 15.0
_QUICK_TRIES = 8
_SLOW_S = 60.0
_JITTER = 0.2


class Backoff:
    """1, 2, 4, 8, 15, 15, 15, 15 s and then 60 s for ever, each varied by a fifth so that cameras do not march."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._tries = 0

    def next_s(self) -> float:
        """Return the seconds to wait before the next try."""
        wait_s = min(_LAST_S, _FIRST_S * 2**self._tries) if self._tries < _QUICK_TRIES else _SLOW_S
        self._tries += 1
        return wait_s * self._rng.uniform(1 - _JITTER, 1 + _JITTER)

    def reset(self) -> None:
        """The camera has sent a picture: the next loss begins at the first wait again."""
        self._tries = 0


class ReconnectGate:
    """At most `limit` reconnects in any `window_s`, over all cameras: a switch that comes back is not stormed."""

    def __init__(self, monotonic_s: Callable[[], float], limit: int = 3, window_s: float = 3.0) -> None:
        self._monotonic_s = monotonic_s
        self._window_s = window_s
        self._lock = threading.Lock()
        self._passed: deque[float] = deque(maxlen=limit)

    def wait_s(self) -> float:
        """Return 0.0 and count a pass, or how long to wait before asking again."""
        with self._lock:
            now = self._monotonic_s()
            if len(self._passed) == self._passed.maxlen and now - self._passed[0] < self._window_s:
                return self._window_s - (now - self._passed[0])
            self._passed.append(now)
            return 0.0
